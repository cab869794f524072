"""The queue, the counts, and what of an article is shown to whom."""

from datetime import UTC, datetime

import pytest

from annotator.domain.articles import Article, Status
from annotator.domain.changes import Progress
from annotator.domain.errors import ProjectError
from annotator.domain.marks import Part, Source, Stance
from annotator.domain.text import Span
from annotator.domain.zones import Zone, ZoneKind
from annotator.storage import queries
from annotator.storage.queue_search import queue_ids
from tests.storage.conftest import Desk
from tests.storage.samples import ALICE, BOB, OSLO, PRAISED, RUN, accept, add, fill, reject, sample, suggest


def set_status(desk: Desk, place: int, status: Status) -> None:
    with desk.journal.gesture("status", desk.ids[place], status) as gesture:
        gesture.status(desk.ids[place], status)


def test_an_article_comes_back_as_it_went_in(desk: Desk) -> None:
    assert queries.article(desk.project.db, desk.ids[1]) == sample(1)
    whole = Article.of(
        "A\r\n\tB\u2028é😀",
        source="s",
        url="u",
        published="2026-01-02",
        lang="en",
        meta={"n": [1, {"x": None}]},
    )
    with desk.project.writing() as db:
        db.execute(
            "INSERT INTO article(id,position,sha256,title,source,url,published,lang,length,text,meta) "
            "VALUES(?,9,?,?,?,?,?,?,?,?,?)",
            (whole.id, whole.sha256, whole.title, "s", "u", "2026-01-02", "en", len(whole.text), whole.text,
             '{"n":[1,{"x":null}]}'),
        )  # fmt: skip
    assert queries.article(desk.project.db, whole.id) == whole


def test_an_article_that_is_not_there_is_said(desk: Desk) -> None:
    with pytest.raises(ProjectError, match="no article 5"):
        queries.article(desk.project.db, 5)


def test_suggestions_are_shown_in_reading_order_with_their_provenance(desk: Desk) -> None:
    shown = queries.shown(desk.project.db, desk.ids[0], desk.ann)
    assert [(item.id, item.mark.span) for item in shown] == [
        (f"{RUN}:0", Span(*ALICE)),
        (f"{RUN}:3", Span(*PRAISED)),
        (f"{RUN}:1", Span(*BOB)),
        (f"{RUN}:2", Span(*OSLO)),
    ]
    assert all(item.suggested and item.score == 0.5 for item in shown)
    stance = shown[1].mark
    assert isinstance(stance, Stance)
    assert (stance.holder, stance.target) == (Part(Span(*ALICE)), Part(Span(*BOB)))


def test_the_source_of_a_mark_is_what_was_decided(desk: Desk) -> None:
    first = desk.ids[0]
    accepted = accept(desk.journal, first, 0, ALICE)
    added = add(desk.journal, first, (18, 20), "ORG")
    with desk.journal.gesture("edit", first, "edit") as gesture:
        edited = gesture.insert("entity", label="ORG", start=BOB[0], end=BOB[1], note="why")
        gesture.insert("decision", run_id=RUN, n=1, verdict="edit", result_id=edited, ms=1)
    own = [item for item in queries.shown(desk.project.db, first, desk.ann) if item.source]
    assert [(item.id, item.source, item.score) for item in own] == [
        (accepted, Source.ACCEPTED, 0.5),
        (edited, Source.EDITED, 0.5),
        (added, Source.ADDED, None),
    ]
    assert own[1].note == "why"


def test_only_the_newest_run_suggests(desk: Desk) -> None:
    suggest(desk.project, desk.ids[0], run=9, at=2)
    suggest(desk.project, desk.ids[0], run=8, at=1)
    assert {item.id[:2] for item in queries.shown(desk.project.db, desk.ids[0], desk.ann)} == {"9:"}


def test_two_stances_on_the_same_words_are_two(desk: Desk) -> None:
    """As in "A and B exchanged fire": only the one that was accepted goes."""
    first = desk.ids[0]
    with desk.project.writing() as db:
        db.execute(
            'INSERT INTO suggestion SELECT article_id,run_id,4,kind,label,start,"end",score,name,'
            "target_start,target_end,NULL,holder_start,holder_end,NULL FROM suggestion WHERE n=3"
        )
    with desk.journal.gesture("accept", first, "accept") as gesture:
        parts = {"holder_start": 0, "holder_end": 5, "target_start": 14, "target_end": 17}
        mark = gesture.insert("stance", label="FAVOR", start=PRAISED[0], end=PRAISED[1], **parts)
        gesture.insert("decision", run_id=RUN, n=3, verdict="accept", result_id=mark, ms=1)
    ids = {item.id for item in queries.shown(desk.project.db, first, desk.ann)}
    assert {mark, f"{RUN}:4"} <= ids
    assert f"{RUN}:3" not in ids


def test_gold_is_nobodys_own_mark(desk: Desk) -> None:
    with desk.journal.gesture("settle", desk.ids[0], "settle") as gesture:
        gold = gesture.insert("entity", label="PERSON", start=ALICE[0], end=ALICE[1], gold=1)
    assert gesture.change.now == ()
    assert gold not in {item.id for item in queries.shown(desk.project.db, desk.ids[0], desk.ann)}


def test_marks_are_looked_up_by_id(desk: Desk) -> None:
    first = desk.ids[0]
    mark = accept(desk.journal, first, 0, ALICE)
    elsewhere = add(desk.journal, desk.ids[1], BOB)
    ids = [mark, elsewhere, f"{RUN}:0", f"{RUN}:2", "99:0", "no such"]
    found = queries.shown_by_id(desk.project.db, first, desk.ann, ids)
    assert [item.id for item in found] == [mark, f"{RUN}:2"]
    assert queries.shown_by_id(desk.project.db, first, desk.ann, []) == []


def test_zones_are_those_found_as_the_annotator_changed_them(desk: Desk) -> None:
    first, db = desk.ids[0], desk.project.db
    with desk.project.writing():
        db.executemany("INSERT INTO found_zone VALUES(?,?,?,'credit')", [(first, *ALICE), (first, *OSLO)])
    found = [
        Zone(Span(*ALICE), ZoneKind.CREDIT, "found:0:5"),
        Zone(Span(*OSLO), ZoneKind.CREDIT, "found:21:25"),
    ]
    with desk.journal.gesture("unmark", first, "unmark a zone") as gesture:
        gesture.insert("zoning", start=0, end=5, kind="credit", present=0)
    assert [item.id for item in gesture.change.now] == [f"{RUN}:0"]
    with desk.journal.gesture("mark", first, "mark a zone") as gesture:
        zone = gesture.insert("zoning", start=6, end=13, kind="other", present=1)
    assert queries.zones(db, first, None) == found
    assert queries.zones(db, first, desk.ann) == [Zone(Span(6, 13), ZoneKind.OTHER, zone), found[1]]
    other = desk.project.annotator_id("Ben")
    assert queries.zones(db, first, other) == found
    assert {item.id for item in queries.shown(db, first, other)} == {f"{RUN}:1", f"{RUN}:3"}


def test_progress_counts_what_is_no_longer_open(desk: Desk) -> None:
    first, db = desk.ids[0], desk.project.db
    assert queries.progress_of(db, desk.ids[1], desk.ann) == Progress(0, 0)
    assert queries.progress_of(db, first, desk.ann) == Progress(0, 4)
    accept(desk.journal, first, 0, ALICE)
    reject(desk.journal, first, 1)
    assert queries.progress_of(db, first, desk.ann) == Progress(2, 4)
    with desk.journal.gesture("mark", first, "mark a zone") as gesture:
        gesture.insert("zoning", start=OSLO[0], end=OSLO[1], kind="other", present=1)
    assert queries.progress_of(db, first, desk.ann) == Progress(2, 3)


def test_every_annotator_has_every_article_to_do(desk: Desk) -> None:
    ben = desk.project.annotator_id("Ben")
    assert desk.project.annotator_id(" Ben ") == ben
    desk.ids += fill(desk.project, 2, first=10)
    for annotator in (desk.ann, ben):
        assert queue_ids(desk.project.db, annotator) == desk.ids
        assert queries.tally(desk.project.db, annotator) == dict.fromkeys(Status, 0) | {Status.TODO: 5}
    assert desk.project.annotators() == ["Ann", "Ben"]


def test_a_nameless_annotator_is_refused(desk: Desk) -> None:
    with pytest.raises(ProjectError, match="needs a name"):
        desk.project.annotator_id("  ")


def test_the_queue_by_status_and_text(desk: Desk) -> None:
    db = desk.project.db
    set_status(desk, 0, Status.DONE)
    set_status(desk, 2, Status.FLAGGED)
    assert queue_ids(db, desk.ann, [Status.DONE, Status.FLAGGED]) == [desk.ids[0], desk.ids[2]]
    assert queue_ids(db, desk.ann, []) == []
    assert queue_ids(db, desk.ann, None, "DAY 1") == [desk.ids[1]]
    assert queue_ids(db, desk.ann, [Status.DONE], "day 1") == []
    with desk.project.writing():
        db.execute("UPDATE article SET source='Пример' WHERE id=?", (desk.ids[2],))
    assert queue_ids(db, desk.ann, None, "ПРИМЕР") == [desk.ids[2]]


def test_the_rows_of_the_queue(desk: Desk) -> None:
    accept(desk.journal, desk.ids[0], 0, ALICE)
    rows = queries.queue_rows(desk.project.db, desk.ann, [desk.ids[1], 12345, desk.ids[0]])
    assert [(row.article_id, row.title, row.words, row.status, row.progress) for row in rows] == [
        (desk.ids[1], "Alice praised Bob in Oslo, day 1.", 7, Status.TODO, Progress(0, 0)),
        (desk.ids[0], "Alice praised Bob in Oslo, day 0.", 7, Status.DOING, Progress(1, 4)),
    ]


def test_the_next_and_the_previous_article_to_do(desk: Desk) -> None:
    db, ids = desk.project.db, desk.ids
    assert queries.next_article(db, desk.ann, None) == ids[0]
    set_status(desk, 1, Status.DONE)
    assert queries.next_article(db, desk.ann, ids[0]) == ids[2]
    assert queries.next_article(db, desk.ann, ids[2]) is None
    assert queries.previous_article(db, desk.ann, ids[2]) == ids[0]
    assert queries.previous_article(db, desk.ann, ids[0]) is None
    assert queries.previous_article(db, desk.ann, None) == ids[2]
    assert queries.next_article(db, desk.ann, ids[0], list(Status)) == ids[1]
    assert queries.next_article(db, desk.ann, None, [Status.FLAGGED]) is None
    assert queries.place_of(db, desk.ann, ids[1]) == (2, 3)


def test_a_gesture_knows_when_it_was_saved(desk: Desk) -> None:
    before = datetime.now(UTC).timestamp()
    with desk.journal.gesture("add", desk.ids[0], "add") as gesture:
        gesture.insert("entity", label="ORG", start=0, end=1)
    assert before - 1 <= gesture.change.saved_at / 1000 <= datetime.now(UTC).timestamp() + 1
