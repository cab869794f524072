"""A gesture on thousands of marks tells how far it is, can be stopped, and is told of as a whole."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused
from annotator.domain.label_file import parse_label_set
from annotator.domain.text import Span
from annotator.places import resource
from annotator.services.importing import import_files
from annotator.services.labelling import Labelling
from annotator.services.names import Names
from annotator.storage.project import Project

MENTIONS = 6_000
TEXT = "Harbour vote\n\n" + "Velia voted. " * MENTIONS


class Watch:
    """Notes what it is told, and does something when it is told how far a gesture is."""

    def __init__(self, then: Callable[[], object] = lambda: None) -> None:
        self.then = then
        self.begun_with: list[str] = []
        self.shares: list[float] = []
        self.ends = 0

    def begun(self, summary: str) -> None:
        self.begun_with.append(summary)

    def reached(self, share: float) -> None:
        self.shares.append(share)
        self.then()

    def ended(self) -> None:
        self.ends += 1


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    (tmp_path / "velia.txt").write_text(TEXT)
    labels = parse_label_set(resource("labels", "news.toml").read_text("utf-8"))
    with Project.create(tmp_path / "velia.annot", labels) as made:
        import_files(made, [tmp_path / "velia.txt"])
        yield made


class Desk:
    def __init__(self, project: Project) -> None:
        self.project = project
        self.labelling = Labelling(project, "ana")
        (self.id,) = project.db.execute("SELECT id FROM article").fetchone()
        at = TEXT.index("Velia")
        self.first = self.labelling.add(self.id, Span(at, at + 5), "GPE").now[0].id

    def label_all(self) -> Change:
        return self.labelling.label_equal_mentions(self.id, self.first)

    def count(self) -> int:
        return len(self.labelling.open(self.id).shown)


@pytest.fixture
def desk(project: Project) -> Desk:
    return Desk(project)


def stop() -> None:
    raise GestureRefused("Stopped.")


def test_only_a_large_gesture_tells_how_far_it_is(desk: Desk) -> None:
    watch = desk.project.waiting = Watch()
    desk.labelling.relabel(desk.id, desk.first, "ORG")
    assert watch.shares == []
    desk.label_all()
    assert 1 < len(watch.shares) == len(set(watch.shares))
    assert watch.shares == sorted(watch.shares)
    assert 0 < watch.shares[0] < watch.shares[-1] < 1
    assert watch.begun_with[-1] == "label 5,999 more mentions of ORG “Velia”"
    assert watch.ends == len(watch.begun_with) == 2


def test_stopped_midway_nothing_is_changed(desk: Desk) -> None:
    watch = desk.project.waiting = Watch(stop)
    undone = desk.labelling.next_undo()
    with pytest.raises(GestureRefused, match="Stopped"):
        desk.label_all()
    assert (desk.count(), desk.labelling.next_undo(), watch.ends) == (1, undone, 1)
    desk.project.waiting = None
    desk.label_all()
    desk.project.waiting = Watch(stop)
    with pytest.raises(GestureRefused, match="Stopped"):
        desk.labelling.undo()
    assert desk.count() == MENTIONS
    assert str(desk.labelling.next_undo()).startswith("label 5,999")


def test_undo_redo_and_names_of_thousands_tell_too_and_are_stopped(desk: Desk) -> None:
    labelling, names = desk.labelling, Names(desk.project, "ana")
    labelling.rename(desk.id, desk.first, "Velia")
    desk.label_all()
    gestures: tuple[Callable[[], Change], ...] = (
        labelling.undo,
        labelling.redo,
        lambda: names.rename("Velia", "Town of Velia"),
        lambda: names.name_everywhere(desk.id, desk.first, "The town"),
    )
    for gesture in gestures:
        before = labelling.open(desk.id).shown
        watch = desk.project.waiting = Watch(stop)
        with pytest.raises(GestureRefused, match="Stopped"):
            gesture()
        assert labelling.open(desk.id).shown == before
        watch = desk.project.waiting = Watch()
        gesture()
        assert labelling.open(desk.id).shown != before
        assert len(watch.shares) > 1
        assert watch.shares == sorted(watch.shares)
        assert 0 < watch.shares[0] < watch.shares[-1] < 1


def test_nothing_else_is_saved_meanwhile(desk: Desk) -> None:
    refused = []

    def also() -> None:
        with pytest.raises(GestureRefused, match="still being saved"):
            desk.labelling.set_status(desk.id, Status.DONE)
        refused.append(1)

    desk.project.waiting = Watch(also)
    desk.label_all()
    assert refused
    assert desk.count() == MENTIONS
    desk.labelling.set_status(desk.id, Status.DONE)


def test_it_is_told_by_all_that_is_shown_now(desk: Desk) -> None:
    labelling = desk.labelling
    for gesture in (desk.label_all, labelling.undo, labelling.redo, labelling.undo):
        change = gesture()
        assert change.whole
        assert list(change.now) == desk.labelling.open(desk.id).shown
    assert desk.count() == 1


def test_a_new_article_that_is_begun_by_it_says_so(tmp_path: Path, project: Project) -> None:
    labelling = Labelling(project, "ben")
    (article_id,) = project.db.execute("SELECT id FROM article").fetchone()
    at = TEXT.index("Velia")
    first = labelling.add(article_id, Span(at, at + 5), "GPE").now[0].id
    labelling.set_status(article_id, Status.TODO)
    assert labelling.label_equal_mentions(article_id, first).status is Status.DOING
    assert labelling.undo().status is Status.TODO
