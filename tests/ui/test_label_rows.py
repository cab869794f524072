"""The rows of labels in the inspector."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.labels import Kind, Label, LabelSet
from annotator.ui.label_rows import LabelRow, LabelRows
from annotator.ui.theme import Theme

PERSON = Label(Kind.ENTITY, "PERSON", "PERSON", "#0072b2", "", "")


def test_only_the_labels_of_the_last_label_set_are_seen(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    rows = LabelRows(parent)
    parent.show()
    for name in ("PERSON", "GPE"):
        label = replace(PERSON, name=name)
        rows.set_labels([(label, "1")], Theme.of("light", LabelSet("news", 1, (label,))))
    assert [row.label.name for row in rows.findChildren(LabelRow) if not row.isHidden()] == ["GPE"]
