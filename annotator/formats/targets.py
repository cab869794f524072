"""What formats write to: one file or a folder, under temporary names until all of it is proven."""

import os
import re
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO, Self

from annotator.domain.codec.records import Record

_BUFFER = 2**20  # bytes
_NO_NAME = re.compile(r"[^\w]+")
_LONGEST_NAME = 48  # code points of the title in a file's name


class Target:
    """Files being written in a folder of their own; `close` leaves them whole on the disk."""

    def __init__(self, folder: Path, main: str | None) -> None:
        """`main` is the name of the one file; None for a format that writes a folder."""
        self.folder = folder
        self._main = main
        self._open = ExitStack()
        self._stream: BinaryIO | None = None
        self.names: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def stem(self) -> str:
        """Of the one file, or the name of the folder."""
        return PurePosixPath(self._main or self.folder.name).stem

    @property
    def stream(self) -> BinaryIO:
        """The one file, open for writing bytes from its beginning to its end."""
        if self._stream is None:
            assert self._main is not None, "a folder has no one file"
            self._stream = self._opened(self._main)
        return self._stream

    def file(self, name: str) -> BinaryIO:
        """Another file, for the caller to close, as it may be one of very many.

        In a folder `name` is the path in it; beside one file it is what follows the stem: ".config.xml" for
        talks.json is talks.config.xml.
        """
        own = name if self._main is None else f"{self.stem}{name}"
        self.names.append(own)
        path = self.folder / own
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("xb")

    def lasting(self, name: str) -> BinaryIO:
        """A file of a folder that is closed with the target, for one that takes part of every article."""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        return self._opened(name)

    def close(self) -> None:
        """Returns once every byte is on the disk."""
        if self._main is not None:
            self.stream.flush()
        self._open.close()
        for name in self.names:
            with (self.folder / name).open("rb+") as file:
                os.fsync(file.fileno())

    def _opened(self, name: str) -> BinaryIO:
        self.names.append(name)
        return self._open.enter_context((self.folder / name).open("xb", buffering=_BUFFER))


class FileNames:
    """Names of one file an article, without a suffix: its place in the export, and its title."""

    def __init__(self) -> None:
        self._count = 0

    def of(self, record: Record) -> str:
        """The name of the next record; each is asked for once."""
        self._count += 1
        title = _NO_NAME.sub("-", record.article.title).strip("-").lower()[:_LONGEST_NAME].rstrip("-")
        return f"{self._count:05d}{'-' if title else ''}{title}"
