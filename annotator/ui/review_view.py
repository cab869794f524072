"""What the article view of a review shows: the candidates of one difference with their numbers, and gold."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from annotator.domain.changes import Change
from annotator.domain.labels import LabelSet
from annotator.domain.marks import Entity, Mark, Shown, Source
from annotator.ui.article.arrangement import Card
from annotator.ui.article.page import Page
from annotator.ui.article.view import ArticleView
from annotator.ui.theme import Theme

DRAFT = "draft"
_MOST = 9
_NAMED = 5  # candidates whose labels stand in the text beside their numbers


def numbered(labelset: LabelSet) -> LabelSet:
    """The labels, and each once more behind every number: so a candidate's box bears both."""
    more = tuple(
        replace(label, name=f"{n} {label.name}") for n in range(1, _MOST + 1) for label in labelset.labels
    )
    return replace(labelset, labels=(*labelset.labels, *more))


class CandidateArticle(ArticleView):
    """The article of a review. While a mark is `edited`, Enter and Esc are told and do nothing here.

    But Esc lets go of a selection first.
    """

    saved = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edited = False

    def enter(self) -> bool:
        if not self.edited:
            return super().enter()
        self.saved.emit()
        return True

    def escape(self) -> bool:
        if not self.edited or self.selection is not None:
            return super().escape()
        self.left.emit()
        return True

    def _badges(self, page: Page) -> list[Card]:
        """Those that stand side by side: of more on a line neither number nor glyph could be read."""
        badges = sorted(super()._badges(page), key=lambda each: (each.anchor, each.rect.left()))
        crowded = {
            one.anchor
            for one, other in pairwise(badges)
            if one.anchor == other.anchor and one.rect.right() > other.rect.left()
        }
        return [each for each in badges if each.anchor not in crowded]


class CandidateView:
    """Shows one difference after another in an article view, in the same article without opening it again."""

    def __init__(self, view: ArticleView) -> None:
        self.view = view
        self._article: int | None = None
        self._shown: dict[str, Shown] = {}

    def set_labels(self, labelset: LabelSet, theme: Theme) -> None:
        """Takes the colours of a theme over for the labels of a project."""
        all_labels = numbered(labelset)
        self.view.set_labels(all_labels)
        self.view.set_theme(Theme.of(theme.name, all_labels))

    def clear(self) -> None:
        self._article, self._shown = None, {}
        self.view.clear()

    def show(self, article_id: int, text: str, candidates: Sequence[Mark], gold: Sequence[Mark]) -> None:
        """Draws numbered candidates dashed, as nobody has decided for them, and gold solid.

        Where they are many, entities have their numbers alone; the labels are told below the text.
        """
        shown = {mark.id: Shown(mark, Source.ADDED) for mark in gold}
        for n, mark in enumerate(candidates, start=1):
            label = f"{n} {mark.label}" if n <= _MOST else mark.label
            if len(candidates) > _NAMED and isinstance(mark, Entity):
                label = str(n)
            shown[str(n)] = Shown(replace(mark, id=str(n), label=label))
        if article_id != self._article:
            self.view.set_article(text, (), list(shown.values()))
        else:
            self._apply(article_id, shown)
        self._article, self._shown = article_id, shown

    def show_draft(self, mark: Mark) -> None:
        """Draws the mark that is being edited in place of the candidates."""
        assert self._article is not None
        kept = {id_: shown for id_, shown in self._shown.items() if not id_.isdecimal()}
        kept[DRAFT] = Shown(replace(mark, id=DRAFT))
        self._apply(self._article, kept)
        self._shown = kept
        self.view.focus_mark(DRAFT)

    def focus(self, place: int) -> None:
        """Frames the candidate at a place."""
        self.view.focus_mark(str(place + 1))

    def _apply(self, article_id: int, shown: dict[str, Shown]) -> None:
        gone = tuple(id_ for id_ in self._shown if id_ not in shown)
        now = tuple(each for id_, each in shown.items() if self._shown.get(id_) != each)
        if gone or now:
            self.view.apply(Change("", article_id, "", 0, gone=gone, now=now))
