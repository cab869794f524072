"""What Qt is given to draw: a copy of the text with the same UTF-16 length; and what scripts ask for."""

import re
import unicodedata

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
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Scripts whose letters stand alone: letter spacing after one breaks no joining.
_STANDS_ALONE = re.compile(
    "[\x00-\u02ff\u0370-\u0482\u048a-\u058f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u22ff"
    "\u3000-\u3098\u309b-\u9fff\uac00-\ud7a3\uff01-\uff60]"
)
_STRONG_WITHIN = 1_000  # code points looked at for the direction of a paragraph


def display_copy(text: str) -> str:
    """The text with what Qt drops or misreads replaced, one code point for one of the same width."""
    return text.translate(_SHOWN) if _ODD.search(text) else text


def has_right_to_left(text: str) -> bool:
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


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
    if not _STANDS_ALONE.match(text[at]):
        return False
    following = text[at + 1 : at + 2]
    return not following or not (
        unicodedata.combining(following) or unicodedata.category(following) in ("Mn", "Mc", "Me", "Cf")
    )
