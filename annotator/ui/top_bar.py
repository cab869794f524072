"""The bar at the top: the project, the page, the way to every action, who labels."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from annotator.ui import style
from annotator.ui.actions import Page
from annotator.ui.chrome import Elided, TextButton, fill, short
from annotator.ui.guard import guarded
from annotator.ui.keymap import Keys

_PROJECT, _LEAST_PROJECT = 274, 90  # pixels of the project's name
_MOST = 100  # of the layout's stretch


class Tab(QAbstractButton):
    """The name of a page; that of the one that is shown is strong and underlined."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._on = False
        self.setText(text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFont(style.sized(self.font(), 1.0, bold=True))
        self.setAccessibleName(f"Page: {text}")

    def set_on(self, on: bool) -> None:
        """Says whether its page is the one that is shown."""
        self._on = on
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(QFontMetricsF(self.font()).horizontalAdvance(self.text())) + 6, 44)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setFont(self.font())
            painter.setPen(self.palette().color(style.TEXT if self._on or self.underMouse() else style.DIM))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.text())
            if self._on:
                bar = QRectF(0, self.height() - 3, self.width(), 3)
                fill(painter, bar, self.palette().color(style.ACCENT))
        finally:
            painter.end()


# The pages with a tab: what is on it, and the action that opens it.
_TABS = (
    (Page.LABEL, "Label", "page.label"),
    (Page.REVIEW, "Review", "page.review"),
    (Page.DASHBOARD, "Dashboard", "page.dashboard"),
    (Page.NAMES, "Names", "page.names"),
    (Page.LABELSET, "Labels", "page.labelset"),
)


class TopBar(QWidget):
    """`finding` and `annotating` say that their buttons were pressed, `turning` the action of a tab."""

    finding = Signal()
    annotating = Signal()
    turning = Signal(str)

    def __init__(self, keys: Keys, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setFixedHeight(44)
        self.project = Elided(bold=True, parent=self)
        self._tabs = {page: Tab(text, self) for page, text, _ in _TABS}
        for page, _, action in _TABS:
            self._tabs[page].clicked.connect(lambda _=False, action=action: self.turning.emit(action))
        self._find = TextButton("Find an action", _cap(keys), self)
        self.annotator = TextButton("", "", self)
        self._find.clicked.connect(self.finding)
        self.annotator.clicked.connect(self.annotating)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 10, 0)
        row.setSpacing(10)
        self.project.setMinimumWidth(_LEAST_PROJECT)
        self.project.setMaximumWidth(_PROJECT)
        row.addWidget(self.project, _MOST)  # as wide as the queue; it gives way first
        row.addSpacing(18)
        for tab in self._tabs.values():
            row.addWidget(tab)
            row.addSpacing(8)
        row.addStretch(1)
        row.addWidget(self._find)
        row.addWidget(self.annotator)
        self.show_project("", "")

    def show_keys(self) -> None:
        self._find.set_key(_cap(self._keys))

    def show_page(self, page: Page) -> None:
        """Underlines the tab of the page that is shown, if it has one."""
        for each, tab in self._tabs.items():
            tab.set_on(each is page)

    def show_count(self, page: Page, count: int) -> None:
        """Says behind the name of a page how much is left there."""
        name = next(text for each, text, _ in _TABS if each is page)
        self._tabs[page].setText(f"{name} {short(count)}" if count else name)
        self._tabs[page].updateGeometry()

    def show_project(self, name: str, annotator: str) -> None:
        """Names the project and who labels; both are empty on the start page."""
        self.project.set_text(name or "Annotator")
        for tab in self._tabs.values():
            tab.setVisible(bool(name))
        self.annotator.setVisible(bool(annotator))
        self.annotator.setText(f"Annotator: {annotator}")
        self.annotator.setAccessibleName(f"Annotator: {annotator}")
        self.annotator.updateGeometry()


def _cap(keys: Keys) -> str:
    return keys.first("app.palette").replace("Ctrl+", "Ctrl ")
