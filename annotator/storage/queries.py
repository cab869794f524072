"""Reading a project: articles, what of them is shown, the queue and its counts."""

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from annotator.domain.articles import Article, Status
from annotator.domain.changes import Progress
from annotator.domain.errors import ProjectError
from annotator.storage.marks import (
    newest_run,
    progress_of,
    shown,
    shown_by_id,
    status_of,
    suggested_of,
    zones,
)

__all__ = [
    "NOBODY",
    "QueueRow",
    "article",
    "newest_run",
    "next_article",
    "place_of",
    "previous_article",
    "progress_of",
    "queue_ids",
    "queue_rows",
    "shown",
    "shown_by_id",
    "status_of",
    "suggested_of",
    "tally",
    "zones",
]

_ARTICLE = ("id", "sha256", "title", "text", "source", "url", "published", "lang")
_UNFINISHED = (Status.TODO, Status.DOING)

# The id of someone who has done nothing, for reading a project as a person new to it; no annotator has it.
NOBODY = ""
_ALL_TO_DO = "(SELECT '' AS annotator_id,id AS article_id,'todo' AS status,position FROM article)"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One article in the queue of one annotator; `words` counts the whole text."""

    article_id: int
    title: str
    source: str | None
    published: str | None
    words: int
    status: Status
    progress: Progress


def article(db: sqlite3.Connection, article_id: int) -> Article:
    row = db.execute(f"SELECT {','.join(_ARTICLE)},meta FROM article WHERE id=?", (article_id,)).fetchone()
    if row is None:
        raise ProjectError(f"There is no article {article_id} in this project.")
    *columns, meta = row
    values = dict(zip(_ARTICLE, columns, strict=True))
    return Article(**values, meta=json.loads(meta) if meta else {})


def tally(db: sqlite3.Connection, annotator_id: str) -> dict[Status, int]:
    """How many articles have each status; every status is there."""
    counts = dict.fromkeys(Status, 0)
    if annotator_id == NOBODY:
        return counts | {Status.TODO: db.execute("SELECT count(*) FROM article").fetchone()[0]}
    for status, count in db.execute("SELECT status,count FROM tally WHERE annotator_id=?", (annotator_id,)):
        counts[Status(status)] = count
    return counts


def queue_ids(
    db: sqlite3.Connection, annotator_id: str, statuses: Collection[Status] | None = None, text: str = ""
) -> list[int]:
    """Articles in their order; of these statuses, and with `text` in title or source, whatever its case."""
    wanted = text.casefold().strip()
    ask = (annotator_id, json.dumps([str(status) for status in (Status if statuses is None else statuses)]))
    # The plus sign: in order of position with a filter, not by status with a sort.
    where = (
        "WHERE q.annotator_id=? AND +q.status IN (SELECT value FROM json_each(?)) "
        "ORDER BY q.annotator_id,q.position"
    )
    if not wanted:
        return [
            row[0] for row in db.execute(f"SELECT q.article_id FROM {_queue(annotator_id)} q {where}", ask)
        ]
    # Folded here: SQLite knows the case of ASCII only.
    rows = db.execute(
        f"SELECT q.article_id,a.title,a.source FROM {_queue(annotator_id)} q "
        f"JOIN article a ON a.id=q.article_id {where}",
        ask,
    )
    return [row[0] for row in rows if wanted in row[1].casefold() or wanted in (row[2] or "").casefold()]


def queue_rows(
    db: sqlite3.Connection, annotator_id: str, ids: Iterable[int], known: Progress | None = None
) -> list[QueueRow]:
    """The rows of these articles, in the order of `ids`; those that are not there are left out.

    `known` is their progress for who has counted it already.
    """
    statement = (
        "SELECT a.title,a.source,a.published,a.words,q.status FROM article a "
        f"JOIN {_queue(annotator_id)} q ON q.article_id=a.id AND q.annotator_id=? WHERE a.id=?"
    )
    rows: list[QueueRow] = []
    for article_id in ids:
        row = db.execute(statement, (annotator_id, article_id)).fetchone()
        if row:
            title, source, published, words, status = row
            progress = known or progress_of(db, article_id, annotator_id)
            rows.append(QueueRow(article_id, title, source, published, words, Status(status), progress))
    return rows


def next_article(
    db: sqlite3.Connection,
    annotator_id: str,
    after: int | None,
    statuses: Collection[Status] = _UNFINISHED,
) -> int | None:
    """The first article of these statuses behind `after` (from the start for None); None at the end."""
    return _neighbour(db, annotator_id, after, statuses, forward=True)


def previous_article(
    db: sqlite3.Connection,
    annotator_id: str,
    before: int | None,
    statuses: Collection[Status] = _UNFINISHED,
) -> int | None:
    """The last article of these statuses ahead of `before` (from the end for None); None at the start."""
    return _neighbour(db, annotator_id, before, statuses, forward=False)


def place_of(db: sqlite3.Connection, annotator_id: str, article_id: int) -> tuple[int, int]:
    """`(place, count)`: the article's place in the queue, from 1, and how many articles there are."""
    place = db.execute(
        f"SELECT count(*) FROM {_queue(annotator_id)} WHERE annotator_id=? AND position<="
        "(SELECT position FROM article WHERE id=?)",
        (annotator_id, article_id),
    ).fetchone()[0]
    return place, sum(tally(db, annotator_id).values())


def _queue(annotator_id: str) -> str:
    return _ALL_TO_DO if annotator_id == NOBODY else "status"


def _neighbour(
    db: sqlite3.Connection,
    annotator_id: str,
    article_id: int | None,
    statuses: Collection[Status],
    *,
    forward: bool,
) -> int | None:
    position: int | float = float("-inf") if forward else float("inf")
    if article_id is not None:
        row = db.execute("SELECT position FROM article WHERE id=?", (article_id,)).fetchone()
        if row:
            position = row[0]
    sign, order = (">", "") if forward else ("<", " DESC")
    # One index search a status: with all of them in one query SQLite sorts or walks the finished ones.
    statement = (
        f"SELECT position,article_id FROM {_queue(annotator_id)} "
        f"WHERE annotator_id=? AND status=? AND position{sign}? ORDER BY position{order} LIMIT 1"
    )
    found = [
        row
        for status in statuses
        if (row := db.execute(statement, (annotator_id, str(status), position)).fetchone())
    ]
    if not found:
        return None
    nearest = min(found) if forward else max(found)
    return int(nearest[1])
