"""What a pipeline reads of an article, and where what it finds stands."""

import re
from collections.abc import Iterator

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Span as Found

from annotator.domain.text import Span
from annotator.suggest.client import PipelineProcess, Request
from annotator.suggest.reading import Piece, doc_of, pieces_of, proposals_of, span_groups
from tests.pipelines import NAMES, make_pipeline

SPACES = (" ", "\n", "\r\n", "\r", "\t", "\u00a0", "\u2028", "\u2029", "\u0085", "  ", "\ufeff ", " \u200f")
WORDS = (
    *NAMES,
    *("says", "👩‍👩‍👧", "🇺🇦", "e\u0301te\u0301", "𝔘nicode", "سلام", "עברית", "Ukraine's", "ne\u200dw", "..."),
)
articles = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SPACES)), max_size=30).map(
    lambda pairs: "".join(word + space for word, space in pairs)
)


@st.composite
def zoned_articles(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    text = draw(articles)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    return text, tuple(Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False))


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PipelineProcess]:
    folder = make_pipeline(tmp_path_factory.mktemp("pipelines") / "names")
    with PipelineProcess(str(folder), notice=print) as client:
        yield client


@given(zoned_articles())
@settings(max_examples=300)
def test_every_name_is_found_where_it_stands(
    names: PipelineProcess, article: tuple[str, tuple[Span, ...]]
) -> None:
    text, zones = article
    answer = names.submit(Request(1, text, zones)).result()
    spans = [each.span for each in answer.proposals]
    assert spans == sorted(spans)
    for each in answer.proposals:
        assert NAMES[each.span.of(text)] == each.label
        assert not any(zone.overlaps(each.span) for zone in zones)
    alone = re.compile(rf"(?<![^\s\ufeff])({'|'.join(NAMES)})(?=\s|$)")
    wanted = {Span(*match.span(1)) for match in alone.finditer(text)}
    assert {each for each in wanted if not any(zone.overlaps(each) for zone in zones)} <= set(spans)


@given(zoned_articles(), st.integers(5, 60))
def test_pieces_are_the_text_code_point_for_code_point(
    article: tuple[str, tuple[Span, ...]], limit: int
) -> None:
    text, zones = article

    def in_zone(offset: int) -> bool:
        return any(zone.start <= offset < zone.end for zone in zones)

    def blank(offset: int) -> bool:
        return in_zone(offset) or text[offset].isspace() or text[offset] == "\ufeff"

    end = 0
    for piece in pieces_of(text, zones, limit=limit):
        assert all(blank(offset) for offset in range(end, piece.start))
        end = piece.start + len(piece.text)
        assert 0 < len(piece.text) <= limit
        for offset, character in enumerate(piece.text, piece.start):
            if blank(offset):
                assert character in ("\n" if in_zone(offset) else "\n ")
            else:
                assert character == text[offset]
    assert all(blank(offset) for offset in range(end, len(text)))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One two.\nThree four five six.", "One two.\n"),
        ("One two. Three four five six", "One two. "),
        ("Onetwo three four five six se", "Onetwo three "),
        ("Onetwothreefourfivesixseven", "Onetwothreefou"),
    ],
)
def test_a_long_text_is_cut_at_a_line_end_else_a_sentence_else_a_word(text: str, first: str) -> None:
    assert pieces_of(text, (), limit=14)[0].text == first


def found(nlp: Language, text: str, *groups: str) -> list[tuple[str, str]]:
    (piece,) = pieces_of(text, ())
    doc = nlp(doc_of(nlp, piece))
    return [(each.label, each.span.of(text)) for each in proposals_of(doc, piece, groups)]


def test_line_ends_are_sentence_borders() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    (piece,) = pieces_of("A headline\r\n\r\nA text. And more\n", ())
    doc = nlp(doc_of(nlp, piece))
    assert [sentence.text.strip() for sentence in doc.sents] == ["A headline", "A text.", "And more"]


def test_a_span_across_a_line_end_is_left_out_and_white_space_is_trimmed() -> None:
    nlp = spacy.blank("en")

    @Language.component("whole_lines")
    def whole_lines(doc):
        doc.set_ents([Found(doc, 0, 3, label="A"), Found(doc, 4, 6, label="B")])
        return doc

    nlp.add_pipe("whole_lines")
    text = "John\nSmith went to  town"
    doc = nlp.make_doc(text)
    assert [token.text for token in doc] == ["John", "\n", "Smith", "went", "to", " ", "town"]
    assert found(nlp, text) == [("B", "to")]


def test_overlapping_spans_of_a_span_component_are_read() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("span_ruler", config={"spans_key": "found"}).add_patterns(
        [{"label": "ORG", "pattern": "North Atlantic Council"}, {"label": "LOC", "pattern": "North Atlantic"}]
    )
    assert span_groups(nlp) == {"found"}
    assert set(found(nlp, "The North Atlantic Council", *span_groups(nlp))) == {
        ("ORG", "North Atlantic Council"),
        ("LOC", "North Atlantic"),
    }


def test_scores_of_a_span_group_are_kept() -> None:
    nlp = spacy.blank("en")
    doc = nlp("In Paris")
    doc.spans["sc"] = [Found(doc, 1, 2, label="GPE")]
    doc.spans["sc"].attrs["scores"] = [0.75]
    (proposal,) = proposals_of(doc, Piece(100, "In Paris"), ["sc"])
    assert (proposal.span, proposal.score) == (Span(103, 108), 0.75)


def test_a_tokenizer_that_alters_the_text_is_refused() -> None:
    nlp = spacy.blank("en")
    nlp.tokenizer = lambda text: spacy.blank("en").make_doc(text.lower())
    with pytest.raises(ValueError, match="alters"):
        doc_of(nlp, Piece(0, "Paris"))


def test_a_huge_article_is_read_in_pieces(names: PipelineProcess) -> None:
    paragraph = "Lavrov went to Ukraine 🎉 and met NATO.\r\n"
    text = paragraph * 8_000
    answer = names.submit(Request(1, text)).result()
    assert len(answer.proposals) == 24_000
    assert all(NAMES[each.span.of(text)] == each.label for each in answer.proposals)
