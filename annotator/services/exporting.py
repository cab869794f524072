"""Writing a project's labels or suggestions to files that are read back before they take their place."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.domain.frozen import frozen
from annotator.domain.text import sha256_of
from annotator.formats.carrying import Loss, merged
from annotator.formats.contract import Format, Layout, Reading, Writing
from annotator.services.drafts import drafted
from annotator.services.export_checks import SOFT, format_of, refuse, refuse_soft, refuse_source
from annotator.services.export_choices import (
    ExportChoices,
    chosen_records,
    source_of,
    statuses_named,
)
from annotator.services.importing import Progress
from annotator.services.splits import Split, Splitter, near_duplicates
from annotator.services.unfinished import Unfinished
from annotator.services.wording import counted
from annotator.storage.check import sound
from annotator.storage.collecting import seldom_collecting
from annotator.storage.faults import damaged, explained
from annotator.storage.project import Project

if TYPE_CHECKING:
    from annotator.services.settling import GoldState, GoldStates

_TELL = 200  # records between two words on progress
_BLOCK = 2**20  # bytes

Counted = TypeVar("Counted")
_Written = tuple[list[tuple[str, int]], tuple[Loss, ...]]  # records by file, what they lost


@frozen
class ExportReport:
    """What was written: records by file, of whom, what the format could not carry, and what gold lacks."""

    of: str
    format: str
    files: tuple[tuple[str, int], ...]
    losses: tuple[Loss, ...] = ()
    dry_run: bool = False
    gold: "GoldState | None" = None
    notes: tuple[str, ...] = ()

    @property
    def records(self) -> int:
        return sum(count for _, count in self.files)

    def to_dict(self) -> dict[str, object]:
        """As `--json` prints it."""
        return {
            "of": self.of,
            "format": self.format,
            "dry_run": self.dry_run,
            "records": self.records,
            "files": [{"file": file, "records": count} for file, count in self.files],
            "losses": [loss.to_dict() for loss in self.losses],
            "notes": list(self.notes),
            **({"gold": self.gold.to_dict()} if self.gold else {}),
        }

    def lines(self) -> list[str]:
        """For people."""
        wrote = "Would write" if self.dry_run else "Wrote"
        said = [f"{wrote} {counted(count, 'record')} to {file} (of {self.of})." for file, count in self.files]
        return said + self.gold_told() + self.losses_told()

    def gold_told(self) -> list[str]:
        """What of gold is not decided, or not settled yet."""
        return self.gold.lines(dry_run=self.dry_run) if self.gold else []

    def losses_told(self) -> list[str]:
        """What was left out, and a line for each loss."""
        how = {True: "Changed", False: "Not carried"}
        told = [f"{how[loss.changed]}: {loss.count:,} {loss.what}{_first_of(loss)}." for loss in self.losses]
        return [*self.notes, *told]


def _first_of(loss: Loss) -> str:
    """The first example, in words."""
    first = next((example for example in loss.examples if example.text), None)
    return f" (first “{' '.join(first.text.split())}” in {first.article})" if first else ""


def export(
    project: Project,
    out: str | Path,
    *,
    format_name: str | None = None,
    of: str | None = None,
    statuses: Collection[str] | None = None,
    split: str | None = None,
    choices: ExportChoices | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    gold_states: "GoldStates | None" = None,
) -> ExportReport:
    """Write marks as `choices` say; the four before it are short for those.

    A split like "train=.8,test=.2" writes OUT-train, OUT-test. `out` "-" is standard output. `dry_run` writes
    and proves everything, and leaves nothing: it tells what the format would not carry. `progress` is told
    how many steps are done, and of how many: an article to split, a record to write, one to read back; for
    gold before that how many articles are compared. `gold_states` are kept from one export to the next.

    Raises FormatError for what cannot be written, with `out` as it was before.
    """
    wanted = choices or ExportChoices(
        format_name, of, statuses_named(statuses or ()), split=Split.parsed(split)
    )
    if wanted.of == SOFT:
        refuse_soft(wanted)
        files, _ = _write_soft(project, Path(out), dry_run=dry_run)
        return ExportReport(SOFT, "jsonl", tuple(files), dry_run=dry_run)
    format_ = format_of(wanted, str(out))
    refuse(format_, wanted, str(out))
    with explained(project.path):
        # The texts alone are nobody's: every article, whoever labelled.
        source = source_of(project, wanted.of or (None if format_.carries_marks else "suggestions"))
    refuse_source(source, wanted)
    gold = None
    if source == "gold":
        from annotator.services.settling import GoldStates  # late: it needs numpy

        gold = (gold_states or GoldStates(project.path)).read(progress)
    writing = Writing(project.labelset, options=wanted.options, with_text=wanted.with_text)
    with explained(project.path), seldom_collecting(), closing(project.reader()) as db:
        db.execute("BEGIN")  # one state of the file throughout, whatever a window writes meanwhile
        records = chosen_records(project, db, source, wanted, gold.statuses() if gold else {})
        job = _Job(format_, writing, db, Telling(db, progress, split=bool(wanted.split)), dry_run=dry_run)
        unfinished = Unfinished(format_, asked=bool(wanted.statuses))
        told = job.telling.records(unfinished.passed(_intact(records, db, project.path)))
        if str(out) == "-":
            files, losses = _write_stdout(lambda stream: _write_stream(told, job, stream))
        else:
            files, losses = _write_files(told, job, Path(out), wanted.split)
        job.telling.end()
    return ExportReport(source, format_.name, tuple(files), losses, dry_run, gold, unfinished.notes())


@frozen
class _Job:
    """What every part of one export shares."""

    format: Format
    writing: Writing
    db: sqlite3.Connection
    telling: "Telling"
    dry_run: bool

    @property
    def reading(self) -> Reading:
        """How what was written is read back."""
        return Reading(self.writing.labelset, options=self.writing.options, text_of=self._text_of)

    def _text_of(self, sha256: str) -> str | None:
        row = self.db.execute("SELECT text FROM article WHERE sha256=?", (bytes.fromhex(sha256),)).fetchone()
        return row[0] if row else None


class Telling:
    """Progress of an export: articles looked at for a split, records written, and what is read back."""

    def __init__(self, db: sqlite3.Connection, progress: Progress | None, *, split: bool) -> None:
        (self._articles,) = db.execute("SELECT count(*) FROM article").fetchone()
        self._progress = progress
        self._before = self._articles if split else 0

    def looked_at(self, articles: int) -> None:
        self._tell(articles)

    def records(self, records: Iterable[Record]) -> Iterator[Record]:
        """The same records, counted as they are written."""
        return self._counted(records, self._before)

    def proofs(self, proofs: Iterable[int]) -> Iterator[int]:
        """The same proofs, counted as they are read back."""
        return self._counted(proofs, self._before + self._articles)

    def end(self) -> None:
        self._tell(self._before + 2 * self._articles)

    def _counted(self, items: Iterable[Counted], before: int) -> Iterator[Counted]:
        done = 0
        for done, item in enumerate(items, 1):
            yield item
            if done % _TELL == 0:
                self._tell(before + min(done, self._articles))
        self._tell(before + min(done, self._articles))

    def _tell(self, done: int) -> None:
        if self._progress:
            self._progress(done, self._before + 2 * self._articles)


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


def _write_soft(project: Project, out: Path, *, dry_run: bool) -> _Written:
    """Soft labels as a file, or to a stream once they are proved in a file of their own."""
    from annotator.services.votes import export_votes  # late: it needs numpy

    def write(stream: BinaryIO) -> _Written:
        with TemporaryDirectory() as folder:
            count = export_votes(project, draft := Path(folder, "soft.jsonl"))
            if not dry_run:
                with draft.open("rb") as file:
                    shutil.copyfileobj(file, stream, _BLOCK)
                stream.flush()
        return [(str(out), count)], ()

    if str(out) == "-":
        return _write_stdout(write)
    if _is_stream(out):
        with _explained(out), out.open("wb") as stream:
            return write(stream)
    return [(str(out), export_votes(project, out, dry_run=dry_run))], ()


def _is_stream(out: Path) -> bool:
    """Whether it is a pipe or a device, which takes bytes and must not be replaced."""
    return not out.is_file() and not out.is_dir() and out.exists()


def _write_stdout(write: Callable[[BinaryIO], _Written]) -> _Written:
    """A reader that has seen enough (`| head`) ends the export, which is no error."""
    try:
        return write(sys.stdout.buffer)
    except OSError as error:
        # What is still buffered would fail again when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return [("-", 0)], ()
        raise FormatError(
            f"Standard output took no more ({error.strerror}): what was written is not whole. "
            "Make room and export again."
        ) from error


def _write_stream(records: Iterable[Record], job: _Job, stream: BinaryIO) -> _Written:
    """Proves them in a file of its own before the first byte goes out, which nobody can take back."""
    with TemporaryDirectory() as folder, drafted(Path(folder, "records"), job.format, job.writing) as draft:
        for record in records:
            draft.write(record)
        draft.finish(job.reading, job.telling.proofs)
        if not job.dry_run:
            with (draft.target.folder / draft.place.name).open("rb") as file:
                shutil.copyfileobj(file, stream, _BLOCK)
            stream.flush()
    return [("-", draft.records)], draft.writer.losses()


def _write_files(records: Iterable[Record], job: _Job, out: Path, split: Split) -> _Written:
    """A file or a folder a part; a pipe or a device takes the bytes."""
    is_file = job.format.layout is Layout.FILE
    if is_file and _is_stream(out):
        with _explained(out), out.open("wb") as stream:
            ((_, count),), losses = _write_stream(records, job, stream)
        return [(str(out), count)], losses
    inside = bool(split) and job.format.splits
    places = [out] if inside else _places(out, split)
    with _explained(out), ExitStack() as stack:
        drafts = [stack.enter_context(drafted(place, job.format, job.writing)) for place in places]
        splitter = Splitter(split, near_duplicates(job.db, job.telling.looked_at) if split else {})
        for record in records:
            part = splitter.part_of(record.article)
            if inside:
                drafts[0].writer.part = split.parts[part][0]
            drafts[0 if inside else part].write(record)
        for draft in drafts:
            draft.finish(job.reading, job.telling.proofs)
        for draft in drafts if not job.dry_run else ():
            draft.take_place()
    written = [(str(place), draft.records) for place, draft in zip(places, drafts, strict=True)]
    return written, merged(draft.writer.losses() for draft in drafts)


def _places(out: Path, split: Split) -> list[Path]:
    return [out.with_name(f"{out.stem}-{name}{out.suffix}") if name else out for name, _ in split.parts]


@contextmanager
def _explained(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FormatError(
            f"{out} could not be written ({error.strerror}); nothing took its place. Check room and rights."
        ) from error
