"""A project's choices about its suggestions, and the thresholds its pipelines offer; in the table meta."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from annotator.domain.choices import Choices, Showing, Thresholds
from annotator.domain.frozen import frozen
from annotator.storage.ulid import now_ms

_KEY = "suggestions"
_CHANGES = "showing"  # of when suggestions are seen, oldest first
Read = TypeVar("Read")


def choices_of(db: sqlite3.Connection) -> Choices:
    """The project's choices; the usual ones where it made none."""
    return _read(db, _KEY, Choices.from_dict)


def write_choices(db: sqlite3.Connection, choices: Choices, *, by: str = "") -> None:
    """In the open transaction. Who changed when suggestions are seen is kept, "" for the command line."""
    if choices.showing != choices_of(db).showing:
        change = {"at": now_ms(), "by": by, "showing": choices.showing.to_dict()}
        _write(db, _CHANGES, {"changes": [*_changes(db), change]})
    _write(db, _KEY, choices.to_dict())


@frozen
class ShowingChanged:
    """When, in unix ms, who changed when suggestions are seen, and to what."""

    at: int
    by: str
    showing: Showing


def showing_changed(db: sqlite3.Connection) -> ShowingChanged | None:
    """The last change of when suggestions are seen; None if there was none."""
    changes = _changes(db)
    if not changes:
        return None
    try:
        last = changes[-1]
        return ShowingChanged(int(last["at"]), str(last["by"]), Showing.from_dict(last["showing"]))
    except (ValueError, TypeError, KeyError):
        return None


def leads(db: sqlite3.Connection) -> set[str]:
    """The names of the project's leads."""
    return {name for (name,) in db.execute("SELECT name FROM annotator WHERE role='lead'")}


def _changes(db: sqlite3.Connection) -> list[dict[str, Any]]:
    return _read(db, _CHANGES, lambda fields: list(fields.get("changes", [])))


def offered_by(db: sqlite3.Connection, run_id: int) -> Thresholds:
    """The thresholds that the pipeline of a run recommends."""
    return _read(db, _offered(run_id), Thresholds.from_dict)


def write_offered(db: sqlite3.Connection, run_id: int, thresholds: Thresholds) -> None:
    """In the open transaction."""
    _write(db, _offered(run_id), thresholds.to_dict())


def thresholds_of(db: sqlite3.Connection, run_id: int) -> Thresholds:
    """The thresholds for the suggestions of a run: the project's own before those its pipeline offers."""
    return choices_of(db).thresholds.over(offered_by(db, run_id))


def _offered(run_id: int) -> str:
    return f"thresholds/{run_id}"


def _read(db: sqlite3.Connection, key: str, parse: Callable[[Mapping[str, Any]], Read]) -> Read:
    """What an empty object gives where the row is missing or another program wrote it: no label is lost."""
    row = db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
    try:
        return parse(json.loads(row[0]) if row else {})
    except (ValueError, TypeError, AttributeError):
        return parse({})


def _write(db: sqlite3.Connection, key: str, content: Mapping[str, Any]) -> None:
    db.execute(
        "INSERT INTO meta(key,value) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value",
        (key, json.dumps(content, ensure_ascii=False)),
    )
