"""The filter of the queue as controls, for who does not type its words."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.labels import LabelSet
from annotator.domain.queue_filter import NOTED, Field, Sort, Term, parsed
from annotator.services.wording import counted as numbered
from annotator.ui import style
from annotator.ui.chrome import Words

_ANY = "Any"
_STATES = (_ANY, "Unfinished", "Todo", "Begun", "Done", "Flagged", "Skipped")
_SORTS = {
    Sort.FILE: "File order",
    Sort.UNCERTAIN: "Least certain first",
    Sort.UNFINISHED: "Unfinished first",
    Sort.SHORTEST: "Shortest first",
    Sort.LONGEST: "Longest first",
}
# The fields with a line to type in, each with what stands in it while it is empty.
_LINES = (
    (Field.TITLE, "Title or source", "ferry"),
    (Field.TEXT, "Words of the text", "electric ferries"),
    (Field.NAME, "Name", "Lavrov"),
    (Field.NOTE, "Note", "ask Priya"),
    (Field.SOURCE, "Source", "Harbour Radio"),
    (Field.AFTER, "After", "2023-12"),
    (Field.BEFORE, "Before", "2024-01-31"),
)


class FilterDialog(QDialog):
    """`typed` carries the filter as words at every change, `sorted` the chosen order. Esc takes all back.

    `counted` says how many articles are found, and in which part of the queue, "" for all of it.
    """

    typed = Signal(str)
    sorted = Signal(object)

    def __init__(
        self,
        text: str,
        labelset: LabelSet,
        *,
        sort: Sort,
        counted: Callable[[], tuple[int, str]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Filter the queue")
        self._before = (text, sort)
        self._counted = counted
        terms = parsed(text).terms
        self.lines = {field: QLineEdit(self) for field, _, _ in _LINES}
        names = [label.name for label in labelset.labels]
        self.label, self.suggested = self._combo([_ANY, *names]), self._combo([_ANY, *names])
        self.state, self.order = self._combo(_STATES), self._combo(_SORTS.values())
        self.noted = QCheckBox("Only with a note", self)
        self.found = Words("", role=style.DIM, parent=self)
        self.written = Words("", factor=0.9, role=style.DIM, wrap=True, parent=self)
        self._kept = self._fill(terms)
        self.order.setCurrentIndex(list(_SORTS).index(sort))
        self._lay_out()
        self._connect()
        self._show()
        self.setMinimumWidth(460)
        self.lines[Field.TITLE].setFocus()

    def _combo(self, choices: Iterable[str]) -> QComboBox:
        combo = QComboBox(self)
        combo.addItems(list(choices))
        return combo

    def _fill(self, terms: tuple[Term, ...]) -> list[Term]:
        """Puts the terms into the controls; those that have none are returned, and stay."""
        kept: list[Term] = []
        for term in terms:
            line = self.lines.get(term.field)
            if term.negated:
                kept.append(term)
            elif term.field is Field.IS and term.value == NOTED:
                self.noted.setChecked(True)
            elif term.field is Field.IS:
                self.state.setCurrentText(term.value.capitalize())
            elif term.field in (Field.LABEL, Field.SUGGESTED):
                combo = self.label if term.field is Field.LABEL else self.suggested
                combo.setCurrentText(term.value.upper())
            elif line is not None and not line.text():
                line.setText(f'"{term.value}"' if term.phrase and term.field is Field.TEXT else term.value)
            elif line is not None and term.field in (Field.TITLE, Field.TEXT):
                line.setText(f"{line.text()} {term.value}")
            else:
                kept.append(term)
        return kept

    def text(self) -> str:
        """The filter as it is typed."""
        terms = list(self._kept)
        for field, line in self.lines.items():
            terms += _terms(field, line.text().strip())
        for field, combo in ((Field.LABEL, self.label), (Field.SUGGESTED, self.suggested)):
            if combo.currentText() != _ANY:
                terms.append(Term(field, combo.currentText()))
        if self.state.currentText() != _ANY:
            terms.append(Term(Field.IS, self.state.currentText().lower()))
        if self.noted.isChecked():
            terms.append(Term(Field.IS, NOTED))
        return " ".join(map(str, terms))

    def reject(self) -> None:
        """Leaves the queue as it was."""
        text, sort = self._before
        self.typed.emit(text)
        self.sorted.emit(sort)
        super().reject()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(14)
        for field, name, example in _LINES[:2]:
            self._add(form, name, self.lines[field], example)
        form.addRow("&Status", self.state)
        form.addRow("", self.noted)
        form.addRow("Marks with &label", self.label)
        form.addRow("S&uggested label", self.suggested)
        for field, name, example in _LINES[2:]:
            self._add(form, name, self.lines[field], example)
        form.addRow("&Order", self.order)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, parent=self)
        buttons.addButton("Show", QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        clear = buttons.addButton("Clear", QDialogButtonBox.ButtonRole.ResetRole)
        clear.setAutoDefault(False)
        clear.clicked.connect(self.clear)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 16, 18, 14)
        whole.setSpacing(10)
        whole.addLayout(form)
        whole.addWidget(self.found)
        whole.addWidget(self.written)
        whole.addWidget(buttons)

    def _add(self, form: QFormLayout, name: str, line: QLineEdit, example: str) -> None:
        line.setPlaceholderText(example)
        line.setAccessibleName(name)
        form.addRow(name, line)

    def _connect(self) -> None:
        for line in self.lines.values():
            line.textChanged.connect(lambda _: self._changed())
        for combo in (self.state, self.label, self.suggested):
            combo.currentTextChanged.connect(lambda _: self._changed())
        self.noted.toggled.connect(lambda _: self._changed())
        self.order.currentIndexChanged.connect(self._reordered)

    def clear(self) -> None:
        """Takes the whole filter away; the order stays."""
        self._kept.clear()
        for line in self.lines.values():
            line.clear()
        for combo in (self.state, self.label, self.suggested):
            combo.setCurrentIndex(0)
        self.noted.setChecked(False)

    def _changed(self) -> None:
        self.typed.emit(self.text())
        self._show()

    def _reordered(self, n: int) -> None:
        self.sorted.emit(list(_SORTS)[n])

    def _show(self) -> None:
        """Tells how many are found, and the words that do the same in the field."""
        count, chip = self._counted()
        self.found.setText(f"{numbered(count, 'article')} found{chip and f' in {chip}'}")
        text = self.text()
        self.written.setText(f"The same typed: {text}" if text else "")


def _terms(field: Field, text: str) -> list[Term]:
    """The terms of a line: each word is one in titles and texts, elsewhere all words are one value."""
    if not text:
        return []
    if field is Field.TITLE:
        return [Term(field, word) for word in text.replace('"', " ").split()]
    if field is Field.TEXT:
        if len(text) > 2 and text[0] == text[-1] == '"':
            return [Term(field, text[1:-1], phrase=True)]
        return [Term(field, word) for word in text.replace('"', " ").split()]
    return [Term(field, text.replace('"', ""))]
