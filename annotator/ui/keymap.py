"""Which keys do what: the table's own, a map of resources/keymaps over them, a person's changes on top."""

from collections.abc import Mapping
from contextlib import suppress
from itertools import chain
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from annotator import places
from annotator.domain.errors import AnnotatorError
from annotator.domain.frozen import frozen
from annotator.ui import settings as remembered
from annotator.ui.actions import ACTIONS, Action, Menu, action, meet, shown
from annotator.ui.keyboard import by_position
from annotator.ui.settings import OWN_KEYS, Settings

KEYMAPS = (OWN_KEYS, "prodigy", "label_studio", "inception")
# The keys of each action by its id; an action without a key has an empty tuple.
Assigned = dict[str, tuple[str, ...]]

_Key = Qt.Key
_ALONE = (_Key.Key_Shift, _Key.Key_Control, _Key.Key_Alt, _Key.Key_Meta, _Key.Key_AltGr, _Key.Key_CapsLock)
_DEAD = (_Key.Key_unknown, _Key.Key_Multi_key, _Key.Key_Mode_switch, _Key.Key_NumLock, _Key.Key_ScrollLock)


@frozen
class KeyMap:
    """A file of resources/keymaps. `keys` are those of the tool it is named after and ours that made room."""

    name: str
    title: str
    about: str
    keys: Assigned


def read_keymap(name: str) -> KeyMap:
    """The key map of a file's stem; AnnotatorError if the file is missing or is not one."""
    import tomllib  # late: a window with our own keys can do without

    path = places.resource("keymaps", f"{name}.toml")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        keys = {id_: tuple(each) for part in ("keys", "moved") for id_, each in content.get(part, {}).items()}
        texts = (content["title"], content["about"], *chain.from_iterable(keys.values()))
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("what should be text is not")
        return KeyMap(name, content["title"], content["about"], keys)
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise AnnotatorError(
            f"The key map {path} is not readable ({error}). Choose another in the settings (Ctrl+,)."
        ) from error


def readable_keymaps() -> list[KeyMap]:
    """Those that can be chosen."""
    maps = []
    for name in KEYMAPS:
        with suppress(AnnotatorError):
            maps.append(read_keymap(name))
    return maps


def defaults() -> Assigned:
    return {row.id: row.keys for row in ACTIONS}


def laid_over(below: Assigned, above: Mapping[str, tuple[str, ...]]) -> Assigned:
    """`below` with the keys of `above`; an action that `above` does not name gives up the keys it takes.

    Actions that are never on one page may have the same key.
    """
    wanted: Assigned = {}
    taken: dict[str, list[str]] = {}

    def is_free(key: str, id_: str) -> bool:
        return not any(meet(id_, other) for other in taken.get(key.lower(), ()))

    for id_ in below:
        if id_ in above:
            wanted[id_] = tuple(key for key in dict.fromkeys(above[id_]) if is_free(key, id_))
            for key in wanted[id_]:
                taken.setdefault(key.lower(), []).append(id_)
    left = {
        id_: tuple(key for key in keys if is_free(key, id_)) if taken else keys
        for id_, keys in below.items()
        if id_ not in wanted
    }
    return {id_: wanted.get(id_, left.get(id_, ())) for id_ in below}


def reserved(key: str) -> str:
    """Why no action can have a key; "" for a key that one can have."""
    if key in ("Return", "Enter", "Esc"):
        return f"{shown(key)} confirms or leaves everywhere and stays as it is."
    menu = next((menu for menu in Menu if key.lower() == f"alt+{_mnemonic(menu)}"), None)
    return f"{key} opens the menu {plain(menu)}." if menu else ""


def plain(menu: Menu) -> str:
    """The name of a menu without the sign of its underlined letter."""
    return menu.value.replace("&", "")


def _mnemonic(menu: Menu) -> str:
    _, sign, rest = menu.value.partition("&")
    return rest[0].lower() if sign else ""


def pressed(event: QKeyEvent) -> str | None:
    """The key of an event as a shortcut's text; None while only modifiers are held, and for dead keys.

    A sign that needs Shift on this layout goes without it (`?`), as layouts do not agree on that.
    """
    if event.key() in (*_ALONE, *_DEAD):
        return None
    placed = by_position(event)
    if placed is not None:
        return placed
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = _Key(event.key())
    if key == _Key.Key_Backtab:
        key, held = _Key.Key_Tab, held | Qt.KeyboardModifier.ShiftModifier
    sign = event.text()[:1]
    if sign.isprintable() and sign and not sign.isalnum() and not sign.isspace():
        held &= ~Qt.KeyboardModifier.ShiftModifier
    text = QKeySequence(held.value | key.value).toString(QKeySequence.SequenceFormat.PortableText)
    return text or None


class Keys(QObject):
    """The keys that hold now, kept in the settings. `changed` says that some are different.

    `trouble` is for people: why the key map of the settings does not hold, "" where it does.
    """

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._base: Assigned = {}
        self._now: Assigned = {}
        self.keymap = OWN_KEYS  # the one that holds
        self.trouble = ""
        self._lay()

    def _lay(self) -> None:
        own = defaults()
        if self._settings.keymap not in KEYMAPS:  # a settings file of another version
            self._settings.keymap = OWN_KEYS
        self.keymap, self.trouble, self._base = self._settings.keymap, "", own
        if self.keymap != OWN_KEYS:
            try:
                self._base = laid_over(own, read_keymap(self.keymap).keys)
            except AnnotatorError as error:
                self.keymap, self.trouble = OWN_KEYS, f"{error} Until then the usual keys hold."
        self._now = (
            laid_over(self._base, _understood(self._settings.keys)) if self._settings.keys else self._base
        )

    @property
    def as_made(self) -> bool:
        """Whether they are those of the table of actions."""
        return self.keymap == OWN_KEYS and not self._settings.keys

    def of(self, id_: str) -> tuple[str, ...]:
        """The keys of an action, as Qt's portable texts."""
        return self._now[id_]

    def first(self, id_: str) -> str:
        """The first key of an action as people read it; "" if it has none."""
        return shown(self._now[id_][0]) if self._now[id_] else ""

    def told(self, id_: str) -> str:
        """The first key of an action as people read it, or its menu and text if it has none."""
        if key := self.first(id_):
            return key
        row = action(id_)
        return f"{plain(row.menu)}, {row.text}"

    def differs(self, id_: str) -> bool:
        """Whether an action has other keys than the key map gives it."""
        return self._now[id_] != self._base[id_]

    def owner(self, key: str, id_: str) -> Action | None:
        """The action that has a key where the action `id_` could be asked for by it too."""
        found = (
            row
            for row in ACTIONS
            if meet(row.id, id_) and key.lower() in (each.lower() for each in self._now[row.id])
        )
        return next(found, None)

    def moved(self) -> Assigned:
        """The actions that have other keys than in the table."""
        own = defaults()
        return {id_: keys for id_, keys in self._now.items() if keys != own[id_]}

    # ---------------------------------------------------------------- changes

    def choose(self, name: str) -> None:
        """Takes another key map; a person's own changes go."""
        self._settings.keymap, self._settings.keys = name, {}
        self._store()

    def assign(self, id_: str, keys: tuple[str, ...]) -> None:
        """Gives an action these keys; the actions that had one of them lose it."""
        self._change(laid_over(self._now, {id_: keys}))

    def swap(self, id_: str, key: str, instead: str | None) -> None:
        """Gives an action `key` in place of its key `instead`, which goes to the action that had `key`."""
        other = self.owner(key, id_)
        mine = self.of(id_)
        keys = tuple(key if each == instead else each for each in mine) if instead else (*mine, key)
        if other is None or other.id == id_ or instead is None:
            self.assign(id_, keys)
            return
        theirs = tuple(instead if each.lower() == key.lower() else each for each in self.of(other.id))
        self._change(laid_over(self._now, {id_: keys, other.id: theirs}))

    def reset(self, id_: str) -> None:
        """Gives an action the keys of the key map again; who has one of them now loses it."""
        self.assign(id_, self._base[id_])

    def reset_all(self) -> None:
        """Takes back every change of the person."""
        self.choose(self.keymap)

    def _change(self, now: Assigned) -> None:
        self._settings.keymap = self.keymap  # which the changes are told from
        self._settings.keys = {id_: list(keys) for id_, keys in now.items() if keys != self._base[id_]}
        self._store()

    def _store(self) -> None:
        self._lay()
        remembered.save(self._settings)
        self.changed.emit()


def _understood(keys: dict[str, Any]) -> Assigned:
    """What of the remembered changes the keyboard knows; a settings file can be written by hand."""
    return {id_: tuple(key for key in each if not QKeySequence(key).isEmpty()) for id_, each in keys.items()}
