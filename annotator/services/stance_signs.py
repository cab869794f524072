"""What stretches could be a stance's holder or target, and the signs that tell how likely each is.

A sign is a short text such as `prev=for|suf`: a word or its shape at an edge of the stretch, its length,
where it stands to the evidence, where the rules offer it. Words that are not among the frequent ones count by
their shape alone. What each sign weighs is learned (`packaging/offers/learn.py`). Pure string work.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity
from annotator.domain.text import Span
from annotator.services.phrases import DETERMINERS, PRONOUN

Which = Literal["holder", "target"]

HOLDERS = frozenset({"PERSON", "ORG", "GPE", "NORP"})
NOT_TARGETS = frozenset({"DATE"})

_TOKEN = re.compile(r"[^\W_]+(?:[’'\-.&][^\W_]+)*|[^\w\s]")
# A stretch may end before these.
_STOP_WORDS = """
for of as in on at from to with over after because by until that who which whom and or but against about into
during since while when if whether before than , . ; : ) ” "
"""
_STOPS = frozenset(_STOP_WORDS.split())
_PUNCTUATION = frozenset(',.;:”"')
_LINKING = (",", "and", "of", "to", "that", "for", "in", "from")
_ENDINGS = ("ing", "ed", "ly", "ion", "ent", "s")
# In words: the longest stretch in the evidence, beside it, and at its start; how far before and behind it one
# may start, and how far behind it one that starts in it may end.
_LONGEST, _LONGEST_BESIDE, _LONGEST_AT_START = 12, 8, 6
_BEFORE: dict[Which, int] = {"holder": 18, "target": 14}
_BEHIND, _BEYOND = 14, 8
# Code points of a sentence that count around the evidence; a longer evidence is no evidence any more.
_AROUND, _MOST = 400, 1_000


@frozen
class Tokens:
    """The words and punctuation marks of a sentence."""

    words: tuple[str, ...]
    spans: tuple[Span, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str, within: Span) -> "Tokens":
        found = list(_TOKEN.finditer(text, within.start, within.end))
        spans = tuple(Span(*match.span()) for match in found)
        return cls(tuple(match[0] for match in found), spans, tuple(span.start for span in spans))

    def at(self, offset: int) -> int:
        """The first token that starts there or behind it."""
        return bisect_left(self.starts, offset)


class Signs:
    """A piece of evidence in its sentence, asked about one of its parts.

    `entities` are those of the sentence; `frequent` the words that count as themselves.
    """

    def __init__(
        self,
        text: str,
        evidence: Span,
        sentence: Span,
        entities: Sequence[Entity],
        *,
        which: Which,
        frequent: frozenset[str],
        passive: bool,
        judgement: bool,
    ) -> None:
        self._text, self._evidence, self._sentence = text, evidence, sentence
        self._which, self._frequent = which, frequent
        start, end = evidence.start - _AROUND, evidence.end + _AROUND
        near = Span(max(sentence.start, start), min(sentence.end, end))
        self._tokens = Tokens.of(text, near)
        self._first, self._behind = self._tokens.at(evidence.start), self._tokens.at(evidence.end)
        self._labels: dict[Span, str] = {}
        for entity in entities:
            if near.covers(entity.span):
                self._labels.setdefault(entity.span, entity.label)
        self._starts = {span.start for span in self._labels}
        self._ends = {span.end for span in self._labels}
        begins = [*map(self._seen, self._tokens.words[self._first : self._first + 2]), "", ""]
        self._verb, self._next = begins[:2]
        self._said = f"pass={passive:d}|judge={judgement:d}"
        opened, closed = (text.count(mark, sentence.start, evidence.start) for mark in "“”")
        self._quoted = opened > closed or text[evidence.start - 1 : evidence.start] in ("“", '"')

    def stretches(self) -> Iterator[Span]:
        """Entities, and runs of words that cut none of them; not the evidence itself."""
        labels = self._labels.items()
        yield from (span for span, label in labels if span != self._evidence and self._may_be(label))
        if self._evidence.end - self._evidence.start > _MOST:
            return
        words, spans = self._tokens.words, self._tokens.spans
        runs = self._target_runs() if self._which == "target" else self._holder_runs()
        for start, end in runs:
            if words[start][0].isalnum() and words[end - 1][0].isalnum():
                span = Span(spans[start].start, spans[end - 1].end)
                if span != self._evidence and span not in self._labels and not self._cuts(span):
                    yield span

    def _may_be(self, label: str) -> bool:
        return label in HOLDERS if self._which == "holder" else label not in NOT_TARGETS

    def _cuts(self, span: Span) -> bool:
        return any(
            label.start < span.end and span.start < label.end and not span.covers(label)
            for label in self._labels
        )

    def _target_runs(self) -> Iterator[tuple[int, int]]:
        """To the evidence's end, to a small word in it, or beyond it to one; and what stands before it."""
        words, count, behind = self._tokens.words, len(self._tokens.words), self._behind
        for start in range(self._first, behind):
            yield start, behind
            for end in range(start + 1, min(behind, start + _LONGEST)):
                if words[end].lower() in _STOPS:
                    yield start, end
            for end in range(behind + 1, min(count, behind + _BEYOND) + 1):
                if end == count or words[end].lower() in _STOPS:
                    yield start, end
                if end < count and words[end] in _PUNCTUATION:
                    break
        yield from self._runs_before()

    def _holder_runs(self) -> Iterator[tuple[int, int]]:
        """What stands before the evidence or behind it, and how it begins."""
        count, behind = len(self._tokens.words), self._behind
        yield from self._runs_before()
        for start in range(self._first, min(self._first + 2, behind)):
            yield from ((start, end) for end in range(start + 1, min(behind, start + _LONGEST_AT_START) + 1))
        for start in range(behind, min(count, behind + _BEHIND)):
            yield from ((start, end) for end in range(start + 1, min(count, start + _LONGEST_AT_START) + 1))

    def _runs_before(self) -> Iterator[tuple[int, int]]:
        for start in range(max(0, self._first - _BEFORE[self._which]), self._first):
            longest = min(self._first, start + _LONGEST_BESIDE)
            yield from ((start, end) for end in range(start + 1, longest + 1))

    def _seen(self, word: str) -> str:
        """A frequent word as it is, others by their shape."""
        lower = word.lower()
        return lower if lower in self._frequent else _shape(word)

    def of(self, span: Span, place: int | None) -> list[str]:
        """The signs of a stretch that the rules offer at a place (from 0; None: not at all)."""
        rule = "n" if place is None else str(min(place, 5))
        quoted = "q" if self._quoted else "nq"
        if not self._sentence.covers(span):
            last = self._tokens.words[max(0, self._first - 3) : self._first]
            subject = "pron" if any(map(PRONOUN.fullmatch, last)) else "other"
            return [
                f"r{rule}|other",
                "other",
                quoted,
                f"other|{self._verb}",
                f"other|{subject}",
                f"r{rule}|other|{subject}",
            ]
        at, end, where = self._tokens.at(span.start), self._tokens.at(span.end), self._where(span)
        words = self._tokens.words[at:end] or ("?",)
        found = self._edges(span, at, end, where, words)
        found += [f"r{rule}", f"r{rule}|{where}"]
        if where in ("suf", "in", "pre", "ovl"):
            found += self._within(at, where, self._seen(words[0]))
        elif where == "bef":
            found += self._ahead(span, at, end, rule, self._seen(words[0]))
        else:
            found.append(f"aft={_amount(at - self._behind)}")
            found.append(f"aft|next={self._beside(end)}|prev={self._beside(at - 1)}")
        lower = {word.lower() for word in words}
        found += [f"has={word}|{where}" for word in _LINKING if word in lower]
        found.append(f"{quoted}|{where}|{self._kind(span, words)}")
        return found

    def _where(self, span: Span) -> str:
        evidence = self._evidence
        if evidence.covers(span):
            return "suf" if span.end == evidence.end else "pre" if span.start == evidence.start else "in"
        if span.overlaps(evidence):
            return "ovl"
        return "aft" if span.start >= evidence.end else "bef"

    def _kind(self, span: Span, words: Sequence[str]) -> str:
        """The label of an entity, else `pron`, `np` for what a determiner begins, else a shape."""
        if label := self._labels.get(span):
            return label
        if PRONOUN.fullmatch(span.of(self._text)):
            return "pron"
        return "np" if words[0].lower() in DETERMINERS else _shape(words[0])

    def _beside(self, at: int) -> str:
        words = self._tokens.words
        return self._seen(words[at]) if 0 <= at < len(words) else "^" if at < 0 else "$"

    def _edges(self, span: Span, at: int, end: int, where: str, words: Sequence[str]) -> list[str]:
        first, last, kind = self._seen(words[0]), self._seen(words[-1]), self._kind(span, words)
        before, behind, length = self._beside(at - 1), self._beside(end), _amount(end - at)
        named = f"{span.start in self._starts:d}{span.end in self._ends:d}"
        return [
            f"pos={where}",
            f"kind={kind}|{where}",
            f"len={length}|{where}",
            f"len={length}|{kind}|{last}",
            f"first={first}|{where}",
            f"first={first}|last={last}",
            f"last={last}",
            f"last={last}|next={behind}",
            f"prev={before}|{where}",
            f"prev={before}|first={first}",
            f"prev2={self._beside(at - 2)}|{before}",
            f"next={behind}|{where}",
            f"next={behind}|{self._beside(end + 1)}",
            f"ents={named}|{where}|{'one' if span in self._labels else ''}",
        ]

    def _within(self, at: int, where: str, first: str) -> list[str]:
        """Of a stretch in the evidence: what it leaves out, beside the verb that the evidence begins with."""
        skipped, before, verb = _amount(at - self._first), self._beside(at - 1), self._verb
        found = [
            f"at={skipped}|{where}",
            f"at={skipped}|prev={before}",
            f"e0={verb}|at={skipped}",
            f"e0={verb}|prev={before}",
            f"e0={verb}|{where}",
            f"e01={verb}_{self._next}|at={skipped}",
        ]
        left = self._tokens.words[self._first : at]
        if len(left) < 3:
            found.append(f"skip={' '.join(map(self._seen, left))}")
        if where != "pre":
            found.append(f"e0={verb}|first={first}")
        return found

    def _ahead(self, span: Span, at: int, end: int, rule: str, first: str) -> list[str]:
        """Of a stretch before the evidence: how far, and across what."""
        far, verb = _amount(self._first - end), self._verb
        between = self._tokens.words[end : self._first]
        found = [
            f"d={far}",
            f"d={far}|kind={self._kind(span, self._tokens.words[at:end] or ('?',))}",
            f"d={far}|e0={verb}",
            f"d={far}|r{rule}",
            f"bef|{self._said}",
            f"bef|e0={verb}",
            f"start={_amount(at)}",
            f"first={first}|d={far}|next={self._beside(end)}",
        ]
        if len(between) < 4:
            found.append(f"btw={'_'.join(map(self._seen, between))}")
        return found


def score(signs: Sequence[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(sign, 0.0) for sign in signs)


def _shape(word: str) -> str:
    """`X` for a capital, `9` for a digit, `x` with an ending; punctuation as it is."""
    if not word[0].isalnum():
        return f"'{word}"
    if word[0].isdigit():
        return "9"
    lower = word.lower()
    if word[0].isupper():
        return "Xs" if lower.endswith("s") else "X"
    ending = next((each for each in _ENDINGS if lower.endswith(each) and len(lower) > len(each) + 2), "")
    return f"x{ending}"


def _amount(count: int) -> str:
    """A number of words, larger ones roughly."""
    return next((str(most) for most in (0, 1, 2, 3, 5, 8) if count <= most), "+")
