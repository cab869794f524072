"""Three people at work on copies of one project, merged in any order and again: always the same state.

Anybody may work on any copy, with clocks that differ, so that one person's gestures meet. Nothing is lost:
the log of the result holds every gesture of every copy. Leads decide in the copies, too: what they said is
all there, and the same gold stands. In every copy, and in what is merged of them, gold is what was decided,
and every place that is left is found by all leads.
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from annotator.domain.articles import Status
from annotator.domain.errors import GestureRefused, LabelSetError
from annotator.domain.label_changes import LabelChange, added, edited, merged, retired
from annotator.domain.labels import Kind, Label
from annotator.domain.marks import Mark
from annotator.domain.review import Reason, Scope, content_of
from annotator.domain.text import Span, words
from annotator.services.labelling import Labelling
from annotator.services.labelsets import LabelSets
from annotator.services.names import Names
from annotator.services.review_items import Item
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from annotator.storage import adjudications
from annotator.storage.digest import digest
from annotator.storage.gold import gold_marks
from annotator.storage.gold_records import gold_records
from annotator.storage.meeting import Meeting, Terms
from annotator.storage.merging import bring_in
from annotator.storage.project import Project
from annotator.storage.snapshot import joined
from annotator.storage.ulid import Clock
from tests.services.labelled import TEXT, project_at
from tests.services.sound_gold import queue_of, undone, wrong

COPIES = 3
PEOPLE = ("ana", "ben", "cem")
SKEW = (0, 6, -6)  # gestures by which the clock of a copy is ahead
PLACES = [span for span in words(TEXT) if TEXT.count(TEXT[span.start : span.end]) > 1][:6]

copies = st.integers(0, COPIES - 1)
people = st.sampled_from(["ana", "ana", "ben", "cem"])
numbers = st.integers(0, 12)
places = st.sampled_from(PLACES)
labels = st.sampled_from(["PERSON", "GPE"])
labels_ever = st.sampled_from(["PERSON", "GPE", "PLACE", "HUMAN"])
names = st.sampled_from(["Mira Holt", "Mira Holt", "Holt", "M. Holt"])
statuses = st.sampled_from([Status.DONE, Status.DONE, *Status])
LEADS = ("lea", "max", "ana")
leads = st.sampled_from(LEADS)
SEED = 3


@cache
def _folder() -> Path:
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _template() -> Path:
    path = _folder() / "template.annot"
    project, article = project_at(path)[:2]
    project._clock = Clock(now=lambda: 1_000)  # earlier than all that is done in copies
    with project:
        with project.writing() as db:
            adjudications.write_seed(db, SEED)
        for name, given in (("ana", ("PERSON", "GPE", "PERSON")), ("ben", ("PERSON", "PERSON"))):
            desk = Labelling(project, name)
            for place, label in zip(PLACES, given, strict=False):
                desk.add(article, place, label)
            desk.set_status(article, Status.DONE)
    return path


def gestures(path: Path) -> set[str]:
    with Project.open(path) as project:
        return {row[0] for row in project.db.execute("SELECT id FROM op WHERE kind<>'merge'")}


def bring(project: Project, other: Path) -> None:
    with joined(project, other):
        meeting = Meeting(project, Terms())
        if not meeting.found.nothing_new:
            with project.writing():
                bring_in(project, meeting, source=other.name)


def result(target: Path, base: Path, others: Sequence[Path]) -> tuple[object, ...]:
    """Digest, gold, who said it last and opinions after others were merged into a copy of `base`.

    It is sound then, holds their work, and no gold stands twice.
    """
    shutil.copyfile(base, target)
    with Project.open(target) as project:
        for other in others:
            bring(project, other)
        found = digest(project.db)
        for other in others:
            bring(project, other)
        assert digest(project.db) == found
        (article,) = project.db.execute("SELECT id FROM article").fetchone()
        gold = [content_of(mark) for mark in gold_marks(project.db, article)]
        said = list(adjudications.adjudications(project.db, Scope.PEOPLE, [article]))
        told = tuple((record.annotator, record.at) for record in gold_records(project.db))
        (rows,) = project.db.execute("SELECT count(*) FROM adjudication WHERE deleted=0").fetchone()
        assert wrong(project, article, LEADS, SEED) == []
    assert len(said) == rows
    assert len(set(gold)) == len(gold)
    assert gestures(target) == set().union(*map(gestures, [base, *others]))
    return found, tuple(gold), told, tuple((each.id, each.input, each.overruled) for each in said)


def _label(desk: LabelSets, name: str) -> Label:
    found = desk.held.find(Kind.ENTITY, name)
    if found is None:
        raise GestureRefused("no such label")
    return found


class MergingMachine(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.step = 0
        self.paths = [_folder() / f"copy{n}.annot" for n in range(COPIES)]
        self.projects = []
        for n, path in enumerate(self.paths):
            shutil.copyfile(_template(), path)
            project = Project.open(path)
            project._clock = Clock(now=lambda n=n: 1_000_000 + self.step + SKEW[n])
            self.projects.append(project)
        (self.article,) = self.projects[0].db.execute("SELECT id FROM article").fetchone()

    def teardown(self) -> None:
        if not hasattr(self, "projects"):
            return
        faults = [wrong(project, self.article, LEADS, SEED) for project in self.projects]
        for project in self.projects:
            project.close()
        assert faults == [[]] * COPIES
        target = _folder() / "target.annot"
        orders = list(permutations(self.paths))[::2]  # each file is the first, the second and the third once
        found = {result(target, _template(), orders[0])}
        found |= {result(target, first, rest) for first, *rest in orders}
        assert len(found) == 1

    def _do(self, copy: int, who: str, gesture: Callable[[Labelling], object]) -> None:
        self.step += 1
        with suppress(GestureRefused):
            gesture(Labelling(self.projects[copy], who))

    def _mark(self, desk: Labelling, number: int, *, suggested: bool) -> str:
        shown = [each.id for each in desk.open(self.article).shown if each.suggested == suggested]
        if not shown:
            raise GestureRefused("nothing there")
        return shown[number % len(shown)]

    @rule(copy=copies, who=people, place=places, label=labels)
    def add(self, copy: int, who: str, place: Span, label: str) -> None:
        self._do(copy, who, lambda desk: desk.add(self.article, place, label))

    @rule(copy=copies, who=people, number=numbers)
    def accept(self, copy: int, who: str, number: int) -> None:
        self._do(copy, who, lambda desk: desk.accept(self.article, self._mark(desk, number, suggested=True)))

    @rule(copy=copies, who=people, number=numbers, suggested=st.booleans())
    def reject(self, copy: int, who: str, number: int, suggested: bool) -> None:
        self._do(
            copy, who, lambda desk: desk.reject(self.article, self._mark(desk, number, suggested=suggested))
        )

    @rule(copy=copies, who=people, number=numbers, suggested=st.booleans(), place=places)
    def move(self, copy: int, who: str, number: int, suggested: bool, place: Span) -> None:
        self._do(
            copy,
            who,
            lambda desk: desk.move(self.article, self._mark(desk, number, suggested=suggested), place),
        )

    @rule(copy=copies, who=people, number=numbers, label=labels)
    def relabel(self, copy: int, who: str, number: int, label: str) -> None:
        self._do(
            copy,
            who,
            lambda desk: desk.relabel(self.article, self._mark(desk, number, suggested=False), label),
        )

    @rule(copy=copies, who=people, name=names, to=names)
    def rename(self, copy: int, who: str, name: str, to: str) -> None:
        self._do(copy, who, lambda desk: Names(self.projects[copy], who).rename(name, to))

    def _change_labels(self, copy: int, lead: str, change: Callable[[LabelSets], LabelChange]) -> None:
        self.step += 1
        desk = LabelSets(self.projects[copy], lead)
        with suppress(GestureRefused, LabelSetError):
            desk.apply(change(desk), backed_up=True)

    @rule(copy=copies, lead=leads, label=labels_ever, to=labels_ever)
    def rename_label(self, copy: int, lead: str, label: str, to: str) -> None:
        def change(desk: LabelSets) -> LabelChange:
            was = _label(desk, label)
            return edited(desk.held, was, replace(was, name=to))

        self._change_labels(copy, lead, change)

    @rule(copy=copies, lead=leads, label=labels_ever, to=labels_ever)
    def merge_labels(self, copy: int, lead: str, label: str, to: str) -> None:
        def change(desk: LabelSets) -> LabelChange:
            return merged(desk.held, [_label(desk, label)], _label(desk, to))

        self._change_labels(copy, lead, change)

    @rule(copy=copies, lead=leads, label=labels_ever, drop=st.booleans())
    def retire_label(self, copy: int, lead: str, label: str, drop: bool) -> None:
        self._change_labels(copy, lead, lambda desk: retired(desk.held, _label(desk, label), drop=drop))

    @rule(copy=copies, lead=leads, label=labels_ever)
    def add_label(self, copy: int, lead: str, label: str) -> None:
        def change(desk: LabelSets) -> LabelChange:
            return added(desk.held, replace(desk.held.labels[0], name=label, former=(), retired=False))

        self._change_labels(copy, lead, change)

    @rule(copy=copies, who=people, note=st.sampled_from(["one\ntwo “three”", "more", ""]))
    def note(self, copy: int, who: str, note: str) -> None:
        self._do(copy, who, lambda desk: desk.remark(self.article, note))

    @rule(copy=copies, who=people, place=places)
    def zone(self, copy: int, who: str, place: Span) -> None:
        self._do(copy, who, lambda desk: desk.mark_zone(self.article, place))

    @rule(copy=copies, who=people, status=statuses)
    def set_status(self, copy: int, who: str, status: Status) -> None:
        self._do(copy, who, lambda desk: desk.set_status(self.article, status))

    @rule(copy=copies, who=people, redo=st.booleans())
    def undo(self, copy: int, who: str, redo: bool) -> None:
        self._do(copy, who, lambda desk: desk.redo() if redo else desk.undo())

    def _decide(
        self,
        copy: int,
        lead: str,
        number: int,
        decide: Callable[[Reviewing, Item], Mark | None],
        *,
        second: bool = False,
    ) -> None:
        """Has a lead decide on something of the queue: then it is decided, and gold is what was decided."""
        self.step += 1
        project = self.projects[copy]
        items = queue_of(project, lead, SEED, second=second).items
        if not items:
            return
        item = items[number % len(items)]
        try:
            outcome = decide(Reviewing(project, lead), item)
        except GestureRefused:
            return
        if not second:
            gold = gold_marks(project.db, self.article)
            assert undone(queue_of(project, lead, SEED), item, outcome, gold) == []

    @rule(copy=copies, lead=leads, number=numbers, candidate=numbers, second=st.booleans())
    def adopt(self, copy: int, lead: str, number: int, candidate: int, second: bool) -> None:
        def decide(desk: Reviewing, item: Item) -> Mark | None:
            mark = item.group.marks[candidate % len(item.group.marks)]
            desk.adopt(item, mark)
            return mark

        self._decide(copy, lead, number, decide, second=second)

    @rule(copy=copies, lead=leads, number=numbers, second=st.booleans())
    def none(self, copy: int, lead: str, number: int, second: bool) -> None:
        def decide(desk: Reviewing, item: Item) -> Mark | None:
            desk.none(item)
            return None

        self._decide(copy, lead, number, decide, second=second)

    @rule(copy=copies, lead=leads, number=numbers, place=places)
    def edit(self, copy: int, lead: str, number: int, place: Span) -> None:
        def decide(desk: Reviewing, item: Item) -> Mark | None:
            mark = replace(item.group.marks[0], span=place)
            desk.edit(item, mark)
            return mark

        self._decide(copy, lead, number, decide)

    @rule(copy=copies, lead=leads, number=numbers, reason=st.sampled_from([None, *Reason]))
    def put_aside(self, copy: int, lead: str, number: int, reason: Reason | None) -> None:
        self.step += 1
        items = queue_of(self.projects[copy], lead, SEED).items
        if items:
            desk, item = Reviewing(self.projects[copy], lead), items[number % len(items)]
            with suppress(GestureRefused):
                desk.give_reason(item, reason) if reason else desk.unsure(item)

    @rule(copy=copies, lead=leads)
    def settle(self, copy: int, lead: str) -> None:
        self.step += 1
        reader = GroupReader(self.paths[copy])
        for article, digests, gone in ReviewQueue(reader.read(SEED), lead).unsettled():
            new = [group for group in reader.unanimous(article) if group.input in digests]
            Reviewing(self.projects[copy], lead).settle(article, new, gone)

    @rule(copy=copies, lead=leads, redo=st.booleans())
    def undo_decision(self, copy: int, lead: str, redo: bool) -> None:
        self.step += 1
        desk = Reviewing(self.projects[copy], lead)
        with suppress(GestureRefused):
            desk.redo() if redo else desk.undo()

    @rule(copy=copies, other=copies)
    def merge(self, copy: int, other: int) -> None:
        if copy != other:
            bring(self.projects[copy], self.paths[other])


MergingMachine.TestCase.settings = settings(
    max_examples=20, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestMerging = pytest.mark.timeout(600)(MergingMachine.TestCase)


def test_what_leads_said_has_one_order_whatever_was_merged_first() -> None:
    work = MergingMachine()
    work.start()
    work.settle(copy=0, lead="ana")
    work.reject(copy=2, number=0, suggested=False, who="ana")
    work.edit(copy=1, lead="ana", number=7, place=PLACES[0])
    work.adopt(candidate=7, copy=2, lead="ana", number=7, second=False)
    work.teardown()
