"""Two annotators do anything in any order, with restarts: the file is always as a model says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from annotator.domain.articles import Status
from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Shown
from annotator.domain.zones import Zone
from annotator.storage import queries
from annotator.storage.check import check
from annotator.storage.journal import Gesture, Journal
from annotator.storage.project import Project
from annotator.storage.queue_search import queue_ids
from tests.storage.samples import ALICE, BOB, OSLO, RUN, make

View = tuple[tuple[Shown, ...], tuple[Zone, ...], Status]
Views = dict[int, View]

who = st.sampled_from(("Ann", "Ben"))
where = st.integers(0, 2)
# Half of the spans are those of suggestions, which equal marks hide.
spans = st.sampled_from((ALICE, BOB, OSLO)) | st.builds(
    lambda start, size: (start, start + size), st.integers(0, 20), st.integers(1, 5)
)
names = st.sampled_from(("PERSON", "GPE"))


@dataclass
class Person:
    """An annotator in the model: the states that undo and redo reach, and a screen kept by Changes alone."""

    id: str
    journal: Journal
    past: list[tuple[str, Views]] = field(default_factory=list)
    future: list[tuple[str, Views]] = field(default_factory=list)
    screen: dict[int, dict[str, Shown]] = field(default_factory=dict)


@cache
def _fresh() -> bytes:
    """The bytes of a project with its articles and annotators: making one for each example costs seconds."""
    with TemporaryDirectory() as folder:
        project, _ = make(Path(folder) / "p.annot")
        for name in ("Ann", "Ben"):
            project.annotator_id(name)
        project.close()
        return project.path.read_bytes()


class UndoMachine(RuleBasedStateMachine):
    """`past` holds, for each gesture that stands, its summary and what was shown before it."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        path = Path(self._folder.name) / "p.annot"
        path.write_bytes(_fresh())
        self.project = Project.open(path)
        self.ids = queue_ids(self.project.db, self.project.annotator_id("Ann"))
        self.project.db.execute("PRAGMA synchronous=OFF")  # the disk is not what is tested here
        self.count = 0
        self.people = {name: self._person(name) for name in ("Ann", "Ben")}

    def _person(self, name: str) -> Person:
        id_ = self.project.annotator_id(name)
        person = Person(id_, Journal(self.project, id_))
        for article_id, (shown, _, _) in self._views(person).items():
            person.screen[article_id] = {item.id: item for item in shown}
        return person

    def _views(self, person: Person) -> Views:
        db = self.project.db
        return {
            each: (
                tuple(queries.shown(db, each, person.id)),
                tuple(queries.zones(db, each, person.id)),
                queries.status_of(db, each, person.id),
            )
            for each in self.ids
        }

    def _gesture(self, name: str, place: int, write: Callable[[Gesture], None]) -> None:
        """Make a gesture; one that is refused changes nothing."""
        person = self.people[name]
        before = self._views(person)
        self.count += 1
        summary = f"gesture {self.count}"
        try:
            with person.journal.gesture("any", self.ids[place], summary) as gesture:
                write(gesture)
        except GestureRefused:
            assert self._views(person) == before
            return
        person.past.append((summary, before))
        person.future.clear()
        self._draw(person, gesture.change)

    def _draw(self, person: Person, change: Change) -> None:
        """What a window does with a Change."""
        screen = person.screen[change.article_id]
        for mark_id in change.gone:
            screen.pop(mark_id, None)
        screen.update({item.id: item for item in change.now})

    def _own(self, name: str, place: int) -> list[Shown]:
        shown = queries.shown(self.project.db, self.ids[place], self.people[name].id)
        return [item for item in shown if not item.suggested]

    @rule(name=who, place=where, span=spans, label=names)
    def add(self, name: str, place: int, span: tuple[int, int], label: str) -> None:
        def write(gesture: Gesture) -> None:
            gesture.insert("entity", label=label, start=span[0], end=span[1])

        self._gesture(name, place, write)

    @rule(name=who, place=where, pick=st.integers(0, 9), span=spans)
    def move(self, name: str, place: int, pick: int, span: tuple[int, int]) -> None:
        own = self._own(name, place)
        if own:
            mark = own[pick % len(own)]

            def write(gesture: Gesture) -> None:
                gesture.update("entity", mark.id, start=span[0], end=span[1])

            self._gesture(name, place, write)

    @rule(name=who, place=where, pick=st.integers(0, 9))
    def delete(self, name: str, place: int, pick: int) -> None:
        own = self._own(name, place)
        if not own:
            return
        mark = own[pick % len(own)]

        def write(gesture: Gesture) -> None:
            gesture.update("entity", mark.id, deleted=1)
            for (decision,) in self.project.db.execute(
                "SELECT id FROM decision WHERE result_id=? AND deleted=0", (mark.id,)
            ).fetchall():
                gesture.update("decision", decision, verdict="reject", result_id=None)

        self._gesture(name, place, write)

    @rule(name=who, pick=st.integers(0, 9), keep=st.booleans())
    def decide(self, name: str, pick: int, keep: bool) -> None:
        shown = queries.shown(self.project.db, self.ids[0], self.people[name].id)
        wanted = [item for item in shown if item.suggested and item.mark.label in ("PERSON", "GPE")]
        if not wanted:
            return
        mark = wanted[pick % len(wanted)].mark
        n = int(mark.id.partition(":")[2])

        def write(gesture: Gesture) -> None:
            if keep:
                result = gesture.insert("entity", label=mark.label, start=mark.span.start, end=mark.span.end)
                gesture.insert("decision", run_id=RUN, n=n, verdict="accept", result_id=result, ms=1)
            else:
                gesture.insert("decision", run_id=RUN, n=n, verdict="reject", ms=1)

        self._gesture(name, 0, write)

    @rule(name=who, place=where, span=spans)
    def mark_zone(self, name: str, place: int, span: tuple[int, int]) -> None:
        def write(gesture: Gesture) -> None:
            gesture.insert("zoning", start=span[0], end=span[1], kind="other", present=1)

        self._gesture(name, place, write)

    @rule(name=who, place=where, status=st.sampled_from(Status))
    def set_status(self, name: str, place: int, status: Status) -> None:
        self._gesture(name, place, lambda gesture: gesture.status(self.ids[place], status))

    @rule(name=who)
    def undo(self, name: str) -> None:
        person = self.people[name]
        if not person.past:
            with pytest.raises(GestureRefused):
                person.journal.undo()
            return
        after = self._views(person)
        change = person.journal.undo()
        summary, before = person.past.pop()
        person.future.append((summary, after))
        assert change.summary == f"undo {summary}"
        assert self._views(person) == before
        self._draw(person, change)

    @rule(name=who)
    def redo(self, name: str) -> None:
        person = self.people[name]
        if not person.future:
            with pytest.raises(GestureRefused):
                person.journal.redo()
            return
        before = self._views(person)
        change = person.journal.redo()
        summary, after = person.future.pop()
        person.past.append((summary, before))
        assert change.summary == f"redo {summary}"
        assert self._views(person) == after
        self._draw(person, change)

    @precondition(lambda self: self.count % 5 == 4)
    @rule()
    def restart(self) -> None:
        self.project.close()
        self.project = Project.open(self.project.path)
        self.project.db.execute("PRAGMA synchronous=OFF")
        for person in self.people.values():
            person.journal = Journal(self.project, person.id)

    @invariant()
    def next_undo_and_redo_are_those_of_the_model(self) -> None:
        for person in self.people.values():
            assert person.journal.next_undo() == (person.past[-1][0] if person.past else None)
            assert person.journal.next_redo() == (person.future[-1][0] if person.future else None)

    @invariant()
    def a_screen_kept_by_changes_shows_what_is_saved(self) -> None:
        for person in self.people.values():
            for article_id, (shown, _, _) in self._views(person).items():
                assert person.screen[article_id] == {item.id: item for item in shown}

    def teardown(self) -> None:
        self.project.close()
        assert check(self.project.path).problems == ()
        self._folder.cleanup()


TestUndoMachine = UndoMachine.TestCase
TestUndoMachine.settings = settings(max_examples=120, stateful_step_count=30, deadline=None)
