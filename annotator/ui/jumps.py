"""Jumps over the article: to the suggestions by score, the lowest or least certain first, and by label."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from annotator.domain.errors import GestureRefused
from annotator.domain.frozen import frozen
from annotator.domain.labels import Kind, Label
from annotator.domain.marks import Shown
from annotator.services.wording import counted
from annotator.ui.article.layers import Hidden, Layer, layer_of
from annotator.ui.keymap import Keys
from annotator.ui.label_page import LabelPage
from annotator.ui.open_marks import Key, kind_of
from annotator.ui.wording import listed, scored

if TYPE_CHECKING:
    from annotator.ui.ranking import Value

_MANY = 2_000  # suggestions that are in order before a key is up
_AT_REST_MS = 250
_LAYERS = {Kind.ENTITY: Layer.ENTITIES, Kind.POLARITY: Layer.STANCES}


@frozen
class _Seen:
    """A value of what is drawn: suggestions in hidden layers have none."""

    value: "Value"
    hidden: Hidden

    def __call__(self, shown: Shown) -> float | None:
        return None if layer_of(shown) in self.hidden else self.value(shown)


class Jumps:
    """`ask` offers the labels under a prompt and hands over the one that is taken."""

    def __init__(
        self, page: LabelPage, ask: Callable[[str, Callable[[Label], None]], None], keys: Keys
    ) -> None:
        self._page = page
        self._ask = ask
        self._keys = keys
        self._label: Key | None = None  # the label that was jumped to last
        self._climbed: tuple[Value, str] | None = None  # the last jump by score: what counts, mark's id
        self._idle = QTimer(page, singleShot=True)
        self._idle.timeout.connect(self._prepare)
        page.view.changed.connect(lambda: self._idle.start(_AT_REST_MS))

    def lowest_score(self) -> None:
        """The undecided suggestion with the lowest score; pressed again, the next lowest."""
        place, of = self._climb(_score, "No suggestion with a score is left to decide.")
        self._page.line.say(f"{self._score()}, {place:,} of {of:,} upwards.")

    def most_uncertain(self) -> None:
        """The undecided suggestion with the score nearest to one half; pressed again, the next nearest.

        One without a score comes last.
        """
        place, of = self._climb(_doubt, "No suggestion is left to decide.")
        self._page.line.say(f"{self._score()}, {place:,} of {of:,} by how uncertain they are.")

    def _climb(self, by: "Value", refusal: str) -> tuple[int, int]:
        """Focuses the first suggestion by a value, or the next one after the same jump.

        Returns its place, and of how many.
        """
        page = self._page
        page.text()
        if Layer.SUGGESTIONS in page.view.hidden and page.marks.undecided:
            raise GestureRefused(self.kept_back(tuple(Kind)))
        ranking = page.marks.ranking(self._of_seen(by))
        ranking.finish()
        focused = page.marks.get(page.view.focused)
        again = focused is not None and self._climbed == (by, focused.id)
        here = ranking.row(focused) if again and focused is not None else None
        best = ranking.after(here) or ranking.after(None)
        if best is None:
            raise GestureRefused((self.kept_back(tuple(Kind)) if page.marks.undecided else "") or refusal)
        self._climbed = by, best[3]
        page.view.focus_mark(best[3])
        return ranking.place(best), len(ranking)

    def _of_seen(self, by: "Value") -> "Value":
        """A value of the suggestions that are drawn, where some are not."""
        hidden = self._page.view.hidden & {*_LAYERS.values()}
        return _Seen(by, hidden) if hidden else by

    def kept_back(self, kinds: Collection[Kind]) -> str:
        """Which layers hide marks of these kinds here, and the keys that show them; "" if none does."""
        marks, hidden = self._page.marks, self._page.view.hidden
        there = {_LAYERS[Kind(kind)] for (kind, _), count in marks.counts.items() if count and kind in kinds}
        if marks.undecided:
            there.add(Layer.SUGGESTIONS)
        layers = [layer for layer in Layer if layer in hidden & there]
        if not layers:
            return ""
        keys = [self._keys.told(f"layer.{layer}") for layer in layers]
        verb = "shows" if len(keys) == 1 else "show"
        return f"{listed(layers).capitalize()} are hidden: {listed(keys)} {verb} them."

    def _prepare(self) -> None:
        """Puts some more suggestions of a long article in order, before somebody asks for the first."""
        marks = self._page.marks
        if marks.undecided > _MANY:
            for by in (_score, _doubt):
                if not (ranking := marks.ranking(self._of_seen(by))).whole:
                    ranking.go_on()
                    self._idle.start(0)
                    return

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
            if view.go_to_first(fits, last=by < 0) is None:
                raise GestureRefused(self.kept_back((Kind(wanted[0]),)))
            self._page.line.say(
                f"{counted(count, 'mark')} of {name}: on from the {'top' if by > 0 else 'end'}."
            )
        else:
            more = self._keys.told("go.label")
            self._page.line.say(f"{counted(count, 'mark')} of {name}. {more} goes to the next.")


def _score(shown: Shown) -> float | None:
    return shown.score


def _doubt(shown: Shown) -> float:
    return 1.0 if shown.score is None else abs(shown.score - 0.5)
