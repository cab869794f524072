"""Canonical names within an article, of entities and of holders and targets."""

import pytest
import spacy
from spacy.tokens import Doc, Span

from annotator.suggest import components, stance_names
from annotator.suggest.names import names_of
from annotator.suggest.stance_names import name_in
from annotator.suggest.stance_spans import StanceSpan, set_stances, stances_of

NLP = spacy.blank("en")


def article(text: str, **labelled: str) -> Doc:
    """The text with every mention of the given names, a label's separated by "; ", the longest first."""
    doc = NLP.make_doc(text)
    found = [
        doc.char_span(at, at + len(name), label=label)
        for label, names in labelled.items()
        for name in names.split("; ")
        for at in range(len(text))
        if text.startswith(name, at)
    ]
    doc.set_ents(components.longest_first(span for span in found if span is not None))
    return doc


def named(text: str, **labelled: str) -> dict[str, str]:
    doc = article(text, **labelled)
    return {doc[start:end].text: name for (start, end), name in names_of(doc).items()}


@pytest.mark.parametrize(
    ("text", "people", "names"),
    [
        ("Sergei Lavrov met Lavrov's aide.", "Sergei Lavrov; Lavrov", {"Lavrov": "Sergei Lavrov"}),
        ("Mr. Putin left. Vladimir Putin slept.", "Vladimir Putin; Putin", {"Putin": "Vladimir Putin"}),
        ("Bill Clinton met Hillary Clinton. Clinton left.", "Bill Clinton; Hillary Clinton; Clinton", {}),
        ("Sergei Lavrov spoke, and Sergei left.", "Sergei Lavrov; Sergei", {}),
        ("Hu Jintao spoke. Mr. Hu left.", "Hu Jintao; Hu", {"Hu": "Hu Jintao"}),
        (
            "Osama bin Laden hid. Bin Laden died.",
            "Osama bin Laden; Bin Laden",
            {"Bin Laden": "Osama bin Laden"},
        ),
        ("Ole Berg Jr. met Berg.", "Ole Berg Jr.; Berg", {"Berg": "Ole Berg Jr."}),
        (
            "Ada Maria Berg is Ada Berg. ADA BERG! Ada Berg!",
            "Ada Maria Berg; Ada Berg; ADA BERG",
            {"Ada Maria Berg": "Ada Berg", "ADA BERG": "Ada Berg"},
        ),
        (
            "George W. Bush, George H.W. Bush and George Bush; Bush.",
            "George W. Bush; George H.W. Bush; George Bush; Bush",
            {},
        ),
        ("Lavrov spoke.", "Lavrov", {}),
    ],
)
def test_a_short_name_of_one_person_has_the_full_name(text: str, people: str, names: dict[str, str]) -> None:
    assert named(text, PERSON=people) == names


@pytest.mark.parametrize(
    "text",
    [
        "The World Fish Council (WFC) met. WFC closed.",
        "WFC (World Fish Council) met.",
        "WFC, the World Fish Council, met.",
        "The World Fish Council, or WFC, met.",
        "The World Fish Council, known as WFC, met.",
        "The World Fish Council met. WFC closed.",
        "The World Fish Council met. W.F.C. closed.",
    ],
)
def test_an_acronym_has_the_long_form_that_the_article_gives(text: str) -> None:
    names = named(text, ORG="World Fish Council; WFC; W.F.C.")
    assert set(names.values()) == {"World Fish Council"}
    assert "World Fish Council" not in names


@pytest.mark.parametrize(
    "text",
    [
        "The World Fish Council met, and ABC closed.",
        "The World Fish Council met. The Council closed.",
        "ABC, the World Fish Council, met.",
        "The World Film Council and the World Fish Council met WFC.",
    ],
)
def test_other_short_forms_have_no_name(text: str) -> None:
    assert named(text, ORG="World Fish Council; World Film Council; WFC; ABC; Council") == {}


def test_an_acronym_in_brackets_needs_no_initials() -> None:
    assert named("Kurdish Farmers (PKX) sang. PKX left.", ORG="Kurdish Farmers; PKX") == {
        "PKX": "Kurdish Farmers"
    }


def test_a_country_has_the_name_of_its_initials_and_an_adjective_none() -> None:
    text = "The United States won. The U.S. team left the U.S. then."
    assert named(text, GPE="United States; U.S.") == {"U.S.": "United States"}
    doc = article(text, GPE="United States", NORP="U.S.")
    assert names_of(doc) == {}


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Berg", "Ada Berg"),
        ("Ada Berg", None),
        ("rebel leader Ada Berg", "Ada Berg"),
        ("Norwegian Prime Minister Berg", "Ada Berg"),
        ("Mr. Berg, the minister", "Ada Berg"),
        ("the WFC", "World Fish Council"),
        ("the rebel group WFC", "World Fish Council"),
        ("Norway", None),
        ("the Norwegian government", None),
        ("the president of Norway", None),
        ("Norway, the WFC and Berg", None),
        ("Norway and Berg", None),
        ("supporters of Berg", None),
        ("joining WFC", None),
        ("Berg's plan", None),
        ("she", None),
    ],
)
def test_a_holder_is_named_by_the_entity_that_it_is(phrase: str, name: str | None) -> None:
    text = f"Ada Berg of Norway heads the World Fish Council. Then {phrase} left."
    doc = article(
        text, PERSON="Ada Berg; Berg", GPE="Norway", NORP="Norwegian", ORG="World Fish Council; WFC"
    )
    start = text.index(phrase, text.index("Then"))
    span = doc.char_span(start, start + len(phrase))
    assert span is not None
    assert name_in(span, names_of(doc), doc.ents) == name


def test_the_component_names_holders_and_targets_after_the_memory() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("article_memory")
    nlp.add_pipe(stance_names.stance_names.__name__)
    text = "Ada Berg spoke. Berg opposes them."
    doc = nlp.make_doc(text)
    doc.set_ents([Span(doc, 0, 2, label="PERSON"), Span(doc, 4, 5, label="PERSON")])
    set_stances(doc, [StanceSpan(doc[5:6], "AGAINST", doc[4:5], doc[6:7], 0.5)])
    (stance,) = stances_of(nlp(doc))
    assert (stance.holder_name, stance.target_name, stance.score) == ("Ada Berg", None, 0.5)
    assert nlp("Nobody spoke.").spans == {}
