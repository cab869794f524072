"""A private copy of another project, checked and brought to this version: the project itself is only read."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from annotator.domain.errors import ProjectError
from annotator.storage import schema
from annotator.storage.check import sound
from annotator.storage.faults import damaged, explained
from annotator.storage.opening import inspect, uri
from annotator.storage.project import Project, connect_to_read

NAME = "theirs"  # what a joined project is called in SQL


@contextmanager
def joined(project: Project, other: Path) -> Iterator[sqlite3.Connection]:
    """The connection of a project on which the tables of another one are readable as `theirs.TABLE`.

    Also while the other is open elsewhere: what is saved in it by now is seen. Every fault of its file has
    its own ProjectError, as when a project is opened.
    """
    other = other.resolve()
    if other == project.path.resolve() or (other.exists() and other.samefile(project.path)):
        raise ProjectError(f"{other} is the project itself; name the files of others.")
    with copied(other) as copy, attached(project, copy) as db:
        yield db


@contextmanager
def attached(project: Project, copy: Path) -> Iterator[sqlite3.Connection]:
    """As `joined`, for a copy that `copied` made."""
    project.db.execute(f"ATTACH ? AS {NAME}", (uri(copy, "mode=rw"),))
    try:
        yield project.db
    finally:
        project.db.execute(f"DETACH {NAME}")


@contextmanager
def copied(path: Path) -> Iterator[Path]:
    """The place of the copy, for as long as the block lasts."""
    path = path.resolve()
    inspect(path)
    with TemporaryDirectory(prefix="annotator-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "theirs.annot"
        with (
            explained(path, full="there is no room for a copy of it"),
            closing(connect_to_read(path)) as source,
            closing(sqlite3.connect(copy, isolation_level=None)) as db,
        ):
            source.backup(db)
            db.execute("PRAGMA journal_mode=OFF")
            db.execute("PRAGMA synchronous=OFF")
            if not sound(db):
                raise damaged(path)
            if schema.version_of(db) < schema.VERSION:
                db.execute("BEGIN")
                schema.upgrade(db)
                db.execute("COMMIT")
        yield copy
