"""Writes one article and one source's marks as a record; the inverse of the reader."""

from collections.abc import Iterable
from typing import Any

from annotator.domain.articles import Status, title_of
from annotator.domain.codec.reader import EFFORT, FACTS
from annotator.domain.codec.records import RULING, SAW, MarkRow, Origin, Record, Ruling, RunName
from annotator.domain.labels import LabelSet


def write_record(record: Record) -> dict[str, Any]:
    """The fields of a record in their order, without label set and hashes. Marks stand in the order given."""
    article, text = record.article, record.article.text
    facts = {key: value for key in FACTS if (value := getattr(article, key)) is not None}
    fields: dict[str, Any] = {
        "text": text,
        "title": article.title,
        "meta": facts | dict(article.meta) | _effort(record),
    }
    marks = _marks(record, text)
    stances = [mark for mark in marks if "holder" in mark]
    fields["spans"] = [mark for mark in marks if "holder" not in mark] if stances else marks
    fields["stances"] = stances
    fields["zones"] = [
        {"start": start, "end": end, "kind": kind, "text": text[start:end]}
        for start, end, kind in record.zones or ()
    ]
    if record.rejected:
        fields["rejected"] = [_mark(row, text) | _origin(origin, text) for row, origin in record.rejected]
    if record.run is not None:
        fields["pipeline"], fields["version"] = record.run
    return fields | _work(record)


def without_text(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a record less its text and what marks cover; less its title if that is from the text."""
    dropped = ("text", "title") if fields["title"] == title_of(fields["text"]) else ("text",)
    kept = {key: value for key, value in fields.items() if key not in dropped}
    for key in ("spans", "stances", "zones", "rejected"):
        if key in kept:
            kept[key] = [_without_covered(item) for item in kept[key]]
    return kept


def _without_covered(item: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _without_covered(value) if isinstance(value, dict) else value
        for key, value in item.items()
        if key != "text"
    }


def label_set_fields(labelset: LabelSet) -> dict[str, Any]:
    return {"name": labelset.name, "version": labelset.version, "id": labelset.id}


def _work(record: Record) -> dict[str, Any]:
    """Who did it, when, and how far they are. In Prodigy's words what is not finished is ignored."""
    fields: dict[str, Any] = {}
    if record.status is not None:
        fields["answer"] = "accept" if record.status is Status.DONE else "ignore"
        fields["status"] = record.status.value
    if record.flagged:
        fields["_flagged"] = True
    if record.remark is not None:
        fields["_note"] = record.remark
    if record.annotator is not None:
        fields["_annotator_id"] = record.annotator
    if record.at is not None:
        fields["_timestamp"] = record.at // 1000
    return fields


def _effort(record: Record) -> dict[str, Any]:
    """The time a person spent, idle time left out: on the article, and on the decisions that have some."""
    if record.ms is None:
        return {}
    taken = [origin.ms for origin in record.origins.values()] + [origin.ms for _, origin in record.rejected]
    taken = [ms for ms in taken if ms]
    return {EFFORT: {"ms": record.ms, "decisions": len(taken), "decision_ms": sum(taken)}}


def _marks(record: Record, text: str) -> list[dict[str, Any]]:
    marks = _plain_marks(record.marks, text, record.run[0] if record.run is not None else None)
    for n, origin in record.origins.items():
        marks[n] |= _origin(origin, text)
    return marks


def _plain_marks(rows: Iterable[MarkRow], text: str, pipeline: str | None) -> list[dict[str, Any]]:
    """Marks without their origins. The one loop that runs for every mark of a large export."""
    marks = []
    for row in rows:
        kind, label, start, end, score, name, _, _, _, _, _, _ = row
        mark: dict[str, Any] = {"start": start, "end": end, "label": label, "text": text[start:end]}
        if name is not None:
            mark["name"] = name
        if score is not None:
            mark["score"] = score
        if kind == "stance":
            mark |= _parts(row, text)
        if pipeline is not None:
            mark["pipeline"] = pipeline
        marks.append(mark)
    return marks


def _mark(row: MarkRow, text: str) -> dict[str, Any]:
    return _plain_marks((row,), text, None)[0]


def _parts(row: MarkRow, text: str) -> dict[str, Any]:
    return {"holder": _part(*row[6:9], text), "target": _part(*row[9:12], text)}


def _part(start: int | None, end: int | None, name: str | None, text: str) -> dict[str, Any] | None:
    if start is None or end is None:
        return None
    part: dict[str, Any] = {"start": start, "end": end, "text": text[start:end]}
    return part if name is None else part | {"name": name}


def _origin(origin: Origin, text: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"source": origin.source.value} if origin.source else {}
    if origin.run is not None:
        fields |= _run(origin.run)
    if origin.ms:
        fields["ms"] = origin.ms
    if origin.saw is not None:
        fields[SAW] = origin.saw
    if origin.note is not None:
        fields["note"] = origin.note
    if origin.suggested is not None:
        fields["suggested"] = _mark(origin.suggested, text)
    if origin.ruling is not None:
        fields[RULING] = _ruling(origin.ruling)
    return fields


def _ruling(ruling: Ruling) -> dict[str, Any]:
    fields: dict[str, Any] = {"how": ruling.how, "by": ruling.by, "at": ruling.at}
    if ruling.reason is not None:
        fields["reason"] = ruling.reason
    return fields | {"votes": dict(ruling.votes)}


def _run(run: RunName) -> dict[str, str]:
    return {"pipeline": run[0], "version": run[1]}
