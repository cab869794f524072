"""Marks written in the text itself, and random ones, for the tests of agreement."""

import re

from hypothesis import strategies as st

from annotator.domain.marks import Entity, Mark, Part, Stance
from annotator.domain.text import Span

WORDS = (
    "France said it would not send troops. Oslo welcomed the deal but President Lavrov rejected it. "
    "The army of Chad fled.\n\nNATO met Thursday."
)


def at(words: str, text: str = WORDS, n: int = 0) -> Span:
    """The span of the n-th place of some words."""
    start = [match.start() for match in re.finditer(re.escape(words), text)][n]
    return Span(start, start + len(words))


def entity(words: str, label: str) -> Entity:
    return Entity("", at(words), label)


def stance(evidence: str, label: str, holder: str | None, target: str | None) -> Stance:
    return Stance(
        "", at(evidence), label, *(Part(at(words)) if words else None for words in (holder, target))
    )


def spans(longest: int = len(WORDS)) -> st.SearchStrategy[Span]:
    """Spans that often touch and overlap."""
    starts = st.integers(0, longest - 13)
    return st.builds(lambda start, length: Span(start, start + length), starts, st.integers(1, 12))


def entities() -> st.SearchStrategy[Entity]:
    return st.builds(Entity, st.just(""), spans(60), st.sampled_from(["PERSON", "ORG"]))


def stances() -> st.SearchStrategy[Stance]:
    parts = st.none() | st.builds(Part, spans(40))
    return st.builds(Stance, st.just(""), spans(60), st.sampled_from(["FAVOR", "AGAINST"]), parts, parts)


def marks() -> st.SearchStrategy[list[Mark]]:
    """Few enough of each kind for all choices of pairs to be tried."""
    some, others = st.lists(entities(), max_size=6), st.lists(stances(), max_size=5)
    return st.builds(lambda one, other: [*one, *other], some, others)
