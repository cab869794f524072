"""Flags on articles: beside the status, so that they outlive finishing and skipping."""

from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.domain.errors import GestureRefused
from annotator.services.labelling import Labelling
from annotator.services.merging import merge
from annotator.services.queue import Queue
from annotator.storage.backups import save_copy
from annotator.storage.check import check
from annotator.storage.project import Project
from annotator.storage.records import label_records
from tests.storage.samples import LABELS, fill


@pytest.fixture
def project(tmp_path: Path) -> Project:
    with Project.create(tmp_path / "flags.annot", LABELS) as project:
        fill(project, 6)
        yield project


def exported(project: Project, *statuses: Status) -> list[Status | None]:
    return [record.status for record in label_records(project.db, "ana", statuses)]


def test_a_flag_outlives_finishing_skipping_and_reopening(project: Project) -> None:
    labelling, queue = Labelling(project, "ana"), Queue(project, "ana")
    first = queue.ids()[0]
    labelling.flag(first, on=True)
    for status in (Status.DONE, Status.SKIPPED, Status.DOING):
        labelling.set_status(first, status)
        assert queue.ids((Status.FLAGGED,)) == queue.ids(None, "is:flagged") == [first]
        assert queue.row(first).flagged
        assert queue.row(first).status is status
    assert first not in queue.ids(None, "-is:flagged")
    labelling.flag(first, on=False)
    assert queue.ids((Status.FLAGGED,)) == []
    assert (queue.flagged(), queue.row(first).status) == (0, Status.DOING)


def test_a_flag_is_one_gesture_that_undo_takes_back(project: Project) -> None:
    labelling, queue = Labelling(project, "ana"), Queue(project, "ana")
    first, second = queue.ids()[:2]
    labelling.flag(first, on=True)
    labelling.flag(second, on=True)
    assert queue.flagged() == 2
    assert labelling.undoable().startswith("flag “")
    labelling.undo()
    assert queue.ids((Status.FLAGGED,)) == [first]
    labelling.redo()
    assert queue.flagged() == 2
    with pytest.raises(GestureRefused):
        labelling.flag(second, on=True)
    assert check(project.path).clean


def test_a_flag_is_ones_own(project: Project) -> None:
    Labelling(project, "ana").flag(Queue(project, "ana").ids()[0], on=True)
    assert Queue(project, "ben").flagged() == 0


def test_a_status_of_an_earlier_version_is_a_flag_that_stays(project: Project) -> None:
    """Until version 3 of the file, flagged was a status; logs, other people's files and imports bring it."""
    labelling, queue = Labelling(project, "ana"), Queue(project, "ana")
    first = queue.ids()[0]
    labelling.set_status(first, Status.FLAGGED)
    assert queue.row(first).flagged
    assert queue.flagged() == 1
    labelling.set_status(first, Status.DONE)
    assert (queue.row(first).status, queue.row(first).flagged) == (Status.DONE, True)
    labelling.undo()
    assert (queue.row(first).status, queue.flagged()) == (Status.FLAGGED, 1)
    labelling.flag(first, on=False)
    assert (queue.row(first).status, queue.flagged()) == (Status.DOING, 0)


def test_exports_tell_flagged_articles_as_before(project: Project) -> None:
    labelling = Labelling(project, "ana")
    first, second, third = Queue(project, "ana").ids()[:3]
    labelling.flag(first, on=True)
    labelling.set_status(second, Status.DOING)
    labelling.flag(third, on=True)
    labelling.set_status(third, Status.DONE)
    assert exported(project, Status.FLAGGED) == [Status.FLAGGED, Status.DONE]
    assert exported(project, Status.DOING) == [Status.DOING]
    assert exported(project, Status.DONE) == [Status.DONE]
    assert exported(project, *Status)[:3] == [Status.FLAGGED, Status.DOING, Status.DONE]


def test_the_first_flagged_of_a_list_is_found(project: Project) -> None:
    queue = Queue(project, "ana")
    ids = queue.ids()
    Labelling(project, "ana").flag(ids[4], on=True)
    assert queue.first_of(ids, (Status.FLAGGED,)) == ids[4]


def test_flags_of_one_person_on_two_machines_come_together(project: Project, tmp_path: Path) -> None:
    others = [tmp_path / f"{name}.annot" for name in ("one", "two")]
    for other in others:
        save_copy(project, other)
    ids = Queue(project, "ana").ids()
    for other, flagged in zip(others, (ids[:2], ids[1:3]), strict=True):
        with Project.open(other) as copy:
            for article_id in flagged:
                Labelling(copy, "ana").flag(article_id, on=True)
            Labelling(copy, "ana").set_status(ids[5], Status.FLAGGED)
    merge(project, others)
    assert Queue(project, "ana").ids((Status.FLAGGED,)) == [*ids[:3], ids[5]]
    assert Queue(project, "ana").flagged() == 4
    assert check(project.path).clean
