"""What an import did or would do: counts, faults, what became of labels, the first records."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from annotator.domain.codec.records import Record
from annotator.domain.frozen import frozen
from annotator.formats.contract import Fault
from annotator.services.label_mapping import LabelRow
from annotator.services.wording import counted

_MOST_FAULTS = 1_000  # listed; the rest is counted
_FIRST = 5  # records that are shown as they will look
_FIRST_MARKS = 8  # of each
_LONGEST = 200  # code points of a text that is shown
BEGINNING = 900  # code points of an article that a dialog draws with its marks
_DRAWN = 80  # marks of it


@frozen
class FirstRecord:
    """A record as it will look: its article, what its marks come in as and whose, the first of them.

    `text` is the beginning of the article's. `marks` are label, start, end (code points) and covered text;
    `more` marks are not shown. `beginning` is as much of the text as is drawn, with the marks that end in it
    as kind ("entity" or "stance"), label, start and end.
    """

    file: str
    title: str
    text: str
    as_: str
    whose: str
    marks: tuple[tuple[str, int, int, str], ...]
    more: int
    beginning: str = ""
    drawn: tuple[tuple[str, str, int, int], ...] = ()

    @classmethod
    def of(cls, file: str, record: Record, as_: str, whose: str) -> "FirstRecord":
        text = record.article.text
        marks = [
            (label, start, end, text[start:end][:_LONGEST])
            for _, label, start, end, *_ in record.marks[:_FIRST_MARKS]
        ]
        more = max(len(record.marks) - _FIRST_MARKS, 0)
        drawn = tuple(row[:4] for row in record.marks if row[3] <= BEGINNING)[:_DRAWN]
        return cls(
            file,
            record.article.title,
            text[:_LONGEST],
            as_,
            whose,
            tuple(marks),
            more,
            text[:BEGINNING],
            drawn,
        )

    def to_dict(self) -> dict[str, object]:
        """As `--json` prints it."""
        return {
            "file": self.file,
            "title": self.title,
            "text": self.text,
            "as": self.as_,
            "whose": self.whose,
            "marks": [
                {"label": label, "start": start, "end": end, "text": text}
                for label, start, end, text in self.marks
            ],
            "more": self.more,
        }

    def lines(self) -> list[str]:
        """For people."""
        whose = f" of {self.whose}" if self.whose else ""
        said = [f"  {self.title}: {counted(len(self.marks) + self.more, 'mark')} as {self.as_}{whose}"]
        said += [
            f"    {label} {start}-{end} “{' '.join(text.split())}”" for label, start, end, text in self.marks
        ]
        return [*said, f"    and {self.more:,} more"] if self.more else said


@frozen
class ImportReport:
    """What came in. `articles` are new ones; `duplicates` are records whose text was there already.

    `formats` is the name of each file's format. `labels` say what became of the labels in the files: all of
    them in a dry run, else those that did not stay the same. `first` are there in a dry run only.
    """

    files: int
    articles: int
    duplicates: int
    suggestions: int
    labels: int
    faults: tuple[Fault, ...] = ()
    more_faults: int = 0
    notes: tuple[str, ...] = ()
    dry_run: bool = False
    formats: tuple[tuple[str, str], ...] = ()
    mapping: tuple[LabelRow, ...] = ()
    first: tuple[FirstRecord, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """As `--json` prints it."""
        return {
            "files": self.files,
            "articles": self.articles,
            "duplicates": self.duplicates,
            "suggestions": self.suggestions,
            "labels": self.labels,
            "dry_run": self.dry_run,
            "formats": dict(self.formats),
            "mapping": [row.to_dict() for row in self.mapping],
            "first": [record.to_dict() for record in self.first],
            "faults": [fault.to_dict() for fault in self.faults],
            "more_faults": self.more_faults,
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """For people; the faults are told apart."""
        would = "Would import" if self.dry_run else "Imported"
        said = f"{would} {counted(self.articles, 'article')} from {counted(self.files, 'file')}"
        if self.dry_run and self.formats:
            said += f" ({', '.join(dict.fromkeys(name for _, name in self.formats))})"
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
        lines += [f"The {row}." for row in self.mapping]
        lines += list(self.notes)
        if self.first:
            lines.append("The first records:")
            lines += [line for record in self.first for line in record.lines()]
        return lines


@dataclass(slots=True)
class Faults:
    """The first faults, and how many there are."""

    listed: list[Fault]
    count: int = 0

    def __post_init__(self) -> None:
        self.count = len(self.listed)

    def add(self, faults: Sequence[Fault]) -> None:
        self.count += len(faults)
        self.listed += faults[: _MOST_FAULTS - len(self.listed)]


@dataclass(slots=True)
class FirstRecords:
    """Gathers the first records of a dry run."""

    records: list[FirstRecord] = field(default_factory=list)

    @property
    def wanted(self) -> bool:
        return len(self.records) < _FIRST
