"""What Qt is given to draw: a copy of the text with the same UTF-16 length; and what scripts ask for."""

import re
import unicodedata
from bisect import bisect_right

from annotator.domain.directions import has_right_to_left

# Of the copy only the look matters: positions are the text's own. Qt drops a leading BOM and lone surrogates,
# draws nothing for control characters and takes U+2028 and U+FFFC as its own marks.
_ODD = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffc\ufffe\uffff]"
)
_SHOWN = (
    {code: 0x2400 + code for code in range(0x20) if code != 0x09}
    | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
    | dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
    | dict.fromkeys(range(0xFDD0, 0xFDF0), 0xFFFD)
    | dict.fromkeys((0xFFFC, 0xFFFE, 0xFFFF), 0xFFFD)
    | {0x7F: 0x2421, 0xAD: 0x2010, 0x2028: 0x21B5, 0x2029: 0x00B6, 0xFEFF: 0x2060}
)
# Scripts whose letters stand alone, as letter spacing after one breaks no joining: the first code point of a
# range, then the first after it. (A pattern of these takes a hundredth of the window's start to compile.)
_STANDING_ALONE = (
    *(0x0000, 0x0300, 0x0370, 0x0483, 0x048A, 0x0590, 0x1E00, 0x2000, 0x2010, 0x2028, 0x2030, 0x205F),
    *(0x20A0, 0x20C0, 0x2100, 0x2300, 0x3000, 0x3099, 0x309B, 0xA000, 0xAC00, 0xD7A4, 0xFF01, 0xFF61),
)
_STRONG_WITHIN = 1_000  # code points looked at for the direction of a paragraph


def display_copy(text: str) -> str:
    """The text with what Qt drops or misreads replaced, one code point for one of the same width."""
    return text.translate(_SHOWN) if _ODD.search(text) else text


def reads_right_to_left(text: str) -> bool:
    """Whether the first strong character is right-to-left (UAX #9, P2 and P3, isolates aside)."""
    if not has_right_to_left(text):
        return False
    for character in text[:_STRONG_WITHIN]:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def bears_room(text: str, at: int) -> bool:
    """Whether spacing the code point at `at` makes room after it and breaks no cluster or joining."""
    if not bisect_right(_STANDING_ALONE, ord(text[at])) % 2:
        return False
    following = text[at + 1 : at + 2]
    return not following or not (
        unicodedata.combining(following) or unicodedata.category(following) in ("Mn", "Mc", "Me", "Cf")
    )
