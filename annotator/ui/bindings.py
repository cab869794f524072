"""QActions made from the table of actions: one each, with its keys, heard where the table says."""

from collections import Counter
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from annotator.domain.labels import Label, LabelSet
from annotator.ui import label_keys
from annotator.ui.actions import ACTIONS, Action, Menu, Page, Reach
from annotator.ui.keyboard import by_position
from annotator.ui.keymap import Keys

_ROWS = {row.id: row for row in ACTIONS if row.call is not None}
_CHOICES = Counter(row.check for row in _ROWS.values() if row.check)
_SLOTS = [id_ for id_ in _ROWS if id_.startswith(("label.", "stance.")) and id_[-1].isdecimal()]


class Bindings(QObject):
    """The QActions of a window by id. `perform` is called with the row of an action that was triggered.

    An action costs as much as a small widget, so it is made when its keys can first be pressed, its menu is
    opened, or somebody asks for it.
    """

    def __init__(
        self, window: QMainWindow, view: QWidget, keys: Keys, perform: Callable[[Action], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._perform = perform
        self._keys = keys
        self._actions: dict[str, QAction] = {}
        self._by_key: dict[str, list[str]] | None = None  # None before a key was pressed by its place
        self._hearing = {Page.LABEL: view}  # who hears the keys of a page; those of other pages join it
        self._groups: dict[str, QActionGroup] = {}
        self._menus: dict[Menu, QMenu] = {}
        self._subs: dict[tuple[Menu, str], QMenu] = {}
        self._filled: set[Menu] = set()
        self._labels: dict[str, tuple[str, str]] = {}  # text and tooltip of each slot that has a label
        self.page = Page.ANY

    def __getitem__(self, id_: str) -> QAction:
        return self._actions.get(id_) or self._made(_ROWS[id_])

    def _made(self, row: Action) -> QAction:
        self._actions[row.id] = action = QAction(self._window)
        action.setText(row.text)
        action.setObjectName(row.id)
        action.setMenuRole(QAction.MenuRole.NoRole)
        action.triggered.connect(lambda: self._perform(row))
        action.setEnabled(row.page.holds_on(self.page))
        self._hear_keys(row, action)
        if row.check:
            self._make_choice(row.check, action)
        if row.id in self._labels:
            self._name(row.id, action)
        if row.reach is Reach.WINDOW:
            self._window.addAction(action)
        else:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            if row.page in self._hearing:
                self._hearing[row.page].addAction(action)
        return action

    def _make_choice(self, name: str, action: QAction) -> None:
        """Choices are checkable; those of a group of several exclude each other."""
        action.setCheckable(True)
        if _CHOICES[name] > 1:
            if name not in self._groups:
                self._groups[name] = QActionGroup(self._window)
            self._groups[name].addAction(action)

    def _hear_keys(self, row: Action, action: QAction) -> None:
        if keys := self._keys.of(row.id):
            action.setShortcuts([QKeySequence(key) for key in keys])
        elif not action.shortcut().isEmpty():
            action.setShortcuts([])

    def assign_keys(self) -> None:
        """Gives each action the keys it has now."""
        self._by_key = None
        for id_, action in self._actions.items():
            self._hear_keys(_ROWS[id_], action)
        self._make_pressable()

    def _make_pressable(self) -> None:
        """Makes what has keys on the page that is shown."""
        for id_, row in _ROWS.items():
            if id_ not in self._actions and row.page.holds_on(self.page) and self._keys.of(id_):
                self._made(row)

    def hear(self, page: Page, widget: QWidget) -> None:
        """Lets a page that was just made hear the keys that are its own, in all of its panes."""
        self._hearing[page] = widget
        for id_, action in self._actions.items():
            if _ROWS[id_].page is page and _ROWS[id_].reach is Reach.ARTICLE:
                widget.addAction(action)

    def menu_bar(self, window: QMainWindow) -> dict[Menu, QMenu]:
        """Makes the menu bar; the menus are returned for what the table cannot know."""
        self._menus = {menu: window.menuBar().addMenu(menu.value) for menu in Menu}
        for menu, shown in self._menus.items():
            shown.aboutToShow.connect(lambda menu=menu: self._fill(menu))
        return self._menus

    def _fill(self, menu: Menu) -> None:
        """Before a menu is first shown, and again when the labels have changed."""
        if menu in self._filled:
            return
        self._filled.add(menu)
        shown = {"": self._menus[menu]}
        shown[""].clear()
        for row in _ROWS.values():
            if row.menu is menu and self._is_taken(row.id):
                if row.rule:
                    shown.get(row.sub, shown[""]).addSeparator()
                if row.sub not in shown:
                    shown[row.sub] = self._submenu(menu, row.sub)
                    shown[""].addMenu(shown[row.sub])
                shown[row.sub].addAction(self[row.id])
        self._enable_submenus()

    def _submenu(self, menu: Menu, name: str) -> QMenu:
        """An empty submenu, made once."""
        if (menu, name) not in self._subs:
            self._subs[menu, name] = QMenu(name, self._menus[menu])
        self._subs[menu, name].clear()
        return self._subs[menu, name]

    def _enable_submenus(self) -> None:
        """Those in which something makes sense on the page that is shown."""
        holding = {(row.menu, row.sub) for row in _ROWS.values() if row.page.holds_on(self.page)}
        for place, shown in self._subs.items():
            shown.menuAction().setEnabled(place in holding)

    def set_page(self, page: Page) -> None:
        """Enables what makes sense on the page that is shown."""
        self.page = page
        for id_, action in self._actions.items():
            action.setEnabled(_ROWS[id_].page.holds_on(page))
        self._make_pressable()
        holding = {row.menu for row in _ROWS.values() if row.page.holds_on(page)}
        for menu, shown in self._menus.items():
            shown.menuAction().setEnabled(menu in holding)
        if self._subs:
            self._enable_submenus()

    def show_labels(self, labelset: LabelSet | None) -> None:
        """Names the label actions after the project's labels.

        Keys without a label are in no menu; pressed, they say so.
        """
        self._labels.clear()
        entities = label_keys.entity_slots(labelset) if labelset else []
        stances = label_keys.stance_slots(labelset) if labelset else []
        for group, slots in (("label", entities), ("stance", stances)):
            for n, label in enumerate(slots, start=1):
                if label is not None:
                    self._name_slot(f"{group}.{n}", label)
        self._filled -= {Menu.LABEL, Menu.STANCE}

    def _name_slot(self, id_: str, label: Label) -> None:
        glyph, key = f"{label.glyph} " if label.glyph else "", self._keys.first(id_)
        self._labels[id_] = f"{glyph}{label.name}", f"{label.title} ({key})" if key else label.title
        if id_ in self._actions:
            self._name(id_, self._actions[id_])

    def _name(self, id_: str, action: QAction) -> None:
        text, tip = self._labels[id_]
        action.setText(text)
        action.setToolTip(tip)

    def available(self) -> Iterator[tuple[Action, QAction]]:
        """What can be done now, in the table's order."""
        for id_, row in _ROWS.items():
            if row.page.holds_on(self.page) and self._is_taken(id_) and self[id_].isEnabled():
                yield row, self[id_]

    def _is_taken(self, id_: str) -> bool:
        """Whether an action is more than the key of a slot for which the label set has no label."""
        return id_ in self._labels or id_ not in _SLOTS

    def press_by_place(self, event: QKeyEvent) -> None:
        """A key of the article view that no shortcut took: does what stands at its place on the keyboard."""
        if self._by_key is None:
            self._by_key = {}
            for id_, row in _ROWS.items():
                for key in self._keys.of(id_) if row.reach is Reach.ARTICLE else ():
                    self._by_key.setdefault(key, []).append(id_)
        for id_ in self._by_key.get(by_position(event) or "", ()):
            if self[id_].isEnabled():
                self[id_].trigger()
                return
