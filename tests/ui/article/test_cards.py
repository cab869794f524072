"""Cards, arcs and underlines of stances as they stand in the view."""

from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.domain.marks import Shown, Source, Stance
from annotator.domain.text import Span
from annotator.ui.article.links import arc
from tests.ui.article.conftest import Opener
from tests.ui.article.hands import TEXT, marks
from tests.ui.article.marking import entity, span_of, stance


def test_a_card_gives_a_long_holder_the_lines_it_needs(opened: Opener) -> None:
    words = "The city council of the northern port and its many neighbours"
    text = f"{words} backed the plan.\nAnna backed it."
    long = stance(text, "backed the plan", holder=words, target="the plan")
    short = stance(text, "backed it", holder="Anna", target="it")
    view = opened(text, [long, short])
    of_long, of_short = (card.rect for card in view._cards(view._page).cards)
    assert of_long.height() - of_short.height() == view._typography.card_line
    assert of_long.bottom() < of_short.top()
    assert not view.grab().isNull()


def test_of_two_hundred_stances_those_without_room_are_counted(opened: Opener) -> None:
    text = "Some words that hold a stance of somebody. " * 60
    shown = [
        Shown(Stance(f"s{number}", Span(number * 5, number * 5 + 20), "FAVOR"), Source.ADDED)
        for number in range(200)
    ]
    view = opened(text, shown)
    view.focus_mark("s40")
    arranged = view._cards(view._page)
    assert any(card.brief for card in arranged.cards)
    assert arranged.left_out > 0
    assert "s40" in [card.shown.id for card in arranged.cards]
    assert not any(one.rect.intersects(other.rect) for one, other in combinations(arranged.cards, 2))
    assert all(card.rect.top() >= 0 and card.rect.bottom() <= 700 for card in arranged.cards)
    assert not view.grab().isNull()


def test_an_underline_of_right_to_left_words_goes_on_below_an_entity(opened: Opener) -> None:
    text = "הנמל.\n\nאתמול דחה ועד הימאים את התוכנית של Nordvik Marine לשנת 2027."
    words = "דחה ועד הימאים את התוכנית"
    view = opened(text, [stance(text, words, "AGAINST"), entity(text, "ועד הימאים", "ORG")])
    page = view._page
    assert page is not None
    assert len(page.rects(span_of(text, words), view._height)) == 1
    across = span_of(text, "התוכנית של Nordvik")
    assert len(page.rects(across, view._height)) == 2, "a part of other words between them stays out"


def test_a_card_under_the_pointer_stays_where_it_is(opened: Opener) -> None:
    text = "Some words that hold a stance of somebody. " * 60
    shown = [
        Shown(Stance(f"s{number}", Span(number * 5, number * 5 + 20), "FAVOR"), Source.ADDED)
        for number in range(200)
    ]
    view = opened(text, shown)
    page = view._page
    QApplication.processEvents()  # the scroll bar has come by then
    before = {card.shown.id: card.rect for card in view._cards(page).cards}
    under = list(before)[-2]
    QTest.mouseMove(view.viewport(), before[under].center().toPoint())
    assert view._highlights.hovered == under
    assert {card.shown.id: card.rect for card in view._cards(page).cards} == before


def test_cards_take_the_room_of_a_wider_view(opened: Opener) -> None:
    view = opened(TEXT, marks(), size=(1040, 700))
    before = view._cards(view._page).cards[0].rect.width(), view._column
    view.resize(1100, 700)
    QApplication.processEvents()
    assert view._column == before[1], "the text has its best width"
    assert view._cards(view._page).cards[0].rect.width() > before[0]


@pytest.mark.parametrize("top", [2.0, 15.0, 60.0, 400.0])
@pytest.mark.parametrize("across", [40.0, 600.0, -600.0])
def test_the_arc_of_a_stance_stays_in_view(top: float, across: float) -> None:
    holder, target = QRectF(700, top, 80, 22), QRectF(700 + across, top, 60, 22)
    path, head = arc(holder, target)
    assert path.boundingRect().top() >= 0
    assert head.boundingRect().top() >= 0
    assert path.currentPosition().x() == target.center().x()
