"""What a file is, found out before it is opened as a project, without changing a byte of it or beside it."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from annotator.domain.errors import (
    NotAProject,
    ProjectDamaged,
    ProjectEmpty,
    ProjectError,
    ProjectMissing,
    ProjectReadOnly,
    ProjectTooNew,
)
from annotator.storage.faults import READING_FAULTS, damaged, explain
from annotator.storage.schema import APPLICATION_ID, VERSION

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
_WAL_HEADER = 32
# Without one of these the table of tables is damaged.
_TABLES = (
    "meta",
    "labelset",
    "annotator",
    "article",
    "op",
    "change",
    "status",
    "entity",
    "stance",
    "decision",
)
_FRAME_HEADER = 24


def uri(path: Path, options: str) -> str:
    """The SQLite address of a file: a plain path would make a new file when the name is wrong."""
    plain = path.absolute().as_posix()
    lead = "//" if plain.startswith("//") else "" if plain.startswith("/") else "/"
    return f"file:{lead}{quote(plain, safe='/:', errors='surrogateescape')}?{options}"


def wal_path(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def has_wal(path: Path) -> bool:
    """Whether work is in the side file only: a writer has the project open, or its last end was unclean."""
    try:
        return wal_path(path).stat().st_size > 0
    except OSError:
        return False


def identity(path: Path) -> tuple[int, int]:
    """Which file lies at a path: its device and its number there, as SQLite tells; OSError for none.

    On Windows no open file can be replaced, and some drives number theirs anew: there all are the same.
    """
    status = os.stat(path)
    return (0, 0) if sys.platform == "win32" else (status.st_dev, status.st_ino)


def inspect(path: Path) -> None:
    """Return if the file is a whole project of this version, else raise the error that names the fault.

    Files that SQLite takes are looked at through SQLite only: closing a file by hand drops the locks that
    other connections of this process hold on it.
    """
    size = _size(path)
    # Immutable: no lock, and no side files left behind. A side file with content has to be read too.
    options = "mode=ro" if has_wal(path) else "mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri(path, options), uri=True)) as db:
            owner, version, page, pages = (
                db.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("application_id", "user_version", "page_size", "page_count")
            )
            db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            if owner == APPLICATION_ID and version <= VERSION:
                db.execute(f"SELECT 1 FROM {','.join(_TABLES)} LIMIT 0")
    except READING_FAULTS as error:
        raise _told_by_bytes(path, size, error) from error
    if owner != APPLICATION_ID:
        raise NotAProject(f"{path} is a database of another program, not a project; nothing was changed.")
    if version > VERSION:
        raise ProjectTooNew(
            f"{path} was made by a newer version of the program (format {version}, this reads {VERSION}); "
            "update the program. Nothing was changed."
        )
    _refuse_cut(path, size, page=page, pages=pages)


def _size(path: Path) -> int:
    """The file's size in bytes; a file that is missing, empty, or no file has its own error."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise ProjectMissing(
            f"There is no file {path}; check the name, or make a new project there."
        ) from None
    except OSError as error:
        raise ProjectReadOnly(
            f"{path} cannot be read: {error.strerror}. Ask its owner for access."
        ) from error
    if not path.is_file():
        sort = "folder" if path.is_dir() else "pipe or a device"
        raise NotAProject(f"{path} is a {sort}, not a project; choose a file.")
    if status.st_size == 0:
        raise ProjectEmpty(f"{path} is empty: a copy may have failed. Copy it again, or restore a backup.")
    if not os.access(path, os.R_OK):
        raise ProjectReadOnly(f"{path} cannot be read: no permission. Ask its owner for access.")
    return status.st_size


def _told_by_bytes(path: Path, size: int, error: sqlite3.Error | UnicodeDecodeError) -> ProjectError:
    """The error for a file that SQLite does not take, told by how it begins."""
    if has_wal(path) and getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_CANTOPEN:
        return ProjectReadOnly(
            f"{path} was not closed cleanly, and its folder cannot be written, as reading it takes: copy it "
            f"and {wal_path(path).name} to a folder you may write to, and open the copy."
        )
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.startswith(_MAGIC):
        if not head.strip(b"\x00"):
            return damaged(path, "its beginning is overwritten with zeros")
        return NotAProject(f"{path} is {_sort_of(head)}; nothing was changed.")
    if size < _HEADER:
        return damaged(path, f"it ends after {size} bytes")
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        return NotAProject(f"{path} is a database of another program, not a project; nothing was changed.")
    page = int.from_bytes(head[16:18], "big")
    try:
        _refuse_cut(path, size, page=65536 if page == 1 else page, pages=int.from_bytes(head[28:32], "big"))
    except ProjectDamaged as cut:
        return cut
    return explain(error, path) or damaged(path)


def _sort_of(head: bytes) -> str:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "a zip archive, not a project: unpack it first"
    if head.startswith(b"\x1f\x8b"):
        return "a gzip archive, not a project: unpack it first"
    try:
        text = head.decode("utf-8-sig", "strict" if len(head) < 4096 else "ignore")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        return "not a project of this program"
    if text.lstrip().startswith(("{", "[")):
        return "a JSON or JSONL file, not a project: make a project and import the file into it"
    return "a text file, not a project: make a project and import the file into it"


def _refuse_cut(path: Path, size: int, *, page: int, pages: int) -> None:
    """Raise ProjectDamaged if pages of the file are neither in it nor in its side file."""
    if size >= page * pages:
        return
    missing = set(range(size // page + 1, pages + 1))
    if has_wal(path):
        missing.difference_update(_wal_pages(path))
    if missing:
        raise cut_short(path, size, page * pages)


def cut_short(path: Path, size: int, expected: int) -> ProjectDamaged:
    return damaged(path, f"it is cut short, {size:,} bytes instead of {expected:,}")


def _wal_pages(path: Path) -> Iterator[int]:
    """The numbers of the pages that the side file holds (no lock lives on that file)."""
    with wal_path(path).open("rb") as file:
        page = int.from_bytes(file.read(_WAL_HEADER)[8:12], "big")
        while len(head := file.read(_FRAME_HEADER)) == _FRAME_HEADER:
            yield int.from_bytes(head[:4], "big")
            file.seek(page, os.SEEK_CUR)
