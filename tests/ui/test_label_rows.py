"""The rows of labels in the inspector."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.labels import Kind, Label, LabelSet
from annotator.ui.label_rows import LabelRow, LabelRows
from annotator.ui.theme import Theme

PERSON = Label(Kind.ENTITY, "PERSON", "PERSON", "#0072b2", "", "")


def test_a_label_of_the_last_label_set_is_seen_no_longer(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    rows = LabelRows(parent)
    theme = Theme.of("light", LabelSet("news", 1, (PERSON,)))
    rows.set_labels([(PERSON, "1")], theme)
    parent.show()
    (old,) = rows.findChildren(LabelRow)
    assert old.isVisible()
    rows.set_labels([(replace(PERSON, name="GPE"), "1")], theme)
    assert not old.isVisible()
