"""Gestures, undo and redo: what is saved, what the Change says, and whose gestures undo reaches."""

import sqlite3
from dataclasses import replace

import pytest

from annotator.domain.articles import Article, Status
from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Shown, Source
from annotator.domain.text import Span
from annotator.storage import queries
from annotator.storage.check import check
from annotator.storage.decisions import decisions_of, suggestions_like
from annotator.storage.journal import Journal
from annotator.storage.project import add_labelset
from tests.storage.conftest import Desk
from tests.storage.samples import ALICE, BOB, OSLO, RUN, accept, add, reject, suggest


def state(desk: Desk) -> list[tuple[list[Shown], Status]]:
    """All that the annotator sees, article by article."""
    db = desk.project.db
    return [(queries.shown(db, each, desk.ann), queries.status_of(db, each, desk.ann)) for each in desk.ids]


def test_a_gesture_saves_its_rows_and_tells_what_to_repaint(desk: Desk) -> None:
    first = desk.ids[0]
    with desk.journal.gesture("accept", first, "accept PERSON “Alice”") as gesture:
        mark = gesture.insert("entity", label="PERSON", start=0, end=5)
        gesture.insert("decision", run_id=RUN, n=0, verdict="accept", result_id=mark, ms=9)
    change = gesture.change
    assert (change.gesture, change.article_id, change.summary) == (gesture.id, first, "accept PERSON “Alice”")
    assert change.gone == (f"{RUN}:0",)
    assert [(item.id, item.source, item.score) for item in change.now] == [(mark, Source.ACCEPTED, 0.5)]
    assert change.status is Status.DOING
    assert change.zones is None
    assert queries.tally(desk.project.db, desk.ann)[Status.DOING] == 1


def test_the_second_gesture_leaves_the_status_alone(desk: Desk) -> None:
    add(desk.journal, desk.ids[0], ALICE)
    with desk.journal.gesture("finish", desk.ids[0], "finish") as gesture:
        gesture.status(desk.ids[0], Status.DONE)
    assert gesture.change.status is Status.DONE
    with desk.journal.gesture("add", desk.ids[0], "add") as gesture:
        gesture.insert("entity", label="ORG", start=0, end=5)
    assert gesture.change.status is None
    assert queries.status_of(desk.project.db, desk.ids[0], desk.ann) is Status.DONE


def test_a_gesture_that_fails_half_way_leaves_nothing(desk: Desk) -> None:
    before = state(desk)

    def fail_half_way() -> None:
        with desk.journal.gesture("add", desk.ids[0], "add") as gesture:
            gesture.insert("entity", label="PERSON", start=0, end=5)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert state(desk) == before
    assert desk.project.db.execute("SELECT count(*) FROM op").fetchone() == (0,)


def test_a_gesture_that_changes_nothing_is_refused(desk: Desk) -> None:
    with (
        pytest.raises(GestureRefused, match="Nothing was changed"),
        desk.journal.gesture("x", desk.ids[0], "x"),
    ):
        pass
    assert desk.journal.next_undo() is None


def test_the_same_mark_twice_is_refused(desk: Desk) -> None:
    add(desk.journal, desk.ids[0], ALICE)
    with pytest.raises(GestureRefused, match="there already"):
        add(desk.journal, desk.ids[0], ALICE)


def test_a_mark_beyond_the_text_is_our_own_bug(desk: Desk) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        add(desk.journal, desk.ids[0], (0, 10_000))


def test_anothers_mark_cannot_be_changed(desk: Desk) -> None:
    mark = add(desk.journal, desk.ids[0], ALICE)
    other = Journal(desk.project, desk.project.annotator_id("Ben"))
    with (
        pytest.raises(GestureRefused, match="own"),
        other.gesture("delete", desk.ids[0], "delete") as gesture,
    ):
        gesture.update("entity", mark, deleted=1)


def test_an_equal_mark_hides_the_suggestion_and_its_deletion_brings_it_back(desk: Desk) -> None:
    first = desk.ids[0]
    with desk.journal.gesture("add", first, "add") as gesture:
        mark = gesture.insert("entity", label="PERSON", start=ALICE[0], end=ALICE[1])
    assert gesture.change.gone == (f"{RUN}:0",)
    with desk.journal.gesture("delete", first, "delete") as gesture:
        gesture.update("entity", mark, deleted=1)
    assert gesture.change.gone == (mark,)
    assert [item.id for item in gesture.change.now] == [f"{RUN}:0"]


def test_marking_a_zone_hides_the_suggestions_in_it(desk: Desk) -> None:
    first = desk.ids[0]
    with desk.journal.gesture("zone", first, "mark a zone") as gesture:
        gesture.insert("zoning", start=12, end=26, kind="other", present=1)
    assert gesture.change.gone == tuple(sorted((f"{RUN}:1", f"{RUN}:2", f"{RUN}:3")))
    assert gesture.change.zones is not None
    assert [zone.span for zone in gesture.change.zones] == [Span(12, 26)]
    assert [item.id for item in queries.shown(desk.project.db, first, desk.ann)] == [f"{RUN}:0"]
    change = desk.journal.undo()
    assert change.zones == ()
    assert {item.id for item in change.now} == {f"{RUN}:1", f"{RUN}:2", f"{RUN}:3"}


def test_undo_restores_what_was_there_and_redo_does_it_again(desk: Desk) -> None:
    states = [state(desk)]
    mark = accept(desk.journal, desk.ids[0], 0, ALICE)
    states.append(state(desk))
    with desk.journal.gesture("move", desk.ids[0], "move") as gesture:
        gesture.update("entity", mark, start=0, end=3, note="shorter")
    states.append(state(desk))
    reject(desk.journal, desk.ids[0], 1)
    states.append(state(desk))
    for before in reversed(states[:-1]):
        desk.journal.undo()
        assert state(desk) == before
    for after in states[1:]:
        desk.journal.redo()
        assert state(desk) == after


def test_undo_says_what_to_repaint(desk: Desk) -> None:
    mark = accept(desk.journal, desk.ids[0], 0, ALICE)
    change = desk.journal.undo()
    assert (change.gone, change.status, change.summary) == ((mark,), Status.TODO, "undo accept PERSON at 0")
    assert [item.id for item in change.now] == [f"{RUN}:0"]
    change = desk.journal.redo()
    assert (change.gone, change.status, change.summary) == (
        (f"{RUN}:0",),
        Status.DOING,
        "redo accept PERSON at 0",
    )
    assert [item.id for item in change.now] == [mark]


def test_undo_goes_back_across_articles(desk: Desk) -> None:
    for article_id in desk.ids:
        add(desk.journal, article_id, BOB)
    assert [desk.journal.undo().article_id for _ in desk.ids] == desk.ids[::-1]
    assert [desk.journal.redo().article_id for _ in desk.ids] == desk.ids


def test_undo_and_redo_outlive_a_restart(desk: Desk) -> None:
    before = state(desk)
    add(desk.journal, desk.ids[0], ALICE)
    add(desk.journal, desk.ids[1], OSLO)
    after = state(desk)
    desk.restart()
    assert desk.journal.next_undo() == "add PERSON at 21"
    desk.journal.undo()
    desk.restart()
    assert (desk.journal.next_undo(), desk.journal.next_redo()) == ("add PERSON at 0", "add PERSON at 21")
    desk.journal.undo()
    assert state(desk) == before
    desk.restart()
    desk.journal.redo()
    desk.journal.redo()
    assert state(desk) == after


def test_nothing_to_undo_or_redo_is_said(desk: Desk) -> None:
    with pytest.raises(GestureRefused, match=r"Nothing to undo\."):
        desk.journal.undo()
    add(desk.journal, desk.ids[0], ALICE)
    with pytest.raises(GestureRefused, match=r"Nothing to redo\."):
        desk.journal.redo()
    desk.journal.undo()
    with pytest.raises(GestureRefused, match=r"Nothing to undo\."):
        desk.journal.undo()


def test_a_new_gesture_empties_redo(desk: Desk) -> None:
    add(desk.journal, desk.ids[0], ALICE)
    add(desk.journal, desk.ids[0], BOB)
    desk.journal.undo()
    desk.journal.undo()
    add(desk.journal, desk.ids[1], OSLO)
    assert desk.journal.next_redo() is None
    assert desk.journal.next_undo() == "add PERSON at 21"
    desk.journal.undo()
    assert (desk.journal.next_undo(), desk.journal.next_redo()) == (None, "add PERSON at 21")


def test_what_was_redone_can_be_undone_and_redone_again(desk: Desk) -> None:
    before = state(desk)
    add(desk.journal, desk.ids[0], ALICE)
    after_one = state(desk)
    add(desk.journal, desk.ids[0], BOB)
    after_two = state(desk)
    for _ in range(3):
        desk.journal.undo()
        desk.journal.undo()
        assert state(desk) == before
        desk.journal.redo()
        assert state(desk) == after_one
        desk.journal.undo()
        desk.journal.redo()
        desk.journal.redo()
        assert state(desk) == after_two
        assert desk.journal.next_redo() is None


def test_undo_reaches_only_ones_own_gestures(desk: Desk) -> None:
    ben = desk.project.annotator_id("Ben")
    other = Journal(desk.project, ben)
    add(desk.journal, desk.ids[0], ALICE)
    theirs = add(other, desk.ids[0], ALICE)
    add(other, desk.ids[1], BOB)
    desk.journal.undo()
    with pytest.raises(GestureRefused):
        desk.journal.undo()
    assert [item.id for item in queries.shown(desk.project.db, desk.ids[0], ben) if not item.suggested] == [
        theirs
    ]
    other.undo()
    assert (other.next_undo(), other.next_redo()) == ("add PERSON at 0", "add PERSON at 14")
    assert desk.journal.next_redo() == "add PERSON at 0"


def test_an_import_is_no_gesture_and_closes_what_was_before(desk: Desk) -> None:
    add(desk.journal, desk.ids[0], ALICE)
    desk.journal.undo()
    with desk.project.writing() as db:
        db.execute(
            "INSERT INTO op(id,annotator_id,at,kind,summary) VALUES(?,?,0,'import','import')",
            (desk.project.new_id(), desk.ann),
        )
    assert (desk.journal.next_undo(), desk.journal.next_redo()) == (None, None)


def test_a_row_written_twice_in_one_gesture_is_undone_as_one(desk: Desk) -> None:
    before = state(desk)
    with desk.journal.gesture("add", desk.ids[0], "add") as gesture:
        mark = gesture.insert("entity", label="PERSON", start=0, end=3)
        gesture.update("entity", mark, end=5, name="Alice A.")
    after = state(desk)
    desk.journal.undo()
    assert state(desk) == before
    desk.journal.redo()
    assert state(desk) == after


def test_a_mark_replaced_by_an_equal_one_comes_back(desk: Desk) -> None:
    old = add(desk.journal, desk.ids[0], ALICE)
    before = state(desk)
    with desk.journal.gesture("replace", desk.ids[0], "replace") as gesture:
        gesture.update("entity", old, deleted=1)
        gesture.insert("entity", label="PERSON", start=ALICE[0], end=ALICE[1])
    after = state(desk)
    desk.journal.undo()
    assert state(desk) == before
    desk.journal.redo()
    assert state(desk) == after


def test_a_decided_suggestion_does_not_come_back_with_a_new_run(desk: Desk) -> None:
    first = desk.ids[0]
    reject(desk.journal, first, 0)
    suggest(desk.project, first, run=8, at=2)
    open_ids = [item.id for item in queries.shown(desk.project.db, first, desk.ann)]
    assert open_ids == ["8:3", "8:1", "8:2"]
    change = desk.journal.undo()
    assert [item.id for item in change.now] == ["8:0"]


def test_the_log_cannot_be_rewritten(desk: Desk) -> None:
    mark = add(desk.journal, desk.ids[0], ALICE)
    add(desk.journal, desk.ids[0], BOB)
    refused = (
        "UPDATE op SET summary=''",
        "DELETE FROM op",
        "DELETE FROM change",
        f"UPDATE change SET image='{{}}' WHERE row_id='{mark}'",
        "DELETE FROM entity",
        "UPDATE status SET status='done',op_id=NULL",
        "UPDATE article SET text='x',length=1",
        "UPDATE suggestion SET label='ORG'",
    )
    for statement in refused:
        with pytest.raises(sqlite3.IntegrityError):
            desk.project.db.execute(statement)
    assert check(desk.project.path).problems == ()


def test_a_gesture_costs_the_same_in_an_article_of_a_thousand_suggestions(desk: Desk) -> None:
    """Counted in steps of SQLite's machine, as time says nothing on a busy one."""
    long = Article.of("Alice praised Bob in Oslo. " * 500)
    with desk.project.writing() as db:
        db.execute(
            "INSERT INTO article(id,position,sha256,title,length,text) VALUES(?,9,?,'',?,?)",
            (long.id, long.sha256, len(long.text), long.text),
        )
        db.execute("INSERT INTO suggested(article_id,run_id,at) VALUES(?,?,1)", (long.id, RUN))
        db.executemany(
            'INSERT INTO suggestion(article_id,run_id,n,kind,label,start,"end") '
            "VALUES(?,?,?,'entity','PERSON',?,?)",
            [(long.id, RUN, n, 27 * (n // 2) + 14 * (n % 2), 27 * (n // 2) + 17) for n in range(1000)],
        )

    def steps(article_id: int) -> int:
        count = 0

        def step() -> int:
            nonlocal count
            count += 1
            return 0

        desk.project.db.set_progress_handler(step, 1)
        mark = accept(desk.journal, article_id, 1, BOB)
        decisions = decisions_of(desk.project.db, desk.ann, mark)
        suggestions_like(desk.project.db, article_id, desk.ann, decisions[0].suggestion)
        desk.journal.undo()
        desk.project.db.set_progress_handler(None, 1)
        return count

    assert steps(long.id) < 1.2 * steps(desk.ids[0])


def test_many_rows_that_were_changed_say_again_what_they_said(desk: Desk) -> None:
    """Names, a kept label with its label set, and what came and went with them: one statement writes each."""
    first = desk.ids[0]
    marks = [add(desk.journal, first, (at, at + 1)) for at in range(4)]
    before = written(desk)
    with desk.journal.gesture("rename", first, "rename") as gesture:
        gesture.update("entity", marks[0], name="Alice", note="“deleted”:1}")
        gesture.update("entity", marks[1], label="GPE", start=1, end=9)
        gesture.update("entity", marks[2], deleted=1, name="Gone")
    after = written(desk)
    assert after != before
    for _ in range(2):
        desk.journal.undo()
        assert written(desk) == before
        desk.journal.redo()
        assert written(desk) == after
    assert check(desk.project.path).clean


def test_a_mark_does_not_come_back_beside_one_that_says_the_same_by_now(desk: Desk) -> None:
    """Somebody changed marks of all, one goes on, and then that is taken back."""
    first, newer = desk.ids[0], replace(desk.project.labelset, version=2)
    ben = Journal(desk.project, desk.project.annotator_id("Ben"))
    same, other = add(desk.journal, first, ALICE), add(desk.journal, first, BOB)
    with ben.labels_gesture(newer, "all are GPE") as gesture:
        add_labelset(desk.project.db, newer, desk.project.labelset.id)
        for mark in (same, other):
            gesture.write_back("entity", mark, {"label": "GPE"})
    add(desk.journal, first, ALICE)
    ben.undo()
    shown = queries.shown(desk.project.db, first, desk.ann)
    live = [(item.mark.label, item.mark.span) for item in shown if not item.suggested]
    assert live == [("PERSON", Span(*ALICE)), ("PERSON", Span(*BOB))]


def written(desk: Desk) -> list[tuple[object, ...]]:
    """Every mark as it stands, but for the gesture that wrote it."""
    return desk.project.db.execute(
        'SELECT id,labelset_id,label,start,"end",name,note,deleted FROM entity ORDER BY id'
    ).fetchall()
