"""Marks that get other labels together, in the open transaction of one gesture; and how labels are used."""

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

Table = Literal["entity", "stance"]

# What two marks have in common that are one and the same, but for their label.
_PLACE = {
    "entity": 'article_id,annotator_id,gold,start,"end"',
    "stance": 'article_id,annotator_id,gold,start,"end",holder_start,holder_end,target_start,target_end',
}
_NAMES = {"entity": ("name", "note"), "stance": ("holder_name", "target_name", "note")}


@dataclass(frozen=True, slots=True)
class Use:
    """How much a label is used: live marks, by how many annotators, in how many articles; gold ones too."""

    marks: int
    annotators: int
    articles: int


def uses(db: sqlite3.Connection) -> dict[tuple[Table, str], Use]:
    """The use of every label that live marks have, whether or not the label set has it."""
    found: dict[tuple[Table, str], Use] = {}
    tables: tuple[Table, ...] = ("entity", "stance")
    for table in tables:
        for label, marks, people, articles in db.execute(
            f"SELECT label,count(*),count(DISTINCT annotator_id),count(DISTINCT article_id) FROM {table} "
            "WHERE deleted=0 GROUP BY label"
        ):
            found[table, label] = Use(marks, people, articles)
    return found


def left_of(db: sqlite3.Connection, table: Table, label: str) -> list[tuple[str, int]]:
    """`(annotator, marks)` of everyone who has live marks of a label, by name."""
    return db.execute(
        f"SELECT n.name,count(*) FROM {table} m JOIN annotator n ON n.id=m.annotator_id "
        "WHERE m.deleted=0 AND m.label=? GROUP BY n.id ORDER BY n.name",
        (label,),
    ).fetchall()


def make_current(db: sqlite3.Connection, labelset_id: str, op_id: str) -> None:
    """Lets a stored label set hold from now on."""
    db.execute("UPDATE labelset_current SET labelset_id=?,op_id=? WHERE id='current'", (labelset_id, op_id))


def relabel(
    db: sqlite3.Connection, op_id: str, table: Table, olds: Collection[str], new: str, *, labelset_id: str
) -> int:
    """Gives live marks of some labels another, under a version that has it; returns how many changed.

    Marks that would then say the same, names apart, become one: that of the label `new` if there is one, else
    the oldest. It takes over names and notes that it lacks, and the decisions that led to the others.
    """
    marks = ",".join("?" * len(olds))
    changed = 0
    for kept, *twins in _same(db, table, [*olds, new]):
        for twin in twins:
            changed += 1
            _absorb(db, op_id, table, kept, twin)
    changed += db.execute(
        f"UPDATE {table} SET label=?,labelset_id=?,op_id=? WHERE deleted=0 AND label IN ({marks})",
        (new, labelset_id, op_id, *olds),
    ).rowcount
    return changed


def drop(db: sqlite3.Connection, op_id: str, table: Table, label: str) -> int:
    """Deletes the live marks of a label; suggestions that led to them are then rejected. How many it were."""
    db.execute(
        "UPDATE decision SET verdict='reject',result_id=NULL,op_id=? WHERE deleted=0 AND result_id IN "
        f"(SELECT id FROM {table} WHERE deleted=0 AND label=?)",
        (op_id, label),
    )
    statement = f"UPDATE {table} SET deleted=1,op_id=? WHERE deleted=0 AND label=?"
    return db.execute(statement, (op_id, label)).rowcount


def _same(db: sqlite3.Connection, table: Table, labels: list[str]) -> Iterator[list[dict[str, Any]]]:
    """The live marks that say the same if all have the last of the labels; those that have it come first."""
    if len(labels) < 2:
        return
    place = _PLACE[table]
    marks = ",".join("?" * len(labels))
    where = f"deleted=0 AND label IN ({marks})"
    columns = ["id", *_NAMES[table]]
    rows = db.execute(
        f"SELECT {place},{','.join(columns)} FROM {table} WHERE {where} AND ({place}) IN "
        f"(SELECT {place} FROM {table} WHERE {where} GROUP BY {place} HAVING count(*)>1) "
        f"ORDER BY {place},label<>?,id"
        if table == "entity"
        else f"SELECT {place},{','.join(columns)} FROM {table} WHERE {where} ORDER BY {place},label<>?,id",
        (*labels, *(labels if table == "entity" else ()), labels[-1]),
    ).fetchall()
    width = len(place.split(","))
    for _, group in groupby(rows, key=lambda row: row[:width]):
        found = [dict(zip(columns, row[width:], strict=True)) for row in group]
        if len(found) > 1:
            yield found


def _absorb(
    db: sqlite3.Connection, op_id: str, table: Table, kept: dict[str, Any], twin: dict[str, Any]
) -> None:
    alike = all(kept[name] == twin[name] for name in _NAMES[table] if name != "note")
    fuller = {name: kept[name] or twin[name] for name in _NAMES[table]}
    if kept["note"] and twin["note"] and kept["note"] != twin["note"]:
        fuller["note"] = f"{kept['note']}\n{twin['note']}"
    db.execute(f"UPDATE {table} SET deleted=1,op_id=? WHERE id=?", (op_id, twin["id"]))
    if any(fuller[name] != kept[name] for name in fuller):
        sets = ",".join(f"{name}=?" for name in fuller)
        db.execute(f"UPDATE {table} SET {sets},op_id=? WHERE id=?", (*fuller.values(), op_id, kept["id"]))
        kept |= fuller
    # A mark with another name than the suggestion's is an edited one.
    verdict = "verdict" if alike else "'edit'"
    db.execute(
        f"UPDATE decision SET result_id=?,verdict={verdict},op_id=? WHERE deleted=0 AND result_id=?",
        (kept["id"], op_id, twin["id"]),
    )
