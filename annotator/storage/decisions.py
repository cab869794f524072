"""What an annotator decided on suggestions, and which marks and suggestions say the same at one place."""

import sqlite3
from typing import Any

from annotator.domain.choices import SuggestionKind
from annotator.domain.frozen import frozen
from annotator.domain.marks import Mark, Stance
from annotator.domain.suggestions import Decision, Verdict
from annotator.domain.text import Span
from annotator.storage.label_names import label_told
from annotator.storage.marks import called, mark_of, names_now

# A suggestion's label is the one it is called by now, and so are its names.
_CONTENT = 'start, "end", name, holder_start, holder_end, holder_name, target_start, target_end, target_name'
_SUGGESTED = ", ".join([label_told(), *(f"s.{column.strip()}" for column in _CONTENT.split(","))])
# The parts of two stances, in code points; names do not tell two stances apart.
_SAME_PARTS = (
    "holder_start IS :holder_start AND holder_end IS :holder_end"
    " AND target_start IS :target_start AND target_end IS :target_end"
)
_PARTS_OF = " AND ".join(
    f"s.{part}_{edge} IS {{other}}.{part}_{edge}"
    for part in ("holder", "target")
    for edge in ("start", "end")
)


@frozen
class Decided:
    """A suggestion as a mark, and the annotator's live decision on it if there is one."""

    suggestion: Mark
    decision: Decision | None


def decisions_of(db: sqlite3.Connection, annotator_id: str, mark_id: str) -> list[Decided]:
    """The decisions that led to an own mark, oldest first; more than one when suggestions said the same."""
    return _decided(
        db,
        f"SELECT s.run_id, s.n, s.kind, d.id, d.verdict, d.result_id, d.ms, {_SUGGESTED} FROM decision d "
        "JOIN suggestion s ON s.article_id=d.article_id AND s.run_id=d.run_id AND s.n=d.n "
        "WHERE d.result_id=:mark_id AND d.deleted=0 ORDER BY d.id",
        {"annotator_id": annotator_id, "mark_id": mark_id},
    )


def suggestions_like(db: sqlite3.Connection, article_id: int, annotator_id: str, mark: Mark) -> list[Decided]:
    """The suggestions of any run with the mark's kind, span, label and parts, and the decision on each."""
    same_parts = f"AND s.{_SAME_PARTS.replace(' AND ', ' AND s.')} " if isinstance(mark, Stance) else ""
    return _decided(
        db,
        f"SELECT s.run_id, s.n, s.kind, d.id, d.verdict, d.result_id, d.ms, {_SUGGESTED} FROM suggestion s "
        "LEFT JOIN decision d ON d.article_id=s.article_id AND d.annotator_id=:annotator_id "
        "AND d.run_id=s.run_id AND d.n=s.n AND d.deleted=0 "
        'WHERE s.article_id=:article_id AND s.start=:start AND s."end"=:end '
        f"AND {label_told()}=:label "
        "AND s.kind=:kind "
        f"{same_parts}ORDER BY s.run_id, s.n",
        {"article_id": article_id, "annotator_id": annotator_id, **_place(mark)},
    )


def rejected_entities(
    db: sqlite3.Connection, article_id: int, annotator_id: str
) -> set[tuple[int, int, str]]:
    """Start, end and label of each entity of an article whose suggestion an annotator has rejected."""
    rows = db.execute(
        f'SELECT s.start, s."end", {label_told()} FROM decision d JOIN suggestion s '
        "ON s.article_id=d.article_id AND s.run_id=d.run_id AND s.n=d.n "
        "WHERE d.article_id=? AND d.annotator_id=? AND d.deleted=0 AND d.verdict='reject' "
        "AND s.kind='entity'",
        (article_id, annotator_id),
    )
    return set(rows)


def unsettled(db: sqlite3.Connection, article_id: int, annotator_id: str, op_id: str) -> set[str]:
    """The ids of the marks that a gesture wrote and a suggestion says that is not decided, or rejected."""
    ask = {"article_id": article_id, "annotator_id": annotator_id, "op_id": op_id}
    found: set[str] = set()
    for table, same_parts in (("entity", ""), ("stance", f"AND {_PARTS_OF.format(other='m')} ")):
        rows = db.execute(
            f"SELECT m.id FROM {table} m JOIN suggestion s INDEXED BY suggestion_span "
            f'ON s.article_id=m.article_id AND s.start=m.start AND s."end"=m."end" AND s.kind=\'{table}\' '
            f"AND {label_told()}=m.label {same_parts}"
            "LEFT JOIN decision d ON d.article_id=s.article_id AND d.annotator_id=m.annotator_id "
            "AND d.run_id=s.run_id AND d.n=s.n AND d.deleted=0 "
            "WHERE m.article_id=:article_id AND m.annotator_id=:annotator_id AND m.gold=0 AND m.deleted=0 "
            "AND m.op_id=:op_id AND (d.id IS NULL OR d.verdict='reject')",
            ask,
        )
        found.update(row_id for (row_id,) in rows)
    return found


def undecided_like(
    db: sqlite3.Connection, article_id: int, annotator_id: str, op_id: str
) -> list[tuple[int, int, SuggestionKind]]:
    """Run, number and kind of the undecided suggestions that say what one says that a gesture decided on."""
    return db.execute(
        "SELECT DISTINCT s.run_id,s.n,s.kind FROM decision d "
        "JOIN suggestion o ON o.article_id=d.article_id AND o.run_id=d.run_id AND o.n=d.n "
        "JOIN suggestion s INDEXED BY suggestion_span "
        'ON s.article_id=o.article_id AND s.start=o.start AND s."end"=o."end" AND s.kind=o.kind '
        f"AND {label_told()}={label_told('o')} AND {_PARTS_OF.format(other='o')} "
        "LEFT JOIN decision e ON e.article_id=s.article_id AND e.annotator_id=d.annotator_id "
        "AND e.run_id=s.run_id AND e.n=s.n AND e.deleted=0 "
        "WHERE d.article_id=? AND d.annotator_id=? AND d.deleted=0 AND d.op_id=? AND e.id IS NULL "
        "ORDER BY s.run_id,s.n",
        (article_id, annotator_id, op_id),
    ).fetchall()


def own_like(db: sqlite3.Connection, article_id: int, annotator_id: str, mark: Mark) -> str | None:
    """The id of the annotator's live mark with the mark's kind, span, label and parts; None without one."""
    table, same_parts = ("stance", f" AND {_SAME_PARTS}") if isinstance(mark, Stance) else ("entity", "")
    row = db.execute(
        f"SELECT id FROM {table} WHERE article_id=:article_id AND annotator_id=:annotator_id AND gold=0 "
        f'AND start=:start AND "end"=:end AND label=:label AND deleted=0{same_parts}',
        {"article_id": article_id, "annotator_id": annotator_id, **_place(mark)},
    ).fetchone()
    return row[0] if row else None


def _place(mark: Mark) -> dict[str, object]:
    place: dict[str, object] = {
        "kind": "stance" if isinstance(mark, Stance) else "entity",
        "start": mark.span.start,
        "end": mark.span.end,
        "label": mark.label,
    }
    if isinstance(mark, Stance):
        for name, part in (("holder", mark.holder), ("target", mark.target)):
            place[f"{name}_start"] = part.span.start if part else None
            place[f"{name}_end"] = part.span.end if part else None
    return place


def _decided(db: sqlite3.Connection, sql: str, parameters: dict[str, Any]) -> list[Decided]:
    names = names_now(db, parameters["annotator_id"])
    return [
        Decided(
            called(
                mark_of(f"{run_id}:{n}", Span(start, end), label, name, parts, is_entity=kind == "entity"),
                names,
            ),
            Decision(id_, Verdict(verdict), result_id, ms) if id_ is not None else None,
        )
        for run_id, n, kind, id_, verdict, result_id, ms, label, start, end, name, *parts in db.execute(
            sql, parameters
        )
    ]
