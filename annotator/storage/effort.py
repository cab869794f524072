"""Time that annotators spent on articles; outside the log, since undo does not give time back."""

import sqlite3

from annotator.domain.effort import Effort


def spend(db: sqlite3.Connection, annotator_id: str, article_id: int, ms: int) -> None:
    """Adds time at work on an article; in the open transaction."""
    db.execute(
        "INSERT INTO effort(annotator_id,article_id,ms) VALUES(?,?,?) "
        "ON CONFLICT(annotator_id,article_id) DO UPDATE SET ms=ms+excluded.ms",
        (annotator_id, article_id, ms),
    )


def effort_of(db: sqlite3.Connection, annotator_id: str, article_id: int) -> Effort:
    row = db.execute(
        "SELECT ms FROM effort WHERE annotator_id=? AND article_id=?", (annotator_id, article_id)
    ).fetchone()
    decisions, decision_ms = db.execute(
        "SELECT count(*),ifnull(sum(ms),0) FROM decision "
        "WHERE article_id=? AND annotator_id=? AND deleted=0 AND ms>0",
        (article_id, annotator_id),
    ).fetchone()
    return Effort(row[0] if row else 0, decisions, decision_ms)
