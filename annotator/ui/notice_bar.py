"""A bar above the page that says what matters or asks one question; it never blocks the window."""

from collections.abc import Callable, Sequence
from functools import cached_property

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from annotator.domain.frozen import frozen
from annotator.ui import style
from annotator.ui.chrome import KeyField, Words
from annotator.ui.guard import guarded

Choice = tuple[str, Callable[[], object]]


@frozen
class _Told:
    text: str
    role: style.Role
    choices: Sequence[Choice]


@frozen
class _Asked:
    text: str
    choices: Sequence[Choice]
    stay: str
    dismissed: Callable[[], None] | None
    field: KeyField | None
    beside: QWidget | None
    kept: Callable[[], object] | None


class NoticeBar(QWidget):
    """Enter takes the first choice, Esc dismisses; both give the focus back to where it was.

    `closed` says that what was shown is gone, answered or not. A question with a field stays open with what
    is typed when its answer fails, and while something else is told, which then stands before it.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = style.WARN
        self._choices: Sequence[Choice] = ()
        self._dismissed: Callable[[], None] | None = None
        self._kept: Callable[[], object] | None = None
        self._question = False
        self._back: QWidget | None = None
        self._buttons: list[QPushButton] = []
        self._extra = QHBoxLayout()
        self._field: KeyField | None = None
        self._beside: QWidget | None = None
        self._asked: _Asked | None = None
        self._told: _Told | None = None  # what is told, by itself or before a question
        self.hide()

    @cached_property
    def words(self) -> Words:
        """Made, with the buttons, when there is something to say."""
        words = Words("", wrap=True, parent=self)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._buttons = [QPushButton(self) for _ in range(3)]
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 9, 14, 9)
        row.setSpacing(8)
        row.addWidget(words, 1)
        row.addLayout(self._extra)
        for n, button in enumerate(self._buttons):
            button.clicked.connect(lambda _=False, n=n: self._take(n))
            button.setProperty("strong", n == 0)
            row.addWidget(button)
        return words

    def tell(self, text: str, *, role: style.Role = style.WARN, choices: Sequence[Choice] = ()) -> None:
        """Shows a message that stays until it is dismissed; the focus stays where it is."""
        self._told = _Told(text, role, choices)
        if self.asking and self._asked is not None and self._field is not None:
            self._say(f"{text} {self._asked.text}")
        else:
            self._show(text, role, choices, None, dismiss="Dismiss")

    def ask(
        self,
        text: str,
        choices: Sequence[Choice],
        *,
        stay: str = "Stay",
        dismissed: Callable[[], None] | None = None,
        field: KeyField | None = None,
        beside: QWidget | None = None,
        kept: Callable[[], object] | None = None,
    ) -> None:
        """Asks a question and takes the focus; `field` and what is `beside` it, if any, precede the buttons.

        Tab goes from one to the next, and round. Space turns a button on or off that is beside a field for
        reading only.
        `kept` saves what is typed by then when the question goes without an answer; Esc is one.
        A choice that returns False, or an error of `kept`, asks a question with a field once more.
        """
        self.keep()
        if not self.asking:  # of two questions the field of the first is gone by then
            self._back = self.window().focusWidget()
        for each in (field, beside):
            if isinstance(each, KeyField):
                each.entered.connect(lambda _: self._take(0))
                each.escaped.connect(self.dismiss)
        self._pose(_Asked(text, choices, stay, dismissed, field, beside if field else None, kept))
        if field is not None:
            field.selectAll()

    def _pose(self, asked: _Asked) -> None:
        self._show(asked.text, style.ACCENT, asked.choices, asked.dismissed, dismiss=asked.stay)
        self._question, self._kept = True, asked.kept
        self._asked, self._told = asked, None
        self.set_choice(asked.choices[0][0])
        if asked.field is None:
            self._buttons[0].setFocus()
            return
        for each in (asked.field, asked.beside):
            if each is not None:
                self._extra.addWidget(each)
                each.show()
        self._field, self._beside = asked.field, asked.beside
        asked.field.setFocus()

    def dismiss(self) -> None:
        """Hides the bar as Esc does."""
        dismissed = self._dismissed
        self._close()
        if dismissed:
            dismissed()

    def keep(self) -> None:
        """Closes a question that saves what is typed when nobody answers it; its error keeps it open."""
        if self._kept is not None:
            self._answer(self._kept)

    def leave(self) -> None:
        """Closes a question without an answer, as a person goes elsewhere; its error keeps it open."""
        self.keep()
        if self.asking:
            self.dismiss()

    @property
    def said(self) -> str:
        """What is shown now, "" for nothing."""
        return self.words.text() if self.isVisible() else ""

    def enter(self) -> None:
        """Takes the focus to the first choice; closing the bar gives it back."""
        self._back = self._back or self.window().focusWidget()
        (self._field or self._buttons[0]).setFocus()

    @property
    def asking(self) -> bool:
        """Whether a question is open."""
        return self._question and self.isVisible()

    def set_choice(self, text: str) -> None:
        """Renames the first choice."""
        self._buttons[0].setText(f"{text} (Enter)")

    def _show(
        self,
        text: str,
        role: style.Role,
        choices: Sequence[Choice],
        dismissed: Callable[[], None] | None,
        *,
        dismiss: str,
    ) -> None:
        if self.isVisible():
            self.closed.emit()
        self._drop_field()
        self._question = False
        self._say(text)
        self._role, self._choices, self._dismissed = role, choices, dismissed
        names = [*(name for name, _ in choices), f"{dismiss} (Esc)"]
        for n, button in enumerate(self._buttons):
            button.setVisible(n < len(names))
            if n < len(names):
                button.setText(names[n])
        self.show()
        self.update()

    def _take(self, n: int) -> None:
        if n >= len(self._choices):
            self.dismiss()
            return
        self._answer(self._choices[n][1])

    def _say(self, text: str) -> None:
        self.words.setText(text)
        self.setAccessibleName(text)

    def _answer(self, call: Callable[[], object]) -> None:
        """Closes and calls; where that fails, what was typed is in the same question again."""
        typed = [each for each in (self._field, self._beside) if each is not None]
        asked = self._asked if typed else None
        self._close(typed)
        failed = True
        try:
            failed = call() is False
        finally:
            if asked is not None and failed and not self.asking:
                self._ask_again(asked)
            else:
                for field in typed:
                    field.deleteLater()

    def _ask_again(self, asked: _Asked) -> None:
        told = self._told if self.isVisible() else None
        self._back = self.window().focusWidget()
        self._pose(asked)
        if told is not None:
            self.tell(told.text, role=told.role, choices=told.choices)
        if asked.field is not None:
            asked.field.textChanged.emit(asked.field.text())  # to whoever follows what is typed

    def _close(self, typed: Sequence[QWidget] = ()) -> None:
        """Hides the bar, or shows what was told before its question; the `typed` fields are not deleted."""
        told = self._told if self.asking else None
        back, self._back, self._dismissed, self._kept = self._back, None, None, None
        self._drop_field(typed)
        self.hide()
        self._told = None
        self.closed.emit()
        if back is not None:
            back.setFocus()
        if told is not None:
            self.tell(told.text, role=told.role, choices=told.choices)

    def _drop_field(self, typed: Sequence[QWidget] = ()) -> None:
        for field in (self._field, self._beside):
            if field is not None:
                self._extra.removeWidget(field)
                field.hide()
                if field not in typed:
                    field.deleteLater()
        self._field = self._beside = None

    def focusNextPrevChild(self, following: bool) -> bool:
        """While a question is open, Tab and Shift+Tab stay in it."""
        if not self.asking:
            return bool(super().focusNextPrevChild(following))
        every = (self._field, self._beside, *self._buttons)
        stops = [each for each in every if each is not None and each.isVisible()]
        focus = self.focusWidget()
        here = next((n for n, each in enumerate(stops) if each is focus), -1)
        step, reason = (
            (1, Qt.FocusReason.TabFocusReason) if following else (-1, Qt.FocusReason.BacktabFocusReason)
        )
        stops[(here + step) % len(stops)].setFocus(reason)
        return True

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            self._take(self._buttons.index(focused) if focused in self._buttons else 0)
        elif event.key() == Qt.Key.Key_Space and isinstance(self._beside, QAbstractButton):
            self._beside.toggle()
        else:
            super().keyPressEvent(event)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            palette = self.palette()
            painter.fillRect(self.rect(), palette.color(style.CHOSEN if self._asks() else style.HOVER))
            painter.fillRect(QRectF(0, 0, 4, self.height()), palette.color(self._role))
            painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), palette.color(style.LINE))
        finally:
            painter.end()

    def _asks(self) -> bool:
        return self._role == style.ACCENT
