"""The palette: every action by name, what can be done now first, then what cannot, with why."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from annotator.domain.errors import GestureRefused
from annotator.ui.actions import ACTIONS, Action, Page, Reach, action
from annotator.ui.article.motion import Motion
from annotator.ui.caret_keys import id_of
from annotator.ui.finder import Choice
from annotator.ui.keymap import plain

if TYPE_CHECKING:
    from annotator.ui.window import Window

_SELF = "app.palette"
_TAKES_BACK = ("edit.undo", "edit.redo")
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
    """What the palette offers on the page that is shown; with why of what is not possible there."""
    page = window.bindings.page
    can = {row.id for row, _ in window.bindings.available()}
    now = [_now(window, row) for row in ACTIONS if row.id in can and row.id != _SELF]
    if page is Page.LABEL:
        now += _motions(window)
    elsewhere = (row for row in ACTIONS if row.call is not None and not row.page.holds_on(page))
    return [*now, *(_elsewhere(window, row) for row in elsewhere)]


def _now(window: "Window", row: Action) -> Choice:
    text = window.bindings[row.id].text().replace("&", "").rstrip("…")
    call = partial(window.perform, row)
    return Choice(text, call, window.keys.first(row.id), plain(row.menu), _refusal(window, row, text))


def _refusal(window: "Window", row: Action, text: str) -> str:
    """Why what this page has is not possible now; "" where it is."""
    if row.writes and window.project is not None and window.project.read_only:
        return "the project is read only"
    if row.writes and window.page.looking_back:
        return "an earlier state is shown"
    if row.id in _TAKES_BACK and text == row.text.replace("&", ""):
        return f"nothing to {text.lower()}"
    return ""


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
    """An action of another page: taken, it goes there, and is done or said to be possible now."""
    page, there = _PAGES[row.page]
    text, key = row.text.replace("&", "").rstrip("…"), window.keys.first(row.id)
    if window.project is not None:
        call = partial(_go, window, row, there, f"“{text}” is possible on this page{key and f': {key}'}.")
        return Choice(text, call, key, plain(row.menu), f"on the {page} page")

    def refuse() -> None:
        raise GestureRefused(f"“{text}” needs a project: open one, or make one, first.")

    return Choice(text, partial(window.faults.attempt, refuse), key, plain(row.menu), "needs a project")


def _go(window: "Window", row: Action, there: str, said: str) -> None:
    window.perform(action(there))
    if not row.page.holds_on(window.bindings.page):
        return  # the page has said why it does not come
    asks = row.text.endswith("…")
    if row.reach is Reach.WINDOW and (asks or not row.writes):  # nothing changes before it was seen
        window.perform(row)
    else:
        window.page.line.say(said)
