"""How sure the suggestions of articles are, and the articles in that order, the least certain first.

An article is as uncertain as its suggestions on the mean: those that reach the thresholds, are undecided, and
are not hidden from the annotator; else the order would tell of them.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from annotator.domain.choices import KINDS, SuggestionKind
from annotator.storage.choices import choices_of
from annotator.storage.marks import newest_run, reaching
from annotator.storage.sight import NO_KIND, Kinds, hidden_articles

# Kept for each article when it is read, and kept up when thresholds change: a queue of 10,000 articles is
# sorted in 10 ms, where going through their 400,000 suggestions takes 400.
_STORED = "SELECT article_id,uncertainty FROM suggested ORDER BY at,run_id"
_MEAN = "SELECT ifnull(1-avg(s.score),0) FROM suggestion s WHERE s.article_id={article} AND s.run_id=:run"
_MANY = 1_000  # articles
_UNDECIDED = """AND NOT EXISTS (
  SELECT 1 FROM decision d WHERE d.article_id=s.article_id AND d.annotator_id=:annotator
  AND d.run_id=s.run_id AND d.n=s.n AND d.deleted=0)"""


def least_certain(db: sqlite3.Connection, annotator_id: str, ids: Sequence[int]) -> list[int]:
    """Articles sorted, the least certain first; equal ones, and those nobody has read, as they stood."""
    unsure: dict[int, float] = dict(db.execute(_STORED).fetchall())
    hidden = _hidden(db, annotator_id)
    unsure |= _of_what_is_left(db, hidden)
    begun = "SELECT DISTINCT article_id FROM decision WHERE annotator_id=? AND deleted=0"
    listed = set(ids)
    begun_ids = [row[0] for row in db.execute(begun, (annotator_id,)) if row[0] in listed]
    # Of many at once: one by one, 50,000 articles take two seconds.
    known = _all_undecided(db, annotator_id) if len(begun_ids) > _MANY and not hidden else None
    for article_id in begun_ids:
        unsure[article_id] = (
            known.get(article_id, 0.0)
            if known is not None
            else _undecided(db, annotator_id, article_id, hidden.get(article_id, NO_KIND))
        )
    return sorted(ids, key=lambda article_id: -unsure.get(article_id, 0.0))


def keep_certainty(db: sqlite3.Connection) -> None:
    """Computes how uncertain every article is anew, after thresholds changed; in the open transaction."""
    for (run_id,) in db.execute("SELECT id FROM run").fetchall():
        ask: dict[str, Any] = {"run": run_id}
        mean = f"{_MEAN.format(article='suggested.article_id')} {reaching(db, run_id, ask)}"
        db.execute(f"UPDATE suggested SET uncertainty=({mean}) WHERE run_id=:run", ask)


def _hidden(db: sqlite3.Connection, annotator_id: str) -> dict[int, Kinds]:
    """The kinds of suggestions that an annotator does not see, by article."""
    showing = choices_of(db).showing
    hidden: dict[int, Kinds] = {}
    for kind in () if showing.hides_nothing else KINDS:
        for article_id in hidden_articles(db, annotator_id, kind, showing):
            hidden[article_id] = hidden.get(article_id, NO_KIND) | {kind}
    return hidden


def _of_what_is_left(db: sqlite3.Connection, hidden: Mapping[int, Kinds]) -> dict[int, float]:
    """How uncertain the articles are by the suggestions that are not hidden in them, decided or not."""
    unsure = dict.fromkeys(hidden, 0.0)
    for kind in KINDS:
        others = frozenset(KINDS) - {kind}
        if others in hidden.values():
            means = _means(db, kind)
            unsure |= {
                article_id: means.get(article_id, 0.0)
                for article_id in hidden
                if hidden[article_id] == others
            }
    return unsure


def _means(db: sqlite3.Connection, kind: SuggestionKind) -> dict[int, float]:
    """How uncertain every article is by the suggestions of one kind from its newest reading."""
    by_run: dict[int, dict[int, float]] = {}
    for (run_id,) in db.execute("SELECT id FROM run").fetchall():
        ask: dict[str, Any] = {"run": run_id, "kind": kind}
        rows = db.execute(
            "SELECT s.article_id,ifnull(1-avg(s.score),0) FROM suggestion s "
            f"WHERE s.run_id=:run AND s.kind=:kind {reaching(db, run_id, ask)} GROUP BY s.article_id",
            ask,
        )
        by_run[run_id] = dict(rows.fetchall())
    newest = dict(db.execute("SELECT article_id,run_id FROM suggested ORDER BY at,run_id").fetchall())
    return {article_id: by_run[run_id].get(article_id, 0.0) for article_id, run_id in newest.items()}


def _all_undecided(db: sqlite3.Connection, annotator_id: str) -> dict[int, float]:
    """How uncertain articles are by what is undecided of their newest readings; none where nothing is."""
    newest = dict(db.execute("SELECT article_id,run_id FROM suggested ORDER BY at,run_id").fetchall())
    found: dict[int, float] = {}
    for (run_id,) in db.execute("SELECT id FROM run").fetchall():
        ask: dict[str, Any] = {"run": run_id, "annotator": annotator_id}
        rows = db.execute(
            "SELECT s.article_id,ifnull(1-avg(s.score),0) FROM suggestion s "
            f"WHERE s.run_id=:run {_UNDECIDED} {reaching(db, run_id, ask)} GROUP BY s.article_id",
            ask,
        )
        found |= {article_id: mean for article_id, mean in rows if newest.get(article_id) == run_id}
    return found


def _undecided(db: sqlite3.Connection, annotator_id: str, article_id: int, hidden: Kinds) -> float:
    run = newest_run(db, article_id)
    if run is None:
        return 0.0
    ask: dict[str, Any] = {"article": article_id, "annotator": annotator_id, "run": run[0]}
    mean = f"{_MEAN.format(article=':article')} {_UNDECIDED} {reaching(db, run[0], ask)}"
    for kind in hidden:
        mean += f" AND s.kind<>'{kind}'"
    return float(db.execute(mean, ask).fetchone()[0])
