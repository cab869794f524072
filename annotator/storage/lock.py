"""The lock of the one writer of a project: a side file that says who holds it."""

import getpass
import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from annotator.domain.errors import ProjectLocked, ProjectReadOnly
from annotator.domain.frozen import frozen

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Windows locks the first byte of the file against reading too, so the text begins after it.
_TEXT_AT = 1


def _host() -> str:
    if sys.platform == "win32":
        import platform  # late: it costs a window's start, and only Windows needs it

        return platform.node()
    return os.uname().nodename


@frozen
class Holder:
    """Who writes to a project; `since` is local time, ISO 8601."""

    who: str
    pid: int
    host: str
    since: str

    @classmethod
    def here(cls) -> "Holder":
        try:
            who = getpass.getuser()
        except (OSError, KeyError):  # no name for this uid, as in a container
            who = "unknown"
        return cls(who, os.getpid(), _host(), datetime.now().astimezone().isoformat("T", "seconds"))

    def __str__(self) -> str:
        return f"by {self.who} on {self.host} (process {self.pid}) since {self.since[:16].replace('T', ' ')}"


def lock_path(project: Path) -> Path:
    return project.with_name(project.name + ".lock")


def holder_of(project: Path) -> Holder | None:
    """Who the lock file names; None when it is not there or not readable. The lock itself may be free."""
    try:
        return Holder(**json.loads(lock_path(project).read_bytes()[_TEXT_AT:]))
    except (OSError, ValueError, TypeError):
        return None


class WriterLock:
    """Held from construction to `release`. A killed process loses it, as the system keeps it, not the file.

    Raises ProjectLocked with the holder's name, or ProjectReadOnly when the folder takes no file.
    """

    def __init__(self, project: Path) -> None:
        self._path = lock_path(project)
        try:
            self._file = _locked(self._path)
        except BlockingIOError:
            holder = holder_of(project)
            raise ProjectLocked(
                f"{project} is open in another window or command{f' {holder}' if holder else ''}. "
                "Only one can write: close it there first; reading works beside it."
            ) from None
        except OSError as error:
            raise ProjectReadOnly(
                f"{project} can only be read: its folder takes no new files ({error.strerror}). "
                "To label, copy the project to a folder you may write to."
            ) from error
        self._sign()

    def _sign(self) -> None:
        text = json.dumps(asdict(Holder.here())).encode()
        # The name of the holder is a courtesy: the lock holds without it, also on a full disk.
        with suppress(OSError):
            os.ftruncate(self._file, _TEXT_AT)
            os.lseek(self._file, _TEXT_AT, os.SEEK_SET)
            os.write(self._file, text)

    def release(self) -> None:
        # Unlinked while held: who waits for this file sees that it has no name any more, and makes a new one.
        with suppress(OSError):
            self._path.unlink()
        os.close(self._file)
        if sys.platform == "win32":  # unlinks no file that is open, here or elsewhere
            with suppress(OSError):
                self._path.unlink()


def _locked(path: Path) -> int:
    """The descriptor of the file, locked; BlockingIOError when another has it, OSError when nobody can."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            _lock(file)
        except OSError:
            os.close(file)
            raise
        if os.fstat(file).st_nlink:
            return file
        os.close(file)  # whoever held it has unlinked it since it was opened


def _lock(file: int) -> None:
    # Not with filelock, which does this and much more: importing it takes a twentieth of the window's start.
    try:
        if sys.platform == "win32":
            msvcrt.locking(file, msvcrt.LK_NBLCK, _TEXT_AT)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except PermissionError as error:  # how Windows and a few file systems say that another holds it
        raise BlockingIOError(*error.args) from None
