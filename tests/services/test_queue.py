"""The queue of one annotator: filters, neighbours, places, counts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.articles import Article, Status
from annotator.services.labelling import Labelling
from annotator.services.queue import Queue
from annotator.storage.project import Access, Project
from tests.services.labelled import SUGGESTED, add_article, labelset, project_at

TITLES = ("Ferry strike ends", "New pier opens", "Éclair wins cup", "Ferry prices rise", "Rain")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "q.annot", labelset()) as project:
        with project.writing() as db:
            for position, title in enumerate(TITLES):
                # Positions with gaps, as after a merge.
                add_article(db, Article.of(f"{title}\n\nSome text."), position * 3)
        yield project


def ids(project: Project) -> list[int]:
    return [row[0] for row in project.db.execute("SELECT id FROM article ORDER BY position")]


def test_articles_come_in_the_order_of_import(project: Project) -> None:
    queue = Queue(project, "ana")
    assert queue.ids() == ids(project)
    assert [row.title for row in queue.rows(queue.ids())] == list(TITLES)
    assert [queue.place(article) for article in queue.ids()] == [1, 2, 3, 4, 5]
    assert queue.count() == 5


def test_the_queue_is_filtered_by_status_and_words_in_any_case(project: Project) -> None:
    queue, every = Queue(project, "ana"), ids(project)
    Labelling(project, "ana").set_status(every[0], Status.DONE)
    assert queue.ids([Status.DONE]) == every[:1]
    assert queue.ids([Status.TODO]) == every[1:]
    assert queue.ids([]) == []
    assert queue.ids(None, "FERRY") == [every[0], every[3]]
    assert queue.ids([Status.TODO], "ferry") == [every[3]]
    assert queue.ids(None, "éCLAIR") == [every[2]]
    assert queue.ids(None, "nothing like it") == []


def test_next_and_previous_skip_what_is_finished_and_end(project: Project) -> None:
    queue, every = Queue(project, "ana"), ids(project)
    labelling = Labelling(project, "ana")
    labelling.set_status(every[0], Status.DOING)
    labelling.set_status(every[1], Status.DONE)
    labelling.set_status(every[4], Status.SKIPPED)
    assert queue.next(None) == every[0]
    assert queue.next(every[0]) == every[2]
    assert queue.next(every[3]) is None
    assert queue.previous(None) == every[3]
    assert queue.previous(every[2]) == every[0]
    assert queue.previous(every[0]) is None
    assert queue.next(every[0], [Status.DONE, Status.SKIPPED]) == every[1]
    assert queue.next(every[1], tuple(Status)) == every[2]


def test_each_annotator_has_a_queue_of_their_own(project: Project) -> None:
    every = ids(project)
    Labelling(project, "ana").set_status(every[0], Status.DONE)
    assert Queue(project, "bo").tally()[Status.DONE] == 0
    assert Queue(project, "ana").tally() == dict.fromkeys(Status, 0) | {Status.TODO: 4, Status.DONE: 1}


def test_a_reader_with_a_new_name_finds_everything_to_do(project: Project) -> None:
    every = ids(project)
    Labelling(project, "ana").set_status(every[0], Status.DONE)
    with Project.open(project.path, Access.READ) as opened:
        reader = Queue(opened, "someone new")
        assert reader.ids() == reader.ids([Status.TODO]) == every
        assert reader.ids(None, "ferry") == [every[0], every[3]]
        assert reader.ids([Status.DONE]) == []
        assert reader.tally() == dict.fromkeys(Status, 0) | {Status.TODO: 5}
        assert [row.status for row in reader.rows(every)] == [Status.TODO] * 5
        assert (reader.next(None), reader.next(every[0]), reader.previous(every[0])) == (
            every[0],
            every[1],
            None,
        )
        assert (reader.place(every[2]), reader.count()) == (3, 5)
        assert opened.annotators() == ["ana"]
        assert Queue(opened, "ana").tally()[Status.DONE] == 1


def test_rows_tell_how_far_one_is(tmp_path: Path) -> None:
    project, article = project_at(tmp_path / "p.annot")
    with project:
        labelling, queue = Labelling(project, "ana"), Queue(project, "ana")
        labelling.accept(article, labelling.open(article).shown[0].id)
        (row,) = queue.rows([article])
        assert (row.status, row.progress.decided, row.progress.suggested) == (Status.DOING, 1, len(SUGGESTED))


def test_titles_are_found_by_their_beginning_in_any_case(project: Project) -> None:
    queue, every = Queue(project, "ana"), ids(project)
    assert queue.beginning_with("fERRY") == {every[0], every[3]}
    assert queue.beginning_with("Ferry p") == {every[3]}
    assert queue.beginning_with("éCL") == {every[2]}
    assert queue.beginning_with("%") == queue.beginning_with("_") == queue.beginning_with("pier") == set()
