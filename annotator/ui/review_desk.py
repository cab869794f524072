"""The desk of a review: what there is to review is read, listed and shown, one difference after another."""

from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.domain.changes import Change
from annotator.domain.errors import AnnotatorError, GestureRefused
from annotator.services.review_items import Wanted
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from annotator.storage.names import holds_few
from annotator.ui.actions import Page
from annotator.ui.article.typography import Look
from annotator.ui.comparing import Comparing
from annotator.ui.review_filter import wanted_of
from annotator.ui.review_page import TYPES
from annotator.ui.review_sheet import Mode, ReviewSheet, not_in_edit
from annotator.ui.review_wording import COMPARING, left_said
from annotator.ui.settling import Settling
from annotator.ui.wording import clock

if TYPE_CHECKING:
    from annotator.ui.window import Window

_FEW = 2_000  # marks and suggestions that are read and grouped in no time


class ReviewDesk(ReviewSheet):
    """Reads beside the window, shows one difference at a time. What is decided on it is Review's."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._reader: GroupReader | None = None
        self._of: object = None  # the Labelling whose lead this is
        self._wanted = Wanted()
        self.sought: tuple[int, str] | None = None  # what to show as soon as it is read
        self.settling = Settling(window.faults, self, self._shown)  # goes on when the page is shown again
        self.settling.settled.connect(self._settled)
        self.comparing = Comparing(window.background, self)
        self.comparing.found.connect(self._take)
        self.comparing.failed.connect(self._fail)
        self.comparing.moved.connect(self._say_compared)
        self._touched: set[int] = set()  # articles on which something was said while all is read
        self.page.filtered.connect(self._filter)
        self.page.opened.connect(lambda row: window.faults.attempt(self._open, row))
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
        self._of, self.against, self._candidates, self._wanted = None, None, [], Wanted()
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

    def _service(self) -> Reviewing:
        if self.reviewing is None:
            raise GestureRefused("No project is open.")
        return self.reviewing

    def _done(self, change: Change) -> list[int]:
        """After a gesture it is said to be saved, and what it touched is read; the places that changed."""
        page = self.page
        page.saved.setText(f"● Saved {clock(change.saved_at)}")
        page.clear_message()
        return [
            place for article_id in self._service().touched(change) for place in self._refresh(article_id)
        ]

    # ---------------------------------------------------------------- the list

    @not_in_edit
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
        page.model.blind = self._blind
        problem = self._ask(queue)
        places = queue.listed(self._wanted)
        height = page.height_of_current()
        page.model.show(queue, places)
        self._say_left(queue)
        here = queue.place_of(at) if at is not None else None
        if here is None or page.model.row_of(here) is None:
            here = next(filter(queue.is_left, places), None)
            if here is None and page.is_filtered():
                here = next(iter(places), None)
        drawn, edited = self._drawn, self.draft
        now = queue.items[here] if here is not None else None
        is_drawn = now is not None and drawn is not None and now.key == drawn.key
        if here is not None and is_drawn and (edited is not None or (keep and now == drawn)):
            self._keep(queue, here, height)
        else:
            self._go(here)
            if edited is not None and edited.is_changed:
                page.say(f"The edit of {edited.mark.label} is left: its marks have changed.", warn=True)
        if problem is not None:
            raise problem

    def _ask(self, queue: ReviewQueue) -> GestureRefused | None:
        """Takes over what the filter asks for; what is wrong with it, and then what it asked before holds."""
        page, names = self.page, None if self._blind else queue.compared.groups.names
        differ = page.leads_differ.isChecked()
        try:
            self._wanted = wanted_of(
                page.field.text(), page.types(), labels=self._labels, names=names, leads_differ=differ
            )
        except GestureRefused as problem:
            if self._blind:
                self._wanted = replace(self._wanted, annotator="")
            return problem
        return None

    def _keep(self, queue: ReviewQueue, place: int, height: int | None) -> None:
        """Leaves what is shown, and what is being done to it, as it is; its row stands at the same height."""
        page, item = self.page, queue.items[place]
        self.at, self._drawn = place, item
        page.model.set_current(place)
        page.keep_current(height)
        self._say_place()
        self._draw_side(item, self._text(item))

    def _say_left(self, queue: ReviewQueue) -> None:
        self.page.left.setText(left_said(queue, against=self.against))
        if queue.compared.whole:
            self._window.top.show_count(Page.REVIEW, queue.left)
        self._let_filter()
        for chip, (_, types) in zip(self.page.chips, TYPES, strict=True):
            chip.set_count(sum(queue.left_by_type[each] for each in types))
            chip.setVisible(bool(queue.items))
        differ = self.page.leads_differ
        differ.set_count(queue.leads_differ)
        differ.setVisible(bool(queue.leads_differ) or differ.isChecked())

    def _let_filter(self) -> None:
        """The filter can be another where there is something to filter, but not while a mark is edited."""
        can = self.mode is not Mode.EDIT
        self.page.field.setEnabled(can and self.queue is not None and bool(self.queue.items))
        for chip in (*self.page.chips, self.page.leads_differ):
            chip.setEnabled(can)

    @not_in_edit
    def next(self) -> None:
        self._step(1)

    @not_in_edit
    def previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        page = self.page
        row, count = page.model.row_of(self.at), page.model.rowCount()
        if not count:
            raise GestureRefused("There is no difference in the list.")
        self.sought = None
        first = 0 if by > 0 else count - 1
        self._go(page.model.place_at((row + by) % count if row is not None else first))

    @not_in_edit
    def _open(self, row: int) -> None:
        self._go(self.page.model.place_at(row))

    def _go_on(self) -> None:
        """To the next of the list that is left, from where the decision was; around once.

        Where none is, none is shown: what was decided is decided anew only by one who goes back to it.
        """
        page, queue = self.page, self.queue
        assert queue is not None
        count, row = page.model.rowCount(), page.model.row_of(self.at)
        first = 0 if row is None else row + 1
        rows = ((first + n) % count for n in range(count))
        places = (page.model.place_at(each) for each in rows)
        self._say_left(queue)
        self._go(next(filter(queue.is_left, places), None))

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
        self.mode, self.armed = Mode.DECIDE, False
        self.draft = self._edge = None
        self.page.view.edited = False
        self._let_filter()

    def _repeat(self, text: str, warn: bool) -> None:
        """What the status line of the articles says is said on this page too."""
        if self._shown():
            self.page.say(text, warn=warn)
