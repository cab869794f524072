"""The overview: every mark is counted in its row, a gesture changes only its rows, a click goes there."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.domain.changes import Change
from annotator.domain.marks import Entity, Shown, Source, Stance
from annotator.domain.text import Span
from annotator.ui.article import ArticleView
from annotator.ui.article.census import Census
from annotator.ui.article.density import Density, Row
from annotator.ui.article.layers import Layer, is_seen
from annotator.ui.article.markstore import reading_key
from tests.ui.article.conftest import Opener
from tests.ui.article.hands import TEXT
from tests.ui.article.marking import entity, stance

LONG = "\n\n".join(f"Paragraph {n} speaks of Aldery and of the harbour there." for n in range(400))


@st.composite
def shown(draw: st.DrawFn) -> Shown:
    start = draw(st.integers(0, 99))
    span, number = Span(start, start + 1), draw(st.integers(0, 10_000))
    label = draw(st.sampled_from(["FAVOR", "AGAINST"]))
    mark = draw(st.sampled_from([Entity(f"e{number}", span, "GPE"), Stance(f"s{number}", span, label)]))
    return Shown(mark, draw(st.sampled_from([None, Source.ADDED])))


def rows(density: Density) -> list[Row]:
    return [density.row(number) for number in range(len(density))]


@given(st.lists(shown()), st.lists(shown()), st.integers(1, 20))
def test_counting_what_changed_gives_what_counting_all_gives(
    before: list[Shown], after: list[Shown], number: int
) -> None:
    edges = [100 * row // number for row in range(number)]
    census = Census(sorted(before, key=reading_key))
    for each in before:
        census.count(each, -1)
    for each in after:
        census.count(each, 1)
    fresh = Census(sorted(after, key=reading_key))
    assert rows(Density(edges, census)) == rows(Density(edges, fresh))


@given(st.lists(shown()), st.sets(st.sampled_from(Layer)))
def test_every_mark_that_is_seen_is_in_a_row_once(marks: list[Shown], layers: set[Layer]) -> None:
    hidden = frozenset(layers)
    found = rows(Density([0, 30, 60], Census(sorted(marks, key=reading_key)), hidden))
    seen = [each for each in marks if is_seen(each, hidden)]
    own = [each for each in seen if not each.suggested and isinstance(each.mark, Entity)]
    assert sum(row.entities for row in found) == len(own)
    assert sum(row.undecided for row in found) == sum(each.suggested for each in seen)
    told = Counter(each.mark.label for each in seen if isinstance(each.mark, Stance))
    assert sum((Counter(dict(row.stances)) for row in found), Counter()) == told


def counted(view: ArticleView, qtbot: QtBot) -> Density:
    qtbot.waitUntil(lambda: view.overview._density is not None)
    return view.overview._density


def test_a_change_is_counted_without_counting_all_again(opened: Opener, qtbot: QtBot) -> None:
    view = opened(TEXT, [entity(TEXT, "Aldery", suggested=True)])
    density = counted(view, qtbot)
    row = density.row_of(TEXT.index("Aldery"))
    assert density.row(row) == Row(undecided=1)
    view.apply(Change("g", 1, "accept", 0, now=(entity(TEXT, "Aldery"),)))
    assert view.overview._density is density
    assert density.row(row) == Row(entities=1)
    assert view.overview.told(row) == "1 entity"


def test_a_gesture_is_seen_in_the_strip(opened: Opener, qtbot: QtBot) -> None:
    view = opened(TEXT, [entity(TEXT, "Aldery", suggested=True)])
    counted(view, qtbot)
    before = view.overview.grab().toImage()
    qtbot.waitUntil(lambda: not view.overview._painting.isActive())
    view.apply(Change("g", 1, "accept", 0, now=(entity(TEXT, "Aldery"),)))
    qtbot.waitUntil(lambda: not view.overview._painting.isActive() and not view.overview._stale)
    assert view.overview.grab().toImage() != before


def test_a_row_that_looks_as_before_is_not_painted_again(opened: Opener, qtbot: QtBot) -> None:
    view = opened(TEXT, [entity(TEXT, "Aldery")])
    counted(view, qtbot)
    view.overview.repaint()
    painted: list[QRect] = []
    qtbot.waitUntil(lambda: not view.overview._painting.isActive())
    view.overview.update = lambda *rect: painted.append(QRect(*rect))  # type: ignore[method-assign]
    twin = Shown(replace(entity(TEXT, "Aldery").mark, id="twin"), Source.ADDED)
    for change in (Change("g", 1, "add", 0, now=(twin,)), Change("g", 1, "undo", 0, gone=("twin",))):
        view.apply(change)
        qtbot.waitUntil(lambda: not view.overview._stale)
    assert painted == []


def test_hidden_layers_are_left_out(opened: Opener, qtbot: QtBot) -> None:
    view = opened(TEXT, [entity(TEXT, "Aldery"), stance(TEXT, "Delegations meet", "AGAINST", suggested=True)])
    view.set_layers(frozenset({Layer.SUGGESTIONS}))
    assert view.overview.told(counted(view, qtbot).row_of(0)) == "1 entity"
    view.set_layers(frozenset({Layer.ENTITIES}))
    assert view.overview.told(counted(view, qtbot).row_of(0)) == "1 undecided, ▼ AGAINST 1"


def test_a_click_goes_to_the_mark_there(opened: Opener, qtbot: QtBot) -> None:
    far = entity(LONG, "Aldery", after="Paragraph 390")
    view = opened(LONG, [entity(LONG, "Aldery"), far])
    density = counted(view, qtbot)
    y = 2 * density.row_of(far.mark.span.start)
    QTest.mouseClick(view.overview, Qt.MouseButton.LeftButton, pos=QPoint(5, y))
    assert view.focused == far.id
    assert view.visible_ids() == [far.id]


def test_a_click_where_nothing_is_marked_goes_to_the_text_there(opened: Opener, qtbot: QtBot) -> None:
    view = opened(LONG, [entity(LONG, "Aldery")])
    counted(view, qtbot)
    QTest.mouseClick(view.overview, Qt.MouseButton.LeftButton, pos=QPoint(5, view.overview.height() // 2))
    assert 0.4 < view._page.scrolled / view._page.height() < 0.6
    assert view.caret == 0, "the caret is not taken along"


def test_it_says_in_words_what_its_colours_show(opened: Opener, qtbot: QtBot) -> None:
    view = opened(TEXT, [entity(TEXT, "Aldery"), stance(TEXT, "Delegations meet", "AGAINST", suggested=True)])
    density = counted(view, qtbot)
    assert view.overview.told(density.row_of(0)) == "1 entity, 1 undecided, ▼ AGAINST 1"
    assert view.overview.told(len(density) - 1) == ""


def test_it_can_be_put_away(opened: Opener) -> None:
    view = opened(TEXT)
    width = view.viewport().width()
    view.set_overview(False)
    assert not view.overview.isVisible()
    assert view.viewport().width() > width
