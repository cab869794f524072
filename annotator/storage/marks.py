"""Reading zones, own marks and suggestions of an article as one annotator sees them."""

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import Any

from annotator.domain.articles import Status
from annotator.domain.changes import Progress
from annotator.domain.choices import Thresholds
from annotator.domain.marks import Entity, Mark, Part, Provenance, Shown, Source, Stance
from annotator.domain.suggestions import key_of
from annotator.domain.text import Span
from annotator.domain.zones import Zone, ZoneKind
from annotator.storage.choices import thresholds_of
from annotator.storage.label_names import label_now, under_every_name, unshown
from annotator.storage.sight import hidden_kinds, made_blind

# Plain numbers: comparing spans costs ten times as much, seconds in an article of 100,000 marks.
_READING_ORDER = attrgetter("mark.span.start", "mark.span.end", "mark.id")
# What one annotator calls suggested names; of two rows for a name the later gesture's counts.
NAMING = "SELECT was,now,id FROM naming WHERE annotator_id=? AND deleted=0 ORDER BY op_id,id"
_SOURCES = {None: Source.ADDED, "accept": Source.ACCEPTED, "edit": Source.EDITED}

# Columns of an own mark: a mark's nine parts first, as in _SUGGESTIONS, so that one function reads both.
_OWN = """
SELECT m.id, m.kind='entity', m.start, m."end", m.label, {parts}, r.pipeline, r.version, s.score,
  m.note, d.verdict, d.id
FROM {table} m
LEFT JOIN decision d ON d.result_id=m.id AND d.deleted=0
LEFT JOIN suggestion s ON s.article_id=d.article_id AND s.run_id=d.run_id AND s.n=d.n
LEFT JOIN run r ON r.id=d.run_id
WHERE m.deleted=0 AND m.gold=0 AND """
_PARTS = {
    "entity": "m.name, NULL, NULL, NULL, NULL, NULL, NULL",
    "stance": (
        "NULL, m.holder_start, m.holder_end, m.holder_name, m.target_start, m.target_end, m.target_name"
    ),
}
_OF_ARTICLE = "m.article_id=:article AND m.annotator_id=:annotator"
# The plus signs keep SQLite from going through the whole article for a few marks.
_OF_IDS = (
    "m.id IN (SELECT value FROM json_each(:ids)) AND +m.article_id=:article AND +m.annotator_id=:annotator"
)
_OF_KEYS = "AND s.n IN (SELECT value->>1 FROM json_each(:keys) WHERE value->>0=:run)"

_SAME_PARTS = " AND ".join(
    f"{{other}}.{part}_{edge} IS s.{part}_{edge}"
    for part in ("holder", "target")
    for edge in ("start", "end")
)
# The suggestions of one run that are not decided, not equal to a decided one, and not equal to an own mark.
_OPEN = f"""
AND NOT EXISTS (
  SELECT 1 FROM suggestion o INDEXED BY suggestion_span JOIN decision d
    ON d.article_id=o.article_id AND d.annotator_id=:annotator AND d.run_id=o.run_id AND d.n=o.n
    AND d.deleted=0
  WHERE o.article_id=s.article_id AND o.start=s.start AND o."end"=s."end"
    AND o.kind=s.kind AND {label_now("o")}={label_now()} AND {_SAME_PARTS.format(other="o")})
AND NOT EXISTS (
  SELECT 1 FROM entity m WHERE s.kind='entity' AND m.article_id=s.article_id AND m.annotator_id=:annotator
    AND m.gold=0 AND m.start=s.start AND m."end"=s."end" AND m.label={label_now()} AND m.deleted=0)
AND NOT EXISTS (
  SELECT 1 FROM stance m WHERE s.kind='stance' AND m.article_id=s.article_id AND m.annotator_id=:annotator
    AND m.gold=0 AND m.start=s.start AND m."end"=s."end" AND m.label={label_now()} AND m.deleted=0
    AND {_SAME_PARTS.format(other="m")})
"""
_SUGGESTIONS = f"""
SELECT s.run_id||':'||s.n, s.kind='entity', s.start, s."end", {label_now()}, s.name,
  s.holder_start, s.holder_end, s.holder_name, s.target_start, s.target_end, s.target_name,
  :pipeline, :version, s.score, NULL, s.n
FROM suggestion s WHERE s.article_id=:article AND s.run_id=:run"""

_EQUAL = f"""
JOIN suggestion s INDEXED BY suggestion_span
  ON s.article_id={{other}}.article_id AND s.start={{other}}.start AND s."end"={{other}}."end"
  AND {label_now()}={{label}} AND s.run_id=:run"""
# The suggestions of one run that _OPEN leaves out, found from what the annotator did.
_SETTLED = f"""
SELECT s.n,s.start,s."end" FROM decision d
JOIN suggestion o ON o.article_id=d.article_id AND o.run_id=d.run_id AND o.n=d.n
{_EQUAL.format(other="o", label=label_now("o"))} AND s.kind=o.kind AND {_SAME_PARTS.format(other="o")}
WHERE d.article_id=:article AND d.annotator_id=:annotator AND d.deleted=0 {{above}}
UNION SELECT s.n,s.start,s."end" FROM entity m {_EQUAL.format(other="m", label="m.label")} AND s.kind='entity'
WHERE m.article_id=:article AND m.annotator_id=:annotator AND m.gold=0 AND m.deleted=0 {{above}}
UNION SELECT s.n,s.start,s."end" FROM stance m
{_EQUAL.format(other="m", label="m.label")} AND s.kind='stance' AND {_SAME_PARTS.format(other="m")}
WHERE m.article_id=:article AND m.annotator_id=:annotator AND m.gold=0 AND m.deleted=0 {{above}}"""


def zones(db: sqlite3.Connection, article_id: int, annotator_id: str | None) -> list[Zone]:
    """The zones of an article for one annotator, as found by rule for None; by span."""
    found = [
        Zone(Span(start, end), ZoneKind(kind), f"found:{start}:{end}")
        for start, end, kind in db.execute(
            'SELECT start,"end",kind FROM found_zone WHERE article_id=? ORDER BY start', (article_id,)
        )
    ]
    if annotator_id is None:
        return found
    marked: list[Zone] = []
    own: set[Span] = set()
    for row_id, start, end, kind, present in db.execute(
        'SELECT id,start,"end",kind,present FROM zoning WHERE article_id=? AND annotator_id=? AND deleted=0',
        (article_id, annotator_id),
    ):
        own.add(Span(start, end))
        if present:
            marked.append(Zone(Span(start, end), ZoneKind(kind), row_id))
    if own:
        found = sorted([zone for zone in found if zone.span not in own] + marked, key=lambda zone: zone.span)
    return found


def shown(db: sqlite3.Connection, article_id: int, annotator_id: str) -> list[Shown]:
    """The annotator's live marks, and the open suggestions in sight; by span.

    In sight are those that reach their labels' thresholds, of kinds that are not hidden from the annotator.
    """
    ask: dict[str, Any] = {"article": article_id, "annotator": annotator_id}
    found = [*_own(db, _OF_ARTICLE, ask), *_suggested(db, ask)]
    return sorted(found, key=_READING_ORDER)


def shown_by_id(
    db: sqlite3.Connection, article_id: int, annotator_id: str, ids: Collection[str]
) -> list[Shown]:
    """Those of `shown` that have one of the ids, by span; costs by the ids, not by the article."""
    ask: dict[str, Any] = {"article": article_id, "annotator": annotator_id}
    keys = [key for mark_id in ids if (key := key_of(mark_id))]
    found: list[Shown] = []
    if len(keys) < len(ids):
        ask["ids"] = json.dumps([mark_id for mark_id in ids if ":" not in mark_id])
        found += _own(db, _OF_IDS, ask)
    if keys:
        ask["keys"] = json.dumps(keys)
        found += _suggested(db, ask, _OF_KEYS)
    return sorted(found, key=_READING_ORDER)


def newest_run(db: sqlite3.Connection, article_id: int) -> tuple[int, str, str] | None:
    """`(id, pipeline, version)` of the run that read the article last; None before any did."""
    row: tuple[int, str, str] | None = db.execute(
        "SELECT r.id,r.pipeline,r.version FROM suggested g JOIN run r ON r.id=g.run_id "
        "WHERE g.article_id=? ORDER BY g.at DESC,r.id DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    return row


def spans_of(
    db: sqlite3.Connection, article_id: int, keys: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Start and end of the suggestions of an article with these runs and numbers."""
    yield from db.execute(
        'SELECT s.start,s."end" FROM json_each(?) k CROSS JOIN suggestion s '
        "ON s.article_id=? AND s.run_id=k.value->>0 AND s.n=k.value->>1",
        (json.dumps(list(keys)), article_id),
    )


def suggestions_on(db: sqlite3.Connection, article_id: int, spans: Iterable[tuple[int, int]]) -> set[str]:
    """Ids of the newest run's suggestions that stand exactly on a span, from start to end."""
    run = newest_run(db, article_id)
    if run is None:
        return set()
    rows = db.execute(
        "SELECT s.n FROM json_each(?) k CROSS JOIN suggestion s INDEXED BY suggestion_span "
        'ON s.article_id=? AND s.start=k.value->>0 AND s."end"=k.value->>1 WHERE s.run_id=?',
        (json.dumps(list(spans)), article_id, run[0]),
    )
    return {f"{run[0]}:{n}" for (n,) in rows}


def suggestions_within(db: sqlite3.Connection, article_id: int, spans: Iterable[Span]) -> set[str]:
    """Ids of the newest run's suggestions that overlap a span."""
    run = newest_run(db, article_id)
    if run is None:
        return set()
    statement = 'SELECT n FROM suggestion WHERE article_id=? AND start<? AND "end">? AND +run_id=?'
    return {
        f"{run[0]}:{n}"
        for span in spans
        for (n,) in db.execute(statement, (article_id, span.end, span.start, run[0]))
    }


def suggestions_named(db: sqlite3.Connection, article_id: int, names: Collection[str]) -> set[str]:
    """Ids of the newest run's suggestions that were made with one of some names, of any part."""
    run = newest_run(db, article_id)
    if run is None:
        return set()
    rows = db.execute(
        "SELECT n FROM suggestion s WHERE article_id=? AND +run_id=? AND EXISTS (SELECT 1 FROM json_each(?) "
        "WHERE value IN (s.name,s.holder_name,s.target_name))",
        (article_id, run[0], json.dumps(list(names))),
    )
    return {f"{run[0]}:{n}" for (n,) in rows}


def suggestion_ids(db: sqlite3.Connection, article_id: int) -> set[str]:
    """Ids of all suggestions that the newest run made."""
    run = newest_run(db, article_id)
    if run is None:
        return set()
    rows = db.execute("SELECT n FROM suggestion WHERE article_id=? AND +run_id=?", (article_id, run[0]))
    return {f"{run[0]}:{n}" for (n,) in rows}


def progress_of(db: sqlite3.Connection, article_id: int, annotator_id: str) -> Progress:
    """Of the suggestions in sight that the newest run made outside of zones, how many are no longer open.

    Costs by what the annotator decided; counting the open ones would cost by all that was suggested.
    """
    run = newest_run(db, article_id)
    if run is None:
        return Progress(0, 0)
    covered = _Cover(zones(db, article_id, annotator_id))
    ask: dict[str, Any] = {"article": article_id, "annotator": annotator_id, "run": run[0]}
    shown_from = _in_sight(db, ask)
    settled = db.execute(_SETTLED.format(above=shown_from), ask)
    decided = sum(1 for _, start, end in settled if not covered.overlaps(start, end))
    return Progress(decided, _suggested_outside(db, ask, shown_from, covered))


def suggested_of(db: sqlite3.Connection, article_id: int, annotator_id: str) -> int:
    """How many suggestions in sight the newest run made outside of zones, decided or not."""
    run = newest_run(db, article_id)
    if run is None:
        return 0
    ask: dict[str, Any] = {"article": article_id, "annotator": annotator_id, "run": run[0]}
    shown_from = _in_sight(db, ask)
    return _suggested_outside(db, ask, shown_from, _Cover(zones(db, article_id, annotator_id)))


def _suggested_outside(
    db: sqlite3.Connection, ask: dict[str, Any], shown_from: str, covered: "_Cover"
) -> int:
    """All of the run but those that overlap a zone: each is looked up at the first zone that it meets."""
    of_run = f"FROM suggestion s WHERE article_id=:article AND +run_id=:run {shown_from}"
    count, longest = db.execute(f'SELECT count(*),ifnull(max("end"-start),0) {of_run}', ask).fetchone()
    meets = f'SELECT count(*) {of_run} AND start>=:first AND start<:end AND "end">:start'
    before = 0
    for start, end in covered:
        first = max(before, start - longest)  # what begins earlier meets the zone before, or ends too soon
        count -= db.execute(meets, ask | {"first": first, "start": start, "end": end}).fetchone()[0]
        before = end
    return int(count)


def _in_sight(db: sqlite3.Connection, ask: dict[str, Any]) -> str:
    """SQL that a suggestion `s` of the run is in sight, its values put into `ask`."""
    hidden = sorted(hidden_kinds(db, ask["article"], ask["annotator"]))
    kinds = "".join(f" AND s.kind<>'{kind}'" for kind in hidden)
    return reaching(db, ask["run"], ask) + kinds


def reaching(db: sqlite3.Connection, run_id: int, ask: dict[str, Any]) -> str:
    """SQL that a suggestion `s` of a run has a label that is shown and reaches the label's threshold."""
    return above(under_every_name(db, thresholds_of(db, run_id)), ask) + unshown(db)


def above(thresholds: Thresholds, ask: dict[str, Any]) -> str:
    """SQL that a suggestion `s` reaches the threshold of its label, its values put into `ask`.

    Nothing without thresholds: what can be counted in an index alone then is.
    """
    if not thresholds:
        return ""
    cases = []
    for kind, scores in (("entity", thresholds.entities), ("stance", thresholds.stances)):
        for n, (label, score) in enumerate(sorted(scores.items())):
            cases.append(f"WHEN s.kind='{kind}' AND s.label=:{kind}{n} THEN :{kind}{n}_from")
            ask |= {f"{kind}{n}": label, f"{kind}{n}_from": score}
    return f"AND (s.score IS NULL OR s.score>=CASE {' '.join(cases)} ELSE 0 END)"


def status_of(db: sqlite3.Connection, article_id: int, annotator_id: str) -> Status:
    row = db.execute(
        "SELECT status FROM status WHERE annotator_id=? AND article_id=?", (annotator_id, article_id)
    ).fetchone()
    return Status(row[0]) if row else Status.TODO


class _Cover:
    """The union of some zones, to ask whether a span overlaps it."""

    def __init__(self, zones: Iterable[Zone]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for zone in sorted(zones, key=lambda zone: zone.span):
            if self._ends and zone.span.start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], zone.span.end)
            else:
                self._starts.append(zone.span.start)
                self._ends.append(zone.span.end)

    def __bool__(self) -> bool:
        return bool(self._starts)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._starts, self._ends, strict=True)

    def overlaps(self, start: int, end: int) -> bool:
        at = bisect_left(self._starts, end)
        return at > 0 and self._ends[at - 1] > start


def _own(db: sqlite3.Connection, where: str, ask: dict[str, Any]) -> list[Shown]:
    found: dict[str, tuple[str | None, Shown]] = {}
    for table, parts in _PARTS.items():
        for row in db.execute(_OWN.format(table=table, parts=parts) + where, ask):
            verdict, decision = row[-2:]
            # A mark stems from the first suggestion it answered; later runs may propose it again.
            if row[0] not in found or decision < str(found[row[0]][0]):
                found[row[0]] = (decision, _shown(row, _SOURCES[verdict]))
    marks = [item for _, item in found.values()]
    hidden = hidden_kinds(db, ask["article"], ask["annotator"])
    if not hidden:
        return marks
    # That a hidden suggestion says the same as a mark is hidden with it.
    blind = made_blind(db, ask["article"], ask["annotator"])
    return [_as_added(item) if item.id in blind and item.kind in hidden else item for item in marks]


def _as_added(item: Shown) -> Shown:
    return replace(item, source=Source.ADDED, provenance=None)


def _suggested(db: sqlite3.Connection, ask: dict[str, Any], where: str = "") -> list[Shown]:
    """The open suggestions in sight; those of some keys by `where`, or of the whole article."""
    run = newest_run(db, ask["article"])
    if run is None:
        return []
    ask = ask | dict(zip(("run", "pipeline", "version"), run, strict=True))
    covered = _Cover(zones(db, ask["article"], ask["annotator"]))
    shown_from = _in_sight(db, ask)
    # Of a few each is looked up whether it is open, of all it is found which are not: that is decided faster.
    settled = set() if where else {n for n, _, _ in db.execute(_SETTLED.format(above=""), ask)}
    found = [
        _shown(row, None)
        for row in db.execute(f"{_SUGGESTIONS} {where and where + _OPEN} {shown_from}", ask)
        if row[16] not in settled and not (covered and covered.overlaps(row[2], row[3]))
    ]
    names = names_now(db, ask["annotator"])
    return [replace(item, mark=called(item.mark, names)) for item in found] if names else found


def _shown(row: tuple[Any, ...], source: Source | None) -> Shown:
    mark_id, is_entity, start, end, label, name = row[:6]
    pipeline, version, score, note = row[12:16]
    mark: Mark
    if is_entity:  # of most, and of a hundred thousand every call counts
        mark = Entity(mark_id, Span(start, end), label, name)
    else:
        mark = mark_of(mark_id, Span(start, end), label, name, row[6:12], is_entity=False)
    return Shown(mark, source, _provenance(pipeline, version, score) if pipeline is not None else None, note)


@lru_cache(maxsize=1_000)
def _provenance(pipeline: str, version: str, score: float | None) -> Provenance:
    """One for all that say the same: many suggestions of a pipeline have equal scores."""
    return Provenance(pipeline, version, score)


def names_now(db: sqlite3.Connection, annotator_id: str) -> dict[str, str]:
    """What an annotator calls suggested names, of those that have another name by now."""
    return {was: now for was, now, _ in db.execute(NAMING, (annotator_id,)) if was != now}


def called(mark: Mark, names: Mapping[str, str]) -> Mark:
    """A mark with each of its names that is among `names` changed to what that says."""
    if not names:
        return mark
    if isinstance(mark, Entity):
        return replace(mark, name=names.get(mark.name, mark.name)) if mark.name else mark
    return replace(mark, holder=_called(mark.holder, names), target=_called(mark.target, names))


def _called(part: Part | None, names: Mapping[str, str]) -> Part | None:
    return replace(part, name=names.get(part.name, part.name)) if part is not None and part.name else part


def mark_of(
    mark_id: str, span: Span, label: str, name: str | None, parts: Sequence[Any], *, is_entity: bool
) -> Mark:
    """A mark from its columns; `parts` are start, end and name of the holder, then of the target."""
    if is_entity:
        return Entity(mark_id, span, label, name)
    return Stance(mark_id, span, label, _part(*parts[:3]), _part(*parts[3:]))


def _part(start: int | None, end: int | None, name: str | None) -> Part | None:
    return Part(Span(start, end), name) if start is not None and end is not None else None
