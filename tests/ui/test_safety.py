"""Backups, copies and checks from the window, and what it offers about a damaged project."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from annotator.services import projects
from annotator.services.importing import import_files
from annotator.storage import backups
from annotator.storage.project import Project
from annotator.ui.backup_dialog import BackupDialog
from annotator.ui.lines_dialog import LinesDialog
from annotator.ui.window import Window
from tests.ui.desk import Desk, make_project


def shorten(path: Path) -> bytes:
    """Cuts the last quarter off a file, as a broken copy would, and returns what is left."""
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 3 // 4])
    return path.read_bytes()


def spoil(path: Path) -> None:
    """Changes a text and a count behind the program's back: SQLite is content, the check is not."""
    with Project.open(path) as project:
        project.annotator_id("ana")
        project.db.execute("DROP TRIGGER article_stays")
        project.db.execute("UPDATE article SET text='x'||substr(text,2) WHERE title LIKE 'Festival%'")
        project.db.execute("UPDATE tally SET count=count+1 WHERE status='todo'")


def long_articles(folder: Path) -> Path:
    """A project of four articles that take pages of their own in the file."""
    path = folder / "long.annot"
    with projects.create(path) as project:
        for n in range(4):
            file = folder / f"{n}.txt"
            file.write_text(f"Article {n}\n\n" + f"Line of article {n}. " * 1000, encoding="utf-8")
            import_files(project, [file])
    return path


def lose(path: Path, words: bytes) -> None:
    """Overwrites a page in the middle of a long text that repeats the words with zeros."""
    content = path.read_bytes()
    pages = [at for at in range(0, len(content), 4096) if words in content[at : at + 4096]]
    at = pages[len(pages) // 2]
    path.write_bytes(content[:at] + bytes(4096) + content[at + 4096 :])


def choose(window: Window, words: str) -> None:
    """Clicks the button of the bar that begins with these words."""
    found = [each for each in window.notice.findChildren(QPushButton) if each.text().startswith(words)]
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def test_a_backup_is_made_restored_and_the_old_file_kept(desk: Desk) -> None:
    desk.press("Tab", "A")
    assert desk.window.project is not None
    backup = backups.back_up(desk.window.project, "timed")
    desk.press("A")
    assert len(desk.stored()) == 2
    desk.window.safety.put_back(backup, desk.path)
    assert desk.stored() == ["PERSON Priya Nair"]
    assert "kept as" in desk.window.notice.words.text()
    assert len(list(desk.path.parent.glob("harbour-replaced-*.annot"))) == 1


def test_without_a_backup_there_is_nothing_to_restore(desk: Desk) -> None:
    desk.window.bindings["project.restore"].trigger()
    assert "no backup" in desk.window.notice.words.text()


def test_the_check_of_a_sound_project_says_so(desk: Desk, qtbot: QtBot) -> None:
    desk.press("Tab", "A")
    desk.window.bindings["project.check"].trigger()
    qtbot.waitUntil(desk.window.notice.isVisible, timeout=20_000)
    assert "sound: 3 articles, 1 mark" in desk.window.notice.words.text()


def test_after_an_unclean_end_the_work_is_there_and_checked(
    open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot
) -> None:
    path = make_project(tmp_path)
    crashed = tmp_path / "crashed.annot"
    with Project.open(path) as project:
        project.annotator_id("ana")
        for suffix in ("", "-wal"):  # as the files lie when the process is killed
            Path(f"{crashed}{suffix}").write_bytes(Path(f"{path}{suffix}").read_bytes())
    window = open_window()
    window.files.open(crashed)
    assert "unclean" in window.page.line.message.text()
    assert not window.notice.isVisible()
    qtbot.waitUntil(lambda: "is sound" in window.page.line.message.text(), timeout=20_000)


def test_a_timed_backup_is_made_beside_the_window_once_something_changed(desk: Desk, qtbot: QtBot) -> None:
    desk.press("Tab", "A")
    desk.window.safety.back_up()
    qtbot.waitUntil(lambda: len(backups.list_backups(desk.path)) == 1, timeout=20_000)
    desk.window.safety.back_up()
    desk.window.background.close()
    assert len(backups.list_backups(desk.path)) == 1


def test_a_fault_after_an_unclean_end_is_told_with_the_ways_out(
    open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot
) -> None:
    path = make_project(tmp_path)
    spoil(path)
    crashed = tmp_path / "crashed.annot"
    with Project.open(path) as project:
        project.annotator_id("ben")
        for suffix in ("", "-wal"):
            Path(f"{crashed}{suffix}").write_bytes(Path(f"{path}{suffix}").read_bytes())
    window = open_window()
    window.files.open(crashed)
    qtbot.waitUntil(window.notice.isVisible, timeout=20_000)
    assert "crashed.annot found a fault" in window.notice.words.text()
    choose(window, "Show all 3")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LinesDialog)
    assert len(dialog.lines.toPlainText().splitlines()) == 3
    dialog.close()


def test_a_damaged_project_is_left_alone_and_its_backup_offered(
    open_window: Callable[..., Window], tmp_path: Path
) -> None:
    path = make_project(tmp_path)
    with Project.open(path) as project:
        backups.back_up(project, "timed")
    damaged = shorten(path)
    window = open_window()
    window.show_start()
    window.files.open(path)
    assert window.project is None
    assert "cut short" in window.notice.words.text()
    assert path.read_bytes() == damaged
    choose(window, "Restore a backup")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, BackupDialog)
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    assert window.project is not None
    assert "backup is in place" in window.notice.words.text()
    assert window.page.queue.count() == 3


def test_what_is_readable_of_a_damaged_project_is_saved_and_opened(
    open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, target = long_articles(tmp_path), tmp_path / "readable.annot"
    lose(path, b"Line of article 0.")
    window = open_window()
    window.show_start()
    window.files.open(path)
    assert window.project is None
    assert "is damaged" in window.notice.words.text()
    monkeypatch.setattr(window.files, "ask_save", lambda *_: target)
    choose(window, "Save what is readable")
    qtbot.waitUntil(lambda: window.project is not None and window.project.path == target, timeout=20_000)
    assert "3 articles and 0 marks could be read" in window.notice.words.text()
    assert window.page.header.title.text() == "Article 1"


def test_damage_met_while_working_is_told_with_the_ways_out(
    open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = long_articles(tmp_path)
    lose(path, b"Line of article 2.")
    window = open_window()
    window.files.open(path)
    desk = Desk(window, path)
    desk.press("Ctrl+PgDown", "Ctrl+PgDown")
    assert "is damaged" in window.notice.words.text()
    assert window.page.header.title.text() == "Article 1"
    monkeypatch.setattr(window.files, "ask_save", lambda *_: tmp_path / "readable.annot")
    choose(window, "Save what is readable")
    qtbot.waitUntil(lambda: "could be read" in window.notice.words.text(), timeout=20_000)
    assert window.page.queue.count() == 3
