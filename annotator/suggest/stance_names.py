"""The spaCy component that names holders and targets of stances by the entities in them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from annotator.suggest.names import PERSONS, Place, names_of, plain
from annotator.suggest.stance_spans import STANCES, set_stances, stances_of

_ARTICLES = frozenset({"the", "a", "an", "his", "her", "its", "their"})
# Words in front of a person's name that say who it is and do not make it part of something else.
_ROLE_WORDS = """
mr mr. mrs mrs. ms ms. miss dr dr. sir lord lady gen gen. lt lt. col col. sen sen. rep rep. gov gov.
president president-elect prime minister premier chancellor king queen prince princess emir sultan pope
cardinal archbishop bishop cleric imam ayatollah sheikh rabbi foreign defense defence interior finance
justice health trade energy secretary secretary-general general state treasury attorney chief deputy vice
acting interim senior former ex late outgoing incoming leader opposition rebel militant senator congressman
congresswoman representative lawmaker governor mayor ambassador envoy special spokesman spokeswoman
spokesperson commander colonel major captain lieutenant sergeant admiral judge prosecutor lawyer chairman
chairwoman director head commissioner speaker candidate rival author writer journalist activist dissident
analyst professor economist actor actress singer coach founder negotiator diplomat officer official
presidential party husband wife brother sister son daughter father mother
"""
# Words in front of the name of a group or place.
_KIND_WORDS = """
group rebel militant militia separatist terrorist opposition ruling party movement network agency
organization organisation alliance company airline bank newspaper magazine station city town village
province state republic island capital neighboring neighbouring
"""
_ROLES, _KINDS = frozenset(_ROLE_WORDS.split()), frozenset(_KIND_WORDS.split())


@Language.component("stance_names")
def stance_names(doc: Doc) -> Doc:
    """Gives holders and targets that are a named entity, or say who one is, its canonical name."""
    if STANCES in doc.spans:
        names = names_of(doc)
        entities = doc.ents  # spaCy makes them anew each time it is asked
        for entity in entities:
            if entity.has_extension("name") and entity._.name:
                names[entity.start, entity.end] = entity._.name
        set_stances(
            doc,
            [
                replace(
                    stance,
                    holder_name=name_in(stance.holder, names, entities),
                    target_name=name_in(stance.target, names, entities),
                )
                for stance in stances_of(doc)
            ],
        )
    return doc


def name_in(phrase: Span, names: Mapping[Place, str], entities: Iterable[Span]) -> str | None:
    """The canonical name of whom a phrase is about, None if it is nobody's or what the phrase says itself.

    The name is all of the phrase but articles, or ends it behind words that say who it is ("rebel leader
    Ada Berg"), or begins it with the rest in apposition ("Ada Berg, the minister"). `names` are those of
    the document's entities by their place.
    """
    inside = [entity for entity in entities if phrase.start <= entity.start < phrase.end]
    end = phrase.end
    while end > phrase.start and phrase.doc[end - 1].text in ("'s", "’s", "'", "’"):
        end -= 1
    for entity in inside:
        ends = entity.end == end or entity.end == phrase.end
        if (ends or _in_apposition(entity, phrase)) and _says_who(entity, phrase, inside):
            name = names.get((entity.start, entity.end)) or plain(entity)
            return None if name == phrase.text.strip() else name
    return None


def _in_apposition(entity: Span, phrase: Span) -> bool:
    behind = phrase.doc[entity.end : phrase.end]
    words = [token.lower_ for token in behind]
    return (
        len(words) > 2
        and words[0] == ","
        and words[1] in _ARTICLES | _ROLES | {"who"}
        and not {"and", "or"} & set(words)  # "Israel, the United States and Jordan"
    )


def _says_who(entity: Span, phrase: Span, inside: list[Span]) -> bool:
    """Whether the words of the phrase in front of the entity are title, role or kind of its bearer."""
    front = [token for token in phrase.doc[phrase.start : entity.start] if not token.is_space]
    if entity.label_ not in PERSONS:
        return all(token.lower_ in _ARTICLES | _KINDS for token in front)
    others = {token.i for other in inside if other.label_ not in PERSONS for token in other}
    return all(_is_title(token, others, first=token.i == phrase.start) for token in front)


def _is_title(token: Token, others: set[int], *, first: bool) -> bool:
    """Whether a word in front of a person's name is title, role or the body it belongs to."""
    if token.i in others or token.lower_ in _ARTICLES | _ROLES or token.text in ("'s", "’s", "-", ","):
        return True
    return token.is_title and not first
