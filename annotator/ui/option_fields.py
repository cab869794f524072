"""Rows of a form for what a person may say about a file of one format."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from annotator.formats.contract import Option
from annotator.ui.exchange_looks import combo


class OptionRows(QObject):
    """The last rows of a form. `changed`: `values` are others now."""

    changed = Signal()

    def __init__(self, form: QFormLayout, parent: QWidget) -> None:
        super().__init__(parent)
        self._form, self._parent = form, parent
        self._options: tuple[Option, ...] = ()
        self.fields: dict[str, QComboBox | QLineEdit] = {}

    def offer(self, options: Sequence[Option]) -> None:
        """Shows these options instead of those before; what was said of one that stays is kept."""
        if tuple(options) == self._options:
            return
        before = self.values()
        for field in self.fields.values():
            self._form.removeRow(field)
        self._options = tuple(options)
        self.fields = {}
        for option in options:
            self.fields[option.name] = self._field(option, before.get(option.name, ""))
            self._form.addRow(option.name.replace("-", " ").capitalize(), self.fields[option.name])

    def values(self) -> dict[str, str]:
        """What was said, option by option; nothing of those that are as usual."""
        said = {
            name: field.text().strip() if isinstance(field, QLineEdit) else str(field.currentData() or "")
            for name, field in self.fields.items()
        }
        return {name: value for name, value in said.items() if value}

    def _field(self, option: Option, value: str) -> QComboBox | QLineEdit:
        field: QComboBox | QLineEdit
        if option.choices:
            field = combo(option.name, self._parent)
            usual = option.usual or option.choices[0]
            field.addItem(usual, "")
            for choice in option.choices:
                if choice != usual:
                    field.addItem(choice, choice)
            field.setCurrentIndex(max(0, field.findData(value)))
            field.currentIndexChanged.connect(lambda _: self.changed.emit())
        else:
            field = QLineEdit(value, self._parent)
            field.setPlaceholderText(option.usual)
            field.textChanged.connect(lambda _: self.changed.emit())
        field.setAccessibleName(f"{option.name}: {option.help}")
        field.setToolTip(option.help)
        return field
