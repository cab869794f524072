"""Rows in bulk: the same as many gestures, and the same again adds nothing."""

from pathlib import Path

import pytest

from annotator.domain.articles import Article, Status
from annotator.domain.codec.records import MarkRow, Origin, Record
from annotator.domain.marks import Source
from annotator.domain.suggestions import Run
from annotator.storage import queries
from annotator.storage.bulk import Item, Written, loading, write_articles, write_suggestions
from annotator.storage.bulk_labels import LabelWriter
from annotator.storage.check import check
from annotator.storage.journal import Journal
from annotator.storage.project import Project
from annotator.storage.queue_search import queue_ids
from annotator.storage.records import label_records, suggestion_records
from tests.storage.conftest import Desk
from tests.storage.samples import ALICE, BOB, OSLO, PRAISED

PIPELINE = Run.of("en_test", "1.0")


def entity(at: tuple[int, int], label: str = "PERSON", score: float | None = None) -> MarkRow:
    return ("entity", label, *at, score, None, None, None, None, None, None, None)


def stance(at: tuple[int, int], holder: tuple[int, int] | None) -> MarkRow:
    return ("stance", "FAVOR", *at, None, None, *(holder or (None, None)), "Alice", None, None, None)


def article(day: int) -> Article:
    return Article.of(f"Alice praised Bob in Oslo, day {day}.")


def store(project: Project, *items: Item) -> Written:
    with loading(project.db), project.writing() as db:
        batch = write_articles(db, items)
        write_suggestions(db, batch)
        LabelWriter(project).write(batch)
    return batch.written


def gestures(project: Project) -> int:
    count: int = project.db.execute("SELECT count(*) FROM op").fetchone()[0]
    return count


def test_suggestions_come_in_once(desk: Desk) -> None:
    marks = [entity(ALICE, score=0.9), entity(OSLO, "GPE", 0.7), stance(PRAISED, ALICE), stance(BOB, None)]
    item = Item(Record(article(100), [*marks, marks[0]]), PIPELINE)
    assert store(desk.project, item, item) == Written(articles=1, known=1, suggestions=4)
    assert store(desk.project, item) == Written(known=1)
    record = list(suggestion_records(desk.project.db))[-1]
    assert sorted(record.marks, key=str) == sorted(marks, key=str)
    assert record.run == ("en_test", "1.0")
    assert check(desk.project.path).problems == ()


def test_a_reading_that_is_there_gets_what_it_lacks(desk: Desk) -> None:
    store(desk.project, Item(Record(article(100), [entity(ALICE)]), PIPELINE))
    more = Item(Record(article(100), [entity(ALICE, score=0.5), entity(BOB)]), PIPELINE)
    assert store(desk.project, more).suggestions == 1
    ann = desk.ann
    shown = queries.shown(desk.project.db, article(100).id, ann)
    assert [item.mark.id for item in shown] == [f"{PIPELINE.id}:0", f"{PIPELINE.id}:1"]


def test_many_entities_come_in_whole_at_any_number(desk: Desk) -> None:
    for day, count in enumerate((1, 49, 50, 51, 100, 120), 200):
        text = Article.of(f"{day} " + "x" * 200)
        marks = [entity((n, n + 2)) for n in range(count)]
        assert store(desk.project, Item(Record(text, marks), PIPELINE)).suggestions == count
        assert list(suggestion_records(desk.project.db))[-1].marks == marks


def test_suggestions_in_zones_stay_out_and_found_zones_are_kept(desk: Desk) -> None:
    text = Article.of("Talks collapse\n\nIMAGE SOURCE: AP\n\nAlice left.")
    marks = [entity((16, 32)), entity((30, 36)), entity((34, 39))]
    written = store(desk.project, Item(Record(text, marks), PIPELINE))
    assert (written.suggestions, written.in_zones) == (1, 2)
    (record,) = [record for record in suggestion_records(desk.project.db) if record.article.id == text.id]
    assert record.zones == [(16, 32, "credit")]
    assert record.marks == [entity((34, 39))]


def test_zones_of_the_record_stand_in_for_found_ones(desk: Desk) -> None:
    text = Article.of("Talks collapse\n\nIMAGE SOURCE: AP\n\nAlice left.")
    assert store(desk.project, Item(Record(text, zones=[(0, 5, "other")]))).articles == 1
    assert [zone.kind for zone in queries.zones(desk.project.db, text.id, None)] == ["other"]
    assert store(desk.project, Item(Record(text, zones=[]))) == Written(known=1, zones_kept=1)


def labels() -> Record:
    """Two accepted marks, one edited, one added, one rejected."""
    run = ("en_test", "1.0")
    return Record(
        article(100),
        [entity(ALICE, score=0.9), entity(BOB), entity(OSLO, "GPE", 0.4), stance(PRAISED, ALICE)],
        {
            0: Origin(Source.ACCEPTED, "sure", run, 40),
            1: Origin(Source.ADDED),
            2: Origin(Source.EDITED, None, run, 0, entity(OSLO, "PERSON", 0.4)),
            3: Origin(Source.ACCEPTED, None, run),
        },
        [(entity((0, 9), "ORG"), Origin(None, run=run, ms=5))],
        [],
        None,
        "Bob",
        Status.FLAGGED,
        1_700_000_000_000,
    )


def test_labels_come_back_as_they_were(desk: Desk) -> None:
    assert store(desk.project, Item(labels(), None, "Bob")).labels == 4
    (record,) = label_records(desk.project.db, "Bob", [Status.FLAGGED])
    assert record == labels()
    sources = {item.source for item in queries.shown(desk.project.db, record.article.id, bob(desk.project))}
    assert sources == set(Source)
    assert queries.shown(desk.project.db, record.article.id, desk.ann) == []
    assert check(desk.project.path).problems == ()


def bob(project: Project) -> str:
    return project.annotator_id("Bob")


def test_the_same_labels_again_add_nothing(desk: Desk) -> None:
    store(desk.project, Item(labels(), None, "Bob"))
    before = gestures(desk.project)
    with desk.project.writing():
        desk.project.db.execute("UPDATE meta SET value=value WHERE false")
    assert store(desk.project, Item(labels(), None, "Bob")) == Written(known=1)
    assert gestures(desk.project) == before


def test_labels_leave_a_status_that_is_not_theirs(desk: Desk) -> None:
    """Importing again what is there does not reopen an article that its annotator has moved on."""
    store(desk.project, Item(labels(), None, "Bob"))
    journal = Journal(desk.project, bob(desk.project))
    with journal.gesture("status", article(100).id, "skip") as gesture:
        gesture.status(article(100).id, Status.SKIPPED)
    store(desk.project, Item(labels(), None, "Bob"))
    assert queries.status_of(desk.project.db, article(100).id, bob(desk.project)) is Status.SKIPPED


def test_labels_of_two_people_on_one_text_in_one_batch(desk: Desk) -> None:
    one = Record(article(100), [entity(ALICE)])
    items = [Item(one, None, "Ann"), Item(one, None, "Bob"), Item(one, None, "Bob")]
    written = store(desk.project, *items)
    assert (written.articles, written.known, written.labels) == (1, 2, 2)
    assert queries.tally(desk.project.db, desk.ann)[Status.DONE] == 1
    assert queries.tally(desk.project.db, bob(desk.project))[Status.DONE] == 1
    assert check(desk.project.path).problems == ()


def test_undo_does_not_reach_an_import(desk: Desk) -> None:
    store(desk.project, Item(labels(), None, "Ann"))
    assert desk.journal.next_undo() is None
    (shown, *_) = queries.shown(desk.project.db, article(100).id, desk.ann)
    with desk.journal.gesture("delete", article(100).id, "delete it") as gesture:
        gesture.update("entity", shown.id, deleted=1)
    assert desk.journal.undo().summary == "undo delete it"
    assert desk.journal.next_undo() is None
    assert check(desk.project.path).problems == ()


def test_gold_is_kept_apart_from_labels(desk: Desk) -> None:
    store(desk.project, Item(labels(), None, "Bob", gold=True))
    assert queries.shown(desk.project.db, article(100).id, bob(desk.project)) == []
    assert queries.status_of(desk.project.db, article(100).id, bob(desk.project)) is Status.TODO
    rows = desk.project.db.execute("SELECT count(*) FROM entity WHERE gold=1").fetchone()
    assert rows == (3,)
    assert store(desk.project, Item(labels(), None, "Bob", gold=True)).labels == 0


def test_a_batch_that_fails_leaves_nothing(desk: Desk) -> None:
    before = queue_ids(desk.project.db, desk.ann)

    def interrupted() -> None:
        with loading(desk.project.db), desk.project.writing() as db:
            write_articles(db, [Item(Record(article(100)))])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert queue_ids(desk.project.db, desk.ann) == before
    assert desk.project.db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_new_articles_follow_the_last_in_the_order_given(path: Path, desk: Desk) -> None:
    days = [article(day) for day in (105, 101, 103)]
    store(desk.project, *(Item(Record(each)) for each in days))
    assert queue_ids(desk.project.db, desk.ann)[-3:] == [each.id for each in days]
