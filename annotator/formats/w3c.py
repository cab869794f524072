"""W3C Web Annotation as JSON-LD: one annotation a mark, with its place and its words.

The file is a list of annotation pages, one an article and one who marked it; a page tells the article's text.
A mark is tagged with its label; name and note are further bodies; holder and target are further targets, told
apart by their `role`. Places are code points (TextPositionSelector), and the covered words with what stands
around them (TextQuoteSelector).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from annotator.domain.codec.problems import Problem, RecordError, piece
from annotator.domain.codec.records import MarkRow, Record
from annotator.formats.carrying import Feature
from annotator.formats.contract import Format, Maker, Piece, Reading, Writer, Writing, faulty
from annotator.formats.foreign import ForeignReader, RawMark, RawPart, RawRecord
from annotator.formats.json_items import json_items
from annotator.formats.offset_units import OffsetUnit, RawSpan
from annotator.formats.sources import Source
from annotator.formats.targets import Target

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_OURS = {"text": "urn:annotator:text", "meta": "urn:annotator:meta", "role": "urn:annotator:role"}
_AROUND = 32  # code points before and behind that a quote names
_FACTS = ("source", "url", "published", "lang")
_ROLES = ("holder", "target")
_IS_PAGE = re.compile(rb'"(?:AnnotationPage|AnnotationCollection|Annotation)"')
_LEFT_OUT = "annotations without a place in the text were left out"

Fields = Mapping[str, Any]


class W3c(Format):
    name = "w3c"
    title = "W3C Web Annotation"
    suffixes = (".jsonld",)
    carries = frozenset(
        {
            *(Feature.TEXT, Feature.TITLE, Feature.FACTS, Feature.META, Feature.ENTITIES, Feature.NESTED),
            *(Feature.OVERLAPPING, Feature.STACKED, Feature.BORDERS, Feature.STANCES, Feature.PARTS),
            *(Feature.NAMES, Feature.NOTES, Feature.ANNOTATOR, Feature.PIPELINE, Feature.UNMARKED),
        }
    )

    def sniff(self, source: Source, head: bytes) -> int:
        begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if begins.startswith((b"{", b"[")) and b"ns/anno.jsonld" in head and _IS_PAGE.search(head):
            return 90
        return super().sniff(source, head)

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        foreign = ForeignReader(source, reading, [OffsetUnit.CODE_POINTS, OffsetUnit.UTF16])
        polarities = {label.name for label in reading.labelset.polarities}
        read = 0
        with source.open() as file:
            try:
                for item in json_items(file):
                    read = item.read
                    for n, page in enumerate(_pages(item.value)):
                        place = f"page {n + 1}"
                        try:
                            raw = _record(page, polarities, place)
                        except RecordError as error:
                            yield faulty(read, source, None, error, at=place)
                            continue
                        yield foreign.piece(raw, read)
            except RecordError as error:
                yield faulty(read, source, None, error)

    def writer(self, target: Target, writing: Writing) -> "W3cWriter":
        return W3cWriter(target)


class W3cWriter(Writer):
    """A list of pages."""

    def __init__(self, target: Target) -> None:
        super().__init__(W3c.carries)
        self._stream = target.stream
        self._between = b"[\n"

    def put(self, record: Record) -> Record:
        self._stream.write(self._between + orjson.dumps(_page(record)))
        self._between = b",\n"
        return record

    def close(self) -> Iterable[int]:
        self._stream.write(b"\n]\n" if self._between == b",\n" else b"[]\n")
        return ()


def _page(record: Record) -> dict[str, object]:
    article = record.article
    id_ = f"urn:sha256:{article.sha256.hex()}"
    page: dict[str, object] = {
        "@context": [_CONTEXT, _OURS],
        "id": f"{id_}#page",
        "type": "AnnotationPage",
        "text": article.text,
        "title": article.title,
    }
    page |= {name: fact for name in _FACTS if (fact := getattr(article, name)) is not None}
    if article.meta:
        page["meta"] = article.meta
    if record.annotator is not None:
        page["creator"] = {"type": "Person", "name": record.annotator}
    elif record.run is not None:
        pipeline, version = record.run
        page["generator"] = {"type": "Software", "name": pipeline, "version": version}
    page["items"] = [
        _annotation(article.text, id_, n, row, origin.note if (origin := record.origins.get(n)) else None)
        for n, row in enumerate(record.marks)
    ]
    return page


def _annotation(text: str, source: str, n: int, row: MarkRow, note: str | None) -> dict[str, object]:
    body = [_body("tagging", row[1])]
    if row[5] is not None:
        body.append(_body("identifying", row[5]))
    if note is not None:
        body.append(_body("commenting", note))
    targets = [_place(text, source, row[2], row[3])]
    for role, (start, end, name) in zip(_ROLES, (row[6:9], row[9:12]), strict=True):
        if start is not None and end is not None:
            named = {} if name is None else {"name": name}
            targets.append(_place(text, source, start, end) | {"role": role} | named)
    return {
        "id": f"{source}#{n + 1}",
        "type": "Annotation",
        "motivation": "assessing" if row[0] == "stance" else "identifying",
        "body": body,
        "target": targets,
    }


def _body(purpose: str, value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": purpose, "value": value}


def _place(text: str, source: str, start: int, end: int) -> dict[str, object]:
    quote = {
        "type": "TextQuoteSelector",
        "exact": text[start:end],
        "prefix": text[max(0, start - _AROUND) : start],
        "suffix": text[end : end + _AROUND],
    }
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    return {"type": "SpecificResource", "source": source, "selector": [quote, position]}


def _pages(value: Any) -> Iterator[Any]:
    """The pages of a collection, in it or alone."""
    if isinstance(value, dict) and "AnnotationCollection" in _listed(value.get("type")):
        yield from _listed(value.get("items", value.get("first")))
    else:
        yield value


def _record(page: Any, polarities: set[str], place: str) -> RawRecord:
    """Raises RecordError for what is no page with a text."""
    if not isinstance(page, dict):
        raise RecordError([Problem(f"{piece(page)} is no annotation page", "write an object with items")])
    text = page.get("text")
    if not isinstance(text, str):
        said = "the page does not tell the text that is annotated"
        raise RecordError([Problem(said, 'give it the field "text", as annotations alone cannot come in')])
    marks, remarks = [], []
    for n, annotation in enumerate(_listed(page.get("items"))):
        mark = _mark(annotation, polarities, f"items[{n}]")
        if mark is None:
            remarks.append(_LEFT_OUT)
        else:
            marks.append(mark)
    creator, generator = (_named(page.get(name)) for name in ("creator", "generator"))
    facts: dict[str, Any] = {
        name: fact for name in ("title", *_FACTS) if isinstance(fact := page.get(name), str)
    }
    meta = page.get("meta")
    maker = Maker.PERSON if creator else Maker.MODEL if generator else Maker.UNKNOWN
    return RawRecord(
        text,
        marks,
        meta=meta if isinstance(meta, dict) else {},
        annotator=creator[0] if creator else None,
        run=generator,
        maker=maker,
        place=place,
        remarks=remarks,
        **facts,
    )


def _named(agent: Any) -> tuple[str, str] | None:
    """Name and version of a creator or generator, which may be its address alone."""
    if isinstance(agent, str):
        return agent, ""
    if isinstance(agent, dict) and isinstance(name := agent.get("name", agent.get("id")), str):
        version = agent.get("version")
        return name, version if isinstance(version, str) else ""
    return None


def _mark(annotation: Any, polarities: set[str], at: str) -> RawMark | None:
    """None for an annotation that has no place in the text."""
    if not isinstance(annotation, dict):
        raise RecordError([Problem(f"{at} is {piece(annotation)}", "make it an annotation")])
    places: dict[str, tuple[RawSpan, str | None]] = {}
    for target in _listed(annotation.get("target")):
        span = _span(target)
        if span is not None:
            role = target.get("role")
            name = target.get("name")
            places.setdefault(role if role in _ROLES else "", (span, name if isinstance(name, str) else None))
    if "" not in places:
        return None
    said = {
        purpose: value for purpose, value in map(_said, _listed(annotation.get("body"))) if value is not None
    }
    label = said.get("tagging", said.get("classifying", said.get("")))
    holder, target_ = (
        RawPart([places[role][0]], places[role][1]) if role in places else None for role in _ROLES
    )
    is_stance = annotation.get("motivation") == "assessing" or label in polarities or holder or target_
    return RawMark(
        "stance" if is_stance else "entity",
        label,
        [places[""][0]],
        said.get("identifying"),
        said.get("commenting"),
        holder=holder,
        target=target_,
        at=at,
    )


def _said(body: Any) -> tuple[str, str | None]:
    """The purpose of a body, and what it says."""
    if isinstance(body, str):
        return "", body
    if not isinstance(body, dict):
        return "", None
    purpose, value = body.get("purpose", ""), body.get("value", body.get("id"))
    return (purpose if isinstance(purpose, str) else "", value if isinstance(value, str) else None)


def _span(target: Any) -> RawSpan | None:
    """Where a target stands; its quote is what it covers."""
    if not isinstance(target, dict):
        return None
    start: Any = None
    end: Any = None
    covered = None
    for selector in _listed(target.get("selector")):
        if isinstance(selector, dict) and selector.get("type") == "TextPositionSelector":
            start, end = selector.get("start"), selector.get("end")
        elif isinstance(selector, dict) and selector.get("type") == "TextQuoteSelector":
            covered = selector.get("exact")
    if start is None and end is None:
        return None
    return RawSpan(start, end, covered if isinstance(covered, str) else None)


def _listed(value: Any) -> list[Any]:
    """JSON-LD says one thing and a list of one alike."""
    return value if isinstance(value, list) else [] if value is None else [value]
