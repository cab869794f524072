"""Windows for the tests of the chrome: settings of their own, no pipeline, faults that fail the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.ui.app import application
from annotator.ui.faults import Faults
from annotator.ui.settings import Settings
from annotator.ui.window import Window
from tests.services.reviewed import FERRY, HARBOUR, Review
from tests.ui.desk import Desk, make_project
from tests.ui.lead import FLIP, Lead


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[Callable[..., Window]]:
    """Opens windows: `open_window(settings)`."""
    opened: list[Window] = []

    def make(settings: Settings | None = None) -> Window:
        application()
        window = Window(settings or Settings(annotator="ana", suggestions=False), Faults())
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        opened.append(window)
        return window

    yield make
    for window in opened:
        window.close()
        window.deleteLater()


@pytest.fixture
def desk(open_window: Callable[..., Window], tmp_path: Path) -> Desk:
    """Ana at the first of three articles, with suggestions in two of them."""
    path = make_project(tmp_path)
    window = open_window()
    window.files.open(path)
    return Desk(window, path)


@pytest.fixture
def lead(open_window: Callable[..., Window], tmp_path: Path) -> Lead:
    """Ana is the lead; two others have finished both articles."""
    path = tmp_path / "p.annot"
    made = Review(path, (HARBOUR, FERRY))
    with made.project:
        made.finish("ben", ("Northern Union", "ORG"), ("Sorrel", "GPE"), ("Okafor", "PERSON"), stances=[FLIP])
        made.finish(
            "cid",
            ("Northern Union", "GPE"),
            ("port of Sorrel", "FAC"),
            stances=[("backed the deal", "AGAINST", "Sorrel", "the offer")],
        )
        made.finish("ben", ("Northern Union", "ORG"), ("Sorrel", "GPE"), text=FERRY)
        made.finish("cid", ("Northern Union", "GPE"), ("Sorrel", "GPE"), text=FERRY)
    window = open_window()
    window.files.open(path)
    lead = Lead(window, path)
    lead.press("Ctrl+2")
    return lead
