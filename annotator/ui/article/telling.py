"""What is told of a mark in words: on its card, in its tooltip, to a screen reader."""

from collections.abc import Sequence
from typing import NamedTuple

from annotator.domain.marks import Part, Shown, Stance
from annotator.domain.text import Span
from annotator.ui.article.display import display_copy


def state_of(shown: Shown) -> str:
    """A mark's state in words: confirmed, or suggested with its score; and whether it has a note."""
    if not shown.suggested:
        state = "confirmed"
    elif shown.provenance is None:
        state = "candidate"  # of a review, where nobody has decided
    elif shown.score is None:
        state = "suggested"
    else:
        state = f"suggested {shown.score:.2f}".replace("0.", ".", 1)
    return f"{state} · note" if shown.note else state


def told(shown: Shown) -> str:
    """All that is known of a mark, in lines of plain text."""
    lines = [f"{shown.mark.label}, {state_of(shown)}"]
    if shown.provenance:
        lines[0] += f" by {shown.provenance.pipeline} {shown.provenance.version}"
    parts = (shown.mark.holder, shown.mark.target) if isinstance(shown.mark, Stance) else (shown.mark,)
    for word, part in zip(("Holder", "Target") if len(parts) > 1 else ("Name",), parts, strict=True):
        if part and part.name:
            lines.append(f"{word}: {part.name}")
    return "\n".join([*lines, shown.note] if shown.note else lines)


def said_of(shown: Shown, text: str) -> str:
    """A mark in one sentence, as it is announced when it gets the focus: label, state, words, parts."""
    mark = shown.mark
    said = f"{mark.label}, {state_of(shown)}: {words_of(mark.span, text)}"
    if isinstance(mark, Stance):
        said += f"; holder {_part(mark.holder, text)}; target {_part(mark.target, text)}"
    return said


def words_of(span: Span, text: str) -> str:
    """The words of a span on one line."""
    return " ".join(display_copy(span.of(text)).split())


def _part(part: Part | None, text: str) -> str:
    if part is None:
        return "none"
    words = words_of(part.span, text)
    return f"{words} ({part.name})" if part.name and part.name != words else words


class Telling(NamedTuple):
    """Where a person is in an article: caret, its sentence, the mark there, all that overlap the sentence."""

    text: str
    sentence: Span | None = None
    mark: Shown | None = None
    others: Sequence[Shown] = ()
    caret: int = 0  # in code points of the text

    def words(self) -> str:
        """All of it as plain lines: the sentence, the mark, what else is marked in the sentence."""
        sentence = display_copy(self.sentence.of(self.text)) if self.sentence else "Nothing stands here."
        return "\n".join([sentence, "", *self._of_mark(), *self._of_others()])

    def within_sentence(self) -> tuple[int, int]:
        """Where the words of the mark start and end, from the sentence's first code point.

        Both are the caret's place where no words of a mark are in the sentence.
        """
        if self.sentence is None:
            return 0, 0
        start, end = self.sentence.start, self.sentence.end
        mark = self.mark.mark.span if self.mark else None
        low, high = (
            (mark.start, mark.end) if mark and mark.overlaps(self.sentence) else (self.caret, self.caret)
        )
        return min(max(low, start), end) - start, min(max(high, start), end) - start

    def _of_mark(self) -> list[str]:
        if self.mark is None:
            return ["No mark here."]
        mark, note = self.mark.mark, self.mark.note
        lines = [f"{mark.label}, {state_of(self.mark)}: “{words_of(mark.span, self.text)}”"]
        if isinstance(mark, Stance):
            lines += [f"Holder: {_part(mark.holder, self.text)}", f"Target: {_part(mark.target, self.text)}"]
        elif mark.name:
            lines.append(f"Name: {mark.name}")
        return [*lines, f"Note: {note}"] if note else lines

    def _of_others(self) -> list[str]:
        others = [shown for shown in self.others if self.mark is None or shown.id != self.mark.id]
        said = [
            f"{shown.mark.label}{'?' if shown.suggested else ''} {words_of(shown.mark.span, self.text)}"
            for shown in others
        ]
        return [f"Also in this sentence: {'; '.join(said)}"] if said else []
