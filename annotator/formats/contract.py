"""What every format gives: pieces read from a source, and a writer of records.

A format is a class with the attributes of Format, named in the registry or by an entry point of the group
`annotator.formats`. Readers never raise for what a file holds; writers say what the format does not carry.
"""

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from types import ModuleType
from typing import ClassVar

from annotator.domain.codec.problems import RecordError
from annotator.domain.codec.records import MarkRow, Record
from annotator.domain.errors import FormatError
from annotator.domain.frozen import frozen
from annotator.domain.labels import LabelSet
from annotator.formats.carrying import Carrier, Feature, Loss, proof_of
from annotator.formats.offset_units import OffsetUnit
from annotator.formats.sources import Source
from annotator.formats.targets import Target


@frozen
class Fault:
    """Something in a file that did not come in.

    `line` counts from 1; None when the whole file is meant, or a place of another kind, which `at` names as
    the format does ("[3].annotations[0]", "T12", "page 2").
    """

    file: str
    line: int | None
    what: str
    advice: str
    at: str = ""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{', '.join(filter(None, (where, self.at)))}: {self.what}; {self.advice}."

    def to_dict(self) -> dict[str, object]:
        return {
            "file": self.file,
            "line": self.line,
            "at": self.at,
            "what": self.what,
            "advice": self.advice,
        }


class Maker(StrEnum):
    """Who made the marks of a record, as far as the format knows."""

    PERSON = "person"
    MODEL = "model"
    UNKNOWN = "unknown"


@frozen
class Piece:
    """What one line, one file or one document gave: a record, or the faults that kept it out.

    `read` is how many bytes of the source have been read so far, `line` and `at` as in Fault. `remarks` are
    what the person should know though it came in; equal ones are counted, so they name no place.

    An article that several people and models have marked is several pieces, one for each. Marks may carry
    labels that the label set lacks: whoever reads the pieces maps, adds or refuses them. `gold` is set for
    marks that the file says are the settled ones, which are nobody's labels; `several` for those of one
    person beside those of others in the same record: no name that is given for the whole file may make them
    one person's.
    """

    read: int
    line: int | None = None
    record: Record | None = None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()
    maker: Maker = Maker.UNKNOWN
    gold: bool = False
    several: bool = False
    at: str = ""


def faulty(read: int, source: Source, line: int | None, error: RecordError, *, at: str = "") -> Piece:
    """The piece of a record that cannot come in."""
    faults = tuple(Fault(source.name, line, *problem, at) for problem in error.problems)
    return Piece(read, line, faults=faults, at=at)


@frozen
class Option:
    """Something a person may say about a file of a format: `--option NAME=VALUE`. No choices: any text.

    `usual` says what holds when nothing is said; where it is empty, the first of the choices does.
    """

    name: str
    help: str
    choices: tuple[str, ...] = ()
    usual: str = ""


@frozen
class Reading:
    """What a reader is told: the project's labels, and what a person said of the file.

    `unit` is None when nobody said how offsets are counted. `text_of` gives the project's text of a sha256
    (hex), None if it has none, for files that leave texts out.
    """

    labelset: LabelSet
    unit: OffsetUnit | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    text_of: Callable[[str], str | None] = lambda sha256: None


@frozen
class Writing:
    """What a writer is told; `with_text` is False only for formats that can stand off."""

    labelset: LabelSet
    options: Mapping[str, str] = field(default_factory=dict)
    with_text: bool = True


class Layout(StrEnum):
    """One file, with others beside it if need be; or a folder of files."""

    FILE = "file"
    FOLDER = "folder"


class Writer(ABC):
    """Writes records one after the other into a target, and knows what of them the format will give back.

    `part` names the part of a split that the next record is in, for formats that hold all of them.
    """

    part: str = ""

    def __init__(self, carries: Iterable[Feature]) -> None:
        self._carrier = Carrier(frozenset(carries))

    def write(self, record: Record) -> Iterable[int]:
        """Writes a record; the proofs of it that reading back must give, as `Format.proofs` does."""
        carried = self.carried(record)
        if not carried.marks and Feature.UNMARKED in self._carrier.lacks:
            self.note(Feature.UNMARKED, record)
            return ()
        return (proof_of(self.put(carried)),)

    def carried(self, record: Record) -> Record:
        """The record less what the format lacks, which is noted."""
        return self._carrier.carried(record)

    def note(
        self,
        feature: Feature,
        record: Record,
        row: MarkRow | None = None,
        *,
        count: int = 1,
        changed: bool = False,
    ) -> None:
        """Counts what of a record is left out or `changed`; `row` is the mark as it was."""
        self._carrier.losses.note(feature, record, row, count=count, changed=changed)

    @abstractmethod
    def put(self, record: Record) -> Record:
        """Writes what the format carries of a record; the record as it will be read back.

        That is the same one unless the format changed it further, each change noted with `note`.
        """

    def close(self) -> Iterable[int]:
        """Writes what comes last, once after all records; proofs of that."""
        return ()

    def losses(self) -> tuple[Loss, ...]:
        """What was not carried so far."""
        return self._carrier.losses.told()


class Format(ABC):
    """One format."""

    name: ClassVar[str]  # as the command line calls it
    title: ClassVar[str]  # as people do
    suffixes: ClassVar[tuple[str, ...]] = ()  # of its files, in small letters
    usual_suffix: ClassVar[str] = ""  # of its files, where so many formats have it that it tells nothing
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    reads_folders: ClassVar[bool] = False  # whether `read` may get a folder that `sniff` has claimed
    carries_marks: ClassVar[bool] = True  # whether a record without marks says that there are none
    says_unfinished: ClassVar[bool] = False  # whether its readers pass over what nobody has finished
    carries: ClassVar[frozenset[Feature]] = frozenset()  # of what is written
    layout: ClassVar[Layout] = Layout.FILE
    splits: ClassVar[bool] = False  # whether one file or folder holds all parts of a split
    stand_off: ClassVar[bool] = False  # whether it can be written without the texts
    extra: ClassVar[str] = ""  # of this package, where the format needs one: annotator[extra]
    reading_options: ClassVar[tuple[Option, ...]] = ()
    writing_options: ClassVar[tuple[Option, ...]] = ()

    def sniff(self, source: Source, head: bytes) -> int:
        """How sure it is that a source is in this format, 0 to 100; `head` is its beginning, b"" of a folder.

        By its name alone it is 50 sure. What the content settles is 90; a fallback is 1.
        """
        return 50 if source.suffix in self.suffixes else 0

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        """The pieces of a source in order, a few at a time in memory; each fault is a piece.

        Raises OSError when it cannot be read and FormatError when reading cannot go on at all.
        """
        raise FormatError(f"{self.title} can only be written.")

    def writer(self, target: Target, writing: Writing) -> Writer:
        """Raises FormatError when the format can only be read, or an option makes no sense."""
        raise FormatError(f"{self.title} can only be read.")

    def proofs(self, source: Source, reading: Reading) -> Iterator[int]:
        """What reads back from a written file or folder; FormatError when it cannot be read.

        A format that is only written gives proofs of its rows, as its writer does.
        """
        for piece in self.read(source, reading):
            for fault in piece.faults:
                raise FormatError(str(fault))
            if piece.record is not None:
                yield proof_of(piece.record)


def check_options(name: str, known: Iterable[Option], given: Mapping[str, str]) -> None:
    """Raises FormatError for an option that a format does not have, or a value that is no choice of it."""
    options = {option.name: option for option in known}
    for key, value in given.items():
        if key not in options:
            has = f"it has {', '.join(options)}" if options else "it has none"
            raise FormatError(f"The format {name} has no option {key!r} here; {has}.")
        choices = options[key].choices
        if choices and value not in choices:
            raise FormatError(f"{key} cannot be {value!r}; use one of {', '.join(choices)}.")


def needed(module: str, package: str, extra: str) -> ModuleType:
    """A module that only some formats need; FormatError that says how to install it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise FormatError(
            f"This format needs {package}, which is not installed: pip install 'annotator[{extra}]'."
        ) from error
