"""What a person says of files that come in: format, offsets, what their marks are and whose."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QVBoxLayout, QWidget

from annotator.formats.offset_units import WORDS, OffsetUnit
from annotator.formats.registry import format_named
from annotator.services.exchange import As, Choices, LabelChoices, Models
from annotator.services.format_table import format_rows
from annotator.ui.chrome import caption
from annotator.ui.option_fields import OptionFields

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
        self.format = self._combo("Format of the files")
        self.format.addItem(_FOUND, None)
        for row in format_rows():
            if row.reads:
                self.format.addItem(row.title, row.name)
        self.offsets = self._combo("How offsets are counted")
        self.offsets.addItem("found out", None)
        for unit in OffsetUnit:
            self.offsets.addItem(WORDS[unit], unit)
        self.as_ = self._combo("What the marks come in as")
        for words, as_ in _AS:
            self.as_.addItem(words, as_)
        self.models = self._combo("What marks of models become")
        for words, models in _MODELS:
            self.models.addItem(words, models)
        self.whose = self._combo("Whose labels they are")
        self.whose.setEditable(True)
        self.whose.addItems(["", *annotators])
        line = self.whose.lineEdit()
        assert line is not None
        line.setPlaceholderText("whom the files name")
        self.options = OptionFields(self)
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

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setAccessibleName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(16)
        return combo

    def _lay_out(self) -> None:
        forms = [QFormLayout(), QFormLayout()]
        for form in forms:
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
            form.setVerticalSpacing(6)
            form.setHorizontalSpacing(12)
        forms[0].addRow("Fo&rmat", self.format)
        forms[0].addRow("Offse&ts", self.offsets)
        forms[1].addRow("&Marks come in as", self.as_)
        forms[1].addRow("Labels &of", self.whose)
        forms[1].addRow("Mo&dels' marks are", self.models)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(caption("How the files are read"))
        box.addLayout(forms[0])
        box.addWidget(self.options)
        box.addSpacing(8)
        box.addWidget(caption("What their marks are"))
        box.addLayout(forms[1])
