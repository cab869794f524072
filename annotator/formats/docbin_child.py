"""The child process of the format spacy: `python -m annotator.formats.docbin_child`, one request a line.

Requests and replies are JSON lines on standard input and output, see docbin_process.py. The process ends with
its standard input, thus with its parent, or when nobody has asked for anything for a while.
"""

import mmap
import os
import signal
import sys
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import filter_spans
from srsly.msgpack import exceptions as msgpack_exceptions

from annotator.domain.frozen import frozen
from annotator.formats.docbin_envelope import BrokenDocBin, DocBinReader, DocBinWriter

_MISSING = 0  # what spaCy's ENT_IOB is of a word of which nothing is known
# As the built-in pipeline has them, see suggest/stance_spans.py.
STANCES, HOLDERS, TARGETS = "stances", "stance_holders", "stance_targets"
SPANS = "sc"  # where spaCy's span categorizer looks for its spans
OURS = "annotator"  # the key of `doc.user_data` for what spaCy has no place for, as JSON
_IDLE = 60.0  # seconds
_LONGEST = 64 * 2**20  # code points
# What spaCy, numpy and msgpack raise for a document that makes no sense.
_BROKEN = (
    *(ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError),
    msgpack_exceptions.UnpackException,
)

Place = tuple[int, int]  # tokens, half-open


@cache
def tokenizer_of(language: str) -> Language:
    """An empty pipeline of a language. Raises ImportError when spaCy has none, or a package is missing."""
    nlp = spacy.blank(language)
    nlp.max_length = _LONGEST
    return nlp


@frozen
class Aligner:
    """Spans of code points in tokens: grown to whole tokens, or shrunk to those that are whole in them."""

    starts: list[int]
    ends: list[int]
    contract: bool

    @classmethod
    def of(cls, doc: Doc, *, contract: bool) -> "Aligner":
        return cls([token.idx for token in doc], [token.idx + len(token) for token in doc], contract)

    def place(self, start: int, end: int) -> Place | None:
        """None when there is no token left."""
        if self.contract:
            first, last = bisect_left(self.starts, start), bisect_right(self.ends, end)
        else:
            first, last = bisect_right(self.ends, start), bisect_left(self.starts, end)
        return (first, last) if first < last else None

    def span(self, place: Place | None) -> list[int] | None:
        """In code points."""
        return None if place is None else [self.starts[place[0]], self.ends[place[1] - 1]]


def add(writer: DocBinWriter, request: dict[str, Any]) -> dict[str, Any]:
    """Writes a record; where each of its marks and their parts stand now, None for what fits no token."""
    fields = request["fields"]
    text = fields.pop("text")
    doc = tokenizer_of(request["language"]).make_doc(text)
    if doc.text != text:
        raise ValueError("its tokenizer alters the text")
    aligner = Aligner.of(doc, contract=request["contract"])
    entities, spans = _entities(fields["spans"], aligner)
    stances, parts = _stances(fields["stances"], aligner)
    _put_entities(doc, entities)
    _put_stances(doc, stances)
    fields["spans"] = [_rest(item) for item, _ in entities]
    fields["stances"] = [_rest(item) for item, _ in stances]
    doc.user_data[OURS] = orjson.dumps(fields).decode()
    writer.add(doc)
    return {"spans": spans, "stances": parts}


def _entities(
    items: list[dict[str, Any]], aligner: Aligner
) -> tuple[list[tuple[dict[str, Any], Place]], list[list[int] | None]]:
    """Those that stay with their tokens; and the new places of all."""
    kept: dict[tuple[str, Place], dict[str, Any]] = {}
    places: list[list[int] | None] = []
    for item in items:
        place = aligner.place(item["start"], item["end"])
        if place is None or (item["label"], place) in kept:
            places.append(None)
        else:
            kept[item["label"], place] = item
            places.append(aligner.span(place))
    return [(item, place) for (_, place), item in kept.items()], places


def _stances(
    items: list[dict[str, Any]], aligner: Aligner
) -> tuple[list[tuple[dict[str, Any], list[Place | None]]], list[list[list[int] | None] | None]]:
    """Those that stay, by their evidence, with the tokens of evidence, holder and target."""
    kept: dict[tuple[object, ...], tuple[dict[str, Any], list[Place | None]]] = {}
    places: list[list[list[int] | None] | None] = []
    for item in items:
        parts = [item, item["holder"], item["target"]]
        found = [part and aligner.place(part["start"], part["end"]) for part in parts]
        key = (item["label"], *found)
        if found[0] is None or key in kept:
            places.append(None)
        else:
            kept[key] = (item, found)
            places.append([aligner.span(place) for place in found])
    return sorted(kept.values(), key=lambda stance: stance[1][0] or (0, 0)), places


def _put_entities(doc: Doc, entities: list[tuple[dict[str, Any], Place]]) -> None:
    """All into the span group, the longest that do not overlap into `doc.ents`.

    An entity that begins or ends with white space is no `doc.ents`: spaCy's recogniser cannot learn it.
    """
    spans = [
        Span(doc, *place, label=item["label"], span_id=item.get("name") or "") for item, place in entities
    ]
    scores = [item.get("score") for item, _ in entities]
    doc.spans[SPANS] = SpanGroup(doc, name=SPANS, attrs={"scores": scores}, spans=spans)
    flat = filter_spans(span for span in spans if not (span[0].is_space or span[-1].is_space))
    doc.set_ents(flat, default="outside")


def _put_stances(doc: Doc, stances: list[tuple[dict[str, Any], list[Place | None]]]) -> None:
    """A part that a stance lacks is an empty span at the beginning."""
    groups: dict[str, list[Span]] = {STANCES: [], HOLDERS: [], TARGETS: []}
    for number, (item, places) in enumerate(stances):
        for key, place in zip(groups, places, strict=True):
            label, number_ = (item["label"], str(number)) if key == STANCES else ("", "")
            groups[key].append(Span(doc, *(place or (0, 0)), label=label, span_id=number_))
    scores = [item.get("score") for item, _ in stances]
    names = [[(item[role] or {}).get("name") for item, _ in stances] for role in ("holder", "target")]
    attrs = ({"scores": scores}, {"names": names[0]}, {"names": names[1]})
    for (key, spans), noted in zip(groups.items(), attrs, strict=True):
        doc.spans[key] = SpanGroup(doc, name=key, attrs=noted, spans=spans)


def _rest(item: dict[str, Any]) -> dict[str, Any]:
    """What of a mark is in no group; its label, to see later that the groups are still the same."""
    return {
        key: value for key, value in item.items() if key not in ("start", "end", "text", "holder", "target")
    }


class Documents:
    """Reads the documents of one file as records in the fields of native JSONL."""

    def __init__(self, file: DocBinReader) -> None:
        self._file = file

    def read(self) -> Iterator[dict[str, Any]]:
        """A record or a fault each."""
        for n, (first, length) in enumerate(self._file.docs()):
            try:
                yield self._read(n, first, length)
            except _BROKEN as error:
                said = " ".join(str(error).split())[:200]
                yield {"n": n, "fault": f"the document makes no sense: {type(error).__name__}: {said}"}

    def _read(self, n: int, first: int, length: int) -> dict[str, Any]:
        if not length:
            return {"n": n, "fault": "the document has no words"}
        doc = self._file.doc(n, first, length)
        if len(doc.text) > _LONGEST:
            return {"n": n, "fault": f"the text is longer than {_LONGEST:,} characters"}
        remarks: list[str] = []
        if doc.has_unknown_spaces:
            remarks.append("words are joined by blanks, as the file does not say where blanks are")
        remarks += self._left_out(n, doc)
        record = {"text": doc.text} | self._ours(n, remarks)
        spans, stances = _entities_of(doc, remarks), _stances_of(doc, remarks)
        _restore(spans, record.pop("spans", None), remarks)
        _restore(stances, record.pop("stances", None), remarks)
        return {"n": n, "record": record | {"spans": spans, "stances": stances}, "remarks": remarks}

    def _left_out(self, n: int, doc: Doc) -> Iterator[str]:
        """What of a document is no mark, or was taken as one."""
        if self._file.has_classes(n):
            yield "classes of whole texts (doc.cats) were left out"
        others = sorted(set(doc.spans) - {SPANS, STANCES, HOLDERS, TARGETS})
        if others:
            yield f"spans of {', '.join(map(repr, others))} were taken as entities"
        if SPANS not in doc.spans and (doc.to_array("ENT_IOB") == _MISSING).any():
            yield "the document does not say of some words whether they are entities: they were taken as none"

    def _ours(self, n: int, remarks: list[str]) -> dict[str, Any]:
        data = self._file.user_data(n)
        said = data.get(OURS) if isinstance(data, dict) else None
        if said is None:
            return {}
        try:
            fields = orjson.loads(said)
        except orjson.JSONDecodeError:
            fields = None
        if isinstance(fields, dict):
            fields.pop("text", None)
            return fields
        remarks.append(f"what the document keeps under {OURS!r} is not ours and was left out")
        return {}


def _entities_of(doc: Doc, remarks: list[str]) -> list[dict[str, Any]]:
    """The entities, those of `doc.spans` first; each place once for a label."""
    found: dict[tuple[int, int, str], dict[str, Any]] = {}
    keys = sorted(set(doc.spans) - {STANCES, HOLDERS, TARGETS}, key=lambda key: (key != SPANS, key))
    for key in keys:
        group = doc.spans[key]
        for span, score in zip(group, _noted(group, "scores"), strict=True):
            _take(found, span, score, remarks)
    for span in doc.ents:
        _take(found, span, None, remarks)
    return list(found.values())


def _take(
    found: dict[tuple[int, int, str], dict[str, Any]], span: Span, score: object, remarks: list[str]
) -> None:
    if not span.label_:
        remarks.append("spans without a label were left out")
        return
    item = _item(span) | {"label": span.label_}
    name = span.id_ or span.kb_id_
    if name:
        item["name"] = name
    if score is not None:
        item["score"] = score
    found.setdefault((item["start"], item["end"], span.label_), item)


def _stances_of(doc: Doc, remarks: list[str]) -> list[dict[str, Any]]:
    if STANCES not in doc.spans:
        return []
    groups = [doc.spans[key] for key in (STANCES, HOLDERS, TARGETS) if key in doc.spans]
    if len(groups) < 3 or len({len(group) for group in groups}) > 1:
        remarks.append("stances without their groups of holders and targets were left out")
        return []
    evidences, holders, targets = groups
    items = []
    columns = (_noted(evidences, "scores"), _noted(holders, "names"), _noted(targets, "names"))
    for evidence, holder, target, score, *names in zip(*groups, *columns, strict=True):
        item = _item(evidence) | {"label": evidence.label_}
        if score is not None:
            item["score"] = score
        for role, part, name in zip(("holder", "target"), (holder, target), names, strict=True):
            named = {} if name is None else {"name": name}
            item[role] = _item(part) | named if part.start != part.end else None
        items.append(item)
    return items


def _noted(group: Any, key: str) -> list[Any]:
    """What a group notes of each span; None for each where it notes something else."""
    noted = getattr(group, "attrs", {}).get(key)
    if isinstance(noted, list | tuple) and len(noted) == len(group):
        return list(noted)
    return [None] * len(group)


def _item(span: Span) -> dict[str, Any]:
    """In code points; IndexError for a span that is not within its document."""
    if not 0 <= span.start <= span.end <= len(span.doc):
        raise IndexError(f"a span goes from word {span.start} to {span.end} of {len(span.doc)}")
    if span.start == span.end:
        return {"start": 0, "end": 0}
    last = span.doc[span.end - 1]
    return {"start": span.doc[span.start].idx, "end": last.idx + len(last)}


def _restore(items: list[dict[str, Any]], kept: Any, remarks: list[str]) -> None:
    """Puts back what a written file keeps of the marks beside their groups, unless the groups changed."""
    if kept is None:
        return
    labels = [item["label"] for item in items]
    then = [rest.get("label") for rest in kept if isinstance(rest, dict)] if isinstance(kept, list) else None
    if then != labels:
        remarks.append("marks were changed since the file was written: their notes and ways are left out")
        return
    for item, rest in zip(items, kept, strict=True):
        item.pop("name", None)
        item |= rest


class Session:
    """Answers requests until the parent is gone."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._writer = DocBinWriter()
        self.writing = False  # whether a file is begun and not ended

    def answer(self, request: dict[str, Any]) -> None:
        try:
            self._answer(request)
        except OSError as error:  # a full disk, say: the parent knows which file is meant
            self._tell({"errno": error.errno, "strerror": error.strerror})

    def _answer(self, request: dict[str, Any]) -> None:
        match request["do"]:
            case "ping":
                self._tell({})
            case "check":
                self._tell(self._checked(request["language"]))
            case "begin":
                self._writer.close()
                self._writer = DocBinWriter()
                self.writing = True
            case "add":
                try:
                    self._tell(add(self._writer, request))
                except ValueError as error:
                    self._tell({"fault": str(error)})
            case "write":
                self.writing = False
                self._tell(self._written(Path(request["path"])))
            case "read":
                for reply in self._read(Path(request["path"])):
                    self._out.write(orjson.dumps(reply) + b"\n")
                self._tell({"end": True})

    def _tell(self, reply: dict[str, Any]) -> None:
        self._out.write(orjson.dumps(reply) + b"\n")
        self._out.flush()

    def _checked(self, language: str) -> dict[str, Any]:
        try:
            tokenizer_of(language)
        except (ImportError, OSError, ValueError) as error:
            return {"fault": " ".join(str(error).split())[:300]}
        return {}

    def _written(self, path: Path) -> dict[str, Any]:
        try:
            self._writer.write(path)
        except BrokenDocBin as error:
            return {"fault": str(error)}
        return {}

    def _read(self, path: Path) -> Iterator[dict[str, Any]]:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            try:
                documents = Documents(DocBinReader(data))
            except _BROKEN as error:
                yield {"broken": " ".join(str(error).split())[:300]}
                return
            yield from documents.read()


class Patience:
    """Ends the process when nothing is asked of it for a while: it waits for the next file, not for good."""

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None

    def begin(self) -> None:
        self._timer = threading.Timer(_IDLE, os._exit, [0])
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches children too
    out = cast(BinaryIO, os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)  # what a library prints goes to standard error
    session, patience = Session(out), Patience()
    patience.begin()
    for line in sys.stdin.buffer:
        patience.end()
        session.answer(orjson.loads(line))
        if not session.writing:
            patience.begin()


if __name__ == "__main__":
    main()
