"""What one decision would do to all places alike: each in its sentence, to leave out or to take in."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from annotator.domain.marks import Mark, Stance
from annotator.domain.text import Span
from annotator.services.review_items import Item
from annotator.services.wording import counted, quoted
from annotator.ui import style
from annotator.ui.alike_list import AlikeList, AlikeModel
from annotator.ui.article.typography import READING
from annotator.ui.chrome import KeyHints, Words
from annotator.ui.theme import Theme, Tint

_SIZE = (860, 560)
_HINTS = (("Enter", "decide"), ("Space", "leave out, take in"), ("Esc", "back"))


class AlikeDialog(QDialog):
    """`agreed` carries the items at which the decision is made, besides the one that is shown.

    `mark` is what becomes gold at `item`, None for none of the candidates. Esc decides nothing.
    """

    agreed = Signal(list)

    def __init__(
        self,
        item: Item,
        mark: Mark | None,
        alike: Sequence[Item],
        *,
        text_of: Callable[[int], str],
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Decide for all alike")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        start, span = item.group.span.start, (mark or item.group).span
        self._count = len(alike)
        self.model = AlikeModel(alike, Span(span.start - start, span.end - start), text_of, self)
        words = quoted(text_of(item.group.article_id), span)
        self.title = Words(
            f"{mark.label} {words}" if mark else f"None of these at {words}",
            factor=1.4,
            bold=True,
            families=READING,
            wrap=True,
            parent=self,
        )
        self.facts = Words("", role=style.DIM, wrap=True, parent=self)
        self.list = AlikeList(_tint_of(mark, theme), self)
        self.list.setModel(self.model)
        self.list.turned.connect(self._turn)
        self.list.chosen.connect(self._agree)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, parent=self)
        self.go = self._buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self._buttons.accepted.connect(self._agree)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self._say()
        self.list.setCurrentIndex(self.model.index(0))
        self.list.setFocus()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(KeyHints(_HINTS, self), 1)
        foot.addSpacing(16)
        foot.addWidget(self._buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 16, 18, 14)
        whole.setSpacing(6)
        whole.addWidget(self.title)
        whole.addWidget(self.facts)
        whole.addSpacing(6)
        whole.addWidget(self.list, 1)
        whole.addSpacing(4)
        whole.addLayout(foot)

    def _turn(self, row: int) -> None:
        self.model.turn(row)
        self._say()

    def _say(self) -> None:
        taken = len(self.model.taken())
        if taken == self._count:
            where = f"Decided here and at {'the one place' if taken == 1 else f'all {taken:,} places'} alike"
        elif taken:
            where = f"Decided here and at {taken:,} of {counted(self._count, 'place')} alike"
        else:
            where = "Decided here alone"
        self.facts.setText(f"{where}, as one step for undo.")
        self.go.setText(f"Decide {counted(taken + 1, 'place')}")

    def _agree(self) -> None:
        self.agreed.emit(self.model.taken())
        self.accept()


def _tint_of(mark: Mark | None, theme: Theme) -> Tint | None:
    if mark is None:
        return None
    return theme.polarity(mark.label) if isinstance(mark, Stance) else theme.entity(mark.label)
