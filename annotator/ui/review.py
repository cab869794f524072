"""The window's review: what keys decide on the difference that is shown."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from annotator.domain.changes import Change
from annotator.domain.directions import isolated
from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Mark
from annotator.domain.review import GOLD, Type
from annotator.services.review_items import Item
from annotator.services.wording import counted
from annotator.ui import settings as remembered
from annotator.ui.action import Menu
from annotator.ui.chrome import KeyField
from annotator.ui.review_editor import ReviewEditor
from annotator.ui.review_page import TYPES
from annotator.ui.review_sheet import NONE, Mode, not_in_edit
from annotator.ui.review_side import REASONS
from annotator.ui.review_wording import decided_said, mark_said

if TYPE_CHECKING:
    from annotator.ui.window import Window

_Decide = Callable[[Item, Sequence[Item]], Change]  # at an item, and at others alike


class Review(ReviewEditor):
    """Part of the window, made when it is first wanted. A method is what one key does."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        page, attempt = self.page, window.faults.attempt
        page.taken.connect(lambda place: attempt(self._click, place))
        page.reasoned.connect(lambda n: attempt(self._give_reason, n))
        page.view.markActivated.connect(lambda _: attempt(self._entered))
        window.page.changed.connect(self._changed)
        menu = window.menus[Menu.REVIEW]
        menu.aboutToShow.connect(lambda: self._offer(len(self._candidates) if self.item else 0))
        menu.aboutToHide.connect(lambda: self._offer(9))

    def _offer(self, count: int) -> None:
        """Shows only candidates that are there, in the menu: what is hidden for longer has dead keys."""
        for n in range(1, 10):
            for name, least in (("adopt", 1), ("label", 2), ("edges", 2)):
                self._window.bindings[f"review.{name}.{n}"].setVisible(n <= count >= least)

    # ---------------------------------------------------------------- decisions

    def adopt(self, n: int) -> None:
        """Takes candidate `n`; where reasons or labels are asked for, takes the n-th of those."""
        if self.mode is Mode.REASON:
            self._give_reason(n)
        elif self.mode is Mode.EDIT:
            self._relabel(n)
        else:
            self._adopt(n)

    def _adopt(self, n: int) -> None:
        mark = self._candidate(n)
        self._decided(
            lambda item, alike: self._service().adopt(item, mark, alike=alike, blind=self._blind), mark
        )

    @not_in_edit
    def label(self, n: int) -> None:
        """The label of candidate `n` on the edges of the one in the frame."""
        self._mix(label=n, edges=self._other(n))

    @not_in_edit
    def edges(self, n: int) -> None:
        """The edges of candidate `n` under the label of the one in the frame."""
        self._mix(label=self._other(n), edges=n)

    def _mix(self, *, label: int, edges: int) -> None:
        self._refuse_in_reasons()
        labelled, rest = self._candidate(label), self._candidate(edges)
        self._decided(
            lambda item, alike: self._service().mix(item, labelled, rest, alike=alike, blind=self._blind),
            replace(rest, label=labelled.label),
        )

    def _other(self, n: int) -> int:
        """The candidate that the rest comes from: the one in the frame, or the next if that is it."""
        self._candidate(n)
        if len(self._candidates) == 1:
            raise GestureRefused("There is one candidate here: nothing to take label or edges from.")
        return self.place if self.place != n else (n + 1) % len(self._candidates)

    def none(self) -> None:
        """None of the candidates is right; in the labels of an edited mark, the tenth."""
        if self.mode is Mode.EDIT:
            self._relabel(9)
        elif self.mode is Mode.REASON:
            self._give_reason(9)
        else:
            self._none()

    def _none(self) -> None:
        self._decided(lambda item, alike: self._service().none(item, alike=alike, blind=self._blind), None)

    def _refuse_in_reasons(self) -> None:
        if self.mode is Mode.REASON:
            raise GestureRefused("A digit takes a reason; Esc closes them.")

    @not_in_edit
    def unsure(self) -> None:
        item = self._item()
        before = decided_said(item, self._text(item), blind=self._blind)
        said = f"Put aside: {before} is taken back." if before else ""
        self._made(self._service().unsure(item, blind=self._blind), said)

    def _decided(self, decide: _Decide, outcome: Mark | None) -> None:
        """Makes a decision that has an outcome; where it is for all alike, after a look at them."""
        item = self._item()
        alike = self._alike(item) if self.armed else []
        if alike:
            self._preview(item, alike, decide, outcome)
            return
        if self._holds(item, outcome):
            raise GestureRefused(f"That is decided: {mark_said(outcome, self._text(item))}.")
        said = self._changing(item, outcome)
        self._made(decide(item, ()), said)

    def _preview(self, item: Item, alike: Sequence[Item], decide: _Decide, outcome: Mark | None) -> None:
        from annotator.ui.alike_dialog import AlikeDialog

        window = self._window
        dialog = AlikeDialog(
            item, outcome, alike, text_of=self._service().text, theme=window.theme, parent=window
        )
        dialog.agreed.connect(
            lambda taken: window.faults.attempt(self._decide_at, item, taken, decide, outcome)
        )
        dialog.open()

    def _decide_at(self, item: Item, taken: Sequence[Item], decide: _Decide, outcome: Mark | None) -> None:
        now = {each.key: each for each in self._alike(item)}
        if item != self.item or any(now.get(each.key) != each for each in taken):
            raise GestureRefused("What is alike has changed meanwhile; look at it again.")
        said = self._changing(item, outcome)
        self._made(decide(item, taken), said)

    def _entered(self) -> None:
        """Enter takes the candidate in the frame."""
        if self.draft is None:
            self._refuse_in_reasons()
            self._adopt(self.place)

    def _click(self, place: int) -> None:
        self.refuse_in_edit()
        self._none() if place == NONE else self._adopt(place)
        self.page.view.setFocus()

    @not_in_edit
    def lower(self) -> None:
        self._look(1)

    @not_in_edit
    def upper(self) -> None:
        self._look(-1)

    def _look(self, by: int) -> None:
        """Frames a neighbouring candidate: label and edges can come from it, and it is the one to edit."""
        item = self._item()
        self.place = (self.place + by) % len(self._candidates)
        self.page.candidates.set_on(self.place, self._kept(item))
        self._canvas_focus()

    # ---------------------------------------------------------------- reasons, notes, alike

    @not_in_edit
    def reason(self) -> None:
        """Opens the reasons: a digit takes one, the same key or Esc closes them."""
        self._item()
        self.mode = Mode.DECIDE if self.mode is Mode.REASON else Mode.REASON
        self._draw()

    @not_in_edit
    def _give_reason(self, n: int) -> None:
        item = self._item()
        if n >= len(REASONS):
            raise GestureRefused(f"There are {len(REASONS)} reasons.")
        own = item.own.reason if item.own else None
        reason = None if own is REASONS[n] else REASONS[n]
        self.mode = Mode.DECIDE
        self._done(self._service().give_reason(item, reason, blind=self._blind))
        self._draw()
        self.page.say(f"Reason: {reason}." if reason else "The reason is taken away.")

    @not_in_edit
    def note(self) -> None:
        """Asks for a note on the guideline, with this place as its example."""
        item = self._item()
        field = KeyField()
        field.setPlaceholderText("What the guideline should say")
        field.setAccessibleName("Guideline note")
        field.setMinimumWidth(360)
        self._window.notice.ask(
            f"Guideline note on “{isolated(item.group.words[:40])}”:",
            [("Keep", lambda: self._window.faults.attempt(self._keep_note, item, field.text()))],
            stay="Leave",
            field=field,
            kept=lambda: self._keep_note(item, field.text()) if field.text().strip() else None,
        )

    def _keep_note(self, item: Item, note: str) -> None:
        self._done(self._service().note(item, note))
        self.page.say(f"Kept. {self._window.keys.told('review.notes')} lists the notes.")

    @not_in_edit
    def alike(self) -> None:
        """The next decision is for all alike, too, which are shown before. Again, or Esc: only here."""
        if not self.armed and not self._alike(self._item()):
            raise GestureRefused("No other place has the same words with the same readings.")
        self.armed = not self.armed
        self._draw()

    @not_in_edit
    def show_notes(self) -> None:
        from annotator.ui.guideline_notes import NotesDialog

        assert self._window.project is not None
        NotesDialog(self._window.project, self._window.faults, self._window).open()

    # ---------------------------------------------------------------- what is compared, and how

    @not_in_edit
    def toggle_names(self) -> None:
        """Shows or hides who said what, for as long as nobody changes it."""
        window = self._window
        window.settings.review_names = not window.settings.review_names
        remembered.save(window.settings)
        window.bindings["review.names"].setChecked(window.settings.review_names)
        self._list(self._key())

    @not_in_edit
    def toggle_second(self) -> None:
        """Asks for an opinion of one's own on what another lead has decided, or leaves that again."""
        self.queue = self.at = None
        self.load()

    @not_in_edit
    def choose_against(self) -> None:
        """Offers whom to compare: annotators with each other, or gold or one of them with the pipeline."""
        from annotator.ui.finder import Choice

        assert self._window.project is not None
        offered: list[tuple[str, str | None]] = [("Annotators with each other", None)]
        offered.append(("Gold with the pipeline: find errors in gold", GOLD))
        names = self._window.project.annotators()
        offered += [(f"{isolated(name)} with the pipeline: find label errors", name) for name in names]
        choices = [
            Choice(text, partial(self._compare, against), "✓" if against == self.against else "")
            for text, against in offered
        ]
        self._window.finder().offer(choices, "Compare")

    def _compare(self, against: str | None) -> None:
        self.against, self.at = against, None
        self._window.faults.attempt(self.load)

    @not_in_edit
    def tell_leads(self) -> None:
        """Says how far leads agree where more than one of them has decided."""
        from annotator.services.lead_agreement import lead_agreement

        assert self._window.project is not None
        found = lead_agreement(self._window.project)
        if not found:
            key = self._window.keys.told("review.second")
            raise GestureRefused(
                f"No two leads have decided on the same yet: {key} asks for a second opinion."
            )
        self.page.say("; ".join(each.said() for each in found))

    @not_in_edit
    def export_votes(self) -> None:
        """Asks for a file and writes soft labels: who said what, and the share of each label."""
        from annotator.services.votes import export_votes

        project = self._window.project
        assert project is not None
        place = project.path.with_name(f"{project.path.stem}-soft.jsonl")
        title = "Export soft labels"
        name, _ = QFileDialog.getSaveFileName(self.page, title, str(place), "JSON lines (*.jsonl)")
        if name:
            articles = counted(export_votes(project, Path(name)), "article")
            self.page.say(f"Wrote the soft labels of {articles} to {name}.")

    @not_in_edit
    def show_differences(self, typed: str, types: frozenset[Type], at: tuple[int, str]) -> None:
        """Opens the page with a filter, at one difference if it is in the list."""
        page = self.page
        page.field.setText(typed)
        for chip, (_, of) in zip(page.chips, TYPES, strict=True):
            chip.setChecked(bool(of & types))
        page.leads_differ.setChecked(False)
        self.against, self.sought = None, at
        if not self._shown():
            self.show()
        self._list(at)

    @not_in_edit
    def open_article(self) -> None:
        """Opens the article of the difference on the label page."""
        item, window = self._item(), self._window
        window.back_to_work()
        window.page.open_article(item.group.article_id)
        window.page.view.set_selection(item.group.span)

    def next_pane(self) -> None:
        self.page.step_pane(1)

    def previous_pane(self) -> None:
        self.page.step_pane(-1)

    # ---------------------------------------------------------------- undo, and what is said

    def _changed(self, change: Change) -> None:
        """A gesture was saved from elsewhere, an undo for one: shows the difference that it was in."""
        if not self._shown() or self.queue is None or not change.gesture:
            return
        touched = self._done(change)
        if touched:
            self._list(self.queue.items[touched[0]].key)
