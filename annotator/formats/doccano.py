"""doccano JSONL: an article a line with labelled stretches, in either of its two shapes.

`label` (or `labels`) holds [start, end, label] lists; projects with relations have `entities` with
`start_offset` and `end_offset` instead. doccano counts UTF-16 units, graphemes in projects set so; it keeps
offsets of imported files as they are, so that files may count code points, too. Its relations are not read.
"""

import codecs
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from annotator.domain.codec.problems import Problem, RecordError, piece
from annotator.domain.codec.records import MarkRow, Record
from annotator.formats.carrying import Feature
from annotator.formats.contract import Format, Option, Piece, Reading, Writer, Writing, check_options, faulty
from annotator.formats.foreign import ForeignReader, RawMark, RawRecord
from annotator.formats.json_items import json_items
from annotator.formats.offset_units import OffsetUnit, RawSpan, from_code_points, grapheme_starts
from annotator.formats.sources import Source
from annotator.formats.targets import Target

_LISTS = ("label", "labels")
_OWN = frozenset({"id", "text", "data", "entities", "relations", "Comments", "offset_unit", "meta", *_LISTS})
_FACTS = ("title", "source", "url", "published", "lang")
_COUNTED = (OffsetUnit.UTF16, OffsetUnit.CODE_POINTS, OffsetUnit.GRAPHEMES)
_UNITS = {unit.value: unit for unit in _COUNTED}
_LISTED, _ENTITIES = "label", "entities"  # the two shapes
_UNIT = "offset_unit"  # our own field, which doccano keeps among the other facts of an article
_BEGINS = re.compile(rb"\s*(?:\[\s*)?\{")
_MARKED = re.compile(rb'"(?:labels?"\s*:\s*\[\s*\[\s*-?\d+\s*,\s*-?\d+\s*,\s*"|start_offset"\s*:)')
_UNMARKED = re.compile(rb'"(?:labels?|entities)"\s*:\s*\[\s*\]')
_RELATIONS = "relations of doccano were left out"
_COMMENTS = "comments of doccano were left out"
_CLASSES = "classes of whole texts were left out"


class Doccano(Format):
    name = "doccano"
    title = "doccano JSON Lines"
    suffixes = ()
    usual_suffix = ".jsonl"
    carries = frozenset(
        {
            *(Feature.TEXT, Feature.TITLE, Feature.FACTS, Feature.META, Feature.ENTITIES, Feature.NESTED),
            *(Feature.OVERLAPPING, Feature.STACKED, Feature.BORDERS, Feature.UNMARKED),
        }
    )
    writing_options = (
        Option(
            "offsets",
            "how offsets are counted: utf-16 as doccano does, graphemes in its projects set so",
            tuple(_UNITS),
        ),
        Option("shape", "label lists, or entities as of projects with relations", (_LISTED, _ENTITIES)),
    )

    def sniff(self, source: Source, head: bytes) -> int:
        if not _BEGINS.match(head.removeprefix(codecs.BOM_UTF8)) or b'"stances"' in head:
            return 0
        if _MARKED.search(head):
            return 90
        return 70 if _UNMARKED.search(head) else 0

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        readers: dict[object, ForeignReader] = {}
        read = 0
        with source.open() as file:
            try:
                for item in json_items(file):
                    read = item.read
                    try:
                        raw, unit = _raw(item.value, item.line), _stated(item.value)
                    except RecordError as error:
                        yield faulty(read, source, item.line, error)
                        continue
                    if unit not in readers:
                        stated = replace(reading, unit=reading.unit or unit)
                        readers[unit] = ForeignReader(source, stated, _COUNTED)
                    yield readers[unit].piece(raw, read)
            except RecordError as error:
                yield faulty(read, source, None, error)

    def writer(self, target: Target, writing: Writing) -> "DoccanoWriter":
        check_options(self.name, self.writing_options, writing.options)
        unit = _UNITS[writing.options.get("offsets", OffsetUnit.UTF16.value)]
        return DoccanoWriter(target, unit, writing.options.get("shape", _LISTED))


class DoccanoWriter(Writer):
    """Lines in one of the two shapes; facts of the article beside it, as doccano takes any other fields.

    Marks that begin or end within a grapheme grow to whole ones where those are counted.
    """

    def __init__(self, target: Target, unit: OffsetUnit, shape: str) -> None:
        super().__init__(Doccano.carries)
        self._stream = target.stream
        self._unit = unit
        self._shape = shape
        self._entities = 0

    def put(self, record: Record) -> Record:
        if self._unit is OffsetUnit.GRAPHEMES:
            record = self._in_graphemes(record)
        article = record.article
        counted = from_code_points(article.text, self._unit)
        marks = [(counted(row[2]), counted(row[3]), row[1]) for row in record.marks]
        fields: dict[str, object] = {"text": article.text}
        if self._shape == _LISTED:
            fields[_LISTED] = marks
        else:
            fields |= {_ENTITIES: self._numbered(marks), "relations": []}
        fields |= {_UNIT: self._unit.value, "title": article.title}
        facts = {name: getattr(article, name) for name in _FACTS[1:]}
        fields |= {name: value for name, value in facts.items() if value is not None}
        if article.meta:
            fields["meta"] = article.meta
        self._stream.write(orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE))
        return record

    def _numbered(self, marks: Sequence[tuple[int | None, int | None, str]]) -> list[dict[str, object]]:
        first = self._entities + 1
        self._entities += len(marks)
        return [
            {"id": n, "label": label, "start_offset": start, "end_offset": end}
            for n, (start, end, label) in enumerate(marks, first)
        ]

    def _in_graphemes(self, record: Record) -> Record:
        """The record with marks of whole graphemes; one that becomes the same as another is left out."""
        borders = [*grapheme_starts(record.article.text), len(record.article.text)]
        grown = [
            (borders[bisect_right(borders, row[2]) - 1], borders[bisect_left(borders, row[3])])
            for row in record.marks
        ]
        places = [(row[1], *span) for row, span in zip(record.marks, grown, strict=True)]
        before = {row[1:4] for row in record.marks}
        marks: list[MarkRow] = []
        for n, (row, span) in enumerate(zip(record.marks, grown, strict=True)):
            whole = row[2:4] == span
            gone = not whole and (places[n] in places[:n] or places[n] in before)
            if not whole:
                self.note(Feature.BORDERS, record, row, changed=not gone)
            if not gone:
                marks.append((*row[:2], *span, *row[4:]))
        return replace(record, marks=marks)


def _raw(value: object, line: int) -> RawRecord:
    """Raises RecordError for what is no article of doccano."""
    if not isinstance(value, dict):
        raise RecordError(
            [Problem(f"{piece(value)} is no article", "write an object with a text and labels")]
        )
    text = value.get("text", value.get("data"))
    if not isinstance(text, str):
        raise RecordError([Problem(f"the text is {piece(text)}", "give each article its text")])
    marks = [
        _listed_mark(item, f"{name}[{n}]") for name in _LISTS for n, item in enumerate(_list(value, name))
    ]
    marks += [_entity(item, f"entities[{n}]") for n, item in enumerate(_list(value, "entities"))]
    remarks = [_RELATIONS] if _list(value, "relations") else []
    if value.get("Comments"):
        remarks.append(_COMMENTS)
    if any(mark is None for mark in marks):
        remarks.append(_CLASSES)
    facts: dict[str, Any] = {name: fact for name in _FACTS if isinstance(fact := value.get(name), str)}
    meta = value.get("meta")
    rest = {name: fact for name, fact in value.items() if name not in _OWN and name not in facts}
    rest |= meta if isinstance(meta, dict) else {} if meta is None else {"meta": meta}
    kept = [mark for mark in marks if mark is not None]
    return RawRecord(text, kept, meta=rest, line=line, remarks=remarks, **facts)


def _stated(value: Mapping[str, object]) -> OffsetUnit | None:
    """What a file of ours says of its offsets."""
    said = value.get(_UNIT)
    return _UNITS.get(said) if isinstance(said, str) else None


def _list(fields: Mapping[str, Any], name: str) -> list[Any]:
    value = fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise RecordError([Problem(f"{name} is {piece(value)}", "make it a list")])
    return value


def _listed_mark(item: object, at: str) -> RawMark | None:
    """None for the class of a whole text, a string alone."""
    if isinstance(item, str):
        return None
    if not isinstance(item, list) or len(item) != 3:
        raise RecordError([Problem(f"{at} is {piece(item)}", "write [start, end, label]")])
    return RawMark("entity", item[2], [RawSpan(item[0], item[1])], at=at)


def _entity(item: Any, at: str) -> RawMark:
    if not isinstance(item, dict):
        raise RecordError([Problem(f"{at} is {piece(item)}", "write start_offset, end_offset and label")])
    start: Any = item.get("start_offset")
    end: Any = item.get("end_offset")
    return RawMark("entity", item.get("label"), [RawSpan(start, end)], at=at)
