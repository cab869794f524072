"""Prodigy's JSON Lines: tasks with tokens, spans and relations, one article a line; review files as well.

A stance is a span labelled with its polarity; relations named holder and target lead from it to its parts.
What Prodigy has no field for stands in further keys, which it keeps. Relations count tokens, and `token_end`
is the last token itself; the tokens we write end wherever a mark does, so that all of them fit.
"""

import codecs
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import pairwise
from typing import Any

import orjson

from annotator.domain.codec.problems import Problem, RecordError, piece
from annotator.domain.codec.records import Record
from annotator.domain.codec.writer import write_record
from annotator.formats.carrying import EVERYTHING
from annotator.formats.contract import Format, Maker, Piece, Reading, Writer, Writing, faulty
from annotator.formats.foreign import check_kept
from annotator.formats.json_items import JsonItem, json_items
from annotator.formats.native import NativeReader
from annotator.formats.sources import Source
from annotator.formats.targets import Target

_THEIRS = re.compile(rb'"(?:token_start|_task_hash|head_span|versions|_view_id)"\s*:')
_ROLES = ("holder", "target")
_STRETCH = re.compile(r"\w+|[^\w\s]")
_NAMELESS = "versions that name nobody are those of annotator 1, annotator 2 and so on"
_LEFT_OUT = "relations other than a stance's holder and target, the first of each, were left out"

Fields = dict[str, Any]


class Prodigy(Format):
    name = "prodigy"
    title = "Prodigy JSON Lines"
    suffixes = ()
    usual_suffix = ".jsonl"
    says_unfinished = True
    carries = EVERYTHING

    def sniff(self, source: Source, head: bytes) -> int:
        begins = head.removeprefix(codecs.BOM_UTF8).lstrip()
        if not begins.startswith((b"{", b"[")) or b'"stances"' in head:
            return 0
        return 95 if _THEIRS.search(head) and b'"text"' in head else 0

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        reader = NativeReader(reading)
        entities = {label.name for label in reading.labelset.entities}
        polarities = {label.name for label in reading.labelset.polarities} - entities
        read = 0
        with source.open() as file:
            try:
                for item in json_items(file):
                    read = item.read
                    try:
                        yield from _pieces(item, reader, polarities)
                    except RecordError as error:
                        yield faulty(read, source, item.line, error)
            except RecordError as error:
                yield faulty(read, source, None, error)

    def writer(self, target: Target, writing: Writing) -> "ProdigyWriter":
        return ProdigyWriter(target)


class ProdigyWriter(Writer):
    """Tasks as Prodigy's relations page takes them."""

    def __init__(self, target: Target) -> None:
        super().__init__(EVERYTHING)
        self._stream = target.stream

    def put(self, record: Record) -> Record:
        self._stream.write(orjson.dumps(_task(record), option=orjson.OPT_APPEND_NEWLINE))
        return record


def _task(record: Record) -> Fields:
    fields = write_record(record)
    stances: list[Fields] = fields.pop("stances")
    parts = [stance[role] for stance in stances for role in _ROLES if stance[role] is not None]
    spans = fields["spans"] + stances
    tokens = _tokens(record.article.text, [*spans, *parts])
    place = _Places(tokens)
    fields["spans"] = [span | place.of(span) for span in spans]
    fields["relations"] = [
        relation
        for stance in stances
        for role in _ROLES
        if stance[role] is not None and (relation := place.relation(stance, stance[role], role))
    ]
    fields["tokens"] = tokens
    input_hash = zlib.crc32(record.article.text.encode())
    task_hash = zlib.crc32(orjson.dumps([fields["spans"], fields["relations"]]), input_hash)
    hashes = {"_input_hash": _signed(input_hash), "_task_hash": _signed(task_hash)}
    return fields | hashes | {"_view_id": "relations"}


def _tokens(text: str, spans: Iterable[Mapping[str, Any]]) -> list[Fields]:
    """Words and single other characters, divided where a span begins or ends; white space is none."""
    borders = sorted({span[edge] for span in spans for edge in ("start", "end")})
    tokens: list[Fields] = []
    for match in _STRETCH.finditer(text):
        inside = borders[bisect_right(borders, match.start()) : bisect_left(borders, match.end())]
        edges = [match.start(), *inside, match.end()]
        for start, end in pairwise(edges):
            token = {"text": text[start:end], "start": start, "end": end, "id": len(tokens)}
            tokens.append(token | {"ws": text[end : end + 1] == " "})
    return tokens


class _Places:
    """Which tokens a stretch of the text covers."""

    def __init__(self, tokens: Sequence[Fields]) -> None:
        self._starts = [token["start"] for token in tokens]
        self._ends = [token["end"] for token in tokens]

    def of(self, span: Mapping[str, Any]) -> Fields:
        """The first and the last token; nothing for a span of white space alone."""
        first = bisect_left(self._starts, span["start"])
        last = bisect_right(self._ends, span["end"]) - 1
        return {"token_start": first, "token_end": last} if first <= last else {}

    def relation(self, stance: Fields, part: Fields, role: str) -> Fields | None:
        head, child = ({"start": one["start"], "end": one["end"]} | self.of(one) for one in (stance, part))
        if "token_end" not in head or "token_end" not in child:
            return None
        return {
            "head": head["token_end"],
            "child": child["token_end"],
            "label": role,
            "head_span": head | {"label": stance["label"]},
            "child_span": child,
        }


def _signed(number: int) -> int:
    """32 bits as Prodigy's hashes have them."""
    return number - 2**32 if number >= 2**31 else number


def _pieces(item: JsonItem, reader: NativeReader, polarities: Set[str]) -> Iterator[Piece]:
    """The task of a line; of a review file a piece for each who made a version, then what was settled."""
    task = item.value
    versions = task.get("versions") if isinstance(task, dict) else None
    if not isinstance(versions, list):
        yield _piece(item, task, reader, polarities, "")
        return
    for n, version in enumerate(versions):
        at = f"versions[{n}]"
        if not isinstance(version, dict):
            raise RecordError([Problem(f"{at} is {piece(version)}", "make it a task")])
        whole = {"text": task.get("text"), "meta": task.get("meta")} | version
        names = _sessions(version) or [f"annotator {n + 1}"]
        for name in names:
            made = _piece(item, whole | {"_annotator_id": name}, reader, polarities, at)
            remarks = made.remarks if _sessions(version) else (*made.remarks, _NAMELESS)
            yield replace(made, several=True, remarks=remarks)
    rest = {key: value for key, value in task.items() if key != "versions"}
    settled = _piece(item, rest, reader, polarities, "")
    yield replace(settled, gold=True, several=True)


def _sessions(version: Fields) -> list[str]:
    """Who made a version, as far as it says."""
    said = version.get("sessions", version.get("_annotator_id", version.get("_session_id")))
    names = said if isinstance(said, list) else [said]
    return [name for name in names if isinstance(name, str) and name]


def _piece(item: JsonItem, task: Any, reader: NativeReader, polarities: Set[str], at: str) -> Piece:
    native, left_out = _native(task, polarities)
    record = reader.read(native)
    check_kept(record)
    maker = Maker.PERSON if record.annotator is not None else Maker.UNKNOWN
    remarks = (*reader.remarks, *([_LEFT_OUT] if left_out else []))
    return Piece(item.read, item.line, record, remarks=remarks, maker=maker, at=at)


def _native(task: Any, polarities: Set[str]) -> tuple[Any, bool]:
    """A task as a native record, its stances apart; and whether relations of it are left out.

    A span is a stance if it says so, if relations give it parts, or if its label is one of the polarities.
    """
    if not isinstance(task, dict) or not isinstance(task.get("spans", []), list):
        return task, False
    spans: list[Any] = []
    stances: list[Any] = []
    for span in task.get("spans", []):
        (stances if isinstance(span, dict) and "holder" in span else spans).append(span)
    parts, left_out = _parts(task)
    known = {_place(stance) for stance in stances}
    for span in list(spans):
        if not isinstance(span, dict) or (place := _place(span)) in known:
            continue
        label = span.get("label")
        if place in parts or (isinstance(label, str) and label in polarities):
            spans.remove(span)
            stances.append(dict.fromkeys(_ROLES) | span | parts.get(place, {}))
    left_out |= not parts.keys() <= known | {_place(stance) for stance in stances}
    if task.get("_annotator_id") is None and isinstance(task.get("_session_id"), str):
        task = task | {"_annotator_id": task["_session_id"]}
    rest = {key: value for key, value in task.items() if key != "relations"}
    return rest | {"spans": spans, "stances": stances}, left_out


def _parts(task: Fields) -> tuple[dict[tuple[object, ...], Fields], bool]:
    """Holder and target by the place and label of the span that relations lead from."""
    found: dict[tuple[object, ...], Fields] = {}
    left_out = False
    relations = task.get("relations")
    spans = [span for span in task.get("spans", []) if isinstance(span, dict)]
    ends = {span["token_end"]: span for span in reversed(spans) if type(span.get("token_end")) is int}
    for relation in relations if isinstance(relations, list) else []:
        role = str(relation.get("label")).lower() if isinstance(relation, dict) else ""
        head = _end(relation, "head", ends, task.get("tokens")) if role in _ROLES else None
        if not isinstance(head, dict):
            left_out = True
            continue
        child = _end(relation, "child", ends, task.get("tokens"))
        part = (
            {key: child[key] for key in ("start", "end") if key in child}
            if isinstance(child, dict)
            else child
        )
        left_out |= found.setdefault(_place(head), {}).setdefault(role, part) != part
    return found, left_out


def _end(relation: Fields, end: str, spans: Mapping[int, Fields], tokens: Any) -> Any:
    """What a relation leads from or to: as it says, else the span that ends with its token, or the token.

    `spans` are by their last token.
    """
    if (said := relation.get(f"{end}_span")) is not None:
        return said
    token = relation.get(end)
    if type(token) is not int or token < 0:
        return None
    if token in spans:
        return spans[token]
    return tokens[token] if isinstance(tokens, list) and token < len(tokens) else None


def _place(span: Mapping[str, Any]) -> tuple[object, ...]:
    return repr(span.get("start")), repr(span.get("end")), repr(span.get("label"))
