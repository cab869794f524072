"""Find in the article: a bar under the header. Letters find as they are typed, also in the longest text."""

import re
from array import array
from bisect import bisect_left

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from annotator.domain.text import Span
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.chrome import KeyField, TextButton, Words

_PIECE = 200_000  # code points searched at a time, some 5 ms; keys are heard in between


class Search:
    """The matches of some words in a text (case does not count), found piece by piece from a place on.

    Places are code points. A match is as long as the words: no character is compared with several.
    """

    def __init__(self, text: str, wanted: str, start: int) -> None:
        self._text, self._length = text, len(wanted)
        self._pattern = re.compile(re.escape(wanted), re.IGNORECASE)
        self._start = start
        self._pieces = [(start, len(text)), (0, start)] if start else [(0, len(text))]
        self._after, self._before = array("I"), array("I")

    def __len__(self) -> int:
        return len(self._after) + len(self._before)

    @property
    def done(self) -> bool:
        return not self._pieces

    def go_on(self) -> None:
        """Searches the next piece."""
        at, end = self._pieces.pop(0)
        stop = min(at + _PIECE, end)
        places = self._after if at >= self._start else self._before
        for match in self._pattern.finditer(self._text, at, min(stop + self._length - 1, len(self._text))):
            places.append(match.start())
        reached = max(stop, places[-1] + self._length if places else 0)
        if reached < end:
            self._pieces.insert(0, (reached, end))

    def finish(self) -> None:
        while not self.done:
            self.go_on()

    def number(self, place: int) -> int:
        """Which match, from 1 in reading order, starts at or first after a place."""
        if place < self._start:
            return bisect_left(self._before, place) + 1
        return len(self._before) + bisect_left(self._after, place) + 1

    def next(self, place: int) -> Span | None:
        """The first match found so far that starts at a place or after it; None if none does."""
        for places in (self._before, self._after):
            at = bisect_left(places, place)
            if at < len(places):
                return self._span(places[at])
        return None

    def previous(self, place: int) -> Span | None:
        """The last match found so far that starts before a place."""
        for places in (self._after, self._before):
            at = bisect_left(places, place) - 1
            if at >= 0:
                return self._span(places[at])
        return None

    def _span(self, start: int) -> Span:
        return Span(start, start + self._length)


class FindBar(QWidget):
    """`found` carries the Span to show, `left` says that the bar was closed.

    `missed` says that nothing is found any more, and carries the caret (code points) from before the search.
    """

    found = Signal(object)
    missed = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._caret = 0
        self._search: Search | None = None
        self._shown: Span | None = None
        self._away = False  # a match was shown since the bar was opened
        self._working = QTimer(self, interval=0)
        self._working.timeout.connect(self._work)
        self.field = KeyField(self)
        self.setFocusProxy(self.field)
        self.field.setPlaceholderText("Find in this article")
        self.field.setAccessibleName("Find in this article")
        self.field.textChanged.connect(self._start_search)
        self.field.entered.connect(lambda back: self._step(-1 if back else 1))
        self.field.stepped.connect(lambda rows: self._step(1 if rows > 0 else -1))
        self.field.escaped.connect(self.leave)
        self._count = Words("", factor=0.9, role=style.DIM, parent=self)
        self._count.setMinimumWidth(110)
        previous, following, close = (TextButton(text, "", self) for text in ("Previous", "Next", "Close"))
        previous.clicked.connect(lambda: self._step(-1))
        following.clicked.connect(lambda: self._step(1))
        close.clicked.connect(self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(26, 2, 20, 6)
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        for widget in (self._count, previous, following, close):
            row.addWidget(widget)
        self.hide()

    @property
    def wanted(self) -> str:
        """The words that are looked for."""
        return self.field.text()

    @property
    def told(self) -> str:
        """How many matches there are, as the bar says it."""
        return self._count.text()

    def start(self, text: str, caret: int) -> None:
        """Opens the bar over a text; the first match after `caret` (code points) comes first."""
        self._text, self._caret, self._away = text, caret, False
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self._start_search()

    def go_on(self, text: str, selection: Span | None, caret: int, by: int) -> bool:
        """The match after (1) or before (-1) what is selected, also while the bar is closed; False: none."""
        if text is not self._text or self._search is None:
            self._text, self._caret = text, caret
            self._search = Search(text, self.wanted, caret)
        self._shown = selection
        self._caret, self._away = caret, False
        self._step(by)
        return len(self._search) > 0

    def leave(self) -> None:
        """Closes the bar over the first match, also if whoever types is ahead of the search."""
        if self.isVisible():
            while self._working.isActive() and self._shown is None:
                self._work()
            self.hide()
            self.left.emit()

    def _start_search(self) -> None:
        self._shown = None
        self._search = Search(self._text, self.wanted, self._caret) if self.wanted else None
        self._working.stop()
        if self._search is None:
            self._count.setText("")
            self._go_back()
            return
        self._work()
        if not self._search.done:
            self._working.start()

    def _work(self) -> None:
        """Searches a piece; the first match is shown as soon as it is found."""
        search = self._search
        if search is None:
            self._working.stop()
            return
        if not search.done:
            search.go_on()
        if search.done:
            self._working.stop()
        if self._shown is None and (
            first := search.next(self._caret) or (search.next(0) if search.done else None)
        ):
            self._show(first)
        elif search.done and not len(search):
            self._go_back()
        self._tell()

    def _step(self, by: int) -> None:
        search = self._search
        if search is None:
            return
        place = self._shown.start if self._shown else self._caret - (by > 0)
        match = search.next(place + 1) if by > 0 else search.previous(place)
        if match is None and not search.done:
            search.finish()
            match = search.next(place + 1) if by > 0 else search.previous(place)
        if match is None:
            match = search.next(0) if by > 0 else search.previous(len(self._text) + 1)
        if match is not None:
            self._show(match)
        self._tell()

    def _show(self, match: Span) -> None:
        self._shown, self._away = match, True
        self.found.emit(match)

    def _go_back(self) -> None:
        """Leaves the match of fewer letters: a part of a word that is not there is not what was meant."""
        if self._away:
            self._away = False
            self.missed.emit(self._caret)

    def _tell(self) -> None:
        search = self._search
        if search is None:
            return
        if not search.done:
            self._count.setText(f"{len(search):,} so far…")
        elif not len(search):
            self._count.setText("no match")
        elif self._shown is not None:
            at = search.number(self._shown.start)
            self._count.setText(f"{at:,} of {counted(len(search), 'match', 'matches')}")
