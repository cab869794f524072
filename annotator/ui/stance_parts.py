"""Holder and target of a stance by key: the words selected, the entity at the caret, or what is offered."""

from typing import TYPE_CHECKING, Literal

from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Entity, Part, Shown, Stance
from annotator.domain.text import Span
from annotator.services import stances
from annotator.ui.wording import quoted

if TYPE_CHECKING:
    from annotator.ui.window import Window

_Which = Literal["holder", "target"]


class StanceParts:
    """Part of the window, made when it is first wanted. A method is what one key does."""

    def __init__(self, window: "Window") -> None:
        self._page = window.page
        self._view = window.page.view
        self._keys = window.keys
        self._selection = window.gestures.selection
        # What stood where a candidate was taken, by article, evidence and part: it stays among those offered.
        self._replaced: dict[tuple[int, Span, _Which], Part] = {}

    def holder(self) -> None:
        self._set("holder")

    def target(self) -> None:
        self._set("target")

    def no_holder(self) -> None:
        self._take_away("holder")

    def no_target(self) -> None:
        self._take_away("target")

    def _set(self, which: _Which) -> None:
        shown, stance = self._stance()
        offered: list[Span] = []
        chosen = self._chosen()
        said = ""
        if chosen is None:
            parts = self._candidates(stance, which)
            offered = [part.span for part in parts]
            now = _part(stance, which)
            at = (offered.index(now.span) + 1) % len(parts) if now and now.span in offered else 0
            chosen = parts[at]
            if len(parts) > 1:
                said = f" ({at + 1} of {len(parts)}, {self._keys.told(f'stance.{which}')} for the next)"
        self._write(shown, which, chosen)
        self._view.offer(offered, chosen.span)
        self._page.line.say(f"{which.capitalize()}: {quoted(self._page.text(), chosen.span)}{said}")

    def _take_away(self, which: _Which) -> None:
        shown, stance = self._stance()
        if _part(stance, which) is None:
            raise GestureRefused(f"This stance has no {which}.")
        self._write(shown, which, None)
        self._page.line.say(f"No {which} now. {self._keys.told(f'stance.{which}')} offers one.")

    def _write(self, shown: Shown, which: _Which, part: Part | None) -> Change:
        """Saves and draws a part; the stance has the focus afterwards, and nothing is selected."""
        labelling, article = self._page.labelling, self._page.article
        assert labelling is not None
        assert article is not None
        method = labelling.set_holder if which == "holder" else labelling.set_target
        change = method(article.id, shown.id, part, ms=self._page.ms())
        self._view.set_selection(None)
        self._page.show_change(change)
        if self._view.focused != self._page.stance:
            self._view.focus_mark(self._page.stance)
        elif self._page.stance is not None:
            self._view.take_up(self._page.stance)
        self._page.stance_caret = self._view.caret
        return change

    def _stance(self) -> tuple[Shown, Stance]:
        """The focused stance, else the one that was focused last, else the one under the caret."""
        self._page.text()
        focused = self._page.marks.get(self._view.focused)
        last = self._page.marks.get(self._page.stance)
        here = (shown for shown in self._view.marks_at(self._view.caret) if isinstance(shown.mark, Stance))
        for shown in (focused, last, next(here, None)):
            if shown is not None and isinstance(shown.mark, Stance):
                self._page.stance = shown.id
                return shown, shown.mark
        raise GestureRefused(f"Select a stance first: {self._keys.told('go.stance')} goes to the next one.")

    def _chosen(self) -> Part | None:
        """The selection, else the entity at the caret: the focused one, else the innermost."""
        span = self._selection()
        if span is not None:
            return Part(span, self._name_of(span))
        at = [
            (shown.id, shown.mark)
            for shown in self._view.marks_at(self._view.caret)
            if isinstance(shown.mark, Entity)
        ]
        focused = next((entity for id_, entity in at if id_ == self._view.focused), None)
        if focused is None and self._view.caret == self._page.stance_caret:
            return None  # an entity that only stands where the stance begins is not meant
        entity = focused or next((entity for _, entity in at), None)
        return Part(entity.span, entity.name) if entity else None

    def _name_of(self, span: Span) -> str | None:
        """The canonical name of an entity on exactly these words, if it has one."""
        for shown in self._view.marks_at(span.start):
            if isinstance(shown.mark, Entity) and shown.mark.span == span and shown.mark.name:
                return shown.mark.name
        return None

    def _candidates(self, stance: Stance, which: _Which) -> list[Part]:
        text, near = self._page.text(), self._view.marks_around(stance.span, stances.REACH)
        if which == "holder":
            parts = stances.holder_candidates(text, near, stance.span, target=stance.target)
        else:
            parts = stances.target_candidates(text, near, stance.span, holder=stance.holder)
        if not parts:
            raise GestureRefused(
                f"Nothing here looks like a {which}. Select its words, then press the key again."
            )
        return self._with_replaced(parts, stance, which)

    def _with_replaced(self, parts: list[Part], stance: Stance, which: _Which) -> list[Part]:
        """The candidates, and last what no rule would offer but was there before they were gone through."""
        assert self._page.article is not None
        place = self._page.article.id, stance.span, which
        offered = {part.span for part in parts}
        now, other = _part(stance, which), _part(stance, "target" if which == "holder" else "holder")
        if now is not None and now.span not in offered:
            self._replaced[place] = now
        before = self._replaced.get(place)
        if before is None or before.span in offered or (other and other.span == before.span):
            return parts
        return [*parts, before]


def _part(stance: Stance, which: _Which) -> Part | None:
    return stance.holder if which == "holder" else stance.target
