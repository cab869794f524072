"""What a label may be called, look like and be reached by; which colours to take first."""

import re
from collections.abc import Collection

from annotator.domain.labels import Kind, Label, LabelSet

# Okabe and Ito, "Color Universal Design" (2008), without black; then colours that stand apart from them.
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442")
MORE_COLORS = ("#8c564b", "#7a5fc0", "#5b6b7b", "#a3415f", "#4f8a10", "#b58900", "#2a9d9d")
# The keys that a label of each kind can have; other labels get what is left over, and can be typed.
KEYS = {Kind.ENTITY: tuple("1234567890"), Kind.POLARITY: tuple("FGN")}

_COLOR = re.compile(r"#[0-9a-f]{6}\Z")
_NAME = re.compile(r"[^\W\d_][\w\-]{0,39}\Z")
_CLOSE = 60  # distance of two colours, 0 to 765, below which they are easily taken for each other


def name_fault(name: str) -> str:
    """What is wrong with a label's name, "" if nothing is."""
    if _NAME.match(name):
        return ""
    return f"label name {name!r} must start with a letter and hold up to 40 letters, digits, _ or -"


def color_fault(color: str) -> str:
    return "" if _COLOR.match(color) else f"color {color!r} must look like #1a5fb4"


def key_fault(key: str) -> str:
    return "" if len(key) <= 1 and not key.isspace() else f"key {key!r} must be one character or empty"


def taken_by(labelset: LabelSet, kind: Kind, name: str, *, but: str = "") -> str:
    """Why a label other than `but` cannot have the name, "" if it can."""
    holder = labelset.now(kind, name)
    if holder is None or holder.name == but:
        return ""
    if holder.name == name:
        return f"{name} is there already{': it is retired, bring it back' if holder.retired else ''}."
    return f"{name} was the name of {holder.name} before, and suggestions still go by it. Choose another."


def key_holder(labelset: LabelSet, label: Label, key: str) -> Label | None:
    """The other offered label that has a key."""
    return next(
        (
            each
            for each in labelset.offered
            if key and each.key.lower() == key.lower() and (each.kind, each.name) != (label.kind, label.name)
        ),
        None,
    )


def free_color(used: Collection[str]) -> str:
    """Of the colours that the fewest labels have, the one least like any that is used; of those the first."""
    every = (*COLORS, *MORE_COLORS)
    counts = [sum(color == each for each in used) for color in every]
    free = [color for color, count in zip(every, counts, strict=True) if count == min(counts)]
    others = [color for color in used if not color_fault(color)]
    return max(free, key=lambda color: min((_unlike(color, each) for each in others), default=0))


def free_key(labelset: LabelSet, kind: Kind) -> str:
    """The first key of a kind that no offered label has, "" if all are taken."""
    taken = {label.key.upper() for label in labelset.offered}
    return next((key for key in KEYS[kind] if key not in taken), "")


def look_alike(labelset: LabelSet, label: Label, color: str) -> Label | None:
    """Another offered label of the kind whose colour is easily taken for this one."""
    if color_fault(color):
        return None
    others = (each for each in labelset.offered if each.kind is label.kind and each.name != label.name)
    return next((each for each in others if _distance(each.color, color) < _CLOSE), None)


def _unlike(one: str, other: str) -> float:
    """How different two colours are when a theme has made them equally light: mostly by their hue."""
    (one_tint, one_light), (other_tint, other_light) = _tint(one), _tint(other)
    hue = sum(abs(left - right) for left, right in zip(one_tint, other_tint, strict=True))
    return hue + abs(one_light - other_light) / 4


def _tint(color: str) -> tuple[tuple[float, ...], float]:
    """What a colour has of red, green and blue above or below its lightness, and that lightness, 0 to 255."""
    parts = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    light = sum(parts) / 3
    return tuple(part - light for part in parts), light


def _distance(one: str, other: str) -> int:
    return sum(abs(int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) for at in (1, 3, 5))
