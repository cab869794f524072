"""What has become of the file of an open project that is not in its place any more, told to people."""

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
