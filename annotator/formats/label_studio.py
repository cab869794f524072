"""Label Studio's JSON: a list of tasks with annotations by people and predictions by models.

A mark is a region of a `labels` control. A stance is a region labelled with its polarity that relations named
holder and target lead from, to entities where one stands there, else to regions called Phrase. A region's
name and note stand in its `meta`. Offsets are code points; older exports count UTF-16 units.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import quoteattr

import orjson

from annotator.domain.articles import Article
from annotator.domain.codec.problems import Problem, RecordError, piece
from annotator.domain.codec.records import Record, RunName
from annotator.domain.frozen import frozen
from annotator.domain.labels import LabelSet
from annotator.formats import label_studio_min
from annotator.formats.carrying import Feature
from annotator.formats.contract import Format, Maker, Piece, Reading, Writer, Writing, faulty
from annotator.formats.foreign import ForeignReader, RawMark, RawPart, RawRecord
from annotator.formats.json_items import JsonItem, json_items
from annotator.formats.offset_units import OffsetUnit, RawSpan
from annotator.formats.sources import Source
from annotator.formats.targets import Target

_ENTITIES, _STANCES, _PARTS = "entities", "stances", "parts"  # controls of the label config
_PHRASE = "Phrase"
_ROLES = ("holder", "target")
_FACTS = ("title", "source", "url", "published", "lang")
_TASKS = re.compile(rb'"(?:annotations|predictions|completions)"\s*:\s*\[')
_LEFT_OUT = "regions and relations of other controls than labels were left out"
_UNLABELLED = "regions without a label were left out"
_SECOND = "a stance's second holders and targets were left out"
_NUMBERS = "numbers and dates of tasks and scores of whole predictions were left out"
_CANCELLED = "skipped annotations were left out"
_NAMELESS = "annotations of a task that name nobody are those of annotator 1, annotator 2 and so on"

_LONGEST_WORK = 10 * 365 * 24 * 3600  # seconds; what is longer is no time at work

Fields = Mapping[str, Any]


class LabelStudio(Format):
    name = "label-studio"
    title = "Label Studio JSON"
    suffixes = ()
    usual_suffix = ".json"
    carries = frozenset(
        {
            *(Feature.TEXT, Feature.TITLE, Feature.FACTS, Feature.META, Feature.ENTITIES, Feature.NESTED),
            *(Feature.OVERLAPPING, Feature.STACKED, Feature.BORDERS, Feature.STANCES, Feature.PARTS),
            *(Feature.NAMES, Feature.NOTES, Feature.SCORES, Feature.ANNOTATOR, Feature.PIPELINE),
            Feature.UNMARKED,
        }
    )

    def sniff(self, source: Source, head: bytes) -> int:
        begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not begins.startswith((b"[", b"{")):
            return 0
        if (b'"data"' in head and _TASKS.search(head)) or label_studio_min.looks_so(begins):
            return 90
        return 60 if begins.startswith(b"[") and b'"data"' in head and source.suffix == ".json" else 0

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        foreign = ForeignReader(source, reading, [OffsetUnit.CODE_POINTS, OffsetUnit.UTF16])
        polarities = {label.name for label in reading.labelset.polarities}
        read = 0
        with source.open() as file:
            try:
                for item in json_items(file):
                    read = item.read
                    try:
                        raws = list(_records(item, polarities))
                    except RecordError as error:
                        yield faulty(read, source, None, error, at=f"[{item.index}]")
                        continue
                    for raw in raws:
                        yield foreign.piece(raw, read)
            except RecordError as error:
                yield faulty(read, source, None, error)

    def writer(self, target: Target, writing: Writing) -> "LabelStudioWriter":
        return LabelStudioWriter(target, writing.labelset)


class LabelStudioWriter(Writer):
    """A list of tasks, and beside it the label config that shows them.

    Records of one article that follow each other are one task, with an annotation of each annotator.
    """

    def __init__(self, target: Target, labelset: LabelSet) -> None:
        super().__init__(LabelStudio.carries)
        self._target = target
        self._entities = {label.name: label.color for label in labelset.entities}
        self._polarities = {label.name: label.color for label in labelset.polarities}
        self._tasks = 0
        self._open: tuple[Article, dict[str, list[dict[str, object]]]] | None = (
            None  # its annotations and predictions
        )

    def put(self, record: Record) -> Record:
        kind, work = _work(record)
        if self._open is None or not self._goes_on(record):
            self._end_task()
            self._open = record.article, {"annotations": [], "predictions": []}
        self._open[1][kind].append(work)
        for row in record.marks:
            (self._entities if row[0] == "entity" else self._polarities).setdefault(row[1], "")
        return record

    def _goes_on(self, record: Record) -> bool:
        """Whether it belongs in the open task: of several annotations all must say whose they are."""
        assert self._open is not None
        article, work = self._open
        people = work["annotations"]
        named = record.annotator is not None and all("annotator" in one for one in people)
        predicted = record.annotator is None and record.run is not None
        return article == record.article and (named or predicted or not people)

    def _end_task(self) -> None:
        if self._open is None:
            return
        article, work = self._open
        between = b",\n" if self._tasks else b"[\n"
        self._tasks += 1
        # A number, which a project gives anew but Label Studio's converter asks for.
        task = {"id": self._tasks, "data": _data(article), **work}
        self._target.stream.write(between + orjson.dumps(task))
        self._open = None

    def close(self) -> Iterable[int]:
        self._end_task()
        self._target.stream.write(b"\n]\n" if self._tasks else b"[]\n")
        with self._target.file(".config.xml") as file:
            file.write(_config(self._entities, self._polarities).encode())
        return ()


def _data(article: Article) -> dict[str, object]:
    data: dict[str, object] = {"text": article.text, "title": article.title}
    data |= {name: fact for name in _FACTS[1:] if (fact := getattr(article, name)) is not None}
    if article.meta:
        data["meta"] = article.meta
    return data


def _work(record: Record) -> tuple[str, dict[str, object]]:
    """What of a task a record is, and that: one of its annotations, or of its predictions."""
    result = _Result(record).all()
    if record.annotator is None and record.run is not None:
        pipeline, version = record.run
        model = f"{pipeline} {version}".strip()
        return "predictions", {"model_version": model, "run": record.run, "result": result}
    annotation: dict[str, object] = {"result": result}
    if record.annotator is not None:
        annotation["annotator"] = record.annotator
    return "annotations", annotation


class _Result:
    """The regions and relations of one record being written."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._regions: list[dict[str, object]] = []
        self._entities: dict[tuple[int, int, str | None], str] = {}

    def all(self) -> list[dict[str, object]]:
        """Entities come first, so that parts of stances find them."""
        notes = {n: origin.note for n, origin in self._record.origins.items()}
        marks = sorted(enumerate(self._record.marks), key=lambda item: item[1][0])
        for n, row in marks:
            control = _ENTITIES if row[0] == "entity" else _STANCES
            id_ = self._region(control, row[1], row[2], row[3], row[5], notes.get(n), row[4])
            if row[0] == "entity":
                self._entities.setdefault((row[2], row[3], row[5]), id_)
                continue
            for role, part in zip(_ROLES, (row[6:9], row[9:12]), strict=True):
                self._relation(id_, role, part)
        return self._regions

    def _region(
        self,
        control: str,
        label: str,
        start: int,
        end: int,
        name: str | None,
        note: str | None = None,
        score: float | None = None,
    ) -> str:
        id_ = f"r{len(self._regions) + 1}"
        covered = self._record.article.text[start:end]
        region: dict[str, object] = {
            "id": id_,
            "from_name": control,
            "to_name": "text",
            "type": "labels",
            "value": {"start": start, "end": end, "text": covered, "labels": [label]},
        }
        meta = {"text": None if note is None else [note], "name": name}
        if kept := {key: value for key, value in meta.items() if value is not None}:
            region["meta"] = kept
        if score is not None:
            region["score"] = score
        self._regions.append(region)
        return id_

    def _relation(self, of: str, role: str, part: Sequence[Any]) -> None:
        start, end, name = part
        if start is None:
            return
        to = self._entities.get((start, end, name)) or self._region(_PARTS, _PHRASE, start, end, name)
        relation: dict[str, object] = {
            "from_id": of,
            "to_id": to,
            "type": "relation",
            "direction": "right",
            "labels": [role],
        }
        self._regions.append(relation)


def _config(entities: Mapping[str, str], polarities: Mapping[str, str]) -> str:
    """What Label Studio must be told to show the tasks."""

    def labels(control: str, values: Mapping[str, str]) -> list[str]:
        colours = {
            value: f" background={quoteattr(colour)}" if colour else "" for value, colour in values.items()
        }
        lines = [f"    <Label value={quoteattr(value)}{colour}/>" for value, colour in colours.items()]
        return [f'  <Labels name="{control}" toName="text">', *lines, "  </Labels>"]

    relations = [f'    <Relation value="{role}"/>' for role in _ROLES]
    return "\n".join(
        [
            "<View>",
            *labels(_ENTITIES, entities),
            *labels(_STANCES, polarities),
            *labels(_PARTS, {_PHRASE: ""}),
            *("  <Relations>", *relations, "  </Relations>"),
            '  <Text name="text" value="$text"/>',
            "</View>",
            "",
        ]
    )


@frozen
class _Set:
    """One annotation or prediction of a task."""

    result: list[Any]
    maker: Maker
    place: str
    annotator: str | None = None
    run: RunName | None = None
    gold: bool = False
    several: bool = False
    nameless: bool = False
    n: int = 0  # among the annotations of the task
    ms: int | None = None


def _records(item: JsonItem, polarities: set[str]) -> Iterator[RawRecord]:
    """A record for each annotation and each prediction of a task; one without marks if there are none.

    What is to be said of the whole task is said of its first record.
    """
    shortened = label_studio_min.is_one(item.value)
    task = label_studio_min.as_task(item.value) if shortened else item.value
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        raise RecordError([Problem(f"{piece(task)} is no task", "write an object with data and annotations")])
    data: Fields = task["data"]
    text = _text_of(data)
    facts: dict[str, Any] = {name: fact for name in _FACTS if isinstance(fact := data.get(name), str)}
    meta, of_task = data.get("meta"), task.get("meta")
    rest = {key: value for key, value in data.items() if key not in facts and key != "meta" and value != text}
    rest |= meta if isinstance(meta, dict) else {} if meta is None else {"meta": meta}
    rest = (of_task if isinstance(of_task, dict) else {}) | rest
    sets, remarks = _sets(task, f"[{item.index}]")
    for n, one in enumerate(sets or [_Set([], Maker.UNKNOWN, f"[{item.index}]")]):
        marks, left_out = _Regions(one.result).marks(polarities)
        said = [*([] if n else remarks), *([_NAMELESS] if one.nameless else []), *left_out]
        if shortened and any(mark.kind == "stance" for mark in marks):
            said.append(label_studio_min.NO_PARTS)
        yield RawRecord(
            text,
            marks,
            meta=rest,
            annotator=one.annotator,
            run=one.run,
            ms=one.ms,
            maker=one.maker,
            gold=one.gold,
            several=one.several,
            place=one.place,
            remarks=said,
            **facts,
        )


def _text_of(data: Fields) -> str:
    """The field called text, else the longest one."""
    if isinstance(data.get("text"), str):
        return str(data["text"])
    texts = [value for value in data.values() if isinstance(value, str)]
    if not texts:
        raise RecordError([Problem("the data of the task hold no text", "give the task its text")])
    return max(texts, key=len)


def _sets(task: Fields, place: str) -> tuple[list[_Set], list[str]]:
    """The annotations and predictions of a task, and what is to be said of it.

    The ground truth is gold and nobody's labels: who settles what others differ in is not one of them.
    """
    found: list[_Set] = []
    remarks = [_NUMBERS] if "created_at" in task or "inner_id" in task else []
    for name in ("annotations", "completions", "predictions"):
        for n, one in enumerate(_list(task.get(name), name)):
            if not isinstance(one, dict):
                raise RecordError(
                    [Problem(f"{name}[{n}] is {piece(one)}", "make it an object with a result")]
                )
            if one.get("was_cancelled"):
                remarks.append(_CANCELLED)
                continue
            where, result = f"{place}.{name}[{n}]", _list(one.get("result"), "result")
            if name == "predictions":
                found.append(_Set(result, Maker.MODEL, where, run=_run(one)))
                if one.get("score") is not None and _NUMBERS not in remarks:
                    remarks.append(_NUMBERS)
            else:
                settled = one.get("ground_truth") is True
                found.append(
                    _Set(result, Maker.PERSON, where, _annotator(one), gold=settled, n=n, ms=_ms(one))
                )
    people = [one for one in found if one.maker is Maker.PERSON]
    if len(people) > 1:
        others = [one for one in found if one.maker is not Maker.PERSON]
        named = (one.annotator or f"annotator {one.n + 1}" for one in people)
        found = [
            replace(one, annotator=name, several=True, nameless=one.annotator is None)
            for one, name in zip(people, named, strict=True)
        ]
        found += others
    return [replace(one, gold=one.gold and one.annotator is not None) for one in found], remarks


def _run(prediction: Fields) -> RunName | None:
    said = prediction.get("run")
    if isinstance(said, list) and len(said) == 2 and all(isinstance(part, str) for part in said):
        return said[0], said[1]
    version = prediction.get("model_version")
    return (version, "") if isinstance(version, str) and version else None


def _annotator(annotation: Fields) -> str | None:
    """Who made it: as we write it, else Label Studio's user by address, name or number."""
    said = annotation.get("annotator", annotation.get("completed_by"))
    if isinstance(said, dict):
        said = next((said[key] for key in ("email", "username", "id") if said.get(key)), None)
    if type(said) is int:
        return f"user {said}"
    return said if isinstance(said, str) and said else None


def _ms(annotation: Fields) -> int | None:
    """The time it took, which Label Studio has in seconds."""
    seconds: Any = annotation.get("lead_time")
    if type(seconds) in (int, float) and 0 <= seconds < _LONGEST_WORK:
        return int(seconds * 1000 + 0.5)
    return None


class _Regions:
    """The regions of one result, by id, and the relations between them."""

    def __init__(self, result: list[Any]) -> None:
        self._regions: list[Fields] = []
        self._by_id: dict[str, Fields] = {}
        self._parts: dict[str, dict[str, str]] = {}
        self._left_out: dict[str, None] = {}
        for n, entry in enumerate(result):
            if not isinstance(entry, dict):
                raise RecordError([Problem(f"result[{n}] is {piece(entry)}", "make it a region")])
            self._add(entry)

    def _add(self, entry: Fields) -> None:
        if entry.get("type") == "relation":
            self._relate(entry)
        elif entry.get("type") == "labels" and isinstance(entry.get("value"), dict):
            self._regions.append(entry)
            self._by_id.setdefault(str(entry.get("id")), entry)
        else:
            self._left_out[_LEFT_OUT] = None

    def _relate(self, entry: Fields) -> None:
        roles = [str(label).lower() for label in _list(entry.get("labels"), "labels")]
        role = next((role for role in roles if role in _ROLES), None)
        if role is None:
            self._left_out[_LEFT_OUT] = None
            return
        ends = str(entry.get("from_id")), str(entry.get("to_id"))
        of, to = reversed(ends) if entry.get("direction") == "left" else ends
        if self._parts.setdefault(of, {}).setdefault(role, to) != to:
            self._left_out[_SECOND] = None

    def marks(self, polarities: set[str]) -> tuple[list[RawMark], list[str]]:
        """The marks, and what of the result is none. Raises RecordError."""
        marks = []
        for n, region in enumerate(self._regions):
            if region.get("from_name") == _PARTS:
                continue
            at = f"result {region.get('id', n)}"
            labels = _list(region["value"].get("labels"), "labels")
            if not labels:
                self._left_out[_UNLABELLED] = None
            for label in labels:
                parts = self._parts.get(str(region.get("id")), {})
                polarity = isinstance(label, str) and label in polarities
                is_stance = region.get("from_name") == _STANCES or polarity or bool(parts)
                holder, target = (self._part(parts.get(role)) if is_stance else None for role in _ROLES)
                marks.append(
                    RawMark(
                        "stance" if is_stance else "entity",
                        label,
                        [_span(region)],
                        _name(region),
                        _note(region),
                        region.get("score"),
                        holder,
                        target,
                        at=at,
                    )
                )
        return marks, list(self._left_out)

    def _part(self, id_: str | None) -> RawPart | None:
        if id_ is None:
            return None
        if id_ not in self._by_id:
            what = f"a relation leads to the region {piece(id_)}, which is not there"
            raise RecordError([Problem(what, "correct the relation")])
        region = self._by_id[id_]
        return RawPart([_span(region)], _name(region))


def _span(region: Fields) -> RawSpan:
    value = region["value"]
    covered = value.get("text")
    start: Any = value.get("start")
    end: Any = value.get("end")
    return RawSpan(start, end, covered if isinstance(covered, str) else None)


def _meta(region: Fields) -> Fields:
    meta = region.get("meta")
    return meta if isinstance(meta, dict) else {}


def _name(region: Fields) -> str | None:
    name = _meta(region).get("name")
    return name if isinstance(name, str) else None


def _note(region: Fields) -> str | None:
    note = _meta(region).get("text")
    if isinstance(note, list):
        return "\n".join(map(str, note)) if note else None
    return note if isinstance(note, str) else None


def _list(value: Any, name: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise RecordError([Problem(f"{name} is {piece(value)}", "make it a list")])
    return value
