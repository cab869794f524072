"""Other programs' ways to count offsets, turned into code points of the text as it stands."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

from annotator.domain.frozen import frozen
from annotator.domain.text import Utf16Map

_CRLF = re.compile("\r\n")
_INNER = ("holder", "target", "suggested")


@frozen
class Unit:
    """One way to count. `convert` gives the code point of a foreign offset; `name` says it to a person."""

    name: str
    convert: Callable[[int], int]
    normalise: Callable[[str], str]


def other_units(text: str) -> Iterator[Unit]:
    """The ways that differ from code points on this text: UTF-16 units, then line ends counted as one."""
    if not text.isascii():
        yield Unit("UTF-16 units", Utf16Map(text).to_code_points, str)
    if "\r\n" in text:
        # Where each line end begins in the text that the other program counted in.
        starts = [match.start() - before for before, match in enumerate(_CRLF.finditer(text))]
        yield Unit(
            "code points with each CRLF counted as one",
            lambda offset: offset + bisect_left(starts, offset),
            lambda covered: covered.replace("\r\n", "\n"),
        )


def in_code_points(items: Any, text: str, unit: Unit) -> Any:
    """A copy of a list of spans, with the spans inside them, that counts in code points of `text`.

    A span's own `text` becomes the covered text when both say the same up to line ends. What is no list of
    spans is given back as it is.
    """
    return [_converted(item, text, unit) for item in items] if isinstance(items, list) else items


def _converted(item: Any, text: str, unit: Unit, *, depth: int = 2) -> Any:
    if not isinstance(item, dict):
        return item
    copy = dict(item)
    if depth:
        inner = {key: item[key] for key in _INNER if key in item}
        copy |= {key: _converted(value, text, unit, depth=depth - 1) for key, value in inner.items()}
    start, end = item.get("start"), item.get("end")
    if type(start) is int and type(end) is int:
        copy["start"], copy["end"] = unit.convert(start), unit.convert(end)
        covered = text[max(copy["start"], 0) : max(copy["end"], 0)]
        if "text" in item and unit.normalise(covered) == item["text"]:
            copy["text"] = covered
    return copy
