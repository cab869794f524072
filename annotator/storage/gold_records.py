"""Reads the gold of a project record by record."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from annotator.domain.articles import Article, Status
from annotator.domain.codec.records import MarkRow, Origin, Record, Ruling, reading_order
from annotator.domain.marks import Entity, Mark, Part, Source
from annotator.domain.review import Adjudication
from annotator.storage.adjudications import all_said, gesture_of
from annotator.storage.gold import gold_marks
from annotator.storage.marks import zones
from annotator.storage.records import ARTICLE_COLUMNS, article_of

# A decision between people is about gold, and one on gold against a pipeline; one on an annotator's is not.
_ABOUT_GOLD = "d.deleted=0 AND d.second=0 AND (d.scope='people' OR d.votes->'gold' IS NOT NULL)"
# An article is settled if a lead decided on something in it, also that no mark stands.
_SETTLED = f"""
SELECT {ARTICLE_COLUMNS} FROM article a WHERE
  EXISTS(SELECT 1 FROM entity WHERE article_id=a.id AND gold=1 AND deleted=0)
  OR EXISTS(SELECT 1 FROM stance WHERE article_id=a.id AND gold=1 AND deleted=0)
  OR EXISTS(SELECT 1 FROM adjudication d WHERE d.article_id=a.id AND {_ABOUT_GOLD}
    AND d.settled IN('unanimous','adopted','edited','none'))
ORDER BY a.position"""
_WORK = """
SELECT m.id,m.note,n.name,{gesture} FROM {table} m JOIN annotator n ON n.id=m.annotator_id
WHERE m.article_id=? AND m.gold=1 AND m.deleted=0"""
_LAST_DECISION = f"""
SELECT n.name,{gesture_of("d", "adjudication")} AS gesture
FROM adjudication d JOIN annotator n ON n.id=d.annotator_id
WHERE d.article_id=? AND {_ABOUT_GOLD} ORDER BY gesture DESC LIMIT 1"""


def has_gold(db: sqlite3.Connection) -> bool:
    return bool(db.execute(f"SELECT EXISTS({_SETTLED})").fetchone()[0])


def gold_records(db: sqlite3.Connection) -> Iterator[Record]:
    """Every article with something settled, its gold marks, and the lead who decided last."""
    for _, *columns in db.execute(_SETTLED):
        yield _record(db, article_of(columns))


def _record(db: sqlite3.Connection, article: Article) -> Record:
    notes: dict[str, str | None] = {}
    last: tuple[str, str] = ("", "")  # gesture, who
    for table in ("entity", "stance"):
        work = _WORK.format(table=table, gesture=gesture_of("m", table))
        for mark_id, note, name, op_id in db.execute(work, (article.id,)):
            notes[mark_id] = note
            last = max(last, (op_id, name))
    for name, op_id in db.execute(_LAST_DECISION, (article.id,)):
        last = max(last, (op_id, name))
    led = {each.gold_id: each for each in all_said(db, article.id) if not each.overruled}
    rows = sorted(
        (
            (row_of(mark), Origin(Source.ADDED, notes.get(mark.id), ruling=_ruling(led.get(mark.id))))
            for mark in gold_marks(db, article.id)
        ),
        key=lambda pair: reading_order(pair[0]),
    )
    at = db.execute("SELECT at FROM op WHERE id=?", (last[0],)).fetchone()
    return Record(
        article,
        [row for row, _ in rows],
        {n: origin for n, (_, origin) in enumerate(rows) if origin.note is not None or origin.ruling},
        zones=[(zone.span.start, zone.span.end, zone.kind.value) for zone in zones(db, article.id, None)],
        annotator=last[1] or None,
        status=Status.DONE,
        at=at[0] if at else None,
    )


def _ruling(said: Adjudication | None) -> Ruling | None:
    """What led to a gold mark; None of one that came in with a file."""
    if said is None:
        return None
    votes = tuple((name, mark.label if mark else None) for name, mark in said.votes)
    reason = said.reason.value if said.reason else None
    return Ruling(said.settled.value, said.lead, said.at // 1000, reason, votes)


def row_of(mark: Mark) -> MarkRow:
    """A mark as records carry it, without a score."""
    start, end = mark.span.start, mark.span.end
    if isinstance(mark, Entity):
        return ("entity", mark.label, start, end, None, mark.name, None, None, None, None, None, None)
    holder, target = (_part(part) for part in (mark.holder, mark.target))
    return ("stance", mark.label, start, end, None, None, *holder, *target)


def _part(part: Part | None) -> tuple[Any, Any, Any]:
    return (part.span.start, part.span.end, part.name) if part else (None, None, None)
