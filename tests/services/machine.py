"""What the machine test stands on: a project with suggestions, its model, and undo, redo and reopening."""

import atexit
import shutil
import tempfile
from bisect import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from annotator.domain.articles import Article
from annotator.domain.changes import Change, Progress
from annotator.domain.errors import GestureRefused
from annotator.domain.labels import Kind
from annotator.domain.marks import Entity, Mark, Part, Shown, Stance
from annotator.domain.suggestions import Run
from annotator.domain.text import Span, words
from annotator.domain.zone_rules import find_zones
from annotator.domain.zones import Zone
from annotator.services.again import Again
from annotator.services.annotators import annotator_id
from annotator.services.labelling import Labelling
from annotator.storage.project import Project
from annotator.storage.queries import newest_run
from annotator.storage.remarks import remark_row
from tests.services.labelled import add_article, labelset, suggest
from tests.services.model import Model, Target
from tests.services.model_state import Labels, Paper, PartSays, Place, Says, State

TEXTS = (
    "Bo in Rome\n\nAnna met Bo in Rome. “Rome,” Bo told Anna.\n\nPhoto by Anna\n\nAnna Bo left Rome 😀 Bo.",
    "Anna in Oslo\n\nBo left Anna.\n\nUpdated March 4\n\nBo!",
)
PEOPLE = ("ana", "bo")
LABELS = Labels(
    {
        ("stance" if label.kind is Kind.POLARITY else "entity", label.name): label.name
        for label in labelset().labels
    }
)


def places_of(text: str) -> list[Place]:
    """Words, pairs of words, and stretches that are white space, ragged or beyond the end: few of them."""
    single = [(span.start, span.end) for span in words(text)]
    repeated = [place for place in single if text.count(text[slice(*place)]) > 1]
    pairs = [(one[0], other[1]) for one, other in pairwise(single) if one in repeated]
    blank = text.index("\n\n")
    ragged = [(single[2][0] - 1, single[2][1] + 1), (blank, blank + 2), (len(text) - 2, len(text) + 1)]
    return repeated[:7] + pairs[1:7] + ragged


PLACES = [places_of(text) for text in TEXTS]
Where = tuple[str, int]  # whose work on which paper
papers = st.sampled_from([0, 0, 0, 1])  # seldom the other one, so that gestures meet
people = st.sampled_from(["ana", "ana", "ana", "bo"])
numbers = st.integers(0, 15)
suggested_labels = st.sampled_from(["PERSON", "PERSON", "GPE", "HUMAN"])
suggested_names = st.sampled_from([None, "Bo", "Anna Lee"])


@cache
def _folder() -> Path:
    """In memory where there is such a place: this test is about gestures, not about disks."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _template() -> Path:
    path = _folder() / "template.annot"
    with Project.create(path, labelset()) as project:
        with project.writing() as db:
            for position, text in enumerate(TEXTS):
                add_article(db, Article.of(text), position)
        for text, marks in zip(TEXTS, _first_run(), strict=True):
            suggest(project, Article.of(text).id, tuple(mark_of(says) for says in marks))
    return path


def _first_run() -> list[list[Says]]:
    """With twins, two labels on one place, a stance in each direction, and a label nobody knows."""
    one, two, three, four = PLACES[0][:4]
    long, short = PLACES[0][8], PLACES[1]
    return [
        [
            Says("entity", one, "PERSON", "Bo"),
            Says("entity", three, "PERSON", "Bo"),
            Says("entity", four, "PERSON", "Anna Lee"),
            Says("entity", four, "GPE"),
            Says("stance", long, "FAVOR", None, (three, "Anna Lee"), (four, None)),
            Says("stance", long, "FAVOR", None, (four, None), (three, None)),
            Says("entity", one, "PERSON"),
            Says("entity", two, "ROMAN"),
        ],
        [Says("entity", short[0], "PERSON", "Bo"), Says("stance", short[3], "AGAINST")],
    ]


def mark_of(says: Says) -> Mark:
    if says.kind == "entity":
        return Entity("", Span(*says.place), says.label, says.name)
    return Stance("", Span(*says.place), says.label, part_of(says.holder), part_of(says.target))


def part_of(part: PartSays | None) -> Part | None:
    return part and Part(Span(*part[0]), part[1])


def says_of(mark: Mark) -> Says:
    place = (mark.span.start, mark.span.end)
    if isinstance(mark, Entity):
        return Says("entity", place, mark.label, mark.name)
    return Says("stance", place, mark.label, None, _part_says(mark.holder), _part_says(mark.target))


def _part_says(part: Part | None) -> PartSays | None:
    return part and ((part.span.start, part.span.end), part.name)


def drawn_of(shown: Shown) -> tuple[object, ...]:
    return says_of(shown.mark), shown.note, shown.source and str(shown.source)


def zones_of(zones: Iterable[Zone]) -> frozenset[tuple[Place, str]]:
    return frozenset(((zone.span.start, zone.span.end), str(zone.kind)) for zone in zones)


@dataclass(frozen=True)
class _Step:
    """A gesture that stands: its paper (None: the labels), and the states before and after it."""

    paper: int | None
    before: dict["Where", State]
    after: dict["Where", State]


class Table(RuleBasedStateMachine):
    """Two people at one file.

    `self.states` is the model, `self.screens` is what a window would show from the changes alone, and
    `self.past` is how each paper stood for each after their gestures, by the ids of the gestures; it begins
    anew where labels change. `self.stacks` are what each can undo and redo; None is where somebody else
    changed the labels: what undo does beyond that is the matter of plain tests.
    """

    @initialize(begun=st.booleans())
    def start(self, begun: bool) -> None:
        self.path = _folder() / "machine.annot"
        shutil.copyfile(_template(), self.path)
        self.project = Project.open(self.path)
        self.ids = [Article.of(text).id for text in TEXTS]
        self.papers = []
        for text, marks in zip(TEXTS, _first_run(), strict=True):
            found = zones_of(find_zones(text))
            self.papers.append(Paper(text, found, [marks]))
        self.models = [Model(paper) for paper in self.papers]
        self.states: dict[Where, State] = {
            (who, at): State(zones=paper.found, labels=LABELS)
            for who in PEOPLE
            for at, paper in enumerate(self.papers)
        }
        self.stacks: dict[str, tuple[list[_Step | None], list[_Step | None]]] = {
            who: ([], []) for who in PEOPLE
        }
        self.past: dict[Where, list[tuple[str, State]]] = {
            where: [("", state)] for where, state in self.states.items()
        }
        self.people = {who: annotator_id(self.project, who) for who in PEOPLE}
        self._sit_down()
        if begun:  # there is work of ana's to take up
            for at, article_id in enumerate(self.ids):
                wanted = self.models[at].accept_all(
                    self.states["ana", at], self.models[at].shown(self.states["ana", at])
                )
                accept = Again(self.project, "ana").accept
                self._do("ana", at, wanted, partial(accept, article_id, self.screens["ana", at], rule="all"))

    def _sit_down(self) -> None:
        self.desks = {who: Labelling(self.project, who) for who in PEOPLE}
        self.screens = {(who, at): self._screen(who, at) for who, at in self.states}

    def _screen(self, who: str, at: int) -> dict[str, Shown]:
        return {shown.id: shown for shown in self.desks[who].open(self.ids[at]).shown}

    def teardown(self) -> None:
        if hasattr(self, "project"):
            self.project.close()
            self.path.unlink()

    def _do(self, who: str, at: int, wanted: State | None, gesture: Callable[[], Change]) -> None:
        """Makes a gesture on one paper; one without a state that is wanted is refused and writes nothing."""
        self._do_all(who, at, None if wanted is None else {at: wanted}, gesture)

    def _do_all(
        self, who: str, at: int, wanted: dict[int, State] | None, gesture: Callable[[], Change]
    ) -> None:
        """As `_do`, of a gesture on several papers, that tells of the one `at`."""
        if wanted is None:
            before = self._written()
            with pytest.raises(GestureRefused):
                gesture()
            assert self._written() == before
            return
        self._done(who, at, {(who, paper): state for paper, state in wanted.items()}, gesture())

    def _do_labels(self, who: str, wanted: dict[Where, State], gesture: Callable[[], Change]) -> None:
        """Changes the labels, and so the marks of everybody."""
        self._done(who, None, wanted, gesture())

    def _done(self, who: str, at: int | None, wanted: dict[Where, State], change: Change) -> None:
        undone, redone = self.stacks[who]
        undone.append(_Step(at, {where: self.states[where] for where in wanted}, wanted))
        redone.clear()
        self._changed(who, at, wanted, change)

    def _changed(self, who: str, at: int | None, wanted: dict[Where, State], change: Change) -> None:
        assert change.summary
        if at is None:
            self._labels_changed(who, wanted, change)
            return
        assert change.article_id == self.ids[at]
        was, now = self.states[who, at], wanted[who, at]
        assert change.status == (None if was.status is now.status else now.status)
        if change.zones is None:
            assert was.zones == now.zones
        else:
            assert zones_of(change.zones) == now.zones
        screen = self.screens[who, at]
        for mark_id in change.gone:
            screen.pop(mark_id, None)
        screen.update({shown.id: shown for shown in change.now})
        for where, state in wanted.items():
            self.states[where] = state
            self.past[where].append((change.gesture, state))
            if where != (who, at):  # a window reads an article when it opens it
                self.screens[where] = self._screen(*where)

    def _labels_changed(self, who: str, wanted: dict[Where, State], change: Change) -> None:
        assert change.article_id is None
        assert change.labelset == self.project.labelset
        self.states |= wanted
        self.past = {where: [(change.gesture, state)] for where, state in self.states.items()}
        self.screens = {where: self._screen(*where) for where in self.states}
        for other in PEOPLE:
            if other != who:
                for stack in self.stacks[other]:
                    stack.append(None)

    def _written(self) -> list[int]:
        tables = ("op", "change", "entity", "stance", "decision", "zoning", "remark")
        return [self.project.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]

    def _pick(self, who: str, at: int, number: int) -> tuple[Target, str] | None:
        """Something shown: as the model names it, and its id."""
        state = self.states[who, at]
        targets = self.models[at].shown(state)
        if not targets:
            return None
        target = targets[number % len(targets)]
        if not isinstance(target, int):
            return target, f"{target[0]}:{target[1]}"
        drawn = (*state.marks[target], state.source(target))
        return target, next(i for i, shown in self.screens[who, at].items() if drawn_of(shown) == drawn)

    def _state_after(self, who: str, at: int, op_id: str) -> State:
        """How a paper stood for somebody after a gesture of anybody."""
        past = self.past[who, at]
        return past[bisect(past, op_id, key=lambda each: each[0]) - 1][1]

    @rule(who=people, times=st.integers(1, 4))
    def undo(self, who: str, times: int) -> None:
        for _ in range(times):
            self._step_back(who)

    @rule(who=people, times=st.integers(1, 4))
    def redo(self, who: str, times: int) -> None:
        for _ in range(times):
            self._step_forth(who)

    def _step_back(self, who: str) -> None:
        undone, redone = self.stacks[who]
        if not undone:
            self._refused(self.desks[who].undo, self.desks[who].next_undo)
            return
        step = undone[-1]
        if step is None or any(self.states[where] != state for where, state in step.after.items()):
            return
        redone.append(undone.pop())
        assert self.desks[who].next_undo()
        self._changed(who, step.paper, step.before, self.desks[who].undo())

    def _step_forth(self, who: str) -> None:
        undone, redone = self.stacks[who]
        if not redone:
            self._refused(self.desks[who].redo, self.desks[who].next_redo)
            return
        step = redone[-1]
        if step is None or any(self.states[where] != state for where, state in step.before.items()):
            return
        undone.append(redone.pop())
        assert self.desks[who].next_redo()
        self._changed(who, step.paper, step.after, self.desks[who].redo())

    def _refused(self, gesture: Callable[[], Change], following: Callable[[], str | None]) -> None:
        assert following() is None
        with pytest.raises(GestureRefused, match=r"Nothing to (undo|redo)"):
            gesture()

    @rule()
    def reopen(self) -> None:
        self.project.close()
        self.project = Project.open(self.path)
        self._sit_down()

    @rule(at=papers, found=st.lists(st.tuples(numbers, suggested_labels, suggested_names), max_size=4))
    def a_later_run_reads(self, at: int, found: list[tuple[int, str, str | None]]) -> None:
        paper = self.papers[at]
        marks = [Says("entity", PLACES[at][place % 6], label, name) for place, label, name in found]
        run = Run(paper.first_run + len(paper.runs), "words", str(len(paper.runs)))
        suggest(self.project, self.ids[at], tuple(mark_of(says) for says in marks), run)
        paper.runs.append(marks)
        self._sit_down()

    @invariant()
    def the_project_says_what_the_model_says(self) -> None:
        if not hasattr(self, "project"):
            return
        for (who, at), state in self.states.items():
            opened = self.desks[who].open(self.ids[at])
            paper = self.papers[at]
            own = [(*mark, state.source(number)) for number, mark in state.marks.items()]
            still = [(says, None, None) for says in paper.open_suggestions(state).values()]
            assert sorted(map(drawn_of, opened.shown), key=repr) == sorted([*own, *still], key=repr)
            assert zones_of(opened.zones) == state.zones
            assert opened.status is state.status
            remark = remark_row(self.project.db, self.people[who], self.ids[at])
            assert (remark.note if remark else None) == state.remark
            assert {shown.id: shown for shown in opened.shown} == self.screens[who, at]
            left = sum(shown.suggested for shown in opened.shown)
            zones = [zone.span for zone in opened.zones]
            outside = self._suggested_outside(self.ids[at], zones, state.labels)
            assert opened.progress == Progress(outside - left, outside)

    def _suggested_outside(self, article_id: int, zones: list[Span], labels: Labels) -> int:
        """How many suggestions of the newest run overlap no zone, and have a label that is shown."""
        run = newest_run(self.project.db, article_id)
        rows = self.project.db.execute(
            'SELECT kind,label,start,"end" FROM suggestion WHERE article_id=? AND run_id=?',
            (article_id, run[0] if run else None),
        )
        return sum(
            not labels.hides(kind, label) and not any(Span(*place).overlaps(zone) for zone in zones)
            for kind, label, *place in rows
        )

    @invariant()
    def the_decisions_are_those_of_the_model(self) -> None:
        if not hasattr(self, "project"):
            return
        for (who, at), state in self.states.items():
            rows = self.project.db.execute(
                "SELECT run_id,n,verdict,result_id IS NOT NULL,ms FROM decision d "
                "JOIN annotator a ON a.id=d.annotator_id WHERE a.name=? AND article_id=? AND deleted=0",
                (who, self.ids[at]),
            ).fetchall()
            wanted = [
                (*key, each.verdict, each.mark is not None, each.ms) for key, each in state.decisions.items()
            ]
            assert sorted(rows) == sorted(wanted)
