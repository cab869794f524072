"""Jumps over the article: to the suggestions by score, the lowest or least certain first, and by label."""

from collections.abc import Callable

from annotator.domain.errors import GestureRefused
from annotator.domain.labels import Label
from annotator.domain.marks import Shown
from annotator.services.wording import counted
from annotator.ui.keymap import Keys
from annotator.ui.label_page import LabelPage
from annotator.ui.open_marks import Key, kind_of
from annotator.ui.wording import scored

_Row = tuple[float, int, int, str]  # what is compared, then start, end and id of a mark


class Jumps:
    """`ask` offers the labels under a prompt and hands over the one that is taken."""

    def __init__(
        self, page: LabelPage, ask: Callable[[str, Callable[[Label], None]], None], keys: Keys
    ) -> None:
        self._page = page
        self._ask = ask
        self._keys = keys
        self._label: Key | None = None  # the label that was jumped to last
        self._climbed: tuple[str, str] | None = None  # the last jump by score: action, mark's id

    def lowest_score(self) -> None:
        """The undecided suggestion with the lowest score; pressed again, the next lowest."""
        self._page.text()
        rows = [
            (shown.score, shown.mark.span.start, shown.mark.span.end, shown.id)
            for shown in self._page.marks
            if shown.suggested and shown.score is not None
        ]
        if not rows:
            raise GestureRefused("No suggestion with a score is left to decide.")
        place = self._climb("go.lowest", rows)
        self._page.line.say(f"{self._score()}, {place:,} of {len(rows):,} upwards.")

    def most_uncertain(self) -> None:
        """The undecided suggestion with the score nearest to one half; pressed again, the next nearest.

        One without a score comes last.
        """
        self._page.text()
        rows = [
            (
                1.0 if shown.score is None else abs(shown.score - 0.5),
                shown.mark.span.start,
                shown.mark.span.end,
                shown.id,
            )
            for shown in self._page.marks
            if shown.suggested
        ]
        if not rows:
            raise GestureRefused("No suggestion is left to decide.")
        place = self._climb("go.uncertain", rows)
        self._page.line.say(f"{self._score()}, {place:,} of {len(rows):,} by how uncertain they are.")

    def _climb(self, id_: str, rows: list[_Row]) -> int:
        """Focuses the mark of the first row, or of the next one after the same jump; returns its place.

        Rows are plain numbers: comparing spans takes twice as long, and a long article has many equal scores.
        """
        focused = self._page.view.focused
        again = focused is not None and self._climbed == (id_, focused)
        here = next((row for row in rows if row[3] == focused), None) if again else None
        best = min((row for row in rows if here is None or row > here), default=None) or min(rows)
        self._climbed = id_, best[3]
        self._page.view.focus_mark(best[3])
        return sum(row <= best for row in rows)

    def _score(self) -> str:
        shown = self._page.marks.get(self._page.view.focused)
        return "No score" if shown is None or shown.score is None else f"Score {scored(shown.score)}"

    def of_label(self, by: int) -> None:
        """The next (1) or previous (-1) mark of the label of the selected mark, else of the last jump's."""
        self._page.text()
        selected = self._page.marks.get(self._page.view.focused)
        if selected is not None:
            self._label = kind_of(selected), selected.mark.label
        if self._label is None:
            self.find_label()
            return
        self._step(self._label, by)

    def find_label(self) -> None:
        """Asks for a label and goes to its next mark."""
        self._page.text()
        self._ask("Go to the next mark of a label", self._take)

    def _take(self, label: Label) -> None:
        self._label = label.kind, label.name
        self._step(self._label, 1)

    def _step(self, wanted: Key, by: int) -> None:
        """After the last mark of the label comes its first again, and the other way round."""

        def fits(shown: Shown) -> bool:
            return (kind_of(shown), shown.mark.label) == wanted

        view, name = self._page.view, wanted[1]
        count = self._page.marks.counts[wanted]
        if not count:
            raise GestureRefused(f"No mark here is {name}.")
        if view.step(by, fits) is None:
            ends = sorted((shown.mark.span, shown.id) for shown in self._page.marks if fits(shown))
            view.focus_mark(ends[0 if by > 0 else -1][1])
            self._page.line.say(
                f"{counted(count, 'mark')} of {name}: on from the {'top' if by > 0 else 'end'}."
            )
        else:
            more = self._keys.told("go.label")
            self._page.line.say(f"{counted(count, 'mark')} of {name}. {more} goes to the next.")
