"""Saving what can still be read of a damaged project to a new one."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from annotator.domain.errors import ProjectDamaged, ProjectExists
from annotator.domain.frozen import frozen
from annotator.domain.labels import LabelSet
from annotator.domain.text import sha256_of
from annotator.storage.faults import READING_FAULTS
from annotator.storage.opening import has_wal, uri
from annotator.storage.project import Project
from annotator.storage.ulid import now_ms

# Parents before children: a row whose parent is lost is refused by the new file itself.
_BULK = ("found_zone", "run", "suggested", "suggestion", "effort", "handout", "assignment")
_WORK = (
    "entity",
    "stance",
    "zoning",
    "decision",
    "remark",
    "flag",
    "sight",
    "own_pass",
    "naming",
    "adjudication",
    "guideline_note",
)

Row = dict[str, Any]


@frozen
class Salvaged:
    """What reached the new project, in rows by table.

    `refused` rows were read, but hold wrong values or belong to an article that is lost. Rows that could not
    be read at all are not counted.
    """

    saved: dict[str, int]
    refused: int


def salvage(damaged: Path, target: Path) -> Salvaged:
    """Read what is readable of a damaged project, and make a sound new one of it; the damaged file stays.

    Articles whose text is not the one that came in are left out, with what was done on them. The history of
    gestures begins anew. Raises ProjectDamaged when nothing can be read.
    """
    damaged = damaged.resolve()
    with closing(_connect(damaged)) as source:
        labelset = _labelset(source, damaged)
        try:
            with Project.create(target, labelset) as project, project.writing() as db:
                return _Transfer(source, db, project).run()
        except ProjectExists:
            raise
        except BaseException:
            target.unlink(missing_ok=True)
            raise


class _Transfer:
    def __init__(self, source: sqlite3.Connection, db: sqlite3.Connection, project: Project) -> None:
        self._source = source
        self._db = db
        self._project = project
        self._saved: dict[str, int] = {}
        self._refused = 0
        # Keys and columns are asked of the sound file: their names can be damaged too.
        self._tables = Database(db, recursive_triggers=False, execute_plugins=False)
        self._columns: dict[str, set[str]] = {}

    def run(self) -> Salvaged:
        for row in self._readable("labelset"):
            self._add("labelset", row | {"parent_id": None}, instead="IGNORE")
        for row in self._readable("meta"):
            self._add("meta", row, instead="IGNORE")
        for row in self._readable("label"):
            self._add("label", row, instead="IGNORE")
        for row in self._readable("annotator"):
            self._add("annotator", row)
        for row in _articles(self._source):
            self._add("article", row)
        for table in _BULK:
            for row in self._readable(table):
                self._add(table, row)
        ops = {row[0]: self._op(row[0]) for row in self._db.execute("SELECT id FROM annotator").fetchall()}
        for table in _WORK:
            for row in self._readable(table):
                if row.get("annotator_id") in ops and self._has_result(row):
                    self._add(table, row | {"op_id": ops[row["annotator_id"]]})
                else:
                    self._refused += 1
        for row in self._readable("status"):
            if row.get("op_id") is not None and row.get("annotator_id") in ops:
                self._set_status(row, ops[row["annotator_id"]])
        return Salvaged(self._saved, self._refused)

    def _readable(self, table: str) -> Iterator[Row]:
        return _readable(self._source, table, tuple(self._tables.table(table).pks))

    def _add(self, table: str, row: Row, *, instead: str = "ABORT") -> None:
        if table not in self._columns:
            self._columns[table] = set(self._tables.table(table).columns_dict)
        row = {name: value for name, value in row.items() if name in self._columns[table]}
        names = ",".join(f'"{name}"' for name in row)
        marks = ",".join("?" * len(row))
        try:
            done = self._db.execute(
                f"INSERT OR {instead} INTO {table}({names}) VALUES({marks})", tuple(row.values())
            )
        except sqlite3.IntegrityError:
            self._refused += 1
        else:
            self._saved[table] = self._saved.get(table, 0) + done.rowcount

    def _op(self, annotator_id: str) -> str:
        op_id = self._project.new_id()
        self._db.execute(
            "INSERT INTO op(id,annotator_id,at,kind,summary) VALUES(?,?,?,'salvage','save what is readable')",
            (op_id, annotator_id, now_ms()),
        )
        return op_id

    def _has_result(self, row: Row) -> bool:
        result_id = row.get("result_id")
        if result_id is None:
            return True
        found = self._db.execute(
            "SELECT 1 FROM entity WHERE id=? UNION ALL SELECT 1 FROM stance WHERE id=?",
            (result_id, result_id),
        )
        return found.fetchone() is not None

    def _set_status(self, row: Row, op_id: str) -> None:
        try:
            self._db.execute(
                "UPDATE status SET status=?,op_id=? WHERE annotator_id=? AND article_id=?",
                (row.get("status"), op_id, row["annotator_id"], row.get("article_id")),
            )
        except sqlite3.IntegrityError:
            self._refused += 1


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(uri(path, "mode=ro" if has_wal(path) else "mode=ro&immutable=1"), uri=True)
    db.row_factory = sqlite3.Row
    # Lets SQLite open a file that is shorter than it should be; nothing is written.
    db.execute("PRAGMA writable_schema=ON")
    return db


def _labelset(source: sqlite3.Connection, path: Path) -> LabelSet:
    try:
        row = source.execute(
            "SELECT content FROM labelset WHERE id=(SELECT value FROM meta WHERE key='labelset')"
        ).fetchone()
        return LabelSet.from_dict(json.loads(row[0]))
    except (sqlite3.Error, TypeError, ValueError, KeyError) as error:
        raise ProjectDamaged(
            f"{path} is damaged where it begins, and nothing can be read; restore a backup."
        ) from error


def _articles(source: sqlite3.Connection) -> Iterator[Row]:
    """Articles whose text is whole, each read by itself: one bad page costs one article."""
    places = [
        (row.get("position"), row.get("article_id", row.get("id")))
        for table, key, what in (
            ("article", ("position",), "id,position"),  # both in one index, away from the texts
            ("status", ("annotator_id", "article_id"), "*"),
        )
        for row in _readable(source, table, key, what)
    ]
    positions = {id_: at for at, id_ in reversed(places) if isinstance(at, int) and isinstance(id_, int)}
    for article_id in sorted(positions, key=positions.__getitem__):
        try:
            row = source.execute("SELECT * FROM article WHERE id=?", (article_id,)).fetchone()
        except READING_FAULTS:
            continue
        found: Row = dict(row) if row is not None else {}
        text = found.get("text")
        if isinstance(text, str) and sha256_of(text) == found.get("sha256"):
            yield found


def _readable(source: sqlite3.Connection, table: str, key: tuple[str, ...], what: str = "*") -> Iterator[Row]:
    """The rows of a table up to the first page that cannot be read, and back to the last such page."""
    seen: set[tuple[Any, ...]] = set()
    for order in ("ASC", "DESC"):
        by = ",".join(f'"{name}" {order}' for name in key)
        rows = _until_fault(source, f"SELECT {what} FROM {table} ORDER BY {by}")
        for row in rows:
            name = tuple(row.get(part) for part in key)
            if name in seen:
                break
            seen.add(name)
            yield row


def _until_fault(source: sqlite3.Connection, statement: str) -> Iterator[Row]:
    try:
        for row in source.execute(statement):
            yield dict(row)
    except READING_FAULTS:
        return
