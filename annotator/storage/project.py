"""A project: one SQLite file, opened to write by one program at a time, or to read beside it."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from annotator.domain.errors import (
    DiskFull,
    GestureRefused,
    NotAProject,
    ProjectDisplaced,
    ProjectError,
    ProjectExists,
    ProjectLocked,
    ProjectReadOnly,
)
from annotator.domain.labels import LabelSet
from annotator.storage import schema
from annotator.storage.durable import drafted
from annotator.storage.faults import damaged, explained
from annotator.storage.lock import WriterLock
from annotator.storage.opening import has_wal, identity, inspect, uri, wal_path
from annotator.storage.sharing import sharing_warning
from annotator.storage.ulid import Clock, now_ms
from annotator.storage.waiting import Waiting

_STATEMENTS = 256  # prepared statements a connection keeps


class Access(StrEnum):
    """How to open: WRITE raises ProjectLocked or ProjectReadOnly, WRITE_OR_READ then reads and says why."""

    READ = "read"
    WRITE = "write"
    WRITE_OR_READ = "write or read"


class Project:
    """An open project file.

    `read_only` says for people why it can only be read, None when it can be written. `recovered`: the program
    that wrote last did not end cleanly, and SQLite has brought its saved work back. `warnings` are lines for
    people. `db` is in autocommit; a write goes through `writing`. Belongs to the thread that opened it.
    `adrift`: work is saved even where the file is no more, as a copy of it all is about to be made.
    """

    def __init__(
        self,
        path: Path,
        db: sqlite3.Connection,
        *,
        lock: WriterLock | None,
        read_only: str | None = None,
        recovered: bool = False,
    ) -> None:
        self.path = path
        self.db = db
        self.read_only = read_only
        self.recovered = recovered
        self.waiting: Waiting | None = None  # told of each gesture that is being saved
        self.adrift = False
        warning = sharing_warning(path)
        self.warnings: tuple[str, ...] = (warning,) if warning else ()
        self._lock = lock
        with explained(path):
            self._identity = identity(path)
            self._side_file = _side_file(path)
            self.labelset = _labelset(db, path)
            self._clock = Clock(db.execute("SELECT max(id) FROM op").fetchone()[0])

    @classmethod
    def create(cls, path: Path, labelset: LabelSet) -> Self:
        """Make a project and open it to write; a file that is there stays: ProjectExists."""
        path = path.resolve()
        if path.exists():
            raise ProjectExists(f"{path} is there already; open it, or choose another name.")
        if not path.parent.is_dir():
            raise ProjectError(f"There is no folder {path.parent}; make it first, or choose another.")
        lock = WriterLock(path)
        try:
            with drafted(path) as draft, explained(path, full="the project was not made"):
                _write_new(draft, labelset)
            return cls._over(path, _connect_to_write(path), lock=lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, path: Path, access: Access = Access.WRITE) -> Self:
        """Open a project; every fault of the file has its own ProjectError, and leaves the file as it is."""
        path = path.resolve()  # one file has one lock, whatever links lead to it
        inspect(path)
        if access is Access.READ:
            return cls._open_to_read(path, "This project was opened to read only.")
        try:
            return cls._open_to_write(path)
        except (ProjectLocked, ProjectReadOnly) as refused:
            if access is Access.WRITE:
                raise
            return cls._open_to_read(path, str(refused))

    @classmethod
    def _open_to_write(cls, path: Path) -> Self:
        if not os.access(path, os.W_OK):
            raise ProjectReadOnly(
                f"{path} can only be read: the file is write-protected. "
                "To label, copy the project to a folder you may write to."
            )
        lock = WriterLock(path)
        try:
            recovered = has_wal(path)  # only now: before, it could be the work of another writer
            project = cls._over(path, _connect_to_write(path), lock=lock, recovered=recovered)
            project._upgrade()
            return project
        except BaseException:
            lock.release()
            raise

    def _upgrade(self) -> None:
        """Brings a file of an earlier version to this one, after a backup."""
        if schema.version_of(self.db) == schema.VERSION:
            return
        from annotator.storage.backups import back_up

        try:
            back_up(self, "upgrade")
            with self.writing() as db:
                schema.upgrade(db)
        except BaseException:
            self.close()
            raise

    @classmethod
    def _open_to_read(cls, path: Path, why: str) -> Self:
        return cls._over(path, connect_to_read(path), lock=None, read_only=why)

    @classmethod
    def _over(
        cls,
        path: Path,
        db: sqlite3.Connection,
        *,
        lock: WriterLock | None,
        read_only: str | None = None,
        recovered: bool = False,
    ) -> Self:
        try:
            return cls(path, db, lock=lock, read_only=read_only, recovered=recovered)
        except BaseException:
            db.close()
            raise

    def close(self) -> None:
        """Bring everything into the one file and let go of it; twice is fine."""
        try:
            if self._lock is not None:
                self.empty_side_file()
            self.db.close()
        finally:
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def empty_side_file(self) -> None:
        """Bring all work into the file itself; without room for it the side file keeps it, as after a crash.

        Where another file lies in the place of this one, SQLite would read that together with the side file.
        """
        with suppress(sqlite3.Error):
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def renew_side_file(self) -> None:
        """Make the side file anew where another program deleted or replaced it.

        SQLite goes on writing to the one that has no name any more, and a crash would take that work with it.
        """
        if self.read_only is None and not self.adrift and _side_file(self.path) != self._side_file:
            from annotator.storage.presence import renew_side_file

            if renew_side_file(self.db):
                self._side_file = _side_file(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and (displaced := self.displaced()) is not None:
                raise self._kept_in_a_backup(displaced)
        finally:
            self.close()

    def displaced(self) -> ProjectDisplaced | None:
        """What has become of the file that this project is written to; None while it is in its place."""
        if self.read_only is not None:
            return None
        with suppress(OSError):
            if identity(self.path) == self._identity:
                return None
        from annotator.storage.presence import displacement

        return displacement(self.path, self._identity)

    def _kept_in_a_backup(self, displaced: ProjectDisplaced) -> ProjectDisplaced:
        """The error for someone who goes now: all of the project is where it says."""
        from annotator.storage.backups import back_up

        kept = back_up(self, "file gone", own=True)
        said = f"{self.path} {displaced.what}; all of it is in the backup {kept}, which opens as a project."
        return ProjectDisplaced(said, gone=displaced.gone)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is saved when the block ends, none of it when the block raises."""
        if self.read_only is not None:
            raise ProjectReadOnly(self.read_only)
        if self.db.in_transaction and self.waiting is not None:
            raise GestureRefused("Something larger is still being saved. Wait for it, or stop it.")
        if not self.adrift and (displaced := self.displaced()) is not None:
            displaced.unsaved = True
            raise displaced
        self.renew_side_file()
        with explained(self.path, unsaved=True):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:  # a full disk has rolled back by itself, and ROLLBACK would raise
                    self.db.execute("ROLLBACK")
                raise

    def new_id(self) -> str:
        """A ULID greater than every gesture of this file."""
        return self._clock.next()

    def reload_labels(self) -> None:
        """Reads the label set again, after a gesture changed which one holds."""
        self.labelset = _labelset(self.db, self.path)

    def observe(self, ulid: str) -> None:
        """Stay behind no gesture of another file: ids given from now on are greater."""
        self._clock.observe(ulid)

    def annotators(self) -> list[str]:
        """The names, oldest first."""
        return [name for (name,) in self.db.execute("SELECT name FROM annotator ORDER BY id")]

    def annotator_id(self, name: str) -> str:
        """The id of an annotator; a new one gets every article to do. Joins an open transaction."""
        name = name.strip()
        if not name:
            raise ProjectError("An annotator needs a name; give one.")
        found = self.db.execute("SELECT id FROM annotator WHERE name=?", (name,)).fetchone()
        if found:
            return str(found[0])
        new = self.new_id()
        statement = "INSERT INTO annotator(id,name) VALUES(?,?)"
        if self.db.in_transaction:
            self.db.execute(statement, (new, name))
        else:
            with self.writing() as db:
                db.execute(statement, (new, name))
        return new

    def made_for(self) -> str | None:
        """The name of the annotator whom the file was made for; None for one that is nobody's alone."""
        row = self.db.execute(
            "SELECT a.name FROM meta m JOIN annotator a ON a.id=m.value WHERE m.key='assigned'"
        ).fetchone()
        return str(row[0]) if row else None

    def reader(self) -> sqlite3.Connection:
        """A second connection that only reads, for the thread that asks; the caller closes it.

        ProjectDisplaced where it would read another file, with the work of this one laid over it.
        """
        if (displaced := self.displaced()) is not None:
            raise displaced
        return connect_to_read(self.path)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write.

    A project at rest is opened as a writer would and told to refuse writing: it then removes SQLite's side
    files at its end. Where that is not possible the file is read as it stands.
    """
    if has_wal(path):
        options = "mode=ro"
    elif os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        options = "mode=rw"
    else:
        options = "mode=ro&immutable=1"
    try:
        return _connect_query_only(path, options)
    except DiskFull:
        if options != "mode=rw":
            raise
        return _connect_query_only(path, "mode=ro&immutable=1")  # no room for the side files


def _connect_query_only(path: Path, options: str) -> sqlite3.Connection:
    with explained(path, full="the project cannot be read"):
        db = _connect(path, options)
        try:
            schema.stand_in(db)
            db.execute("PRAGMA query_only=ON")
            db.execute("PRAGMA mmap_size=0")
            db.execute("SELECT count(*) FROM meta").fetchone()
        except sqlite3.Error:
            db.close()
            raise
    return db


def _side_file(path: Path) -> tuple[int, int] | None:
    """Which file is the side file now; None where there is none."""
    try:
        return identity(wal_path(path))
    except OSError:
        return None


def _connect(path: Path, options: str) -> sqlite3.Connection:
    return sqlite3.connect(uri(path, options), uri=True, isolation_level=None, cached_statements=_STATEMENTS)


def _connect_to_write(path: Path) -> sqlite3.Connection:
    with explained(path, full="the project cannot be opened to write"):
        db = _connect(path, "mode=rw")
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA foreign_keys=ON")
            db.execute("PRAGMA mmap_size=0")
            # A file that only root or nobody may write opens all the same, and fails at the first write.
            db.execute("BEGIN IMMEDIATE")
            db.execute("UPDATE meta SET value=value WHERE false")
            db.execute("ROLLBACK")
        except sqlite3.Error:
            db.close()
            raise
    return db


def _write_new(path: Path, labelset: LabelSet) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("BEGIN IMMEDIATE")
        schema.build(db)
        add_labelset(db, labelset)
        db.execute("INSERT INTO labelset_current(id,labelset_id) VALUES('current',?)", (labelset.id,))
        db.execute("COMMIT")
    finally:
        db.close()


def add_labelset(db: sqlite3.Connection, labelset: LabelSet, parent_id: str | None = None) -> None:
    """Store a version of the label set, if it is not there yet; in the open transaction."""
    content = json.dumps(labelset.to_dict(), ensure_ascii=False)
    db.execute(
        "INSERT OR IGNORE INTO labelset(id,name,version,created,content,parent_id) VALUES(?,?,?,?,?,?)",
        (labelset.id, labelset.name, labelset.version, now_ms(), content, parent_id),
    )
    db.executemany(
        "INSERT OR IGNORE INTO label(labelset_id,kind,name,position) VALUES(?,?,?,?)",
        [(labelset.id, label.kind, label.name, at) for at, label in enumerate(labelset.labels)],
    )


def labelset_at(db: sqlite3.Connection) -> LabelSet:
    """The label set that holds; TypeError where there is none, ValueError or KeyError for a damaged one."""
    row = db.execute(
        "SELECT content FROM labelset WHERE id=(SELECT value FROM meta WHERE key='labelset')"
    ).fetchone()
    return LabelSet.from_dict(json.loads(row[0]))


def _labelset(db: sqlite3.Connection, path: Path) -> LabelSet:
    if db.execute("SELECT 1 FROM meta JOIN labelset ON id=value WHERE key='labelset'").fetchone() is None:
        raise NotAProject(f"{path} has no label set: it is not a whole project. Nothing was changed.")
    try:
        return labelset_at(db)
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(path, "its label set cannot be read") from error
