"""From an article's text to what a pipeline reads, and from what it found back to spans of the article.

A pipeline gets the whole article, so that components that look at all of it (an article memory, a
coreference resolver, a language model) can; every line end is told to it as a sentence border, which neither
spaCy's parser nor its entity recogniser crosses.
"""

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from annotator.domain.frozen import frozen
from annotator.domain.marks import Part
from annotator.domain.text import Span, trimmed
from annotator.suggest.messages import Proposal
from annotator.suggest.stance_spans import StanceSpan, stances_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# Longer articles are read in pieces of this many code points: some 8,000 words, so that memory stays bounded
# (a parser takes about 1 GB for 100,000 characters) and nearly every article is one piece.
PIECE = 50_000

_LINE_END = re.compile("[\n\r\u2028\u2029\x0b\x0c\x85]")
# White space that spaCy would make a token of its own inside "10 March", which no model has seen.
_BLANK = re.compile("[\t\ufeff\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Components that propose spans in `doc.spans` instead of `doc.ents`.
_SPAN_FACTORIES = {"spancat", "spancat_singlelabel", "span_ruler", "span_finder", "nested_names"}


@frozen
class Piece:
    """A stretch of an article as a pipeline reads it: as many code points as the original, from `start` on.

    Line ends of every kind are newlines, zones are newlines throughout, other white space is spaces.
    """

    start: int
    text: str


def pieces_of(text: str, zones: Collection[Span], *, limit: int = PIECE) -> list[Piece]:
    """The pieces to read, none blank, cut at line ends if there are any, else behind a sentence or word."""
    plain = _masked(_BLANK.sub(" ", _LINE_END.sub("\n", text)), zones)
    pieces = []
    start = 0
    while start < len(plain):
        end = _cut(plain, start, limit)
        if not plain[start:end].isspace():
            pieces.append(Piece(start, plain[start:end]))
        start = end
    return pieces


def _masked(text: str, zones: Collection[Span]) -> str:
    parts = []
    at = 0
    for zone in sorted(zones):
        start, end = max(zone.start, at), min(zone.end, len(text))
        if start < end:
            parts += [text[at:start], "\n" * (end - start)]
            at = end
    return "".join([*parts, text[at:]])


def _cut(text: str, start: int, limit: int) -> int:
    """Where a piece ends: in its second half if it can be."""
    if len(text) - start <= limit:
        return len(text)
    for border in ("\n", ". ", " "):
        found = text.rfind(border, start + limit // 2, start + limit)
        if found >= 0:
            return found + len(border)
    return start + limit


def doc_of(nlp: "Language", piece: Piece) -> "Doc":
    """The piece in tokens, with a sentence border behind every line end.

    Raises ValueError if the tokenizer alters the text, since no offset would be right.
    """
    doc = nlp.make_doc(piece.text)
    if doc.text != piece.text:
        raise ValueError("its tokenizer alters the text, so that offsets would be wrong")
    border = False
    for token in doc:
        if token.is_space:
            border = border or "\n" in token.text
        elif border:
            token.is_sent_start = True
            border = False
    return doc


def span_groups(nlp: "Language") -> frozenset[str]:
    """The keys of `doc.spans` under which the pipeline proposes labelled spans."""
    return frozenset(
        str(key)
        for name, component in nlp.pipeline
        if nlp.get_pipe_meta(name).factory in _SPAN_FACTORIES and (key := getattr(component, "key", None))
    )


def proposals_of(doc: "Doc", piece: Piece, groups: Collection[str]) -> Iterator[Proposal]:
    """What the pipeline found in a piece, in code points of the article.

    Spans are without white space at their ends; what crosses a line end or a zone is left out.
    """
    for entity in doc.ents:
        yield from _proposal(entity, piece, _extension(entity, "score"))
    for key in groups:
        group = doc.spans.get(key, ())
        scores = getattr(group, "attrs", {}).get("scores", ())
        for n, span in enumerate(group):
            score = _extension(span, "score")
            yield from _proposal(span, piece, scores[n] if score is None and n < len(scores) else score)
    for stance in stances_of(doc):
        yield from _stance(stance, piece)


def _proposal(found: Any, piece: Piece, score: Any) -> Iterator[Proposal]:
    """`found` is a spaCy Span, whose extensions are not typed."""
    span = trimmed(piece.text, found.start_char, found.end_char)
    if span is None or not found.label_ or "\n" in span.of(piece.text):
        return
    score = None if score is None else float(score)
    if score is not None:
        score = None if math.isnan(score) else round(min(1.0, max(0.0, score)), 4)
    in_article = Span(piece.start + span.start, piece.start + span.end)
    yield Proposal("entity", found.label_, in_article, score, _extension(found, "name"))


def _stance(found: StanceSpan, piece: Piece) -> Iterator[Proposal]:
    holder, target = (
        _part(found.holder, found.holder_name, piece),
        _part(found.target, found.target_name, piece),
    )
    for proposal in _proposal(found.evidence, piece, found.score):
        if holder is not None and target is not None:
            yield replace(
                proposal, kind="stance", label=found.polarity, name=None, holder=holder, target=target
            )


def _part(found: Any, name: str | None, piece: Piece) -> Part | None:
    """`found` is a spaCy Span; None if it is white space or crosses a line end or a zone."""
    span = trimmed(piece.text, found.start_char, found.end_char)
    if span is None or "\n" in span.of(piece.text):
        return None
    return Part(Span(piece.start + span.start, piece.start + span.end), name)


def _extension(found: Any, name: str) -> Any:
    """The value of a custom attribute, None if no component registered it."""
    return getattr(found._, name) if found.has_extension(name) else None
