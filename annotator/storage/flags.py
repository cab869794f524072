"""The flags that annotators put on articles, to come back to them whatever their status is.

Until version 3 of the file `flagged` was a status. The log of older gestures, other files and imports still
bring it, so it counts as a flag, and becomes one when the article gets another status.
"""

import json
import sqlite3
from collections.abc import Collection

from annotator.domain.articles import Status

# The SQL condition that a row `q` of the queue is flagged.
FLAGGED = (
    "(q.status='flagged' OR EXISTS (SELECT 1 FROM flag f WHERE f.annotator_id=q.annotator_id"
    " AND f.article_id=q.article_id AND f.deleted=0))"
)


def in_status(statuses: Collection[Status], value: str) -> tuple[str, str]:
    """The SQL condition that a row `q` has one of these statuses, or is flagged where that is among them.

    `value` is the name of its parameter, whose value comes second.
    """
    flagged = f" OR {FLAGGED}" if Status.FLAGGED in statuses else ""
    # The plus sign: in order of position with a filter, not by status with a sort.
    condition = f"(+q.status IN (SELECT value FROM json_each({value})){flagged})"
    return condition, json.dumps([str(status) for status in statuses])


def flag_id(db: sqlite3.Connection, annotator_id: str, article_id: int) -> str | None:
    """The id of the live row of `flag`, None without one."""
    row = db.execute(
        "SELECT id FROM flag WHERE annotator_id=? AND article_id=? AND deleted=0", (annotator_id, article_id)
    ).fetchone()
    return str(row[0]) if row else None


def flagged_count(db: sqlite3.Connection, annotator_id: str) -> int:
    """How many articles an annotator has flagged."""
    row = db.execute(
        "SELECT count(*) FROM (SELECT article_id FROM flag WHERE annotator_id=:annotator AND deleted=0 "
        "UNION SELECT article_id FROM status WHERE annotator_id=:annotator AND status='flagged')",
        {"annotator": annotator_id},
    ).fetchone()
    return int(row[0])
