"""The lock of the one writer of a project: a side file that says who holds it."""

import getpass
import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from annotator.domain.errors import ProjectLocked, ProjectReadOnly

# Windows locks the first byte of the file against reading too, so the text begins after it.
_TEXT_AT = 1


@dataclass(frozen=True, slots=True)
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
        return cls(
            who, os.getpid(), socket.gethostname(), datetime.now().astimezone().isoformat("T", "seconds")
        )

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
        path = lock_path(project)
        self._path = path
        self._lock = FileLock(path, timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
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
        with suppress(OSError), open(self._path, "r+b") as file:
            file.truncate(_TEXT_AT)
            file.seek(_TEXT_AT)
            file.write(text)

    def release(self) -> None:
        # Unlinked while held: who waits for this file sees that it has no name any more, and makes a new one.
        with suppress(OSError):
            self._path.unlink()
        self._lock.release()
