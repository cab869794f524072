"""The palette: every action by name, what can be done now first, then what other pages can do."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from annotator.domain.errors import GestureRefused
from annotator.ui.actions import ACTIONS, Action, Page, Reach
from annotator.ui.article.motion import Motion
from annotator.ui.caret_keys import id_of
from annotator.ui.finder import Choice
from annotator.ui.keymap import plain

if TYPE_CHECKING:
    from annotator.ui.window import Window

_SELF = "app.palette"
# Where an action can be done, as the top bar calls it, and what goes there.
_PAGES = {
    Page.PROJECT: ("Label", "page.label"),
    Page.NAMING: ("Label", "page.label"),
    Page.LABEL: ("Label", "page.label"),
    Page.NAMES: ("Names", "page.names"),
    Page.REVIEW: ("Review", "page.review"),
    Page.LABELSET: ("Labels", "page.labelset"),
    Page.DASHBOARD: ("Dashboard", "page.dashboard"),
}


def choices(window: "Window") -> list[Choice]:
    """What the palette offers on the page that is shown."""
    page = window.bindings.page
    can = {row.id for row, _ in window.bindings.available()}
    now = [_now(window, row) for row in ACTIONS if row.id in can and row.id != _SELF]
    if page is Page.LABEL:
        now += _motions(window)
    if window.project is None:
        return now
    elsewhere = (row for row in ACTIONS if row.call is not None and not row.page.holds_on(page))
    return [*now, *(_elsewhere(window, row) for row in elsewhere)]


def _now(window: "Window", row: Action) -> Choice:
    text = window.bindings[row.id].text().replace("&", "").rstrip("…")
    return Choice(text, partial(window.perform, row), window.keys.first(row.id), plain(row.menu))


def _motions(window: "Window") -> Iterator[Choice]:
    """The motions of the caret: the article view hears their keys by itself."""
    motions = {id_of(motion): motion for motion in Motion}
    for row in ACTIONS:
        if row.id in motions and row.reach is Reach.ARTICLE:
            move = partial(_move, window, motions[row.id])
            yield Choice(row.text, move, window.keys.first(row.id), plain(row.menu))


def _move(window: "Window", motion: Motion) -> None:
    window.page.view.keep_edge()
    window.page.view.move_caret(motion, extend=False)


def _elsewhere(window: "Window", row: Action) -> Choice:
    page, there = _PAGES[row.page]
    text = row.text.rstrip("…")

    def refuse() -> None:
        raise GestureRefused(f"“{text}” works on the {page} page: {window.keys.told(there)} goes there.")

    return Choice(text, partial(window.faults.attempt, refuse), window.keys.first(row.id), page, dim=True)
