"""Bringing files into a project: articles, and their marks as suggestions, labels or gold."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.domain.marks import Source as MarkSource
from annotator.domain.suggestions import Run
from annotator.formats.contract import Fault, Format, Maker, Piece, Reading
from annotator.formats.sources import Source
from annotator.services.sources import Found, find_sources, unreadable
from annotator.services.wording import counted
from annotator.storage.bulk import Item, Written, loading, write_articles, write_suggestions
from annotator.storage.bulk_labels import LabelWriter
from annotator.storage.project import Project

# One batch is one transaction, unless all is one: what an interruption can cost, and what is in memory.
_BATCH_RECORDS = 2_000
_BATCH_CHARACTERS = 16_000_000
_MOST_FAULTS = 1_000  # listed; the rest is counted
_TELL = 100  # pieces between two words on progress

Progress = Callable[[int, int | None], None]


class As(StrEnum):
    """What the marks of a file are."""

    SUGGESTIONS = "suggestions"
    LABELS = "labels"
    GOLD = "gold"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came in. `articles` are new ones; `duplicates` are records whose text was there already."""

    files: int
    articles: int
    duplicates: int
    suggestions: int
    labels: int
    faults: tuple[Fault, ...] = ()
    more_faults: int = 0
    notes: tuple[str, ...] = ()
    dry_run: bool = False

    def to_dict(self) -> dict[str, object]:
        """As `--json` prints it."""
        return {
            "files": self.files,
            "articles": self.articles,
            "duplicates": self.duplicates,
            "suggestions": self.suggestions,
            "labels": self.labels,
            "dry_run": self.dry_run,
            "faults": [fault.to_dict() for fault in self.faults],
            "more_faults": self.more_faults,
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """For people; the faults are told apart."""
        would = "Would import" if self.dry_run else "Imported"
        said = f"{would} {counted(self.articles, 'article')} from {counted(self.files, 'file')}"
        more = [
            counted(count, *nouns)
            for count, *nouns in (
                (self.suggestions, "suggestion"),
                (self.labels, "label"),
                (self.duplicates, "text already here", "texts already here"),
            )
            if count
        ]
        faults = len(self.faults) + self.more_faults
        lines = [", ".join([said, *more]) + "."]
        if faults:
            lines.append(f"{counted(faults, 'fault')}: what they name did not come in.")
        return lines + list(self.notes)


def import_files(
    project: Project,
    files: Iterable[str | Path],
    *,
    format_name: str | None = None,
    annotator: str | None = None,
    as_: str | None = None,
    strict: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import files, folders and globs.

    Marks are what `as_` says; without it they are labels if `annotator` or the record names a person, else
    suggestions. Each fault is listed and the rest comes in; with `strict` one fault keeps everything out.
    `dry_run` tells what would come in. `progress` is told bytes read and bytes in all. An interruption
    keeps the batches that are saved.

    Raises FormatError for a wrong format or `as_`, ProjectError when the project cannot be written.
    """
    if as_ is not None and as_ not in list(As):
        raise FormatError(f"Marks cannot come in as {as_!r}; use one of {', '.join(As)}.")
    if annotator is not None and not (annotator.strip() and annotator.isprintable()):
        raise FormatError(f"{annotator!r} is no name for an annotator; give one that can be read.")
    sources, faults = find_sources(files, format_name)
    run = _Import(project, As(as_) if as_ else None, annotator, faults)
    with loading(project.db):
        if strict or dry_run:
            run.all_or_nothing(sources, progress, keep=not dry_run)
        else:
            run.batches(sources, progress)
    if strict and run.faults.count:
        report = run.report(len(sources), Written(), dry_run=dry_run)
        return replace(report, notes=(*report.notes, "Nothing was imported: --strict takes all or nothing."))
    return run.report(len(sources), run.written, dry_run=dry_run)


@dataclass(slots=True)
class _Faults:
    """The first faults, and how many there are."""

    listed: list[Fault]
    count: int = 0

    def __post_init__(self) -> None:
        self.count = len(self.listed)

    def add(self, faults: Sequence[Fault]) -> None:
        self.count += len(faults)
        self.listed += faults[: _MOST_FAULTS - len(self.listed)]


class _Nothing(Exception):
    """Ends a transaction of which nothing is to stay."""


@dataclass(slots=True)
class _Reading:
    """A file being read, and the run its marks belong to when they do not say."""

    source: Source
    format: Format
    _run: Run | None = None

    def run(self) -> Run:
        """Named after the file and its content, so that the same file is the same run."""
        if self._run is None:
            self._run = Run.of(self.source.path.name, self.source.digest()[:12])
        return self._run


class _Import:
    """One import under way."""

    def __init__(self, project: Project, as_: As | None, annotator: str | None, faults: list[Fault]) -> None:
        self._project = project
        self._as = as_
        self._annotator = annotator
        self._remarks: Counter[tuple[str, str]] = Counter()
        self._labels = LabelWriter(project)
        self.faults = _Faults(faults)
        self.written = Written()

    def batches(self, sources: Sequence[Found], progress: Progress | None) -> None:
        for items in self._read(sources, progress):
            with self._project.writing():
                self._write(items)

    def all_or_nothing(self, sources: Sequence[Found], progress: Progress | None, *, keep: bool) -> None:
        """One transaction; it stays if `keep` and nothing was wrong. After a fault files are only read."""
        try:
            with self._project.writing():
                for items in self._read(sources, progress):
                    if not (keep and self.faults.count):
                        self._write(items)
                if not keep or self.faults.count:
                    raise _Nothing
        except _Nothing:
            pass

    def report(self, files: int, written: Written, *, dry_run: bool) -> ImportReport:
        notes = [
            f"{file}: {remark} ({counted(count, 'record')})."
            for (file, remark), count in sorted(self._remarks.items())
        ]
        if written.in_zones:
            notes.append(f"{counted(written.in_zones, 'suggestion')} in zones left out.")
        if written.zones_kept:
            notes.append(
                f"Zones of {counted(written.zones_kept, 'article')} that were here already stay as they are."
            )
        return ImportReport(
            files,
            written.articles,
            written.known,
            written.suggestions,
            written.labels,
            tuple(self.faults.listed),
            self.faults.count - len(self.faults.listed),
            tuple(notes),
            dry_run,
        )

    def _read(self, sources: Sequence[Found], progress: Progress | None) -> Iterator[list[Item]]:
        """The items of all files in batches."""
        sizes = [source.size for source, _ in sources]
        items: list[Item] = []
        characters = pieces = done = 0
        for (source, format_), size in zip(sources, sizes, strict=True):
            for piece, item in self._items(_Reading(source, format_)):
                if item is not None:
                    items.append(item)
                    characters += len(item.record.article.text)
                pieces += 1
                if progress and pieces % _TELL == 0:
                    progress(done + piece.read, sum(sizes))
                if len(items) >= _BATCH_RECORDS or characters >= _BATCH_CHARACTERS:
                    yield items
                    items, characters = [], 0
            done += size
        if items:
            yield items
        if progress:
            progress(done, sum(sizes))

    def _items(self, source: _Reading) -> Iterator[tuple[Piece, Item | None]]:
        """Each piece of a file with the item it is; None for one that stays out, whose faults are noted."""
        try:
            for piece in source.format.read(source.source, Reading(self._project.labelset)):
                self.faults.add(piece.faults)
                for remark in piece.remarks:
                    self._remarks[source.source.name, remark] += 1
                yield piece, self._item(piece, source)
        except OSError as error:
            self.faults.add([unreadable(source.source.name, error)])
        except FormatError as error:
            self.faults.add([Fault(source.source.name, None, str(error).rstrip("."), "look at the file")])

    def _item(self, piece: Piece, source: _Reading) -> Item | None:
        record = piece.record
        if record is None:
            return None
        if not source.format.carries_marks:
            return Item(record)
        name = self._annotator or record.annotator
        as_ = self._as or _usual(piece, name)
        if as_ is As.SUGGESTIONS:
            run = Run.of(*record.run) if record.run else source.run() if record.marks else None
            return Item(record, run)
        if name is None:
            what = f"the record does not say whose {as_.value} these are"
            self.faults.add([Fault(source.source.name, piece.line, what, "name the annotator")])
            return None
        return Item(record, source.run() if _lacks_run(record) else None, name.strip(), as_ is As.GOLD)

    def _write(self, items: list[Item]) -> None:
        batch = write_articles(self._project.db, items)
        write_suggestions(self._project.db, batch)
        self._labels.write(batch)
        self.written.add(batch.written)


def _usual(piece: Piece, name: str | None) -> As:
    """What the marks of a piece are where nobody said."""
    if piece.maker is Maker.MODEL or name is None:
        return As.SUGGESTIONS
    return As.GOLD if piece.gold else As.LABELS


def _lacks_run(record: Record) -> bool:
    """Whether the record answers suggestions without saying whose."""
    answers = [*record.origins.values(), *(origin for _, origin in record.rejected)]
    return any(origin.run is None and origin.source is not MarkSource.ADDED for origin in answers)
