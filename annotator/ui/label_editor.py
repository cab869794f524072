"""The editor of one label: its words, key, colour and guideline, with what is wrong and how it will look."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.label_changes import Key, faults_of
from annotator.domain.label_rules import KEYS, key_holder, look_alike
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.ui import style
from annotator.ui.article.typography import READING
from annotator.ui.chrome import KeyField, TextButton, Words, caption, viewport
from annotator.ui.guard import guarded_as
from annotator.ui.label_drafts import Draft
from annotator.ui.label_looks import Looks, Swatches
from annotator.ui.wording import listed

_WIDE = 760  # pixels of the editor at most
_LEAST_GUIDELINE, _MOST_GUIDELINE = 8, 18  # lines
_UNDO = "Ctrl Z"
_AGAIN = "Typed before and not saved yet."


class LabelEditor(QScrollArea):
    """`saved` carries the Label as typed, `left` is Esc with nothing typed, `edited` follows every change.

    What is typed and neither saved nor taken back is there again when its label is shown again. What was
    taken back can be brought back as long as the label is shown.
    """

    saved = Signal(object)
    edited = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Fields of the label")
        self.setViewport(viewport(style.BACKGROUND))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._labelset: LabelSet | None = None
        self._before: Label | None = None
        self._label: Label | None = None
        self._facts = ""
        self._drafts: dict[Key, Draft] = {}
        self._taken: Draft | None = None  # what was typed and taken back last
        inner = QWidget(self)
        inner.setMaximumWidth(_WIDE)
        self.title = Words("", factor=1.5, bold=True, families=READING, wrap=True, parent=inner)
        self.facts = Words("", factor=0.9, role=style.DIM, wrap=True, parent=inner)
        self.fields = {name: KeyField(inner) for name in ("name", "title", "key", "glyph", "color")}
        self._captions = {
            "name": "Name",
            "title": "Title",
            "key": "Key",
            "glyph": "Glyph",
            "color": "Colour",
        }
        self._says = {
            name: Words(text, factor=0.9, role=style.DIM, parent=inner)
            for name, text in self._captions.items()
        }
        self.swatches = Swatches(inner)
        self.looks = Looks(inner)
        self.problem = Words("", factor=0.9, wrap=True, parent=inner)
        self.guideline = _Guideline(inner)
        self.preview = QTextBrowser(inner)
        self.save = TextButton("Save", "", inner)
        self.discard = TextButton("Take back what I typed", "Esc", inner)
        self.again = TextButton("Bring back what I typed", _UNDO, inner)
        self._lay_out(inner)
        around = QWidget(self)
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(inner, 100)
        row.addStretch(1)
        self.setWidget(around)
        self._connect()

    def _lay_out(self, inner: QWidget) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for row, name in enumerate(self.fields):
            field = self.fields[name]
            field.setAccessibleName(self._captions[name])
            self._says[name].setBuddy(field)
            grid.addWidget(self._says[name], row, 0)
            if name in ("name", "title"):
                grid.addWidget(field, row, 1)
                continue
            line = QHBoxLayout()
            line.setSpacing(12)
            letters = 8 if name == "color" else 2
            field.setFixedWidth(field.fontMetrics().horizontalAdvance("0") * letters + 38)
            line.addWidget(field)
            if name == "key":
                self._keys = Words("", factor=0.9, role=style.DIM, parent=inner)
                line.addWidget(self._keys)
            line.addStretch(1)
            grid.addLayout(line, row, 1)
        grid.addWidget(self.swatches, len(self.fields), 1)
        grid.setColumnStretch(1, 1)
        self.fields["key"].setMaxLength(1)
        self.fields["glyph"].setMaxLength(2)
        self.guideline.setAccessibleName("Guideline, in Markdown")
        self.preview.setAccessibleName("The guideline as it is shown")
        self.preview.setOpenExternalLinks(False)
        self.preview.setOpenLinks(False)
        pitch = self.guideline.fontMetrics().lineSpacing()
        words = QHBoxLayout()
        words.setSpacing(12)
        for text, pane in ((self.guideline, "Guideline (Markdown)"), (self.preview, "As it is shown")):
            text.setMinimumHeight(pitch * _LEAST_GUIDELINE)
            text.setMaximumHeight(pitch * _MOST_GUIDELINE)
            text.setMinimumWidth(120)
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(caption(pane))
            column.addWidget(text, 1)
            words.addLayout(column, 1)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.discard)
        head.addWidget(self.again)
        head.addWidget(self.save)
        box = QVBoxLayout(inner)
        box.setContentsMargins(28, 20, 24, 14)
        box.setSpacing(6)
        box.addLayout(head)
        box.addWidget(self.facts)
        box.addSpacing(8)
        box.addLayout(grid)
        box.addWidget(self.problem)
        box.addWidget(self.looks)
        box.addSpacing(6)
        box.addLayout(words, 1)
        box.addStretch(1)

    def _connect(self) -> None:
        for field in self.fields.values():
            field.textEdited.connect(lambda _: self._typed())
            field.entered.connect(lambda _: self._save())
            field.escaped.connect(self.escape)
            field.installEventFilter(self)
        self.guideline.installEventFilter(self)
        self.swatches.chosen.connect(self._choose)
        self.guideline.textChanged.connect(self._typed)
        self.guideline.escaped.connect(self.escape)
        self.save.clicked.connect(self._save)
        self.discard.clicked.connect(self._take_back)
        self.again.clicked.connect(self._bring_back)

    def show_label(
        self, labelset: LabelSet, before: Label | None, label: Label, facts: str, *, fixed: bool
    ) -> None:
        """Shows a label of a set, or one to be added (`before` is None); `fixed` ones are only shown."""
        self._keep(labelset)
        self._labelset, self._before, self._label, self._facts = labelset, before, label, facts
        for field in self.fields.values():
            field.setReadOnly(fixed)
        self.guideline.setReadOnly(fixed)
        self.swatches.setEnabled(not fixed)
        polarity = label.kind is Kind.POLARITY
        self.fields["glyph"].setVisible(polarity)
        self._says["glyph"].setVisible(polarity)
        self._keys.setText(f"one of {listed(KEYS[label.kind], 'or')}" if polarity else "a digit")
        draft = None if fixed else self._drafts.get(self._key())
        self.facts.setText(facts if draft is None else f"{facts} {_AGAIN}")
        self._show(label if draft is None else draft.on(label))

    def set_save_key(self, key: str) -> None:
        self.save.set_key(key)

    @property
    def is_edited(self) -> bool:
        return self._label is not None and self._before is not None and self.typed() != self._before

    @property
    def unsaved(self) -> list[Draft]:
        """What is typed and not saved, for labels that the set has and for new ones."""
        held = self._labelset
        if held is None:
            return list(self._drafts.values())
        self._keep(held)
        return [
            draft
            for (kind, name), draft in self._drafts.items()
            if not name or held.find(kind, name) is not None
        ]

    def begin_with(self, drafts: Iterable[Draft]) -> None:
        """Drops what is typed, for the label shown and for others, and goes on with what was typed before."""
        self._drafts = {draft.key: draft for draft in drafts}
        self._labelset = self._before = self._label = self._taken = None

    def _key(self) -> Key:
        assert self._label is not None
        return self._label.kind, self._before.name if self._before is not None else ""

    def _keep(self, labelset: LabelSet) -> None:
        """Keeps what is typed for the label shown, unless the set has it now."""
        if self._label is None:
            return
        typed = self.typed()
        saved = labelset.find(typed.kind, typed.name)
        if typed == self._label or (saved is not None and replace(typed, former=saved.former) == saved):
            self._drafts.pop(self._key(), None)
        else:
            self._drafts[self._key()] = Draft(self._label, typed)

    @property
    def is_new(self) -> bool:
        """Whether a label is shown that is not in the set yet."""
        return self._label is not None and self._before is None

    def typed(self) -> Label:
        """The label as the fields say it."""
        assert self._label is not None
        text = {name: field.text().strip() for name, field in self.fields.items()}
        guideline = self.guideline.toPlainText().strip()
        return replace(
            self._label,
            name=text["name"],
            title=text["title"] or text["name"],
            key=text["key"],
            glyph=text["glyph"],
            color=text["color"].lower(),
            guideline=guideline,
        )

    def escape(self) -> None:
        """Takes back what was typed; with nothing typed, leaves."""
        if self._is_typed:
            self._take_back()
            return
        if self._label is not None:
            self._drafts.pop(self._key(), None)
            self._label = None
        self.again.set_key("")  # it is of the fields, and elsewhere takes a gesture back
        self.left.emit()

    @property
    def _is_typed(self) -> bool:
        return self._label is not None and self.typed() != self._label

    def _take_back(self) -> None:
        assert self._label is not None
        self._taken = Draft(self._label, self.typed())
        self.again.set_key(_UNDO)
        self.facts.setText(self._facts)
        self._show(self._label)

    def _bring_back(self) -> None:
        if self._taken is not None:
            self._show(self._taken.typed)

    @guarded_as(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The key that undoes typing brings back what Esc took: a field that is filled anew forgets it."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.matches(QKeySequence.StandardKey.Undo)
            and self._can_bring_back
        ):
            self._bring_back()
            return True
        return bool(super().eventFilter(watched, event))

    @property
    def _can_bring_back(self) -> bool:
        return self._taken is not None and self._taken.label == self._label and not self._is_typed

    def _show(self, label: Label) -> None:
        """Fills the fields."""
        values = (
            label.name,
            label.title if label.title != label.name else "",
            label.key,
            label.glyph,
            label.color,
        )
        for field, value in zip(self.fields.values(), values, strict=True):
            field.setText(value)
        self.guideline.blockSignals(True)
        self.guideline.setPlainText(label.guideline)
        self.guideline.blockSignals(False)
        self._typed()

    def _choose(self, color: str) -> None:
        self.fields["color"].setText(color)
        self._typed()

    def _typed(self) -> None:
        """Shows what is wrong with what is typed, or what saving it would do, and how it would look."""
        assert self._labelset is not None
        label = self.typed()
        faults = faults_of(self._labelset, self._before, label)
        self.title.setText(label.name or "New label")
        self.fields["title"].setPlaceholderText(label.name)
        self.swatches.show_color(label.color)
        self.looks.show_label(replace(label, name=label.name or "LABEL"))
        self.preview.setMarkdown(label.guideline or "*Nothing is said about it yet.*")
        worst = next(iter(faults.values()), "")
        shown = self.is_edited or self.is_new
        said = f"{worst[:1].upper()}{worst[1:]}" if worst else self._hint(label)
        if not shown or (self.is_new and not label.name):
            said = ""
        self.problem.setForegroundRole(style.WARN if worst else style.DIM)
        self.problem.setText(said)
        self.save.setEnabled(shown and not worst)
        self.save.setVisible(shown)
        self.problem.setVisible(bool(said))
        self.discard.setVisible(self._is_typed)
        self.again.setVisible(self._can_bring_back)
        self.edited.emit()

    def _hint(self, label: Label) -> str:
        assert self._labelset is not None
        hints = []
        holder = key_holder(self._labelset, self._before or label, label.key)
        if holder is not None:
            old = self._before.key if self._before else ""
            hints.append(f"{label.key} is the key of {holder.name}, which gets {old or 'none'} in exchange.")
        elif label.key and label.key.upper() not in KEYS[label.kind]:
            hints.append(f"{label.key} labels nothing: it can be {listed(KEYS[label.kind], 'or')}.")
        twin = look_alike(self._labelset, self._before or label, label.color)
        if twin is not None:
            hints.append(f"The colour is hard to tell from that of {twin.name}.")
        return " ".join(hints)

    def _save(self) -> None:
        if self.save.isEnabled() and (self.is_edited or self.is_new):
            self.saved.emit(self.typed())


class _Guideline(QPlainTextEdit):
    """Tab goes on to the next field; Esc is told of."""

    escaped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)

    @guarded_as(False)
    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self.escaped.emit()
            return True
        return bool(super().event(event))
