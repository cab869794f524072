"""Which articles were given to whom, and how far everyone is with them."""

import sqlite3
from collections.abc import Collection, Iterable

from annotator.domain.frozen import frozen
from annotator.storage.ulid import now_ms


@frozen
class Progress:
    """How far an annotator is. `handed` is None for somebody who was given nothing and worked all the same.

    `done` counts skipped articles too, `words_left` those of articles that are not done. `worked_at` is the
    time of the last gesture, `merged_at` that of the last merge that brought any; unix ms, None for never.
    """

    name: str
    handed: int | None
    done: int
    begun: int
    left: int
    words_left: int
    worked_at: int | None
    merged_at: int | None


def assign_file(db: sqlite3.Connection, annotator_id: str) -> None:
    """Makes a file somebody's (Project.made_for), in the open transaction."""
    db.execute(
        "REPLACE INTO meta(key,value) VALUES('assigned',?)",
        (annotator_id,),
    )


def unassigned(db: sqlite3.Connection) -> dict[int, int]:
    """The words of every article that nobody was given, by id."""
    rows = db.execute(
        "SELECT id,words FROM article a WHERE NOT EXISTS(SELECT 1 FROM assignment g WHERE g.article_id=a.id)"
    )
    return dict(rows.fetchall())


def finished(db: sqlite3.Connection, articles: Collection[int]) -> tuple[set[int], list[str]]:
    """Those of some articles that anybody has finished, and who has, by name."""
    done: set[int] = set()
    names = []
    for id_, name in db.execute("SELECT id,name FROM annotator ORDER BY name").fetchall():
        rows = db.execute("SELECT article_id FROM status WHERE annotator_id=? AND status='done'", (id_,))
        own = {article_id for (article_id,) in rows if article_id in articles}
        names += [name] if own else []
        done |= own
    return done, names


def count_handouts(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM handout").fetchone()[0])


def write_handout(db: sqlite3.Connection, handout_id: str, *, overlap: float, seed: int) -> None:
    """In the open transaction."""
    db.execute(
        "INSERT INTO handout(id,at,overlap,seed) VALUES(?,?,?,?)", (handout_id, now_ms(), overlap, seed)
    )


def write_assignments(
    db: sqlite3.Connection, handout_id: str, annotator_id: str, article_ids: Iterable[int]
) -> None:
    """In the open transaction."""
    db.executemany(
        "INSERT INTO assignment(annotator_id,article_id,handout_id) VALUES(?,?,?)",
        [(annotator_id, article_id, handout_id) for article_id in sorted(article_ids)],
    )


def progress(db: sqlite3.Connection) -> list[Progress]:
    """Everyone who was given articles or has begun any, by name."""
    handed = _counts(
        db, "JOIN assignment g ON g.annotator_id=s.annotator_id AND g.article_id=s.article_id", "true"
    )
    others = _counts(db, "", "s.status<>'todo'")
    names = db.execute("SELECT id,name FROM annotator ORDER BY name").fetchall()
    found = []
    for id_, name in names:
        counts = handed.get(id_) or others.get(id_)
        if counts is None:
            continue
        done, begun, todo, words = counts
        worked_at, merged_at = db.execute(
            "SELECT max(iif(kind='merge',NULL,at)),max(iif(kind='merge',at,NULL)) "
            "FROM op WHERE annotator_id=?",
            (id_,),
        ).fetchone()
        total = done + begun + todo if id_ in handed else None
        found.append(Progress(name, total, done, begun, begun + todo, words, worked_at, merged_at))
    return found


def _counts(db: sqlite3.Connection, join: str, where: str) -> dict[str, tuple[int, int, int, int]]:
    """`(done, begun, to do, words that are left)` by annotator."""
    done = "s.status IN('done','skipped')"
    rows = db.execute(
        f"SELECT s.annotator_id,sum({done}),sum(s.status IN('doing','flagged')),sum(s.status='todo'),"
        f"sum(iif({done},0,a.words)) FROM status s {join} JOIN article a ON a.id=s.article_id "
        f"WHERE {where} GROUP BY s.annotator_id"
    )
    return {id_: (finished, begun, todo, words) for id_, finished, begun, todo, words in rows}
