"""Bringing files into a project: articles, and their marks as suggestions, labels or gold."""

import getpass
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from annotator.domain.codec.problems import RecordError
from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.domain.frozen import frozen
from annotator.domain.marks import Source as MarkSource
from annotator.domain.suggestions import Run
from annotator.formats.contract import Fault, Format, Maker, Piece, Reading, check_options, faulty
from annotator.formats.offset_units import OffsetUnit
from annotator.formats.sources import Source
from annotator.services.import_report import Faults, FirstRecord, FirstRecords, ImportReport
from annotator.services.label_mapping import LabelChoices, LabelMapping
from annotator.services.sources import Found, find_sources, unreadable
from annotator.services.wording import counted
from annotator.storage.bulk import Item, Written, loading, write_articles, write_suggestions
from annotator.storage.bulk_labels import LabelWriter
from annotator.storage.foreseeing import foreseen
from annotator.storage.label_additions import grow_label_set
from annotator.storage.project import Project

# One batch is one transaction, unless all is one: what an interruption can cost, and what is in memory.
_BATCH_RECORDS = 2_000
_BATCH_CHARACTERS = 16_000_000
_TELL = 100  # pieces between two words on progress

Progress = Callable[[int, int | None], None]


class As(StrEnum):
    """What the marks of a file are."""

    SUGGESTIONS = "suggestions"
    LABELS = "labels"
    GOLD = "gold"


class Models(StrEnum):
    """What marks become that the file says a model made."""

    SUGGESTIONS = "suggestions"
    LABELS = "labels"  # as if a person had made them
    LEAVE_OUT = "leave-out"


@frozen
class Choices:
    """What a person says of the files.

    `format_name` None: found out file by file. Marks are what `as_` says; without it they are labels if
    `annotator` or the record names a person, else suggestions. `unit` is how offsets are counted, None: found
    out; `options` are the format's own.
    """

    format_name: str | None = None
    annotator: str | None = None
    as_: As | None = None
    models: Models = Models.SUGGESTIONS
    labels: LabelChoices = field(default_factory=LabelChoices)
    unit: OffsetUnit | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.annotator is not None and not (self.annotator.strip() and self.annotator.isprintable()):
            raise FormatError(f"{self.annotator!r} is no name for an annotator; give one that can be read.")


def import_files(
    project: Project,
    files: Iterable[str | Path],
    *,
    format_name: str | None = None,
    annotator: str | None = None,
    as_: str | None = None,
    choices: Choices | None = None,
    strict: bool = False,
    whole: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import files, folders, archives and globs, as `choices` say; the three before it are short for those.

    Each fault is listed and the rest comes in; with `strict` one fault keeps everything out. `dry_run` tells
    what would come in; in a project that is open to read it is counted by reading alone. `progress` is told
    bytes read and bytes in all. An interruption keeps the batches that are saved; with `whole`, nothing.

    Raises FormatError for a wrong format, `as_` or label, ProjectError when the project cannot be written.
    """
    if as_ is not None and as_ not in list(As):
        raise FormatError(f"Marks cannot come in as {as_!r}; use one of {', '.join(As)}.")
    wanted = choices or Choices(format_name, annotator, As(as_) if as_ else None)
    sources, faults = find_sources(files, wanted.format_name)
    _check_options(wanted.options, sources)
    _check_unit(wanted.unit, sources)
    mapping = LabelMapping(project.labelset, wanted.labels, count_all=dry_run)
    run = _Import(project, wanted, mapping, Faults(faults), dry_run=dry_run)
    with loading(project.db), run.labels_kept():
        if dry_run and project.read_only is not None:
            run.foresee(sources, progress)
        elif strict or dry_run:
            run.all_or_nothing(sources, progress, keep=not dry_run)
        elif whole:
            run.at_once(sources, progress)
        else:
            run.batches(sources, progress)
    if strict and run.faults.count:
        report = run.report(sources, Written())
        return replace(report, notes=(*report.notes, "Nothing was imported: --strict takes all or nothing."))
    return run.report(sources, run.written)


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


class _People:
    """People by name, and in how many articles they are met; an article's records follow each other."""

    def __init__(self) -> None:
        self._articles: Counter[str] = Counter()
        self._latest: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._articles)

    def __str__(self) -> str:
        return ", ".join(f"{name} ({counted(n, 'article')})" for name, n in sorted(self._articles.items()))

    def add(self, name: str, article_id: int) -> None:
        if self._latest.get(name) != article_id:
            self._articles[name] += 1
            self._latest[name] = article_id


class _Import:
    """One import under way."""

    def __init__(
        self, project: Project, choices: Choices, mapping: LabelMapping, faults: Faults, *, dry_run: bool
    ) -> None:
        self._project = project
        self._choices = choices
        self._mapping = mapping
        self._dry_run = dry_run
        self._first = FirstRecords()
        self._remarks: Counter[tuple[str, str]] = Counter()
        self._people, self._settlers = _People(), _People()  # whose labels, and whose gold
        self._renamed: set[str] = set()
        self._notes_left = 0
        self._rejected_left = 0
        self._labels = LabelWriter(project)
        self._adds_labels = ""  # who
        self.faults = faults
        self.written = Written()

    @contextmanager
    def labels_kept(self) -> Iterator[None]:
        """Afterwards the project knows its labels, also when a transaction that added some was undone."""
        try:
            yield
        finally:
            if self._adds_labels:
                self._project.reload_labels()

    def batches(self, sources: Sequence[Found], progress: Progress | None) -> None:
        for items in self._read(sources, progress):
            with self._project.writing():
                self._write(items)

    def at_once(self, sources: Sequence[Found], progress: Progress | None) -> None:
        """One transaction with what is good."""
        with self._project.writing():
            for items in self._read(sources, progress):
                self._write(items)

    def foresee(self, sources: Sequence[Found], progress: Progress | None) -> None:
        """Counts what would come in, and leaves the file to its writer."""
        seen: set[int] = set()
        for items in self._read(sources, progress):
            self.written.add(foreseen(self._project.db, items, seen))

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

    def report(self, sources: Sequence[Found], written: Written) -> ImportReport:
        return ImportReport(
            len(sources),
            written.articles,
            written.known,
            written.suggestions,
            written.labels,
            tuple(self.faults.listed),
            self.faults.count - len(self.faults.listed),
            self._notes(written),
            self._dry_run,
            tuple((source.name, format_.name) for source, format_ in sources),
            self._mapping.rows(),
            tuple(self._first.records),
        )

    def _notes(self, written: Written) -> tuple[str, ...]:
        """What a person should know though it came in, a sentence each."""
        notes = self._remarked()
        if len(self._people) > 1:
            notes.append(f"Labels of {len(self._people)} annotators: {self._people}.")
        if len(self._settlers):
            notes.append(f"What files call settled is gold and nobody's labels: {self._settlers}.")
        if self._renamed:
            names = ", ".join(sorted(self._renamed))
            notes.append(
                f"What the files say is of {names} came in as {self._choices.annotator}'s, as was said."
            )
        if written.in_zones:
            notes.append(f"{counted(written.in_zones, 'suggestion')} in zones left out.")
        notes += [
            f"No file has a label {theirs}, which was to become {ours or 'nothing'}."
            for theirs, ours in self._mapping.unseen()
        ]
        if written.zones_kept:
            notes.append(
                f"Zones of {counted(written.zones_kept, 'article')} that were here already stay as they are."
            )
        if written.facts_kept:
            notes.append(
                f"{counted(written.facts_kept, 'article')} here already came with another title or other "
                "facts: what was here stays."
            )
        if self._notes_left:
            notes.append(
                f"{counted(self._notes_left, 'note')} left out, as suggestions have none: name the annotator "
                "to keep them with labels."
            )
        if self._rejected_left:
            notes.append(
                f"{counted(self._rejected_left, 'rejected suggestion')} left out, as nobody is named who "
                "rejected them."
            )
        return tuple(notes)

    def _remarked(self) -> list[str]:
        """The remarks on files, one that several files share once."""
        files: dict[str, list[tuple[str, int]]] = {}
        for (file, remark), count in sorted(self._remarks.items()):
            files.setdefault(remark, []).append((file, count))
        notes = []
        for remark, of in files.items():
            records = counted(sum(count for _, count in of), "record")
            if len(of) > 1:
                records += f" in {len(of):,} files, the first {of[0][0]}"
                notes.append(f"{remark[:1].upper()}{remark[1:]} ({records}).")
            else:
                notes.append(f"{of[0][0]}: {remark} ({records}).")
        return notes

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
        name = source.source.name
        choices = self._choices
        options = _known(choices.options, source.format)
        told = Reading(self._mapping.labelset, choices.unit, options, self._text_of)
        try:
            for piece in source.format.read(source.source, told):
                self.faults.add(piece.faults)
                for remark in piece.remarks:
                    self._remarks[name, remark] += 1
                yield piece, self._item(piece, source)
        except OSError as error:
            self.faults.add([unreadable(name, error)])
        except FormatError as error:
            self.faults.add([Fault(name, None, str(error).rstrip("."), "look at the file")])

    def _text_of(self, sha256: str) -> str | None:
        row = self._project.db.execute(
            "SELECT text FROM article WHERE sha256=?", (bytes.fromhex(sha256),)
        ).fetchone()
        return row[0] if row else None

    def _item(self, piece: Piece, source: _Reading) -> Item | None:
        """None for a piece that stays out."""
        if piece.record is None:
            return None
        if not source.format.carries_marks:
            return self._shown(Item(piece.record), source)
        try:
            record = self._mapping.applied(piece.record)
        except RecordError as error:
            self.faults.add(faulty(piece.read, source.source, piece.line, error, at=piece.at).faults)
            return None
        name = self._whose(piece, record.annotator)
        as_ = self._as(piece, name)
        if as_ is None:
            return self._shown(Item(replace(record, marks=[], origins={}, rejected=[])), source)
        if as_ is As.SUGGESTIONS:
            self._notes_left += sum(origin.note is not None for origin in record.origins.values())
            self._rejected_left += len(record.rejected)
            run = Run.of(*record.run) if record.run else source.run() if record.marks else None
            return self._shown(Item(record, run), source)
        if name is None:
            what = f"the record does not say whose {as_.value} these are"
            self.faults.add([Fault(source.source.name, piece.line, what, "name the annotator", piece.at)])
            return None
        item = Item(record, source.run() if _lacks_run(record) else None, name.strip(), as_ is As.GOLD)
        if not item.gold or piece.gold:
            (self._settlers if item.gold else self._people).add(name.strip(), record.article.id)
        return self._shown(item, source)

    def _whose(self, piece: Piece, named: str | None) -> str | None:
        """Whose marks they are: who was named for all, but where a record holds those of several."""
        said = self._choices.annotator
        if said is None or (piece.several and named is not None):
            return named
        if named is not None and named != said:
            self._renamed.add(named)
        return said

    def _as(self, piece: Piece, name: str | None) -> As | None:
        """What the marks of a piece come in as; None for marks that stay out."""
        if piece.maker is Maker.MODEL and self._choices.models is not Models.LABELS:
            return As.SUGGESTIONS if self._choices.models is Models.SUGGESTIONS else None
        if piece.gold and (self._choices.as_ is None or (self._choices.as_ is As.LABELS and piece.several)):
            return As.GOLD  # where nobody is named, whose it is will be asked
        if self._choices.as_ is not None or name is None:
            return self._choices.as_ or As.SUGGESTIONS
        return As.LABELS

    def _shown(self, item: Item, source: _Reading) -> Item:
        """The item, noted if it is one of the first of a dry run."""
        if self._dry_run and self._first.wanted:
            as_ = As.GOLD if item.gold else As.LABELS if item.owner else As.SUGGESTIONS
            whose = item.owner or (item.run.pipeline if item.run else "")
            shown = FirstRecord.of(source.source.name, item.record, as_.value, whose)
            self._first.records.append(shown)
        return item

    def _write(self, items: list[Item]) -> None:
        if self._mapping.grown:
            self._adds_labels = self._who(items)
            self._mapping.stored(grow_label_set(self._project, self._mapping.labelset, self._adds_labels))
        batch = write_articles(self._project.db, items)
        write_suggestions(self._project.db, batch)
        self._labels.write(batch)
        self.written.add(batch.written)

    def _who(self, items: list[Item]) -> str:
        """Who adds labels: who is named, or works in the project, or sits here."""
        owners = (item.owner for item in items if item.owner)
        names = [self._choices.annotator, *owners, *self._project.annotators()]
        return next(filter(None, names), None) or getpass.getuser()


def _check_options(options: Mapping[str, str], sources: Sequence[Found]) -> None:
    """Raises FormatError for an option that none of the formats has, or a value that one cannot take."""
    formats = {format_.name: format_ for _, format_ in sources}.values()
    for format_ in formats:
        check_options(format_.name, format_.reading_options, _known(options, format_))
    for name in options if formats else ():
        if not any(name in _known(options, format_) for format_ in formats):
            has = ", ".join(option.name for format_ in formats for option in format_.reading_options)
            raise FormatError(f"No file's format has an option {name!r}; there are: {has or 'none'}.")


def _check_unit(unit: OffsetUnit | None, sources: Sequence[Found]) -> None:
    """Raises FormatError for offsets of files that have none."""
    if unit is not None and sources and not any(format_.carries_marks for _, format_ in sources):
        names = ", ".join(dict.fromkeys(format_.title for _, format_ in sources))
        raise FormatError(
            f"--offsets says how marks are counted, and there are none in {names}: leave it out."
        )


def _known(options: Mapping[str, str], format_: Format) -> dict[str, str]:
    """The options that a format has."""
    names = {option.name for option in format_.reading_options}
    return {name: value for name, value in options.items() if name in names}


def _lacks_run(record: Record) -> bool:
    """Whether the record answers suggestions without saying whose."""
    answers = [*record.origins.values(), *(origin for _, origin in record.rejected)]
    return any(origin.run is None and origin.source is not MarkSource.ADDED for origin in answers)
