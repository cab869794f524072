"""Every colour that carries meaning can be read, in every theme."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from annotator.domain.label_file import parse_label_set
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.places import resource
from annotator.ui.chrome import Chip
from annotator.ui.style import palette_of
from annotator.ui.theme import HIGH_OUTLINE, HIGH_TEXT, OUTLINE, TEXT, Theme, ThemeName, contrast, readable

THEMES: list[ThemeName] = ["light", "dark", "contrast"]
COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def news() -> LabelSet:
    return parse_label_set(resource("labels", "news.toml").read_text(encoding="utf-8"))


def least(theme: Theme) -> tuple[float, float]:
    """The least contrast of text and of outlines."""
    return (HIGH_TEXT, HIGH_OUTLINE) if theme.name == "contrast" else (TEXT, OUTLINE)


def check(theme: Theme) -> None:
    text, outline = least(theme)
    for tint in [*theme.tints.values(), theme.unknown]:
        for ground in (tint.fill, tint.faint):
            assert contrast(theme.fg, ground) >= text
            assert contrast(tint.tag, ground) >= text
        for ground in (theme.bg, theme.card):
            assert contrast(tint.line, ground) >= outline
            assert contrast(tint.card, ground) >= text


@pytest.mark.parametrize("name", THEMES)
def test_labels_of_the_news_can_be_read(name: ThemeName) -> None:
    theme = Theme.of(name, news())
    check(theme)
    assert len(theme.tints) == len(news().labels)
    assert theme.dark is (name != "light")


@pytest.mark.parametrize("name", THEMES)
@given(color=COLORS)
def test_labels_of_any_colour_can_be_read(name: ThemeName, color: str) -> None:
    label = Label(Kind.ENTITY, "X", "X", color, "", "")
    check(Theme.of(name, LabelSet("any", 1, (label,))))


@pytest.mark.parametrize("name", THEMES)
def test_the_chrome_can_be_read(name: ThemeName) -> None:
    theme = Theme.of(name, None)
    text, _ = least(theme)
    for ground in (theme.bg, theme.side, theme.hover, theme.sel, theme.cap, theme.card):
        assert contrast(theme.fg, ground) >= text
    for ground in (theme.bg, theme.side, theme.card):
        for words in (theme.dim, theme.accent, theme.ok, theme.warn):
            assert contrast(words, ground) >= text
    assert contrast(theme.fg, theme.selection) >= text
    assert contrast(theme.focus, theme.bg) >= 15


@pytest.mark.parametrize("name", THEMES)
def test_labels_can_be_told_apart(name: ThemeName) -> None:
    theme = Theme.of(name, news())
    lines = [tint.line.name() for (kind, _), tint in theme.tints.items() if kind is Kind.ENTITY]
    assert len(set(lines)) == len(lines)


def test_an_unknown_label_is_grey() -> None:
    theme = Theme.of("light", news())
    assert theme.entity("NOSUCH") is theme.unknown
    assert theme.entity("GPE") is not theme.unknown
    assert theme.polarity("GPE") is theme.unknown


def test_high_contrast_draws_borders_that_can_be_seen() -> None:
    theme = Theme.of("contrast", None)
    for ground in (theme.bg, theme.side, theme.cap, theme.card):
        assert contrast(theme.line, ground) >= HIGH_OUTLINE


def test_contrast_is_that_of_wcag() -> None:
    black, white, grey = QColor("#000000"), QColor("#ffffff"), QColor("#767676")
    assert contrast(black, white) == contrast(white, black) == pytest.approx(21)
    assert contrast(grey, white) == pytest.approx(4.54, abs=0.01)


@given(COLORS, COLORS)
def test_a_readable_colour_has_its_contrast_on_any_ground(color: str, ground: str) -> None:
    found = readable(QColor(color), (QColor(ground),), TEXT)
    assert contrast(found, QColor(ground)) >= TEXT


@pytest.mark.parametrize("name", THEMES)
def test_a_chosen_chip_is_told_without_colour(name: ThemeName, qtbot: QtBot) -> None:
    """Its outline is thicker: rows of pixels from the top that stand out from what is inside."""
    theme = Theme.of(name, None)
    outlines = []
    for chosen in (False, True):
        chip = Chip("  ")
        qtbot.addWidget(chip)
        chip.setPalette(palette_of(theme))
        chip.setChecked(chosen)
        chip.resize(60, 24)
        picture = chip.grab().toImage()
        fill = picture.pixelColor(30, 12)
        outlines.append(sum(contrast(picture.pixelColor(30, y), fill) >= 3 for y in range(8)))
    assert outlines[1] >= outlines[0] + 1
    assert outlines[1] >= 2
