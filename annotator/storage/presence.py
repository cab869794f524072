"""Files of an open project that another program took from their place: what to say, and how to go on."""

import sqlite3
from contextlib import suppress
from pathlib import Path

from annotator.domain.errors import ProjectDisplaced
from annotator.storage.opening import identity


def displacement(path: Path, was: tuple[int, int]) -> ProjectDisplaced | None:
    """The error for a file that is gone or is not the one that it `was` (`opening.identity`).

    What cannot be found out, on a drive that does not answer, is none.
    """
    try:
        now = identity(path)
    except (FileNotFoundError, NotADirectoryError):
        return ProjectDisplaced(
            f"{path} is gone: another program deleted, moved or renamed it. Your work is still open here, "
            "and what you do from now on is not saved: put the file back, or save a copy.",
            gone=True,
        )
    except OSError:
        return None
    if now == was:
        return None
    return ProjectDisplaced(
        f"{path} is another file now: a program that syncs or restores files has replaced it. Your work is "
        "still open here, and what you do from now on is not saved: save a copy.",
        gone=False,
    )


def renew_side_file(db: sqlite3.Connection) -> bool:
    """Bring all work home, and begin a side file with a name; while others read only the former: False."""
    with suppress(sqlite3.Error):
        db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        db.execute("PRAGMA journal_mode=DELETE")  # lets go of the one without a name
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("BEGIN IMMEDIATE")  # it is made by what comes first
        db.execute("ROLLBACK")
        return True
    return False
