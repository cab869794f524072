"""Words that are read from right to left, and lines of ours in which they stand."""

import re

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def has_right_to_left(text: str) -> bool:
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def isolated(words: str) -> str:
    """Words or a name for a line of ours: letters from right to left in them turn nothing around them."""
    return f"\u2068{words}\u2069" if has_right_to_left(words) else words
