"""Canonical names within an article: "Lavrov" is "Sergei Lavrov" there, "AU" the "African Union"."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from spacy.tokens import Doc, Span

PERSONS = frozenset({"PERSON", "PER"})
_NAMELESS = PERSONS | {"DATE", "TIME", "NORP"}  # what an acronym never stands for
PARTICLES = frozenset({"II", "III", "IV", "Jr.", "Jr", "Sr.", "Sr"})
HONORIFICS = frozenset({"Mr.", "Mr", "Mrs.", "Mrs", "Ms.", "Ms", "Miss"})
_TITLES = HONORIFICS | {"President", "Premier", "Minister", "Chairman", "Dr.", "Dr", "Senator", "Secretary"}
_POSSESSIVE = re.compile(r"(?:(?<=\w)['’]s|(?<=s)['’])$")
_NICKNAME_MARKS = frozenset({"or", "known", "as", "called", "abbreviated"})

Place = tuple[int, int]  # of an entity in tokens, half-open
Words = tuple[str, ...]


def names_of(doc: Doc) -> dict[Place, str]:
    """The canonical names of the entities that are called otherwise where they stand.

    A surname with one bearer in the article has the full name most mentions of that bearer have; a first
    name alone has none. An acronym has the long form that the article puts beside it, or else the one of
    its entities of the same label whose initials it is.
    """
    people, long_forms = _people(doc), _long_forms(doc)
    found: dict[Place, str] = {}
    for entity in doc.ents:
        name = _person(doc, entity, people) if entity.label_ in PERSONS else _long_form(entity, long_forms)
        if name and name != entity.text:
            found[entity.start, entity.end] = name
    return found


def plain(entity: Span) -> str:
    """The words of an entity without article, possessive and, if it is a person, title."""
    words = _POSSESSIVE.sub("", entity.text.strip()).split()
    skipped = _TITLES if entity.label_ in PERSONS else {"the", "The"}
    while len(words) > 1 and words[0] in skipped:
        del words[0]
    return " ".join(words)


def _key(name: str) -> Words:
    return tuple(word.casefold() for word in name.split() if word not in PARTICLES)


def _people(doc: Doc) -> dict[Words, Counter[str]]:
    """How often each full name is written how, by the first and last word of the name."""
    full: defaultdict[Words, Counter[str]] = defaultdict(Counter)
    for entity in doc.ents:
        if entity.label_ in PERSONS and len(key := _key(plain(entity))) > 1:
            full[key[0], key[-1]][plain(entity)] += 1
    return full


def _person(doc: Doc, entity: Span, people: Mapping[Words, Counter[str]]) -> str | None:
    own = _key(plain(entity))
    if not own:
        return None
    bearers = [
        (ends, names)
        for ends, names in people.items()
        if any(len(own) < len(key) and key[-len(own) :] == own for key in map(_key, names))
    ]
    if not bearers and len(own) > 1:
        names = people[own[0], own[-1]]
        return _usual(names) if _one_person(names) else None
    if not bearers and entity.start and doc[entity.start - 1].text in _TITLES:
        # Where the family name comes first: "Mr. Hu" is Hu Jintao.
        bearers = [(ends, names) for ends, names in people.items() if ends[0] == own[0]]
    if len(bearers) != 1 or not _one_person(bearers[0][1]):
        return None
    return _usual(bearers[0][1])


def _one_person(names: Counter[str]) -> bool:
    """Whether no two of the full names have middle names of their own (George W. and George H.W. Bush)."""
    return len({_initials_of(middle) for name in names if (middle := _key(name)[1:-1])}) < 2


def _initials_of(words: Words) -> str:
    """The first letters; a word with points is initials already."""
    return "".join(_letters(word) if "." in word else word[0] for word in words)


def _usual(names: Counter[str]) -> str:
    """The name most mentions have, the longest of several; capitals throughout are a headline's."""
    return max(names, key=lambda name: (not name.isupper(), names[name], len(name)))


def _long_forms(doc: Doc) -> dict[Words, str]:
    """The long form of each acronym and label, of the acronym alone where the article declares it."""
    told: defaultdict[Words, Counter[str]] = defaultdict(Counter)
    for short, full in declared(doc):
        told[(_letters(short.text),)][plain(full)] += 1
    for entity in doc.ents:
        if entity.label_ not in _NAMELESS:
            for letters in _initials(plain(entity)):
                told[letters, entity.label_][plain(entity)] += 1
    return {key: name for key, names in told.items() if (name := _most(names))}


def _most(names: Counter[str]) -> str | None:
    """The commonest, None if two are."""
    first, *rest = names.most_common(2)
    return None if rest and rest[0][1] == first[1] else first[0]


def _long_form(entity: Span, long_forms: Mapping[Words, str]) -> str | None:
    if entity.label_ in _NAMELESS or not is_acronym(plain(entity)):
        return None
    letters = _letters(plain(entity))
    return long_forms.get((letters,)) or long_forms.get((letters, entity.label_))


def declared(doc: Doc) -> Iterator[tuple[Span, Span]]:
    """Acronyms and the long forms beside them: "X (ABC)", "ABC (X)", "ABC, the X", "X, or ABC"."""
    begins = {entity.start: entity for entity in doc.ents}
    for entity in doc.ents:
        if entity.label_ in _NAMELESS:
            continue
        behind = [token.text for token in doc[entity.end : entity.end + 6]]
        if is_acronym(plain(entity)):
            full = _behind(doc, begins, entity, behind)
            if full is not None:
                yield Span(doc, entity.start, entity.end, label=full.label_), full
        elif " " in plain(entity) and (at := _short_at(behind, plain(entity))):
            short = entity.end + at
            yield Span(doc, short, short + 1, label=entity.label_), entity


def _behind(doc: Doc, begins: Mapping[int, Span], short: Span, behind: Sequence[str]) -> Span | None:
    """The long form that follows an acronym in brackets, or behind a comma if it has those initials."""
    if behind[:1] not in (["("], [","]):
        return None
    at = short.end + 1 + (behind[1:2] == ["the"])
    full = begins.get(at) or begins.get(short.end + 1)
    if full is None or " " not in plain(full) or full.label_ in _NAMELESS:
        return None
    if behind[0] == "(":
        return full if full.end < len(doc) and doc[full.end].text == ")" else None
    return full if _letters(short.text) in _initials(plain(full)) else None


def _short_at(behind: Sequence[str], full: str) -> int:
    """How far behind a long form its acronym stands, 0 if none does."""
    if behind[:1] == ["("] and behind[2:3] == [")"] and is_acronym(behind[1]):
        return 1
    if behind[:1] == [","]:
        for at, word in enumerate(behind[1:], start=1):
            if is_acronym(word):
                return at if at > 1 or _letters(word) in _initials(full) else 0
            if word not in _NICKNAME_MARKS:
                break
    return 0


def is_acronym(word: str) -> bool:
    """Whether it is two to eight capitals, with points or without."""
    letters = _letters(word)
    return 1 < len(letters) < 9 and letters.isalnum() and letters.isupper() and " " not in word


def _letters(word: str) -> str:
    return word.replace(".", "")


def _initials(name: str) -> set[str]:
    """What a name of several words may be shortened to: the initials of its capitals, and of all words."""
    words = [word for word in re.split(r"[\s\-–]+", name) if word[:1].isalpha()]
    if len(words) < 2 or any(is_acronym(word) or len(_letters(word)) < 2 for word in words):
        return set()
    return {
        "".join(word[0] for word in words if word[0].isupper()),
        "".join(word[0].upper() for word in words),
    }
