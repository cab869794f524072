"""The file of an open project deleted, replaced or moved: nothing is called saved, and nothing is lost."""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from annotator.domain.errors import ProjectDisplaced, ProjectExists
from annotator.storage.backups import back_up, list_backups, save_copy
from annotator.storage.check import check
from annotator.storage.project import Access, Project
from tests.storage.conftest import Desk
from tests.storage.displacing import delete, delete_with_side_files, move_folder, replace
from tests.storage.samples import ALICE, BOB, OSLO, add

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps an open file in its place")


@pytest.fixture(autouse=True)
def backup_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "backups"
    monkeypatch.setattr("annotator.places.backup_dir", lambda: folder)
    return folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """In a folder of its own, which a test may move."""
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk" / "p.annot"


every_way = pytest.mark.parametrize("displace", [delete, delete_with_side_files, replace, move_folder])


def marks_in(path: Path) -> int:
    assert check(path).clean
    with Project.open(path, Access.READ) as project:
        return int(project.db.execute("SELECT count(*) FROM entity WHERE deleted=0").fetchone()[0])


@every_way
@pytest.mark.parametrize("checkpoint", [False, True])
def test_the_next_gesture_is_refused_and_the_copy_holds_all_before(
    desk: Desk, tmp_path: Path, displace: Callable[[Path], None], checkpoint: bool
) -> None:
    add(desk.journal, desk.ids[0], ALICE)
    displace(desk.project.path)
    if checkpoint:
        desk.project.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with pytest.raises(ProjectDisplaced, match=r"not saved.*copy") as told:
        add(desk.journal, desk.ids[0], BOB)
    assert told.value.unsaved
    assert str(desk.project.path) in str(told.value)
    assert "\n" not in str(told.value)
    copy = tmp_path / "copy.annot"
    save_copy(desk.project, copy)
    desk.project.close()
    assert marks_in(copy) == 1


@every_way
def test_a_backup_is_made_of_the_work_and_not_of_what_lies_there(
    desk: Desk, displace: Callable[[Path], None]
) -> None:
    add(desk.journal, desk.ids[0], ALICE)
    displace(desk.project.path)
    with pytest.raises(ProjectDisplaced):
        back_up(desk.project, "timed")
    assert list_backups(desk.project.path) == []
    assert marks_in(back_up(desk.project, "file gone", own=True)) == 1


@every_way
def test_who_ends_a_block_of_work_learns_of_it_and_finds_a_backup(
    path: Path, desk: Desk, displace: Callable[[Path], None]
) -> None:
    add(desk.journal, desk.ids[0], ALICE)
    with pytest.raises(ProjectDisplaced, match="backup"), desk.project:
        displace(path)
    (backup,) = list_backups(path)
    assert marks_in(backup.path) == 1


def test_a_deleted_project_is_put_back_in_its_place(desk: Desk) -> None:
    path = desk.project.path
    add(desk.journal, desk.ids[0], ALICE)
    path.unlink()
    save_copy(desk.project, path)
    desk.project.close()
    assert marks_in(path) == 1
    desk.restart()
    add(desk.journal, desk.ids[0], BOB)
    desk.restart()
    add(desk.journal, desk.ids[0], OSLO)
    desk.project.close()
    assert marks_in(path) == 3


def test_what_replaced_a_project_is_left_as_it_is(desk: Desk) -> None:
    path = desk.project.path
    desk.project.close()
    before = path.read_bytes()
    desk.restart()
    for article_id in desk.ids:
        add(desk.journal, article_id, ALICE)
    path.with_name("older").write_bytes(before)
    os.replace(path.with_name("older"), path)
    with pytest.raises(ProjectExists):
        save_copy(desk.project, path)
    desk.project.close()
    assert path.read_bytes() == before
    assert marks_in(path) == 0


def test_the_work_in_the_side_file_is_not_laid_over_what_replaced_it(desk: Desk) -> None:
    path = desk.project.path
    desk.restart()
    replace(path)
    desk.project.adrift = True
    add(desk.journal, desk.ids[0], ALICE)
    assert back_up(desk.project, "file gone", own=True)
    desk.project.empty_side_file()
    assert marks_in(path) == 0
    desk.project.close()
    assert marks_in(path) == 0


def test_no_second_connection_reads_what_replaced_it(desk: Desk) -> None:
    replace(desk.project.path)
    with pytest.raises(ProjectDisplaced):
        desk.project.reader()


def test_work_goes_on_where_the_file_comes_back(desk: Desk) -> None:
    path = desk.project.path
    away = path.with_name("away")
    path.rename(away)
    with pytest.raises(ProjectDisplaced):
        add(desk.journal, desk.ids[0], ALICE)
    away.rename(path)
    add(desk.journal, desk.ids[0], ALICE)
    desk.project.close()
    assert marks_in(path) == 1


def test_reading_a_project_does_not_ask_where_it_is(desk: Desk) -> None:
    with Project.open(desk.project.path, Access.READ) as project:
        replace(project.path)
        assert project.displaced() is None


def delete_side_file(wal: Path) -> None:
    wal.unlink()


def empty_instead(wal: Path) -> None:
    wal.unlink()
    wal.touch()


def copy_instead(wal: Path) -> None:
    replace(wal)


@pytest.mark.parametrize("harm", [delete_side_file, empty_instead, copy_instead])
@pytest.mark.parametrize("by_gesture", [True, False])
def test_without_its_side_file_nothing_is_lost_by_a_crash(
    desk: Desk, tmp_path: Path, harm: Callable[[Path], None], by_gesture: bool
) -> None:
    path = desk.project.path
    wal = path.with_name(f"{path.name}-wal")
    add(desk.journal, desk.ids[0], ALICE)
    harm(wal)
    if by_gesture:
        add(desk.journal, desk.ids[0], BOB)
    else:
        desk.project.renew_side_file()
    crashed = tmp_path / "crash"
    crashed.mkdir()
    for file in (path, wal):
        shutil.copy(file, crashed)
    assert marks_in(crashed / path.name) == 1 + by_gesture
    assert desk.project.db.execute("PRAGMA synchronous").fetchone() == (2,)
    with closing(desk.project.reader()) as reader:
        assert reader.execute("SELECT count(*) FROM entity").fetchone() == (1 + by_gesture,)
    add(desk.journal, desk.ids[1], OSLO)
    desk.project.close()
    assert marks_in(path) == 2 + by_gesture


def test_while_another_reads_the_work_comes_home_and_the_side_file_later(desk: Desk) -> None:
    path = desk.project.path
    desk.project.db.execute("PRAGMA busy_timeout=0")
    with closing(desk.project.reader()) as reader:
        reader.execute("SELECT count(*) FROM entity").fetchone()
        path.with_name(f"{path.name}-wal").unlink()
        add(desk.journal, desk.ids[0], ALICE)
    add(desk.journal, desk.ids[0], BOB)
    assert path.with_name(f"{path.name}-wal").stat().st_size > 0
    desk.project.close()
    assert marks_in(path) == 2
