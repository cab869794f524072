"""What a person says of files that come in: format, offsets, what their marks are and whose."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.formats.offset_units import WORDS, OffsetUnit
from annotator.formats.registry import format_named
from annotator.services.exchange import As, Choices, LabelChoices, Models
from annotator.services.format_table import format_rows
from annotator.ui.chrome import caption
from annotator.ui.exchange_looks import combo, form, section
from annotator.ui.option_fields import OptionRows

_FOUND = "found out by content and name"
_AS = (
    ("what the files say", None),
    ("labels", As.LABELS),
    ("suggestions", As.SUGGESTIONS),
    ("gold", As.GOLD),
)
_MODELS = (
    ("suggestions", Models.SUGGESTIONS),
    ("labels, as if by a person", Models.LABELS),
    ("left out", Models.LEAVE_OUT),
)


class ImportFields(QWidget):
    """`changed`: something else is said of the files now."""

    changed = Signal()

    def __init__(self, annotators: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.format = combo("Format of the files", self)
        self.format.addItem(_FOUND, None)
        for row in format_rows():
            if row.reads:
                self.format.addItem(row.title, row.name)
        self.offsets = combo("How offsets are counted", self)
        self.offsets.addItem("found out", None)
        for unit in OffsetUnit:
            self.offsets.addItem(WORDS[unit], unit)
        self.as_ = combo("What the marks come in as", self)
        for words, as_ in _AS:
            self.as_.addItem(words, as_)
        self.models = combo("What marks of models become", self)
        for words, models in _MODELS:
            self.models.addItem(words, models)
        self.whose = combo("Whose labels they are", self)
        self.whose.setEditable(True)
        self.whose.addItems(["", *annotators])
        line = self.whose.lineEdit()
        assert line is not None
        line.setPlaceholderText("whom the files name")
        line.setStyleSheet("placeholder-text-color: palette(placeholder-text)")  # Qt's own is too faint
        self._form = form()
        self.options = OptionRows(self._form, self)
        self._lay_out()
        for field in (self.format, self.offsets, self.as_, self.models):
            field.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.whose.editTextChanged.connect(lambda _: self.changed.emit())
        self.options.changed.connect(self.changed)

    def choices(self, labels: LabelChoices) -> Choices:
        """What is said, with what becomes of labels; FormatError for a name that cannot be read."""
        as_, unit = self.as_.currentData(), self.offsets.currentData()  # Qt gives them back as plain text
        return Choices(
            self.format.currentData(),
            self.whose.currentText().strip() or None,
            As(as_) if as_ else None,
            Models(self.models.currentData()),
            labels,
            OffsetUnit(unit) if unit else None,
            self.options.values(),
        )

    def tell_formats(self, formats: Sequence[tuple[str, str]]) -> None:
        """Says which format was found out, and offers its options; `formats` are files with their formats."""
        names = list(dict.fromkeys(name for _, name in formats))
        if self.format.currentData() is None:
            said = f"found out: {format_named(names[0]).title}" if len(names) == 1 else _FOUND
            self.format.setItemText(0, said)
        self.options.offer(
            tuple(
                {
                    option.name: option for name in names for option in format_named(name).reading_options
                }.values()
            )
        )

    def _lay_out(self) -> None:
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.addRow(caption("What the marks are"))
        self._form.addRow("&Marks come in as", self.as_)
        self._form.addRow("La&bels of", self.whose)
        self._form.addRow("Mo&dels' marks are", self.models)
        self._form.addRow(section("How the files are read"))
        self._form.addRow("Fo&rmat", self.format)
        self._form.addRow("Offse&ts", self.offsets)
        self.setLayout(self._form)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
