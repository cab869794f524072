"""Any series of gestures of two annotators, with undo, redo and reopening, against a plain model."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from annotator.domain.articles import Article, Status
from annotator.domain.changes import Change, Progress
from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Entity, Mark, Part, Shown, Stance
from annotator.domain.suggestions import Run
from annotator.domain.text import Span, words
from annotator.domain.zone_rules import find_zones
from annotator.domain.zones import ZoneKind
from annotator.services.labelling import Labelling
from annotator.storage.project import Project
from annotator.storage.queries import newest_run
from tests.services.labelled import add_article, labelset, suggest
from tests.services.model import Model, Paper, PartSays, Place, Says, State, Target, trim

TEXTS = (
    "Bo in Rome\n\nAnna met Bo in Rome. “Rome,” Bo told Anna.\n\nPhoto by Anna\n\nAnna Bo left Rome 😀 Bo.",
    "Anna in Oslo\n\nBo left Anna.\n\nUpdated March 4\n\nBo!",
)
PEOPLE = ("ana", "bo")
LABELS = {"entity": {"PERSON", "GPE"}, "stance": {"FAVOR", "AGAINST"}}


def places_of(text: str) -> list[Place]:
    """Words, pairs of words, and stretches that are white space, ragged or beyond the end: few of them."""
    single = [(span.start, span.end) for span in words(text)]
    repeated = [place for place in single if text.count(text[slice(*place)]) > 1]
    pairs = [(one[0], other[1]) for one, other in pairwise(single) if one in repeated]
    blank = text.index("\n\n")
    ragged = [(single[2][0] - 1, single[2][1] + 1), (blank, blank + 2), (len(text) - 2, len(text) + 1)]
    return repeated[:7] + pairs[1:7] + ragged


PLACES = [places_of(text) for text in TEXTS]
papers = st.sampled_from([0, 0, 0, 1])  # seldom the other one, so that gestures meet
people = st.sampled_from(["ana", "ana", "ana", "bo"])
numbers = st.integers(0, 15)
entity_labels = st.sampled_from(["PERSON", "GPE", "PERSON", "GPE", "NOBODY"])
polarities = st.sampled_from(["FAVOR", "AGAINST"])
names = st.sampled_from([None, "", " Anna Lee ", "Bo"])
spells = st.sampled_from([0, 0, 5])
part_numbers = st.none() | st.integers(0, 3)


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
            suggest(project, Article.of(text).id, tuple(_mark(says) for says in marks))
    return path


def _first_run() -> list[list[Says]]:
    """With twins, two labels on one place, a stance in each direction, and a label nobody knows."""
    one, two, three, four = PLACES[0][:4]
    long, short = PLACES[0][8], PLACES[1]
    return [
        [
            Says("entity", one, "PERSON", "Bo"),
            Says("entity", three, "PERSON"),
            Says("entity", four, "PERSON"),
            Says("entity", four, "GPE"),
            Says("stance", long, "FAVOR", None, (three, "Anna Lee"), (four, None)),
            Says("stance", long, "FAVOR", None, (four, None), (three, None)),
            Says("entity", one, "PERSON"),
            Says("entity", two, "ROMAN"),
        ],
        [Says("entity", short[0], "PERSON"), Says("stance", short[3], "AGAINST")],
    ]


def _mark(says: Says) -> Mark:
    if says.kind == "entity":
        return Entity("", Span(*says.place), says.label, says.name)
    return Stance("", Span(*says.place), says.label, _part(says.holder), _part(says.target))


def _part(part: PartSays | None) -> Part | None:
    return part and Part(Span(*part[0]), part[1])


def _says(mark: Mark) -> Says:
    place = (mark.span.start, mark.span.end)
    if isinstance(mark, Entity):
        return Says("entity", place, mark.label, mark.name)
    return Says("stance", place, mark.label, None, _part_says(mark.holder), _part_says(mark.target))


def _part_says(part: Part | None) -> PartSays | None:
    return part and ((part.span.start, part.span.end), part.name)


def _drawn(shown: Shown) -> tuple[object, ...]:
    return _says(shown.mark), shown.note, shown.source and str(shown.source)


@dataclass(frozen=True)
class _Step:
    """A gesture that stands: the states before and after it, by article."""

    paper: int
    before: State
    after: State


class LabellingMachine(RuleBasedStateMachine):
    """`self.states` is the model; `self.screens` is what a window would show from the changes alone."""

    @initialize()
    def start(self) -> None:
        self.path = _folder() / "machine.annot"
        shutil.copyfile(_template(), self.path)
        self.project = Project.open(self.path)
        self.ids = [Article.of(text).id for text in TEXTS]
        self.papers = []
        for text, marks in zip(TEXTS, _first_run(), strict=True):
            found = frozenset(((z.span.start, z.span.end), str(z.kind)) for z in find_zones(text))
            self.papers.append(Paper(text, found, [marks]))
        self.models = [Model(paper, LABELS) for paper in self.papers]
        self.states = {
            (who, at): State(zones=paper.found) for who in PEOPLE for at, paper in enumerate(self.papers)
        }
        self.stacks: dict[str, tuple[list[_Step], list[_Step]]] = {who: ([], []) for who in PEOPLE}
        self._sit_down()

    def _sit_down(self) -> None:
        self.desks = {who: Labelling(self.project, who) for who in PEOPLE}
        self.screens = {
            (who, at): {shown.id: shown for shown in self.desks[who].open(self.ids[at]).shown}
            for who in PEOPLE
            for at in range(len(TEXTS))
        }

    def teardown(self) -> None:
        if hasattr(self, "project"):
            self.project.close()
            self.path.unlink()

    def _do(self, who: str, at: int, wanted: State | None, gesture: Callable[[], Change]) -> None:
        if wanted is None:
            before = self._written()
            with pytest.raises(GestureRefused):
                gesture()
            assert self._written() == before
            return
        change = gesture()
        undone, redone = self.stacks[who]
        undone.append(_Step(at, self.states[who, at], wanted))
        redone.clear()
        self._changed(who, at, wanted, change)

    def _changed(self, who: str, at: int, wanted: State, change: Change) -> None:
        assert change.article_id == self.ids[at]
        assert change.summary
        was = self.states[who, at]
        assert change.status == (None if was.status is wanted.status else wanted.status)
        if change.zones is None:
            assert was.zones == wanted.zones
        else:
            zones = frozenset(((z.span.start, z.span.end), str(z.kind)) for z in change.zones)
            assert zones == wanted.zones
        self.states[who, at] = wanted
        screen = self.screens[who, at]
        for mark_id in change.gone:
            screen.pop(mark_id, None)
        screen.update({shown.id: shown for shown in change.now})

    def _written(self) -> list[int]:
        tables = ("op", "change", "entity", "stance", "decision", "zoning")
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
        return target, next(i for i, shown in self.screens[who, at].items() if _drawn(shown) == drawn)

    @rule(who=people, at=papers, place=numbers, label=entity_labels)
    def add(self, who: str, at: int, place: int, label: str) -> None:
        span = self._place(at, place)
        inside = trim(TEXTS[at], span)
        wanted = inside and self.models[at].add(self.states[who, at], Says("entity", inside, label))
        self._do(who, at, wanted or None, lambda: self.desks[who].add(self.ids[at], Span(*span), label))

    @rule(who=people, at=papers, place=numbers, label=polarities, of=part_numbers, on=part_numbers)
    def add_stance(self, who: str, at: int, place: int, label: str, of: int | None, on: int | None) -> None:
        span = self._place(at, place)
        inside = trim(TEXTS[at], span)
        parts = [part if part is None else (PLACES[at][part], None) for part in (of, on)]
        wanted = inside and self.models[at].add(
            self.states[who, at], Says("stance", inside, label, None, parts[0], parts[1])
        )
        self._do(
            who,
            at,
            wanted or None,
            lambda: self.desks[who].add_stance(
                self.ids[at], Span(*span), label, holder=_part(parts[0]), target=_part(parts[1])
            ),
        )

    @rule(who=people, at=papers, number=numbers, ms=spells)
    def accept(self, who: str, at: int, number: int, ms: int) -> None:
        if picked := self._pick(who, at, number):
            target, mark_id = picked
            wanted = self.models[at].accept(self.states[who, at], target, ms)
            self._do(who, at, wanted, lambda: self.desks[who].accept(self.ids[at], mark_id, ms=ms))

    @rule(who=people, at=papers, chosen=st.lists(numbers, max_size=6), ms=spells)
    def accept_all(self, who: str, at: int, chosen: list[int], ms: int) -> None:
        picked = dict(found for number in chosen if (found := self._pick(who, at, number)))
        wanted = self.models[at].accept_all(self.states[who, at], picked, ms)
        self._do(who, at, wanted, lambda: self.desks[who].accept_all(self.ids[at], picked.values(), ms=ms))

    @rule(who=people, at=papers, number=numbers, ms=spells, by_delete=st.booleans())
    def reject_or_delete(self, who: str, at: int, number: int, ms: int, by_delete: bool) -> None:
        if picked := self._pick(who, at, number):
            target, mark_id = picked
            wanted = self.models[at].reject(self.states[who, at], target, 0 if by_delete else ms)
            desk = self.desks[who]
            if by_delete:
                self._do(who, at, wanted, lambda: desk.delete(self.ids[at], mark_id))
            else:
                self._do(who, at, wanted, lambda: desk.reject(self.ids[at], mark_id, ms=ms))

    @rule(who=people, at=papers, number=numbers, label=entity_labels | polarities, ms=spells)
    def relabel(self, who: str, at: int, number: int, label: str, ms: int) -> None:
        self._change(
            who,
            at,
            number,
            lambda says: replace(says, label=label),
            lambda desk, article, mark_id: desk.relabel(article, mark_id, label, ms=ms),
            ms,
        )

    @rule(who=people, at=papers, number=numbers, place=numbers, ms=spells)
    def move(self, who: str, at: int, number: int, place: int, ms: int) -> None:
        span = self._place(at, place)
        inside = trim(TEXTS[at], span)
        self._change(
            who,
            at,
            number,
            lambda says: inside and replace(says, place=inside),
            lambda desk, article, mark_id: desk.move(article, mark_id, Span(*span), ms=ms),
            ms,
        )

    @rule(
        who=people,
        at=papers,
        number=numbers,
        name=names,
        part=st.sampled_from(["entity", "holder", "target"]),
    )
    def rename(self, who: str, at: int, number: int, name: str | None, part: str) -> None:
        cleaned = (name or "").strip() or None

        def how(says: Says) -> Says | None:
            if part == "entity" or says.kind == "entity":
                return replace(says, name=cleaned) if part == says.kind else None
            named: PartSays | None = getattr(says, part)
            return named and replace(says, **{part: (named[0], cleaned)})

        self._change(
            who,
            at,
            number,
            how,
            lambda desk, article, mark_id: desk.rename(article, mark_id, name, part=part),
        )

    @rule(
        who=people, at=papers, number=numbers, place=part_numbers, name=names, holder=st.booleans(), ms=spells
    )
    def set_part(
        self, who: str, at: int, number: int, place: int | None, name: str | None, holder: bool, ms: int
    ) -> None:
        which = "holder" if holder else "target"
        part = None if place is None else (PLACES[at][place], name)
        cleaned = part and (part[0], (name or "").strip() or None)
        self._change(
            who,
            at,
            number,
            lambda says: replace(says, **{which: cleaned}) if says.kind == "stance" else None,
            lambda desk, article, mark_id: (desk.set_holder if holder else desk.set_target)(
                article, mark_id, _part(part), ms=ms
            ),
            ms,
        )

    def _change(
        self,
        who: str,
        at: int,
        number: int,
        how: Callable[[Says], Says | None],
        gesture: Callable[[Labelling, int, str], Change],
        ms: int = 0,
    ) -> None:
        if picked := self._pick(who, at, number):
            target, mark_id = picked
            wanted = self.models[at].change(self.states[who, at], target, how, ms)
            self._do(who, at, wanted, lambda: gesture(self.desks[who], self.ids[at], mark_id))

    @rule(who=people, at=papers, number=numbers, note=names)
    def annotate(self, who: str, at: int, number: int, note: str | None) -> None:
        if picked := self._pick(who, at, number):
            target, mark_id = picked
            wanted = self.models[at].annotate(self.states[who, at], target, (note or "").strip() or None)
            self._do(who, at, wanted, lambda: self.desks[who].annotate(self.ids[at], mark_id, note))

    @rule(who=people, at=papers, number=numbers)
    def label_equal_mentions(self, who: str, at: int, number: int) -> None:
        if picked := self._pick(who, at, number):
            target, mark_id = picked
            wanted = self.models[at].label_equal(self.states[who, at], target)
            self._do(who, at, wanted, lambda: self.desks[who].label_equal_mentions(self.ids[at], mark_id))

    @rule(who=people, at=papers, place=numbers, kind=st.sampled_from([ZoneKind.OTHER, ZoneKind.CREDIT]))
    def mark_zone(self, who: str, at: int, place: int, kind: ZoneKind) -> None:
        span = self._place(at, place)
        wanted = self.models[at].mark_zone(self.states[who, at], trim(TEXTS[at], span), str(kind))
        self._do(who, at, wanted, lambda: self.desks[who].mark_zone(self.ids[at], Span(*span), kind))

    @rule(who=people, at=papers, number=numbers)
    def unmark_zone(self, who: str, at: int, number: int) -> None:
        zones = self.desks[who].open(self.ids[at]).zones
        if zones:
            zone = zones[number % len(zones)]
            key = ((zone.span.start, zone.span.end), str(zone.kind))
            wanted = self.models[at].unmark_zone(self.states[who, at], key)
            self._do(who, at, wanted, lambda: self.desks[who].unmark_zone(self.ids[at], zone))

    @rule(who=people, at=papers, status=st.sampled_from(Status))
    def set_status(self, who: str, at: int, status: Status) -> None:
        wanted = self.models[at].set_status(self.states[who, at], status)
        self._do(who, at, wanted, lambda: self.desks[who].set_status(self.ids[at], status))

    def _place(self, at: int, number: int) -> Place:
        return PLACES[at][number % len(PLACES[at])]

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
        step = undone.pop()
        redone.append(step)
        assert self.desks[who].next_undo()
        self._changed(who, step.paper, step.before, self.desks[who].undo())

    def _step_forth(self, who: str) -> None:
        undone, redone = self.stacks[who]
        if not redone:
            self._refused(self.desks[who].redo, self.desks[who].next_redo)
            return
        step = redone.pop()
        undone.append(step)
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

    @rule(at=papers, found=st.lists(st.tuples(numbers, st.sampled_from(["PERSON", "GPE"])), max_size=4))
    def a_later_run_reads(self, at: int, found: list[tuple[int, str]]) -> None:
        paper = self.papers[at]
        marks = [Says("entity", PLACES[at][place % 6], label) for place, label in found]
        run = Run(paper.first_run + len(paper.runs), "words", str(len(paper.runs)))
        suggest(self.project, self.ids[at], tuple(_mark(says) for says in marks), run)
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
            assert sorted(map(_drawn, opened.shown), key=repr) == sorted([*own, *still], key=repr)
            assert frozenset(((z.span.start, z.span.end), str(z.kind)) for z in opened.zones) == state.zones
            assert opened.status is state.status
            assert {shown.id: shown for shown in opened.shown} == self.screens[who, at]
            left = sum(shown.suggested for shown in opened.shown)
            outside = self._suggested_outside(self.ids[at], [zone.span for zone in opened.zones])
            assert opened.progress == Progress(outside - left, outside)

    def _suggested_outside(self, article_id: int, zones: list[Span]) -> int:
        """How many suggestions of the newest run overlap no zone."""
        run = newest_run(self.project.db, article_id)
        rows = self.project.db.execute(
            'SELECT start,"end" FROM suggestion WHERE article_id=? AND run_id=?',
            (article_id, run[0] if run else None),
        )
        return sum(not any(Span(*row).overlaps(zone) for zone in zones) for row in rows)

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


TestLabelling = LabellingMachine.TestCase
TestLabelling.settings = settings(
    # Without shrinking, which would outlast the time a test may take; a failure prints all its steps.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=120,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
