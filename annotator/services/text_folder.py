"""A folder of one file an article, made beside its place and put there when it is whole."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError

_NO_NAME = re.compile(r"[^\w]+")
_LONGEST_NAME = 48  # code points of the title in a file's name


@dataclass(slots=True)
class FolderDraft:
    """The folder being written. Files are named by their place in the export and their title."""

    place: Path
    path: Path
    suffix: str
    records: int = 0

    def write(self, record: Record, data: bytes) -> None:
        """Writes a file and reads it back; FormatError when it is not what was written."""
        self.records += 1
        title = _NO_NAME.sub("-", record.article.title).strip("-").lower()[:_LONGEST_NAME].rstrip("-")
        path = self.path / f"{self.records:05d}{'-' if title else ''}{title}{self.suffix}"
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.read_bytes() != data:
            raise FormatError(
                f"{self.place} was not written: the disk gave back other bytes than it was given; check it."
            )

    def take_place(self) -> None:
        """An empty folder may be there already; `drafted_folder` has refused any other."""
        if self.place.is_dir():
            self.place.rmdir()
        self.path.rename(self.place)


def refuse_folder(place: Path) -> None:
    """Raises FormatError for a place that a new folder cannot take."""
    if place.is_dir() and any(place.iterdir()):
        raise FormatError(f"{place} is not empty; give the name of a new folder.")
    if place.exists() and not place.is_dir():
        raise FormatError(f"{place} is a file; one file an article needs the name of a new folder.")
    if not place.parent.is_dir():
        raise FormatError(f"There is no folder {place.parent}; make it first.")


@contextmanager
def drafted_folder(place: Path, suffix: str) -> Iterator[FolderDraft]:
    """The draft of a folder; what is left of it afterwards is removed."""
    real = place.resolve()
    path = real.with_name(f".{real.name}.{os.getpid()}.part")
    path.mkdir()
    try:
        yield FolderDraft(real, path, suffix)
    finally:
        shutil.rmtree(path, ignore_errors=True)
