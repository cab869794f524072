"""The table of actions: no two claim a key, each calls something, menus and help say the same."""

import re
from dataclasses import replace

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from annotator.ui.actions import ACTIONS, Menu, Reach, action, clashes, shown
from annotator.ui.annotators import Annotators
from annotator.ui.bulk import Bulk
from annotator.ui.dashboard import Dashboard
from annotator.ui.error_list import ErrorList
from annotator.ui.exchange import Exchange
from annotator.ui.files import Files
from annotator.ui.finishing import Finishing
from annotator.ui.gestures import Gestures
from annotator.ui.keying import Keying
from annotator.ui.label_keys import entity_slots
from annotator.ui.label_page import LabelPage
from annotator.ui.labelsets import LabelSetsOf
from annotator.ui.looking_back import LookingBack
from annotator.ui.naming import Naming
from annotator.ui.prefetch import Prefetch
from annotator.ui.queueing import Queueing
from annotator.ui.reading import Reading
from annotator.ui.review import Review
from annotator.ui.safety import Safety
from annotator.ui.side_pages import SidePages
from annotator.ui.stance_parts import StanceParts
from annotator.ui.team import Team
from annotator.ui.time_spent import TimeSpent
from annotator.ui.window import Window
from tests.ui.desk import Desk

# DESIGN.md's tables of keys, those of the label page and everywhere.
DESIGNED = [
    "Tab",
    "Shift+Tab",
    "A",
    "X",
    "Space",
    "S",
    "Shift+S",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "0",
    "Shift+1",
    "Shift+0",
    "/",
    "F",
    "G",
    "N",
    "H",
    "T",
    "Q",
    "E",
    "O",
    "M",
    "I",
    "R",
    "U",
    "V",
    "Ctrl+Shift+A",
    "Del",
    "B",
    "Ctrl+Return",
    "Ctrl+PgDown",
    "Ctrl+PgUp",
    "Ctrl+Z",
    "Ctrl+Shift+Z",
    "Ctrl+Y",
    "Ctrl+K",
    "F1",
    "Ctrl+F",
    "Ctrl+L",
    "Ctrl++",
    "Ctrl+-",
    "F6",
    "Shift+F6",
    "Esc",
    "Left",
    "Ctrl+Left",
    "Up",
    "Ctrl+Up",
]


def test_no_two_actions_claim_a_key() -> None:
    assert clashes() == []


def test_a_clash_is_found() -> None:
    twin = replace(action("mark.accept"), id="mark.twin", keys=("a",))
    assert clashes((*ACTIONS, twin)) == [("a", "mark.accept", "mark.twin")]


def test_pages_that_are_never_shown_together_may_share_a_key() -> None:
    assert action("mark.end").keys == action("review.edit").keys
    twin = replace(action("help.keys"), id="help.twin", keys=("e",))
    assert clashes((*ACTIONS, twin)) == [("e", "mark.end", "help.twin"), ("e", "review.edit", "help.twin")]


def test_ids_are_unique() -> None:
    assert len({row.id for row in ACTIONS}) == len(ACTIONS)


def test_every_designed_key_is_there() -> None:
    keys = {key for row in ACTIONS for key in row.keys}
    assert set(DESIGNED) <= keys


def test_qt_understands_every_key() -> None:
    for row in ACTIONS:
        for key in row.keys:
            assert not QKeySequence(key).isEmpty(), key


def test_every_action_calls_a_method_that_exists() -> None:
    owners = {
        "window": Window,
        "side_pages": SidePages,
        "files": Files,
        "safety": Safety,
        "errors": ErrorList,
        "page": LabelPage,
        "gestures": Gestures,
        "parts": StanceParts,
        "annotators": Annotators,
        "names": Naming,
        "labels": LabelSetsOf,
        "bulk": Bulk,
        "prefetch": Prefetch,
        "keying": Keying,
        "reading": Reading,
        "queueing": Queueing,
        "review": Review,
        "dashboard": Dashboard,
        "exchange": Exchange,
        "team": Team,
        "history": LookingBack,
        "effort": TimeSpent,
        "finishing": Finishing,
    }
    for row in ACTIONS:
        if row.call is not None:
            part, _, method = row.call.partition(".")
            assert callable(getattr(owners[part], method)), row.call


def test_keys_that_type_work_in_the_article_only() -> None:
    for row in ACTIONS:
        for key in row.keys:
            if re.fullmatch(r"(Shift\+)?(.|Tab|Space|Del)", key):
                assert row.reach is Reach.ARTICLE, row.id


def rows(menu: QMenu) -> list[QAction]:
    """What a menu and its submenus hold."""
    inner = [each.menu() for each in menu.actions()]
    return [*menu.actions(), *(row for each in inner if each is not None for row in rows(each))]


def test_menus_are_short_and_keep_apart_what_is_of_other_pages(desk: Desk) -> None:
    for menu in (Menu.VIEW, Menu.LABEL):
        desk.window.menus[menu].aboutToShow.emit()
        assert len(desk.window.menus[menu].actions()) <= 20
    subs = {
        each.text(): (each.isEnabled(), len(each.menu().actions()))
        for menu in (Menu.VIEW, Menu.LABEL)
        for each in desk.window.menus[menu].actions()
        if each.menu() is not None
    }
    assert subs == {
        "Text": (True, 7),
        "Layers": (True, 4),
        "Theme": (True, 4),
        "Order of the queue": (True, 5),
        "On the dashboard": (False, 5),
        "On the Labels page": (False, 13),
    }
    desk.press("Ctrl+5")
    enabled = [each.isEnabled() for each in desk.window.menus[Menu.LABEL].actions() if each.menu()]
    assert enabled == [True]
    desk.press("Ctrl+1")
    desk.window.bindings.show_labels(desk.window.project.labelset)
    desk.window.menus[Menu.LABEL].aboutToShow.emit()
    (again,) = (each.menu() for each in desk.window.menus[Menu.LABEL].actions() if each.menu())
    assert len(again.actions()) == 13, "once each after labels have changed"


def test_every_action_is_in_the_menu_with_its_keys(desk: Desk) -> None:
    for menu in desk.window.menus.values():
        menu.aboutToShow.emit()
    shown = [row for menu in desk.window.menus.values() for row in rows(menu)]
    listed = {each.objectName() for each in shown}
    project = desk.window.project
    assert project is not None
    bare = {f"label.{n}" for n, label in enumerate(entity_slots(project.labelset), start=1) if label is None}
    for row in ACTIONS:
        if row.call is not None:
            shortcuts = desk.window.bindings[row.id].shortcuts()
            keys = [each.toString(QKeySequence.SequenceFormat.PortableText) for each in shortcuts]
            assert keys == list(row.keys)
            assert (row.id in listed) == (row.id not in bare), row.id


def test_keys_are_shown_as_people_read_them() -> None:
    assert [shown(key) for key in ("Ctrl+Return", "Del", "Ctrl++", "Ctrl+PgDown")] == [
        "Ctrl+Enter",
        "Delete",
        "Ctrl++",
        "Ctrl+Page Down",
    ]
