"""The Change of a gesture, told from what the log says it wrote."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from typing import Any

from annotator.domain.articles import Status
from annotator.domain.changes import Change
from annotator.domain.text import Span
from annotator.storage.marks import (
    shown,
    shown_by_id,
    spans_of,
    suggestion_ids,
    suggestions_named,
    suggestions_on,
    suggestions_within,
    zones,
)

_IMAGES = """
SELECT c.tbl, c.row_id, c.image, (
  SELECT p.image FROM change p WHERE p.tbl=c.tbl AND p.row_id=c.row_id AND p.op_id<c.op_id
  ORDER BY p.op_id DESC LIMIT 1)
FROM change c WHERE c.op_id=? """
_BUT = "AND c.tbl NOT IN (SELECT value FROM json_each(?))"
_ONLY = "AND (c.tbl,c.row_id) IN (SELECT value->>0,value->>1 FROM json_each(?))"
Image = dict[str, Any]
_read = json.JSONDecoder().raw_decode  # `json.loads` takes five times as long to look for white space
_MARKS = ("entity", "stance")
_NOT_DRAWN = ("sight",)  # as many rows as marks
_MANY = 5_000  # rows


def images(
    db: sqlite3.Connection,
    op_id: str,
    *,
    only: Collection[tuple[str, str]] | None = None,
    tables_but: Collection[str] = (),
) -> Iterator[tuple[str, str, Image, Image | None]]:
    """`(table, row, after, before)` of every row a gesture wrote; `before` is None for the first.

    Of some rows, by table and name, or of all but those of some tables.
    """
    where, asked = (_BUT, list(tables_but)) if only is None else (_ONLY, list(only))
    for table, row_id, after, before in db.execute(_IMAGES + where, (op_id, json.dumps(asked))):
        yield table, row_id, _read(after)[0], _read(before)[0] if before else None


def change_of(
    db: sqlite3.Connection, annotator_id: str, op_id: str, *, article_id: int, summary: str, saved_at: int
) -> Change:
    """What the screen has to draw anew after a gesture; reads only what lies at the marks that it touched.

    Of thousands it is told by what is shown now in the whole article: that costs a third.
    """
    (rows,) = db.execute("SELECT count(*) FROM change WHERE op_id=?", (op_id,)).fetchone()
    if rows > _MANY:
        return _whole(db, annotator_id, op_id, article_id=article_id, summary=summary, saved_at=saved_at)
    touched: set[str] = set()  # own marks and suggestions that the gesture names
    fresh: set[str] = set()  # of these the marks that were not shown before
    spans: set[tuple[int, int]] = set()  # where marks stand or stood: an equal suggestion hides or comes back
    decided: set[tuple[int, int]] = set()  # suggestions by run and number
    zoned: set[Span] = set()
    renamed: set[str] = set()  # names as they are suggested
    status: Status | None = None
    revealed = False
    for table, row_id, after, before in images(db, op_id, tables_but=_NOT_DRAWN):
        if table == "naming":
            renamed.add(after["was"])
            continue
        if after["article_id"] != article_id:
            continue
        if table == "status":
            status = Status(after["status"])
            continue
        known = [image for image in (before, after) if image]
        if table == "decision":
            touched.update(f"{image['run_id']}:{image['n']}" for image in known)
            touched.update(image["result_id"] for image in known if image["result_id"])
            decided.add((after["run_id"], after["n"]))
        elif table == "zoning":
            zoned.update(Span(image["start"], image["end"]) for image in known)
        elif table == "own_pass":
            revealed = True
        elif table not in _MARKS:
            continue  # drawn from the row of the queue, or on the page of reviewing
        elif not after["gold"]:
            touched.add(row_id)
            spans.update((image["start"], image["end"]) for image in known)
            if before is None or before["deleted"]:
                fresh.add(row_id)
    spans.update(spans_of(db, article_id, decided))
    touched |= suggestions_on(db, article_id, spans)
    if zoned:
        touched |= suggestions_within(db, article_id, zoned)
    if renamed:
        touched |= suggestions_named(db, article_id, renamed)
    if revealed:
        touched |= suggestion_ids(db, article_id)
        touched |= {item.id for item in shown(db, article_id, annotator_id)}
    now = shown_by_id(db, article_id, annotator_id, touched)
    gone = touched - fresh - {item.id for item in now}
    return Change(
        gesture=op_id,
        article_id=article_id,
        summary=summary,
        saved_at=saved_at,
        gone=tuple(sorted(gone)),
        now=tuple(now),
        zones=tuple(zones(db, article_id, annotator_id)) if zoned else None,
        status=status,
    )


def _whole(
    db: sqlite3.Connection, annotator_id: str, op_id: str, *, article_id: int, summary: str, saved_at: int
) -> Change:
    written = "SELECT image->>'status' FROM change WHERE op_id=? AND tbl=? AND image->>'article_id'=?"
    status = db.execute(written, (op_id, "status", article_id)).fetchone()
    zoned = db.execute(written, (op_id, "zoning", article_id)).fetchone()
    return Change(
        gesture=op_id,
        article_id=article_id,
        summary=summary,
        saved_at=saved_at,
        now=tuple(shown(db, article_id, annotator_id)),
        zones=tuple(zones(db, article_id, annotator_id)) if zoned else None,
        status=Status(status[0]) if status else None,
        whole=True,
    )
