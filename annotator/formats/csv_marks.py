"""A table of all marks as CSV: a mark a row, the facts of its article beside it. Not read."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from annotator.domain.codec.records import Origin, Record, parts_of
from annotator.domain.errors import FormatError
from annotator.formats.carrying import Feature, proof_of
from annotator.formats.contract import Format, Option, Reading, Writing
from annotator.formats.row_writer import RowWriter
from annotator.formats.sources import Source
from annotator.formats.targets import Target

Row = tuple[str, ...]

_FACTS = ("article", "title", "source", "url", "published", "lang", "annotator", "status")
_MARK = ("kind", "label", "start", "end", "text", "name", "score", "note")
_PARTS = tuple(f"{role}_{what}" for role in ("holder", "target") for what in ("start", "end", "text", "name"))
COLUMNS: Row = (*_FACTS, *_MARK, *_PARTS)
_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
SEPARATOR = Option("separator", "what stands between columns", tuple(_SEPARATORS))


class CsvMarks(Format):
    name = "csv-marks"
    title = "CSV of marks"
    suffixes = (".csv",)
    reads = False
    carries = frozenset(
        {
            *(Feature.TITLE, Feature.FACTS, Feature.ANNOTATOR, Feature.STATUS),
            *(Feature.ENTITIES, Feature.NESTED, Feature.OVERLAPPING, Feature.STACKED, Feature.BORDERS),
            *(Feature.STANCES, Feature.PARTS, Feature.NAMES, Feature.NOTES, Feature.SCORES),
        }
    )
    writing_options = (SEPARATOR,)

    def writer(self, target: Target, writing: Writing) -> "CsvMarksWriter":
        return CsvMarksWriter(self.carries, target, writing, COLUMNS)

    def proofs(self, source: Source, reading: Reading) -> Iterator[int]:
        return table_proofs(source, reading, COLUMNS)


class TableWriter(RowWriter):
    """Rows of a CSV in UTF-8 under a line of the columns' names."""

    def __init__(self, carries: Iterable[Feature], target: Target, writing: Writing, columns: Row) -> None:
        super().__init__(carries)
        self._stream = target.stream
        self._lines = io.StringIO(newline="")
        self._csv = csv.writer(self._lines, delimiter=_separator(writing.options), lineterminator="\r\n")
        self.put_row(columns)

    def put_row(self, row: Row) -> None:
        self._csv.writerow(row)
        self._stream.write(self._lines.getvalue().encode())
        self._lines.seek(0)
        self._lines.truncate()


class CsvMarksWriter(TableWriter):
    """A row for each mark."""

    def rows(self, carried: Record, record: Record) -> Iterator[Row]:
        article, text = carried.article, carried.article.text
        status = carried.status.value if carried.status else None
        facts = (article.sha256.hex(), article.title, article.source, article.url, article.published)
        who = (article.lang, carried.annotator, status)
        for n, row in enumerate(carried.marks):
            kind, label, start, end, score, name = row[:6]
            note = carried.origins.get(n, Origin(None)).note
            mark = (kind, label, start, end, text[start:end], name, score, note)
            cells = [*facts, *who, *mark]
            for begin, behind, named in parts_of(row):
                covered = text[begin:behind] if begin is not None else None
                cells += [begin, behind, covered, named]
            yield tuple("" if cell is None else str(cell) for cell in cells)


def table_proofs(source: Source, reading: Reading, columns: Row) -> Iterator[int]:
    """Of the rows below the columns' names; FormatError when these are others."""
    with source.open() as stream, io.TextIOWrapper(stream, encoding="utf-8", newline="") as lines:
        csv.field_size_limit(2**31 - 1)
        rows = csv.reader(lines, delimiter=_separator(reading.options))
        if tuple(next(rows, ())) != columns:
            raise FormatError(f"{source.name} has other columns than it should.")
        for row in rows:
            yield proof_of(tuple(row))


def _separator(options: Mapping[str, str]) -> str:
    return _SEPARATORS[options.get("separator", "comma")]
