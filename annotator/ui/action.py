"""What a row of the table of actions is: one thing a person can do, and where it can be asked for."""

from enum import StrEnum

from annotator.domain.frozen import frozen


class Menu(StrEnum):
    """Menus of the menu bar, in their order."""

    FILE = "&File"
    EDIT = "&Edit"
    MOVE = "&Go"
    MARK = "&Mark"
    LABEL = "&Label"
    STANCE = "&Stance"
    ARTICLE = "&Article"
    REVIEW = "&Review"
    ANNOTATOR = "A&nnotator"
    VIEW = "&View"
    HELP = "&Help"


class Page(StrEnum):
    """Where an action makes sense: on every page, on those of a project, or on one of these."""

    ANY = "any"
    PROJECT = "project"
    NAMING = "naming"  # the label page and the page of names
    LABEL = "label"
    NAMES = "names"
    REVIEW = "review"
    LABELSET = "labelset"
    DASHBOARD = "dashboard"
    ASIDE = "aside"  # help and settings, while a project is open

    def holds_on(self, shown: "Page") -> bool:
        """Whether an action of this page can be done while that one is shown."""
        return self in (Page.ANY, shown) or shown in _PARTS.get(self, ())

    def meets(self, other: "Page") -> bool:
        """Whether there is a page on which actions of both can be done."""
        return any(self.holds_on(shown) and other.holds_on(shown) for shown in _PARTS[Page.PROJECT])


_PARTS = {
    Page.PROJECT: (Page.LABEL, Page.NAMES, Page.REVIEW, Page.LABELSET, Page.DASHBOARD, Page.ASIDE),
    Page.NAMING: (Page.LABEL, Page.NAMES),
}


class Reach(StrEnum):
    """Where the keys work: anywhere in the window, or only while article view or review has the focus."""

    WINDOW = "window"
    ARTICLE = "article"


@frozen
class Action:
    """One thing a person can do.

    `call` is `part.method` of the window, its files, their safety, its error list, its keys (keying), the
    label page, its gestures, the parts of stances (parts) or its suggestions (prefetch); None for what the
    view does by itself. `keys` are Qt's portable texts, as long as nobody changed them (keymap.Keys knows);
    `args` go to `call`. `writes` says that a project open only for reading refuses it.
    A `rule` draws a line above it in the menu, or above the submenu `sub` that it begins. `check` names the
    group of a choice that is on or off; `listed` is whether the help shows the row.
    """

    id: str
    text: str
    menu: Menu
    keys: tuple[str, ...] = ()
    call: str | None = None
    page: Page = Page.LABEL
    reach: Reach = Reach.WINDOW
    args: tuple[object, ...] = ()
    writes: bool = False
    rule: bool = False
    check: str = ""
    listed: bool = True
    sub: str = ""
