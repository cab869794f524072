"""Reading what is reviewed: the marks of those who finished an article, what leads decided, their notes."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Mark
from annotator.domain.review import (
    Adjudication,
    Reason,
    Scope,
    Settled,
    content_of,
    input_of,
    input_of_none,
    mark_from_dict,
    votes_from_json,
)
from annotator.domain.standing import Present, told_apart
from annotator.domain.text import Span
from annotator.storage.label_names import LabelNames, labels_become
from annotator.storage.marks import mark_of, newest_run

_REASONS = set(Reason)
PARTS = {
    "entity": "m.name,NULL,NULL,NULL,NULL,NULL,NULL",
    "stance": "NULL,m.holder_start,m.holder_end,m.holder_name,m.target_start,m.target_end,m.target_name",
}
_FINISHERS = """
SELECT s.article_id,n.name FROM json_each(?) e CROSS JOIN annotator n CROSS JOIN status s
ON s.annotator_id=n.id AND s.article_id=e.value AND s.status='done' ORDER BY n.name"""
_READ = """
SELECT m.article_id,n.name,m.id,m.start,m."end",m.label,{parts} FROM json_each(?) e
CROSS JOIN {table} m ON m.article_id=e.value JOIN annotator n ON n.id=m.annotator_id
JOIN status s ON s.annotator_id=m.annotator_id AND s.article_id=m.article_id AND s.status='done'
WHERE m.gold=0 AND m.deleted=0"""
_ADJUDICATION = (
    "d.id,n.name,d.article_id,d.scope,d.votes,d.input,d.settled,d.outcome,d.gold_id,d.second,d.blind,d.reason,"
    "o.at,o.id"
)
_MANY = 10_000  # rows of the log
_CHANGED = f"""
SELECT image->>'article_id' FROM change WHERE op_id>? AND tbl IN('entity','stance','status')
AND ifnull(image->>'gold',0)=0 LIMIT {_MANY + 1}"""


def gesture_of(row: str, table: str) -> str:
    """SQL of the gesture that last wrote a row; no entry that a merge made, as each file has its own."""
    return (
        f"(SELECT iif(w.kind<>'merge',w.id,(SELECT max(c.op_id) FROM change c JOIN op g ON g.id=c.op_id "
        f"WHERE c.tbl='{table}' AND c.row_id={row}.id AND g.kind<>'merge')) FROM op w WHERE w.id={row}.op_id)"
    )


_IN_SOME = "json_each(?) e CROSS JOIN adjudication d ON d.article_id=e.value"
_LIVE = f"""
SELECT {_ADJUDICATION} FROM adjudication d JOIN annotator n ON n.id=d.annotator_id
JOIN op o ON o.id={gesture_of("d", "adjudication")} WHERE d.deleted=0"""

Connection = sqlite3.Connection


@frozen
class Said:
    """That something was said on votes with a digest: whether only that they are unanimous."""

    id: str
    article_id: int
    input: str
    is_unanimous: bool


@frozen
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


def newest_op(db: sqlite3.Connection) -> str:
    """The id of the gesture that was saved last; "" before the first."""
    return db.execute("SELECT max(id) FROM op").fetchone()[0] or ""


def changed_since(db: sqlite3.Connection, op_id: str) -> set[int] | None:
    """The articles in which a mark that is not gold, or a status, was written after a gesture.

    None where it is not quickly told: after a merge, whose gestures may be older, or after very many.
    """
    if db.execute("SELECT 1 FROM op WHERE id>? AND kind='merge' LIMIT 1", (op_id,)).fetchone():
        return None
    rows = db.execute(_CHANGED, (op_id,)).fetchall()
    return None if len(rows) > _MANY else {article_id for (article_id,) in rows}


def readings(db: sqlite3.Connection, article_id: int) -> dict[str, list[Mark]]:
    """The marks of each annotator who has finished the article, by name; none for one who marked nothing."""
    return readings_of(db, [article_id])[article_id]


def readings_of(db: sqlite3.Connection, articles: Sequence[int]) -> dict[int, dict[str, list[Mark]]]:
    """As `readings`, of some articles."""
    ask = (json.dumps(list(articles)),)
    found: dict[int, dict[str, list[Mark]]] = {article_id: {} for article_id in articles}
    for article_id, name in db.execute(_FINISHERS, ask):
        found[article_id][name] = []
    for table, parts in PARTS.items():
        is_entity = table == "entity"
        for row in db.execute(_READ.format(table=table, parts=parts), ask):
            article_id, owner, mark_id, start, end, label, name, *rest = row
            mark = mark_of(mark_id, Span(start, end), label, name, rest, is_entity=is_entity)
            found[article_id][owner].append(mark)
    return found


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
    db: sqlite3.Connection, scope: Scope, articles: Collection[int] | None = None
) -> Iterator[Adjudication]:
    """Those that stand in the log, of all leads, article by article, the oldest gesture first.

    Of some articles, or of all. Labels are called what they are called now, in votes and outcome alike.
    """
    names = labels_become(db)
    where = " AND d.article_id IN (SELECT value FROM json_each(:articles))" if articles is not None else ""
    ask = {"articles": json.dumps(list(articles or ()))}
    rows = db.execute(f"{_LIVE}{where} ORDER BY d.article_id,o.id,d.id", ask)
    for article, own in groupby(rows, key=itemgetter(2)):
        said = [_adjudication(row, names) for row in own]
        told = told_apart(said, partial(held_now, db, article))
        yield from (each for each in told if each.scope is scope)


def adjudications_of(db: sqlite3.Connection, ids: Collection[str]) -> Iterator[Adjudication]:
    """Those of some ids, where no other is on the same marks."""
    names = labels_become(db)
    rows = db.execute(f"{_LIVE} AND d.id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))
    return (_adjudication(row, names) for row in rows)


def adjudicated(db: sqlite3.Connection, scope: Scope) -> list[int]:
    """The articles on which a lead said something."""
    rows = db.execute("SELECT DISTINCT article_id FROM adjudication WHERE deleted=0 AND scope=?", (scope,))
    return [article_id for (article_id,) in rows]


def said_in(db: sqlite3.Connection, articles: Collection[int] | None = None) -> Iterator[Said]:
    """What was said on some articles, or on all, in every scope, without what it says."""
    which = "adjudication d" if articles is None else _IN_SOME
    rows = db.execute(
        f"SELECT d.id,d.article_id,d.input,d.scope='people' AND d.settled='unanimous' FROM {which} "
        "WHERE d.deleted=0",
        () if articles is None else (json.dumps(list(articles)),),
    )
    return (Said(id_, article, input_, bool(unanimous)) for id_, article, input_, unanimous in rows)


def all_said(db: sqlite3.Connection, article_id: int) -> list[Adjudication]:
    """What leads said on an article, in every scope."""
    return [each for scope in Scope for each in adjudications(db, scope, [article_id])]


def held_now(db: sqlite3.Connection, article_id: int) -> Present:
    """Who has finished an article, and their marks."""
    of = readings(db, article_id)
    return Present(
        frozenset(of), frozenset((name, content_of(mark)) for name, marks in of.items() for mark in marks)
    )


def _adjudication(row: Sequence[Any], names: LabelNames) -> Adjudication:
    (id_, lead, article, of, votes, digest, settled, outcome, gold_id, second, blind, reason, at, op_id) = row
    voted, decided = votes_from_json(votes), mark_from_dict(json.loads(outcome)) if outcome else None
    if names:
        voted = tuple((name, _called(mark, names)) for name, mark in voted)
        decided = _called(decided, names)
        digest = digest if digest == input_of_none(voted) else input_of(voted)
    return Adjudication(
        id_,
        lead,
        article,
        Scope(of),
        voted,
        digest,
        Settled(settled),
        decided,
        gold_id,
        bool(second),
        bool(blind),
        Reason(reason) if reason in _REASONS else None,
        at,
        op_id,
    )


def _called(mark: Mark | None, names: LabelNames) -> Mark | None:
    """The mark under the name that its label has now."""
    if mark is None:
        return None
    now = names.get(("entity" if isinstance(mark, Entity) else "stance", mark.label))
    return replace(mark, label=now) if now else mark


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


def titles(db: sqlite3.Connection, articles: Collection[int]) -> dict[int, tuple[int, str]]:
    """Position and title of some articles by id."""
    rows = db.execute(
        "SELECT id,position,title FROM article WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(articles)),),
    )
    return {id_: (at, title) for id_, at, title in rows}


def touched_by(db: sqlite3.Connection, op_id: str) -> list[int]:
    """The articles in which a gesture wrote an adjudication or a mark."""
    rows = db.execute("SELECT DISTINCT image->>'article_id' FROM change WHERE op_id=?", (op_id,))
    return [article_id for (article_id,) in rows]


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
