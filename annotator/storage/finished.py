"""What several annotators marked, and which articles they have finished: rows to compute agreement from."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from annotator.domain.articles import Status

_AT_ONCE = 500  # ids in one statement
_ENTITIES = 'SELECT article_id,annotator_id,start,"end",label,name FROM entity WHERE deleted=0 AND gold=0'
_STANCES = (
    'SELECT article_id,annotator_id,start,"end",label,holder_start,holder_end,holder_name,'
    "target_start,target_end,target_name FROM stance WHERE deleted=0 AND gold=0"
)


def annotators_who_finished(db: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """`(id, name, articles)` of everybody, oldest first, with how many articles each has finished."""
    return db.execute(
        "SELECT a.id,a.name,t.count FROM annotator a JOIN tally t ON t.annotator_id=a.id AND t.status=? "
        "ORDER BY a.id",
        (Status.DONE,),
    ).fetchall()


def finished(
    db: sqlite3.Connection, annotators: Sequence[str], articles: Collection[int] | None = None
) -> list[tuple[int, int, str]]:
    """`(article, length, annotator id)` of what is finished, by place; of all articles for None."""
    return _rows(
        db,
        "SELECT s.article_id,a.length,s.annotator_id FROM status s JOIN article a ON a.id=s.article_id "
        f"WHERE s.status='{Status.DONE}' AND s.annotator_id IN (SELECT value FROM json_each(:annotators))",
        "s.article_id",
        "ORDER BY s.position",
        {"annotators": json.dumps(list(annotators))},
        articles,
    )


def entity_rows(db: sqlite3.Connection, articles: Collection[int] | None = None) -> list[tuple[Any, ...]]:
    """`(article, annotator id, start, end, label, name)` of everybody's entities; gold is none of them."""
    return _rows(db, _ENTITIES, "article_id", "", {}, articles)


def stance_rows(db: sqlite3.Connection, articles: Collection[int] | None = None) -> list[tuple[Any, ...]]:
    """As `entity_rows`; for the name stand start, end and name of the holder, then of the target."""
    return _rows(db, _STANCES, "article_id", "", {}, articles)


def texts(db: sqlite3.Connection, articles: Sequence[int]) -> Iterator[tuple[int, str]]:
    """`(article, text)` of some articles, one after another."""
    for first in range(0, len(articles), _AT_ONCE):
        some = articles[first : first + _AT_ONCE]
        yield from db.execute(
            "SELECT id,text FROM article WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(some),)
        )


def titles(db: sqlite3.Connection, articles: Sequence[int]) -> dict[int, str]:
    """The titles of some articles."""
    return dict(
        db.execute(
            "SELECT id,title FROM article WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(articles)),),
        )
    )


def _rows(
    db: sqlite3.Connection,
    select: str,
    column: str,
    order: str,
    ask: dict[str, str],
    articles: Collection[int] | None,
) -> list[tuple[Any, ...]]:
    if articles is None:
        return db.execute(f"{select} {order}", ask).fetchall()
    some = f"AND {column} IN (SELECT value FROM json_each(:articles))"
    return db.execute(f"{select} {some} {order}", ask | {"articles": json.dumps(list(articles))}).fetchall()
