"""What every format gives: pieces read from a file, and lines written from records."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from annotator.domain.codec.problems import RecordError
from annotator.domain.codec.records import Record
from annotator.domain.labels import LabelSet


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a file that did not come in. `line` counts from 1; None when the whole file is meant."""

    file: str
    line: int | None
    what: str
    advice: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{where}: {self.what}; {self.advice}."

    def to_dict(self) -> dict[str, object]:
        return {"file": self.file, "line": self.line, "what": self.what, "advice": self.advice}


@dataclass(frozen=True, slots=True)
class Piece:
    """What one line, or one file, gave: a record, or the faults that kept it out.

    `read` is how many bytes of the file have been read so far, `line` as in Fault. `remarks` are what the
    person should know though it came in; equal ones are counted, so they name no line.
    """

    read: int
    line: int | None = None
    record: Record | None = None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()


def faulty(read: int, file: Path, line: int | None, error: RecordError) -> Piece:
    """The piece of a record that cannot come in."""
    return Piece(read, line, faults=tuple(Fault(str(file), line, *problem) for problem in error.problems))


@dataclass(frozen=True, slots=True)
class Loss:
    """What a format could not carry: how many, and of what."""

    count: int
    what: str


class Format(Protocol):
    """One format. A reader never raises for what a file holds: each fault is a piece, and reading goes on."""

    @property
    def name(self) -> str:
        """As the command line calls it."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Of files that are in this format, in small letters."""

    @property
    def carries_marks(self) -> bool:
        """Whether a record without marks says that there are none."""

    def read(self, path: Path, labelset: LabelSet) -> Iterator[Piece]:
        """The pieces of a file in order, a few at a time in memory; OSError when it cannot be read."""

    def writer(self, labelset: LabelSet) -> "Writer":
        """Raises FormatError when the format can only be read."""


class Writer(Protocol):
    """Writes records one by one."""

    @property
    def suffix(self) -> str | None:
        """Of the file that each record gets in a folder; None when all records go into one file."""

    def encode(self, record: Record) -> bytes:
        """The bytes of one record; they may be written after those of any other."""

    def losses(self) -> tuple[Loss, ...]:
        """What was not carried so far."""
