"""Files that are whole or not there: written beside their place, synced, and renamed."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotator.domain.errors import DiskFull, ProjectError, ProjectReadOnly

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def drafted(target: Path) -> Iterator[Path]:
    """The path of a draft to write: it replaces `target` when the block ends, and goes if the block raises.

    Faults of the disk and of permissions raise DiskFull, ProjectReadOnly or ProjectError.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with files_explained(target):
            draft.unlink(missing_ok=True)
            yield draft
            sync(draft)
            draft.replace(target)
            sync_folder(target)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def files_explained(path: Path) -> Iterator[None]:
    """Turn what the system refuses into errors for people."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(f"The disk is full: {path} was not written. Make room and try again.") from error
        if error.errno in _REFUSED:
            raise ProjectReadOnly(
                f"{path} was not written: no permission to write there. Choose another folder."
            ) from error
        raise ProjectError(f"{path} was not written: {error.strerror or error}. Check the disk.") from error


def sync(path: Path) -> None:
    """Return once the file's bytes are on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Return once the names in a file's folder are on the disk; Windows does that by itself."""
    if sys.platform == "win32":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
