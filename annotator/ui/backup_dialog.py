"""The list of a project's backups, to restore one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from annotator.storage.backups import Backup
from annotator.ui.chrome import Words


class BackupDialog(QDialog):
    """`chosen` carries a Backup. Enter restores the chosen one, Esc leaves."""

    chosen = Signal(object)

    def __init__(self, backups: Sequence[Backup], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Restore a backup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(480, 360)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Backups")
        for backup in backups:
            at = backup.at.astimezone().strftime("%a %d %b %Y, %H:%M")
            item = QListWidgetItem(f"{at}   {backup.reason}   {backup.size / 1e6:.1f} MB", self.list)
            item.setData(Qt.ItemDataRole.UserRole, backup)
        self.list.setCurrentRow(0)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, parent=self)
        buttons.addButton("Restore", QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.addWidget(
            Words(
                "The project goes back to this state. The file as it is now is kept beside it.",
                wrap=True,
                parent=self,
            )
        )
        box.addWidget(self.list, 1)
        box.addWidget(buttons)

    def _take(self) -> None:
        item = self.list.currentItem()
        self.accept()
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
