"""Choosing where suggestions come from, by keys; what it changes on screen; being asked before code runs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.choices import Choices, Thresholds
from annotator.domain.labels import Kind
from annotator.services.choices import choices_of
from annotator.ui.settings import Settings
from annotator.ui.suggestions_dialog import SuggestionsDialog
from annotator.ui.window import Window
from tests.pipelines import make_pipeline
from tests.ui.desk import Desk, make_project

ENOUGH_MS = 60_000


@pytest.fixture
def dialog(desk: Desk, qtbot: QtBot) -> SuggestionsDialog:
    desk.window.bindings["suggestions.from"].trigger()
    found = desk.window.findChild(SuggestionsDialog)
    qtbot.waitUntil(found.pipelines.hasFocus)
    return found


def press(*keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget(), key)


def choose(window: Window, folder: Path) -> None:
    """Choose a pipeline's folder in the dialog."""
    window.prefetch.choose()
    dialog = window.findChildren(SuggestionsDialog)[-1]
    dialog.add_folder(str(folder))
    QTest.keyClick(dialog.pipelines, Qt.Key.Key_Return)


def choose_built_in(window: Window) -> None:
    window.prefetch.choose()
    dialog = window.findChildren(SuggestionsDialog)[-1]
    QTest.keyClick(dialog.pipelines, Qt.Key.Key_Home)
    QTest.keyClick(dialog.pipelines, Qt.Key.Key_Return)


def suggested(desk: Desk) -> set[str]:
    return {desk.words(shown) for shown in desk.page.marks if shown.suggested}


def test_the_built_in_pipeline_is_chosen_at_first_and_enter_changes_nothing(
    desk: Desk, dialog: SuggestionsDialog
) -> None:
    assert dialog.pipelines.currentItem().text().endswith("built in")
    assert not dialog.stances.isEnabled()
    labels = {"DATE", "EVENT", "FAC", "GPE", "LOC", "NORP", "ORG", "PERSON", "FAVOR", "AGAINST", "NEUTRAL"}
    assert {*dialog.labels.fields} == labels
    press(Qt.Key.Key_Return)
    assert choices_of(desk.window.project) == Choices()


def test_tab_goes_down_the_fields_to_the_buttons(dialog: SuggestionsDialog) -> None:
    fields = [*dialog.labels.fields.values(), *dialog.thresholds.fields.values()]
    expected = [dialog.pipelines, dialog.folder, *dialog.showing.fields.values(), *fields, dialog.use]
    for each in expected:
        focus = QApplication.focusWidget()
        assert focus is each or each.isAncestorOf(focus), each.accessibleName()
        press(Qt.Key.Key_Tab)


def test_a_threshold_takes_marks_off_the_screen_at_once_and_brings_them_back(
    desk: Desk, dialog: SuggestionsDialog
) -> None:
    assert suggested(desk) >= {"Marco Silva", "Harbour Radio", "condemned the deal"}
    before = desk.page.marks.undecided
    for label, field in dialog.thresholds.fields.items():
        if label.name in ("ORG", "FAVOR"):
            field.setValue(0.7)
    press(Qt.Key.Key_Return)
    assert suggested(desk) == {"Priya Nair", "Harbour Radio", "Rotterdam"}
    assert desk.page.marks.undecided == before - 2
    assert len(desk.page.view.marks()) == len(desk.page.marks)
    assert choices_of(desk.window.project).thresholds == Thresholds({"ORG": 0.7}, {"FAVOR": 0.7})
    desk.window.bindings["suggestions.from"].trigger()
    again = desk.window.findChildren(SuggestionsDialog)[-1]
    for field in again.thresholds.fields.values():
        field.setValue(0)
    QTest.keyClick(again.pipelines, Qt.Key.Key_Return)
    assert len(suggested(desk)) == before


def test_a_folder_is_chosen_with_its_labels_and_kept(
    desk: Desk, dialog: SuggestionsDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = make_pipeline(tmp_path / "p", names={"Marco": "PER", "deal": "MISC", "Nair": "WORK"})
    dialog.add_folder(str(folder))
    assert dialog.stances.isEnabled()
    fields = dialog.labels.fields
    assert {label: field.currentText() for label, field in fields.items()} == {
        "PER": "PERSON",
        "MISC": "not known, left out",
        "WORK": "not known, left out",
    }
    fields["MISC"].setFocus()
    QTest.keyClicks(fields["MISC"], "EV")
    fields["WORK"].setFocus()
    QTest.keyClicks(fields["WORK"], "left")
    with qtbot.waitSignal(dialog.chosen) as chosen:
        press(Qt.Key.Key_Return)
    assert chosen.args == [True]
    assert choices_of(desk.window.project) == Choices(str(folder), labels={"MISC": "EVENT", "WORK": ""})


def test_what_goes_back_to_the_usual_name_is_no_choice_any_more(
    desk: Desk, dialog: SuggestionsDialog
) -> None:
    for name in ("ORG", "LOC"):
        dialog.labels.fields["LOC"].setCurrentText(name)
        QTest.keyClick(dialog.pipelines, Qt.Key.Key_Return)
        assert choices_of(desk.window.project).labels == ({"LOC": "ORG"} if name == "ORG" else {})
        desk.window.bindings["suggestions.from"].trigger()
        dialog = desk.window.findChildren(SuggestionsDialog)[-1]


def test_a_folder_that_is_no_pipeline_is_told_and_cannot_be_used(
    desk: Desk, dialog: SuggestionsDialog, tmp_path: Path
) -> None:
    dialog.add_folder(str(tmp_path))
    assert dialog.fault.isVisible()
    assert "is not a spaCy pipeline" in dialog.fault.text()
    assert not dialog.use.isEnabled()
    press(Qt.Key.Key_Escape)
    assert choices_of(desk.window.project) == Choices()


def test_the_wheel_changes_no_field_that_is_only_passed(dialog: SuggestionsDialog, qtbot: QtBot) -> None:
    field = next(iter(dialog.labels.fields.values()))
    before, at = field.currentIndex(), QPointF(field.rect().center())
    event = QWheelEvent(
        at,
        QPointF(field.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, event)
    assert field.currentIndex() == before


def test_a_new_pipeline_asks_before_it_runs_and_reads_after_a_yes(
    open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(Settings(annotator="ana", suggestions=False))
    window.files.open(make_project(tmp_path))
    desk = Desk(window, tmp_path / "harbour.annot")
    folder = make_pipeline(
        tmp_path / "p", names={"calm": "PER", "offer": "MISC"}, name="asked", trusted=False
    )
    window.toggle_suggestions()
    choose(window, folder)
    qtbot.waitUntil(window.notice.isVisible, timeout=ENOUGH_MS)
    assert not window.notice.isAncestorOf(window.focusWidget())
    assert str(folder) in window.notice.words.text()
    assert "runs its code" in window.notice.words.text()
    assert "calm" not in suggested(desk)
    with qtbot.waitActive(window):
        window.activateWindow()
    window.page.view.setFocus()
    desk.press("F6", "F6", "Return")
    qtbot.waitUntil(lambda: "calm" in suggested(desk), timeout=ENOUGH_MS)
    qtbot.waitUntil(lambda: "MISC (1)" in desk.said, timeout=ENOUGH_MS)
    choose_built_in(window)
    qtbot.waitUntil(lambda: "Priya Nair" in suggested(desk), timeout=ENOUGH_MS)
    assert "calm" not in suggested(desk)
    choose(window, folder)
    qtbot.waitUntil(lambda: suggested(desk) == {"calm"}, timeout=ENOUGH_MS)
    window.close()


def test_thresholds_are_for_every_label_and_polarity(desk: Desk, dialog: SuggestionsDialog) -> None:
    kinds = [label.kind for label in dialog.thresholds.fields]
    assert (kinds.count(Kind.ENTITY), kinds.count(Kind.POLARITY)) == (8, 3)
    recommended = {field.text() for field in dialog.thresholds.fields.values()}
    assert "always" not in recommended, "the built-in pipeline recommends a score for each"
