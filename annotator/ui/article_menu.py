"""The menu of the right mouse button: what can be done with the mark or the words under it."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from annotator.domain.marks import Shown, Stance
from annotator.ui.actions import Menu

if TYPE_CHECKING:
    from annotator.ui.window import Window

_SUGGESTION = ("mark.accept", "mark.reject")
_OWN = ("mark.delete",)
_NAME = ("mark.name", "mark.name_all", "names.rename")
_ENTITY = ("mark.equal", "mark.note", "", *_NAME, "", "mark.start", "mark.end")
_PARTS = ("stance.holder", "stance.no_holder", "stance.target", "stance.no_target")
_STANCE = (*_PARTS, "", *_NAME, "mark.note", "", "mark.start", "mark.end")
_WORDS = ("edit.copy", "", "stance.holder", "stance.target", "", "zone.toggle")
_NOTHING = ("select.grow", "zone.toggle", "edit.find")


def entries(shown: Shown | None, *, selected: bool) -> list[str]:
    """Ids of actions in their order, "" for a line and `labels`, `stances` for those menus."""
    if selected:
        return ["labels", "stances", "", *_WORDS]
    if shown is None:
        return [*_NOTHING]
    decide = _SUGGESTION if shown.suggested else _OWN
    if isinstance(shown.mark, Stance):
        return [*decide, "", "stances", *_STANCE]
    return [*decide, "", "labels", *_ENTITY]


def article_menu(window: "Window", shown: Shown | None) -> QMenu:
    """The menu for a mark or what is selected, not shown yet; it deletes itself when it closes."""
    menu = QMenu(window)
    for entry in entries(shown, selected=window.page.view.selection is not None):
        if not entry:
            menu.addSeparator()
        elif entry == "labels":
            menu.addMenu(window.menus[Menu.LABEL])
        elif entry == "stances":
            menu.addMenu(window.menus[Menu.STANCE])
        else:
            menu.addAction(window.bindings[entry])
    menu.aboutToHide.connect(menu.deleteLater)
    return menu
