"""Many articles with their zones and marks at once: few statements, rows in the order of the file's tree."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Record, ZoneRow
from annotator.domain.frozen import frozen
from annotator.domain.suggestions import Run
from annotator.domain.text import word_count
from annotator.domain.zone_rules import find_zones
from annotator.storage.collecting import seldom_collecting
from annotator.storage.known_articles import otherwise_said
from annotator.storage.ulid import now_ms

_ARTICLE = (
    "INSERT INTO article(id,position,sha256,title,source,url,published,lang,length,words,text,meta)"
    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?)"
)
_ZONE = 'INSERT INTO found_zone(article_id,start,"end",kind) VALUES(?,?,?,?) ON CONFLICT DO NOTHING'
_RUN = "INSERT INTO run(id,pipeline,version,created) VALUES(?,?,?,?) ON CONFLICT DO NOTHING"
_SUGGESTED = "INSERT INTO suggested(article_id,run_id,at,uncertainty) VALUES(?,?,?,?) ON CONFLICT DO NOTHING"
_MARK_COLUMNS = (
    'kind,label,start,"end",score,name,'
    "holder_start,holder_end,holder_name,target_start,target_end,target_name"
)
_SUGGESTION = f"INSERT INTO suggestion(article_id,run_id,n,{_MARK_COLUMNS}) VALUES(?,?,?{',?' * 12})"
_ENTITIES = 'INSERT INTO suggestion(article_id,run_id,n,kind,label,start,"end",score,name) VALUES'
_ENTITY_VALUES = "(?,?,?,'entity',?,?,?,?,?)"
_ENTITY_WIDTH = _ENTITY_VALUES.count("?")
_ROWS = 100  # in one statement
SUGGESTION_ONCE = f"{_SUGGESTION} ON CONFLICT DO NOTHING"

# The pages of a batch stay in memory until they are written once (KiB), and are copied into the file
# only every so many pages.
_CACHE = 64 * 1024
_CHECKPOINT = 16_000


@frozen
class Item:
    """A record on its way in: its marks as suggestions of `run`, as labels of `owner`, or neither.

    `owner` is the name of an annotator, whose marks are gold if `gold`; `run` is then what the owner's
    decisions answered where the record does not say.
    """

    record: Record
    run: Run | None = None
    owner: str | None = None
    gold: bool = False


@dataclass(slots=True)
class Written:
    """What came in. `known` counts records whose text was there already, `in_zones` suggestions kept out.

    `zones_kept` and `facts_kept` count what came again with other zones, or another title, fact or meta.
    """

    articles: int = 0
    known: int = 0
    suggestions: int = 0
    in_zones: int = 0
    labels: int = 0
    zones_kept: int = 0
    facts_kept: int = 0

    def add(self, other: "Written") -> None:
        for name in Written.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Batch:
    """What the writers of one batch share: its items by article, and what was in the file before."""

    items: Sequence[Item]
    known: set[int]
    zones: dict[int, list[ZoneRow]] = field(default_factory=dict)
    written: Written = field(default_factory=Written)


@contextmanager
def loading(db: sqlite3.Connection) -> Iterator[None]:
    """Page cache, checkpoints and garbage collection for a large import; as they were afterwards.

    Durability stays as it is.
    """
    (cache,) = db.execute("PRAGMA cache_size").fetchone()
    (checkpoint,) = db.execute("PRAGMA wal_autocheckpoint").fetchone()
    db.execute(f"PRAGMA cache_size=-{_CACHE}")
    db.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT}")
    try:
        with seldom_collecting():
            yield
    finally:
        db.execute(f"PRAGMA cache_size={cache}")
        db.execute(f"PRAGMA wal_autocheckpoint={checkpoint}")


def write_articles(db: sqlite3.Connection, items: Sequence[Item]) -> Batch:
    """Stores the articles that are new, with their zones, in the open transaction; begins the batch."""
    ids = {item.record.article.id for item in items}
    batch = Batch(items, {row[0] for row in among(db, "SELECT id FROM article WHERE id", ids)})
    new: dict[int, Record] = {}
    for item in items:
        record = item.record
        if record.article.id not in batch.known:
            new.setdefault(record.article.id, record)
    _read_zones(db, batch)
    (last,) = db.execute("SELECT coalesce(max(position),-1) FROM article").fetchone()
    # By position, as the index of words needs them: an earlier one would begin a new part of it.
    rows = [_article_row(record.article, position) for position, record in enumerate(new.values(), last + 1)]
    db.executemany(_ARTICLE, rows)
    for article_id, record in new.items():
        batch.zones[article_id] = _zones_of(record)
    db.executemany(
        _ZONE,
        [(article_id, *zone) for article_id in sorted(new) for zone in _by_size(batch.zones[article_id])],
    )
    batch.written.articles = len(new)
    batch.written.known = len(items) - len(new)
    again = (item.record.article for item in items if item.record.article.id in batch.known)
    batch.written.facts_kept = otherwise_said(db, again)
    return batch


def write_suggestions(db: sqlite3.Connection, batch: Batch) -> None:
    """Stores the marks of the items that are suggestions; not those in zones, and not those there already."""
    wanted: dict[tuple[int, Run], list[MarkRow]] = {}
    for item in batch.items:
        if item.owner is None and item.run is not None:
            key = (item.record.article.id, item.run)
            wanted[key] = wanted[key] + item.record.marks if key in wanted else item.record.marks
    now = now_ms()
    write_runs(db, (run for _, run in wanted), now)
    order = sorted(wanted, key=lambda pair: (pair[0], pair[1].id))
    there = set(among(db, "SELECT article_id,run_id FROM suggested WHERE article_id", batch.known))
    entities: list[object] = []  # the values of all rows one behind the other
    stances: list[tuple[object, ...]] = []
    readings = []
    for article_id, run in order:
        marks = _outside(_once(wanted[article_id, run]), batch, article_id)
        first = 0
        if (article_id, run.id) in there:
            marks, first = _missing(db, article_id, run.id, marks)
        _add_entities(entities, article_id, run.id, marks, first)
        stances += [
            (article_id, run.id, n, *mark) for n, mark in enumerate(marks, first) if mark[0] != "entity"
        ]
        readings.append((article_id, run.id, now, uncertainty(mark[4] for mark in marks)))
    db.executemany(_SUGGESTED, readings)
    _insert_entities(db, entities)
    db.executemany(_SUGGESTION, stances)
    batch.written.suggestions = len(entities) // _ENTITY_WIDTH + len(stances)


def _add_entities(
    values: list[object], article_id: int, run_id: int, marks: list[MarkRow], first: int
) -> None:
    for n, (kind, label, start, end, score, name, _, _, _, _, _, _) in enumerate(marks, first):
        if kind == "entity":
            values += (article_id, run_id, n, label, start, end, score, name)


def _insert_entities(db: sqlite3.Connection, values: list[object]) -> None:
    """Many rows a statement, without the columns that only stances have: a third faster than row by row."""
    many = _ROWS * _ENTITY_WIDTH
    whole = len(values) - len(values) % many
    statement = _ENTITIES + ",".join([_ENTITY_VALUES] * _ROWS)
    db.executemany(statement, (values[at : at + many] for at in range(0, whole, many)))
    rest = range(whole, len(values), _ENTITY_WIDTH)
    db.executemany(_ENTITIES + _ENTITY_VALUES, (values[at : at + _ENTITY_WIDTH] for at in rest))


def write_runs(db: sqlite3.Connection, runs: Iterable[Run], now: int) -> None:
    db.executemany(_RUN, [(run.id, run.pipeline, run.version, now) for run in dict.fromkeys(runs)])


def uncertainty(scores: Iterable[float | None]) -> float:
    """How much there is to look at: one minus the mean score, 0 where none has one."""
    given = [score for score in scores if score is not None]
    return 1 - sum(given) / len(given) if given else 0.0


def among(
    db: sqlite3.Connection, select: str, ids: Iterable[int], *more: object
) -> Iterator[tuple[int, ...]]:
    """The rows of `select`, which ends with the column that must be one of `ids`."""
    return iter(db.execute(f"{select} IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)), *more)))


def place_of(mark: MarkRow) -> tuple[object, ...]:
    """What makes two marks of one article the same: kind, label, span and parts; not names or score."""
    return (*mark[:4], *mark[6:8], *mark[9:11])


def _article_row(article: Article, position: int) -> tuple[object, ...]:
    return (
        article.id,
        position,
        article.sha256,
        article.title,
        article.source,
        article.url,
        article.published,
        article.lang,
        len(article.text),
        word_count(article.text),
        article.text,
        json.dumps(article.meta, ensure_ascii=False) if article.meta else None,
    )


def _zones_of(record: Record) -> list[ZoneRow]:
    """The zones a record brings, or else those that the rules find."""
    if record.zones is not None:
        return record.zones
    return [(zone.span.start, zone.span.end, zone.kind.value) for zone in find_zones(record.article.text)]


def _by_size(zones: list[ZoneRow]) -> list[ZoneRow]:
    """By start, the longest first: of several that start together the file keeps the first."""
    return sorted(zones, key=lambda zone: (zone[0], -zone[1]))


def _read_zones(db: sqlite3.Connection, batch: Batch) -> None:
    """The zones of articles that are there already stand; what a record says about them is only counted."""
    for article_id in batch.known:
        batch.zones[article_id] = []
    rows = among(db, 'SELECT article_id,start,"end",kind FROM found_zone WHERE article_id', batch.known)
    for article_id, *zone in rows:
        batch.zones[article_id].append((zone[0], zone[1], str(zone[2])))
    for item in batch.items:
        zones, article_id = item.record.zones, item.record.article.id
        if (
            zones is not None
            and article_id in batch.known
            and sorted(zones) != sorted(batch.zones[article_id])
        ):
            batch.written.zones_kept += 1


def _once(marks: list[MarkRow]) -> list[MarkRow]:
    """The marks without repetitions; few articles have two that start together, and that is quickly seen."""
    return marks if len({mark[2] for mark in marks}) == len(marks) else list(dict.fromkeys(marks))


def _outside(marks: list[MarkRow], batch: Batch, article_id: int) -> list[MarkRow]:
    zones = batch.zones[article_id]
    if not zones:
        return marks
    outside = [
        mark for mark in marks if not any(mark[2] < end and start < mark[3] for start, end, _ in zones)
    ]
    batch.written.in_zones += len(marks) - len(outside)
    return outside


def _missing(
    db: sqlite3.Connection, article_id: int, run_id: int, marks: Iterable[MarkRow]
) -> tuple[list[MarkRow], int]:
    """The marks that an earlier reading of the same run lacks, and the number of the first of them."""
    statement = f"SELECT n,{_MARK_COLUMNS} FROM suggestion WHERE article_id=? AND run_id=?"
    stored = db.execute(statement, (article_id, run_id)).fetchall()
    places = {place_of(row[1:]) for row in stored}
    missing = [mark for mark in marks if place_of(mark) not in places]
    return missing, max((row[0] for row in stored), default=-1) + 1
