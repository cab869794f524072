"""Reads a project record by record in the order of its articles: ordered cursors side by side."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from operator import ge
from typing import Any

from annotator.domain.articles import Article, Status
from annotator.domain.codec.records import MarkRow, Origin, Record, ZoneRow, reading_order
from annotator.domain.marks import Source
from annotator.storage.flags import FLAGGED
from annotator.storage.label_names import aliases, label_told
from annotator.storage.marks import zones

ARTICLE_COLUMNS = "a.position,a.id,a.sha256,a.title,a.text,a.source,a.url,a.published,a.lang,a.meta"
_FOUND = (
    's.kind,{label},s.start,s."end",s.score,s.name,'
    "s.holder_start,s.holder_end,s.holder_name,s.target_start,s.target_end,s.target_name"
)
_SUGGESTED = _FOUND.format(label=label_told())
# CROSS JOIN makes SQLite go through the articles in their order, so that nothing is sorted but one
# article's marks.
_NEWEST = "(SELECT run_id FROM suggested WHERE article_id=a.id ORDER BY at DESC,run_id DESC LIMIT 1)"
_READ_ARTICLES = f"""
SELECT {ARTICLE_COLUMNS},g.run_id,r.pipeline,r.version FROM article a
LEFT JOIN suggested g ON g.article_id=a.id AND g.run_id={_NEWEST} LEFT JOIN run r ON r.id=g.run_id
ORDER BY 1"""
_SUGGESTIONS = "SELECT {found} FROM suggestion s WHERE s.article_id=? AND s.run_id=?"
_FOUND_ZONES = """
SELECT a.position,z.start,z."end",z.kind FROM article a CROSS JOIN found_zone z ON z.article_id=a.id
ORDER BY 1,z.start"""

# An unfinished article that is flagged has that for its status; of another one it is told beside it.
_STATUS = f"iif(q.status IN('todo','doing') AND {FLAGGED},'flagged',q.status)"
_OWN_ARTICLES = f"""
SELECT {ARTICLE_COLUMNS},{_STATUS},q.op_id,e.ms,q.status NOT IN('todo','doing','flagged') AND {FLAGGED},k.note
FROM status q CROSS JOIN article a ON a.id=q.article_id
LEFT JOIN effort e ON e.annotator_id=q.annotator_id AND e.article_id=q.article_id
LEFT JOIN remark k ON k.annotator_id=q.annotator_id AND k.article_id=q.article_id AND k.deleted=0
WHERE q.annotator_id=:annotator AND (+{_STATUS} IN (SELECT value FROM json_each(:statuses)){{or_flagged}})
ORDER BY q.position"""
_OWN_MARKS = f"""
SELECT q.position,m.id,m.op_id,m.kind,m.label,m.start,m."end",{{parts}},m.note,
  w.saw,d.verdict,d.ms,r.pipeline,r.version,{_SUGGESTED}
FROM status q CROSS JOIN {{table}} m ON m.article_id=q.article_id AND m.annotator_id=q.annotator_id
  AND m.gold=0 AND m.deleted=0
LEFT JOIN sight w ON w.id=m.id AND w.deleted=0
LEFT JOIN decision d ON d.result_id=m.id AND d.deleted=0
LEFT JOIN suggestion s ON s.article_id=d.article_id AND s.run_id=d.run_id AND s.n=d.n
LEFT JOIN run r ON r.id=d.run_id
WHERE q.annotator_id=? ORDER BY q.position,m.start,m."end" DESC,m.label,m.id,d.id"""
_PARTS = {
    "entity": "m.name,NULL,NULL,NULL,NULL,NULL,NULL",
    "stance": "NULL,m.holder_start,m.holder_end,m.holder_name,m.target_start,m.target_end,m.target_name",
}
_REJECTED = f"""
SELECT q.position,d.op_id,w.saw,d.ms,r.pipeline,r.version,{_SUGGESTED}
FROM status q CROSS JOIN decision d ON d.article_id=q.article_id AND d.annotator_id=q.annotator_id
  AND d.deleted=0 AND d.verdict='reject'
JOIN suggestion s ON s.article_id=d.article_id AND s.run_id=d.run_id AND s.n=d.n
JOIN run r ON r.id=d.run_id
LEFT JOIN sight w ON w.id=d.id AND w.deleted=0
WHERE q.annotator_id=? ORDER BY q.position,s.start,s."end" DESC,s.label,d.id"""
_SOURCES = {"accept": Source.ACCEPTED, "edit": Source.EDITED}


def suggestion_records(db: sqlite3.Connection) -> Iterator[Record]:
    """Every article with the suggestions of the run that read it last; none and no run if none did."""
    found_zones = _Rows(db.execute(_FOUND_ZONES))
    # To look up every label among none costs a twentieth of an export.
    found = _SUGGESTED if aliases(db) else _FOUND.format(label="s.label")
    suggestions = _SUGGESTIONS.format(found=found)
    for position, *columns, run_id, pipeline, version in db.execute(_READ_ARTICLES):
        article = article_of(columns)
        # Asked article by article: one ordered cursor over all would look up the newest run for every row.
        marks = db.execute(suggestions, (article.id, run_id)).fetchall()
        starts = [mark[2] for mark in marks]
        if any(map(ge, starts, starts[1:])):  # most stand in order, and their keys cost a tenth of an export
            marks.sort(key=reading_order)
        yield Record(
            article,
            marks,
            zones=found_zones.take(position),
            run=(pipeline, version) if pipeline is not None else None,
        )


def label_records(db: sqlite3.Connection, annotator: str, statuses: Collection[Status]) -> Iterator[Record]:
    """The articles with one of these statuses for the annotator of that name, and that one's own marks."""
    (annotator_id,) = db.execute("SELECT id FROM annotator WHERE name=?", (annotator,)).fetchone()
    marks = [
        _Rows(db.execute(_OWN_MARKS.format(table=table, parts=parts), (annotator_id,)))
        for table, parts in _PARTS.items()
    ]
    rejected = _Rows(db.execute(_REJECTED, (annotator_id,)))
    zones_of = _OwnZones(db, annotator_id)
    ask = {"annotator": annotator_id, "statuses": json.dumps([str(status) for status in statuses])}
    articles = _OWN_ARTICLES.format(or_flagged=f" OR {FLAGGED}" if Status.FLAGGED in statuses else "")
    for position, *columns, status, status_op, spent, flagged, remark in db.execute(articles, ask):
        own = _Own(status_op)
        for rows in marks:
            for row in rows.take(position):
                own.add(row)
        for row in rejected.take(position):
            own.reject(row)
        article = article_of(columns)
        yield Record(
            article,
            own.marks,
            own.origins,
            own.rejected,
            zones_of.take(position, article.id),
            annotator=annotator,
            status=Status(status),
            at=own.saved_at(db),
            ms=spent,
            flagged=bool(flagged),
            remark=remark,
        )


class _Own:
    """The marks of one annotator on one article, gathered row by row."""

    def __init__(self, op_id: str | None) -> None:
        self._op_id = op_id or ""
        self._mark_id: str | None = None
        self.marks: list[MarkRow] = []
        self.origins: dict[int, Origin] = {}
        self.rejected: list[tuple[MarkRow, Origin]] = []

    def add(self, row: tuple[Any, ...]) -> None:
        """A mark stems from the first suggestion it answered; rows for later ones are passed over."""
        mark_id, op_id, kind, label, start, end, name, *parts = row[:13]
        note, saw, verdict, ms, pipeline, version, *suggested = row[13:]
        if mark_id == self._mark_id:
            return
        self._mark_id = mark_id
        self._op_id = max(self._op_id, op_id)
        source = _SOURCES.get(verdict, Source.ADDED)
        score = None if source is Source.ADDED else suggested[4]
        run = None if source is Source.ADDED else (pipeline, version)
        before = tuple(suggested) if source is Source.EDITED else None
        self.origins[len(self.marks)] = Origin(source, note, run, ms or 0, before, _saw(saw))
        kind = "entity" if kind == "entity" else "stance"
        self.marks.append((kind, label, start, end, score, name, *parts))

    def reject(self, row: tuple[Any, ...]) -> None:
        op_id, saw, ms, pipeline, version, *suggested = row
        self._op_id = max(self._op_id, op_id)
        origin = Origin(None, run=(pipeline, version), ms=ms, saw=_saw(saw))
        self.rejected.append((tuple(suggested), origin))

    def saved_at(self, db: sqlite3.Connection) -> int | None:
        """Unix ms of the last gesture that left something here; None without any."""
        row = db.execute("SELECT at FROM op WHERE id=?", (self._op_id,)).fetchone()
        return int(row[0]) if row else None


def _saw(saw: int | None) -> bool | None:
    return None if saw is None else bool(saw)


class _Rows:
    """The rows of a cursor ordered by its first column, article by article."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self._next = cursor.fetchone()

    def take(self, position: int) -> list[Any]:
        """The rows at a position, without it; positions must be asked for in ascending order."""
        taken = []
        row, cursor = self._next, self._cursor
        while row is not None and row[0] < position:
            row = cursor.fetchone()
        while row is not None and row[0] == position:
            taken.append(row[1:])
            row = cursor.fetchone()
        self._next = row
        return taken


class _OwnZones:
    """Zones as one annotator sees them; asked one by one only where that annotator changed any."""

    def __init__(self, db: sqlite3.Connection, annotator_id: str) -> None:
        self._db = db
        self._annotator_id = annotator_id
        self._found = _Rows(db.execute(_FOUND_ZONES))
        changed = db.execute(
            "SELECT DISTINCT article_id FROM zoning WHERE annotator_id=? AND deleted=0", (annotator_id,)
        )
        self._changed = {article_id for (article_id,) in changed}

    def take(self, position: int, article_id: int) -> list[ZoneRow]:
        found = self._found.take(position)
        if article_id not in self._changed:
            return found
        own = zones(self._db, article_id, self._annotator_id)
        return [(zone.span.start, zone.span.end, zone.kind.value) for zone in own]


def article_of(columns: list[Any]) -> Article:
    article_id, sha256, title, text, source, url, published, lang, meta = columns
    facts = json.loads(meta) if meta else {}
    return Article(article_id, sha256, title, text, source, url, published, lang, facts)
