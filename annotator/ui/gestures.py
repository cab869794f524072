"""What the keys of the article do: every method is one gesture of a person, or one step from mark to mark."""

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Literal

from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused
from annotator.domain.labels import Kind, Label
from annotator.domain.marks import Entity, Shown, Stance
from annotator.domain.text import Span, trimmed
from annotator.services.labelling import Labelling
from annotator.ui.faults import Faults
from annotator.ui.jumps import Jumps
from annotator.ui.keymap import Keys
from annotator.ui.label_keys import STANCE_KEYS, keys_of
from annotator.ui.label_page import LabelPage
from annotator.ui.open_marks import kind_of
from annotator.ui.wording import listed

if TYPE_CHECKING:
    from annotator.ui.finder import Finder


class Gestures:
    """Decides what a key means where the caret is and asks Labelling to do it, or refuses: GestureRefused."""

    def __init__(
        self,
        page: LabelPage,
        finder: "Callable[[], Finder]",
        faults: Faults,
        keys: Keys,
    ) -> None:
        self._page = page
        self._attempt = faults.attempt
        self._view = page.view
        self._finder = finder
        self._keys = keys
        self._jumps = Jumps(page, self._find_label, keys)

    # ---------------------------------------------------------------- from mark to mark

    def next_mark(self) -> None:
        self._step(1, tuple(Kind), "No mark after this one.")

    def previous_mark(self) -> None:
        self._step(-1, tuple(Kind), "No mark before this one.")

    def next_stance(self) -> None:
        self._step(1, (Kind.POLARITY,), "No stance after this.")

    def previous_stance(self) -> None:
        self._step(-1, (Kind.POLARITY,), "No stance before this.")

    def lowest_score(self) -> None:
        self._jumps.lowest_score()

    def next_of_label(self) -> None:
        self._jumps.of_label(1)

    def previous_of_label(self) -> None:
        self._jumps.of_label(-1)

    def find_marks_of_label(self) -> None:
        self._jumps.find_label()

    def skip(self) -> None:
        self._go_on()

    def most_uncertain(self) -> None:
        self._jumps.most_uncertain()

    def cycle_overlapping(self) -> None:
        self._page.text()
        if self._view.cycle_overlapping() < 2:
            raise GestureRefused("No other mark overlaps here.")

    def grow(self) -> None:
        self._view.grow_selection()

    def shrink(self) -> None:
        self._view.shrink_selection()

    def escape(self) -> None:
        """Leaves the innermost mode: a message or question, an edge, a selection, find, a mark's focus."""
        view = self._view
        if self._page.notice.isVisible():
            self._page.notice.dismiss()
        elif view.edge is not None:
            view.take_edge(None)
        elif view.selection is not None:
            view.set_selection(None)
        elif not self._page.close_find_bar():
            view.focus_mark(None)
            self._page.line.clear_message()

    # ---------------------------------------------------------------- decisions

    def accept(self) -> None:
        """Accepts a suggestion; with an edge that was moved, any mark as it now stands on screen."""
        focused, moved = self._page.marks.get(self._view.focused), self._view.moved_edges
        if focused is not None and moved is not None and moved != focused.mark.span:
            self._view.take_edge(None)
            self.edge_moved(focused.id, moved)
            self._go_on(quiet=True)
            return
        shown = self._suggestion()
        self._page.show_change(self._labelling.accept(self._article, shown.id, ms=self._page.ms()))
        self._go_on(quiet=True)

    def reject(self) -> None:
        shown = self._suggestion()
        self._page.show_change(self._labelling.reject(self._article, shown.id, ms=self._page.ms()))
        self._go_on(quiet=True)

    def delete(self) -> None:
        shown = self._selected("Nothing to delete here.")
        self._page.show_change(self._labelling.delete(self._article, shown.id))

    # ---------------------------------------------------------------- entities

    def label(self, slot: int) -> None:
        label = self._page.entity_slots[slot] if slot < len(self._page.entity_slots) else None
        if label is None:
            key, find, add = map(self._keys.told, (f"label.{slot + 1}", "label.find", "page.labelset"))
            raise GestureRefused(f"No label has the key {key}. {find} finds a label by name, {add} adds one.")
        self.apply_label(label)

    def apply_label(self, label: Label) -> None:
        """Labels the selection, else the selected mark; a polarity makes or changes a stance."""
        if label.kind is Kind.POLARITY:
            self._apply_polarity(label)
            return
        span = self.selection()
        if span is not None:
            twin = self._twin(span, label, Entity)
            self._focus_new(
                self._labelling.add(self._article, span, label.name)
                if twin is None
                else self._relabelled(twin, label)
            )
            return
        shown = self._selected(
            f"Select words first: {self._keys.told('select.grow')} takes the word at the caret."
        )
        if isinstance(shown.mark, Stance):
            raise GestureRefused(f"This is a stance; {listed(self._stance_keys(), 'or')} changes it.")
        self._page.show_change(self._relabelled(shown, label))

    def _relabelled(self, shown: Shown, label: Label) -> Change:
        """A suggestion that says the same already is accepted."""
        if shown.mark.label != label.name:
            change = self._labelling.relabel(self._article, shown.id, label.name, ms=self._page.ms())
        elif shown.suggested:
            change = self._labelling.accept(self._article, shown.id, ms=self._page.ms())
        else:
            raise GestureRefused(f"It is {label.name} already.")
        self._page.inspector.use(label)
        return change

    def _twin(self, span: Span, label: Label, kind: type[Entity] | type[Stance]) -> Shown | None:
        """The mark on exactly this span that labelling these words is about, if there is one.

        It may be in a hidden layer: keys do the same whatever is drawn. An entity has one label. Words may
        show several stances, so only a suggested one is meant.
        """
        same = [
            shown
            for shown in self._view.marks_on(span)
            if isinstance(shown.mark, kind) and (shown.suggested or kind is Entity)
        ]
        alike = (shown for shown in same if shown.mark.label == label.name)
        return next(alike, None) or next(iter(same), None)

    def _stance_keys(self) -> list[str]:
        return [self._keys.told(f"stance.{n}") for n in range(1, len(STANCE_KEYS) + 1)]

    def find_label(self) -> None:
        self._find_label("Find a label", self.apply_label)

    def _find_label(self, prompt: str, take: Callable[[Label], None]) -> None:
        from annotator.ui.finder import Choice

        project = self._page.project
        assert project is not None
        keys = keys_of(project.labelset, self._keys)
        choices = [
            Choice(
                f"{label.name}  {label.title}" if label.title != label.name else label.name,
                partial(self._attempt, take, label),
                keys.get((label.kind, label.name), ""),
            )
            for label in project.labelset.labels
        ]
        self._finder().offer(choices, prompt)

    # ---------------------------------------------------------------- stances

    def stance(self, slot: int) -> None:
        label = self._page.stance_slots[slot]
        if label is None:
            raise GestureRefused("This project's label set has no such polarity.")
        self._apply_polarity(label)

    def _apply_polarity(self, label: Label) -> None:
        span = self.selection()
        if span is not None:
            twin = self._twin(span, label, Stance)
            if twin is not None:
                self._focus_new(self._relabelled(twin, label))
                return
            second = any(isinstance(each.mark, Stance) for each in self._view.marks_on(span))
            self._focus_new(self._labelling.add_stance(self._article, span, label.name))
            self._page.line.say(
                f"{'A second stance on the same words' if second else 'Stance made'}. "
                f"{self._keys.told('stance.holder')} sets its holder, "
                f"{self._keys.told('stance.target')} its target."
            )
            return
        shown = self._selected("Select the words that show the stance first.")
        if not isinstance(shown.mark, Stance):
            raise GestureRefused(
                "Select the words that show the stance first: "
                f"{self._keys.told('select.grow')} takes more of them."
            )
        self._page.show_change(self._relabelled(shown, label))

    # ---------------------------------------------------------------- edges, names, notes, zones

    def take_start(self) -> None:
        self._take_edge("start")

    def take_end(self) -> None:
        self._take_edge("end")

    def _take_edge(self, edge: Literal["start", "end"]) -> None:
        shown = self._selected("Select a mark first.")
        if self._view.edge is None:
            self._view.focus_mark(shown.id)
        self._view.take_edge(edge)
        self._page.line.say(
            f"Arrows move the {edge}, with Ctrl by words. Enter keeps it, Esc leaves it, "
            f"{self._keys.told('mark.accept')} keeps it and goes on."
        )

    def edge_moved(self, mark_id: str, span: Span) -> None:
        """An edge was moved on screen and confirmed."""
        self._page.show_change(self._labelling.move(self._article, mark_id, span, ms=self._page.ms()))

    def note(self) -> None:
        shown = self._selected("Select a mark first.")

        def annotate(text: str) -> None:
            if text != (shown.note or ""):
                self._page.show_change(self._labelling.annotate(self._article, shown.id, text or None))

        self._page.inspector.edit("Note", shown.note or "", partial(self._attempt, annotate))

    def toggle_zone(self) -> None:
        """Makes a zone of the selection, or takes away the zone under the caret."""
        span = self.selection()
        if span is not None:
            self._page.show_change(self._labelling.mark_zone(self._article, span))
            self._view.set_selection(None)
            return
        caret = self._view.caret
        zone = next((zone for zone in self._page.zones if zone.span.start <= caret <= zone.span.end), None)
        if zone is None:
            raise GestureRefused("Select the words that are not part of the article first.")
        self._page.show_change(self._labelling.unmark_zone(self._article, zone))
        self._page.line.say("No longer a zone.")

    # ---------------------------------------------------------------- shared

    @property
    def _labelling(self) -> Labelling:
        assert self._page.labelling is not None
        return self._page.labelling

    @property
    def _article(self) -> int:
        self._page.text()
        assert self._page.article is not None
        return self._page.article.id

    def _step(self, by: int, kinds: Collection[Kind], refusal: str) -> None:
        self._page.text()
        if self._view.step(by, lambda shown: kind_of(shown) in kinds) is None:
            raise GestureRefused(self._jumps.kept_back(kinds) or refusal)

    def _go_on(self, *, quiet: bool = False) -> None:
        """To the next undecided suggestion; after the last one, to the first that was left."""
        self._page.text()
        if self._view.step(1, lambda shown: shown.suggested) is not None:
            return
        if self._view.go_to_first(lambda shown: shown.suggested) is not None:
            self._page.line.say("On from the top: these were left undecided.")
        elif self._page.marks.undecided:
            self._page.line.say(self._jumps.kept_back(tuple(Kind)))
        elif quiet:
            self._page.line.say(
                f"Every suggestion is decided. {self._keys.told('article.finish')} finishes the article."
            )
        else:
            raise GestureRefused("No suggestion is left to decide.")

    def _suggestion(self) -> Shown:
        shown = self._selected(f"No suggestion here. {self._keys.told('go.next')} goes to the next one.")
        if not shown.suggested:
            raise GestureRefused(f"This mark is yours already. {self._keys.told('mark.delete')} removes it.")
        return shown

    def _selected(self, refusal: str) -> Shown:
        self._page.text()
        shown = self._page.selected()
        if shown is None:
            raise GestureRefused(refusal)
        if shown.id != self._view.focused:
            self._view.take_up(shown.id)
        return shown

    def selection(self) -> Span | None:
        """The selection without white space at its ends."""
        span = self._view.selection
        if span is None:
            return None
        words = trimmed(self._page.text(), span.start, span.end)
        if words is None:
            raise GestureRefused("Only white space is selected.")
        return words

    def _focus_new(self, change: Change) -> None:
        """Draws a mark that was made of selected words: it has the focus, and the selection is gone."""
        self._view.set_selection(None)
        self._page.show_change(change)
        # Suggestions on the same words are in the change, too.
        made = next((shown for shown in change.now if not shown.suggested), None)
        self._view.focus_mark(made.id if made else None)
