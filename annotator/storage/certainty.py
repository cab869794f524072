"""How sure the suggestions of articles are, and the articles in that order, the least certain first.

An article is as uncertain as its suggestions on the mean: those that reach the thresholds and are undecided.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

from annotator.storage.marks import newest_run, reaching

# Kept for each article when it is read, and kept up when thresholds change: a queue of 10,000 articles is
# sorted in 10 ms, where going through their 400,000 suggestions takes 400.
_STORED = "SELECT article_id,uncertainty FROM suggested ORDER BY at,run_id"
_MEAN = "SELECT ifnull(1-avg(s.score),0) FROM suggestion s WHERE s.article_id={article} AND s.run_id=:run"
_UNDECIDED = """AND NOT EXISTS (
  SELECT 1 FROM decision d WHERE d.article_id=s.article_id AND d.annotator_id=:annotator
  AND d.run_id=s.run_id AND d.n=s.n AND d.deleted=0)"""


def least_certain(db: sqlite3.Connection, annotator_id: str, ids: Sequence[int]) -> list[int]:
    """Articles sorted, the least certain first; equal ones, and those nobody has read, as they stood."""
    unsure: dict[int, float] = dict(db.execute(_STORED).fetchall())
    listed = set(ids)
    begun = "SELECT DISTINCT article_id FROM decision WHERE annotator_id=? AND deleted=0"
    for (article_id,) in db.execute(begun, (annotator_id,)).fetchall():
        if article_id in listed:
            unsure[article_id] = _undecided(db, annotator_id, article_id)
    return sorted(ids, key=lambda article_id: -unsure.get(article_id, 0.0))


def keep_certainty(db: sqlite3.Connection) -> None:
    """Computes how uncertain every article is anew, after thresholds changed; in the open transaction."""
    for (run_id,) in db.execute("SELECT id FROM run").fetchall():
        ask: dict[str, Any] = {"run": run_id}
        mean = f"{_MEAN.format(article='suggested.article_id')} {reaching(db, run_id, ask)}"
        db.execute(f"UPDATE suggested SET uncertainty=({mean}) WHERE run_id=:run", ask)


def _undecided(db: sqlite3.Connection, annotator_id: str, article_id: int) -> float:
    run = newest_run(db, article_id)
    if run is None:
        return 0.0
    ask: dict[str, Any] = {"article": article_id, "annotator": annotator_id, "run": run[0]}
    mean = f"{_MEAN.format(article=':article')} {_UNDECIDED} {reaching(db, run[0], ask)}"
    return float(db.execute(mean, ask).fetchone()[0])
