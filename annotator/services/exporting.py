"""Writing a project's labels or suggestions to files that are read back before they take their place."""

import os
import re
import sqlite3
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from annotator.domain.articles import Status
from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.domain.text import sha256_of
from annotator.formats.carrying import Loss, merged
from annotator.formats.contract import Format, Layout, Reading, Writing
from annotator.formats.registry import format_named
from annotator.formats.targets import StreamTarget
from annotator.services.drafts import drafted
from annotator.services.importing import Progress
from annotator.services.wording import counted
from annotator.storage.check import sound
from annotator.storage.collecting import seldom_collecting
from annotator.storage.faults import damaged, explained
from annotator.storage.project import Project
from annotator.storage.records import label_records, suggestion_records

_PART = re.compile(r"([\w-]+)=(\d*\.?\d+)")
_TELL = 200  # records between two words on progress

_Written = tuple[list[tuple[str, int]], tuple[Loss, ...]]  # records by file, what they lost


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
            "losses": [loss.to_dict() for loss in self.losses],
        }

    def lines(self) -> list[str]:
        """For people."""
        said = [f"Wrote {counted(count, 'record')} to {file} (of {self.of})." for file, count in self.files]
        return said + [
            f"{'Changed' if loss.changed else 'Not carried'}: {loss.count:,} {loss.what}."
            for loss in self.losses
        ]


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
    format_ = format_named(format_name)
    if not format_.writes:
        raise FormatError(f"{format_.title} can only be read.")
    writing = Writing(project.labelset)
    with explained(project.path):
        # The texts alone are nobody's: every article, whoever labelled.
        source = _source(project, of or (None if format_.carries_marks else "suggestions"))
    wanted = _statuses(statuses, source)
    parts = _parts(split)
    with explained(project.path), seldom_collecting(), closing(project.reader()) as db:
        db.execute("BEGIN")  # one state of the file throughout, whatever a window writes meanwhile
        if source == "suggestions":
            records = suggestion_records(db)
        else:
            records = label_records(db, source.partition(":")[2], wanted or tuple(Status))
        told = _told(_intact(records, db, project.path), db, progress)
        if str(out) == "-":
            if split or format_.layout is Layout.FOLDER:
                needs = "A split needs files" if split else f"{format_.title} needs a folder"
                raise FormatError(f"{needs}: give a name instead of - .")
            files, losses = _write_stdout(told, format_, writing)
        else:
            files, losses = _write_files(told, format_, writing, Path(out), parts)
    return ExportReport(source, tuple(files), losses)


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


def _write_stdout(records: Iterable[Record], format_: Format, writing: Writing) -> _Written:
    """A reader that has seen enough (`| head`) ends the export, which is no error."""
    try:
        return _write_stream(records, format_, writing, sys.stdout.buffer)
    except OSError as error:
        # What is still buffered would fail again when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return [("-", 0)], ()
        raise FormatError(
            f"Standard output took no more ({error.strerror}): what was written is not whole. "
            "Make room and export again."
        ) from error


def _write_stream(records: Iterable[Record], format_: Format, writing: Writing, stream: BinaryIO) -> _Written:
    target = StreamTarget(stream)
    writer = format_.writer(target, writing)
    count = 0
    for record in records:
        writer.write(record)
        count += 1
    writer.close()
    target.close()
    return [("-", count)], writer.losses()


def _write_files(
    records: Iterable[Record], format_: Format, writing: Writing, out: Path, parts: list[tuple[str, float]]
) -> _Written:
    """A file or a folder a part; a pipe or a device takes bytes, and must not be replaced."""
    if format_.layout is Layout.FILE and not out.is_file() and not out.is_dir() and out.exists():
        with _explained(out), out.open("wb") as stream:
            ((_, count),), losses = _write_stream(records, format_, writing, stream)
        return [(str(out), count)], losses
    places = _places(out, parts)
    with _explained(out), ExitStack() as stack:
        drafts = [stack.enter_context(drafted(place, format_, writing)) for place in places]
        for record in records:
            drafts[_part_of(record, parts)].write(record)
        for draft in drafts:
            draft.finish(Reading(writing.labelset, options=writing.options))
        for draft in drafts:
            draft.take_place()
    written = [(str(place), draft.records) for place, draft in zip(places, drafts, strict=True)]
    return written, merged(draft.writer.losses() for draft in drafts)


def _places(out: Path, parts: list[tuple[str, float]]) -> list[Path]:
    return [out.with_name(f"{out.stem}-{name}{out.suffix}") if name else out for name, _ in parts]


def _part_of(record: Record, parts: list[tuple[str, float]]) -> int:
    if len(parts) == 1:
        return 0
    share = int.from_bytes(record.article.sha256[:8], "big") / 2**64
    return next(n for n, (_, bound) in enumerate(parts) if share < bound)


@contextmanager
def _explained(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FormatError(
            f"{out} could not be written ({error.strerror}); nothing took its place. Check room and rights."
        ) from error
