"""The article with frames around words: those that a question asks about, and candidates by number."""

from collections.abc import Iterable, Sequence

from annotator.domain.text import Span
from annotator.ui.article.pane import ArticlePane


class FramedArticle(ArticlePane):
    """Frames spans (code points) until it is told that nothing is asked any more."""

    @property
    def proposed(self) -> tuple[Span, ...]:
        """What is framed, by place."""
        return self._highlights.proposed

    def propose(self, spans: Iterable[Span]) -> None:
        """Frames what a question that is open asks about; nothing for none."""
        proposed = tuple(sorted(spans, key=lambda span: span.start))
        if proposed != self._highlights.proposed:
            longest = max((len(span) for span in proposed), default=0)
            self._highlights = self._highlights._replace(proposed=proposed, longest=longest)
            self.viewport().update()

    @property
    def offered(self) -> tuple[Span, ...]:
        """The candidates that are numbered, likeliest first."""
        return self._highlights.offered

    def offer(self, candidates: Sequence[Span], chosen: Span) -> None:
        """Numbers the candidates for a part of the focused stance, until something else is done.

        One alone needs no number.
        """
        offered = tuple(candidates) if len(candidates) > 1 else ()
        self._highlights = self._highlights._replace(offered=offered, chosen=chosen)
        self.viewport().update()

    def _end_offer(self) -> None:
        if self._highlights.offered:
            self._highlights = self._highlights._replace(offered=(), chosen=None)
            self.viewport().update()
