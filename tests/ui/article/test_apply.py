"""A change applied to the view draws what the changed article draws from scratch."""

from dataclasses import replace
from itertools import combinations, count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from annotator.domain.changes import Change
from annotator.domain.marks import Entity, Part, Shown, Source, Stance
from annotator.domain.text import Span
from annotator.domain.zones import Zone, ZoneKind
from annotator.ui.article import ArticleView, Motion
from tests.ui.article.conftest import Opener
from tests.ui.article.marking import entity, span_of, stance

TEXT = (
    "Delegations met in Aldery on Monday; nobody from Velia came, said Mira Tolan of the "
    "Northern Union, who left.\n\n"
    "שלום Mira עולם 😀 a family\n\n"
    "Zu\u0308rich and naïve 👨\u200d👩\u200d👧 towns 東京 would not withdraw before a truce was "
    "signed by them all there.\n"
    "Short line."
)


def drawn(view: ArticleView) -> list[object]:
    """All that is painted of every block."""
    page = view._page
    blocks = (page.laid(number) for number in range(len(page.blocks)))
    return [
        (
            laid.height,
            laid.spacing,
            laid.boxes,
            laid.tags,
            laid.underlines,
            laid.dimmed,
            laid.layout.lineCount(),
        )
        for laid in blocks
    ]


def arranged(view: ArticleView) -> object:
    return view._arrange(view._page)


SPANS = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 60)).map(
    lambda pair: Span(pair[0], min(len(TEXT), sum(pair)))
)
SOURCES = st.sampled_from([None, Source.ADDED])
CONTENTS = st.one_of(
    st.tuples(st.just("entity"), SPANS, st.sampled_from(["PERSON", "GPE", "UNKNOWN"]), SOURCES),
    st.tuples(st.just("stance"), SPANS, st.sampled_from(["FAVOR", "AGAINST"]), SOURCES, SPANS),
    st.none(),
)


def made(mark_id: str, content: tuple) -> Shown:
    if content[0] == "entity":
        return Shown(Entity(mark_id, content[1], content[2]), content[3])
    return Shown(Stance(mark_id, content[1], content[2], Part(content[4])), content[3])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 6), CONTENTS), min_size=1, max_size=8), zone=SPANS)
def test_changes_draw_what_the_article_draws_anew(
    opened: Opener, steps: list[tuple[int, tuple | None]], zone: Span
) -> None:
    view = opened(TEXT)
    plain: dict[str, Shown] = {}
    zones = (Zone(zone, ZoneKind.OTHER, "z"),)
    for number, content in steps:
        mark_id = f"m{number}"
        if content is None:
            plain.pop(mark_id, None)
            change = Change("delete", 1, "", 0, gone=(mark_id,))
        else:
            plain[mark_id] = made(mark_id, content)
            change = Change("change", 1, "", 0, now=(plain[mark_id],), zones=zones)
        view.apply(change)
        drawn(view)
    zoned = zones if any(content for _, content in steps) else ()
    fresh = opened(TEXT, plain.values(), zones=zoned)
    assert drawn(view) == drawn(fresh)
    assert view.marks() == fresh.marks()
    assert arranged(view) == arranged(fresh)
    view.deleteLater()
    fresh.deleteLater()


class Painted(QObject):
    """Notes the height of every region painted."""

    def __init__(self, view: ArticleView) -> None:
        super().__init__()
        self.heights: list[int] = []
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.heights.append(event.rect().height())
        return False


def test_an_accepted_mark_repaints_its_line_only(opened: Opener) -> None:
    shown = entity(TEXT, "Aldery", suggested=True)
    view = opened(TEXT, [shown], size=(400, 700))
    assert view._page.laid(0).height > 120
    QApplication.processEvents()
    painted = Painted(view)
    view.apply(Change("accept", 1, "", 0, gone=(shown.id,), now=(entity(TEXT, "Aldery"),)))
    QApplication.processEvents()
    assert len(painted.heights) == 1
    assert painted.heights[0] < 80


def test_a_change_out_of_view_paints_nothing(opened: Opener) -> None:
    text = "\n".join([*("Some words." for _ in range(300)), "Then Velia."])
    view = opened(text)
    QApplication.processEvents()
    painted = Painted(view)
    view.apply(Change("add", 1, "", 0, now=(entity(text, "Velia"),)))
    QApplication.processEvents()
    assert painted.heights == []


def test_a_box_is_as_wide_as_its_words_and_nests(opened: Opener) -> None:
    inner, outer = entity(TEXT, "Northern", "LOC"), entity(TEXT, "Northern Union", "ORG")
    view = opened(TEXT, [inner, outer], size=(1400, 700))
    boxes = {box.mark_id: box.rect for box in view._page.laid(0).boxes}
    assert boxes[outer.id].contains(boxes[inner.id])
    assert boxes[outer.id].height() > boxes[inner.id].height()
    assert [box.mark_id for box in view._page.laid(0).boxes] == [outer.id, inner.id]


@pytest.mark.parametrize("words", ["Mira", "שלום"])
def test_a_tag_in_a_right_to_left_paragraph_stands_above_its_box(opened: Opener, words: str) -> None:
    shown = entity(TEXT, words, "PERSON", after="שלום")
    view = opened(TEXT, [shown])
    laid = view._page.laid(2)
    assert all(laid.block.text[at - laid.block.start - 1] == " " for at, _ in laid.spacing.rooms)
    assert laid.tags[0].at.y() < laid.boxes[0].rect.top()
    assert laid.boxes[0].rect.right() <= view._column + 4
    assert laid.block.right_to_left
    assert laid.caret(laid.block.start).x() == pytest.approx(view._column, abs=2)


def test_a_stretch_across_a_change_of_direction_has_a_piece_on_each_side(opened: Opener) -> None:
    view = opened(TEXT)
    laid = view._page.laid(2)
    word, latin = span_of(TEXT, "שלום"), span_of(TEXT, "Mira", after="שלום")
    across = laid.fragments(Span(word.end - 2, latin.start + 2))
    assert len(across) == 2
    assert not across[0].rect.intersects(across[1].rect)
    whole = laid.fragments(Span(laid.block.start, laid.block.end))
    assert len(whole) == 1
    letters = [laid.fragments(Span(at, at + 1))[0].rect.width() for at in range(word.start, latin.end)]
    together = laid.fragments(Span(word.start, latin.end))
    assert sum(piece.rect.width() for piece in together) == pytest.approx(sum(letters), abs=0.5)


def test_a_tag_after_a_cluster_stands_above_else_behind(opened: Opener) -> None:
    family, town = entity(TEXT, "👨\u200d👩\u200d👧", "ORG"), entity(TEXT, "東京", "GPE")
    laid = opened(TEXT, [family, town])._page.laid(4)
    above, behind = laid.tags if laid.tags[0].label == "ORG" else reversed(laid.tags)
    boxes = {box.mark_id: box.rect for box in laid.boxes}
    assert above.at.y() < boxes[family.id].top()
    assert boxes[town.id].contains(behind.at)


def test_overlapping_stances_run_in_lanes_that_never_meet_the_next_line(opened: Opener) -> None:
    words = [
        "would not withdraw before",
        "not withdraw before a truce",
        "withdraw",
        "before a truce was signed",
    ]
    view = opened(TEXT, [stance(TEXT, evidence) for evidence in words], size=(560, 700))
    laid = view._page.laid(4)
    heights = [{round(line.y1(), 1) for line in underline.lines} for underline in laid.underlines]
    spans = [view.mark(underline.mark_id).mark.span for underline in laid.underlines]
    for one, other in combinations(range(len(words)), 2):
        assert not spans[one].overlaps(spans[other]) or not heights[one] & heights[other]
    for line in range(laid.layout.lineCount() - 1):
        below = laid.layout.lineAt(line + 1).y()
        ours = [y for found in heights for y in found if y > laid.layout.lineAt(line).y()]
        assert not [y for y in ours if below - 2 < y < below + laid.layout.lineAt(line + 1).height()]


def test_dimmed_text_is_marked_and_not_cut(opened: Opener) -> None:
    zone = Zone(span_of(TEXT, "Short line."), ZoneKind.CREDIT)
    view = opened(TEXT, zones=[zone])
    laid = view._page.laid(len(view._page.blocks) - 1)
    assert laid.layout.text() == "Short line."
    assert len(laid.dimmed) == 1
    assert view.grab().toImage() != opened(TEXT).grab().toImage()


def test_resizing_and_text_size_keep_the_place(opened: Opener) -> None:
    text = "\n\n".join(
        f"Paragraph {number} with a few words in it to fill a line or two." * 3 for number in range(400)
    )
    view = opened(text)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    QApplication.processEvents()
    top = view._page.top
    for change in (
        lambda: view.resize(600, 700),
        lambda: view.set_look(replace(view.look, points=18)),
        lambda: view.resize(1300, 900),
    ):
        change()
        QApplication.processEvents()
        assert view._page.top == top


def test_a_window_made_taller_at_the_end_shows_no_empty_page(opened: Opener) -> None:
    text = "\n\n".join(f"Paragraph {number} with a few words." for number in range(100))
    view = opened(text, size=(900, 300))
    view.move_caret(Motion.END, extend=False)
    view.resize(900, 800)
    QApplication.processEvents()
    rect = view.caret_rect()
    assert rect is not None
    assert rect.bottom() > view.viewport().height() * 0.85
    assert view.verticalScrollBar().value() >= view.verticalScrollBar().maximum() - 1


def test_scrolling_up_into_what_was_only_estimated_does_not_jump(opened: Opener) -> None:
    text = "\n\n".join("A paragraph whose lines are many, " * (number % 9 + 1) for number in range(400))
    view = opened(text, [entity(text, "paragraph")])
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    QApplication.processEvents()
    steps = count()
    while bar.value() > 0 and next(steps) < 4_000:
        seen = view._page.blocks.starts[view._page.top]
        before, value = view._page.y_of(seen)[0], bar.value()
        bar.setValue(value - 60)
        if value > 60:  # at the very top the page is set right
            assert view._page.y_of(seen)[0] - before == pytest.approx(60, abs=2)
        QApplication.processEvents()
    assert (view._page.top, view._page.hidden) == (0, 0)
