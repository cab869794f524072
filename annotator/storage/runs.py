"""Runs of pipelines: which one read last, and what it proposed."""

import sqlite3

from annotator.domain.suggestions import Run, Suggestion
from annotator.domain.text import Span
from annotator.storage.marks import mark_of

_PARTS = "holder_start,holder_end,holder_name,target_start,target_end,target_name"


def last_run(db: sqlite3.Connection, pipeline: str | None = None) -> Run | None:
    """The run that has read last, of all or of those of one pipeline; None if there is none."""
    row = db.execute(
        "SELECT r.id,r.pipeline,r.version FROM suggested g JOIN run r ON r.id=g.run_id "
        "WHERE :pipeline IS NULL OR r.pipeline=:pipeline ORDER BY g.at DESC,r.id DESC LIMIT 1",
        {"pipeline": pipeline},
    ).fetchone()
    return Run(*row) if row else None


def stored_suggestions(db: sqlite3.Connection, article_id: int, run_id: int) -> list[Suggestion]:
    """What one run proposed for an article, in its order."""
    rows = db.execute(
        f"SELECT n,kind='entity',score,start,\"end\",label,name,{_PARTS} FROM suggestion "
        "WHERE article_id=? AND run_id=? ORDER BY n",
        (article_id, run_id),
    )
    found = []
    for n, is_entity, score, start, end, label, name, *parts in rows:
        mark = mark_of(f"{run_id}:{n}", Span(start, end), label, name, parts, is_entity=is_entity)
        found.append(Suggestion(run_id, n, mark, score))
    return found
