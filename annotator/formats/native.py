"""Records of native JSON, their offsets in whatever unit: told by a person, or found by covered texts."""

from collections.abc import Iterator
from typing import Any

from annotator.domain.codec.problems import RecordError
from annotator.domain.codec.reader import RecordReader
from annotator.domain.codec.records import Record
from annotator.formats.contract import Reading
from annotator.formats.offset_units import (
    WORDS,
    Convert,
    OffsetUnit,
    RawSpan,
    UnitFinder,
    normal,
    to_code_points,
)

_LISTS = ("spans", "stances", "zones", "rejected")
_INNER = ("holder", "target", "suggested")
_COUNTED = (OffsetUnit.CODE_POINTS, OffsetUnit.UTF16, OffsetUnit.CODE_POINTS_LF, OffsetUnit.UTF16_LF)


class NativeReader:
    """Reads records as RecordReader does; `remarks` holds what the person should know of the last one."""

    def __init__(self, reading: Reading) -> None:
        self._reader = RecordReader(text_of=reading.text_of)
        self._stated = reading.unit
        self.remarks: list[str] = []

    def read(self, raw: object) -> Record:
        """The record of a JSON value. Raises RecordError with its problems.

        Offsets are code points, as documented; if they cannot be, and covered texts bear out another unit,
        they are that.
        """
        self.remarks = []
        if self._stated is not None:
            said = [f"offsets were taken as {WORDS[self._stated]}, as was said"]
            return self._counted(raw, self._stated, [] if self._stated is OffsetUnit.CODE_POINTS else said)
        try:
            return self._counted(raw, OffsetUnit.CODE_POINTS, [])
        except RecordError as error:
            unit, remark = self._found(raw)
            if unit is OffsetUnit.CODE_POINTS:
                raise
            try:
                return self._counted(raw, unit, [remark] if remark else [])
            except RecordError as other:
                raise (other if len(other.problems) < len(error.problems) else error) from None

    def _counted(self, raw: object, unit: OffsetUnit, remarks: list[str]) -> Record:
        record = self._reader.read(self._in_code_points(raw, unit))
        self.remarks = remarks + self._reader.remarks
        return record

    def _found(self, raw: object) -> tuple[OffsetUnit, str | None]:
        """The unit that the covered texts bear out, and a remark."""
        spans = list(_spans(raw))
        text = self._text(raw)
        if text is None or all(span.covered is None for span in spans):
            return OffsetUnit.CODE_POINTS, None
        return UnitFinder(_COUNTED).unit_of(text, spans)

    def _text(self, raw: object) -> str | None:
        try:
            return self._reader.text(raw)
        except RecordError:
            return None

    def _in_code_points(self, raw: object, unit: OffsetUnit) -> object:
        """The record with its spans in code points, if they are not."""
        if unit is OffsetUnit.CODE_POINTS or not isinstance(raw, dict):
            return raw
        text = self._text(raw)
        if text is None:
            return raw
        convert = to_code_points(text, unit)
        lists = {key: raw[key] for key in _LISTS if isinstance(raw.get(key), list)}
        return raw | {
            key: [_converted(item, text, convert) for item in items] for key, items in lists.items()
        }


def _spans(raw: object) -> Iterator[RawSpan]:
    """Every span of a record that has offsets, those within others, too."""
    lists = (raw.get(key) for key in _LISTS) if isinstance(raw, dict) else ()
    for items in lists:
        for item in items if isinstance(items, list) else ():
            yield from _inner_spans(item)


def _inner_spans(item: Any, depth: int = 2) -> Iterator[RawSpan]:
    if not isinstance(item, dict):
        return
    start, end, covered = item.get("start"), item.get("end"), item.get("text")
    if type(start) is int and type(end) is int:
        yield RawSpan(start, end, covered if isinstance(covered, str) else None)
    for key in _INNER if depth else ():
        yield from _inner_spans(item.get(key), depth - 1)


def _converted(item: Any, text: str, convert: Convert, depth: int = 2) -> Any:
    """A copy of a span, and of those within it, that counts in code points; -1 for what is no offset.

    Its own `text` becomes the covered text when both say the same up to line ends.
    """
    if not isinstance(item, dict):
        return item
    copy = dict(item)
    for key in _INNER if depth else ():
        if key in item:
            copy[key] = _converted(item[key], text, convert, depth - 1)
    start, end = item.get("start"), item.get("end")
    if type(start) is int and type(end) is int:
        first, last = convert(start), convert(end)
        copy["start"], copy["end"] = -1 if first is None else first, -1 if last is None else last
        covered = text[max(copy["start"], 0) : max(copy["end"], 0)]
        if isinstance(item.get("text"), str) and normal(covered) == normal(item["text"]):
            copy["text"] = covered
    return copy
