"""Where suggestions come from: the pipeline, what its labels become, and from which score they are shown."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.choices import KINDS, Choices, Showing, SuggestionKind, Thresholds, When
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.places import resource
from annotator.services import choices as service
from annotator.services.choices import Offer
from annotator.services.showing import may_change
from annotator.storage.project import Project
from annotator.ui import style
from annotator.ui.chrome import Words, caption, viewport
from annotator.ui.exchange_looks import indented
from annotator.ui.faults import Faults
from annotator.ui.guard import guarded_as

_SIZE = (860, 560)
_STEP = 0.05
_ALWAYS = "always"
_WHEN = {
    When.ALWAYS: "at once",
    When.AFTER: "after my own pass",
    When.SAMPLE: "at once, but 10 % blind",
}
# Without these lines the dark theme shows neither the box nor the edge of a field.
_SHEET = """
QListWidget { background: palette(base); border: 1px solid palette(mid); border-radius: 7px; padding: 4px;
  outline: none; }
QListWidget:focus { border-color: palette(link); }
QListWidget::item { padding: 4px 5px; border-radius: 5px; color: palette(text); }
QListWidget::item:selected { background: palette(highlight); border: none; }
QDoubleSpinBox { background: palette(base); color: palette(text); border: 1px solid palette(mid);
  border-radius: 7px; padding: 3px 9px 2px; selection-background-color: palette(highlight);
  selection-color: palette(highlighted-text); }
QDoubleSpinBox:focus { border-color: palette(link); }
QDoubleSpinBox QLineEdit { background: transparent; border: none; padding: 0; }
QDoubleSpinBox::down-arrow { image: url("ICONS/down.svg"); width: 10px; height: 10px; }
QDoubleSpinBox::up-arrow { image: url("ICONS/up.svg"); width: 10px; height: 10px; }
QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { border: none; width: 22px; }
"""


class SuggestionsDialog(QDialog):
    """Enter takes the choices, Esc leaves them; then `chosen` says whether other suggestions will come."""

    chosen = Signal(bool)

    def __init__(self, project: Project, annotator: str, faults: Faults, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Suggestions from…")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self.setStyleSheet(_SHEET.replace("ICONS", resource("icons").as_posix()))
        self._project, self._annotator, self._faults = project, annotator, faults
        self._before = service.choices_of(project)
        self.pipelines = QListWidget(self)
        self.pipelines.setAccessibleName("Pipelines")
        self.folder = QPushButton("Choose a &folder…", self)
        self.folder.setAutoDefault(False)
        self.stances = QCheckBox("Add the built-in &stances", self)
        self.stances.setChecked(self._before.stances)
        may = may_change(project, annotator)
        self.showing = ShowingFields(self._before.showing, may_change=may, parent=self)
        self.fault = Words("", role=style.WARN, wrap=True, parent=self)
        self.labels = LabelNames(project.labelset, self)
        self.thresholds = ThresholdFields(project.labelset, self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, parent=self)
        self.use = self._buttons.addButton("Use these", QDialogButtonBox.ButtonRole.AcceptRole)
        self.use.setDefault(True)
        self._lay_out()
        for offer in service.offers(self._before.pipeline):
            self._list(offer)
        self.pipelines.currentItemChanged.connect(lambda *_: self._show_offer())
        self.folder.clicked.connect(self._ask_folder)
        self._buttons.accepted.connect(self._take)
        self._buttons.rejected.connect(self.reject)
        self._choose(self._before.pipeline)
        self.pipelines.setFocus()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(caption("Pipeline"))
        left.addWidget(Words("It runs on this computer.", factor=0.9, role=style.DIM, parent=self))
        left.addWidget(self.pipelines, 1)
        for widget in (self.fault, self.folder, self.stances):
            left.addWidget(widget)
        left.addSpacing(8)
        left.addWidget(caption("When you see them"))
        left.addWidget(self.showing)
        columns = QHBoxLayout()
        columns.setSpacing(22)
        columns.addLayout(left, 3)
        for title, about, fields in (
            ("Its labels become", "What this project calls them.", self.labels),
            ("Shown from", "The least score on screen; all are kept.", self.thresholds),
        ):
            column = QVBoxLayout()
            column.setSpacing(8)
            column.addWidget(caption(title))
            column.addWidget(Words(about, factor=0.9, role=style.DIM, wrap=True, parent=self))
            column.addWidget(fields, 1)
            columns.addLayout(column, 4)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 16, 18, 14)
        whole.setSpacing(14)
        whole.addLayout(columns, 1)
        whole.addWidget(self._buttons)

    def choices(self) -> Choices:
        """What is chosen now."""
        labels = {**self._before.labels, **self.labels.chosen()}
        return Choices(
            self._offer().pipeline,
            self.stances.isChecked(),
            {label: name for label, name in labels.items() if label not in self.labels.usual()},
            self.thresholds.chosen(),
            self.showing.chosen(),
        )

    def add_folder(self, folder: str) -> None:
        """Lists a pipeline's folder and chooses it; one that is none is told of."""
        known = service.offer(folder)
        if not known.fault:
            known = replace(known, pipeline=service.kept_pipeline(folder))
        self._list(known)
        self.pipelines.setCurrentRow(self.pipelines.count() - 1)

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "The folder of a spaCy pipeline")
        if folder:
            self.add_folder(folder)

    def _list(self, offer: Offer) -> None:
        item = QListWidgetItem(_described(offer), self.pipelines)
        item.setData(Qt.ItemDataRole.UserRole, offer)
        item.setToolTip(offer.pipeline)

    def _choose(self, pipeline: str) -> None:
        for row in range(self.pipelines.count()):
            if self.pipelines.item(row).data(Qt.ItemDataRole.UserRole).pipeline == pipeline:
                self.pipelines.setCurrentRow(row)

    def _offer(self) -> Offer:
        offer = self.pipelines.currentItem().data(Qt.ItemDataRole.UserRole)
        assert isinstance(offer, Offer)
        return offer

    def _show_offer(self) -> None:
        offer = self._offer()
        self.fault.setText(offer.fault)
        self.fault.setVisible(bool(offer.fault))
        self.use.setEnabled(not offer.fault)
        self.stances.setEnabled(bool(offer.pipeline))
        self.labels.show_offer(offer, self._before)
        self.thresholds.show_offer(offer, self._before)
        stops: list[QWidget] = [self.pipelines, self.folder, self.stances, *self.showing.fields.values()]
        stops += [*self.labels.fields.values(), *self.thresholds.fields.values(), *self._buttons.buttons()]
        for before, after in pairwise(stops):  # the fields are newer than the buttons, and come before them
            self.setTabOrder(before, after)

    def _take(self) -> None:
        choices = self.choices()
        if not self._faults.attempt(partial(service.choose, by=self._annotator), self._project, choices):
            return
        self.accept()
        same = replace(choices, thresholds=self._before.thresholds, showing=self._before.showing)
        self.chosen.emit(same != self._before)


class ShowingFields(QWidget):
    """When the suggestions of each kind are seen; another blind sample is drawn from the command line."""

    def __init__(self, showing: Showing, *, may_change: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._showing = showing
        self.fields: dict[SuggestionKind, QComboBox] = {}
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        names: dict[SuggestionKind, str] = {"entity": "Entities", "stance": "Stances"}
        for kind, name in names.items():
            field = QComboBox()
            for when, said in _WHEN.items():
                field.addItem(said, when)
            field.setCurrentIndex(field.findData(showing.of(kind)))
            field.setAccessibleName(f"When suggested {name.lower()} are seen")
            field.setEnabled(may_change)
            self.fields[kind] = field
            form.addRow(name, field)
        if not may_change:
            form.addRow(
                Words("A lead of this project changes that.", factor=0.9, role=style.DIM, parent=self)
            )

    def chosen(self) -> Showing:
        entity, stance = (When(self.fields[kind].currentData()) for kind in KINDS)
        return replace(self._showing, entity=entity, stance=stance)


class _Fields(QScrollArea):
    """Rows of a name and a field; Tab goes down them and keeps the one it is at in sight."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewport(viewport(style.SIDE))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _show(self, rows: Sequence[tuple[str, QWidget]], empty: str = "") -> None:
        inside = QWidget()
        form = QFormLayout(inside)
        form.setContentsMargins(0, 4, 12, 4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, field in rows:
            field.setAccessibleName(name)
            field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            field.installEventFilter(self)
            form.addRow(name, field)
        if not rows:
            form.addRow(Words(empty, role=style.DIM, wrap=True))
        self.setWidget(inside)

    @guarded_as(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the rows: it changes only the field that has the focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


class LabelNames(_Fields):
    """What each label of a pipeline becomes in the project."""

    def __init__(self, labelset: LabelSet, parent: QWidget) -> None:
        super().__init__(parent)
        self._labelset = labelset
        self.fields: dict[str, QComboBox] = {}

    def show_offer(self, offer: Offer, choices: Choices) -> None:
        self.fields = {}
        for label in (*offer.labels, *(each for each in choices.labels if each not in offer.labels)):
            usual = service.usual_name(self._labelset, label)
            field = QComboBox()
            if usual is None:
                field.addItem("not known, left out", None)
            for name in service.names_of(self._labelset):
                field.addItem(name, name)
            field.addItem("left out", "")
            field.setCurrentIndex(field.findData(choices.labels.get(label, usual)))
            self.fields[label] = field
        untold = "This pipeline does not say its labels. Unknown ones are told when it has read."
        self._show(list(self.fields.items()), "" if offer.fault else untold)

    def chosen(self) -> dict[str, str]:
        """The labels that become something else than they would by themselves."""
        found = {label: field.currentData() for label, field in self.fields.items()}
        return {
            label: name
            for label, name in found.items()
            if name is not None and name != service.usual_name(self._labelset, label)
        }

    def usual(self) -> set[str]:
        """The labels that go by what is known of them."""
        return set(self.fields) - set(self.chosen())


class ThresholdFields(_Fields):
    """From which score the suggestions of each label are shown."""

    def __init__(self, labelset: LabelSet, parent: QWidget) -> None:
        super().__init__(parent)
        self._labelset = labelset
        self._offered = Thresholds()
        self.fields: dict[Label, QDoubleSpinBox] = {}

    def show_offer(self, offer: Offer, choices: Choices) -> None:
        self._offered = service.named_thresholds(self._labelset, choices.labels, offer.thresholds)
        shown = choices.thresholds.over(self._offered)
        self.fields = {}
        for label in self._labelset.labels:
            field = QDoubleSpinBox()
            indented(field)
            field.setRange(0, 1)
            field.setSingleStep(_STEP)
            field.setSpecialValueText(_ALWAYS)
            field.setValue(shown.of(_kind(label), label.name))
            self.fields[label] = field
        self._show([(label.name, field) for label, field in self.fields.items()])

    def chosen(self) -> Thresholds:
        """The thresholds that differ from what the pipeline recommends."""
        entities: dict[str, float] = {}
        stances: dict[str, float] = {}
        for label, field in self.fields.items():
            score = round(field.value(), 2)
            if abs(score - self._offered.of(_kind(label), label.name)) >= 0.005:
                (entities if label.kind is Kind.ENTITY else stances)[label.name] = score
        return Thresholds(entities, stances)


def _kind(label: Label) -> SuggestionKind:
    return "entity" if label.kind is Kind.ENTITY else "stance"


def _described(offer: Offer) -> str:
    if not offer.pipeline:
        return f"{offer.title}, built in"
    return f"{offer.title}, cannot be used" if offer.fault else offer.title
