"""An annotator's notes on whole articles."""

import sqlite3

from annotator.domain.frozen import frozen


@frozen
class Remark:
    """A live row of `remark`."""

    id: str
    note: str


def remark_row(db: sqlite3.Connection, annotator_id: str, article_id: int) -> Remark | None:
    """The annotator's note on an article; None without one."""
    row = db.execute(
        "SELECT id,note FROM remark WHERE annotator_id=? AND article_id=? AND deleted=0",
        (annotator_id, article_id),
    ).fetchone()
    return Remark(*row) if row else None
