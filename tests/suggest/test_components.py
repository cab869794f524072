"""The components of the built-in pipeline, with real spaCy and the real pipeline."""

from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Span

import annotator.suggest.loading  # noqa: F401  it registers every component
from annotator.suggest.components import EntityGazetteer, EntityScore
from annotator.suggest.encoder.layout import ENTITY_LABELS, POLARITIES
from annotator.suggest.gazetteer import Gazetteer

BUILT_IN = Path(__file__).resolve().parents[2] / "resources" / "pipelines" / "en_news"
TABLES = {
    "countries": "Norway / Norwegian, Norwegians / Oslo\nJordan / Jordanian / Amman",
    "peoples": "Shi'ite",
    "regions": "Sahel",
    "organisations": "Red Cross",
    "events": "Cold War",
    "unsure": "Jordan",
    "landform_words": "River",
    "building_words": "Airport",
    "titles": "President, Mr.",
}


@pytest.fixture(scope="module")
def news() -> Language:
    return spacy.load(BUILT_IN)


def with_component(factory: str) -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe(factory)
    return nlp


def run(nlp: Language, text: str, *entities: tuple[str, str]) -> Doc:
    """The pipeline on a document where a recogniser has found these texts, each once, in order."""
    doc = nlp.make_doc(text)
    found = []
    end = 0
    for wanted, label in entities:
        start = text.index(wanted, end)
        end = start + len(wanted)
        found.append(doc.char_span(start, end, label=label))
    doc.set_ents(found)
    return nlp(doc)


def found(doc: Doc) -> list[tuple[str, str]]:
    return [(entity.text, entity.label_) for entity in doc.ents]


def test_an_entity_across_a_line_break_keeps_its_first_line() -> None:
    doc = run(with_component("entity_lines"), "He left Oslo\n\nNorway stayed.", ("Oslo\n\nNorway", "GPE"))
    assert found(doc) == [("Oslo", "GPE")]


def test_an_entity_over_two_spaces_stays_whole() -> None:
    doc = run(with_component("entity_lines"), "He met Ada  Berg.", ("Ada  Berg", "PERSON"))
    assert found(doc) == [("Ada  Berg", "PERSON")]


def gazetteer_pipeline() -> Language:
    nlp = spacy.blank("en")
    component = nlp.add_pipe("entity_gazetteer")
    assert isinstance(component, EntityGazetteer)
    component.load(TABLES)
    return nlp


def test_a_fact_corrects_a_label_and_adds_what_was_missed() -> None:
    doc = run(gazetteer_pipeline(), "Norwegian ships left Oslo.", ("Oslo", "ORG"))
    assert found(doc) == [("Norwegian", "NORP"), ("Oslo", "GPE")]


def test_a_name_inside_a_longer_one_is_not_added() -> None:
    assert found(run(gazetteer_pipeline(), "She works for the Oslo Philharmonic and plays.")) == []


def test_two_names_joined_by_a_hyphen_are_two() -> None:
    doc = run(gazetteer_pipeline(), "Norway-Amman talks end.", ("Norway-Amman", "ORG"))
    assert found(doc) == [("Norway", "GPE"), ("Amman", "GPE")]


def test_an_unsure_name_is_neither_added_nor_relabelled() -> None:
    doc = run(gazetteer_pipeline(), "So Jordan scored, and Jordan won.", ("Jordan", "PERSON"))
    assert found(doc) == [("Jordan", "PERSON")]


def test_the_gazetteer_is_stored_with_the_pipeline(tmp_path: Path) -> None:
    gazetteer_pipeline().to_disk(tmp_path)
    assert found(spacy.load(tmp_path)("He flew to Oslo.")) == [("Oslo", "GPE")]


def test_places_are_told_apart_by_fact_and_by_word() -> None:
    gazetteer = Gazetteer.from_tables(TABLES)
    names = ("Amman", "the Sahel", "Glomma River", "Gardermoen Airport", "Jordanian", "Utopia")
    assert [gazetteer.place_kind(name) for name in names] == ["GPE", "LOC", "LOC", "FAC", "NORP", "GPE"]


def test_a_full_name_teaches_its_surname() -> None:
    text = "Ada Berg spoke. Later Berg left, and critics of Berg cheered."
    doc = run(with_component("article_memory"), text, ("Ada Berg", "PERSON"), ("Berg", "ORG"))
    assert found(doc) == [("Ada Berg", "PERSON"), ("Berg", "PERSON"), ("Berg", "PERSON")]
    assert [entity._.name for entity in doc.ents] == [None, "Ada Berg", "Ada Berg"]


def test_two_people_of_one_surname_give_it_no_canonical_name() -> None:
    text = "Ada Berg met Ole Berg. Then Berg left."
    doc = run(with_component("article_memory"), text, ("Ada Berg", "PERSON"), ("Ole Berg", "PERSON"))
    assert found(doc)[2] == ("Berg", "PERSON")
    assert doc.ents[2]._.name is None


def test_an_acronym_in_brackets_is_learnt_with_its_full_name() -> None:
    text = "The World Fish Council (WFC) met. Later WFC closed."
    doc = run(with_component("article_memory"), text, ("World Fish Council", "ORG"))
    assert found(doc) == [("World Fish Council", "ORG"), ("WFC", "ORG"), ("WFC", "ORG")]
    assert doc.ents[2]._.name == "World Fish Council"


def test_a_name_takes_the_label_it_mostly_has_and_dates_do_not_spread() -> None:
    text = "Acme rose. Acme fell. Acme slept in May. It may end."
    labels = (("Acme", "ORG"), ("Acme", "PERSON"), ("Acme", "ORG"), ("May", "DATE"))
    doc = run(with_component("article_memory"), text, *labels)
    assert found(doc) == [("Acme", "ORG")] * 3 + [("May", "DATE")]


def test_the_memory_forgets_between_articles() -> None:
    nlp = with_component("article_memory")
    run(nlp, "Ada Berg spoke.", ("Ada Berg", "PERSON"))
    assert found(run(nlp, "Up there Berg stood.")) == []


def test_what_facts_and_full_names_speak_for_is_known() -> None:
    nlp = gazetteer_pipeline()
    nlp.add_pipe("article_memory")
    text = "Ada Berg left Oslo. Later Berg saw Rome."
    doc = run(nlp, text, ("Ada Berg", "PERSON"), ("Oslo", "GPE"), ("Rome", "GPE"))
    assert [entity.text for entity in doc.ents if entity._.known] == ["Oslo", "Berg"]


def test_without_token_vectors_there_is_no_score() -> None:
    doc = EntityScore()(run(spacy.blank("en"), "He left Oslo.", ("Oslo", "GPE")))
    assert doc.ents[0]._.score is None


def test_the_built_in_pipeline_finds_the_obvious(news: Language) -> None:
    text = (
        "Norwegian Prime Minister Kari Holm told reporters in Oslo on Thursday "
        "that NATO would not send troops.\n\n"
        "Holm said Germany and the United Nations had asked for more time.\n"
    )
    doc = news(text)
    assert {
        ("Norwegian", "NORP"),
        ("Kari Holm", "PERSON"),
        ("Oslo", "GPE"),
        ("Thursday", "DATE"),
        ("NATO", "ORG"),
        ("Holm", "PERSON"),
        ("Germany", "GPE"),
        ("United Nations", "ORG"),
    } <= set(found(doc))
    assert all(0 < entity._.score < 1 for entity in doc.ents)


def test_the_built_in_pipeline_says_who_it_is_and_stays_small(news: Language) -> None:
    size = sum(path.stat().st_size for path in BUILT_IN.rglob("*") if path.is_file())
    assert (news.meta["lang"], news.meta["name"], news.meta["version"]) == ("en", "news", "2.1.0")
    assert news.meta["license"] == "CC BY-SA 4.0"
    assert size <= 30_000_000
    assert {*ENTITY_LABELS, *POLARITIES} == set(news.get_pipe("article_encoder").labels)


PIECES = (
    *("Ada Berg", "Oslo", "NATO", "U.S.-led", "🇳🇴", "👩‍🚒", "é", " said "),
    *(" ", "\r\n", "\n\n", "\n", "“", "—", "’s", "."),
)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_offsets_are_exact_and_no_entity_crosses_a_line(news: Language, text: str) -> None:
    doc = news(text)
    assert doc.text == text
    for entity in doc.ents:
        assert isinstance(entity, Span)
        assert entity.text == text[entity.start_char : entity.end_char] == entity.text.strip()
        assert not {"\n", "\r"} & set(entity.text)
