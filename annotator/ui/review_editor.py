"""The window's review: a candidate is edited before it becomes gold."""

from typing import TYPE_CHECKING

from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Mark, Stance
from annotator.domain.review import content_of
from annotator.domain.text import Span
from annotator.services.review_items import Item, State, stands
from annotator.ui.review_desk import ReviewDesk
from annotator.ui.review_editing import Draft
from annotator.ui.review_sheet import Mode
from annotator.ui.review_wording import decided_said, mark_said
from annotator.ui.wording import listed

if TYPE_CHECKING:
    from annotator.ui.article.movement import Edge
    from annotator.ui.window import Window


class ReviewEditor(ReviewDesk):
    """Part of the review. What is edited is a draft: it is saved by Enter alone, and lost by Esc alone."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        view, attempt = self.page.view, window.faults.attempt
        view.edgeMoved.connect(lambda _, span: attempt(self._edge_moved, span))
        view.saved.connect(lambda: attempt(self._save_draft))
        view.left.connect(lambda: attempt(self.escape))
        window.before_letting_go.append(self._hold_draft)
        window.page.half_done = self._step_draft

    def edit(self) -> None:
        """Edits the candidate in the frame: the arrows move its end. Again: they move the caret."""
        self._edit("end")

    def edit_start(self) -> None:
        self._edit("start")

    def _edit(self, edge: "Edge") -> None:
        item = self._item()
        if self.draft is None:
            self._begin(item)
            self._edge = edge
        else:
            self._edge = None if self._take_over() == edge else edge
        self._draw_edited()
        self.page.view.setFocus()

    def _begin(self, item: Item) -> None:
        assert self._window.project is not None
        own = item.own.outcome if item.own is not None and item.own.settled.decided else None
        self.draft = Draft.of(own or self._candidate(self.place), self._window.project.labelset)
        was_armed, self.armed, self.mode = self.armed, False, Mode.EDIT
        self.page.view.edited = True
        self._let_filter()
        if was_armed:
            self.page.say("An edit is for this place alone.")

    def _take_over(self) -> "Edge | None":
        """What the arrows moved goes into the draft; which edge they move, None where it is the caret."""
        assert self.draft is not None
        span = self.page.view.moved_edges
        if span is None:
            self._edge = None
        else:
            self.draft.move(span)
        return self._edge

    def _draw_edited(self) -> None:
        assert self.draft is not None
        item = self._item()
        self._draw_draft(self.draft)
        self._draw_rows(item, self._text(item))
        self._say_place()

    def _dress(self) -> None:
        if self.draft is not None:
            self._take_over()
        super()._dress()

    def _edge_moved(self, span: Span) -> None:
        """A click lets go of the edge where it stands."""
        if self.draft is not None:
            self._edge = None
            self.draft.move(span)
            self._draw_edited()

    def _relabel(self, n: int) -> None:
        assert self.draft is not None
        self._take_over()
        self.draft.relabel(n)
        self._draw_edited()

    # ---------------------------------------------------------------- holder and target

    def set_holder(self) -> None:
        self._set_part("holder")

    def set_target(self) -> None:
        self._set_part("target")

    def no_holder(self) -> None:
        self._set_part("holder", away=True)

    def no_target(self) -> None:
        self._set_part("target", away=True)

    def _set_part(self, name: str, *, away: bool = False) -> None:
        told = self._window.keys.told
        if self.draft is None:
            raise GestureRefused(f"{told('review.edit')} edits the candidate first.")
        words = None if away else self.page.view.selection
        if words is None and not away and isinstance(self.draft.mark, Stance):
            held = self._take_over()
            of_edge = told("review.edit" if held == "end" else "review.start")
            free = f"{of_edge} lets go of the edge; " if held else ""
            raise GestureRefused(
                f"Select the words of the {name} first: {free}Shift and arrows select. "
                f"{told(f'review.no_{name}')} takes the {name} away."
            )
        self._take_over()
        self.draft.set_part(name, words)
        self._draw_edited()

    # ---------------------------------------------------------------- the end of it

    def _save_draft(self) -> None:
        draft, item = self.draft, self._item()
        assert draft is not None
        self._take_over()
        missing = draft.lacks(self._candidates)
        if missing and not draft.warned:
            draft.warned = True
            raise GestureRefused(
                f"This has no {listed(missing, 'and no')}, and a reading has: Enter again saves it so."
            )
        if self._holds(item, draft.mark):
            self.escape()
            self.page.say(f"That was decided before: {mark_said(draft.mark, self._text(item))}.")
            return
        said = self._changing(item, draft.mark)
        self._made(self._service().edit(item, draft.mark, blind=self._blind), said)

    def escape(self) -> None:
        """Leaves the innermost mode."""
        if self.mode is Mode.DECIDE and not self.armed:
            return
        if self.draft is not None:
            self._take_over()
        lost = self.draft is not None and self.draft.is_changed
        self._leave_modes()
        self._draw()
        if lost:
            self.page.say("The edit is left; nothing of it is saved.")

    def _hold_draft(self) -> None:
        """Before the project is let go of: what was made of a mark is not to be lost."""
        if self.draft is None:
            return
        self._take_over()
        if self.draft.is_changed:
            if not self._shown():
                self.show()
            raise GestureRefused("An edit is not saved yet: Enter saves it, Esc leaves it.")

    def _step_draft(self, back: bool) -> bool:
        """A step of undo or redo within the edit; whether there is an edit."""
        if self.draft is None or not self._shown():
            return False
        self._take_over()
        if not self.draft.step(back=back):
            what = "take back" if back else "make again"
            raise GestureRefused(f"There is nothing to {what} in this edit: Enter saves it, Esc leaves it.")
        self._draw_edited()
        return True

    # ---------------------------------------------------------------- what a decision changes

    def _candidate(self, n: int) -> Mark:
        self._item()
        if n >= len(self._candidates):
            raise GestureRefused(f"There is no candidate {n + 1} here.")
        return self._candidates[n]

    def _made(self, change: Change, said: str) -> None:
        self._done(change)
        self._go_on()
        if said:
            self.page.say(said)

    def _holds(self, item: Item, outcome: Mark | None) -> bool:
        """Whether the lead has decided so already, and that holds."""
        own = item.own
        if item.state is not State.DECIDED or own is None or not own.settled.decided:
            return False
        return (item.second or not own.overruled) and _is_same(own.outcome, outcome)

    def _changing(self, item: Item, outcome: Mark | None) -> str:
        """What a decision changes from and to where something else holds; "" where nothing does."""
        text = self._text(item)
        before = decided_said(item, text, blind=self._blind)
        if not before or any(stands(each) and _is_same(each.outcome, outcome) for each in item.others):
            return ""
        return f"Changed from {before} to {mark_said(outcome, text)}."


def _is_same(one: Mark | None, other: Mark | None) -> bool:
    return (one and content_of(one)) == (other and content_of(other))
