"""Backups, copies and restoring: whole or not there, never of a damaged file, thinned with age."""

import gzip
import json
import os
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from annotator.domain.errors import NotAProject, ProjectDamaged, ProjectExists, ProjectLocked
from annotator.storage import queries
from annotator.storage.backups import back_up, due, folder_of, kept, list_backups, restore, save_copy
from annotator.storage.check import check
from annotator.storage.project import Access, Project
from tests.storage.conftest import Desk
from tests.storage.samples import ALICE, BOB, accept, add

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def backup_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "backups"
    monkeypatch.setattr("annotator.places.backup_dir", lambda: folder)
    return folder


def marks_in(path: Path) -> int:
    with Project.open(path, Access.READ) as project:
        return int(project.db.execute("SELECT count(*) FROM entity WHERE deleted=0").fetchone()[0])


def damage(path: Path) -> None:
    """Overwrite a page of an article that only a full look finds."""
    at = path.read_bytes().index(b"Alice praised Bob in Oslo, day 1") // 4096 * 4096
    with path.open("r+b") as file:
        file.seek(at)
        file.write(bytes(4096))


def test_a_backup_is_a_whole_project_with_what_was_saved(desk: Desk) -> None:
    add(desk.journal, desk.ids[0], ALICE)
    backup = back_up(desk.project, "Before merge!")
    add(desk.journal, desk.ids[0], BOB)
    assert check(backup).clean
    assert marks_in(backup) == 1
    (made,) = list_backups(desk.project.path)
    assert (made.path, made.reason, made.size) == (backup, "before-merge", backup.stat().st_size)
    assert datetime.now(UTC) - made.at < timedelta(minutes=5)
    names = sorted(file.name for file in backup.parent.iterdir())
    assert names == [backup.name, backup.with_suffix(".jsonl.gz").name]


def test_human_work_stands_beside_it_as_lines_without_sqlite(desk: Desk) -> None:
    mark = accept(desk.journal, desk.ids[0], 0, ALICE)
    gone = add(desk.journal, desk.ids[1], BOB)
    with desk.journal.gesture("delete", desk.ids[1], "delete") as gesture:
        gesture.update("entity", gone, deleted=1)
    backup = back_up(desk.project, "test")
    with gzip.open(backup.with_suffix(".jsonl.gz"), "rt", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    article = queries.article(desk.project.db, desk.ids[0])
    assert [line["table"] for line in lines] == ["labelset", "status", "status", "entity", "decision"]
    entity, decision = lines[3:]
    assert (
        entity | {"annotator": "Ann", "article": article.sha256.hex(), "id": mark, "label": "PERSON"}
        == entity
    )
    assert (entity["start"], entity["end"]) == ALICE
    assert (decision["verdict"], decision["result_id"]) == ("accept", mark)


def test_a_backup_can_be_made_in_another_thread(desk: Desk) -> None:
    worker = threading.Thread(target=back_up, args=(desk.project, "worker"))
    worker.start()
    worker.join()
    assert [backup.reason for backup in list_backups(desk.project.path)] == ["worker"]


def test_a_damaged_project_pushes_no_backup_out(desk: Desk) -> None:
    good = back_up(desk.project, "good")
    desk.project.close()
    damage(desk.project.path)
    with (
        Project.open(desk.project.path) as desk.project,
        pytest.raises(ProjectDamaged, match="older backups stay"),
    ):
        back_up(desk.project, "bad")
    assert [backup.path for backup in list_backups(desk.project.path)] == [good]
    assert sorted(good.parent.iterdir()) == [good, good.with_suffix(".jsonl.gz")]


def test_a_backup_is_due_after_half_an_hour_with_a_change(desk: Desk) -> None:
    assert due(desk.project, now=NOON)
    back_up(desk.project, "test", now=NOON)
    later = NOON + timedelta(minutes=31)
    assert not due(desk.project, now=later)
    add(desk.journal, desk.ids[0], ALICE)
    assert not due(desk.project, now=NOON + timedelta(minutes=29))
    assert due(desk.project, now=later)
    back_up(desk.project, "test", now=later)
    assert not due(desk.project, now=later + timedelta(hours=9))


def test_thinning_keeps_recent_daily_weekly_and_monthly_ones() -> None:
    every_half_hour = [NOON - timedelta(minutes=30 * number) for number in range(2 * 24 * 500)]
    keep = kept(every_half_hour)
    assert set(every_half_hour[:8]) <= keep
    for days in range(1, 7):
        assert (NOON - timedelta(days=days)).replace(hour=23, minute=30) in keep
    assert len({at.strftime("%G-%V") for at in keep}) >= 5
    assert len({at.strftime("%Y-%m") for at in keep}) == 12
    assert len(keep) <= 8 + 7 + 5 + 12


def test_thinning_keeps_everything_while_there_is_little() -> None:
    few = [NOON - timedelta(days=40 * number) for number in range(8)]
    assert kept(few) == set(few)
    assert kept([]) == set()


def test_thinned_backups_go_with_their_lines(desk: Desk) -> None:
    for number in range(12):
        back_up(desk.project, "test", now=NOON + timedelta(minutes=30 * number))
    made = list_backups(desk.project.path)
    assert [backup.at for backup in made] == [
        NOON + timedelta(minutes=30 * number) for number in range(11, 3, -1)
    ]
    assert len(list(folder_of(desk.project.path).iterdir())) == 16


def test_restoring_puts_the_backup_in_place_and_keeps_what_was_there(desk: Desk) -> None:
    path = desk.project.path
    add(desk.journal, desk.ids[0], ALICE)
    backup = back_up(desk.project, "test")
    add(desk.journal, desk.ids[0], BOB)
    desk.project.close()
    aside = restore(backup, path, now=NOON)
    assert aside == path.with_name("p-replaced-20260310T120000Z.annot")
    assert (marks_in(path), marks_in(aside), marks_in(backup)) == (1, 2, 1)
    assert sorted(file.name for file in path.parent.glob("*.annot*")) == [aside.name, path.name]
    desk.project = Project.open(path)
    assert desk.project.read_only is None


def test_restoring_keeps_the_side_file_of_what_was_there(desk: Desk, tmp_path: Path) -> None:
    add(desk.journal, desk.ids[0], ALICE)
    backup = back_up(desk.project, "test")
    add(desk.journal, desk.ids[0], BOB)
    crashed = tmp_path / "crashed.annot"
    shutil.copy(desk.project.path, crashed)
    shutil.copy(f"{desk.project.path}-wal", f"{crashed}-wal")
    aside = restore(backup, crashed)
    assert aside is not None
    assert (marks_in(crashed), marks_in(aside)) == (1, 2)


def test_restoring_where_the_project_is_lost(desk: Desk, tmp_path: Path) -> None:
    backup = back_up(desk.project, "test")
    assert restore(backup, tmp_path / "new.annot") is None
    assert check(tmp_path / "new.annot").clean


def test_restoring_over_an_open_project_is_refused(desk: Desk) -> None:
    backup = back_up(desk.project, "test")
    with pytest.raises(ProjectLocked, match=f"process {os.getpid()}"):
        restore(backup, desk.project.path)
    add(desk.journal, desk.ids[0], ALICE)


def test_a_damaged_backup_replaces_nothing(desk: Desk) -> None:
    backup = back_up(desk.project, "test")
    desk.project.close()
    before = desk.project.path.read_bytes()
    damage(backup)
    with pytest.raises(ProjectDamaged):
        restore(backup, desk.project.path)
    backup.write_text("not a backup any more")
    with pytest.raises(NotAProject):
        restore(backup, desk.project.path)
    assert desk.project.path.read_bytes() == before
    assert [file.name for file in files_beside(desk.project.path)] == [desk.project.path.name]


def files_beside(path: Path) -> list[Path]:
    return [file for file in path.parent.iterdir() if file.is_file()]


def test_a_copy_holds_everything_and_overwrites_nothing(desk: Desk, tmp_path: Path) -> None:
    add(desk.journal, desk.ids[0], ALICE)
    target = tmp_path / "copy.annot"
    save_copy(desk.project, target)
    assert check(target).clean
    assert marks_in(target) == 1
    with pytest.raises(ProjectExists):
        save_copy(desk.project, target)
    with pytest.raises(ProjectExists):
        save_copy(desk.project, desk.project.path)
