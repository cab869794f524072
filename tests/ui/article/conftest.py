"""An article view on the screen, with the focus, and marks by their words."""

from collections.abc import Callable, Iterable, Sequence

import pytest
from pytestqt.qtbot import QtBot

from annotator.domain.label_file import parse_label_set
from annotator.domain.labels import LabelSet
from annotator.domain.marks import Shown
from annotator.domain.zones import Zone
from annotator.places import resource
from annotator.ui.article import ArticleView
from annotator.ui.theme import Theme

Opener = Callable[..., ArticleView]


@pytest.fixture(scope="session")
def news() -> LabelSet:
    return parse_label_set(resource("labels", "news.toml").read_text(encoding="utf-8"))


@pytest.fixture
def opened(qtbot: QtBot, news: LabelSet) -> Opener:
    """Open a text with marks and zones in a view that has the focus."""

    def open_view(
        text: str,
        shown: Iterable[Shown] = (),
        *,
        zones: Sequence[Zone] = (),
        size: tuple[int, int] = (1000, 700),
    ) -> ArticleView:
        view = ArticleView()
        qtbot.addWidget(view)
        view.resize(*size)
        view.set_labels(news)
        view.set_theme(Theme.of("light", news))
        view.show()
        view.activateWindow()
        view.setFocus()
        qtbot.waitUntil(view.hasFocus)
        view.set_article(text, zones, list(shown))
        return view

    return open_view
