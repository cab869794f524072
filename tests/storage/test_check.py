"""Checking projects that are right and projects that were tampered with; saving what is readable."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.domain.errors import NotAProject, ProjectDamaged, ProjectExists
from annotator.storage import queries
from annotator.storage.check import check
from annotator.storage.project import Access, Project
from annotator.storage.salvage import salvage
from tests.storage.conftest import Desk
from tests.storage.samples import ALICE, BOB, OSLO, accept, add, fill, reject


@contextmanager
def tampering(desk: Desk) -> Iterator[sqlite3.Connection]:
    """Someone with another program and no respect for triggers and references."""
    desk.project.close()
    with closing(sqlite3.connect(desk.project.path, isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type='trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("PRAGMA ignore_check_constraints=ON")
        yield db


@pytest.fixture
def worked(desk: Desk) -> Desk:
    mark = accept(desk.journal, desk.ids[0], 0, ALICE)
    add(desk.journal, desk.ids[1], BOB)
    reject(desk.journal, desk.ids[0], 1)
    with desk.journal.gesture("rename", desk.ids[0], "rename") as gesture:
        gesture.update("entity", mark, name="Alice A.")
    with desk.journal.gesture("finish", desk.ids[1], "finish") as gesture:
        gesture.status(desk.ids[1], Status.DONE)
    desk.journal.undo()
    return desk


def test_a_project_at_work_is_clean_and_counted(worked: Desk) -> None:
    report = check(worked.project.path)
    assert report.clean
    counts = {"article": 3, "annotator": 1, "suggestion": 4, "entity": 2, "stance": 0, "decision": 2}
    assert report.counts == counts | {"zoning": 0, "remark": 0, "flag": 0, "op": 6}


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE entity SET label='GPE' WHERE start=14", "log: entity .* is not as its last gesture left it"),
        ("UPDATE entity SET label='SHIP'", "labels: 2 marks have the label SHIP, which the label set does"),
        ("DELETE FROM entity WHERE start=14", "log: entity .* is in the log and not in the project"),
        ("UPDATE status SET status='done'", "log: status .* is not as its last gesture left it"),
        ("UPDATE tally SET count=9 WHERE status='todo'", "queue: 9 articles are counted as todo for Ann"),
        ("DELETE FROM status WHERE op_id IS NULL", "queue: 1 articles are missing or misplaced for Ann"),
        ("UPDATE article SET text=replace(text,'Alice','Blice')", "texts: the text of article"),
        ("UPDATE article SET length=length+1", "integrity: CHECK constraint failed in article"),
        ('UPDATE suggestion SET "end"=999 WHERE n=1', "offsets: suggestion 7:1 goes beyond"),
        ("UPDATE suggestion SET target_end=999 WHERE n=3", "offsets: suggestion 7:3 goes beyond"),
        ("INSERT INTO found_zone SELECT id,0,999,'other' FROM article", "offsets: the zone at 0 goes beyond"),
        ("DELETE FROM run", "references: a row of suggest.* names a run"),
        ("UPDATE decision SET result_id=NULL,verdict='reject' WHERE n=0", "log: decision"),
        ("UPDATE entity SET deleted=1 WHERE start=0", "decisions: .* led to a mark that is not there"),
        ("DELETE FROM change WHERE tbl='entity'", "log: entity"),
    ],
)
def test_tampering_is_found(worked: Desk, statement: str, problem: str) -> None:
    with tampering(worked) as db:
        db.execute(statement)
    said = "\n".join(check(worked.project.path).problems)
    assert re.search(problem, said)


def test_many_problems_of_a_sort_are_counted(worked: Desk) -> None:
    with tampering(worked) as db:
        db.executemany(
            'INSERT INTO suggestion(article_id,run_id,n,kind,label,start,"end") '
            "SELECT article_id,run_id,?,kind,label,start,999 FROM suggestion WHERE n=0",
            [(n,) for n in range(4, 28)],
        )
    problems = check(worked.project.path).problems
    assert len(problems) == 11
    assert problems[-1] == "and 14 more like it"


def test_damage_is_reported_and_other_files_are_refused(worked: Desk) -> None:
    path = worked.project.path
    worked.project.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:-4096])
    assert "cut short" in check(path).problems[0]
    path.write_text("text")
    with pytest.raises(NotAProject):
        check(path)


def _views(project: Project, ids: list[int]) -> list[object]:
    ann = project.annotator_id("Ann")
    return [
        (
            [(item.mark.span, item.mark.label, item.source) for item in queries.shown(project.db, each, ann)],
            queries.status_of(project.db, each, ann),
            queries.article(project.db, each),
        )
        for each in ids
    ]


def test_salvaging_a_whole_project_saves_all_of_it(worked: Desk, tmp_path: Path) -> None:
    before = _views(worked.project, worked.ids)
    worked.project.close()
    target = tmp_path / "saved.annot"
    done = salvage(worked.project.path, target)
    assert done.refused == 0
    assert done.saved["article"] == 3
    with Project.open(target) as project:
        assert _views(project, worked.ids) == before
        assert project.labelset == worked.project.labelset
    assert check(target).clean


@pytest.mark.parametrize("fault", ["zeroed", "cut", "flipped"])
def test_what_is_readable_of_a_damaged_project_is_saved(desk: Desk, tmp_path: Path, fault: str) -> None:
    path = desk.project.path
    desk.ids += fill(desk.project, 200, first=10)
    for article_id in desk.ids:
        add(desk.journal, article_id, OSLO, "GPE")
    desk.project.close()
    content = bytearray(path.read_bytes())
    at = content.rindex(b"Alice praised Bob in Oslo, day 150.")
    if fault == "zeroed":
        content[at // 4096 * 4096 : at // 4096 * 4096 + 4096] = bytes(4096)
    elif fault == "cut":
        del content[-3 * 4096 :]
    else:
        content[at] ^= 1
    path.write_bytes(content)
    target = tmp_path / "saved.annot"
    done = salvage(path, target)
    assert path.read_bytes() == content
    assert check(target).problems == ()
    assert done.saved["article"] >= 150
    if fault == "flipped":
        assert done.saved["article"] == len(desk.ids) - 1
        assert done.refused >= 1  # what was marked in the lost article
    with Project.open(target, Access.READ) as project:
        (marks,) = project.db.execute("SELECT count(*) FROM entity").fetchone()
    assert marks >= 150


def test_nothing_readable_is_said(worked: Desk, tmp_path: Path) -> None:
    worked.project.close()
    with worked.project.path.open("r+b") as file:
        file.write(bytes(4096))
    with pytest.raises(ProjectDamaged, match="nothing can be read; restore a backup"):
        salvage(worked.project.path, tmp_path / "saved.annot")
    assert not (tmp_path / "saved.annot").exists()


def test_salvaging_overwrites_nothing(worked: Desk, tmp_path: Path) -> None:
    worked.project.close()
    target = tmp_path / "mine"
    target.write_text("mine")
    with pytest.raises(ProjectExists):
        salvage(worked.project.path, target)
    assert target.read_text() == "mine"
