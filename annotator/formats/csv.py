"""Tables of articles, CSV or TSV: a row an article, a column each for its text and for what is known of it.

What stands in a quoted cell is kept character for character, with its line ends.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from annotator.domain.articles import Article
from annotator.domain.codec.problems import Problem, RecordError, check_text
from annotator.domain.codec.records import Record
from annotator.domain.frozen import frozen
from annotator.formats.contract import Format, Option, Piece, Reading, faulty
from annotator.formats.record_size import MOST_VALUES
from annotator.formats.sources import Source
from annotator.formats.text import decode

_LONGEST = 16 * 2**20  # code points of a row, which pass through the memory some ten times
_BLOCK = 2**20  # bytes
_SEEN = 64 * 1024  # code points of the beginning by which columns are found
_ROWS = 200  # of them
_GIVE_UP = 100  # bad rows at the beginning of a file that is something else
_LISTED = 20  # columns that a person is shown
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
# What columns are called, in small letters and without what is no letter; the likeliest first.
_NAMES: Mapping[str, Sequence[str]] = {
    "text": (
        *("text", "articletext", "fulltext", "maintext", "body", "articlebody", "bodytext", "content"),
        *("articlecontent", "article", "story", "document", "volltext", "inhalt", "texte", "texto", "testo"),
        *("текст",),
    ),
    "title": (
        "title",
        "headline",
        "heading",
        "articletitle",
        "titel",
        "titre",
        "titulo",
        "titolo",
        "заголовок",
    ),
    "date": (
        *(
            "date",
            "published",
            "publishdate",
            "publisheddate",
            "publishedat",
            "publicationdate",
            "datepublished",
        ),
        *("pubdate", "datepublish", "datum", "fecha", "data", "дата"),
    ),
    "source": (
        *("source", "sourcename", "publisher", "publication", "newspaper", "outlet", "medium", "sitename"),
        *("sourcedomain", "site", "quelle", "fuente", "fonte", "источник"),
    ),
    "url": ("url", "link", "href", "permalink", "articleurl", "sourceurl", "webaddress"),
    "lang": ("lang", "language", "sprache", "langue", "idioma", "lingua", "язык"),
}


class Csv(Format):
    name = "csv"
    title = "Table of articles (CSV, TSV)"
    suffixes = (".csv", ".tsv", ".tab")
    writes = False
    carries_marks = False
    reading_options = (
        *(
            Option(name, f"the column of the {what}: its name, or its number from 1", usual="found out")
            for name, what in (
                *(("text", "text"), ("title", "title"), ("date", "day of publication")),
                *(("source", "newspaper or site"), ("url", "address"), ("lang", "language")),
            )
        ),
        Option(
            "delimiter", "what stands between cells; found out unless said", tuple(_DELIMITERS), "found out"
        ),
        Option("header", "whether the first row names the columns", ("yes", "no")),
    )

    def sniff(self, source: Source, head: bytes) -> int:
        sure = super().sniff(source, head)
        if not sure:
            return 0
        header = head.decode("utf-8-sig", "replace").splitlines()[:1] or [""]
        names = {_plain(cell) for mark in _DELIMITERS.values() for cell in header[0].split(mark)}
        return 70 if names.intersection(_NAMES["text"]) else sure

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        csv.field_size_limit(_LONGEST)  # of the whole process, which reads no other tables
        try:
            table = _Table.of(source, reading.options)
        except RecordError as error:
            yield faulty(source.size, source, None, error)
            return
        with (
            source.open() as file,
            io.TextIOWrapper(file, table.encoding, "surrogateescape", newline="") as stream,
        ):
            yield from _Rows(source, table, stream).pieces()


@frozen
class _Table:
    """How a table is written and where its columns are; `guessed` of an encoding that nothing says."""

    encoding: str
    guessed: bool
    delimiter: str
    header: Sequence[str] | None
    width: int
    columns: Mapping[str, int]

    @classmethod
    def of(cls, source: Source, options: Mapping[str, str]) -> "_Table":
        """Raises RecordError when that cannot be told, or no column is the text's."""
        encoding, guessed = _encoding(source)
        head = _beginning(source, encoding)
        delimiter = _DELIMITERS.get(options.get("delimiter", "")) or _delimiter(head, source.suffix)
        first = next(_parsed(head, delimiter), [])
        if not any(cell.strip() for cell in first):
            raise RecordError([Problem("the table is empty", "leave it out")])
        named = options.get("header") != "no"
        columns = _columns(first if named else [""] * len(first), options)
        return cls(encoding, guessed, delimiter, first if named else None, len(first), columns)

    def record(self, row: Sequence[str]) -> Record:
        """Raises RecordError for a row that is no article."""
        if len(row) != self.width:
            what = f"the row has {len(row)} cells, not {self.width} as the first one"
            raise RecordError([Problem(what, "put cells that hold the delimiter or line ends in quotes")])
        _check_decoded(row, self.encoding)
        facts = {name: " ".join(row[at].split()) or None for name, at in self.columns.items()}
        published = facts.pop("date", None)
        del facts["text"]
        names = self.header or [f"column {n}" for n in range(1, self.width + 1)]
        taken = set(self.columns.values())
        meta: dict[str, object] = {}
        for n, (name, cell) in enumerate(zip(names, row, strict=True), 1):
            if cell.strip() and n - 1 not in taken:
                meta[f"{name} ({n})" if name in meta else name.strip() or f"column {n}"] = cell
        return Record(
            Article.of(check_text(row[self.columns["text"]]), published=published, meta=meta, **facts)
        )


class _Rows:
    """Reads the rows of a table one by one."""

    def __init__(self, source: Source, table: _Table, stream: TextIO) -> None:
        self._source = source
        self._table = table
        self._stream = stream
        self._read = 0
        self._row = 0  # code points of it so far
        self._cells = 0  # at most

    def pieces(self) -> Iterator[Piece]:
        rows = csv.reader(self._bounded(), delimiter=self._table.delimiter, strict=True)
        guessed = f"not UTF-8: read as {self._table.encoding}; look whether its letters are right"
        told = (guessed,) if self._table.guessed else ()
        good = bad = 0
        first = self._table.header is not None
        while True:
            line = rows.line_num + 1
            self._row = self._cells = 0
            try:
                row = next(rows, None)
                if row is None:
                    return
                if not any(row):
                    continue
                if first:
                    first = False
                    continue
                yield Piece(self._read, line, self._table.record(row), remarks=told)
                good += 1
            except csv.Error as error:
                yield faulty(self._read, self._source, line, RecordError([_problem(error)]))
                first = False
                bad += 1
            except _Endless as error:
                yield faulty(self._read, self._source, line, error)
                return
            except RecordError as error:
                yield faulty(self._read, self._source, line, error)
                bad += 1
            if bad == _GIVE_UP and not good:
                what = f"the first {_GIVE_UP} rows are all wrong, and the rest was not read"
                yield faulty(
                    self._read, self._source, None, RecordError([Problem(what, "is it a table of articles?")])
                )
                return

    def _bounded(self) -> Iterator[str]:
        """Lines with their ends as they stand; _Endless at one with which a row is too long."""
        while True:
            try:
                line = self._stream.readline(_LONGEST + 1)
            except UnicodeDecodeError as error:
                what = f"what follows is not {self._table.encoding.upper()}, and was not read"
                raise _Endless([Problem(what, "save the file as UTF-8")]) from error
            if not line:
                return
            self._row += len(line)
            if self._row > _LONGEST:
                raise _endless(f"longer than {_LONGEST // 2**20} Mi characters")
            if self._row > MOST_VALUES:
                self._cells += line.count(self._table.delimiter)
                if self._cells > MOST_VALUES:
                    raise _endless(f"made of more than {MOST_VALUES:,} cells")
            self._read += len(line) if line.isascii() else len(line.encode("utf-8", "surrogateescape"))
            yield line


class _Endless(RecordError):
    """Reading cannot go on, as nobody knows where the next row begins."""


def _endless(what: str) -> _Endless:
    said = f"the row is {what}, as no article is, and the rest was not read"
    return _Endless([Problem(said, "close its quotes, and write one article a row")])


def _problem(error: csv.Error) -> Problem:
    return Problem(f"the quotes of the row are wrong ({error})", 'double quotes within a cell: ""')


def _check_decoded(row: Sequence[str], encoding: str) -> None:
    for n, cell in enumerate(row, 1):
        if "\0" in cell:
            raise RecordError([Problem(f"cell {n} holds a NUL character", "no text has one: remove it")])
        if not cell.isascii():
            bad = next((character for character in cell if "\udc80" <= character <= "\udcff"), None)
            if bad is not None:
                what = f"cell {n} holds the byte 0x{ord(bad) - 0xDC00:02X}, which is not {encoding.upper()}"
                raise RecordError([Problem(what, "save the file as UTF-8")])


def _encoding(source: Source) -> tuple[str, bool]:
    """The encoding of a file, and whether it was guessed; all of it is looked at, as one byte may tell."""
    with source.open() as file:
        block = file.read(_BLOCK)
        if block.startswith(codecs.BOM_UTF8):
            return "utf-8-sig", False
        if block.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return "utf-32", False
        if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16", False
        if b"\0" in block.partition(b"\n")[0]:
            what = "the file looks like UTF-16 without a mark, or is no text"
            raise RecordError([Problem(what, "save it as UTF-8")])
        decoder = codecs.getincrementaldecoder("utf-8")()
        while True:
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError:
                _, guessed = decode(block)
                return guessed or "utf-8", guessed is not None
            if not block:
                return "utf-8", False
            block = file.read(_BLOCK)


def _beginning(source: Source, encoding: str) -> str:
    """Whole lines of the beginning, if there is more than one."""
    head = source.head(_SEEN).decode(encoding, "replace")
    return head if len(head) < _SEEN // 4 else head[: head.rfind("\n") + 1] or head


def _parsed(head: str, delimiter: str) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        yield from (row for row in rows if any(row))
    except csv.Error:
        return


def _delimiter(head: str, suffix: str) -> str:
    """The one under which the first row names a text, and most rows are as long as it."""
    order = sorted(_DELIMITERS.values(), key=lambda mark: mark != "\t" if suffix != ".csv" else 0)

    def sureness(mark: str) -> tuple[bool, bool, float, int]:
        first, *rows = list(zip(_parsed(head, mark), range(_ROWS), strict=False)) or [([], 0)]
        header = first[0]
        alike = Counter(len(row) == len(header) for row, _ in rows[:-1] or rows)
        named = any(_plain(cell) in _NAMES["text"] for cell in header)
        return named, len(header) > 1, alike[True] / max(alike.total(), 1), len(header)

    return max(order, key=sureness)


def _columns(header: Sequence[str], options: Mapping[str, str]) -> dict[str, int]:
    """Where the columns are, counted from 0. Raises RecordError when one that is asked for is not there."""
    found = {name: _asked(header, options[name]) for name in _NAMES if options.get(name)}
    plain = [_plain(cell) for cell in header]
    for name, called in _NAMES.items():
        free = (plain.index(other) for other in called if other in plain)
        at = next((at for at in free if at not in found.values()), None)
        if name not in found and at is not None:
            found[name] = at
    if "text" not in found:
        what = f"no column is called text, body or article; {_listed(header)}"
        raise RecordError([Problem(what, "name the text's column: --option text=COLUMN")])
    return found


def _asked(header: Sequence[str], asked: str) -> int:
    """The column of that name, else of that number."""
    for names, name in (
        (list(header), asked),
        ([_plain(cell) for cell in header], _plain(asked)),
        ([str(n) for n in range(1, len(header) + 1)], asked.strip()),
    ):
        if name and name in names:
            return names.index(name)
    raise RecordError([Problem(f"there is no column {asked!r}; {_listed(header)}", "name one of these")])


def _listed(header: Sequence[str]) -> str:
    if not any(header):
        return f"there are {len(header)}, by number"
    more = ", ..." if len(header) > _LISTED else ""
    return f"there are {', '.join(repr(cell[:40]) for cell in header[:_LISTED])}{more}"


def _plain(cell: str) -> str:
    return "".join(character for character in cell.casefold() if character.isalpha())
