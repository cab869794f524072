"""Human work as JSONL: one row a line, readable without SQLite and without this program."""

import gzip
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from annotator.storage.schema import columns

_MARKS = (
    "entity",
    "stance",
    "decision",
    "zoning",
    "remark",
    "flag",
    "sight",
    "own_pass",
    "adjudication",
    "guideline_note",
)


def write_work(db: sqlite3.Connection, path: Path) -> None:
    """Write the label sets, and every live status, mark, name, decision and zone of every annotator, gzip'd.

    A row names its annotator by name and its article by the sha256 (hex) of its text. Offsets: code points.
    """
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as file:
        for row in _rows(db):
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def _rows(db: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    for name, content in db.execute("SELECT name,content FROM labelset ORDER BY created"):
        yield {"table": "labelset", "name": name, "content": json.loads(content)}
    yield from _of_articles(db, "status", ("status",), "t.status<>'todo'")
    for annotator, was, now in db.execute(
        "SELECT n.name,t.was,t.now FROM naming t JOIN annotator n ON n.id=t.annotator_id "
        "WHERE t.deleted=0 ORDER BY t.annotator_id,t.op_id,t.id"
    ):
        yield {"table": "naming", "annotator": annotator, "was": was, "now": now}
    for table in _MARKS:
        known = [name for name in columns(db, table) if name not in ("annotator_id", "article_id", "deleted")]
        yield from _of_articles(db, table, known, "t.deleted=0")


def _of_articles(
    db: sqlite3.Connection, table: str, names: Sequence[str], where: str
) -> Iterator[dict[str, Any]]:
    what = ",".join(f't."{name}"' for name in names)
    for annotator, sha256, *values in db.execute(
        f"SELECT n.name,a.sha256,{what} FROM {table} t JOIN annotator n ON n.id=t.annotator_id "
        f"JOIN article a ON a.id=t.article_id WHERE {where} ORDER BY t.annotator_id,t.article_id"
    ):
        row = {"table": table, "annotator": annotator, "article": sha256.hex()}
        yield row | dict(zip(names, values, strict=True))
