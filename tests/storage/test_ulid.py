"""Ids sort by the order in which they were given, whatever the system's clock does."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.storage.journal import Journal
from annotator.storage.project import Project
from annotator.storage.ulid import Clock, now_ms
from tests.storage.conftest import Desk
from tests.storage.samples import ALICE, BOB, add


@given(st.lists(st.integers(0, 2**47), min_size=1, max_size=50))
def test_ids_grow_though_the_clock_jumps(times: list[int]) -> None:
    readings = iter(times)
    clock = Clock(now=lambda: next(readings))
    ids = [clock.next() for _ in times]
    assert ids == sorted(set(ids))
    assert all(len(each) == 26 for each in ids)


def test_an_id_begins_with_its_time() -> None:
    clock = Clock(now=lambda: 1_469_918_176_385)  # the time in the example of the ULID specification
    assert clock.next().startswith("01ARYZ6S41")


def test_the_counter_carries_into_the_time() -> None:
    clock = Clock(now=lambda: 1000)
    ids = [clock.next() for _ in range(70_000)]
    assert ids == sorted(set(ids))


@given(st.integers(0, 2**47), st.integers(0, 2**47))
def test_a_clock_goes_on_from_the_newest_id(then: int, now: int) -> None:
    newest = Clock(now=lambda: then).next()
    assert Clock(newest, now=lambda: now).next() > newest
    seen = Clock(now=lambda: now)
    seen.observe(newest)
    assert seen.next() > newest


def test_gestures_stay_in_order_when_the_clock_was_ahead_yesterday(desk: Desk) -> None:
    with desk.project.writing() as db:
        ahead = Clock(now=lambda: now_ms() + 10**9).next()
        db.execute(
            "INSERT INTO op(id,annotator_id,at,kind,article_id,summary) VALUES(?,?,0,'add',?,'yesterday')",
            (ahead, desk.ann, desk.ids[0]),
        )
    desk.restart()
    add(desk.journal, desk.ids[0], ALICE)
    assert desk.journal.next_undo() == "add PERSON at 0"
    desk.project.close()
    with Project.open(desk.project.path) as desk.project:
        add(Journal(desk.project, desk.ann), desk.ids[0], BOB)
        found = [row[0] for row in desk.project.db.execute("SELECT summary FROM op ORDER BY id")]
    assert found == ["yesterday", "add PERSON at 0", "add PERSON at 14"]
