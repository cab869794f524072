"""The label page: queue, article, inspector, status line, and the way from one article to the next."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from annotator.domain.articles import Article, Status
from annotator.domain.changes import Change, Progress
from annotator.domain.effort import WorkClock
from annotator.domain.errors import GestureRefused
from annotator.domain.labels import Label
from annotator.domain.marks import Shown, Stance
from annotator.domain.text import Span
from annotator.domain.zones import Zone
from annotator.services.labelling import Labelling, OpenArticle
from annotator.services.own_pass import Hidden
from annotator.services.queue import Queue
from annotator.storage.project import Project
from annotator.ui import label_keys, style
from annotator.ui.article.typography import READING
from annotator.ui.article.view import ArticleView
from annotator.ui.article_header import ArticleHeader
from annotator.ui.chrome import rule
from annotator.ui.faults import Faults
from annotator.ui.garbage import uncollected
from annotator.ui.guard import guarded
from annotator.ui.inspector import Inspector
from annotator.ui.keymap import Keys
from annotator.ui.notice_bar import Choice, NoticeBar
from annotator.ui.open_marks import OpenMarks
from annotator.ui.patience import Patience
from annotator.ui.queue_panel import QueuePanel
from annotator.ui.status_line import StatusLine, announce
from annotator.ui.theme import Theme
from annotator.ui.wording import quoted

if TYPE_CHECKING:
    from annotator.ui.find_bar import FindBar

_SETTLE_MS = (
    40  # the queue row and the header follow a gesture this much later, so that the mark is painted first
)


class LabelPage(QWidget):
    """One annotator at one project. `opened` carries the Article that is shown now."""

    opened = Signal(object)
    changed = Signal(object)  # the Change of a gesture that was saved
    untaken = Signal(QKeyEvent)  # a key of the article view that nothing took

    def __init__(self, notice: NoticeBar, faults: Faults, keys: Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = notice
        self._faults = faults
        self._keys = keys
        self.project: Project | None = None
        self.labelling: Labelling | None = None
        self.queue: Queue | None = None
        self.article: Article | None = None
        self.marks = OpenMarks()
        self.zones: list[Zone] = []
        self.status = Status.TODO
        self._suggested = 0  # the suggestions of the open article, decided or not
        self.entity_slots: list[Label | None] = []
        self.stance_slots: list[Label | None] = []
        self.stance: str | None = None  # the stance that holder and target go to
        self.stance_caret = 0  # where the caret was when that stance got the focus, in code points
        self._inspected: Shown | None = None  # what the inspector shows
        self._unsaved = ""  # what was said of a gesture that could not be saved
        self.hidden = Hidden()  # the suggestions of the open article that this annotator does not see
        self.clock = WorkClock()
        self._since = 0  # what the clock showed when the focus came to where it is
        self.looking_back = False  # an earlier state is on screen, to read only
        # Takes a step back (True) or forth of what is half done on another page; False where nothing is.
        self.half_done: Callable[[bool], bool] = lambda _: False
        self.also_told: Callable[[], str] = str  # what else the header says of the article
        self.queue_panel = QueuePanel(self)
        self.header = ArticleHeader(READING, self)
        self.view = ArticleView(self)
        self.view.columnMoved.connect(self.header.set_text_right)
        self.inspector = Inspector(keys, self)
        self.line = StatusLine(keys, self)
        self.panes = QSplitter(Qt.Orientation.Horizontal, self)
        self._lower: list[QWidget] = []
        self._patience = Patience(self)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.refresh_row)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        centre = QWidget(self)
        centre.setAutoFillBackground(True)
        centre.setBackgroundRole(style.BACKGROUND)
        centre.setMinimumWidth(360)
        self._column = column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(rule())
        column.addWidget(self.view, 1)
        for pane in (self.queue_panel, centre, self.inspector):
            self.panes.addWidget(pane)
        self.panes.setHandleWidth(1)
        self.panes.setChildrenCollapsible(False)
        self.panes.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.panes, 1)
        whole.addWidget(rule())
        whole.addWidget(self.line)

    def add_pane(self, pane: QWidget) -> None:
        """Puts a pane below the others, where F6 reaches it."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.indexOf(self.panes) + 1, pane, 2)
        layout.setStretchFactor(self.panes, 5)
        self._lower.append(pane)

    def add_side(self, pane: QWidget) -> None:
        """Lets F6 reach a pane that stands in the place of another."""
        self._lower.append(pane)

    def _connect(self) -> None:
        self.queue_panel.opened.connect(lambda article_id: self._faults.attempt(self._chosen, article_id))
        self.queue_panel.left.connect(self.view.setFocus)
        self.inspector.left.connect(self.view.setFocus)
        self.view.focusChanged.connect(self._focused)
        self.view.selectionChanged.connect(lambda _: self._inspect())
        self.view.caretMoved.connect(lambda _: self._look())

    @cached_property
    def find_bar(self) -> "FindBar":
        """Between the header and the view, made when it is first wanted."""
        from annotator.ui.find_bar import FindBar

        bar = FindBar(self)
        bar.found.connect(self.view.set_selection)
        bar.missed.connect(self.view.put_caret)
        bar.left.connect(self.view.setFocus)
        self._column.insertWidget(self._column.indexOf(self.header) + 1, bar)
        return bar

    def close_find_bar(self) -> bool:
        """Closes the bar of find; whether it was open."""
        is_open = "find_bar" in vars(self) and self.find_bar.isVisible()
        if is_open:
            self.find_bar.hide()
        return is_open

    # ---------------------------------------------------------------- the project

    def show_project(self, project: Project, annotator: str, theme: Theme, *, first: int | None) -> None:
        """Shows a project to one annotator, at the article `first` or else the next to do."""
        self.keep()
        self.project = project
        project.waiting = self._patience
        self.labelling = Labelling(project, annotator)
        self.queue = Queue(project, annotator)
        self._set_labels(project, theme)
        self.queue_panel.set_queue(self.queue)
        if project.read_only:
            self.line.show_read_only(project.read_only)
        else:
            self.line.show_saved()
        self._open_first(first)

    def _set_labels(self, project: Project, theme: Theme) -> None:
        self.entity_slots = label_keys.entity_slots(project.labelset)
        self.stance_slots = label_keys.stance_slots(project.labelset)
        self.view.set_labels(project.labelset)
        self.set_theme(theme)
        self.inspector.set_labels(project.labelset, label_keys.keys_of(project.labelset, self._keys), theme)

    def show_labels(self, theme: Theme) -> None:
        """Shows the label set of the project as it now is, and the marks of the open article with it."""
        if self.project is not None:
            self._set_labels(self.project, theme)
            self.refresh()
            self.show_counts()

    def show_keys(self) -> None:
        """Shows the keys that hold now wherever some are named."""
        self.line.show_keys()
        if self.project is not None:
            self.inspector.show_keys(label_keys.keys_of(self.project.labelset, self._keys))
            self._inspect()

    def _open_first(self, first: int | None) -> None:
        assert self.queue is not None
        known = first if first is not None and self.queue.rows([first]) else None
        at = known or self.queue.next(None) or next(iter(self.queue.ids(None, "")), None)
        if at is None:
            self._show_empty()
        else:
            self.open_article(at)

    def close_project(self) -> None:
        """Lets go of the project; its file is not closed here."""
        self.keep()
        self._settle.stop()
        self.close_find_bar()
        self.queue_panel.set_queue(None)
        self._show_empty()
        self.project = self.labelling = self.queue = None

    def _show_empty(self) -> None:
        self.article, self.marks, self.zones = None, OpenMarks(), []
        self.view.clear()
        self.header.clear()
        key = self._keys.told("project.import")
        self.view.nothing = f"No articles yet.\n{key} imports files; they can be dropped on the window, too."
        self.line.show_no_article()
        self.inspector.show_nothing(None)
        self.inspector.set_counts({})

    def set_theme(self, theme: Theme) -> None:
        self.view.set_theme(theme)
        self.inspector.set_theme(theme)

    # ---------------------------------------------------------------- the article

    def open_article(self, article_id: int) -> None:
        """Shows an article; the caret is at its start and nothing is selected."""
        assert self.labelling is not None
        self.keep()
        with uncollected():
            opened = self.labelling.open(article_id)
            self._take(opened)
        self._since = self.clock.ms()
        self.queue_panel.set_current(article_id)
        self.show_counts()
        self.refresh_row()
        self.line.show_place(opened.place, opened.count)
        self._show_pipeline(opened.shown)
        self._inspect()
        self.opened.emit(opened.article)

    def keep(self) -> None:
        """Saves what is half done in the open article, before another one comes; what it raises keeps it."""
        self.notice.keep()
        self.inspector.keep_edit()
        self.view.keep_edge()

    def _take(self, opened: OpenArticle) -> None:
        """Shows an article that was read, in the view alone."""
        if self.notice.asking:
            self.notice.dismiss()  # the question was about another article
        self._settle.stop()
        self.close_find_bar()
        self.article, self.zones, self.status = opened.article, list(opened.zones), opened.status
        self.marks = OpenMarks(opened.shown)
        self._suggested = opened.progress.suggested
        self.stance = None
        self.view.set_article(opened.article.text, opened.zones, opened.shown)

    def _show_pipeline(self, shown: list[Shown]) -> None:
        """Names the pipeline that read the article, unless the one at work is named already."""
        provenance = next((each.provenance for each in shown if each.provenance), None)
        if provenance is not None and not self.line.pipeline.text():
            self.line.show_pipeline(f"{provenance.pipeline} {provenance.version}")

    def _attempt(self, call: Callable[[], None]) -> None:
        self._faults.attempt(call)

    def show_counts(self) -> None:
        if self.article is not None and self.labelling is not None and self.queue is not None:
            before, self.hidden = self.hidden, self.labelling.hidden(self.article.id)
            if self.hidden != before:
                self._suggested = self.queue.suggested(self.article.id)
        self.inspector.set_counts(self.marks.counts)
        self.line.show_undecided(self.marks.undecided, of=self._suggested, hidden=self.hidden.kinds)

    def show_change(self, change: Change, *, follow: bool = True) -> None:
        """Draws what a saved gesture changed; to `follow` it, its article is opened (undo reaches far)."""
        if change.gesture:
            self._saved(change)
        if self.article is None or change.article_id != self.article.id:
            if follow and change.article_id is not None:
                self.open_article(change.article_id)
                self._focus_first(change)
            return
        stance = self.marks.get(self.stance)
        self.marks.apply(change)
        self.view.apply(change)
        if change.zones is not None:
            self.zones = list(change.zones)
            assert self.queue is not None
            self._suggested = self.queue.suggested(change.article_id)
        if change.status is not None:
            self.status = change.status
        if stance is not None and self.marks.get(stance.id) is None and self.stance == stance.id:
            self.stance = successor(stance, change)
        self.show_counts()
        self._inspect()
        self._settle.start()

    def refresh(self) -> None:
        """Reads the marks of the open article again, when suggestions arrived; the caret stays."""
        if self.article is not None and self.labelling is not None and not self.looking_back:
            opened = self.labelling.open(self.article.id)
            self._suggested = opened.progress.suggested
            self.show_change(self.marks.difference(opened.shown, self.article.id))

    def show_not_saved(self, why: str, said: str, *, choices: Sequence[Choice] = ()) -> None:
        """The last gesture is not in the file; what is said stays until the next one is."""
        self.line.show_not_saved(why, said)
        self.notice.tell(said, choices=choices)
        self._unsaved = said

    def _saved(self, change: Change) -> None:
        self.line.show_saved(change.saved_at)
        if self._unsaved and self.notice.said == self._unsaved:
            self.notice.dismiss()
        self._unsaved = ""
        self.line.clear_message()
        announce(self.view, change.summary)
        self.changed.emit(change)

    def _focus_first(self, change: Change) -> None:
        if change.now and not change.whole:
            own_first = min(change.now, key=lambda shown: (shown.suggested, shown.mark.span))
            self.view.focus_mark(own_first.id)

    def refresh_row(self) -> None:
        """Reads the article's row of the queue again, and says it above the article."""
        if self.article is not None:
            left = self.marks.undecided
            row = self.queue_panel.refresh(self.article.id, Progress(self._suggested - left, self._suggested))
            if row is not None:
                hidden = self.hidden.said(self._keys.told("article.own_pass"))
                self.header.show_article(row, self.zones, self.also_told(), hidden=hidden)

    def _chosen(self, article_id: int) -> None:
        if self.article is None or article_id != self.article.id:
            self.open_article(article_id)
        self.view.setFocus()

    # ---------------------------------------------------------------- what is selected

    def selected(self) -> Shown | None:
        """The mark that a key acts on (`ArticleView.here`); None where there is none.

        GestureRefused where words are selected that are no mark, and for a mark out of view, which is shown.
        """
        shown = self.view.here
        if shown is None and self.view.selection is not None:
            raise GestureRefused(
                "Words are selected, and no mark stands on exactly these. "
                f"{self._keys.told('escape')} lets go of them."
            )
        if shown is not None and not self.view.is_in_view(shown.mark.span):
            self.view.focus_mark(shown.id)
            raise GestureRefused("That mark was out of view. Here it is: press the key again.")
        return shown

    def ms(self) -> int:
        """How long the focused mark has had the focus, in ms; idle time is left out."""
        return self.clock.ms() - self._since

    def text(self) -> str:
        """The text of the open article; GestureRefused when there is none."""
        if self.article is None:
            raise GestureRefused("No article is open.")
        return self.article.text

    def _focused(self, mark_id: str | None) -> None:
        self.clock.touch()
        self._since = self.clock.ms()
        shown = self.marks.get(mark_id)
        if shown is not None and isinstance(shown.mark, Stance):
            self.stance, self.stance_caret = mark_id, self.view.caret
        self._inspect()

    def _look(self) -> None:
        """Shows the mark that the caret came to while another has the focus, or none."""
        if self.view.here is not self._inspected and self.view.selection is None:
            self._inspect()

    def _inspect(self) -> None:
        if self.article is None:
            return
        span: Span | None = self.view.selection
        held = self.marks.get(self.view.focused)  # a stance that waits for the words of a part
        shown = self._inspected = self.view.here or (held if held and isinstance(held.mark, Stance) else None)
        if shown is not None:
            self.inspector.show_mark(shown, self.article.text)
        elif span is not None:
            self.inspector.show_words(quoted(self.article.text, span, 90))
        else:
            self.inspector.show_nothing(self.marks)

    # ---------------------------------------------------------------- actions of the page

    def undo(self) -> None:
        self._travel("Undone", lambda labelling: labelling.undo())

    def redo(self) -> None:
        self._travel("Redone", lambda labelling: labelling.redo())

    def _travel(self, said: str, step: Callable[[Labelling], Change]) -> None:
        assert self.labelling is not None
        if self.half_done(said == "Undone"):
            return
        summary = self.labelling.undoable() if said == "Undone" else self.labelling.redoable()
        change = step(self.labelling)
        here = self.article is not None and change.article_id == self.article.id
        self.show_change(change, follow=self.isVisible())
        if here:
            self._focus_first(change)
        self.line.say(f"{said}: {summary or change.summary}")

    def copy(self) -> None:
        """Puts the selected words on the clipboard, exactly as they stand in the article."""
        span = self.view.selection
        if span is None and (shown := self.marks.get(self.view.focused)):
            span = shown.mark.span
        if span is None:
            raise GestureRefused("Nothing is selected to copy.")
        QGuiApplication.clipboard().setText(span.of(self.text()))
        self.line.say("Copied.")

    def find_words(self) -> None:
        self.find_bar.start(self.text(), self.view.caret)

    def find_next(self) -> None:
        self._find_on(1)

    def find_previous(self) -> None:
        self._find_on(-1)

    def _find_on(self, by: int) -> None:
        """Goes to a neighbouring match; without words to find yet, asks for them."""
        text = self.text()
        if not self.find_bar.wanted:
            self.find_words()
        elif not self.find_bar.go_on(text, self.view.selection, self.view.caret, by):
            raise GestureRefused(f"No match for “{self.find_bar.wanted}” here.")

    def filter_queue(self) -> None:
        self.queue_panel.show()  # it is hidden while only the article is shown
        self.queue_panel.field.setFocus()
        self.queue_panel.field.selectAll()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.view.hasFocus():
            self.untaken.emit(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.view.setFocus()

    def next_pane(self) -> None:
        self._step_pane(1)

    def previous_pane(self) -> None:
        self._step_pane(-1)

    def _step_pane(self, by: int) -> None:
        queue, bar = self.queue_panel, [self.find_bar] if "find_bar" in vars(self) else []
        every = (self.notice, queue.field, queue.list, *bar, self.view, self.inspector, *self._lower)
        panes: list[QWidget] = [pane for pane in every if pane.isVisible()]
        focus: QWidget | None = self.window().focusWidget()
        here = next(
            (n for n, pane in enumerate(panes) if focus and (pane is focus or pane.isAncestorOf(focus))), -by
        )
        following = panes[(here + by) % len(panes)]
        if following is self.notice:
            self.notice.enter()
        else:
            following.setFocus()


def successor(before: Shown, change: Change) -> str | None:
    """The mark that stands where `before` stood: same kind, nearest span; None if there is none."""
    near = [
        shown
        for shown in change.now
        if type(shown.mark) is type(before.mark) and shown.mark.span.overlaps(before.mark.span)
    ]
    old = before.mark.span
    best = min(
        near,
        key=lambda shown: abs(shown.mark.span.start - old.start) + abs(shown.mark.span.end - old.end),
        default=None,
    )
    return best.id if best else None
