"""The colours of the window: three kinds of chrome, and a readable fill, line and tag for each label."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

from PySide6.QtGui import QColor

from annotator.domain.frozen import frozen
from annotator.domain.labels import Kind, LabelSet

ThemeName = Literal["light", "dark", "contrast"]

TEXT = 4.5  # WCAG 2.2, 1.4.3: least contrast of text
OUTLINE = 3.0  # WCAG 2.2, 1.4.11: least contrast of what is not text
HIGH_TEXT = 7.0  # WCAG 2.2, 1.4.6: of text in the theme of high contrast
HIGH_OUTLINE = 4.5
_SPARE = 0.1  # 8-bit rounding may cost a little

_UNKNOWN = "#808080"
_LIGHT = {
    "bg": "#ffffff", "side": "#f7f6f3", "line": "#e4e2dc", "fg": "#1f1f1f", "dim": "#6b6a66",
    "accent": "#1a5fb4", "hover": "#ecebe6", "sel": "#e3ecf7", "cap": "#ffffff",
    "ok": "#00795a", "warn": "#b34700", "card": "#faf9f7", "focus": "#000000", "selection": "#8fb9ec",
}  # fmt: skip
_DARK = {
    "bg": "#1e1f22", "side": "#25262a", "line": "#383a40", "fg": "#e6e6e6", "dim": "#a3a3a3",
    "accent": "#78aeed", "hover": "#2d2f34", "sel": "#2b3a4d", "cap": "#2f3136",
    "ok": "#3fc79a", "warn": "#f0955a", "card": "#292b2f", "focus": "#ffffff", "selection": "#38649a",
}  # fmt: skip
_CONTRAST = {
    "bg": "#000000", "side": "#000000", "line": "#c4c4c4", "fg": "#ffffff", "dim": "#d6d6d6",
    "accent": "#7fd4ff", "hover": "#2e2e2e", "sel": "#00395c", "cap": "#000000",
    "ok": "#5ff0b5", "warn": "#ffb473", "card": "#000000", "focus": "#ffe14d", "selection": "#005a92",
}  # fmt: skip
_CHROME = {"light": _LIGHT, "dark": _DARK, "contrast": _CONTRAST}


@frozen
class Tint:
    """The colours of one label.

    `fill` of a confirmed box and `faint` of a suggested one carry text and `tag`; `line` outlines on the
    background; `card` is for words and strokes on a card or on the background.
    """

    fill: QColor
    faint: QColor
    line: QColor
    tag: QColor
    card: QColor


@frozen
class Theme:
    """All colours of one theme for one label set."""

    name: ThemeName
    bg: QColor
    side: QColor
    line: QColor
    fg: QColor
    dim: QColor
    accent: QColor
    hover: QColor
    sel: QColor
    cap: QColor
    ok: QColor
    warn: QColor
    card: QColor
    focus: QColor
    selection: QColor
    tints: Mapping[tuple[Kind, str], Tint]
    unknown: Tint

    @classmethod
    def of(cls, name: ThemeName, labelset: LabelSet | None) -> "Theme":
        """The theme with a tint for every label of the set (none without a set)."""
        chrome = {role: QColor(color) for role, color in _CHROME[name].items()}
        labels = labelset.labels if labelset else ()
        tints = {(label.kind, label.name): _tint(name, label.color) for label in labels}
        return cls(name=name, tints=tints, unknown=_tint(name, _UNKNOWN), **chrome)

    @property
    def dark(self) -> bool:
        return self.name != "light"

    @property
    def stroke(self) -> float:
        """How much thicker outlines are drawn than in the light and dark themes."""
        return 1.6 if self.name == "contrast" else 1.0

    def entity(self, label: str) -> Tint:
        """The colours of an entity label; grey for one the label set does not know."""
        return self.tints.get((Kind.ENTITY, label), self.unknown)

    def polarity(self, label: str) -> Tint:
        return self.tints.get((Kind.POLARITY, label), self.unknown)


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    return _ratio(_luminance(*_channels(one)), _luminance(*_channels(other)))


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """`one` with `share` (0 to 1) of `other` in it."""
    return QColor.fromRgbF(
        one.redF() * (1 - share) + other.redF() * share,
        one.greenF() * (1 - share) + other.greenF() * share,
        one.blueF() * (1 - share) + other.blueF() * share,
    )


def readable(color: QColor, on: tuple[QColor, ...], least: float) -> QColor:
    """The colour nearest to `color`, towards black or white, with that contrast on every background.

    Where no colour reaches it on all of them, the better of black and white.
    """
    backgrounds = [_luminance(*_channels(background)) for background in on]
    start = _channels(color)

    def worst(channels: Sequence[float]) -> float:
        luminance = _luminance(*channels)
        return min(_ratio(luminance, background) for background in backgrounds)

    end = max((0.0, 1.0), key=lambda level: worst((level, level, level)))
    for share in (step / 50 for step in range(51)):
        found = [channel * (1 - share) + end * share for channel in start]
        if worst(found) >= least + _SPARE:
            return QColor.fromRgbF(*found)
    return QColor.fromRgbF(end, end, end)


def _ratio(one: float, other: float) -> float:
    return (one + 0.05) / (other + 0.05) if one > other else (other + 0.05) / (one + 0.05)


def _channels(color: QColor) -> tuple[float, float, float]:
    return color.redF(), color.greenF(), color.blueF()


def _luminance(red: float, green: float, blue: float) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


@lru_cache(maxsize=512)
def _tint(theme: ThemeName, name: str) -> Tint:
    """The colours of a label that has this one in the label set."""
    background, text, card = (QColor(_CHROME[theme][role]) for role in ("bg", "fg", "card"))
    dark, high = theme != "light", theme == "contrast"
    legible, outline = (HIGH_TEXT, HIGH_OUTLINE) if high else (TEXT, OUTLINE)
    color = QColor(name)
    share = 0.38 if dark else 0.22
    while contrast(mixed(background, color, share), text) < (12.0 if high else 7.0) and share > 0.05:
        share -= 0.02
    fill = mixed(background, color, share)
    faint = mixed(background, fill, 0.5)
    return Tint(
        fill=fill,
        faint=faint,
        line=readable(color, (background, card, fill) if dark else (background, card), outline),
        tag=readable(color, (fill, faint, background), legible),
        card=readable(color, (background, card), legible),
    )
