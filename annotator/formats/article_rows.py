"""Articles with their marks as rows of one shape, for tables that hold lists: Parquet, Hugging Face datasets.

Every row has every field, None where there is nothing, so that columns have types. Offsets are code points.
"""

import json
from collections.abc import Mapping
from typing import Any

from annotator.domain.codec.records import Origin, Record, parts_of
from annotator.formats.carrying import EVERYTHING, Feature

CARRIES = EVERYTHING - {
    *(Feature.DECISIONS, Feature.RULINGS, Feature.REJECTED, Feature.REMARKS, Feature.TIMES)
}
# A field is text, a whole number, a number, fields of its own, or (in a list) any number of such.
Shape = str | Mapping[str, Any] | list[Mapping[str, Any]]
TEXT, WHOLE, NUMBER = "string", "int64", "float64"
_SPAN = {"start": WHOLE, "end": WHOLE, "text": TEXT}
_PART = _SPAN | {"name": TEXT}
_MARK = _SPAN | {"score": NUMBER, "note": TEXT}
SHAPE: Mapping[str, Shape] = {
    **dict.fromkeys(("id", "title", "text", "source", "url", "published", "lang", "meta"), TEXT),
    **dict.fromkeys(("annotator", "status", "pipeline", "version"), TEXT),
    "entities": [{"label": TEXT} | _MARK | {"name": TEXT}],
    "stances": [{"polarity": TEXT} | _MARK | {"holder": _PART, "target": _PART}],
    "zones": [_SPAN | {"kind": TEXT}],
}
MEANINGS = {
    "id": "sha256 of the text, in hex",
    "title": "the article's title",
    "text": "the article, character for character",
    "source": "who published it",
    "url": "where it was found",
    "published": "when, as its source said",
    "lang": "its language",
    "meta": "whatever else its source said, as JSON",
    "annotator": "who made the marks; none for a pipeline",
    "status": "how far the annotator was",
    "pipeline": "what suggested the marks, if one pipeline did",
    "version": "of the pipeline",
    "entities": "spans with a label, and a canonical name if one was given",
    "stances": "spans of evidence with a polarity, whose it is (holder) and towards what (target)",
    "zones": "stretches that are not the article's prose",
}


def row_of(record: Record) -> dict[str, Any]:
    """The row of a record, its fields in the order of SHAPE."""
    article = record.article
    pipeline, version = record.run or (None, None)
    row: dict[str, Any] = {
        "id": article.sha256.hex(),
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "url": article.url,
        "published": article.published,
        "lang": article.lang,
        "meta": json.dumps(article.meta, ensure_ascii=False) if article.meta else None,
        "annotator": record.annotator,
        "status": record.status.value if record.status else None,
        "pipeline": pipeline,
        "version": version,
        "entities": [],
        "stances": [],
        "zones": [
            _span(article.text, start, end) | {"kind": kind} for start, end, kind in record.zones or ()
        ],
    }
    for n, mark in enumerate(record.marks):
        kind, label, start, end, score, name = mark[:6]
        note = record.origins.get(n, Origin(None)).note
        item = _span(article.text, start, end) | {"score": score, "note": note}
        if kind == "entity":
            row["entities"].append({"label": label} | item | {"name": name})
        else:
            holder, target = (_part(article.text, *part) for part in parts_of(mark))
            row["stances"].append({"polarity": label} | item | {"holder": holder, "target": target})
    return row


def _span(text: str, start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "text": text[start:end]}


def _part(text: str, start: int | None, end: int | None, name: str | None) -> dict[str, Any] | None:
    return None if start is None or end is None else _span(text, start, end) | {"name": name}
