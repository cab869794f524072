"""Backups of a project, thinned with age; copies; and putting a backup in a project's place."""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from annotator import places
from annotator.domain.errors import GestureRefused, ProjectDamaged, ProjectExists
from annotator.domain.frozen import frozen
from annotator.storage.check import sound
from annotator.storage.durable import drafted, files_explained, sync_folder
from annotator.storage.faults import explained
from annotator.storage.lock import WriterLock
from annotator.storage.opening import inspect, uri, wal_path
from annotator.storage.project import Project, connect_to_read
from annotator.storage.work import write_work

INTERVAL = timedelta(minutes=30)
Told = Callable[[int, int | None], None]

_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"(?P<stamp>\d{8}T\d{6}Z)-(?P<reason>[\w-]+)\.annot\Z")
# How many are kept: the newest ones, then the newest of so many days, weeks and months that have any.
_RECENT, _DAYS, _WEEKS, _MONTHS = 8, 7, 5, 12
_PAGES = 2_000  # of the file that are copied before progress is told


@frozen
class Backup:
    """A backup file; `at` is UTC, `size` in bytes."""

    path: Path
    at: datetime
    reason: str
    size: int


def back_up(
    project: Project,
    reason: str,
    *,
    now: datetime | None = None,
    progress: Told | None = None,
    own: bool = False,
) -> Path:
    """Copy the project to its backup folder, with a JSONL file of human work beside it, and thin the folder.

    `progress` is told how many pages are copied of how many; what it raises ends the copying, and nothing is
    left of it. A copy that does not pass SQLite's checks is thrown away, and the older backups stay:
    ProjectDamaged. It reads by a connection of its own, so any thread may call it; by the project's `own`,
    which alone sees a project whose file is gone, only the project's thread may.
    """
    at = (now or datetime.now(UTC)).astimezone(UTC)
    folder = folder_of(project.path)
    word = re.sub(r"[^\w-]+", "-", reason.strip().lower()).strip("-") or "backup"
    target = folder / f"{at:{_STAMP}}-{word}.annot"
    with files_explained(target):
        folder.mkdir(parents=True, exist_ok=True)
    with nullcontext(project.db) if own else closing(project.reader()) as db:
        _copy(db, target, of=project.path, progress=progress)
        with drafted(_work_path(target)) as draft:
            write_work(db, draft)
    _thin(project.path)
    return target


def due(project: Project, *, now: datetime | None = None) -> bool:
    """Whether the newest backup is over half an hour old and the project has changed since."""
    made = list_backups(project.path)
    if not made:
        return True
    if (now or datetime.now(UTC)) - made[0].at < INTERVAL:
        return False
    with closing(_connect_immutable(made[0].path)) as backup:
        return _state(backup) != _state(project.db)


def list_backups(path: Path) -> list[Backup]:
    """The backups of the project at a path, newest first, whether or not the project can be read."""
    found: list[Backup] = []
    folder = folder_of(path)
    for file in folder.iterdir() if folder.is_dir() else ():
        match = _NAME.match(file.name)
        if match:
            at = datetime.strptime(match["stamp"], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(file, at, match["reason"], file.stat().st_size))
    return sorted(found, key=lambda backup: (backup.at, backup.path.name), reverse=True)


def folder_of(path: Path) -> Path:
    """Where the backups of a project lie: named after its path, as a damaged file cannot say who it is."""
    place = str(path.resolve()).encode("utf-8", "surrogateescape")
    return places.backup_dir() / f"{path.stem}-{hashlib.sha256(place).hexdigest()[:12]}"


def save_copy(project: Project, target: Path) -> None:
    """Write the project as it stands to a new file; ProjectExists for one that is there.

    It reads by the project's own connection, which sees all of it even where the file is gone. To its own
    place it is written only then, and the project is closed next.
    """
    target = target.resolve()
    if target.exists():
        raise ProjectExists(f"{target} is there already; choose another name for the copy.")
    if project.db.in_transaction:
        raise GestureRefused("Something larger is still being saved. Wait for it, or stop it.")
    _copy(project.db, target, of=project.path)
    if target == project.path:  # side files of the file that is gone: nobody else has them open
        for side in ("-wal", "-shm"):
            target.with_name(target.name + side).unlink(missing_ok=True)


def restore(backup: Path, target: Path, *, now: datetime | None = None) -> Path | None:
    """Put a backup in a project's place; return where the replaced file is kept, None if there was none.

    The backup is opened and checked first. Nothing is touched when it is damaged, or while the project is
    open to write (ProjectLocked).
    """
    backup, target = backup.resolve(), target.resolve()
    inspect(backup)
    lock = WriterLock(target)
    fresh = target.with_name(f".{target.name}.fresh")
    aside = target.with_name(f"{target.stem}-replaced-{now or datetime.now(UTC):{_STAMP}}{target.suffix}")
    try:
        with closing(connect_to_read(backup)) as db:
            _copy(db, fresh, of=backup)
        with files_explained(target):
            replaced = target.exists()
            if replaced:
                # The side file first: it belongs to the old file, and would be read into the new one.
                with suppress(FileNotFoundError):
                    wal_path(target).rename(wal_path(aside))
                target.rename(aside)
            target.with_name(target.name + "-shm").unlink(missing_ok=True)
            fresh.rename(target)
            sync_folder(target)
        return aside if replaced else None
    finally:
        fresh.unlink(missing_ok=True)
        lock.release()


def kept(times: Iterable[datetime]) -> set[datetime]:
    """Of the times of backups those to keep: recent ones, and the newest of a day, a week and a month."""
    newest_first = sorted(times, reverse=True)
    keep = set(newest_first[:_RECENT])
    for number, period in ((_DAYS, "%Y-%m-%d"), (_WEEKS, "%G-%V"), (_MONTHS, "%Y-%m")):
        newest_of: dict[str, datetime] = {}
        for at in newest_first:
            newest_of.setdefault(at.strftime(period), at)
        keep.update(list(newest_of.values())[:number])
    return keep


def _copy(db: sqlite3.Connection, target: Path, *, of: Path, progress: Told | None = None) -> None:
    """Copy what a connection sees to a file, checked before it gets its name."""
    with drafted(target) as draft, explained(target, full="the copy was not made"):
        copy = sqlite3.connect(uri(draft, "mode=rwc"), uri=True)
        try:
            if progress is None:
                db.backup(copy)
            else:
                tell = progress
                db.backup(copy, pages=_PAGES, progress=lambda _, left, total: tell(total - left, total))
        finally:
            copy.close()
        with closing(_connect_immutable(draft)) as copy:
            if not sound(copy):
                raise ProjectDamaged(
                    f"{of} is damaged, so no copy was made and the older backups stay. "
                    "Restore a backup, or save what is readable to a new file."
                )


def _connect_immutable(path: Path) -> sqlite3.Connection:
    """A finished file that nobody writes to: no locks, no side files."""
    return sqlite3.connect(uri(path, "mode=ro&immutable=1"), uri=True)


def _state(db: sqlite3.Connection) -> tuple[object, ...]:
    """Equal for two databases of one project when nothing was done to it in between."""
    return tuple(
        db.execute(
            "SELECT (SELECT max(id) FROM op),(SELECT max(position) FROM article),"
            "(SELECT max(at) FROM suggested),"
            "(SELECT value FROM meta WHERE key='labelset'),(SELECT max(id) FROM annotator)"
        ).fetchone()
    )


def _work_path(backup: Path) -> Path:
    return backup.with_suffix(".jsonl.gz")


def _thin(path: Path) -> None:
    made = list_backups(path)
    keep = kept(backup.at for backup in made)
    for backup in made:
        if backup.at not in keep:
            with files_explained(backup.path):
                backup.path.unlink(missing_ok=True)
                _work_path(backup.path).unlink(missing_ok=True)
