"""What there is that the queue can be filtered by: labels, one's own names, sources."""

import sqlite3
from collections.abc import Iterable

from annotator.storage.label_names import label_names

_LIVE = "annotator_id=:annotator AND gold=0 AND deleted=0"
_NAMES = f"""
SELECT name FROM entity WHERE {_LIVE} AND name IS NOT NULL
UNION SELECT holder_name FROM stance WHERE {_LIVE} AND holder_name IS NOT NULL
UNION SELECT target_name FROM stance WHERE {_LIVE} AND target_name IS NOT NULL"""


def own_names(db: sqlite3.Connection, annotator_id: str) -> list[str]:
    """The names of the annotator's marks, by the alphabet."""
    return _alphabetical(row[0] for row in db.execute(_NAMES, {"annotator": annotator_id}))


def sources(db: sqlite3.Connection) -> list[str]:
    """The sources of the articles, by the alphabet."""
    found = db.execute("SELECT DISTINCT source FROM article WHERE source IS NOT NULL AND source<>''")
    return _alphabetical(row[0] for row in found)


def every_label(db: sqlite3.Connection) -> list[str]:
    """Every label and polarity that any label set of the project has had, by the alphabet."""
    entities, polarities = label_names(db)
    return _alphabetical({*entities, *polarities})


def _alphabetical(found: Iterable[str]) -> list[str]:
    return sorted(found, key=lambda each: (each.casefold(), each))
