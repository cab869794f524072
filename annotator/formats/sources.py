"""What formats read from: a file, a folder, a member of a zip, the content of a gz.

Nothing is ever unpacked onto the disk. What an archive says of itself is not believed: streams end with a
FormatError at the byte where they become longer than they may be.
"""

import gzip
import hashlib
import io
import stat
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from annotator.domain.errors import FormatError

LONGEST = 64 * 2**20  # bytes of one article's text, line or record: thirty long novels
LONGEST_FILE = 256 * 2**20  # bytes of one article's file, where it may hold pictures
_MOST = 16 * 2**30  # bytes of one compressed file, and of one archive
_FREE = 64 * 2**20  # bytes that any compressed file may give, however well it was compressed
_TIMES = 200  # as long as the compressed bytes; text and JSON reach 30
_MEMBERS = 1_000_000
_BLOCK = 2**16
_BUFFER = 2**18  # bytes: with Python's own 8 KiB reading lines takes five times as long
_BESIDE = 100  # folders beside one in which its files are looked for
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, NotImplementedError, RuntimeError)


class Source(ABC):
    """A file or a folder to read. `name` is for people; `size` is in bytes, as far as it is known."""

    name: str
    size: int
    is_folder: bool = False

    @property
    def path(self) -> PurePosixPath:
        """Its name within what it stands in, to ask for its parts."""
        return PurePosixPath(self.name.replace("\\", "/"))

    @property
    def suffix(self) -> str:
        """In small letters, with its point."""
        return self.path.suffix.lower()

    @property
    def stem(self) -> str:
        return self.path.stem

    @abstractmethod
    def open(self) -> BinaryIO:
        """A stream from its first byte; OSError or FormatError when there is none, also while reading."""

    def read(self, most: int = LONGEST) -> bytes:
        """All of it; FormatError when it is longer than `most` bytes."""
        with self.open() as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise FormatError(f"{self.name} is longer than {_said(most)}: split it into its articles.")
        return data

    def head(self, most: int = _BLOCK) -> bytes:
        with self.open() as file:
            return file.read(most)

    def digest(self) -> str:
        """The sha256 of its bytes, in hex."""
        whole = hashlib.sha256()
        with self.open() as file:
            while block := file.read(2**20):
                whole.update(block)
        return whole.hexdigest()

    def sibling(self, name: str) -> "Source | None":
        """The file of that name in the same folder; None if there is none."""
        return None

    def files(self) -> list["Source"]:
        """All files of a folder and below, by name; of a file, itself."""
        return [self]

    def cousins(self) -> Iterator["Source"]:
        """The files of its name and size in the folders beside its own, if those are not very many."""
        return iter(())


class FileSource(Source):
    """A file of the disk."""

    def __init__(self, path: Path) -> None:
        self.place = path
        self.name = str(path)

    @cached_property
    def size(self) -> int:  # type: ignore[override]
        return self.place.stat().st_size

    @property
    def path(self) -> PurePosixPath:
        return PurePosixPath(self.place.as_posix())

    def open(self) -> BinaryIO:
        return self.place.open("rb", _BUFFER)

    def sibling(self, name: str) -> Source | None:
        place = self.place.with_name(name)
        return FileSource(place) if place.is_file() else None

    def cousins(self) -> Iterator[Source]:
        own = self.place.absolute()
        beside = list(islice((each for each in own.parent.parent.iterdir() if each.is_dir()), _BESIDE + 1))
        for folder in sorted(beside) if len(beside) <= _BESIDE else ():
            other = folder / own.name
            if folder != own.parent and other.is_file() and other.stat().st_size == self.size:
                yield FileSource(other)


class FolderSource(Source):
    """A folder of the disk. Links that lead out of it are not followed."""

    is_folder = True

    def __init__(self, path: Path) -> None:
        self.place = path
        self.name = str(path)
        self.size = 0

    def open(self) -> BinaryIO:
        raise FormatError(f"{self.name} is a folder.")

    def sibling(self, name: str) -> Source | None:
        """Of a folder, the file of that name in it."""
        place = self.place / name
        return FileSource(place) if place.is_file() else None

    def files(self) -> list[Source]:
        found = sorted(file for file in self.place.rglob("*") if not file.name.startswith("."))
        return [self._source(file) for file in found if file.is_file() or file.is_symlink()]

    def _source(self, file: Path) -> Source:
        if file.is_symlink() and not file.resolve().is_relative_to(self.place.resolve()):
            return RefusedSource(
                str(file), "it is a link out of the folder: name the file itself if it is meant"
            )
        if not file.is_file():
            return RefusedSource(str(file), "it is a link that leads to no file")
        return _unpacked(FileSource(file))


class RefusedSource(Source):
    """A file that is not read, and why; the fault is told when it is opened."""

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        self.size = 0
        self._why = why

    def open(self) -> BinaryIO:
        raise FormatError(self._why)


class GzSource(Source):
    """What a gz holds; its suffix and stem are those of the name without `.gz`."""

    def __init__(self, inner: Source) -> None:
        self._inner = inner
        self.name = inner.name
        self.size = inner.size

    @property
    def path(self) -> PurePosixPath:
        return self._inner.path.with_suffix("")

    def open(self) -> BinaryIO:
        packed = self._inner.open()
        file = cast(IO[bytes], gzip.GzipFile(fileobj=packed))
        return _bounded(file, _limit(self._inner.size), self._inner.name, packed)

    def sibling(self, name: str) -> Source | None:
        return self._inner.sibling(name)


class MemberSource(Source):
    """One file of a zip."""

    def __init__(self, archive: "ZipArchive", info: zipfile.ZipInfo) -> None:
        self._archive = archive
        self._info = info
        self.name = f"{archive.name}/{info.filename}"
        self.size = info.file_size

    @property
    def path(self) -> PurePosixPath:
        return PurePosixPath(self._info.filename)

    def open(self) -> BinaryIO:
        try:
            file = self._archive.opened(self._info)
        except _BROKEN as error:
            raise FormatError(f"{self.name} cannot be unpacked: {error}.") from error
        limit = min(_limit(self._info.compress_size), self._info.file_size)
        return _bounded(file, limit, self.name)

    def sibling(self, name: str) -> Source | None:
        return self._archive.member(str(self.path.with_name(name)))

    def cousins(self) -> Iterator[Source]:
        for path in self._archive.namesakes(self.path):
            other = self._archive.member(str(path))
            if other is not None and other.size == self.size:
                yield other


class ZipArchive(Source):
    """A zip as a folder of its files."""

    is_folder = True

    def __init__(self, path: Path) -> None:
        """Raises FormatError for a zip that is broken or has a member that no honest one has."""
        self.name = str(path)
        self.size = path.stat().st_size
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise FormatError(f"{path} is no zip that can be read ({error}): pack it again.") from error
        infos = self._zip.infolist()
        for info in infos:
            _refuse_member(self.name, info)
        if len(infos) > _MEMBERS:
            raise FormatError(f"{path} holds {len(infos):,} files: unpack it and import the folder.")
        size = sum(info.file_size for info in infos)
        if size > min(_MOST, _limit(self.size)):
            raise FormatError(
                f"{path} would unpack to {size:,} bytes, as no honest zip of its size does: "
                "unpack it yourself if you trust it."
            )
        self._by_name: dict[tuple[PurePosixPath, str], list[PurePosixPath]] = {}
        self._members: dict[str, Source] = {
            info.filename: self._source(info) for info in infos if not info.is_dir() and _is_wanted(info)
        }

    def open(self) -> BinaryIO:
        raise FormatError(f"{self.name} is a zip of files.")

    def _source(self, info: zipfile.ZipInfo) -> Source:
        if PurePosixPath(info.filename).suffix.lower() in (".gz", ".zip"):
            return RefusedSource(
                f"{self.name}/{info.filename}", "it is packed twice: unpack the outer archive"
            )
        return MemberSource(self, info)

    def opened(self, info: zipfile.ZipInfo) -> IO[bytes]:
        return self._zip.open(info)

    def member(self, name: str) -> Source | None:
        return self._members.get(name)

    def namesakes(self, path: PurePosixPath) -> list[PurePosixPath]:
        """The other members of a name in the folders beside that of `path`."""
        if not self._by_name:
            for member in map(PurePosixPath, self._members):
                self._by_name.setdefault((member.parent.parent, member.name), []).append(member)
        named = self._by_name.get((path.parent.parent, path.name), [])
        return [other for other in named if other.parent != path.parent]

    def sibling(self, name: str) -> Source | None:
        return self.member(name)

    def files(self) -> list[Source]:
        return [self._members[name] for name in sorted(self._members)]


def source_of(path: Path) -> Source:
    """A path as a source: a folder or a zip as a folder, the content of a gz, or the file itself.

    Raises OSError and, for a zip that must not be read, FormatError.
    """
    if path.is_dir():
        return FolderSource(path)
    if path.suffix.lower() == ".zip":
        return ZipArchive(path)
    return _unpacked(FileSource(path))


def _unpacked(file: FileSource) -> Source:
    return GzSource(file) if file.suffix == ".gz" else file


class _Bounded(io.RawIOBase):
    """The bytes of a stream up to `limit`; FormatError at the one behind, and where it cannot be unpacked."""

    def __init__(self, file: IO[bytes], limit: int, name: str, packed: IO[bytes] | None) -> None:
        self._file = file
        self._packed = packed
        self._left = limit
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._file.read(min(len(buffer), self._left + 1))
        except _BROKEN as error:
            raise FormatError(
                f"{self._name} cannot be unpacked: {str(error) or 'it is cut short'}."
            ) from error
        self._left -= len(data)
        if self._left < 0:
            raise FormatError(
                f"{self._name} unpacks to more bytes than it may: unpack it yourself if you trust it."
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
            if self._packed is not None:  # a GzipFile leaves it open
                self._packed.close()
        super().close()


def _bounded(file: IO[bytes], limit: int, name: str, packed: IO[bytes] | None = None) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Bounded(file, limit, name, packed), _BLOCK))


def _limit(compressed: int) -> int:
    return min(_MOST, max(_FREE, compressed * _TIMES))


def _refuse_member(archive: str, info: zipfile.ZipInfo) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and path.parts[0].endswith(":")):
        raise FormatError(f"{archive} holds {info.filename!r}, a path out of it: nothing was read.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise FormatError(f"{archive} holds the link {info.filename!r}: pack the file itself.")
    if info.header_offset < 0:
        raise FormatError(
            f"{archive} is no zip that can be read (a file before its beginning): pack it again."
        )
    if info.flag_bits & 1:
        raise FormatError(f"{archive} is locked with a password: unpack it and import the files.")


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    """Whether a member is a file that a person put there: not what systems add."""
    parts = PurePosixPath(info.filename).parts
    return not any(part.startswith((".", "__MACOSX")) for part in parts)


def _said(size: int) -> str:
    return f"{size // 2**20} MiB" if size >= 2**20 else f"{size} bytes"


def lines_of(file: BinaryIO, longest: int = LONGEST) -> Iterator[bytes]:
    """Lines with their ends; one that is too long is cut one byte behind `longest`, the rest passed over."""
    while line := file.readline(longest + 1):
        yield line
        cut = len(line) > longest and not line.endswith(b"\n")
        del line  # it may be all the memory that one is ready to give
        while cut:
            rest = file.readline(_BLOCK)
            cut = bool(rest) and not rest.endswith(b"\n")
