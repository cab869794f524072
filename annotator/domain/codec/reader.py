"""Reads one parsed line: the article, its zones, its marks, and whose they are."""

import re
from collections.abc import Callable
from typing import Any

from annotator.domain.articles import Article, Status
from annotator.domain.codec.marks import MarkReader
from annotator.domain.codec.problems import Problem, RecordError, check_text, piece
from annotator.domain.codec.records import Record, ZoneRow
from annotator.domain.zones import ZoneKind

FACTS = ("source", "url", "published", "lang")  # of `meta`; the article has a column for each
EFFORT = "_effort"  # of `meta`: the time one person spent, so not a fact of the article
_LISTS = ("spans", "stances", "zones", "rejected")
_OURS = {
    *("text", "title", "meta", *_LISTS, "answer", "status", "pipeline", "version", "labelset", "sha256"),
    *("_flagged", "_note", "_annotator_id", "_input_hash", "_task_hash", "_timestamp"),
}
# What Prodigy keeps for its own pages; nothing is lost when it is not read.
_PRODIGY = {"tokens", "_view_id", "_session_id", "_is_binary", "config", "html", "accept", "options"}
_KNOWN = frozenset(_OURS | _PRODIGY)
_ANSWERS = {"accept": Status.DONE, "ignore": Status.SKIPPED, "reject": Status.SKIPPED}
_DEEPEST_META = 64
_SHA256 = re.compile("[0-9a-f]{64}")
_LAST_SECOND = 253_402_300_800  # the year 10000


class RecordReader:
    """Reads records. `remarks` holds what the person should know of the last one.

    Whether the label set has the labels is for the caller to see. `text_of` gives the text of a sha256 (hex)
    for records without one.
    """

    def __init__(self, *, text_of: Callable[[str], str | None] = lambda sha256: None) -> None:
        self._text_of = text_of
        self.remarks: list[str] = []

    def read(self, raw: object) -> Record:
        """The record of a JSON value, its offsets code points. Raises RecordError with its problems."""
        self.remarks = []
        text = self.text(raw)
        assert isinstance(raw, dict)
        record, problems = _attempt(raw, text)
        if problems:
            raise RecordError(problems)
        self.remarks += [f'the field "{key}" is not read' for key in raw.keys() - _KNOWN]
        if raw.get("answer") == "reject" and (raw.get("spans") or raw.get("stances")):
            self.remarks.append("the answer is reject: its marks are left out")
        return record

    def text(self, raw: object) -> str:
        """The text of a record, its own or the project's. Raises RecordError when there is none."""
        if not isinstance(raw, dict):
            raise RecordError(
                [Problem(f"the line is {piece(raw)}", 'each line is an object like {"text": "..."}')]
            )
        return check_text(raw["text"] if "text" in raw else self._known_text(raw))

    def _known_text(self, raw: dict[str, Any]) -> str:
        """The text of a record that stands off; RecordError when it names none, or one that is not here."""
        sha256 = raw.get("sha256")
        if not isinstance(sha256, str):
            raise RecordError([Problem(f'{piece(raw)} has no "text"', "give the article's text")])
        text = self._text_of(sha256) if _SHA256.fullmatch(sha256) else None
        if text is None:
            what = f'{piece(raw)} has no "text", and no article here has its "sha256"'
            raise RecordError([Problem(what, "import the article's text first")])
        return text


def _attempt(raw: dict[str, Any], text: str) -> tuple[Record, list[Problem]]:
    """The record as far as it can be read, and all that is wrong with it."""
    fields = _Fields(raw)
    pipeline, version = fields.string("pipeline"), fields.string("version")
    reader = MarkReader(text, (pipeline, version or "") if pipeline is not None else None)
    if raw.get("answer") != "reject" or "status" in raw:
        reader.read(fields.items("spans"), fields.items("stances"))
    record = Record(
        _article(fields, text),
        reader.marks,
        reader.origins,
        reader.rejected(fields.items("rejected")),
        _zones(fields, reader, text),
        reader.run,
        _annotator(fields),
        _status(fields),
        _at(fields),
        _ms(fields),
        _flagged(fields),
        fields.string("_note"),
    )
    return record, fields.problems + reader.problems


class _Fields:
    """The fields of one record by type; a wrong type is a problem."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.problems: list[Problem] = []

    def string(self, key: str) -> str | None:
        value = self.raw.get(key)
        if value is None or isinstance(value, str):
            return value
        self.wrong(key, "give a string, or leave it out")
        return None

    def items(self, key: str) -> list[Any]:
        value = self.raw.get(key)
        if isinstance(value, list):
            return value
        if value is not None:
            self.wrong(key, "give a list, or leave it out")
        return []

    def wrong(self, key: str, advice: str) -> None:
        self.problems.append(Problem(f'"{key}" is {piece(self.raw.get(key))}', advice))


def _article(fields: _Fields, text: str) -> Article:
    meta = fields.raw.get("meta")
    if meta is None:
        meta = {}
    if not isinstance(meta, dict) or _too_deep(meta):
        fields.wrong("meta", f"give an object nested at most {_DEEPEST_META} deep")
        meta = {}
    facts = {key: meta[key] for key in FACTS if isinstance(meta.get(key), str)}
    rest = {
        key: value
        for key, value in meta.items()
        if key not in facts and not (key == EFFORT and _is_effort(value))
    }
    article = Article.of(text, title=fields.string("title"), **facts, meta=rest)
    if fields.raw.get("sha256") not in (None, article.sha256.hex()):
        fields.wrong(
            "sha256",
            f"the text has {article.sha256.hex()[:12]}..., so it was changed after it was labelled: "
            'restore it, or remove "sha256" if the offsets still fit',
        )
    return article


def _zones(fields: _Fields, reader: MarkReader, text: str) -> list[ZoneRow] | None:
    if fields.raw.get("zones") is None:
        return None
    found: list[ZoneRow] = []
    for zone in fields.items("zones"):
        if reader.is_span(zone) and zone.get("kind", "other") in list(ZoneKind):
            found.append((zone["start"], zone["end"], zone.get("kind", "other")))
        else:
            reader.note_bad_span("zone", zone, f'"kind" is one of {", ".join(ZoneKind)}')
            if reader.enough:
                break
    return sorted(found)


def _annotator(fields: _Fields) -> str | None:
    name = fields.string("_annotator_id")
    if name is not None and not (name.strip() and name.isprintable()):
        fields.wrong("_annotator_id", "give a name, or leave it out")
    return name


def _status(fields: _Fields) -> Status | None:
    status, answer = fields.raw.get("status"), fields.raw.get("answer")
    if status is not None:
        if status in list(Status):
            return Status(status)
        fields.wrong("status", f"use one of {', '.join(Status)}")
    elif answer is not None:
        if isinstance(answer, str) and answer in _ANSWERS:
            return _ANSWERS[answer]
        fields.wrong("answer", f"use one of {', '.join(_ANSWERS)}")
    return None


def _flagged(fields: _Fields) -> bool:
    flagged = fields.raw.get("_flagged")
    if not isinstance(flagged, bool | None):
        fields.wrong("_flagged", "give true or false, or leave it out")
    return flagged is True


def _at(fields: _Fields) -> int | None:
    seconds = fields.raw.get("_timestamp")
    if seconds is None:
        return None
    if type(seconds) in (int, float) and 0 <= seconds < _LAST_SECOND:
        return int(seconds * 1000)
    fields.wrong("_timestamp", "give seconds since 1970, or leave it out")
    return None


def _is_effort(value: object) -> bool:
    """Whether it is what the writer writes; another program's field of that name stays with the article."""
    return isinstance(value, dict) and type(value.get("ms")) is int and 0 <= value["ms"] < 2**53


def _ms(fields: _Fields) -> int | None:
    meta = fields.raw.get("meta")
    effort = meta.get(EFFORT) if isinstance(meta, dict) else None
    return effort["ms"] if isinstance(effort, dict) and _is_effort(effort) else None


def _too_deep(value: Any) -> bool:
    """Whether objects and lists stand in each other more than `_DEEPEST_META` deep."""
    level = [value]
    for _ in range(_DEEPEST_META):
        level = [
            inner
            for item in level
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True
