"""One difference of a review as it is drawn: the article, its candidates, what is said beside them."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject

from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Mark
from annotator.domain.review import content_of
from annotator.services.review_items import Item
from annotator.services.review_queue import ReviewQueue
from annotator.services.reviewing import Reviewing
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.candidates import ENTER, Candidate, odd_parts
from annotator.ui.review_editing import Draft
from annotator.ui.review_page import ReviewPage
from annotator.ui.review_view import CandidateView
from annotator.ui.review_wording import (
    before_said,
    difference_said,
    end_said,
    hints,
    nothing_said,
    voters_said,
)

if TYPE_CHECKING:
    from annotator.ui.article.movement import Edge
    from annotator.ui.window import Window

NONE = -1  # the place of "none of these"


class Mode(StrEnum):
    """What the digits mean: candidates, or the reasons, or the labels of the mark that is edited."""

    DECIDE = "decide"
    REASON = "reason"
    EDIT = "edit"


_Sheet = TypeVar("_Sheet", bound="ReviewSheet")
_Rest = ParamSpec("_Rest")
_Given = TypeVar("_Given")


def not_in_edit(
    do: Callable[Concatenate[_Sheet, _Rest], _Given],
) -> Callable[Concatenate[_Sheet, _Rest], _Given]:
    """Refuses what belongs to no edit while a mark is edited."""

    @wraps(do)
    def refusing(sheet: _Sheet, /, *args: _Rest.args, **kwargs: _Rest.kwargs) -> _Given:
        sheet.refuse_in_edit()
        return do(sheet, *args, **kwargs)

    return refusing


class ReviewSheet(QObject):
    """Draws the difference at `at` of the queue; None: there is none to draw, and why."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self.page = ReviewPage(window.theme, window)
        self._canvas = CandidateView(self.page.view)
        self.reviewing: Reviewing | None = None
        self.queue: ReviewQueue | None = None
        self.against: str | None = None
        self.at: int | None = None  # the place in the queue of what is shown
        self._drawn: Item | None = None
        self._candidates: list[Mark] = []
        self.place = 0  # of the candidate that is looked at
        self.mode = Mode.DECIDE
        self.armed = False  # the next decision is made for all alike
        self.draft: Draft | None = None
        self._edge: Edge | None = None  # of the draft, that arrows move
        self._texts: dict[int, str] = {}

    def _key(self) -> tuple[int, str] | None:
        item = self.item
        return item.key if item else None

    @property
    def item(self) -> Item | None:
        """What is shown."""
        return self.queue.items[self.at] if self.queue is not None and self.at is not None else None

    def _item(self) -> Item:
        item = self.item
        if item is None:
            again = self._window.keys.told("review.next")
            if self.page.model.rowCount():
                raise GestureRefused(f"Nothing is left here: {again} goes through what was decided.")
            raise GestureRefused("There is no difference to decide on.")
        return item

    def refuse_in_edit(self) -> None:
        """Raises GestureRefused while a mark is edited: what was made of it would be lost."""
        if self.mode is Mode.EDIT:
            self._show_checks()
            self.page.view.setFocus()
            raise GestureRefused("First finish the edit: Enter saves it, Esc leaves it.")

    def _show_checks(self) -> None:
        """Ticks what holds: an action ticks itself when it is asked for."""
        bindings = self._window.bindings
        bindings["review.names"].setChecked(not self._blind)
        bindings["review.second"].setChecked(self.queue is not None and self.queue.second)

    @property
    def _blind(self) -> bool:
        return not self._window.settings.review_names

    def _draw(self) -> None:
        page, item, reviewing = self.page, self.item, self.reviewing
        self._drawn = item
        if reviewing is None:
            return
        self._say_place()
        if item is None:
            self._canvas.clear()
            page.candidates.show_rows((), head="")
            listed = page.model.rowCount() > 0
            told, filtered = self._window.keys.told, page.is_filtered()
            page.show_nothing(
                *(
                    end_said(self.queue, filtered=filtered, told=told)
                    if listed and self.queue is not None
                    else nothing_said(self.queue, against=self.against, export_key=told("project.export"))
                )
            )
            return
        page.show_work()
        text = self._text(item)
        gold = self._gold_beside(item, reviewing.gold(item.group.article_id))
        self._canvas.show(item.group.article_id, text, self._candidates, gold)
        page.view.scroll_to(item.group.span.start)
        page.title.set_text(" ".join(item.title.split()))
        page.facts.set_text(self._facts(item))
        self._draw_rows(item, text)
        self._draw_side(item, text)
        if self.draft is not None:
            self._draw_draft(self.draft)

    def _draw_draft(self, draft: Draft) -> None:
        """Draws what is edited in place of the candidates; the arrows go on moving the edge they moved."""
        self._canvas.show_draft(draft.mark)
        if self._edge is not None:
            self.page.view.take_edge(self._edge)

    def _gold_beside(self, item: Item, gold: Sequence[Mark]) -> list[Mark]:
        """The gold of other places: what anybody decided here, or what is judged, is seen in no other way."""
        drawn = {content_of(mark) for mark in self._candidates}
        of_this = {said.gold_id for said in (item.own, *item.others) if said is not None}
        return [mark for mark in gold if mark.id not in of_this and content_of(mark) not in drawn]

    def _facts(self, item: Item) -> str:
        return "names and votes hidden · order shuffled" if self._blind else "names and votes shown"

    def _draw_rows(self, item: Item, text: str) -> None:
        page = self.page
        if self.draft is not None:
            edited = Candidate(self._window.keys.first("review.edit"), self.draft.mark, text)
            page.candidates.show_rows(
                [edited], head=self.draft.told(self._window.keys), more=self.draft.labels_said()
            )
            return
        first = self._candidates[0]
        rows = [
            Candidate(
                str(n + 1) if n < 9 else f"{n + 1} {ENTER}",
                mark,
                text,
                item.group.span,
                "" if self._blind else voters_said(item.group, mark),
                odd_parts(mark, first),
            )
            for n, mark in enumerate(self._candidates)
        ]
        nobody = "" if self._blind else voters_said(item.group, None)
        note = f"nothing here: {nobody}" if nobody else ""
        head = "Which one is right?" if len(rows) > 1 else "Is it right?"
        more = ""
        if len(rows) > 9:
            head = f"Which one of {len(rows)} is right?"
            lower = self._window.keys.told("review.lower")
            more = f"Those after the ninth have no digit: {lower} frames the next, Enter takes it."
        if self.armed:
            alike = self._alike(item)
            head = f"{head} Here and in {counted(len(alike), 'place')} alike"
        page.candidates.show_rows([*rows, Candidate("0", None, note=note)], head=head, more=more)
        page.candidates.set_on(self.place, self._kept(item))
        self._canvas_focus()

    def _canvas_focus(self) -> None:
        if self._candidates:
            self._canvas.focus(self.place)

    def _draw_side(self, item: Item, text: str) -> None:
        page, keys = self.page, self._window.keys
        side, own = page.side, item.own
        side.difference.setText(difference_said(item))
        said = before_said(item, text, blind=self._blind)
        side.before.setText(said)
        side.before.setVisible(bool(said))
        side.show_reason(own.reason if own else None, is_open=self.mode is Mode.REASON)
        side.show_alike(len(self._alike(item)), key=keys.told("review.alike"), armed=self.armed)
        side.note.setText(f"{keys.told('review.note')} adds one, with this place as its example.")
        assert self._window.project is not None
        side.show_guideline(self._window.project.labelset, item)

    def _say_place(self) -> None:
        page = self.page
        project = self._window.project
        read_only = project is not None and project.read_only is not None
        page.saved.setText("● Read only" if read_only else page.saved.text() or "● Saved")
        page.saved.setForegroundRole(style.WARN if read_only else style.GOOD)
        first, row_count = self._window.keys.first, page.model.rowCount()
        page.hints.set_hints(hints(first, empty=self.item is None, again=row_count > 0, draft=self.draft))
        row, count = page.model.row_of(self.at), row_count
        page.place.setText(f"difference {row + 1:,} of {count:,}" if row is not None else "")

    def _text(self, item: Item) -> str:
        assert self.reviewing is not None
        article_id = item.group.article_id
        if article_id not in self._texts:
            self._texts.clear()  # one is kept: it may be 10 MB long
            self._texts[article_id] = self.reviewing.text(article_id)
        return self._texts[article_id]

    def _alike(self, item: Item) -> list[Item]:
        return self.queue.alike(item) if self.queue is not None else []

    def _kept(self, item: Item) -> int | None:
        """The place of what was decided for; None where nothing was, or something else."""
        own = item.own
        if own is None or not own.settled.decided or own.input != item.group.input:
            return None
        if own.outcome is None:
            return NONE
        contents = [content_of(mark) for mark in self._candidates]
        wanted = content_of(own.outcome)
        return contents.index(wanted) if wanted in contents else None
