"""The ways programs count offsets: named, converted to code points and back, found out where untold."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from annotator.domain.frozen import frozen
from annotator.domain.text import Utf16Map, token_edge

_SURE = 8  # spans that must fall on word borders before texts without covered text are believed


class OffsetUnit(StrEnum):
    """What an offset counts. The `_LF` units count each CRLF once, as programs do that read text files."""

    CODE_POINTS = "code-points"
    UTF16 = "utf-16"
    GRAPHEMES = "graphemes"
    CODE_POINTS_LF = "code-points-lf"
    UTF16_LF = "utf-16-lf"
    BYTES = "bytes"  # of UTF-8


WORDS = {
    OffsetUnit.CODE_POINTS: "code points",
    OffsetUnit.UTF16: "UTF-16 units",
    OffsetUnit.GRAPHEMES: "graphemes",
    OffsetUnit.CODE_POINTS_LF: "code points with each CRLF counted as one",
    OffsetUnit.UTF16_LF: "UTF-16 units with each CRLF counted as one",
    OffsetUnit.BYTES: "bytes of UTF-8",
}

Convert = Callable[[int], int | None]
"""The other side's offset for one; None past the end or inside one of its characters."""


@frozen
class RawSpan:
    """A span as a file gives it, in whatever unit; `covered` is the text it says it covers."""

    start: int
    end: int
    covered: str | None = None


def to_code_points(text: str, unit: OffsetUnit) -> Convert:
    """From offsets in a unit to code points of `text`."""
    if unit is OffsetUnit.CODE_POINTS or differs(text, unit) is False:
        length = len(text)
        return lambda offset: offset if 0 <= offset <= length else None
    if unit is OffsetUnit.UTF16:
        return _from_utf16(text)
    starts = _starts(text, unit)

    def convert(offset: int) -> int | None:
        at = bisect_left(starts.foreign, offset)
        if at == len(starts.foreign) or starts.foreign[at] != offset:
            return None
        return starts.own[at]

    return convert


def _from_utf16(text: str) -> Convert:
    units, length = Utf16Map(text), len(text)

    def convert(offset: int) -> int | None:
        at = units.to_code_points(offset)
        return at if 0 <= at <= length and units.to_utf16(at) == offset else None

    return convert


def from_code_points(text: str, unit: OffsetUnit) -> Convert:
    """From code points of `text` to offsets in a unit; None inside one of the unit's characters."""
    if unit is OffsetUnit.CODE_POINTS or differs(text, unit) is False:
        length = len(text)
        return lambda offset: offset if 0 <= offset <= length else None
    if unit is OffsetUnit.UTF16:
        utf16, length = Utf16Map(text), len(text)
        return lambda offset: utf16.to_utf16(offset) if 0 <= offset <= length else None
    starts = _starts(text, unit)

    def convert(offset: int) -> int | None:
        at = bisect_left(starts.own, offset)
        if at == len(starts.own) or starts.own[at] != offset:
            return None
        return starts.foreign[at]

    return convert


def differs(text: str, unit: OffsetUnit) -> bool:
    """Whether some offset of `text` is another number in the unit than in code points."""
    match unit:
        case OffsetUnit.CODE_POINTS:
            return False
        case OffsetUnit.UTF16:
            return not text.isascii() and any(character > "\uffff" for character in text)
        case OffsetUnit.BYTES:
            return not text.isascii()
        case OffsetUnit.CODE_POINTS_LF:
            return "\r\n" in text
        case OffsetUnit.UTF16_LF:
            return "\r\n" in text or differs(text, OffsetUnit.UTF16)
        case OffsetUnit.GRAPHEMES:
            return "\r\n" in text or not text.isascii()


@dataclass(slots=True)
class UnitFinder:
    """Finds out how a file's offsets are counted, text by text; what one text settles holds for the next.

    `candidates` begins with what the format is documented to count. `stated` is what a person or the file
    said: then nothing is guessed, and covered texts that say otherwise are the caller's faults.
    """

    candidates: Sequence[OffsetUnit]
    stated: OffsetUnit | None = None
    _borders: dict[OffsetUnit, int] = field(default_factory=dict)
    _settled: OffsetUnit | None = None

    def unit_of(self, text: str, spans: Iterable[RawSpan]) -> tuple[OffsetUnit, str | None]:
        """The unit of one text's offsets, and a remark for people if that was found out or guessed.

        Covered texts decide where there are any; else the word borders that the spans of this text, with
        those of the ones before, fall on; else the first candidate under which all spans lie in the text.
        There is no remark where every candidate leads to the same places.
        """
        if self.stated is not None:
            return self.stated, None
        if len(self.candidates) == 1:
            return self.candidates[0], None
        raw = list(spans)
        first = self._settled or self.candidates[0]
        order = [first, *(unit for unit in self.candidates if unit is not first)]
        if not raw or not any(differs(text, unit) for unit in order):
            return first, None
        fits = {unit: _fit(text, raw, unit) for unit in order}
        if all(fit.places == fits[first].places for fit in fits.values()):
            return first, None
        if any(span.covered is not None for span in raw):
            return self._by_covered_text(order, fits)
        return self._by_borders(order, fits)

    def _by_covered_text(
        self, order: Sequence[OffsetUnit], fits: dict[OffsetUnit, "_Fit"]
    ) -> tuple[OffsetUnit, str | None]:
        exact = (unit for unit in order if fits[unit].exact == fits[unit].spans)
        but_for_line_ends = (unit for unit in order if fits[unit].covered == fits[unit].spans)
        best = next(exact, None) or next(but_for_line_ends, None)
        if best is None:  # a text is wrong whatever the unit: it is told in the one in which most are right
            best = max(order, key=lambda unit: fits[unit].covered)
        # Another unit that fits as well says nothing new of the file.
        elif fits[best].covered != fits[order[0]].covered:
            self._settled = best
        return best, self._remark(best, "as the texts they cover show")

    def _by_borders(
        self, order: Sequence[OffsetUnit], fits: dict[OffsetUnit, "_Fit"]
    ) -> tuple[OffsetUnit, str | None]:
        whole = [unit for unit in order if fits[unit].inside == fits[unit].spans] or [order[0]]
        if len({(fit.inside, fit.borders) for fit in fits.values()}) > 1:  # this text tells them apart
            for unit, fit in fits.items():
                self._borders[unit] = self._borders.get(unit, 0) + fit.borders
        best = max(whole, key=lambda unit: (self._borders.get(unit, 0), -order.index(unit)))
        if self._borders.get(best, 0) >= _SURE:
            self._settled = best
        rivals = (unit for unit in whole if fits[unit].places != fits[best].places)
        if any(self._borders.get(unit, 0) == self._borders.get(best, 0) for unit in rivals):
            return best, f"nothing tells how offsets are counted: they were taken as {WORDS[best]}"
        if len({fits[unit].places for unit in whole}) == 1:
            return best, self._remark(best, "as only so all of them lie in the text")
        return best, self._remark(best, "as the word borders they fall on show")

    def _remark(self, unit: OffsetUnit, why: str) -> str | None:
        """Nothing if it is code points as it should be."""
        documented = self.candidates[0]
        if unit is not documented:
            why = f"not {WORDS[documented]} as the format has it, {why}"
        elif unit is OffsetUnit.CODE_POINTS:
            return None
        now = "" if unit is OffsetUnit.CODE_POINTS else "; they are now code points"
        return f"offsets were {WORDS[unit]}, {why}{now}"


@frozen
class _Fit:
    """How many spans there are, lie in the text, cover what they say; how many borders are a token's.

    `covered` is the same text up to line ends; `places` are the spans in code points, None for what is none.
    """

    spans: int
    inside: int
    exact: int
    covered: int
    borders: int
    places: tuple[tuple[int, int] | None, ...]


def _fit(text: str, spans: Sequence[RawSpan], unit: OffsetUnit) -> _Fit:
    convert = to_code_points(text, unit)
    inside = exact = covered = borders = 0
    places: list[tuple[int, int] | None] = []
    for span in spans:
        start, end = convert(span.start), convert(span.end)
        if start is None or end is None or start >= end:
            places.append(None)
            continue
        places.append((start, end))
        inside += 1
        exact += span.covered is None or text[start:end] == span.covered
        covered += span.covered is None or same_text(text[start:end], span.covered)
        borders += _is_border(text, start, start) + _is_border(text, end, end - 1)
    return _Fit(len(spans), inside, exact, covered, borders, tuple(places))


def _is_border(text: str, offset: int, inner: int) -> bool:
    return token_edge(text, offset) and not text[inner].isspace()


def same_text(covered: str, said: str) -> bool:
    """Whether two texts are the same but for their line ends."""
    return covered == said or normal(covered) == normal(said)


def normal(text: str) -> str:
    """With every line end as one line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@frozen
class _Starts:
    """Where each character of a unit begins, in code points and in the unit; the text's end included."""

    own: Sequence[int]
    foreign: Sequence[int]


def _starts(text: str, unit: OffsetUnit) -> _Starts:
    own, foreign, at = array("L"), array("L"), 0
    if unit is OffsetUnit.GRAPHEMES:
        own.extend(grapheme_starts(text))
        own.append(len(text))
        return _Starts(own, range(len(own)))
    joined = unit in (OffsetUnit.CODE_POINTS_LF, OffsetUnit.UTF16_LF)
    for n, character in enumerate(text):
        if joined and character == "\n" and n and text[n - 1] == "\r":
            continue
        own.append(n)
        foreign.append(at)
        at += _width(character, unit)
    own.append(len(text))
    foreign.append(at)
    return _Starts(own, foreign)


def _width(character: str, unit: OffsetUnit) -> int:
    if unit is OffsetUnit.BYTES:
        return len(character.encode("utf-8", "surrogatepass"))
    if unit in (OffsetUnit.UTF16, OffsetUnit.UTF16_LF):
        return 1 + (character > "\uffff")
    return 1


def grapheme_starts(text: str) -> Iterator[int]:
    """The code points at which the characters a reader sees begin (UAX 29, extended grapheme clusters)."""
    import regex  # slow to import, and few files count so

    return (match.start() for match in regex.finditer(r"\X", text))
