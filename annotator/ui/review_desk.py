"""The desk of a review: what there is to review is read, listed and shown, one difference after another."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.domain.errors import AnnotatorError, GestureRefused
from annotator.domain.marks import Mark
from annotator.domain.review import content_of
from annotator.services.review_items import Item
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from annotator.services.wording import counted
from annotator.storage.names import holds_few
from annotator.ui import style
from annotator.ui.actions import Page
from annotator.ui.article.typography import Look
from annotator.ui.candidates import ENTER, Candidate, odd_parts
from annotator.ui.comparing import Comparing
from annotator.ui.review_editing import Draft
from annotator.ui.review_filter import wanted_of
from annotator.ui.review_page import TYPES, ReviewPage
from annotator.ui.review_side import REASONS
from annotator.ui.review_view import CandidateView
from annotator.ui.review_wording import (
    COMPARING,
    before_said,
    difference_said,
    end_said,
    hints,
    left_said,
    nothing_said,
    voters_said,
)
from annotator.ui.settling import Settling

if TYPE_CHECKING:
    from annotator.ui.window import Window

_FEW = 2_000  # marks and suggestions that are read and grouped in no time
NONE = -1  # the place of "none of these"


class Mode(StrEnum):
    """What the digits mean: candidates, or the reasons, or the labels of the mark that is edited."""

    DECIDE = "decide"
    REASON = "reason"
    EDIT = "edit"


class ReviewDesk(QObject):
    """Reads beside the window, shows one difference at a time. What is decided on it is Review's."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self.page = ReviewPage(window.theme, window)
        self._canvas = CandidateView(self.page.view)
        self.reviewing: Reviewing | None = None
        self._reader: GroupReader | None = None
        self.queue: ReviewQueue | None = None
        self._of: object = None  # the Labelling whose lead this is
        self.against: str | None = None
        self.at: int | None = None  # the place in the queue of what is shown
        self._drawn: Item | None = None
        self.sought: tuple[int, str] | None = None  # what to show as soon as it is read
        self._candidates: list[Mark] = []
        self.place = 0  # of the candidate that is looked at
        self.mode = Mode.DECIDE
        self.armed = False  # the next decision is made for all alike
        self.draft: Draft | None = None
        self._texts: dict[int, str] = {}
        self.settling = Settling(window.faults, self, self._shown)  # goes on when the page is shown again
        self.settling.settled.connect(self._settled)
        self.comparing = Comparing(window.background, self)
        self.comparing.found.connect(self._take)
        self.comparing.failed.connect(self._fail)
        self.comparing.moved.connect(self._say_compared)
        self._touched: set[int] = set()  # articles on which something was said while all is read
        self.page.filtered.connect(self._filter)
        self.page.opened.connect(lambda row: self._go(self.page.model.place_at(row)))
        self.page.untaken.connect(window.bindings.press_by_place)
        window.bindings.hear(Page.REVIEW, self.page)
        window.stack.addWidget(self.page)
        window.stack.currentChanged.connect(lambda _: self._stop_unseen())
        window.dressed.connect(self._dress)
        window.let_go.connect(self.close)
        window.page.line.said.connect(self._repeat)

    # ---------------------------------------------------------------- the page

    def show(self) -> None:
        """Opens the page of the review, or goes back from it."""
        window = self._window
        if self._shown():
            window.back_to_work()
            return
        self._dress()
        window.bindings["review.names"].setChecked(window.settings.review_names)
        window.show_page(self.page, Page.REVIEW)
        self.page.view.setFocus()
        self.load()

    def _shown(self) -> bool:
        return self._window.stack.currentWidget() is self.page

    def _stop_unseen(self) -> None:
        """Reads no further once the page is left; what is grouped by then is known when it is shown again."""
        if not self._shown() and self.comparing.busy:
            self.comparing.stop()
            self.page.say_compared("")

    def _dress(self) -> None:
        """Takes the theme of the window over, and the look of the text."""
        window, page = self._window, self.page
        if window.project is not None:
            settings = window.settings
            look = Look(settings.text_size, settings.font, settings.line_pitch, settings.column)
            page.set_theme(window.theme)
            page.view.set_look(look)
            self._canvas.set_labels(window.project.labelset, window.theme)
            page.candidates.set_labels(window.project.labelset, window.theme)
            self._draw()

    def close(self) -> None:
        """Lets go of the project."""
        self.settling.stop()
        self.comparing.stop()
        self.page.say_compared("")
        self.queue = self.reviewing = self._reader = self.at = self.draft = None
        self._of, self.against, self._candidates = None, None, []
        self._texts.clear()
        self.page.model.show(None, ())
        self._canvas.clear()

    # ---------------------------------------------------------------- reading

    def load(self) -> None:
        """Reads what there is to review: at once where that is little, else beside the window."""
        window = self._window
        labelling, project = window.page.labelling, window.project
        if project is None or labelling is None:
            raise GestureRefused("No project is open.")
        if self.reviewing is None or self._of is not labelling or self.reviewing.against != self.against:
            self.reviewing = Reviewing(project, labelling.annotator, against=self.against)
            self._of, self.queue, self.at = labelling, None, None
            self._reader = GroupReader(project.path, against=self.against)
        assert self._reader is not None
        self._say_place()
        if holds_few(project.db, _FEW):
            self.read_now()
            return
        if self.queue is None:
            self.page.show_nothing(COMPARING, "")
        self.settling.stop()  # it goes on with what will be found
        self._touched.clear()
        self.comparing.read(
            self._reader, self.reviewing.lead, self.reviewing.seed(), second=self._asks_second
        )

    @property
    def _asks_second(self) -> bool:
        return self._window.bindings["review.second"].isChecked()

    def read_now(self) -> None:
        """Reads all before anything else is done."""
        assert self.reviewing is not None
        assert self._reader is not None
        self.comparing.stop()
        compared = self._reader.read(self.reviewing.seed())
        self._take(ReviewQueue(compared, self.reviewing.lead, second=self._asks_second))

    def _take(self, queue: ReviewQueue) -> None:
        """Shows what was read: all, or what the first articles have; then never less than before."""
        before, whole = self.queue, queue.compared.whole
        if not whole and before is not None and before.compared.shared > queue.compared.shared:
            return
        assert self.reviewing is not None
        at, self.queue = self._key(), queue
        if self.sought is not None and queue.place_of(self.sought) is not None:
            at, self.sought = self.sought, None
        for article_id in self._touched:  # what was read is as old as the first of it
            queue.refresh(article_id, self.reviewing.said(article_id))
        if whole:
            self.sought = None
            self.page.say_compared("")
            self._settle(queue)
        self._list(at, keep=True)

    def _fail(self, error: AnnotatorError) -> None:
        self.page.say_compared("")
        if self.queue is None:
            self.page.show_nothing("What there is to review could not be read.", str(error))
        self._window.faults.told.emit(error)

    def _settle(self, queue: ReviewQueue) -> None:
        project = self._window.project
        if project is not None and project.read_only is None and not self.against:
            assert self.reviewing is not None
            assert self._reader is not None
            self.settling.start(self.reviewing, self._reader, queue.unsettled())

    def _say_compared(self, done: int, total: int) -> None:
        if self.queue is None or not self.queue.compared.whole:
            self.page.say_compared(f"Comparing article {done:,} of {total:,} …" if total else COMPARING)

    def _settled(self, article_id: int) -> None:
        """What all mark alike in an article is gold now."""
        self._refresh(article_id)
        if self.item is not None and self.item.group.article_id == article_id and self.draft is None:
            self._draw()

    def _refresh(self, article_id: int) -> list[int]:
        """Reads again what leads said on an article; the places in the queue that are others now."""
        if self.queue is None or self.reviewing is None:
            return []
        if self.comparing.busy:
            self._touched.add(article_id)
        changed = self.queue.refresh(article_id, self.reviewing.said(article_id))
        for place in changed:
            self.page.model.repaint(place)
        return changed

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
            raise GestureRefused("There is no difference to decide on.")
        return item

    # ---------------------------------------------------------------- the list

    def filter(self) -> None:
        page = self.page
        page.field.setFocus()
        page.field.selectAll()

    def _filter(self) -> None:
        if self._window.faults.attempt(self._list, self._key()):
            self.page.clear_message()  # what was wrong with the filter before

    def _labels(self) -> set[str]:
        """All by which differences can be found."""
        assert self.queue is not None
        assert self._window.project is not None
        of_set = {label.name for label in self._window.project.labelset.labels}
        return of_set | self.queue.compared.groups.labels()

    def _list(self, at: tuple[int, str] | None = None, *, keep: bool = False) -> None:
        """Lists what is wanted and shows what was shown, or else the first that is left.

        With `keep` nothing that is shown moves, nor what is being done to it ends, if it is as it was.
        """
        page, queue = self.page, self.queue
        if queue is None:
            return
        blind = self._blind
        page.model.blind = blind
        wanted = wanted_of(
            page.field.text(),
            page.types(),
            labels=self._labels,
            names=None if blind else queue.compared.groups.names,
            leads_differ=page.leads_differ.isChecked(),
        )
        places = queue.listed(wanted)
        height = page.height_of_current()
        page.model.show(queue, places)
        self._say_left(queue)
        here = queue.place_of(at) if at is not None else None
        if here is None or page.model.row_of(here) is None:
            left = filter(queue.is_left, places)
            here = next(left, places[0] if places else None)
        if keep and here is not None and queue.items[here] == self._drawn:
            self.at = here
            page.model.set_current(here)
            page.keep_current(height)
            self._say_place()
            self._draw_side(queue.items[here], self._text(queue.items[here]))
        else:
            self._go(here)

    def _say_left(self, queue: ReviewQueue) -> None:
        self.page.left.setText(left_said(queue, against=self.against))
        if queue.compared.whole:
            self._window.top.show_count(Page.REVIEW, queue.left)
        self.page.field.setEnabled(bool(queue.items))
        for chip, (_, types) in zip(self.page.chips, TYPES, strict=True):
            chip.set_count(sum(queue.left_by_type[each] for each in types))
            chip.setVisible(bool(queue.items))
        differ = self.page.leads_differ
        differ.set_count(queue.leads_differ)
        differ.setVisible(bool(queue.leads_differ) or differ.isChecked())

    def next(self) -> None:
        self._step(1)

    def previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        page = self.page
        row, count = page.model.row_of(self.at), page.model.rowCount()
        if not count:
            raise GestureRefused("There is no difference in the list.")
        self.sought = None
        self._go(page.model.place_at((row + by) % count if row is not None else 0))

    def _go_on(self) -> None:
        """To the next of the list that is left, from where the decision was; around once."""
        page, queue = self.page, self.queue
        assert queue is not None
        count, row = page.model.rowCount(), page.model.row_of(self.at)
        first = 0 if row is None else row + 1
        rows = ((first + n) % count for n in range(count))
        places = (page.model.place_at(each) for each in rows)
        following = next(filter(queue.is_left, places), None)
        self._say_left(queue)
        if following is None:
            self._go(self.at)
            page.say(end_said(queue, filtered=page.is_filtered()))
        else:
            self._go(following)

    # ---------------------------------------------------------------- what is shown

    @property
    def _blind(self) -> bool:
        return not self._window.settings.review_names

    def _go(self, place: int | None) -> None:
        """Shows a difference, its likeliest candidate in the frame."""
        page = self.page
        self.at, self.place = place, 0
        self._leave_modes()
        page.model.set_current(place)
        page.scroll_to_current()
        item = self.item
        if item is not None and self.reviewing is not None:
            self._candidates = item.group.shuffled(self.reviewing.seed())
            kept = self._kept(item)
            self.place = max(0, kept or 0)
        self._draw()

    def _leave_modes(self) -> None:
        self.mode, self.armed, self.draft = Mode.DECIDE, False, None

    def _draw(self) -> None:
        page, item, reviewing = self.page, self.item, self.reviewing
        self._drawn = item
        if reviewing is None:
            return
        self._say_place()
        self._show_takes(item)
        if item is None:
            self._canvas.clear()
            page.candidates.show_rows((), head="")
            key = self._window.keys.told("project.export")
            page.show_nothing(*nothing_said(self.queue, against=self.against, export_key=key))
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
            project = self._window.project
            assert project is not None
            page.candidates.show_rows(
                (), head=self.draft.told(self._window.keys), more=self.draft.labels_said(project.labelset)
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
        first = self._window.keys.first
        page.hints.set_hints(hints(first, empty=self.item is None, editing=self.mode is Mode.EDIT))
        row, count = page.model.row_of(self.at), page.model.rowCount()
        page.place.setText(f"difference {row + 1:,} of {count:,}" if row is not None else "")

    def _show_takes(self, item: Item | None) -> None:
        """Only what can be taken is in the menu and heard."""
        count = len(self._candidates) if item is not None else 0
        slots = len(self.draft.slots) if self.draft is not None else 0
        for n in range(1, 10):
            can = max(count, slots, len(REASONS) if self.mode is Mode.REASON else 0)
            self._window.bindings[f"review.adopt.{n}"].setVisible(n <= can)
            for name in ("label", "edges"):
                self._window.bindings[f"review.{name}.{n}"].setVisible(n <= count and count > 1)

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

    def _repeat(self, text: str, warn: bool) -> None:
        """What the status line of the articles says is said on this page too."""
        if self._shown():
            self.page.say(text, warn=warn)
