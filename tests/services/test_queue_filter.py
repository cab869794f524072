"""The queue filtered by what is typed, and its orders."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.articles import Article, Status
from annotator.domain.queue_filter import Sort, parsed
from annotator.domain.text import Span
from annotator.services.labelling import Labelling
from annotator.services.queue import Queue
from annotator.storage.project import Project
from tests.services.labelled import labelset

ARTICLES = (
    Article.of("Pier opens\n\nAlice met Bob in Oslo today.", source="Harbour Radio", published="2023-12-31"),
    Article.of("Ferry sinks\n\nBob swam. " + "It was cold. " * 9, source="Éclair", published="2024-01-01"),
    Article.of("Rain\n\nNobody came, in Oslo or elsewhere.", published="2024-02-03T10:00"),
    Article.of("Undated\n\nThe tide met the pier."),
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "q.annot", labelset()) as project:
        with project.writing() as db:
            for position, article in enumerate(ARTICLES):
                row = (article.id, position, article.sha256, article.title, article.source, article.published)
                db.execute(
                    "INSERT INTO article(id,position,sha256,title,source,published,length,words,text) "
                    "VALUES(?,?,?,?,?,?,?,?,?)",
                    (*row, len(article.text), len(article.text.split()), article.text),
                )
        yield project


def found(project: Project, typed: str, sort: Sort = Sort.FILE) -> list[int]:
    """The numbers of the articles that a filter finds for Ana."""
    numbers = {article.id: n for n, article in enumerate(ARTICLES)}
    return [numbers[at] for at in Queue(project, "ana").ids(None, typed, sort=sort)]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("text:oslo", [0, 2]),
        ("text:osl", [0, 2]),
        ('text:"osl"', []),
        ('text:"met bob"', [0]),
        ("text:met text:pier", [0, 3]),
        ("-text:oslo", [1, 3]),
        ("source:ÉCLAIR", [1]),
        ("radio", [0]),
        ("before:2024", [0]),
        ("before:2024-01-01", [0]),
        ("after:2024-01", [2]),
        ("on:2024-01", [1]),
        ("-on:2024", [0, 3]),
        ("on:2024 text:oslo", [2]),
        ("is:what", []),
        ("text:'", []),
    ],
)
def test_what_is_typed_finds(project: Project, typed: str, numbers: list[int]) -> None:
    assert found(project, typed) == numbers


def test_marks_and_their_names_are_found_for_their_annotator(project: Project) -> None:
    labelling = Labelling(project, "ana")
    change = labelling.add(ARTICLES[0].id, Span(12, 17), "PERSON")
    labelling.add_stance(ARTICLES[1].id, Span(13, 16), "AGAINST")
    labelling.rename(ARTICLES[0].id, change.now[0].id, "Alice ÅS")
    assert found(project, "label:person") == [0]
    assert found(project, "label:AGAINST") == [1]
    assert found(project, "-label:PERSON") == [1, 2, 3]
    assert found(project, "name:åS") == [0]
    labelling.undo()
    assert found(project, "name:as") == []
    assert Queue(project, "bo").ids(None, "label:PERSON") == []


def test_an_article_is_found_by_its_status_and_its_note(project: Project) -> None:
    labelling = Labelling(project, "ana")
    labelling.set_status(ARTICLES[3].id, Status.FLAGGED)
    change = labelling.remark(ARTICLES[2].id, " Ask Priya. ")
    assert change.summary == "note on “Rain”"
    assert found(project, "is:flagged") == [3]
    assert found(project, "is:noted") == [2]
    assert found(project, "note:PRIYA") == [2]
    assert Queue(project, "ana").row(ARTICLES[2].id).note == "Ask Priya."
    labelling.remark(ARTICLES[2].id, "Done.")
    assert found(project, "note:priya") == []
    labelling.undo()
    assert found(project, "note:priya") == [2]
    labelling.remark(ARTICLES[2].id, "")
    assert found(project, "is:noted") == []


def test_the_words_found_are_shown_with_those_around_them(project: Project) -> None:
    queue = Queue(project, "ana")
    (row,) = queue.rows([ARTICLES[0].id], parsed("text:met"))
    assert "Alice \x02met\x03 Bob" in row.snippet


def test_the_queue_is_sorted_by_length_and_by_what_is_unfinished(project: Project) -> None:
    assert found(project, "", Sort.LONGEST) == [1, 0, 2, 3]
    assert found(project, "", Sort.SHORTEST) == [3, 2, 0, 1]
    labelling = Labelling(project, "ana")
    labelling.set_status(ARTICLES[0].id, Status.DONE)
    labelling.set_status(ARTICLES[3].id, Status.DOING)
    assert found(project, "", Sort.UNFINISHED) == [3, 1, 2, 0]
