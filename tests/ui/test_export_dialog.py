"""The export: losses are told before and after, places of them are gone to, a stop leaves the old file."""

import json

import pytest
from pytestqt.qtbot import QtBot

from annotator.ui.export_dialog import ExportDialog
from tests.ui.desk import STRIKE, Desk
from tests.ui.test_accessible import nameless

ENOUGH_MS = 60_000


@pytest.fixture
def dialog(desk: Desk, qtbot: QtBot) -> ExportDialog:
    """After ana has accepted two names and changed a stance."""
    desk.press("Tab", "A", "A", "V", "G")
    return exporting(desk, qtbot)


def exporting(desk: Desk, qtbot: QtBot) -> ExportDialog:
    qtbot.waitUntil(desk.page.view.hasFocus)
    desk.press("Ctrl+E")
    dialog = desk.window.findChildren(ExportDialog)[-1]
    qtbot.waitUntil(lambda: not dialog.busy and dialog.isVisible(), timeout=ENOUGH_MS)
    return dialog


def looked(dialog: ExportDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not dialog.busy, timeout=ENOUGH_MS)


def lines(dialog: ExportDialog) -> list[str]:
    found = []
    for n in range(dialog.losses.topLevelItemCount()):
        item = dialog.losses.topLevelItem(n)
        assert item is not None
        found.append(item.text(0))
    return found


def choose_format(dialog: ExportDialog, name: str, qtbot: QtBot) -> None:
    dialog.fields.format.setCurrentIndex(dialog.fields.format.findData(name))
    looked(dialog, qtbot)


def test_labels_are_written_by_enter(desk: Desk, dialog: ExportDialog, qtbot: QtBot) -> None:
    assert dialog.fields.of.hasFocus()
    assert dialog.fields.of.currentText() == "ana"
    assert lines(dialog) == ["Nothing: all of it is read back as it is."]
    desk.press("Enter")
    looked(dialog, qtbot)
    place = desk.path.with_suffix(".jsonl")
    assert dialog.said.text() == f"Wrote 3 records to {place.name}. They were read back and are the same."
    first = json.loads(place.read_text("utf-8").splitlines()[0])
    assert [each["text"] for each in first["spans"]] == ["Priya Nair", "Harbour Radio"]
    assert dialog.leave.hasFocus()
    desk.press("Enter")
    assert not dialog.isVisible()
    assert desk.window.notice.words.text().startswith("The labels of ana are in")


def test_what_is_lost_is_told_before_and_gone_to(desk: Desk, dialog: ExportDialog, qtbot: QtBot) -> None:
    choose_format(dialog, "conll", qtbot)
    assert "not done" in dialog.said.text()
    assert "stances" in dialog.lacks.text()
    assert "Stances: 1 not carried" in lines(dialog)
    assert not list(desk.path.parent.glob("*.conll"))
    row = lines(dialog).index("Stances: 1 not carried")
    item = dialog.losses.topLevelItem(row)
    assert item is not None
    assert item.child(0).text(0) == "“condemned the deal” in Dockers halt their strike"
    desk.page.open_article(desk.page.queue.ids(None, "")[1])  # type: ignore[union-attr]
    dialog.losses.setFocus()
    dialog.losses.setCurrentItem(item)
    desk.press("Down", "Enter")
    assert not dialog.isVisible()
    selection = desk.page.view.selection
    assert selection is not None
    assert selection.of(STRIKE) == "condemned the deal"
    again = exporting(desk, qtbot)
    assert again.fields.format.currentData() == "conll"


def test_an_export_that_loses_something_says_so_afterwards(
    desk: Desk, dialog: ExportDialog, qtbot: QtBot
) -> None:
    choose_format(dialog, "conll", qtbot)
    dialog.go.click()
    looked(dialog, qtbot)
    assert "Stances: 1 not carried" in lines(dialog)
    assert "were changed or left out" in desk.window.notice.words.text()


def test_what_makes_no_sense_is_told_and_not_written(desk: Desk, dialog: ExportDialog, qtbot: QtBot) -> None:
    dialog.fields.split.setText("train=.8,dev=.1")
    assert "adds up to 0.9" in dialog.said.text()
    assert not dialog.go.isEnabled()
    dialog.fields.split.setText("train=.5,test=.5")
    looked(dialog, qtbot)
    assert dialog.go.isEnabled()
    dialog.fields.split.setText("")
    dialog.target.setText(str(desk.path))
    looked(dialog, qtbot)
    assert "is a project" in dialog.said.text()
    assert not dialog.go.isEnabled()


def test_a_filter_and_a_status_choose_articles(desk: Desk, dialog: ExportDialog, qtbot: QtBot) -> None:
    dialog.fields.filter.setText("ferries")
    looked(dialog, qtbot)
    assert dialog.said.text().startswith("Would write 1 record to")
    dialog.fields.filter.setText("")
    next(iter(box for status, box in dialog.fields.statuses.items() if status == "done")).setChecked(True)
    looked(dialog, qtbot)
    assert dialog.said.text().startswith("Would write 0 records to")


def test_tab_goes_through_the_fields_as_they_stand(desk: Desk, dialog: ExportDialog, qtbot: QtBot) -> None:
    choose_format(dialog, "conll", qtbot)
    dialog.fields.of.setFocus()
    reached = [dialog.focusWidget()]
    while len(reached) < 40 and (desk.press("Tab"), dialog.focusWidget())[1] is not reached[0]:
        reached.append(dialog.focusWidget())
    fields = dialog.fields
    standing = [fields.of, *fields.statuses.values(), fields.filter, fields.decided, fields.rejected]
    standing += [fields.pseudonyms, fields.split, fields.format, fields.options.fields["scheme"]]
    assert reached == [*standing, dialog.losses, dialog.target, dialog.choose, dialog.go, dialog.leave]


@pytest.mark.parametrize(
    ("typed", "format_", "place"),
    [
        ("my.jsonl", "conll", "my.conll"),
        ("my.conll", "label-studio", "my.json"),
        ("my.file", "label-studio", "my.file.json"),
        ("my.jsonl", "prodigy", "my.jsonl"),
        ("my.file.json", "brat", "my.file"),
    ],
)
def test_a_format_gives_the_file_its_ending(
    dialog: ExportDialog, qtbot: QtBot, typed: str, format_: str, place: str
) -> None:
    dialog.target.setText(typed)
    choose_format(dialog, format_, qtbot)
    assert dialog.target.text() == place


def test_a_file_that_is_there_is_replaced_only_when_whole(
    desk: Desk, dialog: ExportDialog, qtbot: QtBot
) -> None:
    place = desk.path.with_name("old.jsonl")
    place.write_text("before", encoding="utf-8")
    dialog.target.setText(str(place))
    looked(dialog, qtbot)
    assert dialog.go.text() == "Replace"
    assert "Replaces old.jsonl." in dialog.said.text()
    dialog.go.click()
    assert dialog.busy
    desk.press("Esc")
    assert dialog.isVisible()
    assert "Stopped" in dialog.said.text()
    desk.window.background.close()
    assert place.read_text(encoding="utf-8") == "before"
    assert not list(place.parent.glob(".*.part"))


def test_a_project_that_can_only_be_read_is_exported(
    desk: Desk,
    open_window,  # type: ignore[no-untyped-def]
    qtbot: QtBot,
) -> None:
    desk.press("Tab", "A")
    reading = open_window()
    reading.files.open(desk.path)
    dialog = exporting(Desk(reading, desk.path), qtbot)
    dialog.go.click()
    looked(dialog, qtbot)
    assert "Priya Nair" in desk.path.with_suffix(".jsonl").read_text("utf-8")


def test_every_control_of_the_export_has_a_name(dialog: ExportDialog, qtbot: QtBot) -> None:
    choose_format(dialog, "conll", qtbot)
    assert nameless(dialog) == []
