"""The window's dashboard: reads the overview beside the window, opens what is behind a number, exports."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.domain.directions import isolated
from annotator.domain.errors import GestureRefused
from annotator.services.behind import Behind, GroupsBehind, Place, Places, places
from annotator.services.overview import Overview, Overviews
from annotator.ui.actions import Page
from annotator.ui.dashboard_page import DashboardPage

if TYPE_CHECKING:
    from annotator.ui.window import Window


class _Wanted:
    """Whether somebody still waits for a piece of work."""

    def __init__(self) -> None:
        self.on = True

    def __call__(self) -> bool:
        return self.on


class Dashboard(QObject):
    """Part of the window, made when it is first wanted. A method is what one key does."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self.page = DashboardPage(window)
        self.overview: Overview | None = None
        self._overviews: Overviews | None = None
        self._of: object = None  # the project that is read
        self._asked: tuple[str, ...] | None = None  # whom to compare, None: all
        self._pair: tuple[str, ...] = ()
        self._reading: _Wanted | None = None
        self._looking: _Wanted | None = None
        self._behind: Behind | None = None
        attempt = window.faults.attempt
        self.page.chosen.connect(lambda behind: attempt(self._look, behind))
        self.page.opened.connect(lambda place: attempt(self._open, place))
        self.page.left.connect(self.escape)
        self.page.untaken.connect(window.bindings.press_by_place)
        window.bindings.hear(Page.DASHBOARD, self.page)
        window.stack.addWidget(self.page)
        window.let_go.connect(self.close)
        window.dressed.connect(self.page.update)

    def show(self) -> None:
        """Opens the page, or goes back from it."""
        window = self._window
        if self._shown():
            window.back_to_work()
            return
        window.show_page(self.page, Page.DASHBOARD)
        self.read()
        self.page.focus_first()

    def _shown(self) -> bool:
        return self._window.stack.currentWidget() is self.page

    def close(self) -> None:
        """Lets go of the project."""
        for each in (self._reading, self._looking):
            if each is not None:
                each.on = False
        self._reading = self._looking = None
        self._of = self._overviews = self.overview = self._asked = self._behind = None
        self._pair = ()
        self.page.pane.clear()

    # ---------------------------------------------------------------- reading

    def read(self) -> None:
        """Reads the overview beside the window; what is known is shown meanwhile."""
        self._prepare()
        if self.overview is None:
            self.page.show_reading()
        if self._reading is None:
            assert self._overviews is not None
            self._reading = wanted = _Wanted()
            self.page.say("Reading …")
            self._window.background.run(
                partial(self._overviews.read, wanted), partial(self._take, self._overviews, wanted)
            )

    def show_now(self) -> None:
        """Opens the page filled, to be drawn to a picture."""
        self._window.show_page(self.page, Page.DASHBOARD)
        self._prepare()
        assert self._overviews is not None
        overview = self._overviews.read()
        if overview is not None:
            self._show(overview)

    def _prepare(self) -> None:
        project = self._window.project
        if project is None:
            raise GestureRefused("No project is open.")
        if self._overviews is None or self._of is not project:
            self._of = project
            self._overviews = Overviews(project, self._asked)
        told = self._window.keys.first
        self.page.set_hints(
            tuple(
                (key, word)
                for key, word in (
                    ("↑↓←→", "numbers"),
                    ("Tab", "next table"),
                    ("Enter", "marks behind it"),
                    (told("dashboard.who"), "whom"),
                    (told("dashboard.report").replace("Ctrl+", "Ctrl "), "report"),
                )
                if key
            )
        )

    def _take(self, overviews: Overviews, wanted: _Wanted, overview: Overview | None) -> None:
        if overviews is not self._overviews or wanted is not self._reading:
            return
        self._reading = None
        if overview is None:
            self.page.say("Ended. F5 reads again.")
            return
        had = self.overview is not None
        self.page.say("")
        self._show(overview)
        if self._shown() and not had:
            self.page.focus_first()

    def _show(self, overview: Overview) -> None:
        self.overview = overview
        self.page.show_overview(overview, pair=self._pair, advice=self._advice(overview))

    def _advice(self, overview: Overview) -> str:
        """What to do until there is agreement to tell."""
        told = self._window.keys.told
        if not overview.articles:
            return f"{told('project.import')} brings articles in."
        return (
            f"Give the same articles to two people ({told('team.hand_out')}) and bring their project files "
            f"together ({told('team.collect')}), or label by turns in this file. An article counts once two "
            f"have finished it ({told('article.finish')})."
        )

    def escape(self) -> None:
        """Ends what is being read, else goes back to the articles."""
        if self._reading is not None:
            self._reading.on = False
            self._reading = None
            self.page.say("Ended. F5 reads again.")
        else:
            self._window.back_to_work()

    # ---------------------------------------------------------------- behind a number

    def _look(self, behind: Behind) -> None:
        project = self._window.project
        if project is None:
            return
        if self._looking is not None:
            self._looking.on = False
        self._looking = wanted = _Wanted()
        self._behind = behind
        self.page.pane.show_reading(behind.title)
        agreed = self.overview.agreed if self.overview else None
        blind = not self._window.settings.review_names
        work = partial(places, project.path, behind, agreed, wanted, blind=blind)
        self._window.background.run(work, partial(self._list, wanted))

    def _list(self, wanted: _Wanted, found: Places | None) -> None:
        if wanted is self._looking and found is not None:
            self._looking = None
            self.page.pane.show_places(found)

    def _open(self, place: Place) -> None:
        """A difference opens in the review, anything else in its article."""
        window = self._window
        if place.differs and place.key is not None:
            behind = self._behind if isinstance(self._behind, GroupsBehind) else GroupsBehind("")
            window.review.show_differences(behind.typed, behind.types, place.key)
            return
        window.back_to_work()
        window.page.open_article(place.article_id)
        if place.span is not None:
            window.page.view.set_selection(place.span)

    # ---------------------------------------------------------------- whom, what

    def choose_who(self) -> None:
        """Offers whom to compare: all who have finished something, or two of them."""
        from itertools import combinations

        from annotator.ui.finder import Choice

        if self.overview is None or len(self.overview.finishers) < 2:
            raise GestureRefused("There are no two annotators to choose from.")
        names = self.overview.finishers
        offered: list[tuple[str, tuple[str, ...] | None]] = [("All annotators", None)]
        offered += [
            (f"{isolated(one)} and {isolated(other)}", (one, other)) for one, other in combinations(names, 2)
        ]
        if len(names) > 2:
            offered += [
                (f"All but {isolated(name)}", tuple(each for each in names if each != name)) for name in names
            ]
        choices = [
            Choice(text, partial(self._compare, asked), "✓" if asked == self._asked else "")
            for text, asked in offered
        ]
        self._window.finder().offer(choices, "Compare")

    def _compare(self, asked: tuple[str, ...] | None) -> None:
        if self._reading is not None:
            self._reading.on = False
            self._reading = None
        self._asked, self._overviews, self.overview = asked, None, None
        self._pair = asked if asked is not None and len(asked) == 2 else ()
        self.page.pane.clear()
        self._window.faults.attempt(self.read)

    def switch_pane(self) -> None:
        """From the numbers to the marks behind one, and back."""
        places_ = self.page.pane.list
        if places_.hasFocus() or not places_.count():
            self.page.focus_first()
        else:
            places_.setFocus()

    # ---------------------------------------------------------------- export

    def export_report(self) -> None:
        """Asks for a file and writes the report to it: Markdown, HTML with the charts, or JSON."""
        from annotator.ui.dashboard_export import write_figures, write_report

        overview = self._known()
        kinds = "Web page (*.html);;Markdown (*.md)" + (";;JSON (*.json)" if overview.agreed else "")
        path = self._window.files.ask_save("Export the report", f"{overview.name}-report.html", kinds)
        if path is not None:
            if path.suffix.lower() == ".json":
                if overview.agreed is None or self._overviews is None or self._reading is not None:
                    raise GestureRefused("There are no figures yet.")
                write_figures(path, self._overviews.report())
            else:
                write_report(path, overview, pair=self._pair)
            self.page.say(f"Wrote {path}.")

    def export_picture(self) -> None:
        """Asks for a file and draws the chart or table of the cursor to it, in the light theme."""
        from annotator.ui.dashboard_export import write_picture

        self._known()
        shown = self.page.picture()
        name = "-".join(shown.accessibleName().lower().replace(",", "").split())
        path = self._window.files.ask_save("Export a picture", f"{name}.svg", "SVG (*.svg);;PNG (*.png)")
        if path is not None:
            write_picture(path, shown)
            self.page.say(f"Wrote {path}.")

    def _known(self) -> Overview:
        if self.overview is None:
            raise GestureRefused("There are no figures yet.")
        return self.overview
