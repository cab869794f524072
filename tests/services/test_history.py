"""The history of an article: listed, looked back at, restored as one gesture."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.domain.errors import GestureRefused
from annotator.domain.history import taken_back
from annotator.domain.text import Span
from annotator.services.history import History
from annotator.services.labelling import Labelling
from annotator.storage.check import check
from annotator.storage.project import Project
from tests.services.labelled import project_at


@pytest.fixture
def article(tmp_path: Path) -> Iterator[tuple[Project, int]]:
    project, article_id = project_at(tmp_path / "p.annot")
    with project:
        yield project, article_id


def worked(project: Project, article: int) -> list[tuple[list[object], list[object]]]:
    """Does one thing after the other as Ana; returns what she saw after each."""
    labelling = Labelling(project, "ana")
    seen: list[tuple[list[object], list[object]]] = []

    def look() -> None:
        opened = labelling.open(article)
        seen.append((list(opened.shown), list(opened.zones)))

    suggestions = [each for each in labelling.open(article).shown if each.suggested]
    labelling.accept(article, suggestions[0].id)
    look()
    labelling.reject(article, suggestions[1].id)
    look()
    own = labelling.add(article, Span(0, 3), "ORG").now[0]
    look()
    labelling.move(article, own.id, Span(0, 5))
    look()
    labelling.mark_zone(article, suggestions[-1].mark.span)
    look()
    labelling.delete(article, own.id)
    look()
    labelling.undo()
    look()
    labelling.set_status(article, Status.DONE)
    look()
    return seen


def test_every_gesture_is_listed_and_the_undone_ones_are_known(article: tuple[Project, int]) -> None:
    project, at = article
    worked(project, at)
    listed = History(project, "ana").entries(at)
    assert [entry.kind for entry in listed] == [
        "status", "undo", "delete", "zone", "move", "add", "reject", "accept",
    ]  # fmt: skip
    assert {entry.kind for entry in listed if entry.id in taken_back(listed)} == {"delete"}
    assert listed[1].said.startswith("undo delete ORG")
    assert all(entry.own for entry in listed)
    assert not any(entry.own for entry in History(project, "bo").entries(at))


def test_the_article_is_seen_as_it_stood_after_each_gesture(article: tuple[Project, int]) -> None:
    project, at = article
    seen = worked(project, at)
    history = History(project, "ana")
    past = [history.past(at, entry) for entry in reversed(history.entries(at))]
    assert [(each.shown, each.zones) for each in past] == seen
    assert (list(Labelling(project, "ana").open(at).shown)) == seen[-1][0]


def test_an_earlier_state_is_restored_and_that_is_undone(article: tuple[Project, int]) -> None:
    project, at = article
    seen = worked(project, at)
    history, labelling = History(project, "ana"), Labelling(project, "ana")
    listed = list(reversed(history.entries(at)))
    for n in (2, 7, 0, 4, 5):
        history.restore(at, listed[n])
        opened = labelling.open(at)
        assert (list(opened.shown), list(opened.zones)) == seen[n]
        assert opened.status is (Status.DONE if n == 7 else Status.DOING)
    for _ in range(5):
        labelling.undo()
    opened = labelling.open(at)
    assert (list(opened.shown), list(opened.zones), opened.status) == (*seen[-1], Status.DONE)
    assert check(project.path).problems == ()
    with pytest.raises(GestureRefused):
        history.restore(at, listed[-1])


def test_marks_that_change_places_are_restored(article: tuple[Project, int]) -> None:
    project, at = article
    labelling, history = Labelling(project, "ana"), History(project, "ana")
    first = labelling.add(at, Span(0, 3), "ORG").now[0]
    before = history.entries(at)[0]
    labelling.move(at, first.id, Span(0, 5))
    labelling.add(at, Span(0, 3), "ORG")
    history.restore(at, before)
    assert [shown.mark for shown in labelling.open(at).shown if not shown.suggested] == [first.mark]


def test_another_person_s_work_stays(article: tuple[Project, int]) -> None:
    project, at = article
    Labelling(project, "bo").add(at, Span(0, 3), "ORG")
    worked(project, at)
    history = History(project, "ana")
    history.restore(at, history.entries(at)[-1])
    bo = [shown for shown in Labelling(project, "bo").open(at).shown if not shown.suggested]
    assert [shown.mark.span for shown in bo] == [Span(0, 3)]
