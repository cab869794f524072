"""Reading what is reviewed: the marks of those who finished an article, what leads decided, their notes."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from annotator.domain.marks import Mark
from annotator.domain.review import (
    Adjudication,
    Reason,
    Scope,
    Settled,
    mark_from_dict,
    votes_from_json,
)
from annotator.domain.text import Span
from annotator.storage.marks import mark_of, newest_run

_REASONS = set(Reason)
_PARTS = {
    "entity": "m.name,NULL,NULL,NULL,NULL,NULL,NULL",
    "stance": "NULL,m.holder_start,m.holder_end,m.holder_name,m.target_start,m.target_end,m.target_name",
}
_READ = """
SELECT n.name,m.id,m.start,m."end",m.label,{parts} FROM {table} m JOIN annotator n ON n.id=m.annotator_id
JOIN status s ON s.annotator_id=m.annotator_id AND s.article_id=m.article_id AND s.status='done'
WHERE m.article_id=:article AND m.gold=0 AND m.deleted=0"""
_ADJUDICATION = (
    "d.id,n.name,d.article_id,d.scope,d.votes,d.input,d.settled,d.outcome,d.gold_id,d.second,d.blind,d.reason,"
    "o.at,d.op_id"
)
_LIVE = f"""
SELECT {_ADJUDICATION} FROM adjudication d JOIN annotator n ON n.id=d.annotator_id JOIN op o ON o.id=d.op_id
WHERE d.deleted=0"""
# Whatever a group can follow from: a mark or a status of anybody, also one that went.
_STAMPS = """
SELECT article_id,max(newest),sum(rows) FROM (
  SELECT article_id,max(op_id) AS newest,count(*) AS rows FROM entity WHERE gold=0 GROUP BY article_id
  UNION ALL SELECT article_id,max(op_id),count(*) FROM stance WHERE gold=0 GROUP BY article_id
  UNION ALL SELECT article_id,max(op_id),sum(status='done') FROM status
    WHERE op_id IS NOT NULL GROUP BY article_id
) GROUP BY article_id"""

Stamp = tuple[str, int]
Connection = sqlite3.Connection


@dataclass(frozen=True, slots=True)
class GuidelineNote:
    """What the guideline should say, and the place that shows it; `words` are those of the place."""

    id: str
    lead: str
    article_id: int
    title: str
    span: Span
    labels: tuple[str, ...]
    note: str
    words: str


def shared_articles(db: sqlite3.Connection, least: int = 2) -> list[int]:
    """The articles that at least so many annotators have finished, in their order."""
    rows = db.execute(
        "SELECT article_id FROM status WHERE status='done' GROUP BY article_id HAVING count(*)>=? "
        "ORDER BY min(position)",
        (least,),
    )
    return [article_id for (article_id,) in rows]


def finished_articles(db: sqlite3.Connection, annotator: str) -> list[int]:
    """The articles that one annotator has finished, in their order."""
    rows = db.execute(
        "SELECT s.article_id FROM status s JOIN annotator n ON n.id=s.annotator_id "
        "WHERE n.name=? AND s.status='done' ORDER BY s.position",
        (annotator,),
    )
    return [article_id for (article_id,) in rows]


def gold_articles(db: sqlite3.Connection) -> list[int]:
    """The articles with a gold mark, in their order."""
    rows = db.execute(
        "SELECT id FROM article a WHERE "
        "EXISTS(SELECT 1 FROM entity WHERE article_id=a.id AND gold=1 AND deleted=0) OR "
        "EXISTS(SELECT 1 FROM stance WHERE article_id=a.id AND gold=1 AND deleted=0) ORDER BY position"
    )
    return [article_id for (article_id,) in rows]


def stamps(db: sqlite3.Connection) -> dict[int, Stamp]:
    """For each article something that changes with any mark or status of anybody; reads the whole project."""
    return {article_id: (newest, rows) for article_id, newest, rows in db.execute(_STAMPS)}


def readings(db: sqlite3.Connection, article_id: int) -> dict[str, list[Mark]]:
    """The marks of each annotator who has finished the article, by name; none for one who marked nothing."""
    names = db.execute(
        "SELECT n.name FROM annotator n JOIN status s ON s.annotator_id=n.id "
        "WHERE s.article_id=? AND s.status='done' ORDER BY n.name",
        (article_id,),
    )
    found: dict[str, list[Mark]] = {name: [] for (name,) in names}
    for table, parts in _PARTS.items():
        rows = db.execute(_READ.format(table=table, parts=parts), {"article": article_id})
        for owner, mark_id, start, end, label, name, *rest in rows:
            mark = mark_of(mark_id, Span(start, end), label, name, rest, is_entity=table == "entity")
            found[owner].append(mark)
    return found


def gold_marks(db: sqlite3.Connection, article_id: int) -> list[Mark]:
    """The gold marks of an article that stand, by place.

    Where two leads decided on one group the later decision stands; gold that was imported stands by itself.
    """
    found: list[Mark] = []
    for table, parts in _PARTS.items():
        rows = db.execute(
            f'SELECT m.id,m.start,m."end",m.label,{parts} FROM {table} m WHERE m.article_id=:article '
            f"AND m.gold=1 AND m.deleted=0 AND NOT EXISTS ({_OVERRULED})",
            {"article": article_id},
        )
        for mark_id, start, end, label, name, *rest in rows:
            found.append(mark_of(mark_id, Span(start, end), label, name, rest, is_entity=table == "entity"))
    return sorted(found, key=lambda mark: (mark.span, mark.label, mark.id))


# A gold mark `m` whose group another adjudication decided later.
_OVERRULED = """
  SELECT 1 FROM adjudication d JOIN adjudication later
    ON later.article_id=d.article_id AND later.input=d.input AND later.scope=d.scope
    AND later.deleted=0 AND later.second=0 AND later.op_id>d.op_id AND later.id<>d.id
    AND later.settled IN('unanimous','adopted','edited','none')
  WHERE d.gold_id=m.id AND d.deleted=0"""


def proposed(db: sqlite3.Connection, article_id: int) -> tuple[str, list[Mark]] | None:
    """What the run that read the article last proposes, and the pipeline's name; None if none read it."""
    run = newest_run(db, article_id)
    if run is None:
        return None
    rows = db.execute(
        "SELECT n,kind='entity',start,\"end\",label,name,holder_start,holder_end,holder_name,target_start,"
        "target_end,target_name FROM suggestion WHERE article_id=? AND run_id=? ORDER BY n",
        (article_id, run[0]),
    )
    marks = [
        mark_of(f"{run[0]}:{n}", Span(start, end), label, name, parts, is_entity=bool(is_entity))
        for n, is_entity, start, end, label, name, *parts in rows
    ]
    return run[1], marks


def adjudications(
    db: sqlite3.Connection, scope: Scope, article_id: int | None = None
) -> Iterator[Adjudication]:
    """Those that stand in the log, of all leads, oldest gesture first; of one article or of all."""
    where = " AND d.scope=:scope" + (" AND d.article_id=:article" if article_id is not None else "")
    ask = {"scope": str(scope), "article": article_id}
    for row in db.execute(f"{_LIVE}{where} ORDER BY d.op_id,d.id", ask):
        id_, lead, article, of, votes, digest, settled, outcome, gold_id, second, blind, reason, at, op_id = (
            row
        )
        yield Adjudication(
            id_,
            lead,
            article,
            Scope(of),
            votes_from_json(votes),
            digest,
            Settled(settled),
            mark_from_dict(json.loads(outcome)) if outcome else None,
            gold_id,
            bool(second),
            bool(blind),
            Reason(reason) if reason in _REASONS else None,
            at,
            op_id,
        )


def guideline_notes(db: sqlite3.Connection) -> list[GuidelineNote]:
    """All notes of all leads, by article and place."""
    rows = db.execute(
        'SELECT g.id,n.name,g.article_id,a.title,g.start,g."end",g.labels,g.note,'
        'substr(a.text,g.start+1,g."end"-g.start) FROM guideline_note g '
        "JOIN annotator n ON n.id=g.annotator_id JOIN article a ON a.id=g.article_id "
        "WHERE g.deleted=0 ORDER BY a.position,g.start,g.id"
    )
    return [
        GuidelineNote(id_, lead, article, title, Span(start, end), tuple(json.loads(labels)), note, words)
        for id_, lead, article, title, start, end, labels, note, words in rows
    ]


def titles(db: sqlite3.Connection) -> dict[int, tuple[int, str]]:
    """Position and title of every article by id."""
    return {id_: (at, title) for id_, at, title in db.execute("SELECT id,position,title FROM article")}


def touched_by(db: sqlite3.Connection, op_id: str) -> list[int]:
    """The articles in which a gesture wrote an adjudication or a mark."""
    rows = db.execute("SELECT DISTINCT image->>'article_id' FROM change WHERE op_id=?", (op_id,))
    return [article_id for (article_id,) in rows]


def table_of_mark(db: sqlite3.Connection, mark_id: str) -> str:
    """Where the mark of an id is."""
    entity = db.execute("SELECT 1 FROM entity WHERE id=?", (mark_id,)).fetchone()
    return "entity" if entity else "stance"


def length_of(db: sqlite3.Connection, article_id: int) -> int:
    """Code points of an article's text."""
    return int(db.execute("SELECT length FROM article WHERE id=?", (article_id,)).fetchone()[0])


def seed_of(db: sqlite3.Connection) -> int | None:
    """The seed that orders and samples what is reviewed; None before anything was."""
    row = db.execute("SELECT value FROM meta WHERE key='review seed'").fetchone()
    return int(row[0]) if row and row[0].isdecimal() else None


def write_seed(db: sqlite3.Connection, seed: int) -> None:
    """In the open transaction."""
    db.execute("INSERT OR IGNORE INTO meta(key,value) VALUES('review seed',?)", (str(seed),))
