"""The settings page: which key map holds, and every action with its keys, which can be changed there."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from annotator.domain.labels import LabelSet
from annotator.ui import label_keys, style
from annotator.ui.actions import ACTIONS, Action, shown
from annotator.ui.article.typography import READING
from annotator.ui.chrome import Chip, KeyField, KeyHints, TextButton, Words, caption, rule
from annotator.ui.guard import guarded, guarded_as
from annotator.ui.key_list import KeyList, Line, fitting
from annotator.ui.keymap import Keys, plain, pressed, readable_keymaps, reserved
from annotator.ui.status_line import announce

_WIDTH = 860
_THEME = "theme."
_LOOKS = "Font, text size, line spacing and column width: View menu, Text"
_HINTS = (
    ("Enter", "new key"),
    ("Insert", "another key"),
    ("Delete", "no key"),
    ("Backspace", "as it was"),
)


class SettingsPage(QWidget):
    """`left` says that the person goes back (Esc), `theme_chosen` carries the name of a theme."""

    left = Signal()
    theme_chosen = Signal(str)

    def __init__(self, keys: Keys, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys = keys
        self._labelset: LabelSet | None = None
        self._clash: tuple[str, str, str | None] | None = None  # the action, its new key, the key it had
        self._adding = False
        maps = readable_keymaps()
        self._about = {each.name: each.about for each in maps}
        self.chips = {each.name: Chip(each.title, self) for each in maps}
        self._themes = QWidget(self)  # chips with one parent exclude each other
        self.themes = {
            row.id.removeprefix(_THEME): Chip(row.text.removesuffix(" theme"), self._themes)
            for row in ACTIONS
            if row.id.startswith(_THEME)
        }
        self._said = Words("", factor=0.9, role=style.DIM, wrap=True, parent=self)
        self.field = KeyField(self)
        self.field.setPlaceholderText("Find an action by its name, its menu or its key")
        self.field.setAccessibleName("Find an action")
        self.list = KeyList(self)
        self.recorder = Recorder(self)
        self.words = Words("", parent=self)
        self._foot = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._reset_all = TextButton("Take back every change", "", self)
        back = TextButton("Back to work", "Esc", self)
        back.clicked.connect(self.left)
        head = QHBoxLayout()
        head.addWidget(Words("Settings", factor=1.7, bold=True, families=READING, parent=self))
        head.addStretch(1)
        head.addWidget(self._reset_all)
        head.addWidget(back)
        themes, maps = QHBoxLayout(self._themes), QHBoxLayout()
        themes.setContentsMargins(0, 0, 0, 0)
        for row_of, chips in ((themes, self.themes), (maps, self.chips)):
            row_of.setSpacing(6)
            for chip in chips.values():
                row_of.addWidget(chip)
            row_of.addStretch(1)
        asking = QWidget(self)
        row = QHBoxLayout(asking)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.recorder)
        for widget in (KeyHints(_HINTS, self), asking):
            self._foot.addWidget(widget)
        self._foot.setFixedHeight(40)
        inner = QWidget(self)
        inner.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 18, 24, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addSpacing(10)
        column.addWidget(caption("Theme"))
        column.addWidget(self._themes)
        column.addWidget(Words(_LOOKS, factor=0.9, role=style.DIM, wrap=True, parent=self))
        column.addSpacing(10)
        column.addWidget(caption("Key map"))
        column.addLayout(maps)
        column.addWidget(self._said)
        column.addSpacing(10)
        column.addWidget(caption("Keys"))
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(rule())
        column.addWidget(self._foot)
        around = QHBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addStretch(1)
        around.addWidget(inner, 100)
        around.addStretch(1)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(style.BACKGROUND)

    def _connect(self) -> None:
        for name, chip in self.chips.items():
            chip.clicked.connect(lambda _=False, name=name: self._keys.choose(name))
        for name, chip in self.themes.items():
            chip.clicked.connect(lambda _=False, name=name: self.theme_chosen.emit(name))
        self._reset_all.clicked.connect(self._keys.reset_all)
        self._keys.changed.connect(self._fill)
        self.field.textChanged.connect(lambda _: self._fill())
        self.field.stepped.connect(self._step)
        self.field.entered.connect(lambda _: self._ask("record"))
        self.field.escaped.connect(self._leave_field)
        self.list.asked.connect(self._ask)
        self.list.typed.connect(self._type)
        self.list.left.connect(self.left)
        self.recorder.recorded.connect(self._take)
        self.recorder.confirmed.connect(self._confirm)
        self.recorder.left.connect(self._stop)

    def start(self, labelset: LabelSet | None, theme: str) -> None:
        """Shows the theme that is chosen and the keys, those of labels with the names of a label set."""
        self.themes[theme].setChecked(True)
        self._labelset = labelset
        self.field.clear()
        self._fill()
        self.list.setCurrentRow(0)
        self._stop()
        self.field.setFocus()

    # ---------------------------------------------------------------- the list

    def _fill(self) -> None:
        self.list.show_lines(fitting([self._line(row) for row in ACTIONS], self.field.text()))
        name = self._keys.keymap
        if name in self.chips:
            self.chips[name].setChecked(True)
        self._said.setText(self._keys.trouble or self._about.get(name, ""))
        self._reset_all.setVisible(any(self._keys.differs(row.id) for row in ACTIONS))

    def _line(self, row: Action) -> Line:
        keys = tuple(dict.fromkeys(shown(key) for key in self._keys.of(row.id)))
        return Line(row.id, self._text(row), plain(row.menu), keys, self._keys.differs(row.id))

    def _text(self, row: Action) -> str:
        group, _, n = row.id.partition(".")
        if self._labelset is not None and n.isdecimal() and group in ("label", "stance"):
            slots = label_keys.entity_slots if group == "label" else label_keys.stance_slots
            label = slots(self._labelset)[int(n) - 1]
            if label is not None:
                return (
                    f"{row.text}: {label.name}"
                    if group == "label"
                    else f"{label.glyph or ''} {label.name}".strip()
                )
        return row.text.rstrip("…")

    def _step(self, rows: int) -> None:
        row = self.list.currentRow() + rows
        self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))

    def _type(self, letter: str) -> None:
        self.field.setFocus()
        self.field.insert(letter)

    def _leave_field(self) -> None:
        if self.field.text():
            self.field.clear()
        else:
            self.left.emit()

    # ---------------------------------------------------------------- changing a key

    def _ask(self, wants: str) -> None:
        line = self.list.line()
        if line is None:
            return
        if wants == "clear":
            self._keys.assign(line.id, ())
        elif wants == "reset":
            self._keys.reset(line.id)
        else:
            self._adding = wants == "add"
            self._prompt(f"Press the new key for “{line.text}”.")
            self.recorder.start()

    def _prompt(self, text: str, *, warn: bool = False) -> None:
        self.words.setText(text)
        self.words.setForegroundRole(style.WARN if warn else style.TEXT)
        self._foot.setCurrentIndex(1)
        announce(self, text)

    def _take(self, key: str) -> None:
        """A key was pressed: the action gets it, unless it cannot or another has it."""
        line = self.list.line()
        if line is None:
            self._stop()
            return
        if why := reserved(key):
            self._prompt(f"{why} Press another.", warn=True)
            return
        mine = self._keys.of(line.id)
        instead = None if self._adding or not mine else mine[0]
        other = self._keys.owner(key, line.id)
        if other is None or other.id == line.id:
            self._keys.swap(line.id, key, instead) if key not in mine else None
            self._stop()
            return
        self._clash = line.id, key, instead
        then = f"gets {shown(instead)} in exchange" if instead else "loses it"
        self._prompt(f"{shown(key)} is “{self._text(other)}”, which {then}.", warn=True)
        self.recorder.confirm("Swap" if instead else "Take it")

    def _confirm(self) -> None:
        if self._clash is not None:
            self._keys.swap(*self._clash)
        self._stop()

    def _stop(self) -> None:
        self._clash = None
        self._foot.setCurrentIndex(0)
        self.recorder.stop()
        if self.recorder.hasFocus() or not self.field.hasFocus():
            self.list.setFocus()


class Recorder(QWidget):
    """Hears any key. `recorded` carries it as a shortcut's text; `confirmed` is Enter, where it was asked."""

    recorded = Signal(str)
    confirmed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("The new key")
        self._asking = False
        self._yes = TextButton("Take it", "Enter", self)
        self._no = TextButton("Leave it", "Esc", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for button, signal in ((self._yes, self.confirmed), (self._no, self.left)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(signal)
            row.addWidget(button)

    def start(self) -> None:
        self._asking = False
        self._yes.hide()
        self.setFocus()

    def confirm(self, text: str) -> None:
        """Offers Enter to go through with it."""
        self._asking = True
        self._yes.setText(text)
        self._yes.setAccessibleName(text)
        self._yes.updateGeometry()
        self._yes.show()

    def stop(self) -> None:
        self._asking = False

    @guarded_as(False)
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:  # here, since Tab would not come to keyPressEvent
                self._hear(event)
                return True
        return bool(super().event(event))

    def _hear(self, event: QKeyEvent) -> None:
        key = pressed(event)
        if key == "Esc":
            self.left.emit()
        elif self._asking and key in ("Return", "Enter"):
            self.confirmed.emit()
        elif key is not None:
            self.recorded.emit(key)

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self.left.emit()
