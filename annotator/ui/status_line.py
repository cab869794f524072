"""The bottom line: what is saved, where in the queue, what is left, the pipeline, the keys that help most."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from annotator.domain.choices import KINDS, SuggestionKind
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.chrome import Elided, KeyHints, Words
from annotator.ui.keymap import Keys
from annotator.ui.wording import clock

_HINTS = (
    ("mark.accept", "accept"),
    ("mark.reject", "reject"),
    ("go.next", "next"),
    ("", "label"),
    ("stance.1 stance.2 stance.3", "stance"),
    ("article.finish", "finish"),
    ("help.keys", "all keys"),
)
_NO_ARTICLE = (("project.import", "import files"), ("app.palette", "all actions"), ("help.keys", "all keys"))
_MESSAGE_MS = 8_000


def announce(widget: QWidget, text: str) -> None:
    """Lets a screen reader say something, if one listens."""
    if not widget.isVisible():
        return
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # not for the first window

    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def hints(keys: Keys, rows: Sequence[tuple[str, str]] = _HINTS) -> tuple[tuple[str, str], ...]:
    """Key and word of what helps most; what has no key is left out."""
    found = []
    for ids, word in rows:
        named = [key for id_ in ids.split() if (key := keys.first(id_))] if ids else [_digits(keys)]
        cap = " ".join(named).replace("Ctrl+", "Ctrl ")
        if cap:
            found.append((cap, word))
    return tuple(found)


def _digits(keys: Keys) -> str:
    """`1–9` where the digits label, else the key of the first label."""
    first = [keys.first(f"label.{n}") for n in range(1, 10)]
    return "1–9" if first == list("123456789") else first[0]


class StatusLine(QWidget):
    """Says on the left what holds; on the right a message for some seconds, else the keys.

    `said` carries each message, and whether it warns.
    """

    said = Signal(str, bool)

    def __init__(self, keys: Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._rows: Sequence[tuple[str, str]] = _HINTS
        self._only: tuple[tuple[str, str], ...] = ()
        self.setFixedHeight(max(30, round(QFontMetricsF(self.font()).height()) + 13))
        self.saved = Words("", factor=0.9, parent=self)
        self.place = Words("", factor=0.9, role=style.DIM, parent=self)
        self.undecided = Words("", factor=0.9, role=style.DIM, parent=self)
        self.pipeline = Words("", factor=0.9, role=style.DIM, parent=self)
        self.message = Elided(factor=0.9, parent=self)
        self._right = QStackedWidget(self)
        self._hints = KeyHints(hints(keys), self)
        self._right.addWidget(self._hints)
        held = QWidget(self)
        line = QHBoxLayout(held)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.message, 1)
        self._right.addWidget(held)
        self._expiry = QTimer(self, singleShot=True, interval=_MESSAGE_MS)
        self._expiry.timeout.connect(self.clear_message)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(16)
        for widget in (self.saved, self.place, self.undecided, self.pipeline):
            row.addWidget(widget)
        row.addWidget(self._right, 1)

    def show_keys(self) -> None:
        """Shows the keys that hold now."""
        self._hints.set_hints(self.key_hints)

    @property
    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys and words that are shown now."""
        return self._only or hints(self._keys, self._rows)

    def show_only(self, keys: tuple[tuple[str, str], ...]) -> None:
        """Shows these keys and words, as long as no others hold; with none, the usual ones again."""
        self._only = keys
        self.show_keys()

    def _show_hints(self, rows: Sequence[tuple[str, str]]) -> None:
        if rows != self._rows:
            self._rows = rows
            self.show_keys()

    def show_saved(self, at: int | None = None) -> None:
        """All is saved; `at` is when the last gesture was, in unix ms."""
        self.saved.setText(f"● Saved {clock(at)}" if at else "● Saved")
        self.saved.setForegroundRole(style.GOOD)
        self.saved.setToolTip("Every gesture is in the file as soon as you see it.")

    def show_read_only(self, why: str) -> None:
        self.saved.setText("● Read only")
        self.saved.setForegroundRole(style.WARN)
        self.saved.setToolTip(why)

    def show_not_saved(self, why: str, said: str) -> None:
        """Says in short why the last gesture is not in the file; `said` is the whole of it."""
        self.saved.setText(f"● Not saved: {why}")
        self.saved.setForegroundRole(style.WARN)
        self.saved.setToolTip(said)

    def show_no_article(self) -> None:
        self.place.setText("")
        self.undecided.setText("")
        self._show_hints(_NO_ARTICLE)

    def show_place(self, place: int, count: int) -> None:
        self._show_hints(_HINTS)
        self.place.setText(f"article {place:,} of {count:,}")

    def show_undecided(self, count: int, *, of: int, hidden: Sequence[SuggestionKind] = ()) -> None:
        """Says how many of the suggestions are left, and of which kinds some may be hidden."""
        left = f"{counted(count, 'suggestion')} left" if count else "nothing left to decide"
        if not of:
            left = "no suggestions"
        if len(hidden) == len(KINDS):
            left = "◌ suggestions hidden"
        elif hidden:
            left += f" · ◌ {hidden[0]} suggestions hidden"
        self.undecided.setText(left)

    def show_pipeline(self, text: str) -> None:
        self.pipeline.setText(text)

    def say(self, text: str, *, warn: bool = False) -> None:
        """Shows a message in place of the key hints, for some seconds."""
        announce(self, text)
        self.said.emit(text, warn)
        self.message.set_role(style.WARN if warn else style.TEXT)
        self.message.set_text(text)
        self._right.setCurrentIndex(1)
        self._expiry.start()

    def clear_message(self) -> None:
        self._expiry.stop()
        self.message.set_text("")
        self._right.setCurrentIndex(0)
