"""One digest of the work in a project: the same for two files with the same gestures, whatever came first.

Left out is what belongs to one file: positions, ids of annotators (names stand for them), entries of the log
that merging made.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator

from annotator.storage.schema import LOGGED, columns, image

_OWN_WORK = "SELECT id FROM op WHERE kind<>'merge' ORDER BY id"
_REST = (
    "SELECT hex(sha256) FROM article ORDER BY id",
    'SELECT article_id,run_id,n,kind,label,start,"end",score FROM suggestion ORDER BY 1,2,3',
    "SELECT a.name,e.article_id,e.ms FROM effort e JOIN annotator a ON a.id=e.annotator_id ORDER BY 1,2",
    "SELECT a.name,g.article_id FROM assignment g JOIN annotator a ON a.id=g.annotator_id ORDER BY 1,2",
)


def digest(db: sqlite3.Connection) -> str:
    """The sha256 (hex) of articles, suggestions, gestures and every row of human work as it stands."""
    found = hashlib.sha256()
    for part in (_OWN_WORK, *_REST):
        for row in db.execute(part):
            found.update(json.dumps(row).encode())
    for line in _work(db):
        found.update(line.encode())
    return found.hexdigest()


def _work(db: sqlite3.Connection) -> Iterator[str]:
    for table in LOGGED:
        if "annotator_id" not in columns(db, table):
            lines = [row[0] for row in db.execute(f"SELECT {image(db, table, 't')} FROM {table} t")]
        else:
            named = f"json_set({image(db, table, 't')},'$.annotator_id',a.name)"
            lines = [
                row[0]
                for row in db.execute(
                    f"SELECT {named} FROM {table} t JOIN annotator a ON a.id=t.annotator_id "
                    "WHERE t.op_id IS NOT NULL"
                )
            ]
        yield f"\n{table}\n"
        yield from sorted(lines)
