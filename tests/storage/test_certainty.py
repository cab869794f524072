"""The order of articles by how sure their suggestions are."""

import pytest

from annotator.domain.choices import Choices, Showing, Thresholds, When
from annotator.domain.marks import Entity, Stance
from annotator.domain.suggestions import Run, Suggestion
from annotator.domain.text import Span
from annotator.storage import certainty
from annotator.storage.certainty import keep_certainty, least_certain
from annotator.storage.choices import write_choices
from annotator.storage.suggestions import Reading, store_readings
from tests.storage.conftest import Desk
from tests.storage.samples import ALICE, BOB, OSLO

SPANS = (ALICE, BOB, OSLO)


def store(desk: Desk, place: int, *scores: float | None, version: str = "1") -> Run:
    """A reading of an article whose suggestions are a PERSON, then GPEs, with these scores."""
    run = Run.of("en_scored", version)
    suggestions = tuple(
        Suggestion(run.id, n, Entity(f"{run.id}:{n}", Span(*SPANS[n]), "GPE" if n else "PERSON"), score)
        for n, score in enumerate(scores)
    )
    with desk.project.writing() as db:
        store_readings(db, [Reading(desk.ids[place], run, suggestions)])
    return run


def order(desk: Desk, *places: int) -> list[int]:
    """The places of articles in the order of their certainty."""
    ids = [desk.ids[place] for place in places or range(3)]
    return [desk.ids.index(article_id) for article_id in least_certain(desk.project.db, desk.ann, ids)]


@pytest.fixture
def scored(desk: Desk) -> Desk:
    """The first article is sure, the second is not, the third is in between."""
    for place, scores in enumerate(((0.9, 0.95), (0.2, 0.4), (0.6, 0.7))):
        store(desk, place, *scores)
    return desk


def test_the_least_certain_article_comes_first(scored: Desk) -> None:
    assert order(scored) == [1, 2, 0]
    assert order(scored, 0, 2) == [2, 0]


def test_articles_that_nobody_has_read_or_scored_come_last_as_they_stood(desk: Desk) -> None:
    store(desk, 2, 0.9)
    store(desk, 1, None)
    assert order(desk, 1, 2) == [2, 1]


@pytest.mark.parametrize("at_once", [1_000, 0])
def test_what_is_decided_no_longer_counts_for_the_one_who_decided(
    scored: Desk, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certainty, "_MANY", at_once)
    run = Run.of("en_scored", "1")
    for n in (0, 1):
        with scored.journal.gesture("reject", scored.ids[1], "reject") as gesture:
            gesture.insert("decision", run_id=run.id, n=n, verdict="reject", ms=1)
    assert order(scored) == [2, 0, 1]
    scored.ann = scored.project.annotator_id("Ben")
    assert order(scored) == [1, 2, 0]


def test_the_run_that_read_last_counts(scored: Desk) -> None:
    store(scored, 1, 0.99, version="2")
    with scored.project.writing() as db:
        db.execute("UPDATE suggested SET at=at+1 WHERE run_id=?", (Run.of("en_scored", "2").id,))
    assert order(scored) == [2, 0, 1]


def test_what_is_below_its_threshold_does_not_count_read_before_or_after(scored: Desk) -> None:
    choices = Choices(thresholds=Thresholds({"PERSON": 0.3, "GPE": 0.5}))
    with scored.project.writing() as db:
        write_choices(db, choices)
        keep_certainty(db)
    assert order(scored) == [2, 0, 1]
    kept = scored.project.db.execute("SELECT uncertainty FROM suggested ORDER BY article_id").fetchall()
    with scored.project.writing() as db:
        db.execute("DELETE FROM suggestion WHERE run_id<>7")
        db.execute("DELETE FROM suggested WHERE run_id<>7")
    for place, scores in enumerate(((0.9, 0.95), (0.2, 0.4), (0.6, 0.7))):
        store(scored, place, *scores)
    again = scored.project.db.execute("SELECT uncertainty FROM suggested ORDER BY article_id").fetchall()
    assert [value for (value,) in again] == pytest.approx([value for (value,) in kept])


def test_an_empty_queue_has_no_order(desk: Desk) -> None:
    assert least_certain(desk.project.db, desk.ann, []) == []


def show(desk: Desk, showing: Showing) -> None:
    with desk.project.writing() as db:
        write_choices(db, Choices(showing=showing))


def test_the_order_tells_nothing_of_suggestions_that_are_hidden(scored: Desk) -> None:
    show(scored, Showing(entity=When.AFTER, stance=When.AFTER))
    assert order(scored) == [0, 1, 2], "as they stood"
    with scored.journal.gesture("pass", scored.ids[1], "see them") as gesture:
        gesture.insert("own_pass", kind="entity", revealed=1)
    assert order(scored) == [1, 0, 2]
    with scored.journal.gesture("reject", scored.ids[2], "reject") as gesture:
        gesture.insert("decision", run_id=Run.of("en_scored", "1").id, n=0, verdict="reject", ms=1)
    assert order(scored) == [1, 0, 2], "nor of those left where one was decided before"


def test_where_stances_are_hidden_entities_alone_make_the_order(scored: Desk) -> None:
    run = Run.of("en_stances", "1")
    unsure = Suggestion(run.id, 1, Stance(f"{run.id}:1", Span(*BOB), "FAVOR"), 0.1)
    sure = Suggestion(run.id, 0, Entity(f"{run.id}:0", Span(*ALICE), "PERSON"), 0.99)
    with scored.project.writing() as db:
        store_readings(db, [Reading(scored.ids[0], run, (sure, unsure))])
        db.execute("UPDATE suggested SET at=at+1 WHERE run_id=?", (run.id,))
    assert order(scored) == [1, 0, 2]
    show(scored, Showing(stance=When.AFTER))
    assert order(scored) == [1, 2, 0]
