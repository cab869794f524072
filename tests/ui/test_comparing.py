"""A review of more than is read in no time: its first groups are there at once, and nothing shown moves."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.ui.review_view import DRAFT
from annotator.ui.window import Window
from tests.services.reviewed import Review
from tests.ui.conftest import open_window  # noqa: F401 - a fixture
from tests.ui.lead import Lead

TEXTS = [f"Ferry {n}\n\nThe Northern Union met in Sorrel on Monday.\n" for n in range(24)]


@pytest.fixture
def lead(
    open_window: Callable[..., Window],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Lead:
    """Ana at the articles; two others differ in each, and most gravely in the last. All counts as much."""
    path = tmp_path / "p.annot"
    made = Review(path, TEXTS)
    with made.project:
        for text in TEXTS:
            label = "ORG" if text == TEXTS[-1] else "GPE"
            made.finish("ben", ("Northern Union", label), text=text)
            made.finish("cid", ("Northern", "GPE"), text=text)
    monkeypatch.setattr("annotator.ui.review_desk._FEW", 0)
    window = open_window()
    window.files.open(path)
    return Lead(window, path)


def parts(lead: Lead) -> tuple[ReviewQueue, ReviewQueue]:
    """What is found first, and all."""
    first, whole = (ReviewQueue(each, "ana") for each in GroupReader(lead.path).parts(1))
    return first, whole


def opened(lead: Lead, qtbot: QtBot, queue: ReviewQueue) -> Event:
    """The page with a first part of what there is, while reading goes on; sets the event to let it end."""
    going_on = Event()
    lead.window.background.run(lambda: going_on.wait(5), lambda _: None)
    lead.press("Ctrl+2")
    lead.review.comparing.found.emit(queue)
    return going_on


def whole(lead: Lead) -> bool:
    queue = lead.review.queue
    return queue is not None and queue.compared.whole and not lead.review.comparing.busy


def test_the_first_groups_are_decided_while_the_rest_is_read(lead: Lead, qtbot: QtBot) -> None:
    first, read_before_it = parts(lead)
    going_on = opened(lead, qtbot, first)
    page = lead.review.page
    assert page.left.text() == "20 of at least 20 left"
    lead.press("1")
    assert page.left.text() == "19 of at least 20 left"
    key = lead.review.item.key  # type: ignore[union-attr]
    lead.review.comparing.found.emit(read_before_it)
    assert page.left.text() == "23 of 24 left"
    going_on.set()
    qtbot.waitUntil(lambda: whole(lead))
    assert page.left.text() == "23 of 24 left"
    assert not page.compared.isVisible()
    assert lead.review.item is not None
    assert lead.review.item.key == key
    gravest = lead.review.queue.items[0]  # type: ignore[union-attr]
    assert gravest.title == "Ferry 23"


def test_what_is_being_edited_stays_when_all_is_read(lead: Lead, qtbot: QtBot) -> None:
    going_on = opened(lead, qtbot, parts(lead)[0])
    for _ in range(6):
        lead.press("Tab")
    lead.press("E", "Right")
    draft, height = lead.review.draft, lead.review.page.height_of_current()
    assert draft is not None
    assert height is not None
    going_on.set()
    qtbot.waitUntil(lambda: whole(lead))
    assert lead.review.draft is draft
    assert DRAFT in lead.review._canvas._shown
    assert lead.review.page.height_of_current() == height
    assert lead.review.page.place.text() == "difference 8 of 24"


def test_less_than_was_shown_is_never_shown(lead: Lead, qtbot: QtBot) -> None:
    first, all_ = parts(lead)
    opened(lead, qtbot, all_).set()
    qtbot.waitUntil(lambda: whole(lead))
    lead.review.comparing.found.emit(first)
    assert whole(lead)


def test_reading_stops_when_the_page_is_left_and_goes_on_when_it_is_shown(lead: Lead, qtbot: QtBot) -> None:
    going_on = opened(lead, qtbot, parts(lead)[0])
    assert lead.review.comparing.busy
    lead.press("Ctrl+1")
    assert not lead.review.comparing.busy
    going_on.set()
    qtbot.wait(30)
    assert not whole(lead)
    lead.press("Ctrl+2")
    qtbot.waitUntil(lambda: whole(lead))
    assert lead.review.page.left.text() == "24 of 24 left"


def test_a_list_that_is_worked_off_says_that_more_may_come(lead: Lead, qtbot: QtBot) -> None:
    going_on = opened(lead, qtbot, parts(lead)[0])
    lead.press(*"1" * 20)
    empty = lead.review.page.empty
    assert empty.text() == "Nothing is left in the articles compared so far."
    going_on.set()
    qtbot.waitUntil(lambda: whole(lead))
    assert lead.review.page.left.text() == "4 of 24 left"
