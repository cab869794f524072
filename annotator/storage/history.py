"""What was done on one article, read from the log, and how the article stood after each gesture."""

import json
import sqlite3
from collections.abc import Iterator

from annotator.domain.frozen import frozen
from annotator.domain.history import Entry
from annotator.storage.changes import Image
from annotator.storage.schema import columns

# Gestures name their article. Imports name none, nor do gestures all they changed elsewhere: those are found
# by the live rows.
_OPS = """
SELECT id FROM op WHERE article_id=:article
UNION SELECT c.op_id FROM entity m JOIN change c ON c.tbl='entity' AND c.row_id=m.id
  WHERE m.article_id=:article AND m.deleted=0
UNION SELECT c.op_id FROM stance m JOIN change c ON c.tbl='stance' AND c.row_id=m.id
  WHERE m.article_id=:article AND m.deleted=0
UNION SELECT c.op_id FROM annotator n CROSS JOIN change c
  ON c.tbl='status' AND c.row_id=n.id||'/'||:article"""
_ENTRIES = f"""
SELECT o.id,o.at,n.name,o.kind,o.summary,o.undoes,o.annotator_id=:annotator
FROM op o JOIN annotator n ON n.id=o.annotator_id WHERE o.id IN ({_OPS}) ORDER BY o.id DESC LIMIT :limit"""
_IMAGE = "SELECT image FROM change WHERE tbl=c.tbl AND row_id=c.row_id {until} ORDER BY op_id DESC LIMIT 1"
_ROWS = f"""
SELECT c.tbl,c.row_id,({_IMAGE.format(until="AND op_id<=:op")}),({_IMAGE.format(until="")})
FROM (SELECT DISTINCT tbl,row_id FROM change WHERE op_id IN ({_OPS})
  AND image->>'annotator_id'=:annotator AND image->>'article_id'=:article) c"""
# What the marks of an article are read from; each with the keys that are searched for.
_SHADOWED = {
    "entity": 'article_id,annotator_id,gold,start,"end",label',
    "stance": 'article_id,annotator_id,gold,start,"end"',
    "decision": "article_id,annotator_id,run_id,n",
    "zoning": "article_id,annotator_id",
    "sight": "id",
    "own_pass": "article_id,annotator_id,kind",
}


@frozen
class PastRow:
    """A row of human work as it was after a gesture (None: not there yet) and as it is now."""

    table: str
    row_id: str
    then: Image | None
    now: Image

    @property
    def same(self) -> bool:
        """Whether nothing has to be written to bring `then` back."""
        if self.table == "status":
            return bool((self.then["status"] if self.then else "todo") == self.now["status"])
        gone = self.then is None or bool(self.then["deleted"])
        return bool(self.now["deleted"]) if gone else self.then == self.now


def entries(db: sqlite3.Connection, annotator_id: str, article_id: int, limit: int) -> list[Entry]:
    """The newest gestures of anybody on an article, newest first; those of the annotator are `own`."""
    ask = {"annotator": annotator_id, "article": article_id, "limit": limit}
    return [
        Entry(op_id, at, who, kind, summary, undoes, bool(own))
        for op_id, at, who, kind, summary, undoes, own in db.execute(_ENTRIES, ask)
    ]


def past_rows(db: sqlite3.Connection, annotator_id: str, article_id: int, op_id: str) -> Iterator[PastRow]:
    """Every row the annotator ever had on an article, as it was after a gesture and as it is."""
    ask = {"annotator": annotator_id, "article": article_id, "op": op_id}
    for table, row_id, then, now in db.execute(_ROWS, ask).fetchall():
        yield PastRow(table, row_id, json.loads(then) if then else None, json.loads(now))


def look_back(db: sqlite3.Connection, annotator_id: str, article_id: int, op_id: str) -> None:
    """From now on `db`, a connection of its own, reads the annotator's marks as they were after a gesture.

    Tables of the connection alone stand before those of the file, so whoever reads marks reads old ones.
    """
    rows = [row for row in past_rows(db, annotator_id, article_id, op_id) if row.then is not None]
    names = {table: columns(db, table) for table in _SHADOWED}
    db.execute("PRAGMA query_only=OFF")
    for table, keys in _SHADOWED.items():
        db.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table} WHERE 0")
        db.execute(f"CREATE INDEX temp.{table}_past ON {table}({keys})")
        into = ",".join(f'"{name}"' for name in names[table])
        marks = ",".join("?" * len(names[table]))
        db.executemany(
            f"INSERT INTO temp.{table}({into}) VALUES({marks})",
            [
                [row.then[name] for name in names[table]]
                for row in rows
                if row.table == table and row.then is not None
            ],
        )
    db.execute("PRAGMA query_only=ON")
