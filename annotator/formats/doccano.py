"""doccano JSONL: an article a line with labelled stretches, in either of its two shapes.

`label` (or `labels`) holds [start, end, label] lists; projects with relations have `entities` with
`start_offset` and `end_offset` instead. doccano counts UTF-16 units, graphemes in projects set so; it keeps
offsets of imported files as they are, so that files may count code points, too. Its relations are not read.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from annotator.domain.codec.problems import Problem, RecordError, piece
from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.formats.carrying import Feature
from annotator.formats.contract import Format, Option, Piece, Reading, Writer, Writing, faulty
from annotator.formats.foreign import ForeignReader, RawMark, RawRecord
from annotator.formats.json_items import json_items
from annotator.formats.offset_units import OffsetUnit, RawSpan, from_code_points
from annotator.formats.sources import Source
from annotator.formats.targets import Target

_LISTS = ("label", "labels")
_OWN = frozenset({"id", "text", "data", "entities", "relations", "Comments", "offset_unit", "meta", *_LISTS})
_FACTS = ("title", "source", "url", "published", "lang")
_COUNTED = (OffsetUnit.UTF16, OffsetUnit.CODE_POINTS, OffsetUnit.GRAPHEMES)
_UNITS = {unit.value: unit for unit in _COUNTED[:2]}  # that are written
_UNIT = "offset_unit"  # our own field, which doccano keeps among the other facts of an article
_BEGINS = re.compile(rb"\s*(?:\[\s*)?\{")
_MARKED = re.compile(rb'"(?:labels?"\s*:\s*\[\s*\[\s*-?\d+\s*,\s*-?\d+\s*,\s*"|start_offset"\s*:)')
_UNMARKED = re.compile(rb'"(?:labels?|entities)"\s*:\s*\[\s*\]')
_RELATIONS = "relations of doccano were left out"
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
    writing_options = (Option("offsets", "how offsets are counted; utf-16 as doccano does", tuple(_UNITS)),)

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
        name = writing.options.get("offsets", OffsetUnit.UTF16.value)
        if name not in _UNITS:
            raise FormatError(f"doccano counts no offsets in {name!r}; use one of {', '.join(_UNITS)}.")
        return DoccanoWriter(target, _UNITS[name])


class DoccanoWriter(Writer):
    """Lines with `label` lists; facts of the article beside them, as doccano takes any other fields."""

    def __init__(self, target: Target, unit: OffsetUnit) -> None:
        super().__init__(Doccano.carries)
        self._stream = target.stream
        self._unit = unit

    def put(self, record: Record) -> Record:
        article = record.article
        counted = from_code_points(article.text, self._unit)
        fields: dict[str, object] = {
            "text": article.text,
            "label": [[counted(row[2]), counted(row[3]), row[1]] for row in record.marks],
            _UNIT: self._unit.value,
            "title": article.title,
        }
        facts = {name: getattr(article, name) for name in _FACTS[1:]}
        fields |= {name: value for name, value in facts.items() if value is not None}
        if article.meta:
            fields["meta"] = article.meta
        self._stream.write(orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE))
        return record


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
