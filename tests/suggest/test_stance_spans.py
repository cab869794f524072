"""Stances in a spaCy document, and what becomes of them when it is stored or copied."""

from collections.abc import Callable

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span

from annotator.domain.marks import Part
from annotator.domain.text import Span as TextSpan
from annotator.suggest.reading import Piece, proposals_of
from annotator.suggest.stance_spans import STANCES, StanceSpan, set_stances, stances_of

NLP = spacy.blank("en")
TEXT = "Oslo and Rome attacked each other ."


def reciprocal() -> Doc:
    """Two stances with the same words as evidence."""
    doc = NLP(TEXT)
    there = StanceSpan(doc[3:4], "AGAINST", doc[0:1], doc[2:3], 0.5, "Oslo city", None)
    back = StanceSpan(doc[3:4], "AGAINST", doc[2:3], doc[0:1], 0.4)
    set_stances(doc, [there, back])
    return doc


def told(doc: Doc) -> list[tuple[str, str, str, str, float, str | None]]:
    return [
        (each.evidence.text, each.polarity, each.holder.text, each.target.text, each.score, each.holder_name)
        for each in stances_of(doc)
    ]


WANTED = [
    ("attacked", "AGAINST", "Oslo", "Rome", 0.5, "Oslo city"),
    ("attacked", "AGAINST", "Rome", "Oslo", 0.4, None),
]


def through_doc_bin(doc: Doc) -> Doc:
    stored = DocBin(docs=[doc]).to_bytes()
    (read,) = DocBin().from_bytes(stored).get_docs(spacy.blank("en").vocab)
    return read


@pytest.mark.parametrize(
    "kept",
    [lambda doc: doc, through_doc_bin, Doc.copy, lambda doc: Doc(NLP.vocab).from_bytes(doc.to_bytes())],
    ids=["itself", "DocBin", "copy", "bytes"],
)
def test_stances_of_equal_evidence_are_kept_apart(kept: Callable[[Doc], Doc]) -> None:
    doc = kept(reciprocal())
    assert told(doc) == WANTED
    assert [
        (span._.holder.text, span._.target.text, span._.stance_score, span._.holder_name)
        for span in doc.spans[STANCES]
    ] == [("Oslo", "Rome", 0.5, "Oslo city"), ("Rome", "Oslo", 0.4, None)]


def test_what_loses_the_groups_loses_the_stances() -> None:
    doc = reciprocal()
    assert told(doc[:].as_doc()) == []
    merged = Doc.from_docs([doc, doc.copy()])
    assert merged is not None
    assert told(merged) == []
    assert [span._.stance_score for span in merged.spans[STANCES]] == [None] * 4


def test_other_spans_have_no_holder() -> None:
    doc = reciprocal()
    doc.set_ents([Span(doc, 3, 4, label="ORG", span_id="0"), Span(doc, 0, 1, label="GPE", span_id="x")])
    assert [entity._.holder for entity in doc.ents] == [None, None]
    assert doc[3:4]._.stance_score is None


def test_stances_are_in_the_order_of_their_evidence_and_replace_what_was() -> None:
    doc = reciprocal()
    late, early = (StanceSpan(doc[i : i + 1], "FAVOR", doc[0:1], doc[2:3], 0.9) for i in (4, 1))
    set_stances(doc, [late, early])
    assert [stance.evidence.text for stance in stances_of(doc)] == ["and", "each"]


def test_stances_are_proposed_with_their_parts_in_the_article() -> None:
    first, second = proposals_of(reciprocal(), Piece(100, TEXT), ())
    assert (first.kind, first.label, first.span, first.score) == (
        "stance",
        "AGAINST",
        TextSpan(114, 122),
        0.5,
    )
    assert first.holder == Part(TextSpan(100, 104), "Oslo city")
    assert first.target == Part(TextSpan(109, 113))
    assert (second.holder, second.name) == (Part(TextSpan(109, 113)), None)


@pytest.mark.parametrize("text", ["Oslo\nRome fears war .", "Oslo and Rome fears\nwar ."])
def test_a_stance_with_a_part_across_a_line_end_is_not_proposed(text: str) -> None:
    doc = NLP(text)
    break_ = next(token.i for token in doc if token.text == "\n")
    across, rest = doc[break_ - 1 : break_ + 2], doc[len(doc) - 1 :]
    for parts in ((across, rest, rest), (rest, across, rest), (rest, rest, across)):
        set_stances(doc, [StanceSpan(parts[0], "FAVOR", parts[1], parts[2], 0.5)])
        assert list(proposals_of(doc, Piece(0, text), ())) == []
