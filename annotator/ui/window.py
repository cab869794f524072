"""The window: menus, pages and bars put together; it shows a project and says what went wrong."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from annotator.domain.articles import Article
from annotator.domain.errors import AnnotatorError
from annotator.domain.labels import Label
from annotator.domain.text import Span
from annotator.storage.project import Project
from annotator.ui import settings as remembered
from annotator.ui import style
from annotator.ui.actions import Action, Menu, Page
from annotator.ui.annotators import Annotators
from annotator.ui.background import Background
from annotator.ui.bindings import Bindings
from annotator.ui.chrome import rule
from annotator.ui.faults import Faults
from annotator.ui.files import Files
from annotator.ui.finishing import Finishing
from annotator.ui.gestures import Gestures
from annotator.ui.guard import guarded
from annotator.ui.keying import Keying
from annotator.ui.keymap import Keys
from annotator.ui.label_page import LabelPage
from annotator.ui.notice_bar import NoticeBar
from annotator.ui.prefetch import Prefetch
from annotator.ui.queueing import Queueing
from annotator.ui.reading import Reading
from annotator.ui.settings import Settings
from annotator.ui.theme import Theme
from annotator.ui.time_spent import TimeSpent
from annotator.ui.top_bar import TopBar

if TYPE_CHECKING:
    from annotator.ui.bulk import Bulk
    from annotator.ui.dashboard import Dashboard
    from annotator.ui.displaced import Displaced
    from annotator.ui.error_list import ErrorList
    from annotator.ui.exchange import Exchange
    from annotator.ui.finder import Finder
    from annotator.ui.labelsets import LabelSetsOf
    from annotator.ui.looking_back import LookingBack
    from annotator.ui.naming import Naming
    from annotator.ui.review import Review
    from annotator.ui.safety import Safety
    from annotator.ui.side_pages import SidePages
    from annotator.ui.stance_parts import StanceParts
    from annotator.ui.start_page import StartPage
    from annotator.ui.team import Team

TITLE = "Annotator"
_BACKUP_MS = 30 * 60 * 1000
_LOOK_MS = 5_000
_SMALLEST = (820, 520)
_USUAL = (1440, 900)

# What can be done while an edge is taken; anything else of the other menus keeps it where it was moved to.
_WITH_AN_EDGE = (
    *("mark.start", "mark.end", "mark.accept", "mark.reject", "mark.delete"),
    *("mark.snap", "escape", "app.palette"),
)


class Window(QMainWindow):
    """One window, one project at a time. `settings` are saved when a choice is made and when it closes.

    `dressed`: theme or look of the text are others now. `let_go`: the project is being closed. What is
    `before_letting_go` keeps what is half done; the AnnotatorError that it raises keeps the project open.
    """

    dressed = Signal()
    let_go = Signal()

    def __init__(self, settings: Settings, faults: Faults) -> None:
        super().__init__()
        self.settings = settings
        self.faults = faults
        self.project: Project | None = None
        self.theme = Theme.of(style.theme_name(settings.theme), None)
        self._dress_app()  # before there are widgets: each is polished once
        self.notice = NoticeBar(self)
        self.keys = Keys(settings, self)
        self.page = LabelPage(self.notice, faults, self.keys, self)
        self.before_letting_go: list[Callable[[], object]] = [self.page.keep]
        self.top = TopBar(self.keys, self)
        self.stack = QStackedWidget(self)
        self._start: StartPage | None = None
        self._finder: Finder | None = None
        self._lay_out()
        self.gestures = Gestures(self.page, self.finder, faults, self.keys)
        self.files = Files(self)
        self.background = Background(self)
        self.prefetch = Prefetch(self.page, self.background, faults, self)
        self.bindings = Bindings(self, self.page.view, self.keys, self.perform)
        self.menus = self.bindings.menu_bar(self)
        self.keying = Keying(self)
        self.finishing = Finishing(self)
        self.annotators = Annotators(self)
        self._backups = QTimer(self, interval=_BACKUP_MS)
        self._looks = QTimer(self, interval=_LOOK_MS)
        self._connect()
        self.reading = Reading(self)
        self.reading.restore()
        self._show_choices()
        self.queueing = Queueing(self)
        self.effort = TimeSpent(self)
        self._restore_layout()

    def _lay_out(self) -> None:
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.top, rule(), self.notice):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)
        self.stack.addWidget(self.page)
        self.setCentralWidget(whole)
        self.setMinimumSize(*_SMALLEST)
        self.setAcceptDrops(True)

    def _connect(self) -> None:
        self.faults.told.connect(self.show_error)
        self.faults.bug.connect(self._show_bug)
        self.top.finding.connect(self.find_action)
        self.top.turning.connect(lambda id_: self.bindings[id_].trigger())
        self.page.opened.connect(self._remember_article)
        self.page.inspector.labelled.connect(self._label)
        self.page.untaken.connect(self.bindings.press_by_place)
        self.page.view.edgeMoved.connect(self._move_edge)
        self.page.view.menuRequested.connect(self._pop_article_menu)
        self.menus[Menu.FILE].aboutToShow.connect(self.files.fill_recent)
        self.menus[Menu.EDIT].aboutToShow.connect(self._show_undoable)
        self._backups.timeout.connect(lambda: self.safety.back_up())
        self._looks.timeout.connect(self._look_for_file)
        self.background.failed.connect(self.show_error)
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _: self.dress())

    # ---------------------------------------------------------------- actions

    def perform(self, row: Action) -> None:
        """Does what a row of the table of actions says; errors meant for people end in `faults`."""
        if row.writes and self._is_refused():
            return
        if row.menu not in (Menu.VIEW, Menu.HELP) and row.id not in _WITH_AN_EDGE:
            self.page.view.keep_edge()
        assert row.call is not None
        part, _, method = row.call.partition(".")
        owner = self if part == "window" else getattr(self, part)
        self.faults.attempt(getattr(owner, method), *row.args)

    def _is_refused(self) -> bool:
        """Whether nothing can be changed now, and says why."""
        if self.project is not None and self.project.read_only:
            self.page.line.say(f"Read only: {self.project.read_only}", warn=True)
            return True
        if self.page.looking_back:
            self.page.line.say("An earlier state: Enter in the history restores it, Esc ends it.", warn=True)
        return self.page.looking_back

    def finder(self) -> "Finder":
        """The finder, made when it is first wanted."""
        from annotator.ui.finder import Finder

        if self._finder is None:
            self._finder = Finder(self)
        return self._finder

    @cached_property
    def side_pages(self) -> "SidePages":
        from annotator.ui.side_pages import SidePages

        return SidePages(self)

    @cached_property
    def bulk(self) -> "Bulk":
        from annotator.ui.bulk import Bulk

        return Bulk(self)

    @cached_property
    def errors(self) -> "ErrorList":
        from annotator.ui.error_list import ErrorList

        return ErrorList(self)

    @cached_property
    def labels(self) -> "LabelSetsOf":
        from annotator.ui.labelsets import LabelSetsOf

        return LabelSetsOf(self)

    @cached_property
    def history(self) -> "LookingBack":
        from annotator.ui.looking_back import LookingBack

        return LookingBack(self)

    @cached_property
    def names(self) -> "Naming":
        from annotator.ui.naming import Naming

        return Naming(self)

    @cached_property
    def safety(self) -> "Safety":
        from annotator.ui.safety import Safety

        return Safety(self)

    @cached_property
    def displaced(self) -> "Displaced":
        from annotator.ui.displaced import Displaced

        return Displaced(self)

    @cached_property
    def parts(self) -> "StanceParts":
        from annotator.ui.stance_parts import StanceParts

        return StanceParts(self)

    @cached_property
    def exchange(self) -> "Exchange":
        from annotator.ui.exchange import Exchange

        return Exchange(self)

    @cached_property
    def dashboard(self) -> "Dashboard":
        from annotator.ui.dashboard import Dashboard

        return Dashboard(self)

    @cached_property
    def team(self) -> "Team":
        from annotator.ui.team import Team

        return Team(self)

    def find_action(self) -> None:
        """Opens the finder over everything that can be done, here or on another page."""
        self._show_undoable()
        from annotator.ui.palette import choices

        self.finder().offer(choices(self), "Find an action")

    # ---------------------------------------------------------------- pages and projects

    @property
    def start_page(self) -> "StartPage":
        """The start page, made when it is first wanted."""
        if self._start is None:
            from annotator.ui.start_page import StartPage

            self._start = StartPage(self.keys, self)
            self._start.asked.connect(lambda id_: self.bindings[id_].trigger())
            self._start.chosen.connect(lambda path: self.faults.attempt(self.files.open_recent, path))
            self._start.named.connect(self.annotators.remember)
            self.stack.addWidget(self._start)
        return self._start

    @cached_property
    def review(self) -> "Review":
        from annotator.ui.review import Review

        return Review(self)

    def show_start_keys(self) -> None:
        if self._start is not None:
            self._start.show_keys()

    def show_start_name(self) -> None:
        if self._start is not None:
            self._start.name.setText(self.settings.labels_as())

    def show_start(self) -> None:
        self.start_page.show_recent(self.settings.recent, self.settings.labels_as())
        self.top.show_project("", "")
        self.setWindowTitle(TITLE)
        self.show_page(self.start_page, Page.ANY)
        self.start_page.cards[0].setFocus()

    def show_project(self, project: Project, annotator: str, *, first: int | None = None) -> None:
        """Shows an open project to one annotator; the one before is closed."""
        if self.project is not None and self.project is not project:
            self._let_go()
        self.project, self.faults.path = project, project.path
        self._retint()
        self.bindings.show_labels(project.labelset)
        self.page.show_project(project, annotator, self.theme, first=first)
        self.top.show_project(project.path.stem, annotator)
        self.setWindowTitle(f"{project.path.stem} · {TITLE}")
        self.show_page(self.page, Page.LABEL)
        self.finishing.tell_changes()
        self.page.view.setFocus()
        if self.settings.suggestions and not project.read_only:
            self.prefetch.start(project)
        if not project.read_only:
            self._backups.start()
            self._looks.start()

    def close_project(self) -> None:
        self._let_go()
        self.show_start()

    def _let_go(self) -> None:
        """Closes the project's file; everything in it is saved already."""
        self.keep_typed(self.close_project)
        self._backups.stop()
        self._looks.stop()
        self.prefetch.stop()
        self.let_go.emit()
        self.effort.stop()
        self.notice.hide()
        project, self.project, self.faults.path = self.project, None, None
        self.page.close_project()
        if project is not None:
            project.close()

    def keep_typed(self, then: Callable[[], object]) -> None:
        """Keeps what is half done before the project is closed, by `then`; what it raises keeps it open."""
        for keep in self.before_letting_go:
            keep()
        if self.project is not None and not self.project.adrift and (fault := self.project.displaced()):
            self.displaced.hold(fault, then)

    def _look_for_file(self) -> None:
        if self.project is not None and self.project.displaced() is not None:
            self.displaced.notice()
        elif self.project is not None and not self.project.db.in_transaction:
            self.project.renew_side_file()

    def show_page(self, widget: QWidget, page: Page) -> None:
        if self._finder is not None:
            self._finder.hide()  # what it offers belongs to the page before
        if widget is not self.stack.currentWidget():
            self.notice.leave()  # so does a question, and the focus would go back to what is hidden
        self.stack.setCurrentWidget(widget)
        self.top.show_page(page)
        self.bindings.set_page(page)

    def _remember_article(self, article: Article) -> None:
        if self.project is not None:
            self.settings.last_article[str(self.project.path)] = article.id

    def back_to_work(self) -> None:
        if self.project is None:
            self.show_start()
        else:
            self.show_page(self.page, Page.LABEL)
            self.page.view.setFocus()

    def about(self) -> None:
        from annotator import __version__

        self.notice.tell(
            f"Annotator {__version__}. Nothing leaves this computer. Licensed under the Apache License 2.0.",
            role=style.ACCENT,
        )

    # ---------------------------------------------------------------- the article's menu, clicks, edges

    def _label(self, label: Label) -> None:
        if self._is_refused():
            return
        self.faults.attempt(self.gestures.apply_label, label)
        self.page.view.setFocus()

    def _move_edge(self, mark_id: str, span: Span) -> None:
        if not self._is_refused():
            self.faults.attempt(self.gestures.edge_moved, mark_id, span)

    def _pop_article_menu(self, at: QPoint, mark_id: str | None) -> None:
        from annotator.ui.article_menu import article_menu

        article_menu(self, self.page.marks.get(mark_id)).popup(at)

    # ---------------------------------------------------------------- looks

    def dress(self) -> None:
        """Puts the theme of the settings on everything."""
        self._retint()
        self._dress_app()
        self.page.set_theme(self.theme)
        self.dressed.emit()
        self._show_choices()

    def _dress_app(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        style.dress(app, self.theme)

    def _show_choices(self) -> None:
        for name in remembered.THEMES:
            self.bindings[f"theme.{name}"].setChecked(name == self.settings.theme)
        self.bindings["mark.snap"].setChecked(self.settings.snap)
        self.bindings["suggestions.on"].setChecked(self.settings.suggestions)
        self.bindings[f"queue.{self.settings.queue_sort}"].setChecked(True)
        self.bindings["effort.show"].setChecked(self.settings.show_effort)

    def _retint(self) -> None:
        labelset = self.project.labelset if self.project else None
        self.theme = Theme.of(style.theme_name(self.settings.theme), labelset)

    def choose_theme(self, name: str) -> None:
        self.settings.theme = name
        remembered.save(self.settings)
        self.dress()

    def toggle_suggestions(self) -> None:
        self.settings.suggestions = not self.settings.suggestions
        remembered.save(self.settings)
        self.bindings["suggestions.on"].setChecked(self.settings.suggestions)
        if self.settings.suggestions and self.project is not None and not self.project.read_only:
            self.prefetch.start(self.project)
        else:
            self.prefetch.stop()

    def _restore_layout(self) -> None:
        self.resize(*_USUAL)
        if self.settings.geometry:
            self.restoreGeometry(QByteArray.fromBase64(self.settings.geometry.encode()))
        self.page.panes.setSizes(self.settings.panes)

    def remember_layout(self) -> None:
        self.settings.geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        sizes = self.page.panes.sizes()
        if all(sizes):
            self.settings.panes = sizes
        remembered.save(self.settings)

    # ---------------------------------------------------------------- what is told

    def show_error(self, error: AnnotatorError) -> None:
        from annotator.ui.telling import tell

        tell(self, error)

    def show_lines(self, title: str, lines: Sequence[str]) -> None:
        """Shows lines to read and copy, such as every fault of an import, until they are closed."""
        from annotator.ui.lines_dialog import LinesDialog

        LinesDialog(title, lines, self).open()

    def _show_bug(self) -> None:
        from annotator import places

        log = places.state_dir() / "annotator.log"
        self.notice.tell(
            f"Something went wrong inside Annotator. What you did before is saved. Details are in {log}."
        )

    def _show_undoable(self) -> None:
        labelling = self.page.labelling
        for id_, word, summary in (
            ("edit.undo", "Undo", labelling.undoable() if labelling else None),
            ("edit.redo", "Redo", labelling.redoable() if labelling else None),
        ):
            self.bindings[id_].setText(f"{word}: {summary}".replace("&", "&&") if summary else word)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._finder is not None:
            self._finder.place()

    @guarded
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    @guarded
    def dropEvent(self, event: QDropEvent) -> None:
        if files := [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]:
            event.acceptProposedAction()
            self.faults.attempt(self.exchange.drop, files)

    @guarded
    def closeEvent(self, event: QCloseEvent) -> None:
        self.remember_layout()
        if not self.faults.attempt(self.keep_typed, self.close):
            event.ignore()
            return
        self.background.close()
        self._let_go()
        super().closeEvent(event)
