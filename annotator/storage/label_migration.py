"""Marks that get other labels together, in the open transaction of one gesture; and how labels are used."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any, Literal

from annotator.domain.frozen import frozen
from annotator.domain.labels import Kind, LabelSet
from annotator.domain.text import Span

Table = Literal["entity", "stance"]

# What two marks have in common that are one and the same, but for their label.
_PLACE = {
    "entity": 'article_id,annotator_id,gold,start,"end"',
    "stance": 'article_id,annotator_id,gold,start,"end",holder_start,holder_end,target_start,target_end',
}
_NAMES = {"entity": ("name", "note"), "stance": ("holder_name", "target_name", "note")}


# Either asks for the id of a mark as its last parameter.
_ONE, _ALL = "id=?", "? IS NULL"
_AROUND, _WORDS = 60, 200  # code points of a text that are shown around a mark, and of the mark


@frozen
class Unsorted:
    """A mark of a split label, and the text around it on one line; `span` in code points."""

    id: str
    article_id: int
    title: str
    gold: bool
    span: Span
    before: str
    words: str
    after: str


@frozen
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
    db: sqlite3.Connection,
    op_id: str,
    table: Table,
    olds: Collection[str],
    new: str,
    *,
    labelset_id: str,
    mark_id: str | None = None,
) -> int:
    """Gives live marks of some labels, or one of them, a label of a version; returns how many changed.

    Marks that would then say the same, names apart, become one: that of the label `new` if there is one, else
    the oldest. It takes over names and notes that it lacks, and the decisions that led to the others.
    """
    marks = ",".join("?" * len(olds))
    changed = 0
    for kept, *twins in _same(db, table, [*olds, new], mark_id):
        for twin in twins:
            changed += 1
            _absorb(db, op_id, table, kept, twin)
    changed += db.execute(
        f"UPDATE {table} SET label=?,labelset_id=?,op_id=? "
        f"WHERE deleted=0 AND label IN ({marks}) AND {_ONE if mark_id else _ALL}",
        (new, labelset_id, op_id, *olds, mark_id),
    ).rowcount
    return changed


def carry_over(db: sqlite3.Connection, op_id: str, left: LabelSet, held: LabelSet) -> int:
    """Gives the live marks whose label was renamed between two versions the name in the one that holds now.

    That is what a label of `left` is called in `held`, or the one former name of it that `held` has.
    """
    changed = 0
    for label in left.labels:
        known = held.now(label.kind, label.name)
        names = [known.name] if known else [n for n in label.former if held.find(label.kind, n)]
        if len(names) == 1 and names[0] != label.name:
            table: Table = "entity" if label.kind is Kind.ENTITY else "stance"
            changed += relabel(db, op_id, table, [label.name], names[0], labelset_id=held.id)
    return changed


def drop(db: sqlite3.Connection, op_id: str, table: Table, label: str, *, mark_id: str | None = None) -> int:
    """Deletes the live marks of a label, or one; suggestions that led to them are then rejected. How many."""
    where = f"deleted=0 AND label=? AND {_ONE if mark_id else _ALL}"
    db.execute(
        "UPDATE decision SET verdict='reject',result_id=NULL,op_id=? WHERE deleted=0 AND result_id IN "
        f"(SELECT id FROM {table} WHERE {where})",
        (op_id, label, mark_id),
    )
    statement = f"UPDATE {table} SET deleted=1,op_id=? WHERE {where}"
    return db.execute(statement, (op_id, label, mark_id)).rowcount


def unsorted(
    db: sqlite3.Connection, annotator_id: str, table: Table, label: str, limit: int
) -> list[Unsorted]:
    """One annotator's live marks of a label with the words around them, in the order of the queue."""
    rows = db.execute(
        f'SELECT m.id,m.article_id,a.title,m.gold,m.start,m."end",'
        f"substr(a.text,max(1,m.start-{_AROUND}+1),min(m.start,{_AROUND})),"
        f'substr(a.text,m.start+1,min(m."end"-m.start,{_WORDS})),substr(a.text,m."end"+1,{_AROUND}) '
        f"FROM {table} m JOIN article a ON a.id=m.article_id "
        "WHERE m.annotator_id=? AND m.label=? AND m.deleted=0 ORDER BY a.position,m.start,m.id LIMIT ?",
        (annotator_id, label, limit),
    )
    return [
        Unsorted(
            id_,
            article_id,
            title,
            bool(gold),
            Span(start, end),
            _end_of(before),
            _line(words),
            _start_of(after),
        )
        for id_, article_id, title, gold, start, end, before, words, after in rows
    ]


def _end_of(text: str) -> str:
    """On one line, without a word that is cut at its start."""
    whole = text if len(text) < _AROUND else "…" + text.partition(" ")[2]
    return _line(whole)


def _start_of(text: str) -> str:
    whole = text if len(text) < _AROUND else text.rpartition(" ")[0] + "…"
    return _line(whole)


def _line(text: str) -> str:
    """On one line; a blank at an end stays one."""
    words = " ".join(text.split())
    return f"{' ' if text[:1].isspace() else ''}{words}{' ' if text[-1:].isspace() and words else ''}"


def _same(
    db: sqlite3.Connection, table: Table, labels: list[str], mark_id: str | None
) -> Iterator[list[dict[str, Any]]]:
    """The live marks that say the same if all have the last of the labels; those that have it come first."""
    place, columns = _PLACE[table], ["id", *_NAMES[table]]
    where = "deleted=0 AND label IN (SELECT value FROM json_each(:labels))"
    if mark_id is not None:
        where += f" AND article_id=(SELECT article_id FROM {table} WHERE id=:mark)"
    elif table == "entity":
        where += (
            f" AND ({place}) IN (SELECT {place} FROM entity WHERE {where} GROUP BY {place} HAVING count(*)>1)"
        )
    rows = db.execute(
        f"SELECT {place},{','.join(columns)} FROM {table} WHERE {where} ORDER BY {place},label<>:new,id",
        {"labels": json.dumps(labels), "new": labels[-1], "mark": mark_id},
    ).fetchall()
    width = len(place.split(","))
    for _, group in groupby(rows, key=lambda row: row[:width]):
        found = [dict(zip(columns, row[width:], strict=True)) for row in group]
        if len(found) > 1 and (mark_id is None or any(mark["id"] == mark_id for mark in found)):
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
    db.execute(
        "UPDATE adjudication SET gold_id=?,op_id=? WHERE deleted=0 AND gold_id=?",
        (kept["id"], op_id, twin["id"]),
    )
