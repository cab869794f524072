"""The page of labels: the set on the left; on the right one label, marks to sort, or a set to come in."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from annotator.domain.label_changes import Key
from annotator.domain.labels import Label, LabelSet
from annotator.services.labelsets import Use
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.chrome import Elided, KeyHints, Words
from annotator.ui.columns import lay_out_page, side_column, two_columns
from annotator.ui.guard import guarded
from annotator.ui.label_editor import LabelEditor
from annotator.ui.label_sorting import SortPane
from annotator.ui.labelset_import import ImportPane
from annotator.ui.labelset_list import LabelList, Line
from annotator.ui.theme import Theme
from annotator.ui.wording import listed

_SIDE = 330  # pixels of the list
_UNKNOWN = "#808080"
# Without these lines the dark theme shows neither the box nor the edge of a field.
_SHEET = """
QPlainTextEdit, QTextBrowser { background: palette(base); color: palette(text);
  border: 1px solid palette(mid); border-radius: 7px; padding: 4px;
  selection-background-color: palette(highlight); selection-color: palette(highlighted-text); }
QPlainTextEdit:focus, QTextBrowser:focus { border-color: palette(link); }
QTextBrowser { background: palette(window); }
"""


class LabelSetPage(QWidget):
    """`left` says that the person goes back (Esc)."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(style.BACKGROUND)
        self.setStyleSheet(_SHEET)
        self._labelset: LabelSet | None = None
        self._uses: Mapping[Key, Use] = {}
        self._caps: Mapping[tuple[str, str], str] = {}
        self._fixed = False
        self.list = LabelList(self)
        self._set = Elided(bold=True, parent=self)
        self._facts = Words("", factor=0.9, role=style.DIM, wrap=True, parent=self)
        self.editor = LabelEditor(self)
        self.sorting = SortPane(self)
        self.bringing = ImportPane(self)
        self.right = QStackedWidget(self)
        for pane in (self.editor, self.sorting, self.bringing):
            self.right.addWidget(pane)
        self.message = Elided(factor=0.9, parent=self)
        self.hints = KeyHints((), self)
        self._lay_out()
        self.list.moved.connect(self._show)
        self.list.entered.connect(self._enter)
        self.list.left.connect(self.left)
        self.editor.left.connect(self._leave_editor)
        self.sorting.left.connect(self.show_editor)
        self.bringing.left.connect(self.show_editor)
        self.right.currentChanged.connect(
            lambda _: self.hints.setVisible(self.right.currentWidget() is self.editor)
        )

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(18, 16, 12, 4)
        head.setSpacing(2)
        head.addWidget(self._set)
        head.addWidget(self._facts)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 8)
        left.setSpacing(0)
        left.addLayout(head)
        left.addWidget(self.list, 1)
        side = side_column(left, max(_SIDE, self.fontMetrics().averageCharWidth() * 36), self)
        lay_out_page(self, two_columns(side, self.right, wide=self.right), self.message, self.hints)

    def set_theme(self, theme: Theme) -> None:
        self.list.painter.theme = theme
        self.list.viewport().update()

    def show_set(
        self,
        labelset: LabelSet,
        uses: Mapping[Key, Use],
        caps: Mapping[tuple[str, str], str],
        *,
        versions: int,
        at: Key | None,
        fixed: bool,
    ) -> None:
        """Lists the labels of a set with how they are used and the keys that hold on the label page.

        `fixed` says that nothing can be changed.
        """
        self._labelset, self._uses, self._caps, self._fixed = labelset, uses, caps, fixed
        self._set.set_text(f"{labelset.name}, version {labelset.version}")
        before = f", {counted(versions - 1, 'other version')}" if versions > 1 else ""
        self._facts.setText(f"{counted(len(labelset.offered), 'label')}{before}")
        here = self.list.line()
        if at is None and here is not None and here.label is not None:
            at = here.label.kind, here.label.name
        self.list.show_lines(self._lines(labelset), at)

    def _lines(self, labelset: LabelSet) -> list[Line]:
        gone = [label for label in labelset.labels if not label.offered]
        groups = (
            ("Entities", labelset.entities),
            ("Stances", labelset.polarities),
            ("No longer offered", gone),
            ("Only on marks", self._strays(labelset)),
        )
        lines: list[Line] = []
        for title, labels in groups:
            if labels:
                lines.append(Line(title))
                lines += [self._line(label) for label in labels]
        return lines

    def _line(self, label: Label) -> Line:
        key = self._caps.get((label.kind, label.name), "") if label.offered else ""
        return Line(label.name, label, self._marks(label), self._state(label), key)

    def _strays(self, labelset: LabelSet) -> list[Label]:
        unknown = [key for key in self._uses if labelset.now(*key) is None]
        return [Label(kind, name, name, _UNKNOWN, "", "", retired=True) for kind, name in sorted(unknown)]

    def _marks(self, label: Label) -> int:
        use = self._uses.get((label.kind, label.name))
        return use.marks if use else 0

    def _state(self, label: Label) -> str:
        assert self._labelset is not None
        if self._labelset.find(label.kind, label.name) is None:
            return "not in the set"
        if label.into:
            into = f"split into {', '.join(label.into)}"
            return into if self._marks(label) else f"retired, was {into}"
        return "retired" if label.retired else ""

    # ---------------------------------------------------------------- the right side

    @property
    def label(self) -> Label | None:
        """The label at the cursor of the list."""
        line = self.list.line()
        return line.label if line is not None else None

    def show_new(self, label: Label) -> None:
        """Opens the editor on a label that is to be added."""
        assert self._labelset is not None
        self.right.setCurrentWidget(self.editor)
        self.editor.show_label(self._labelset, None, label, "It is added behind the others.", fixed=False)
        self.editor.fields["name"].setFocus()

    def show_editor(self) -> None:
        """Shows the label at the cursor; the focus goes to the list."""
        self._show(self.label)
        self.list.setFocus()

    def _show(self, label: Label | None) -> None:
        self.right.setCurrentWidget(self.editor)
        if label is None or self._labelset is None:
            return
        fixed = self._fixed or not label.offered
        self.editor.show_label(self._labelset, label, label, self._said(label), fixed=fixed)

    def _said(self, label: Label) -> str:
        use = self._uses.get((label.kind, label.name))
        facts = []
        if use:
            people, articles = counted(use.annotators, "annotator"), counted(use.articles, "article")
            facts.append(f"{counted(use.marks, 'mark')} of {people} in {articles}.")
        else:
            facts.append("No mark has it.")
        if state := self._state(label):
            facts.append(f"{state[:1].upper()}{state[1:]}.")
        if label.offered and not label.key and (key := self._caps.get((label.kind, label.name))):
            facts.append(f"{key} labels with it, as no label has that key.")
        if label.former:
            facts.append(f"Suggestions of {listed(label.former)} are shown as {label.name}.")
        return " ".join(facts)

    def _enter(self) -> None:
        field = self.editor.fields["name"]
        field.setFocus()
        field.selectAll()

    def _leave_editor(self) -> None:
        self.show_editor()

    def say(self, text: str, *, warn: bool = False) -> None:
        self.message.set_role(style.WARN if warn else style.TEXT)
        self.message.set_text(text)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
