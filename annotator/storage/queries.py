"""Reading a project: articles, what of them is shown, the queue and its counts."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from itertools import islice

from annotator.domain.articles import Article, Status
from annotator.domain.changes import Progress
from annotator.domain.errors import ProjectError
from annotator.domain.frozen import frozen
from annotator.storage.flags import FLAGGED, in_status
from annotator.storage.marks import (
    newest_run,
    progress_of,
    shown,
    shown_by_id,
    status_of,
    suggested_of,
    zones,
)
from annotator.storage.remarks import remark_row

__all__ = [
    "NOBODY",
    "QueueRow",
    "article",
    "done_by_label_set",
    "first_with_status",
    "newest_run",
    "next_article",
    "place_of",
    "previous_article",
    "progress_of",
    "queue_rows",
    "queue_table",
    "shown",
    "shown_by_id",
    "status_of",
    "suggested_of",
    "tally",
    "zones",
]

_ARTICLE = ("id", "sha256", "title", "text", "source", "url", "published", "lang")
_UNFINISHED = (Status.TODO, Status.DOING)
_ASKED = 64  # articles asked about at once

# The id of someone who has done nothing, for reading a project as a person new to it; no annotator has it.
NOBODY = ""
_ALL_TO_DO = "(SELECT '' AS annotator_id,id AS article_id,'todo' AS status,position FROM article)"


@frozen
class QueueRow:
    """One article in the queue of one annotator; `words` counts the whole text.

    `note` and `flagged` are the annotator's own, `snippet` is what a search found in its text.
    """

    article_id: int
    title: str
    source: str | None
    published: str | None
    words: int
    status: Status
    progress: Progress
    note: str | None = None
    snippet: str = ""
    flagged: bool = False

    def has(self, statuses: Collection[Status]) -> bool:
        """Whether its status is among these, or it is flagged and that is."""
        return self.status in statuses or (self.flagged and Status.FLAGGED in statuses)


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


def queue_rows(
    db: sqlite3.Connection,
    annotator_id: str,
    ids: Iterable[int],
    known: Progress | None = None,
    snippets: Mapping[int, str] | None = None,
) -> list[QueueRow]:
    """The rows of these articles, in the order of `ids`; those that are not there are left out.

    `known` is their progress for who has counted it already, `snippets` what a search found.
    """
    statement = (
        f"SELECT a.title,a.source,a.published,a.words,q.status,{FLAGGED} FROM article a "
        f"JOIN {queue_table(annotator_id)} q ON q.article_id=a.id AND q.annotator_id=? WHERE a.id=?"
    )
    rows: list[QueueRow] = []
    for article_id in ids:
        row = db.execute(statement, (annotator_id, article_id)).fetchone()
        if row:
            title, source, published, words, status, flagged = row
            progress = known or progress_of(db, article_id, annotator_id)
            remark, snippet = remark_row(db, annotator_id, article_id), (snippets or {}).get(article_id, "")
            note = remark.note if remark else None
            rows.append(
                QueueRow(
                    article_id,
                    title,
                    source,
                    published,
                    words,
                    Status(status),
                    progress,
                    note,
                    snippet,
                    bool(flagged),
                )
            )
    return rows


def done_by_label_set(db: sqlite3.Connection, annotator_id: str) -> list[tuple[str, int]]:
    """Label sets by name and version, newest first, and how many articles were done while each held."""
    sets = db.execute("SELECT name,version,created FROM labelset ORDER BY created DESC").fetchall()
    counts = [0] * len(sets)
    if len(sets) < 2:
        return [(f"{name} {version}", 0) for name, version, _ in sets]
    for (at,) in db.execute(
        "SELECT o.at FROM status q JOIN op o ON o.id=q.op_id "
        "WHERE q.annotator_id=? AND q.status IN('done','skipped')",
        (annotator_id,),
    ):
        counts[next((n for n, row in enumerate(sets) if row[2] <= at), len(sets) - 1)] += 1
    return [(f"{name} {version}", count) for (name, version, _), count in zip(sets, counts, strict=True)]


def next_article(
    db: sqlite3.Connection,
    annotator_id: str,
    after: int | None,
    statuses: Collection[Status] = _UNFINISHED,
) -> int | None:
    """The first article of these statuses behind `after` (from the start for None); None at the end."""
    return _neighbour(db, annotator_id, after, statuses, forward=True)


def first_with_status(
    db: sqlite3.Connection, annotator_id: str, ids: Iterable[int], statuses: Collection[Status]
) -> int | None:
    """The first of these articles that has one of the statuses; no more are asked about than it takes."""
    asked = iter(ids)
    condition, wanted = in_status(statuses, ":statuses")
    statement = (
        f"SELECT q.article_id FROM {queue_table(annotator_id)} q WHERE q.annotator_id=:annotator "
        f"AND q.article_id IN (SELECT value FROM json_each(:ids)) AND {condition}"
    )
    while some := list(islice(asked, _ASKED)):
        ask = {"annotator": annotator_id, "ids": json.dumps(some), "statuses": wanted}
        rows = db.execute(statement, ask)
        found = {article_id for (article_id,) in rows}
        if found:
            return next(article_id for article_id in some if article_id in found)
    return None


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
        f"SELECT count(*) FROM {queue_table(annotator_id)} WHERE annotator_id=? AND position<="
        "(SELECT position FROM article WHERE id=?)",
        (annotator_id, article_id),
    ).fetchone()[0]
    return place, sum(tally(db, annotator_id).values())


def queue_table(annotator_id: str) -> str:
    """The SQL of the rows of status; for NOBODY every article is to do."""
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
        f"SELECT position,article_id FROM {queue_table(annotator_id)} "
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
