"""Gold marks: those that stand, those that came in with files, and what decisions led to which."""

import json
import sqlite3
from collections.abc import Collection, Iterator

from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Mark
from annotator.domain.review import Content, content_of
from annotator.domain.standing import is_answered
from annotator.domain.text import Span
from annotator.storage.adjudications import PARTS, all_said, gesture_of
from annotator.storage.marks import mark_of


@frozen
class GoldComeIn:
    """A gold mark of a file that was imported: whose it is, and the gesture (`at` in unix ms) it came by."""

    article_id: int
    lead: str
    mark: Mark
    at: int
    op_id: str


def gold_articles(db: sqlite3.Connection) -> list[int]:
    """The articles with a gold mark, in their order."""
    rows = db.execute(
        "SELECT id FROM article a WHERE "
        "EXISTS(SELECT 1 FROM entity WHERE article_id=a.id AND gold=1 AND deleted=0) OR "
        "EXISTS(SELECT 1 FROM stance WHERE article_id=a.id AND gold=1 AND deleted=0) ORDER BY position"
    )
    return [article_id for (article_id,) in rows]


def gold_marks(db: sqlite3.Connection, article_id: int) -> list[Mark]:
    """The gold marks of an article that stand, by place.

    Where leads decided on the same, what stands of that (`standing`); gold that came in with a file, until it
    is decided on. What two say alike stands once.
    """
    gold = list(_gold(db, article_id))
    said = all_said(db, article_id) if gold else []
    stands = {each.gold_id for each in said if not each.overruled}
    led = {each.gold_id for each in said}
    found: dict[Content, Mark] = {}
    for mark, op_id in sorted(gold, key=lambda row: row[0].id):
        if mark.id in stands or (mark.id not in led and not is_answered(mark, op_id, said)):
            found.setdefault(content_of(mark), mark)
    return sorted(found.values(), key=lambda mark: (mark.span, mark.label, mark.id))


def _gold(db: sqlite3.Connection, article_id: int) -> Iterator[tuple[Mark, str]]:
    """Every live gold mark with the gesture that last wrote it."""
    for table, parts in PARTS.items():
        rows = db.execute(
            f'SELECT {gesture_of("m", table)},m.id,m.start,m."end",m.label,{parts} FROM {table} m '
            "WHERE m.article_id=? AND m.gold=1 AND m.deleted=0",
            (article_id,),
        )
        for op_id, mark_id, start, end, label, name, *rest in rows:
            mark = mark_of(mark_id, Span(start, end), label, name, rest, is_entity=table == "entity")
            yield mark, op_id


def gold_come_in(db: sqlite3.Connection, articles: Collection[int]) -> Iterator[GoldComeIn]:
    """Gold of some articles that no decision led to, because it came in with a file."""
    for table, parts in PARTS.items():
        rows = db.execute(
            f'SELECT m.article_id,n.name,o.at,o.id,m.id,m.start,m."end",m.label,{parts} FROM {table} m '
            f"JOIN annotator n ON n.id=m.annotator_id JOIN op o ON o.id={gesture_of('m', table)} "
            "WHERE m.article_id IN (SELECT value FROM json_each(?)) AND m.gold=1 AND m.deleted=0 "
            "AND NOT EXISTS (SELECT 1 FROM adjudication d WHERE d.gold_id=m.id AND d.deleted=0)",
            (json.dumps(list(articles)),),
        )
        for article, name, at, op_id, mark_id, start, end, label, *rest in rows:
            named, *edges = rest
            mark = mark_of(mark_id, Span(start, end), label, named, edges, is_entity=table == "entity")
            yield GoldComeIn(article, name, mark, at, op_id)


def table_of_mark(db: sqlite3.Connection, mark_id: str) -> str:
    """Where the mark of an id is."""
    entity = db.execute("SELECT 1 FROM entity WHERE id=?", (mark_id,)).fetchone()
    return "entity" if entity else "stance"


def owner_of_mark(db: sqlite3.Connection, mark_id: str) -> str | None:
    """The id of the annotator whose live mark it is; None if it is gone."""
    for table in PARTS:
        row = db.execute(f"SELECT annotator_id FROM {table} WHERE id=? AND deleted=0", (mark_id,)).fetchone()
        if row is not None:
            return str(row[0])
    return None


def led_to(db: sqlite3.Connection, gold_id: str) -> set[str]:
    """The ids of the adjudications that led to a gold mark."""
    rows = db.execute("SELECT id FROM adjudication WHERE gold_id=? AND deleted=0", (gold_id,))
    return {id_ for (id_,) in rows}


def equal_gold(db: sqlite3.Connection, annotator_id: str, article_id: int, mark: Mark) -> str | None:
    """The id of one annotator's live gold mark that says the same, names apart."""
    table = "entity" if isinstance(mark, Entity) else "stance"
    rows = db.execute(
        f'SELECT m.id,m.start,m."end",m.label,{PARTS[table]} FROM {table} m WHERE m.article_id=? '
        "AND m.annotator_id=? AND m.gold=1 AND m.deleted=0 AND m.start=? ORDER BY m.id",
        (article_id, annotator_id, mark.span.start),
    )
    for mark_id, start, end, label, name, *rest in rows:
        found = mark_of(mark_id, Span(start, end), label, name, rest, is_entity=table == "entity")
        if content_of(found) == content_of(mark):
            return str(mark_id)
    return None
