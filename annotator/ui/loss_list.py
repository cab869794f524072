"""What an export loses, line by line, with the first places; one can be gone to."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from annotator.formats.carrying import Example, Loss
from annotator.ui import style
from annotator.ui.chrome import viewport
from annotator.ui.guard import guarded

_EXAMPLE = Qt.ItemDataRole.UserRole


class LossList(QTreeWidget):
    """`chosen` carries the Example that Enter or a double click is on."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setViewport(viewport(style.BACKGROUND))
        self.setAccessibleName("What this export loses, and where first")
        self.setHeaderHidden(True)
        self.setIndentation(18)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemDoubleClicked.connect(lambda item: self._choose(item))

    def show_losses(self, losses: Sequence[Loss], *, found_out: bool) -> None:
        """Lists losses; without any, says so if that has been found out."""
        self.clear()
        for loss in losses:
            how = "changed" if loss.changed else "not carried"
            top = QTreeWidgetItem([f"{loss.what[:1].upper()}{loss.what[1:]}: {loss.count:,} {how}"])
            for example in loss.examples:
                child = QTreeWidgetItem([_told(example)])
                child.setData(0, _EXAMPLE, example)
                child.setForeground(0, self.palette().color(style.DIM))
                child.setToolTip(0, "Enter goes to it")
                top.addChild(child)
            self.addTopLevelItem(top)
            top.setExpanded(True)
        self.setRootIsDecorated(bool(losses))
        if not losses and found_out:
            nothing = QTreeWidgetItem(["Nothing: all of it is read back as it is."])
            nothing.setFlags(Qt.ItemFlag.ItemIsEnabled)
            nothing.setForeground(0, self.palette().color(style.DIM))
            self.addTopLevelItem(nothing)
        elif (first := self.topLevelItem(0)) is not None:
            self.setCurrentItem(first)

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        example = item.data(0, _EXAMPLE) if item is not None else None
        if isinstance(example, Example):
            self.chosen.emit(example)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentItem())
        else:
            super().keyPressEvent(event)


def _told(example: Example) -> str:
    words = " ".join(example.text.split())
    return f"“{words}” in {example.article}" if words else example.article
