"""The Dashboard page: the overview in sections, and the marks behind the number that was chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.directions import isolated
from annotator.services.overview import ENOUGH, LOOKED_AT, Overview
from annotator.services.wording import counted
from annotator.ui import dashboard_tables as made
from annotator.ui import style
from annotator.ui import suggestion_tables as worth_of
from annotator.ui.article.typography import READING
from annotator.ui.chart import ChartView
from annotator.ui.chrome import Elided, KeyHints, Words, caption, rule, viewport
from annotator.ui.figure_table import INSET, FigureTable, Table
from annotator.ui.guard import guarded, guarded_as
from annotator.ui.places_pane import PlacesPane
from annotator.ui.wording import listed

_NARROW = 980  # pixels of the sections at the usual size of text; below, they stand in one column
_GAP = 36
_EMPTY_WIDTH = 620
_NAMED = 5  # annotators at most, else they are counted


class Section(QWidget):
    """A captioned table or chart with a note below it."""

    def __init__(self, title: str, body: FigureTable | ChartView, parent: QWidget) -> None:
        super().__init__(parent)
        self.body = body
        self.note = Words("", factor=0.86, role=style.DIM, wrap=True, parent=self)
        self.note.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(caption(title))
        box.addWidget(body)
        box.addWidget(self.note)

    def say(self, note: str) -> None:
        self.note.setText(note)
        self.note.setVisible(bool(note))


class DashboardPage(QWidget):
    """`chosen` carries what is behind a number, `opened` a place; `left` says Esc, `untaken` another key."""

    chosen = Signal(object)
    opened = Signal(object)
    left = Signal()
    untaken = Signal(QKeyEvent)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(style.BACKGROUND)
        self.facts = Elided(factor=1.0, role=style.DIM, parent=self)
        self.head = self._table()
        self.head.setFont(style.sized(self.font(), 1.35, bold=True))
        self.sections: dict[str, Section] = {}
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.why = Words("", factor=1.5, wrap=True, families=READING, parent=self)
        self.advice = Words("", role=style.DIM, wrap=True, parent=self)
        self.pane = PlacesPane(self)
        self.pane.chosen.connect(self.opened)
        self.pane.left.connect(self.back_to_number)
        self.message = Elided(factor=0.9, parent=self)
        self.hints = KeyHints((), self)
        self._from: QWidget | None = None
        self._area = QScrollArea(self)
        self._nothing = QWidget(self)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self.setTabOrder(list(self.sections.values())[-1].body, self.pane.list)

    # ---------------------------------------------------------------- parts

    def _table(self) -> FigureTable:
        table = FigureTable(self)
        table.chosen.connect(self._choose)
        table.moved.connect(self._reveal)
        table.installEventFilter(self)
        return table

    def _section(self, name: str, title: str, *, chart: bool = False, height: int = 230) -> Section:
        body: FigureTable | ChartView = ChartView(self, height=height) if chart else self._table()
        if isinstance(body, ChartView):
            body.chosen.connect(self._choose)
            body.installEventFilter(self)
        section = self.sections[name] = Section(title, body, self)
        return section

    def _lay_out(self) -> None:
        self.sides = (QVBoxLayout(), QVBoxLayout())
        for side, sections in zip(self.sides, self._sides(), strict=True):
            side.setSpacing(_GAP - 8)
            for section in sections:
                side.addWidget(section)
            side.addStretch(1)
            self._columns.addLayout(side, 1)
        self._columns.setSpacing(_GAP)
        self._columns.setContentsMargins(INSET, 0, 0, 0)
        inner = QWidget(self)
        box = QVBoxLayout(inner)
        box.setContentsMargins(28 - INSET, 18, 28, 24)  # which the large numbers have within
        box.setSpacing(10)
        facts = QHBoxLayout()
        facts.setContentsMargins(INSET, 0, 0, 0)
        facts.addWidget(self.facts)
        box.addLayout(facts)
        self._empty = QVBoxLayout()
        self._empty.setContentsMargins(INSET, 12, 0, 12)
        for words in (self.why, self.advice):
            words.setMaximumWidth(_EMPTY_WIDTH)
            self._empty.addWidget(words)
        box.addLayout(self._empty)
        box.addWidget(self.head)
        box.addSpacing(14)
        box.addLayout(self._columns)
        box.addStretch(1)
        self._area.setViewport(viewport(style.BACKGROUND))
        self._area.setWidget(inner)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setAccessibleName("Dashboard")
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._area, 1)
        row.addWidget(rule(vertical=True))
        row.addWidget(self.pane)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 3, 16, 3)
        foot.addWidget(self.message, 1)
        foot.addWidget(self.hints, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(row, 1)
        whole.addWidget(rule())
        whole.addLayout(foot)

    def _sides(self) -> tuple[Sequence[Section], Sequence[Section]]:
        add = self._section
        left = (
            add("over_time", "Agreement over time", chart=True),
            add("entities", "What stands against what: entities"),
            add("stances", "What stands against what: stances"),
            add("labels", "By label"),
            add("suggestions", "Suggestions by label"),
            add("calibration", "Accepted as suggested, by score", chart=True, height=250),
            add("bias", "Does seeing suggestions sway?"),
        )
        right = (
            add("figures", "Agreement"),
            add("annotators", "By annotator"),
            add("audit", "Audit of what all mark alike"),
            add("progress", "Progress"),
            add("effort", "Effort"),
            add("strings", "Most contested words"),
            add("articles", "Most contested articles"),
            add("scores", "Suggestions by score"),
        )
        return left, right

    # ---------------------------------------------------------------- what is shown

    def show_reading(self) -> None:
        """Before the first figures are there."""
        self._fill(None)
        self.why.setText("Comparing what annotators marked …")
        self.advice.setText("Everything else can be used meanwhile. Esc ends it.")

    def show_overview(self, overview: Overview, *, pair: tuple[str, ...], advice: str) -> None:
        """Shows all there is; `pair` whose labels stand against each other, () for all."""
        self._fill(overview, pair)
        self.why.setText(overview.why)
        self.advice.setText(advice if overview.why else "")
        agreed = overview.agreed
        if agreed is not None:
            count = len(agreed.articles)
            few = f"Below {ENOUGH} articles, intervals are too narrow · " if count < ENOUGH else ""
            finished = f"{counted(count, 'article')} that at least two finished"
            names = [isolated(each) for each in agreed.annotators]
            many = len(names) > _NAMED
            who = counted(len(names), "annotator") if many else listed(names)
            self.facts.set_text(f"{few}{finished} · {who}", listed(names) if many else "")

    def _fill(self, overview: Overview | None, pair: tuple[str, ...] = ()) -> None:
        agreed = overview.agreed if overview else None
        for words, shown in (
            (self.why, agreed is None),
            (self.advice, agreed is None),
            (self.facts, bool(agreed)),
        ):
            words.setVisible(shown)
        self.head.setVisible(agreed is not None)
        tables: dict[str, Table] = {}
        if overview is not None:
            tables = {
                "audit": made.audit(overview),
                "progress": made.progress(overview),
                "effort": made.effort(overview),
            }
            tables |= {
                "suggestions": worth_of.suggestions(overview.worth),
                "scores": worth_of.scores(overview.worth),
                "bias": worth_of.bias(overview.worth),
            }
            self._chart("calibration").show_chart(worth_of.calibration(overview.worth))
        if overview is not None and agreed is not None:
            self.head.show_table(made.headline(overview))
            tables |= {
                "figures": made.figures(agreed),
                "entities": made.confusion(agreed, stances=False, pair=pair),
                "stances": made.confusion(agreed, stances=True, pair=pair),
                "labels": made.labels(agreed),
                "annotators": made.annotators(agreed),
                "strings": made.strings(agreed),
                "articles": made.articles(agreed),
            }
            self._chart("over_time").show_chart(made.over_time(agreed))
            self.sections["figures"].say("\n".join(made.undefined(agreed)))
        for name, section in self.sections.items():
            body = section.body
            if isinstance(body, FigureTable):
                body.show_table(tables.get(name, Table("", (), ())))
                if body.table.note:
                    section.say(body.table.note)
                section.setVisible(bool(body.table.rows))
        self._show_charts(overview)
        self._say_notes(overview)
        self.pane.setVisible(overview is not None and bool(overview.loads))
        self.hints.setVisible(any(table.rows for table in tables.values()))

    def _chart(self, name: str) -> ChartView:
        body = self.sections[name].body
        assert isinstance(body, ChartView)
        return body

    def _show_charts(self, overview: Overview | None) -> None:
        decided = overview is not None and bool(overview.worth.tenths)
        self.sections["calibration"].setVisible(decided)
        self.sections["over_time"].setVisible(bool(overview and overview.agreed))
        if not decided:
            self.sections["bias"].hide()

    def _say_notes(self, overview: Overview | None) -> None:
        if overview is None:
            return
        agreed = overview.agreed
        if agreed is not None:
            self.sections["over_time"].say(made.over_time_said(agreed))
            looked_at = f"Counted in the {LOOKED_AT} articles that differ most."
            self.sections["strings"].say(looked_at if len(agreed.articles) > LOOKED_AT else "")
        if overview.audit is not None:
            self.sections["audit"].say(made.audit_said(overview.audit))
        self.sections["calibration"].say(
            "On the dashed line the score says how often a suggestion is accepted. The bars are 95 % "
            "intervals (Wilson)."
        )
        undefined = [each.difference.why for each in overview.worth.biases if each.difference.why]
        said = f" Undefined, because {undefined[0]}." if undefined else ""
        self.sections["bias"].say(
            f"P(final mark = suggestion | shown) − P(final mark = suggestion | hidden).{said}"
        )

    def set_hints(self, hints: tuple[tuple[str, str], ...]) -> None:
        self.hints.set_hints(hints)

    def say(self, text: str, *, warn: bool = False) -> None:
        self.message.set_role(style.WARN if warn else style.TEXT)
        self.message.set_text(text)

    # ---------------------------------------------------------------- focus

    def focus_first(self) -> None:
        """The cursor goes to where it was, else to the first number."""
        bodies = [self.head, *(section.body for section in self.sections.values())]
        shown = [
            body for body in bodies if not body.isHidden() and body.focusPolicy() != Qt.FocusPolicy.NoFocus
        ]
        visible = [body for body in shown if body.isVisibleTo(self)]
        target = self._from if self._from in visible else visible[0] if visible else self
        target.setFocus()

    def back_to_number(self) -> None:
        self.focus_first()

    def picture(self) -> FigureTable | ChartView:
        """The table or chart in which the cursor is or was last; else agreement over time."""
        if isinstance(self._from, FigureTable | ChartView) and self._from is not self.head:
            return self._from
        return self._chart("over_time")

    def _choose(self, behind: object) -> None:
        sender = self.sender()
        if isinstance(sender, QWidget):
            self._from = sender
        self.chosen.emit(behind)

    def _reveal(self, box: QRect) -> None:
        table = self.sender()
        inner = self._area.widget()
        if isinstance(table, QWidget) and inner is not None:
            centre = table.mapTo(inner, box.center())
            self._area.ensureVisible(centre.x(), centre.y(), 40, 80)

    @guarded_as(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._from = watched
            if isinstance(watched, ChartView):
                self._area.ensureWidgetVisible(watched)
        return bool(super().eventFilter(watched, event))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            self.untaken.emit(event)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() - self.pane.width() < style.scaled(self, _NARROW)
        ways = QBoxLayout.Direction
        self._columns.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)
