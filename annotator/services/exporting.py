"""Writing a project's labels or suggestions to files that are read back before they take their place."""

import os
import re
import sqlite3
import sys
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from annotator.domain.articles import Status
from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.domain.text import sha256_of
from annotator.formats.contract import Loss, Writer
from annotator.formats.registry import format_named
from annotator.services.destinations import refuse_file
from annotator.services.importing import Progress
from annotator.services.text_folder import drafted_folder, refuse_folder
from annotator.services.wording import counted
from annotator.storage.check import sound
from annotator.storage.collecting import seldom_collecting
from annotator.storage.faults import damaged, explained
from annotator.storage.project import Project
from annotator.storage.records import label_records, suggestion_records

_PART = re.compile(r"([\w-]+)=(\d*\.?\d+)")
_TELL = 200  # records between two words on progress
_BLOCK = 2**20  # bytes written and read back at a time


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: records by file, of whom, and what the format could not carry."""

    of: str
    files: tuple[tuple[str, int], ...]
    losses: tuple[Loss, ...] = ()

    @property
    def records(self) -> int:
        return sum(count for _, count in self.files)

    def to_dict(self) -> dict[str, object]:
        """As `--json` prints it."""
        return {
            "of": self.of,
            "records": self.records,
            "files": [{"file": file, "records": count} for file, count in self.files],
            "losses": [{"count": loss.count, "what": loss.what} for loss in self.losses],
        }

    def lines(self) -> list[str]:
        """For people."""
        said = [f"Wrote {counted(count, 'record')} to {file} (of {self.of})." for file, count in self.files]
        return said + [f"Not carried: {loss.count:,} {loss.what}." for loss in self.losses]


def export(
    project: Project,
    out: str | Path,
    *,
    format_name: str = "jsonl",
    of: str | None = None,
    statuses: Collection[str] | None = None,
    split: str | None = None,
    progress: Progress | None = None,
) -> ExportReport:
    """Write what one annotator labelled (`annotator:NAME`) or pipelines suggested (`suggestions`).

    Without `of` it is the only annotator who has labelled. `statuses` are that annotator's. `split` like
    "train=.8,test=.2" writes OUT-train, OUT-test by the content of the articles, so that an article is always
    in the same part. `out` "-" is standard output. `progress` is told records written and articles in all.

    Raises FormatError for what cannot be written, with `out` as it was before.
    """
    writer = format_named(format_name).writer(project.labelset)
    with explained(project.path):
        # The texts alone are nobody's: every article, whoever labelled.
        source = _source(project, of or ("suggestions" if writer.suffix else None))
    wanted = _statuses(statuses, source)
    parts = _parts(split)
    with explained(project.path), seldom_collecting(), closing(project.reader()) as db:
        db.execute("BEGIN")  # one state of the file throughout, whatever a window writes meanwhile
        if source == "suggestions":
            records = suggestion_records(db)
        else:
            records = label_records(db, source.partition(":")[2], wanted or tuple(Status))
        told = _told(_intact(records, db, project.path), db, progress)
        if str(out) == "-" and (split or writer.suffix):
            needs = "A split needs files" if split else "One file an article needs a folder"
            raise FormatError(f"{needs}: give a name instead of - .")
        if writer.suffix:
            files = _write_folders(told, writer, writer.suffix, Path(out), parts)
        elif str(out) == "-":
            files = [("-", _write_stdout(told, writer))]
        else:
            files = _write_files(told, writer, Path(out), parts)
    return ExportReport(source, tuple(files), writer.losses())


def _source(project: Project, of: str | None) -> str:
    """`suggestions` or `annotator:NAME` of one who is there."""
    names = project.annotators()
    known = "; ".join([*(f"--of annotator:{name}" for name in names), "--of suggestions"])
    if of is None:
        worked = _who_worked(project.db) or names
        if len(worked) == 1:
            return f"annotator:{worked[0]}"
        who = "Several annotators have labelled" if worked else "Nobody has labelled"
        raise FormatError(f"{who} in this project; say whose work to export: {known}.")
    kind, colon, name = of.partition(":")
    if of == "suggestions" or (kind == "annotator" and colon and name in names):
        return of
    if kind == "annotator":
        raise FormatError(f"There is no annotator {name!r} in this project; there are: {known}.")
    if of in ("gold", "votes"):
        raise FormatError(f"Exporting {of} is not possible yet; there are: {known}.")
    raise FormatError(f"Cannot export {of!r}; there are: {known}.")


def _who_worked(db: sqlite3.Connection) -> list[str]:
    """Names of those with an entry in the log."""
    rows = db.execute(
        "SELECT name FROM annotator a WHERE EXISTS(SELECT 1 FROM op WHERE annotator_id=a.id) ORDER BY id"
    )
    return [name for (name,) in rows]


def _statuses(names: Collection[str] | None, source: str) -> tuple[Status, ...]:
    if not names:
        return ()
    if source == "suggestions":
        raise FormatError("A status belongs to an annotator: --status works with --of annotator:NAME.")
    wrong = [name for name in names if name not in list(Status)]
    if wrong:
        raise FormatError(f"There is no status {', '.join(map(repr, wrong))}; use {', '.join(Status)}.")
    return tuple(Status(name) for name in names)


def _parts(split: str | None) -> list[tuple[str, float]]:
    """Names and upper bounds of the parts, the last bound above 1; one nameless part for no split."""
    if split is None:
        return [("", 2.0)]
    example = "write it like train=.8,dev=.1,test=.1, with shares that add up to 1"
    matches = [_PART.fullmatch(part.strip()) for part in split.split(",")]
    shares = {match[1]: float(match[2]) for match in matches if match}
    if len(shares) < len(matches):
        raise FormatError(f"The split {split!r} has a part that cannot be read, or one twice; {example}.")
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise FormatError(f"The split {split!r} adds up to {sum(shares.values()):g}; {example}.")
    parts, bound = [], 0.0
    for name, share in shares.items():
        bound += share
        parts.append((name, bound))
    return [*parts[:-1], (parts[-1][0], 2.0)]


def _intact(records: Iterable[Record], db: sqlite3.Connection, project: Path) -> Iterator[Record]:
    """The records; ProjectDamaged at a text that is not the one that came in, as SQLite does not see that."""
    try:
        for record in records:
            article = record.article
            if sha256_of(article.text) != article.sha256:
                raise damaged(project, f"the text of “{article.title}” is not the one that came in")
            yield record
    except (KeyError, TypeError, ValueError) as error:
        if sound(db):
            raise
        raise damaged(project) from error  # a value that no column of a sound file holds


def _told(records: Iterable[Record], db: sqlite3.Connection, progress: Progress | None) -> Iterator[Record]:
    (total,) = db.execute("SELECT count(*) FROM article").fetchone()
    done = 0
    for done, record in enumerate(records, 1):
        yield record
        if progress and done % _TELL == 0:
            progress(done, total)
    if progress:
        progress(total, total)


def _write_stdout(records: Iterable[Record], writer: Writer) -> int:
    """A reader that has seen enough (`| head`) ends the export, which is no error."""
    try:
        return _write_stream(records, writer, sys.stdout.buffer)
    except OSError as error:
        # What is still buffered would fail again when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 0
        raise FormatError(
            f"Standard output took no more ({error.strerror}): what was written is not whole. "
            "Make room and export again."
        ) from error


def _write_stream(records: Iterable[Record], writer: Writer, stream: BinaryIO) -> int:
    count = 0
    for record in records:
        stream.write(writer.encode(record))
        count += 1
    stream.flush()
    return count


@dataclass(slots=True)
class _Draft:
    """A file being written under a temporary name beside its place."""

    place: Path
    path: Path
    file: BinaryIO
    records: int = 0
    checksum: int = 0

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.checksum = zlib.crc32(data, self.checksum)
        self.records += 1

    def check(self) -> None:
        """Closes the file and reads it back; FormatError when it is not what was written."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        checksum = lines = 0
        with self.path.open("rb") as file:
            while block := file.read(_BLOCK):
                checksum = zlib.crc32(block, checksum)
                lines += block.count(b"\n")
        if lines != self.records or checksum != self.checksum:
            raise FormatError(
                f"{self.place} was not written: the disk gave back other bytes than it was given; check it."
            )


def _write_files(
    records: Iterable[Record], writer: Writer, out: Path, parts: list[tuple[str, float]]
) -> list[tuple[str, int]]:
    places = _places(out, parts)
    for place in places:
        refuse_file(place)
    if not out.is_file() and out.exists():  # a pipe or a device takes bytes, and must not be replaced
        with _explained(out), out.open("wb") as stream:
            return [(str(out), _write_stream(records, writer, stream))]
    with _explained(out), ExitStack() as drafts:
        written = [drafts.enter_context(_drafted(place)) for place in places]
        for record in records:
            written[_part_of(record, parts)].write(writer.encode(record))
        for draft in written:
            draft.check()
        for draft in written:
            os.replace(draft.path, draft.place.resolve())
    return [(str(draft.place), draft.records) for draft in written]


def _write_folders(
    records: Iterable[Record], writer: Writer, suffix: str, out: Path, parts: list[tuple[str, float]]
) -> list[tuple[str, int]]:
    """One file a record, in a new folder a part."""
    places = _places(out, parts)
    for place in places:
        refuse_folder(place)
    with _explained(out), ExitStack() as drafts:
        written = [drafts.enter_context(drafted_folder(place, suffix)) for place in places]
        for record in records:
            written[_part_of(record, parts)].write(record, writer.encode(record))
        for draft in written:
            draft.take_place()
    return [(str(place), draft.records) for place, draft in zip(places, written, strict=True)]


def _places(out: Path, parts: list[tuple[str, float]]) -> list[Path]:
    return [out.with_name(f"{out.stem}-{name}{out.suffix}") if name else out for name, _ in parts]


def _part_of(record: Record, parts: list[tuple[str, float]]) -> int:
    if len(parts) == 1:
        return 0
    share = int.from_bytes(record.article.sha256[:8], "big") / 2**64
    return next(n for n, (_, bound) in enumerate(parts) if share < bound)


@contextmanager
def _drafted(place: Path) -> Iterator[_Draft]:
    real = place.resolve()
    path = real.with_name(f".{real.name}.{os.getpid()}.part")
    try:
        with path.open("wb", buffering=_BLOCK) as file:
            yield _Draft(place, path, file)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _explained(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FormatError(
            f"{out} could not be written ({error.strerror}); nothing took its place. Check room and rights."
        ) from error
