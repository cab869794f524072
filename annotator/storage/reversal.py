"""What a row says once a gesture is taken back: what it said before, where it still says what was written.

Mostly nothing was written to the row since, and it becomes what it was. But a change of the label set writes
marks of everybody, and then others go on: what was done later stays, and a label that was renamed since comes
back under the name it has now.
"""

import json
import sqlite3
from collections.abc import Mapping

from annotator.domain.errors import GestureRefused
from annotator.storage.changes import Image

_MARKS = ("entity", "stance")
_CURRENT = "labelset_current"
# Columns that only make sense together.
_TOGETHER = (
    ("verdict", "result_id"),
    ("start", "end"),
    ("holder_start", "holder_end"),
    ("target_start", "target_end"),
)
_FLIPS = """
SELECT c.tbl, c.row_id, ifnull(p.image->>'deleted', 1) FROM change c
LEFT JOIN change p ON p.tbl=c.tbl AND p.row_id=c.row_id AND p.op_id=(
  SELECT max(q.op_id) FROM change q WHERE q.tbl=c.tbl AND q.row_id=c.row_id AND q.op_id<c.op_id)
WHERE c.op_id=? AND c.tbl NOT IN ('status','labelset_current')
  AND (p.image IS NULL OR json_remove(p.image,'$.deleted')=json_remove(c.image,'$.deleted'))
  AND NOT EXISTS (SELECT 1 FROM change n WHERE n.tbl=c.tbl AND n.row_id=c.row_id AND n.op_id>c.op_id)"""
_NEWEST = "SELECT op_id,image FROM change WHERE tbl=? AND row_id=? ORDER BY op_id DESC LIMIT 1"


def image_now(db: sqlite3.Connection, op_id: str, table: str, row_id: str, after: Image) -> Image:
    """The row as it stands; it is `after` if the gesture was the last to write it."""
    newest, image = db.execute(_NEWEST, (table, row_id)).fetchone()
    if newest == op_id:
        return after
    found: Image = json.loads(image)
    return found


def flips(db: sqlite3.Connection, op_id: str) -> dict[tuple[str, str], bool]:
    """The rows, by table and name, that a gesture made, deleted or brought back and that are as it left them.

    And whether they are deleted once it is taken back: that is then all there is to do to them.
    """
    return {(table, row_id): bool(deleted) for table, row_id, deleted in db.execute(_FLIPS, (op_id,))}


def labelset_before(db: sqlite3.Connection, before: Image | None, after: Image, now: Image) -> str:
    """The label set that held before a gesture; refused if it was changed again since."""
    if now != after:
        raise GestureRefused(
            "Somebody has changed the label set since then. Take that back first, or change the labels anew."
        )
    if before is not None:
        return str(before["labelset_id"])
    row = db.execute("SELECT parent_id FROM labelset WHERE id=?", (after["labelset_id"],)).fetchone()
    return str(row[0])


def going_back(
    db: sqlite3.Connection,
    table: str,
    *,
    before: Image,
    after: Image,
    now: Image,
    names: Mapping[tuple[str, str], str],
) -> Image:
    """The row's image once a gesture is taken back; `names` says what labels are called now (label_alias)."""
    then, left, here = (_renamed(table, image, names) for image in (before, after, now))
    back = {name: then[name] if left[name] == value else value for name, value in here.items()}
    for columns in _TOGETHER:
        if columns[0] in here and any(here[name] != left[name] for name in columns):
            back |= {name: here[name] for name in columns}
    if table not in _MARKS:
        return back
    for image in (now, before):
        if back["label"] == image["label"]:
            back["labelset_id"] = image["labelset_id"]
            break
    else:
        (back["labelset_id"],) = db.execute(f"SELECT labelset_id FROM {_CURRENT}").fetchone()
    if not back["deleted"] and table == "entity" and _has_twin(db, back):
        back["deleted"] = 1  # two labels became one meanwhile
    return back


def _renamed(table: str, image: Image, names: Mapping[tuple[str, str], str]) -> Image:
    """The image under the label's name of now."""
    label = names.get((table, image["label"])) if table in _MARKS else None
    return image | {"label": label} if label else image


def _has_twin(db: sqlite3.Connection, image: Image) -> bool:
    return (
        db.execute(
            "SELECT 1 FROM entity WHERE article_id=:article_id AND annotator_id=:annotator_id AND gold=:gold "
            'AND start=:start AND "end"=:end AND label=:label AND deleted=0 AND id<>:id',
            image,
        ).fetchone()
        is not None
    )
