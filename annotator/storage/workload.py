"""Who has done how much of a project and when: rows for the dashboard's progress, effort and time."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field

from annotator.domain.articles import Status
from annotator.domain.frozen import frozen

_SUMS = """
SELECT n.id,n.name,ifnull(e.ms,0),ifnull(e.articles,0),ifnull(d.decisions,0),ifnull(d.ms,0),
  (SELECT count(*) FROM assignment h WHERE h.annotator_id=n.id)
FROM annotator n
LEFT JOIN (SELECT annotator_id,sum(ms) AS ms,count(*) AS articles FROM effort WHERE ms>0 GROUP BY 1) e
  ON e.annotator_id=n.id
LEFT JOIN (SELECT annotator_id,count(*) AS decisions,sum(ms) AS ms FROM decision
  WHERE deleted=0 AND ms>0 GROUP BY 1) d ON d.annotator_id=n.id
ORDER BY n.id"""
# By article first: that is the order of the index, and sorting all marks took ten times as long.
_MARKS = """
SELECT annotator_id,sum(marks) FROM (
  SELECT annotator_id,count(*) AS marks FROM entity
  WHERE deleted=0 AND gold=0 GROUP BY article_id,annotator_id
  UNION ALL
  SELECT annotator_id,count(*) FROM stance WHERE deleted=0 AND gold=0 GROUP BY article_id,annotator_id
) GROUP BY 1"""
_FINISHED = """
SELECT s.article_id,o.at FROM status s JOIN op o ON o.id=s.op_id
WHERE s.status='done' AND s.annotator_id IN
  (SELECT id FROM annotator WHERE name IN (SELECT value FROM json_each(?)))
ORDER BY s.article_id,o.at"""


@frozen
class Load:
    """One annotator's work. `ms` is time at work on `timed` articles, `decision_ms` that of `decisions`.

    `assigned` counts the articles that were handed out to them, 0 where nothing was.
    """

    name: str
    ms: int
    timed: int
    decisions: int
    decision_ms: int
    assigned: int
    marks: int
    statuses: dict[Status, int] = field(default_factory=dict)

    def count(self, *statuses: Status) -> int:
        return sum(self.statuses.get(each, 0) for each in statuses)


def loads(db: sqlite3.Connection) -> list[Load]:
    """Everybody who has begun something or was given something, oldest first."""
    marks = dict(db.execute(_MARKS))
    statuses: defaultdict[str, dict[Status, int]] = defaultdict(dict)
    for annotator_id, status, count in db.execute("SELECT annotator_id,status,count FROM tally"):
        statuses[annotator_id][Status(status)] = count
    found = [
        Load(name, ms, timed, decisions, decision_ms, assigned, marks.get(key, 0), statuses[key])
        for key, name, ms, timed, decisions, decision_ms, assigned in db.execute(_SUMS)
    ]
    begun = [status for status in Status if status is not Status.TODO]
    return [load for load in found if load.marks or load.assigned or load.count(*begun)]


def count_articles(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM article").fetchone()[0])


def finished_by_two(db: sqlite3.Connection, annotators: Sequence[str]) -> list[tuple[int, int]]:
    """`(article, unix ms)` when the second of some annotators, by name, had finished it; earliest first."""
    times: defaultdict[int, list[int]] = defaultdict(list)
    for article_id, at in db.execute(_FINISHED, (json.dumps(list(annotators)),)):
        times[article_id].append(at)
    found = [(article_id, each[1]) for article_id, each in times.items() if len(each) > 1]
    return sorted(found, key=lambda row: (row[1], row[0]))


def articles_of(
    db: sqlite3.Connection,
    annotator: str,
    statuses: Sequence[Status],
    *,
    timed: bool,
    assigned: bool,
    most: int,
) -> list[tuple[int, str, str, int]]:
    """`(article, title, status, ms at work)` of what an annotator has in some statuses, of all for none.

    With `timed` only those with time at work, the longest first; else by place. With `assigned` only those
    that were handed out to the annotator, if any were.
    """
    rows = db.execute(
        "SELECT a.id,a.title,s.status,ifnull(e.ms,0) AS ms FROM status s JOIN article a ON a.id=s.article_id "
        "LEFT JOIN effort e ON e.article_id=s.article_id AND e.annotator_id=s.annotator_id "
        "WHERE s.annotator_id=(SELECT id FROM annotator WHERE name=:name) AND (NOT :assigned "
        "OR NOT EXISTS(SELECT 1 FROM assignment h WHERE h.annotator_id=s.annotator_id) OR EXISTS"
        "(SELECT 1 FROM assignment h WHERE h.annotator_id=s.annotator_id AND h.article_id=s.article_id)) "
        "AND (:statuses='[]' OR s.status IN (SELECT value FROM json_each(:statuses))) "
        "AND (NOT :timed OR e.ms>0) ORDER BY iif(:timed,-e.ms,0),s.position LIMIT :most",
        {
            "name": annotator,
            "statuses": json.dumps(list(statuses)),
            "timed": timed,
            "assigned": assigned,
            "most": most,
        },
    )
    return rows.fetchall()
