"""Three people at work on copies of one project, merged in any order and again: always the same state.

Anybody may work on any copy, with clocks that differ, so that one person's gestures meet. Nothing is lost:
the log of the result holds every gesture of every copy.
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from itertools import permutations
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from annotator.domain.articles import Status
from annotator.domain.errors import GestureRefused
from annotator.domain.text import Span, words
from annotator.services.labelling import Labelling
from annotator.storage.check import check
from annotator.storage.digest import digest
from annotator.storage.meeting import Meeting, Terms
from annotator.storage.merging import bring_in
from annotator.storage.project import Project
from annotator.storage.snapshot import joined
from annotator.storage.ulid import Clock
from tests.services.labelled import TEXT, project_at

COPIES = 3
PEOPLE = ("ana", "ben", "cem")
SKEW = (0, 6, -6)  # gestures by which the clock of a copy is ahead
PLACES = [span for span in words(TEXT) if TEXT.count(TEXT[span.start : span.end]) > 1][:6]

copies = st.integers(0, COPIES - 1)
people = st.sampled_from(["ana", "ana", "ben", "cem"])
numbers = st.integers(0, 12)
places = st.sampled_from(PLACES)
labels = st.sampled_from(["PERSON", "GPE"])


@cache
def _folder() -> Path:
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _template() -> Path:
    path = _folder() / "template.annot"
    project_at(path)[0].close()
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


def result(target: Path, base: Path, others: Sequence[Path]) -> str:
    """The digest after others were merged into a copy of `base`, which is sound then and holds their work."""
    shutil.copyfile(base, target)
    with Project.open(target) as project:
        for other in others:
            bring(project, other)
        found = digest(project.db)
        for other in others:
            bring(project, other)
        assert digest(project.db) == found
    assert check(target).problems == ()
    assert gestures(target) == set().union(*map(gestures, [base, *others]))
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
        for project in self.projects:
            project.close()
        target = _folder() / "target.annot"
        orders = list(permutations(self.paths))[::2]  # each file is the first, the second and the third once
        found = {result(target, _template(), order) for order in orders}
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

    @rule(copy=copies, who=people, note=st.sampled_from(["one\ntwo “three”", "more", ""]))
    def note(self, copy: int, who: str, note: str) -> None:
        self._do(copy, who, lambda desk: desk.remark(self.article, note))

    @rule(copy=copies, who=people, place=places)
    def zone(self, copy: int, who: str, place: Span) -> None:
        self._do(copy, who, lambda desk: desk.mark_zone(self.article, place))

    @rule(copy=copies, who=people, status=st.sampled_from(Status))
    def set_status(self, copy: int, who: str, status: Status) -> None:
        self._do(copy, who, lambda desk: desk.set_status(self.article, status))

    @rule(copy=copies, who=people, redo=st.booleans())
    def undo(self, copy: int, who: str, redo: bool) -> None:
        self._do(copy, who, lambda desk: desk.redo() if redo else desk.undo())

    @rule(copy=copies, other=copies)
    def merge(self, copy: int, other: int) -> None:
        if copy != other:
            bring(self.projects[copy], self.paths[other])


MergingMachine.TestCase.settings = settings(
    max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestMerging = MergingMachine.TestCase
