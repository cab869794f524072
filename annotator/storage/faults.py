"""What SQLite's errors mean to a person."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotator.domain.errors import (
    DiskFull,
    NotAProject,
    ProjectDamaged,
    ProjectError,
    ProjectLocked,
    ProjectReadOnly,
)

# A disk with less room than one gesture's pages (bytes) is full, whatever the error is called.
_NO_ROOM = 256 * 1024
_SHM_SIZE = sqlite3.SQLITE_IOERR_SHMSIZE
# Python's own module fails to decode an error's text that quotes damaged bytes.
READING_FAULTS = (sqlite3.Error, UnicodeDecodeError)
GESTURE_LOST = "the last gesture was not saved"


@contextmanager
def explained(path: Path, *, full: str = GESTURE_LOST, unsaved: bool = False) -> Iterator[None]:
    """Turn the faults of the file and the disk into ProjectErrors; faults of our own statements pass.

    `full` says what a full disk has prevented; `unsaved` becomes the error's own.
    """
    try:
        yield
    except READING_FAULTS as error:
        told = explain(error, path, full=full)
        if told is None:
            raise
        told.unsaved = unsaved
        raise told from error


def explain(
    error: sqlite3.Error | UnicodeDecodeError, path: Path, *, full: str = GESTURE_LOST
) -> ProjectError | None:
    """The error for a person, None when the fault is in our own statement."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # Text that is no UTF-8 any more is met while reading, without a code.
        undecoded = isinstance(error, UnicodeDecodeError) or "decode to UTF-8" in str(error)
        return damaged(path) if undecoded else None
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return _disk_full(path, full)
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN if code == _SHM_SIZE or _is_full(path):
            return _disk_full(path, full)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_TOOBIG:
            return damaged(path)
        case sqlite3.SQLITE_NOTADB:
            return NotAProject(f"{path} is not a project of this program; nothing was changed.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return ProjectReadOnly(
                f"{path} can only be read: the file is write-protected. "
                "To label, copy the project to a folder you may write to."
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return ProjectLocked(
                f"{path} is being written by another program; try again when that has ended."
            )
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_NOLFS:
            return ProjectError(
                f"{path} could not be read or written ({error}); what was saved before is safe. "
                "Check the disk and open the project again."
            )
    return None


def damaged(path: Path, what: str = "it holds wrong bytes") -> ProjectDamaged:
    return ProjectDamaged(
        f"{path} is damaged: {what}. Restore a backup, or save what is readable to a new file "
        f"(annotator check {path.name} --save-readable NEW.annot); this file was not changed."
    )


def _disk_full(path: Path, full: str) -> DiskFull:
    return DiskFull(f"The disk is full: {full} ({path}), nothing else is lost. Make room and go on.")


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _NO_ROOM
    except OSError:
        return False
