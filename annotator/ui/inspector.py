"""The inspector on the right: the selected mark, the labels with their keys, the guideline."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from annotator.domain.errors import GestureRefused
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.domain.marks import Entity, Shown, Stance
from annotator.ui import style
from annotator.ui.article.typography import READING
from annotator.ui.chrome import KeyField, Words, caption, viewport
from annotator.ui.guard import guarded
from annotator.ui.keymap import Keys
from annotator.ui.label_rows import LabelRows
from annotator.ui.open_marks import Key, OpenMarks, kind_of
from annotator.ui.theme import Theme
from annotator.ui.wording import listed, origin, part_said, quoted, titled

_NOTHING = "Nothing is selected."


class Inspector(QScrollArea):
    """The right panel. `labelled` carries the label a person clicked; `left` gives the focus back."""

    labelled = Signal(object)
    left = Signal()
    edit_ended = Signal()

    def __init__(self, keys: Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setWidgetResizable(True)
        self.setMinimumWidth(230)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Inspector")
        self.setViewport(viewport(style.SIDE))
        self._labelset: LabelSet | None = None
        self._chosen: Label | None = None
        self._pointed: Label | None = None
        self._confirm: Callable[[str], bool] | None = None
        self._edge: QWidget | None = None  # made with the first focus
        inner = QWidget(self)
        self._words = Words("", factor=1.1, wrap=True, families=READING, parent=inner)
        self._facts = _Facts(inner)
        self._editor_name = Words("", factor=0.9, role=style.DIM, parent=inner)
        self.editor = KeyField(inner)
        self.editor.setAccessibleName("Name or note")
        self.editor.entered.connect(lambda _: self._confirm_edit())
        self.editor.escaped.connect(self._leave_editor)
        self.entities = LabelRows(inner)
        self.stances = LabelRows(inner)
        self._stance_caption = caption("Stances")
        self._guideline_caption = caption("Guideline")
        self.guideline = Words("", factor=0.9, role=style.DIM, wrap=True, parent=inner)
        self._lay_out(inner)
        self.setWidget(inner)
        for rows in (self.entities, self.stances):
            rows.chosen.connect(self.labelled)
            rows.pointed.connect(self._point)
        self._show_editor(False)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        from annotator.ui.focus_edge import FocusEdge  # not for the first window

        super().focusInEvent(event)
        if self._edge is None:
            self._edge = FocusEdge(self)

    def _lay_out(self, inner: QWidget) -> None:
        box = QVBoxLayout(inner)
        box.setContentsMargins(8, 14, 8, 12)
        box.setSpacing(4)
        for widget, indent, above in (
            (caption("Selected"), 8, 0),
            (self._words, 8, 0),
            (self._facts, 8, 2),
            (self._editor_name, 8, 6),
            (self.editor, 6, 0),
            (caption("Entities"), 8, 14),
            (self.entities, 0, 0),
            (self._stance_caption, 8, 12),
            (self.stances, 0, 0),
            (self._guideline_caption, 8, 14),
            (self.guideline, 8, 0),
        ):
            if above:
                box.addSpacing(above)
            if indent:
                widget.setContentsMargins(indent, 0, indent, 0)
            box.addWidget(widget)
        box.addStretch(1)

    def set_labels(self, labelset: LabelSet, keys: dict[Key, str], theme: Theme) -> None:
        """Lists the labels of a project; `keys` says what to press for each."""
        self._labelset = labelset
        for rows, labels in ((self.entities, labelset.entities), (self.stances, labelset.polarities)):
            rows.set_labels([(label, keys.get((label.kind, label.name), "")) for label in labels], theme)
        self._stance_caption.setVisible(bool(labelset.polarities))
        self._chosen = labelset.labels[0]
        self._guide()

    def show_keys(self, keys: dict[Key, str]) -> None:
        """Shows other keys on the labels that are listed."""
        self.entities.set_keys(keys)
        self.stances.set_keys(keys)

    def set_theme(self, theme: Theme) -> None:
        self.entities.set_theme(theme)
        self.stances.set_theme(theme)

    def set_counts(self, counts: dict[Key, int]) -> None:
        self.entities.set_counts(counts, Kind.ENTITY)
        self.stances.set_counts(counts, Kind.POLARITY)

    def show_nothing(self, marks: OpenMarks | None) -> None:
        """Says what leads on from here among the marks of the open article; None where none is open."""
        self._words.setText(_NOTHING)
        self._words.setForegroundRole(style.DIM)
        self._facts.show_facts([("", self._hint(marks))])
        self._strengthen(None)

    def _hint(self, marks: OpenMarks | None) -> str:
        told = self._keys.told
        if marks is None:
            return ""
        if not len(marks):
            return f"{told('select.grow')} selects the word here; the key of a label marks it."
        what = "suggestion" if marks.undecided else "mark"
        return f"{told('go.next')} goes to the next {what}. {told('select.grow')} selects the word here."

    def show_words(self, text: str) -> None:
        """Shows selected words that are no mark."""
        self._words.setText(text)
        self._words.setForegroundRole(style.TEXT)
        stances = listed([self._keys.told(f"stance.{n}") for n in (1, 2, 3)], "or")
        self._facts.show_facts([("", f"A label’s key marks these words; {stances} makes a stance of them.")])
        self._strengthen(None)

    def show_mark(self, shown: Shown, text: str) -> None:
        """Shows a mark of the article with that text."""
        mark = shown.mark
        self._words.setText(quoted(text, mark.span, 90))
        self._words.setForegroundRole(style.TEXT)
        label = self._labelset.find(kind_of(shown), mark.label) if self._labelset else None
        facts = [("Stance" if isinstance(mark, Stance) else "Entity", _titled(label, mark.label))]
        if isinstance(mark, Stance):
            facts += [("Holder", part_said(text, mark.holder)), ("Target", part_said(text, mark.target))]
        elif isinstance(mark, Entity):
            facts.append(("Name", mark.name or "—"))
        facts += [("From", origin(shown)), ("Note", shown.note or "—")]
        self._facts.show_facts(facts)
        self._strengthen(label)

    def edit(self, name: str, text: str, confirm: Callable[[str], bool]) -> None:
        """Opens the small editor; Enter, or going elsewhere, hands the text to `confirm`, Esc leaves it.

        Where `confirm` says that the text could not be saved, the editor stays open with it.
        """
        self.keep_edit()
        self._confirm = confirm
        self._editor_name.setText(f"{name}: Enter saves, Esc leaves")
        self.editor.setAccessibleName(name)
        self.editor.setText(text)
        self._show_editor(True)
        self.show()  # it is hidden while only the article is shown
        self.ensureWidgetVisible(self.editor)
        self.editor.setFocus()
        self.editor.selectAll()

    def close_editor(self) -> None:
        """Leaves the editor without saving."""
        self._confirm = None
        self._show_editor(False)

    def keep_edit(self) -> None:
        """Saves what is being typed and closes the editor, when the person goes on to something else.

        Raises GestureRefused where it cannot be saved.
        """
        if not self._is_confirmed():
            raise GestureRefused("What is typed here is not saved. Enter tries again, Esc lets it go.")
        self.close_editor()  # the name of the holder would go on to that of the target

    def _leave_editor(self) -> None:
        self.close_editor()
        self.left.emit()

    def _confirm_edit(self) -> None:
        if self._is_confirmed() and self._confirm is None:  # no other edit has begun with that
            self._leave_editor()

    def _is_confirmed(self) -> bool:
        """Hands on what is typed; where that fails, the editor keeps it and the focus."""
        confirm, self._confirm = self._confirm, None
        if confirm is None or confirm(self.editor.text().strip()):
            return True
        self._confirm = confirm
        self._show_editor(True)
        self.editor.setFocus()
        return False

    def _show_editor(self, on: bool) -> None:
        self._editor_name.setVisible(on)
        self.editor.setVisible(on)
        if not on:
            self.edit_ended.emit()

    def _strengthen(self, label: Label | None) -> None:
        self.entities.set_strong(label)
        self.stances.set_strong(label)
        if label is not None:
            self._chosen = label
        self._guide()

    def use(self, label: Label) -> None:
        """Shows the guideline of the label that was used last."""
        self._chosen = label
        self._guide()

    def _point(self, label: Label | None) -> None:
        self._pointed = label
        self._guide()

    def _guide(self) -> None:
        label = self._pointed or self._chosen
        if label is not None:
            self._guideline_caption.setText(f"GUIDELINE: {label.name}")
            from annotator.ui.markdown import close_html, is_prose

            text = label.guideline or "The label set says nothing about it."
            prose = is_prose(text)  # nearly all are, and a document for one costs as much as ten labels
            self.guideline.setTextFormat(Qt.TextFormat.PlainText if prose else Qt.TextFormat.RichText)
            self.guideline.setText(" ".join(text.split()) if prose else close_html(text))


class _Facts(QWidget):
    """Rows of a dim name and a value; a value without a name takes the whole row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        self._hint = Words("", factor=0.9, role=style.DIM, wrap=True, parent=self)
        grid.addWidget(self._hint, 0, 0, 1, 2)
        self._rows: list[tuple[Words, Words]] = []  # as many as were ever wanted

    def show_facts(self, facts: list[tuple[str, str]]) -> None:
        hint = facts[0][1] if not facts[0][0] else ""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        rows = [] if hint else facts
        while len(self._rows) < len(rows):
            self._add_row()
        for n, (name, value) in enumerate(self._rows):
            if name.isHidden() == (n < len(rows)):
                name.setVisible(n < len(rows))
                value.setVisible(n < len(rows))
            if n < len(rows):
                name.setText(rows[n][0])
                value.setText(rows[n][1])

    def _add_row(self) -> None:
        name = Words("", factor=0.9, role=style.DIM, parent=self)
        name.setAlignment(Qt.AlignmentFlag.AlignTop)
        value = Words("", factor=0.9, wrap=True, parent=self)
        self._rows.append((name, value))
        for column, words in enumerate((name, value)):
            self._grid.addWidget(words, len(self._rows), column)


def _titled(label: Label | None, name: str) -> str:
    if label is None:
        return name
    glyph = f"{label.glyph} " if label.glyph else ""
    return glyph + titled(label)
