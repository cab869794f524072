"""What the Review page shows of one difference: nothing that leads a blind decision, and every reading."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

from annotator.domain.marks import Entity
from annotator.ui.article.laid import tag_text
from annotator.ui.candidates import ENTER
from annotator.ui.window import Window
from tests.services.labelled import suggest
from tests.services.reviewed import HARBOUR, Review, nth
from tests.ui.conftest import open_window  # noqa: F401 - a fixture
from tests.ui.lead import Lead

LABELS = ("PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT", "NORP", "DATE")


@pytest.fixture
def opened(open_window: Callable[..., Window], tmp_path: Path) -> Callable[[Callable[[Review], None]], Lead]:  # noqa: F811
    """Opens the Review page on what annotators have finished."""

    def make(finish: Callable[[Review], None]) -> Lead:
        made = Review(tmp_path / "p.annot")
        with made.project:
            finish(made)
        window = open_window()
        window.files.open(tmp_path / "p.annot")
        lead = Lead(window, tmp_path / "p.annot")
        lead.press("Ctrl+2")
        return lead

    return make


def solid(lead: Lead) -> list[str]:
    """The words of the gold that is drawn."""
    shown = lead.review._canvas._shown.items()
    return [each.mark.span.of(HARBOUR) for id_, each in shown if not id_.isdecimal()]


def two(made: Review) -> None:
    made.finish("ben", ("Okafor", "PERSON"), ("Sorrel", "GPE"))
    made.finish("cid", ("Okafor", "ORG"), ("Sorrel", "GPE"))
    made.settle()


@pytest.mark.parametrize("edited", [False, True])
def test_a_second_opinion_does_not_see_the_first(
    opened: Callable[[Callable[[Review], None]], Lead], edited: bool
) -> None:
    lead = opened(two)
    lead.press(*(("E", "Right", "Enter") if edited else ("1",)))
    lead.press("Ctrl+1")
    lead.window.show_project(lead.window.project, "max")  # type: ignore[arg-type]
    lead.press("Ctrl+2", "O")
    assert lead.review.item is not None
    assert lead.review.item.others
    assert solid(lead) == ["Sorrel"], "what was settled elsewhere is drawn, not what was decided here"


def test_gold_that_is_judged_is_not_told_from_what_a_pipeline_says(
    opened: Callable[[Callable[[Review], None]], Lead],
) -> None:
    def finish(made: Review) -> None:
        for name in ("ben", "cid"):
            made.finish(name, ("Okafor", "PERSON"), ("Sorrel", "GPE"))
        made.settle()
        suggest(made.project, made.ids[HARBOUR], (Entity("", nth(HARBOUR, "Okafor"), "ORG"),))

    lead = opened(finish)
    lead.review._compare("gold")
    lead.go("Okafor")
    assert solid(lead) == ["Sorrel"]


def twelve(made: Review) -> None:
    said = [("Mira Holt", label) for label in LABELS] + [("Mira Holt of", label) for label in LABELS[:4]]
    for n, marked in enumerate(said):
        made.finish(f"p{n:02}", marked)


def test_every_reading_is_listed_and_enter_takes_one_without_a_digit(
    opened: Callable[[Callable[[Review], None]], Lead],
) -> None:
    lead = opened(twelve)
    candidates = lead.review.page.candidates
    assert [row.candidate.key for row in candidates.rows] == [
        *"123456789",
        *(f"{n} {ENTER}" for n in (10, 11, 12)),
        "0",
    ]
    QApplication.processEvents()
    lead.press(*["J"] * 10)
    framed = candidates.rows[10]
    assert framed.on
    assert framed.visibleRegion().boundingRect() == framed.rect(), "the list has gone along"
    mark = framed.candidate.mark
    assert mark is not None
    lead.press("Enter")
    assert lead.gold() == [f"{mark.label} {mark.span.of(HARBOUR)}"]


def test_many_candidates_bear_their_numbers_alone_and_none_on_another(
    opened: Callable[[Callable[[Review], None]], Lead],
) -> None:
    lead = opened(twelve)
    view = lead.review.page.view
    assert {view.mark(str(n)).mark.label for n in range(1, 13)} == {str(n) for n in range(1, 13)}
    shown = [view._page.laid(n) for n in range(len(view._page.blocks))]
    (laid,) = [each for each in shown if each.tags]
    places = [tag.at.x() for tag in laid.tags]
    assert len(set(places)) == 12


def test_targets_that_differ_in_their_last_word_look_different(
    opened: Callable[[Callable[[Review], None]], Lead],
) -> None:
    whole = (
        "port of Sorrel backed the deal on Monday.\nOkafor rejected the offer and the Northern Union praised"
    )

    def finish(made: Review) -> None:
        for name, target in (("ben", whole), ("cid", f"{whole} it")):
            made.finish(name, stances=[("said", "FAVOR", "Mira Holt", target)])

    lead = opened(finish)
    first, second, _ = lead.review.page.candidates.rows
    assert first.candidate.mark != second.candidate.mark
    for row in (first, second):
        row.candidate = replace(row.candidate, odd=frozenset())
        row.set_on(False, kept=False)
    images = [
        row.grab(QRect(60, 8, row.width() - 80, row.height() - 16)).toImage() for row in (first, second)
    ]
    assert images[0] != images[1]


def five(made: Review) -> None:
    held = [("Mira Holt", "deal"), ("Mira Holt", "the deal"), ("Sorrel", "deal"), ("Okafor", "deal")]
    for n, (holder, target) in enumerate([*held, ("Okafor", "the deal")]):
        made.finish(f"p{n}", stances=[("backed the deal", "FAVOR", holder, target)])


def test_five_stances_leave_the_article_most_of_a_small_window(
    opened: Callable[[Callable[[Review], None]], Lead],
) -> None:
    lead = opened(five)
    page = lead.review.page
    lead.window.resize(1200, 800)
    QApplication.processEvents()
    assert len(page.candidates.rows) == 6
    assert page.candidates.height() <= page.height() * 0.4
    assert len({row.height() for row in page.candidates.rows}) == 1, "all stand in one line"
    assert not page.candidates.verticalScrollBar().isVisible()


def test_circles_of_stances_on_one_line_are_never_over_one_another(
    opened: Callable[[Callable[[Review], None]], Lead],
) -> None:
    lead = opened(five)
    view = lead.review.page.view
    lead.window.resize(1200, 800)
    QApplication.processEvents()
    assert not view._has_cards
    assert view._badges(view._page) == []


def test_labels_above_a_line_of_mixed_scripts_stand_side_by_side(
    open_window: Callable[..., Window],  # noqa: F811
    tmp_path: Path,
) -> None:
    text = "Holt praised שלום in Sorrel port today.\n"
    made = Review(tmp_path / "p.annot", (text,))
    with made.project:
        for n, marked in enumerate(
            [("Sorrel", "GPE"), ("Sorrel", "LOC"), ("Sorrel port", "FAC"), ("Holt", "PERSON")]
        ):
            made.finish(f"p{n}", marked, text=text)
    window = open_window()
    window.files.open(tmp_path / "p.annot")
    lead = Lead(window, tmp_path / "p.annot")
    lead.press("Ctrl+2")
    lead.go("Sorrel port")
    view = lead.review.page.view
    laid = view._page.laid(0)
    width = view._page.style.typography.tag_width
    edges = sorted((tag.at.x(), tag.at.x() + width(tag_text(tag.label, suggested=True))) for tag in laid.tags)
    assert len(edges) == 3
    assert all(one[1] < other[0] for one, other in pairwise(edges))


def test_audits_are_told_from_differences(opened: Callable[[Callable[[Review], None]], Lead]) -> None:
    def finish(made: Review) -> None:
        two(made)
        (group,) = made.reader.unanimous(made.ids[HARBOUR])
        seed = next(seed for seed in range(500) if group.is_audited(seed))
        with made.project.writing() as db:
            db.execute("UPDATE meta SET value=? WHERE key='review seed'", (str(seed),))

    assert opened(finish).review.page.left.text() == "2 of 2 left (1 audit)"
