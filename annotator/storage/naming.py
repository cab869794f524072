"""What annotators call names that pipelines go on suggesting.

Who renames a name across the project means everything called so, suggestions that are still to come too. A
suggestion never changes, so a row of `naming` says what one annotator calls a suggested name now. Rows are
logged: they are undone with the gesture that wrote them, and come along when files are merged. Two files may
each bring a row for a name; the one that a later gesture wrote counts.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.domain.marks import Entity, Mark, Part

if TYPE_CHECKING:  # it stands on this module
    from annotator.storage.journal import Gesture

_ROWS = "SELECT was,now,id FROM naming WHERE annotator_id=? AND deleted=0 ORDER BY op_id,id"


def names_now(db: sqlite3.Connection, annotator_id: str) -> dict[str, str]:
    """What an annotator calls suggested names, of those that have another name by now."""
    return {was: now for was, now, _ in db.execute(_ROWS, (annotator_id,)) if was != now}


def called(mark: Mark, names: Mapping[str, str]) -> Mark:
    """A mark with each of its names that is among `names` changed to what that says."""
    if not names:
        return mark
    if isinstance(mark, Entity):
        return replace(mark, name=names.get(mark.name, mark.name)) if mark.name else mark
    return replace(mark, holder=_part(mark.holder, names), target=_part(mark.target, names))


def _part(part: Part | None, names: Mapping[str, str]) -> Part | None:
    return replace(part, name=names.get(part.name, part.name)) if part is not None and part.name else part


def rename_suggested(
    db: sqlite3.Connection, gesture: "Gesture", annotator_id: str, name: str, to: str
) -> None:
    """From here on suggestions that an annotator calls `name` are called `to`, in the gesture's transaction.

    One that is suggested as `name` and called otherwise since an earlier gesture keeps that.
    """
    rows = {was: (now, row_id) for was, now, row_id in db.execute(_ROWS, (annotator_id,))}
    for now, row_id in rows.values():
        if now == name:
            gesture.update("naming", row_id, now=to)
    if name not in rows:
        gesture.insert("naming", was=name, now=to)
