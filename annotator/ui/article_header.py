"""The head of the centre: the article's title, where it is from, and how far it is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.domain.directions import isolated
from annotator.domain.zones import Zone
from annotator.services.wording import counted
from annotator.storage.queries import QueueRow
from annotator.ui import style
from annotator.ui.article.display import reads_right_to_left
from annotator.ui.chrome import Elided
from annotator.ui.guard import guarded
from annotator.ui.wording import about

_SIDE = 28  # pixels
_ANY = 16_777_215  # Qt's QWIDGETSIZE_MAX


class ArticleHeader(QWidget):
    """Two lines: title, then facts; nothing where no article is open."""

    def __init__(self, families: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Elided(factor=1.5, bold=True, families=families, parent=self)
        self.facts = Elided(factor=0.9, role=style.DIM, parent=self)
        self._text_right = 0
        box = self._box = QVBoxLayout(self)
        box.setContentsMargins(_SIDE, 16, _SIDE, 8)
        box.setSpacing(4)
        box.addWidget(self.title)
        box.addWidget(self.facts)

    def show_article(self, row: QueueRow, zones: list[Zone], also: str = "", *, hidden: str = "") -> None:
        """Says what is known of the article; `hidden` comes first, `also` last but for its note."""
        self.title.set_text(" ".join(row.title.split()))
        right = reads_right_to_left(row.title)
        self.title.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight
        )
        self._align()
        self.facts.set_side(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
        facts = [f"◌ {hidden}"] if hidden else []
        facts += ["⚑ flagged"] if row.flagged else []
        facts.append(about(row))
        if row.progress.suggested:
            suggested = counted(row.progress.suggested, "suggestion")
            facts.append(f"{row.progress.decided:,} of {suggested} decided")
        if zones:
            facts.append(f"{counted(len(zones), 'zone')} dimmed")
        facts += [also] if also else []
        facts += [f"✎ {isolated(' '.join(row.note.split()))}"] if row.note else []
        self.facts.set_text(" · ".join(facts))
        self.setMaximumHeight(_ANY)

    def set_text_right(self, x: float) -> None:
        """Lets right-to-left titles begin where their text does."""
        self._text_right = round(x)
        self._align()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._align()

    def _align(self) -> None:
        right = self.title.layoutDirection() is Qt.LayoutDirection.RightToLeft
        margin = max(_SIDE, self.width() - self._text_right) if right else _SIDE
        if self._box.contentsMargins().right() != margin:
            self._box.setContentsMargins(_SIDE, 16, margin, 8)

    def clear(self) -> None:
        self.title.set_text("")
        self.facts.set_text("")
        self.setMaximumHeight(0)  # whether it is hidden is the reader's choice
