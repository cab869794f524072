"""QActions made from the table of actions: one each, with its keys, heard where the table says."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from annotator.domain.labels import LabelSet
from annotator.ui import label_keys
from annotator.ui.actions import ACTIONS, Action, Menu, Page, Reach
from annotator.ui.keyboard import by_position
from annotator.ui.keymap import Keys


class Bindings(QObject):
    """The QActions of a window by id. `perform` is called with the row of an action that was triggered."""

    def __init__(
        self, window: QMainWindow, view: QWidget, keys: Keys, perform: Callable[[Action], None]
    ) -> None:
        super().__init__(window)
        self._perform = perform
        self._keys = keys
        self._actions: dict[str, QAction] = {}
        self._by_key: dict[str, list[QAction]] = {}
        self._unheard: dict[Page, list[QAction]] = {}  # keys of pages that are not made yet
        self._menus: dict[Menu, QMenu] = {}
        self._bare: set[str] = set()  # slots of labels that the label set does not fill
        for row in ACTIONS:
            if row.call is not None:
                self._add(row, window, view)
        self._group(window)
        self.assign_keys()
        self.page = Page.ANY
        self.show_labels(None)

    def _add(self, row: Action, window: QMainWindow, view: QWidget) -> None:
        action = QAction(window)
        action.setText(row.text)
        action.setObjectName(row.id)
        action.setMenuRole(QAction.MenuRole.NoRole)
        action.triggered.connect(lambda: self._perform(row))
        if row.reach is Reach.ARTICLE:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            if row.page is Page.LABEL:
                view.addAction(action)
            else:
                self._unheard.setdefault(row.page, []).append(action)
        else:
            window.addAction(action)
        self._actions[row.id] = action

    def assign_keys(self) -> None:
        """Gives each action the keys it has now."""
        self._by_key.clear()
        for row in ACTIONS:
            action = self._actions.get(row.id)
            if action is not None:
                keys = self._keys.of(row.id)
                action.setShortcuts([QKeySequence(key) for key in keys])
                if row.reach is Reach.ARTICLE:
                    for key in keys:
                        self._by_key.setdefault(key, []).append(action)

    def hear(self, page: Page, widget: QWidget) -> None:
        """Lets a page that was just made hear the keys that are its own, in all of its panes."""
        for action in self._unheard.pop(page, ()):
            widget.addAction(action)

    def _group(self, window: QMainWindow) -> None:
        """Choices are checkable; those of a group of several exclude each other."""
        groups: dict[str, list[QAction]] = {}
        for row in ACTIONS:
            if row.check:
                groups.setdefault(row.check, []).append(self._actions[row.id])
        for actions in groups.values():
            group = QActionGroup(window)
            for action in actions:
                action.setCheckable(True)
                if len(actions) > 1:
                    group.addAction(action)

    def __getitem__(self, id_: str) -> QAction:
        return self._actions[id_]

    def menu_bar(self, window: QMainWindow) -> dict[Menu, QMenu]:
        """Fills the menu bar; the menus are returned for what the table cannot know."""
        self._menus = menus = {menu: window.menuBar().addMenu(menu.value) for menu in Menu}
        self._fill(*menus)
        return menus

    def _fill(self, *wanted: Menu) -> None:
        for row in ACTIONS:
            if row.menu in wanted and row.id in self._actions and row.id not in self._bare:
                if row.rule:
                    self._menus[row.menu].addSeparator()
                self._menus[row.menu].addAction(self._actions[row.id])

    def set_page(self, page: Page) -> None:
        """Enables what makes sense on the page that is shown."""
        self.page = page
        for row in ACTIONS:
            if row.id in self._actions and not row.id.startswith(("label.", "stance.")):
                self._actions[row.id].setEnabled(row.page.holds_on(page))
        for _, action in self._slots():
            action.setEnabled(page is Page.LABEL)
        self._actions["label.find"].setEnabled(page is Page.LABEL)
        for menu, shown in self._menus.items():
            holds = any(row.page.holds_on(page) for row in ACTIONS if row.menu is menu)
            shown.menuAction().setEnabled(holds)

    def show_labels(self, labelset: LabelSet | None) -> None:
        """Names the label actions after the project's labels.

        Keys without a label are in no menu; pressed, they say so.
        """
        labels = {
            "label": label_keys.entity_slots(labelset) if labelset else [],
            "stance": label_keys.stance_slots(labelset) if labelset else [],
        }
        bare = set()
        for id_, action in self._slots():
            group, _, n = id_.partition(".")
            slot = int(n) - 1
            label = labels[group][slot] if slot < len(labels[group]) else None
            action.setEnabled(self.page is Page.LABEL)
            if label is None:
                bare.add(id_)
            else:
                glyph = f"{label.glyph} " if label.glyph else ""
                action.setText(f"{glyph}{label.name}")
                key = self._keys.first(id_)
                action.setToolTip(f"{label.title} ({key})" if key else label.title)
        if bare != self._bare:
            self._bare = bare
            for menu in (Menu.LABEL, Menu.STANCE):
                if menu in self._menus:
                    self._menus[menu].clear()
                    self._fill(menu)

    def available(self) -> Iterator[tuple[Action, QAction]]:
        """What can be done now, in the table's order."""
        for row in ACTIONS:
            action = self._actions.get(row.id)
            if action is not None and action.isEnabled() and row.id not in self._bare:
                yield row, action

    def _slots(self) -> Iterator[tuple[str, QAction]]:
        for id_, action in self._actions.items():
            group, _, n = id_.partition(".")
            if group in ("label", "stance") and n.isdecimal():
                yield id_, action

    def press_by_place(self, event: QKeyEvent) -> None:
        """A key of the article view that no shortcut took: does what stands at its place on the keyboard."""
        for action in self._by_key.get(by_position(event) or "", ()):
            if action.isEnabled():
                action.trigger()
                return
