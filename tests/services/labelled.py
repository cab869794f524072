"""A project of one article with suggestions, an annotator at it, and shorthand for what stands there."""

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from annotator.domain.articles import Article
from annotator.domain.errors import GestureRefused
from annotator.domain.label_file import parse_label_set
from annotator.domain.labels import LabelSet
from annotator.domain.marks import Entity, Mark, Part, Shown, Stance
from annotator.domain.suggestions import Run
from annotator.domain.text import Span
from annotator.domain.zone_rules import find_zones
from annotator.places import resource
from annotator.services.labelling import Labelling
from annotator.storage.project import Project

TEXT = """Harbour workers vote to end their strike

Mira Holt told Coastal News that the union backed the deal. 😀 “We will not sail for less,” Holt said.

Holt had met Okafor in Sorrel on Monday. The port of Sorrel would not raise wages, the Holton Line said.

Photo by Mira Holt

Okafor said Sorrel was calm. Holt’s sister lives in Sorrel.
"""
RUN = Run(101, "words", "1")


def labelset() -> LabelSet:
    return parse_label_set(resource("labels", "news.toml").read_text("utf-8"))


def nth(words: str, n: int = 0, text: str = TEXT) -> Span:
    """The span of the n-th (from 0) place where the words stand."""
    start = -1
    for _ in range(n + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def entity(words: str, label: str, n: int = 0, *, name: str | None = None) -> Entity:
    return Entity("", nth(words, n), label, name)


SUGGESTED: tuple[Mark, ...] = (
    entity("Mira Holt", "PERSON", name="Mira Holt"),  # 0
    entity("Coastal News", "ORG"),  # 1
    entity("Holt", "PERSON", 1, name="Mira Holt"),  # 2: "Holt said"
    entity("Sorrel", "PERSON"),  # 3: wrong label
    entity("Monday", "DATE"),  # 4
    Stance(  # 5
        "",
        nth("backed the deal"),
        "FAVOR",
        Part(nth("the union")),
        Part(nth("the deal"), "wage deal"),
    ),
    entity("Sorrel", "GPE", 1),  # 6
    entity("raise wages", "WORK"),  # 7: a label that the label set lacks
)


def add_article(db: sqlite3.Connection, article: Article, position: int) -> None:
    db.execute(
        "INSERT INTO article(id,position,sha256,title,length,words,text) VALUES(?,?,?,?,?,?,?)",
        (article.id, position, article.sha256, article.title, len(article.text), 1, article.text),
    )
    for zone in find_zones(article.text):
        db.execute(
            'INSERT INTO found_zone(article_id,start,"end",kind) VALUES(?,?,?,?)',
            (article.id, zone.span.start, zone.span.end, str(zone.kind)),
        )


def suggest(project: Project, article_id: int, marks: tuple[Mark, ...], run: Run = RUN) -> None:
    with project.writing() as db:
        db.execute(
            "INSERT OR IGNORE INTO run(id,pipeline,version,created) VALUES(?,?,?,0)",
            (run.id, run.pipeline, run.version),
        )
        db.execute("INSERT INTO suggested(article_id,run_id,at) VALUES(?,?,?)", (article_id, run.id, run.id))
        for n, mark in enumerate(marks):
            kind, name = "entity", None
            parts: tuple[object, ...] = (None,) * 6
            if isinstance(mark, Entity):
                name = mark.name
            else:
                kind, parts = "stance", (*_part(mark.holder), *_part(mark.target))
            db.execute(
                "INSERT INTO suggestion VALUES(?,?,?,?,?,?,?,0.5,?,?,?,?,?,?,?)",
                (article_id, run.id, n, kind, mark.label, mark.span.start, mark.span.end, name, *parts),
            )


def _part(part: Part | None) -> tuple[int | None, int | None, str | None]:
    return (part.span.start, part.span.end, part.name) if part else (None, None, None)


def project_at(path: Path, *, more: tuple[str, ...] = ()) -> tuple[Project, int]:
    """A new project with the article, its suggestions, and articles of `more` texts behind it; and its id."""
    project = Project.create(path, labelset())
    article = Article.of(TEXT)
    with project.writing() as db:
        for position, text in enumerate((TEXT, *more)):
            add_article(db, Article.of(text), position)
    suggest(project, article.id, SUGGESTED)
    return project, article.id


def content(shown: Shown) -> tuple[object, ...]:
    """What a mark says, without its id; `source` is None for an open suggestion."""
    mark = shown.mark
    source = None if shown.source is None else str(shown.source)
    if isinstance(mark, Entity):
        return mark.span.of(TEXT), mark.label, mark.name, source
    holder, target = (part and (part.span.of(TEXT), part.name) for part in (mark.holder, mark.target))
    return mark.span.of(TEXT), mark.label, holder, target, source


class Desk:
    """One annotator at one article."""

    def __init__(self, project: Project, article_id: int, annotator: str = "ana") -> None:
        self.project = project
        self.id = article_id
        self.labelling = Labelling(project, annotator)

    def shown(self) -> list[Shown]:
        return self.labelling.open(self.id).shown

    def at(self, words: str, n: int = 0) -> list[Shown]:
        return [each for each in self.shown() if each.mark.span == nth(words, n)]

    def only(self, words: str, n: int = 0) -> Shown:
        (found,) = self.at(words, n)
        return found

    def decisions(self) -> list[tuple[int, str, bool, int]]:
        """`(n, verdict, has a result, ms)` of the live decisions of every annotator."""
        return self.project.db.execute(
            "SELECT n,verdict,result_id IS NOT NULL,ms FROM decision WHERE deleted=0 ORDER BY n,id"
        ).fetchall()

    def rows(self) -> list[int]:
        tables = ("op", "change", "entity", "stance", "decision", "zoning")
        return [self.project.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


def refused(match: str) -> AbstractContextManager[object]:
    return pytest.raises(GestureRefused, match=match)
