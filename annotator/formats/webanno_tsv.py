"""WebAnno TSV 3.3, which INCEpTION reads and writes: a file an article, a token a row, a feature a column.

A line of the text is a sentence, as the format keeps line ends but no other text between sentences. Marks
that begin or end inside a token have rows of their own (1-2.1). Every annotation carries its number ([7]), so
that nothing is left to the reader's guesses. TypeSystem.xml is what INCEpTION makes the layers from.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from annotator.domain.articles import Article
from annotator.domain.codec.problems import RecordError
from annotator.domain.codec.records import MarkRow, Record
from annotator.formats import layers
from annotator.formats.carrying import Feature, proof_of
from annotator.formats.contract import Format, Layout, Piece, Reading, Writer, Writing, faulty
from annotator.formats.foreign import ForeignReader, RawRecord
from annotator.formats.layers import Annotation, Layers
from annotator.formats.offset_units import OffsetUnit, from_code_points
from annotator.formats.sources import Source
from annotator.formats.targets import FileNames, Target
from annotator.formats.webanno_rows import (
    ANY,
    HEADER,
    NO_VALUE,
    NOTHING,
    Document,
    TsvError,
    escape_text,
    escape_value,
)

_LONGEST = 16 * 2**20  # bytes of a file: an article of half a million words
_ASTRAL = re.compile(rb"[\xf0-\xf4]")  # the first byte of a character that is two UTF-16 units
# A word with its marks and inner points, a flag, or any other character with what joins it.
_TOKEN = r"\w[\w\p{M}\p{Cf}]*(?:['’.\-]\w[\w\p{M}\p{Cf}]*)*|\p{RI}{2}|\S(?:[\p{M}\p{Cf}]|(?<=\u200d)\S)*"
_LAYERS = (layers.ENTITY, layers.PHRASE, layers.REMARK, layers.STANCE)
_CODE_POINTS = "offsets count code points, not UTF-16 units as the format has it; they were taken so"

Word = tuple[int, int]  # code points [start, end) of a text
Unit = tuple[int, int, int]  # index of a token; the code points of it, or of the part of it, that are meant


class WebAnnoTsv(Format):
    name = "webanno-tsv"
    title = "WebAnno TSV 3.3 (INCEpTION)"
    suffixes = (".tsv",)
    layout = Layout.FOLDER
    carries = frozenset(
        {
            *(Feature.ENTITIES, Feature.NESTED, Feature.OVERLAPPING, Feature.STACKED, Feature.STANCES),
            *(Feature.PARTS, Feature.NAMES, Feature.NOTES, Feature.SCORES, Feature.UNMARKED),
        }
    )

    def sniff(self, source: Source, head: bytes) -> int:
        return 90 if head.removeprefix(b"\xef\xbb\xbf").startswith(HEADER.encode()) else 0

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        data = source.read(_LONGEST)
        polarities = {label.name for label in reading.labelset.polarities}
        try:
            document = _document(data, reading.unit)
            marks, remarks = Layers(document.annotations, document.arcs(), polarities).marks()
        except RecordError as error:
            yield faulty(len(data), source, error.line if isinstance(error, TsvError) else None, error)
            return
        if document.has_chains and layers.OTHERS not in remarks:
            remarks.append(layers.OTHERS)
        if document.unit is not (reading.unit or OffsetUnit.UTF16):
            remarks.append(_CODE_POINTS)
        foreign = ForeignReader(source, replace(reading, unit=document.unit), [document.unit])
        yield foreign.piece(RawRecord(document.text, marks, remarks=remarks), len(data))

    def writer(self, target: Target, writing: Writing) -> "WebAnnoTsvWriter":
        return WebAnnoTsvWriter(target)


class WebAnnoTsvWriter(Writer):
    """A file an article, and beside them the types of the layers."""

    def __init__(self, target: Target) -> None:
        super().__init__(WebAnnoTsv.carries)
        self._target = target
        self._names = FileNames()

    def write(self, record: Record) -> Iterable[int]:
        if not _words(record.article.text):
            self.note(Feature.TEXT, record)
            return ()
        return (proof_of(self.put(self.carried(record))),)

    def put(self, record: Record) -> Record:
        text = record.article.text
        begin = _words(text)[0][0]
        blank = " " * begin + text[begin:]
        if blank != text:
            self.note(Feature.TEXT, record, changed=True)
        words = _words(blank)
        written = replace(self._within_words(record, words), article=Article.of(blank))
        with self._target.file(f"{self._names.of(record)}.tsv") as file:
            file.write("".join(_lines(written, words)).encode())
        return written

    def close(self) -> Iterable[int]:
        with self._target.file("TypeSystem.xml") as file:
            file.write(layers.type_system().encode())
        return ()

    def _within_words(self, record: Record, words: Sequence[Word]) -> Record:
        """The record with marks that begin and end in words: white space is no row, so it is cut off them.

        What is white space alone is left out, and so is what becomes the same as another mark.
        """
        shorter = [_shorter(row, words) for row in record.marks]
        taken = {_place(row) for row, new in zip(record.marks, shorter, strict=True) if row == new}
        marks: list[MarkRow] = []
        origins = {}
        for n, (row, new) in enumerate(zip(record.marks, shorter, strict=True)):
            if new != row:
                gone = new is None or _place(new) in taken
                self.note(Feature.BORDERS, record, row, changed=not gone)
                if gone or new is None:
                    continue
                taken.add(_place(new))
            if n in record.origins:
                origins[len(marks)] = record.origins[n]
            marks.append(new)
        return replace(record, marks=marks, origins=origins)


def _document(data: bytes, unit: OffsetUnit | None) -> Document:
    """The document in the unit that was stated, else in UTF-16 units, else in code points; TsvError."""
    try:
        return Document.of(data, unit or OffsetUnit.UTF16)
    except TsvError as error:
        if unit is not None or not _ASTRAL.search(data):
            raise
        first = error.with_traceback(None)  # it holds all that was read
    try:
        return Document.of(data, OffsetUnit.CODE_POINTS)
    except TsvError:
        raise first from None


def _words(text: str) -> list[Word]:
    """The tokens of a text: every character that is no white space is in one."""
    import regex  # slow to import, and few files are written so

    return [match.span() for match in regex.finditer(_TOKEN, text)]


def _shorter(row: MarkRow, words: Sequence[Word]) -> MarkRow | None:
    """A mark without white space at the ends of its spans; a part that is nothing else goes."""
    span = _cut(row[2], row[3], words)
    if span is None:
        return None
    parts: list[tuple[int | None, int | None, str | None]] = []
    for start, end, name in (row[6:9], row[9:12]):
        part = None if start is None or end is None else _cut(start, end, words)
        parts.append((None, None, None) if part is None else (*part, name))
    return (*row[:2], *span, *row[4:6], *parts[0], *parts[1])


def _cut(start: int, end: int, words: Sequence[Word]) -> Word | None:
    first = bisect_right(words, start, key=lambda word: word[1])
    last = bisect_left(words, end, key=lambda word: word[0]) - 1
    return (max(start, words[first][0]), min(end, words[last][1])) if first <= last else None


def _place(row: MarkRow) -> tuple[object, ...]:
    return (*row[:4], *row[6:8], *row[9:11])


def _sentences(text: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """`(start, end)` of lines that begin with a word after blanks at most; others belong to the one before.

    Behind `end` come a line end and the blanks before the next.
    """
    starts = [words[0][0]]
    ends: list[int] = []
    for (_, before), (start, _) in pairwise(words):
        line = text.rfind("\n", before, start)
        if line >= 0 and not text[line + 1 : start].strip(" "):
            ends.append(line)
            starts.append(start)
    return list(zip(starts, [*ends, len(text)], strict=True))


def _lines(record: Record, words: Sequence[Word]) -> Iterator[str]:
    """The file of an article, line by line."""
    text = record.article.text
    sentences = _sentences(text, words)
    rows = _Rows(text, words, sentences, layers.annotations_of(record))
    yield f"{HEADER}3.3\n"
    yield from rows.header()
    yield "\n"
    for start, end in sentences:
        yield "\n"
        yield from (f"#Text={escape_text(line)}\n" for line in text[start:end].split("\n"))
        yield from rows.of_sentence(start, end)


class _Rows:
    """The rows of one article, and which annotations stand in each."""

    def __init__(
        self,
        text: str,
        words: Sequence[Word],
        sentences: Sequence[tuple[int, int]],
        annotations: Sequence[Annotation],
    ) -> None:
        self._text = text
        self._words = words
        self._utf16 = from_code_points(text, OffsetUnit.UTF16)
        self._at: dict[Unit, list[Annotation]] = {}
        self._first: dict[str, Unit] = {}  # of an annotation's rows, by its id
        for each in annotations:
            for unit in self._units(each.span.start, each.span.end):
                self._at.setdefault(unit, []).append(each)
                self._first.setdefault(each.id, unit)
        self._parts: dict[int, list[Unit]] = {}  # of a word, in order
        for unit in sorted(unit for unit in self._at if unit[1:] != words[unit[0]]):
            self._parts.setdefault(unit[0], []).append(unit)
        self._names = self._named(sentences)
        self._columns = [
            (layer, feature, is_link)
            for layer in _LAYERS
            if (there := [each for each in annotations if each.layer == layer])
            for feature, is_link in _used(layer, there)
        ]

    def header(self) -> Iterator[str]:
        for layer in dict.fromkeys(layer for layer, _, _ in self._columns):
            declared = [
                f"ROLE_{layer}:{feature}_{layers.link_type(layer, feature)}|{ANY}" if is_link else feature
                for of, feature, is_link in self._columns
                if of == layer
            ]
            yield f"#T_SP={layer}|{'|'.join(declared)}\n"

    def of_sentence(self, start: int, end: int) -> Iterator[str]:
        """The rows of the words in `[start, end)` of the text, parts behind their word."""
        for n in self._within(start, end):
            for unit in ((n, *self._words[n]), *self._parts.get(n, ())):
                cells = [self._names[unit], self._offsets(unit), self._text[unit[1] : unit[2]]]
                cells += [cell for column in self._columns for cell in self._cells(unit, *column)]
                yield "\t".join([*cells, "\n"])

    def _within(self, start: int, end: int) -> range:
        """The words that share a character with `[start, end)`."""
        first = bisect_right(self._words, start, key=lambda word: word[1])
        return range(first, bisect_left(self._words, end, key=lambda word: word[0]))

    def _units(self, start: int, end: int) -> Iterator[Unit]:
        for n in self._within(start, end):
            yield n, max(start, self._words[n][0]), min(end, self._words[n][1])

    def _named(self, sentences: Sequence[tuple[int, int]]) -> dict[Unit, str]:
        """What each row is called: 2-5 for the fifth word of the second sentence, 2-5.1 for a part of it."""
        names: dict[Unit, str] = {}
        for number, (start, end) in enumerate(sentences, 1):
            for word, n in enumerate(self._within(start, end), 1):
                names[n, *self._words[n]] = f"{number}-{word}"
                for part, unit in enumerate(self._parts.get(n, ()), 1):
                    names[unit] = f"{number}-{word}.{part}"
        return names

    def _offsets(self, unit: Unit) -> str:
        return f"{self._utf16(unit[1])}-{self._utf16(unit[2])}"

    def _cells(self, unit: Unit, layer: str, feature: str, is_link: bool) -> Sequence[str]:
        there = [each for each in self._at.get(unit, ()) if each.layer == layer]
        if not there:
            return (NOTHING, NOTHING) if is_link else (NOTHING,)
        if is_link:
            roles, targets = zip(*(self._link(each, feature) for each in there), strict=True)
            return "|".join(roles), "|".join(targets)
        values = ((each.features.get(feature), each.id) for each in there)
        return (
            "|".join(f"{NO_VALUE if value is None else escape_value(value)}[{id_}]" for value, id_ in values),
        )

    def _link(self, each: Annotation, feature: str) -> tuple[str, str]:
        """The roles of an annotation's links and what they lead to."""
        links = [link for link in each.links if link.feature == feature]
        roles = ";".join(escape_value(link.role) for link in links) or NOTHING
        targets = ";".join(f"{self._names[self._first[link.target]]}[{link.target}]" for link in links)
        return f"{roles}[{each.id}]", targets or NO_VALUE


def _used(layer: str, annotations: Sequence[Annotation]) -> list[tuple[str, bool]]:
    """The features that are needed, and whether they are links; one without a name if none is."""
    used = {name for each in annotations for name in each.features}
    linked = {link.feature for each in annotations for link in each.links}
    columns = [(name, False) for name in layers.features_of(layer) if name in used]
    columns += [(name, True) for name in layers.links_of(layer) if name in linked]
    return columns or [("", False)]
