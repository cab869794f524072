"""The project's file deleted, replaced or moved while it is open: told at once, all of it saved elsewhere."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.storage import backups
from annotator.storage.check import check
from annotator.storage.project import Access, Project
from annotator.ui.window import Window
from tests.storage.displacing import delete, move_folder, replace
from tests.ui.desk import Desk, make_project
from tests.ui.test_safety import choose

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps an open file in its place")


@pytest.fixture
def desk(open_window: Callable[..., Window], tmp_path: Path) -> Desk:
    """Ana at a project in a folder of its own, with one suggestion accepted."""
    folder = tmp_path / "desk"
    folder.mkdir()
    path = make_project(folder)
    window = open_window()
    window.files.open(path)
    desk = Desk(window, path)
    desk.press("Tab", "A")
    return desk


every_way = pytest.mark.parametrize("displace", [delete, replace, move_folder])


def labelled(path: Path) -> list[str]:
    """What a sound file holds of ana's work, read by someone else."""
    assert check(path).clean
    with Project.open(path, Access.READ) as project:
        rows = project.db.execute("SELECT label FROM entity WHERE deleted=0 ORDER BY start")
        return [label for (label,) in rows]


@every_way
def test_the_next_gesture_says_not_saved_and_changes_nothing(
    desk: Desk, displace: Callable[[Path], None]
) -> None:
    displace(desk.path)
    desk.press("A")
    assert desk.page.line.saved.text().startswith("● Not saved: the file ")
    assert str(desk.path) in desk.window.notice.said
    assert "copy" in desk.window.notice.said
    assert desk.stored() == ["PERSON Priya Nair"]
    assert desk.mark("Harbour Radio").suggested


@every_way
def test_all_of_it_is_saved_as_a_copy_and_work_goes_on_there(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, displace: Callable[[Path], None]
) -> None:
    displace(desk.path)
    desk.press("A")
    copy = tmp_path / "copy.annot"
    monkeypatch.setattr(desk.window.files, "ask_save", lambda *_: copy)
    choose(desk.window, "Save a copy")
    assert desk.window.project is not None
    assert desk.window.project.path == copy
    desk.press("Tab", "A")
    assert desk.page.line.saved.text().startswith("● Saved ")
    desk.press("Ctrl+Z", "Ctrl+Z")
    assert desk.stored() == []
    desk.press("Ctrl+Y", "Ctrl+Y")
    desk.window.close_project()
    assert labelled(copy) == ["PERSON", "ORG"]


@every_way
def test_the_window_stays_until_the_work_is_safe(desk: Desk, displace: Callable[[Path], None]) -> None:
    displace(desk.path)
    desk.window.close()
    assert desk.window.isVisible()
    assert desk.window.notice.asking
    desk.press("Esc")
    assert desk.window.project is not None
    desk.window.bindings["project.close"].trigger()
    assert desk.window.project is not None
    choose(desk.window, "Close without it")
    assert desk.window.project is None
    (backup,) = backups.list_backups(desk.path)
    assert labelled(backup.path) == ["PERSON"]


def test_enter_puts_it_back_before_the_window_closes(desk: Desk) -> None:
    desk.path.unlink()
    desk.window.close()
    desk.press("Enter")
    desk.window.close()
    assert not desk.window.isVisible()
    assert labelled(desk.path) == ["PERSON"]


@every_way
def test_another_project_is_not_opened_over_it(
    desk: Desk, tmp_path: Path, displace: Callable[[Path], None]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    second = make_project(other)
    displace(desk.path)
    desk.window.faults.attempt(desk.window.files.open, second)
    assert desk.window.project is not None
    assert desk.window.project.path == desk.path
    assert desk.window.notice.asking


@every_way
def test_it_is_told_once_without_a_gesture_and_backed_up(
    desk: Desk, qtbot: QtBot, displace: Callable[[Path], None]
) -> None:
    displace(desk.path)
    desk.window.safety.back_up()
    assert desk.page.line.saved.text().startswith("● Not saved: the file ")
    (backup,) = backups.list_backups(desk.path)
    assert labelled(backup.path) == ["PERSON"]
    desk.window.notice.dismiss()
    desk.window.displaced.notice()
    assert not desk.window.notice.isVisible()


def test_when_the_file_comes_back_the_next_gesture_is_saved(desk: Desk) -> None:
    away = desk.path.with_name("away")
    desk.path.rename(away)
    desk.press("A")
    assert desk.window.notice.isVisible()
    away.rename(desk.path)
    desk.press("A")
    assert desk.page.line.saved.text().startswith("● Saved ")
    assert not desk.window.notice.isVisible()
    desk.window.close_project()
    assert labelled(desk.path) == ["PERSON", "ORG"]


def test_a_deleted_file_is_put_back_with_what_was_half_typed(desk: Desk) -> None:
    desk.press("Shift+Tab", "I")
    desk.type("not in any file yet")
    desk.path.unlink()
    desk.press("Enter")
    choose(desk.window, "Put it back")
    assert desk.window.project is not None
    assert desk.window.project.path == desk.path
    assert desk.mark("Priya Nair").note == "not in any file yet"
    desk.window.close_project()
    assert labelled(desk.path) == ["PERSON"]
    assert sorted(file.name for file in desk.path.parent.iterdir()) == ["harbour.annot", "texts"]


def test_a_deleted_side_file_is_made_anew_before_the_next_gesture(desk: Desk, qtbot: QtBot) -> None:
    wal = desk.path.with_name(f"{desk.path.name}-wal")
    wal.unlink()
    desk.window._look_for_file()
    assert wal.exists()
    desk.press("A")
    assert desk.page.line.saved.text().startswith("● Saved ")
    desk.window.safety.back_up()
    qtbot.waitUntil(lambda: len(backups.list_backups(desk.path)) == 1, timeout=20_000)
    assert labelled(backups.list_backups(desk.path)[0].path) == ["PERSON", "ORG"]
