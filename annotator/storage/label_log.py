"""The gestures that changed the label set, of this file and of one that is merged, and what they come to."""

import json
import sqlite3

from annotator.domain.label_folding import Folded, LabelGesture, Version, folded
from annotator.domain.labels import LabelSet
from annotator.storage.snapshot import NAME

# Entries that a merge made are each file's own, so they say nothing here.
_OURS = """
SELECT o.id,c.image->>'labelset_id',o.kind,o.undoes FROM main.change c JOIN main.op o ON o.id=c.op_id
WHERE c.tbl='labelset_current' AND c.row_id='current' AND o.kind<>'merge'"""
_THEIRS = f"""
SELECT o.id,c.image->>'labelset_id',o.kind,o.undoes FROM temp.fresh f
JOIN {NAME}.change c ON c.op_id=f.op_id AND c.tbl=f.tbl AND c.row_id=f.their_row
JOIN {NAME}.op o ON o.id=f.op_id WHERE f.tbl='labelset_current'"""
_BOTH = f"SELECT * FROM main.labelset UNION ALL SELECT * FROM {NAME}.labelset"


def folded_here(db: sqlite3.Connection) -> Folded | None:
    """The label set that comes of all gestures of this file; None if none changed it."""
    return _folded(db, _OURS, "main.labelset")


def folded_with_theirs(db: sqlite3.Connection) -> Folded | None:
    """As `folded_here`, once the gestures in temp.fresh have come in."""
    return _folded(db, f"{_OURS} UNION {_THEIRS}", f"({_BOTH})")


def newest_version(db: sqlite3.Connection) -> str:
    """The version that the newest of those gestures let hold, by its id; there is one."""
    return str(db.execute(f"{_OURS} ORDER BY 1 DESC LIMIT 1").fetchone()[1])


def _folded(db: sqlite3.Connection, select: str, labelsets: str) -> Folded | None:
    rows = db.execute(f"{select} ORDER BY 1").fetchall()
    if not rows:
        return None
    stands, meant = {op_id: True for op_id, *_ in rows}, dict[str, str]()
    for op_id, _, kind, undoes in rows:
        if kind in ("undo", "redo"):
            meant[op_id] = undoes if kind == "undo" else meant.get(undoes, undoes)
            stands[meant[op_id]] = kind == "redo"
    gestures = [LabelGesture(version, stands[op_id], op_id in meant) for op_id, version, _, _ in rows]
    versions = {
        id_: Version(LabelSet.from_dict(json.loads(content)), parent)
        for id_, content, parent in db.execute(
            f"SELECT id,content,max(parent_id) FROM {labelsets} GROUP BY id"
        )
    }
    return folded(gestures, versions)
