"""Names inside a named event."""

from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Span

from annotator.suggest import nested
from annotator.suggest.components import EntityGazetteer
from annotator.suggest.reading import Piece, proposals_of, span_groups
from tests.suggest.test_components import TABLES


def pipeline() -> Language:
    nlp = spacy.blank("en")
    gazetteer = nlp.add_pipe("entity_gazetteer")
    assert isinstance(gazetteer, EntityGazetteer)
    gazetteer.load(TABLES)
    nlp.add_pipe(nested.NestedNames.key)
    return nlp


def proposed(text: str, *entities: tuple[str, str]) -> list[tuple[str, str, float | None]]:
    nlp = pipeline()
    doc = nlp.make_doc(text)
    for words, label in entities:
        at = text.index(words)
        span = doc.char_span(at, at + len(words), label=label)
        assert span is not None
        doc.set_ents([*doc.ents, span])
    for entity in doc.ents:
        entity._.score = 0.7
    found = proposals_of(nlp(doc), Piece(0, text), span_groups(nlp))
    return [(each.span.of(text), each.label, each.score) for each in found]


def test_names_joined_in_an_event_are_proposed_beside_it_with_its_score() -> None:
    event = "Norway-Amman War"
    assert proposed(f"After the {event} they slept.", (event, "EVENT")) == [
        (event, "EVENT", 0.7),
        ("Norway", "GPE", 0.7),
        ("Amman", "GPE", 0.7),
    ]


def test_a_name_that_only_the_article_knows_is_taken_from_there() -> None:
    text = "Utopia lost. The Utopia-Norway War ended."
    found = proposed(text, ("Utopia", "GPE"), ("Utopia-Norway War", "EVENT"))
    assert ("Utopia", "GPE", 0.7) in found[2:]


def test_an_event_named_after_one_place_holds_no_name_of_its_own() -> None:
    assert proposed("The Norway War ended.", ("Norway War", "EVENT")) == [("Norway War", "EVENT", 0.7)]


def test_a_name_joined_with_an_unknown_word_is_left_in_its_event() -> None:
    assert proposed("The Norway-Arena Cup began.", ("Norway-Arena Cup", "EVENT")) == [
        ("Norway-Arena Cup", "EVENT", 0.7)
    ]


def test_the_component_is_stored_with_its_pipeline(tmp_path: Path) -> None:
    pipeline().to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    doc = nlp.make_doc("The Norway-Oslo Cup .")
    doc.set_ents([Span(doc, 1, 5, label="EVENT")])
    assert [span.text for span in nlp(doc).spans["nested_names"]] == ["Norway", "Oslo"]
