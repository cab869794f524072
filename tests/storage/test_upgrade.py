"""Files of the first version: brought to this one when they are written to, read as they are else."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.storage import schema
from annotator.storage.backups import list_backups
from annotator.storage.check import check
from annotator.storage.flags import flagged_count
from annotator.storage.journal import Journal
from annotator.storage.project import Access, Project
from annotator.storage.queue_search import queue_ids
from annotator.storage.salvage import salvage
from tests.storage.samples import ALICE, add, fill, make

TABLES_OF_3 = (
    "sight",
    "own_pass",
    "naming",
    "flag",
    "adjudication",
    "guideline_note",
    "label_alias",
    "labelset_current",
    "assignment",
    "handout",
)
# Those of tables that were there before.
INDEXES_OF_3 = ("gold_entity", "gold_stance", "stance_label", "op_undoable")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file of version 1 with three articles and one gesture."""
    path = tmp_path / "old.annot"
    project, ids = make(path)
    with project:
        add(Journal(project, project.annotator_id("Ann")), ids[0], ALICE)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for name in ("article_searched", "article_place_stays", "remark_log_insert", "remark_log_update"):
            db.execute(f"DROP TRIGGER {name}")
        db.execute("DROP VIEW label_name")
        for name in ("article_facts", "entity_label", "entity_named", "op_article", *INDEXES_OF_3):
            db.execute(f"DROP INDEX {name}")
        for name in ("article_words", "remark", "effort", *TABLES_OF_3):
            db.execute(f"DROP TABLE {name}")
        db.execute("PRAGMA user_version=1")
    return path


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """A file of version 2 with three articles and one gesture."""
    path = tmp_path / "second.annot"
    project, ids = make(path)
    with project:
        add(Journal(project, project.annotator_id("Ann")), ids[0], ALICE)
    take_back_to_2(path)
    return path


def take_back_to_2(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DROP VIEW label_name")
        for name in INDEXES_OF_3:
            db.execute(f"DROP INDEX {name}")
        for name in TABLES_OF_3:
            db.execute(f"DROP TABLE {name}")
        db.execute("PRAGMA user_version=2")


def shape(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as db:
        return set(db.execute("SELECT type,name FROM sqlite_schema"))


def test_a_file_of_an_earlier_version_gets_what_a_new_one_has(old: Path, tmp_path: Path) -> None:
    make(tmp_path / "new.annot")[0].close()
    with Project.open(old) as project:
        assert schema.version_of(project.db) == schema.VERSION
        found = "SELECT count(*) FROM article_words WHERE article_words MATCH 'oslo'"
        assert project.db.execute(found).fetchone() == (3,)
    assert shape(old) == shape(tmp_path / "new.annot")
    assert check(old).problems == ()
    assert [backup.reason for backup in list_backups(old)] == ["upgrade"]


def test_a_file_of_an_earlier_version_is_read_as_it_is(old: Path) -> None:
    before = old.read_bytes()
    assert check(old).problems == ()
    with Project.open(old, Access.READ) as project:
        assert project.db.execute("SELECT count(*) FROM remark").fetchone() == (0,)
    assert old.read_bytes() == before


def test_a_file_of_the_second_version_gets_the_tables_of_the_third(second: Path, tmp_path: Path) -> None:
    make(tmp_path / "new.annot")[0].close()
    with Project.open(second, Access.READ) as project:
        assert project.db.execute("SELECT count(*) FROM sight").fetchone() == (0,)
    with Project.open(second) as project:
        assert schema.version_of(project.db) == schema.VERSION
    assert shape(second) == shape(tmp_path / "new.annot")
    assert check(second).problems == ()


def test_an_article_flagged_in_the_second_version_is_flagged_still(tmp_path: Path) -> None:
    path = tmp_path / "flagged.annot"
    project, ids = make(path)
    with project, Journal(project, project.annotator_id("Ann")).gesture("status", ids[1], "flag") as gesture:
        gesture.status(ids[1], Status.FLAGGED)
    take_back_to_2(path)
    for access in (Access.READ, Access.WRITE):
        with Project.open(path, access) as project:
            annotator = project.annotator_id("Ann")
            assert flagged_count(project.db, annotator) == 1
            assert queue_ids(project.db, annotator, None, "is:flagged") == [ids[1]]
    assert check(path).problems == ()


def test_new_articles_are_in_the_index_of_words_also_after_a_salvage(tmp_path: Path) -> None:
    project, _ = make(tmp_path / "p.annot")
    with project:
        fill(project, 2, first=70)
    salvage(tmp_path / "p.annot", tmp_path / "saved.annot")
    with Project.open(tmp_path / "saved.annot") as saved:
        found = "SELECT count(*) FROM article_words WHERE article_words MATCH ?"
        assert saved.db.execute(found, ("71",)).fetchone() == (1,)
        assert saved.db.execute(found, ("oslo",)).fetchone() == (5,)
    assert check(tmp_path / "saved.annot").problems == ()


@pytest.mark.parametrize(
    "harm",
    [
        "INSERT INTO article_words(article_words,rowid,text)"
        " SELECT 'delete',position,text FROM article LIMIT 1",
        "INSERT INTO article_words(rowid,text) SELECT position,'strange' FROM article LIMIT 1",
        "INSERT INTO article_words(rowid,text) VALUES(5,'nothing')",
    ],
)
def test_a_wrong_index_of_words_is_found(tmp_path: Path, harm: str) -> None:
    project, _ = make(tmp_path / "p.annot")
    with project, project.writing() as db:
        db.execute(harm)
    (problem, *_) = check(tmp_path / "p.annot").problems
    assert problem.startswith("words: ")
