"""Whether the file of an open project still lies where it was opened."""

import os
import sys
from pathlib import Path

from annotator.domain.errors import ProjectDisplaced
from annotator.domain.frozen import frozen


@frozen
class Presence:
    """A path and which file lay there: its device and its number on it, 0 where only its presence tells.

    The same that SQLite goes by: it brings no work home to a file that is another one by then.
    """

    path: Path
    device: int
    number: int

    @classmethod
    def of(cls, path: Path) -> "Presence":
        """As it is now; OSError for no file."""
        status = path.stat()
        if sys.platform == "win32":  # nobody can move an open file there, and some drives number files anew
            return cls(path, 0, 0)
        return cls(path, status.st_dev, status.st_ino)

    def fault(self) -> ProjectDisplaced | None:
        """What has become of the file, None while it is there. What cannot be found out is none."""
        try:
            now = os.stat(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return ProjectDisplaced(
                f"{self.path} is gone: deleted, moved or renamed by another program. Your work is still open "
                "here, and what you do from now on is not saved: put the file back, or save a copy.",
                gone=True,
            )
        except OSError:
            return None
        if not self.number or (now.st_dev, now.st_ino) == (self.device, self.number):
            return None
        return ProjectDisplaced(
            f"{self.path} is another file now: a program that syncs or restores files has replaced it. "
            "Your work is still open here, and what you do from now on is not saved: save a copy.",
            gone=False,
        )
