"""English phrases by rule: simple noun phrases, pronouns, speaking verbs, quotations. Pure string work."""

import re

from annotator.domain.text import Span

_DETERMINERS = (
    "the|a|an|this|these|those|his|her|its|their|our|my|your|any|all"
    "|some|both|more|no|every|each|most|many|several"
)
# Words that no noun phrase of ours goes on over.
_STOP_WORDS = """
about above across after against also among and around as at because before behind below beside between
but by despite down during even except for from has had have he her him if in inside into is it its may
me might must near nor not of off on onto or our out outside over own per she should since so than that
the their them then there they this through till to toward towards under until up upon us was we were
what when where whether which while who whom whose why will with within without would you your are be
been being can could did do does i yet again already just never now only still too such both met held
took gave made left got sent won lost began went came says wants saw knew thought told said speaks seeks
fears backs hopes needs plans calls rejects supports opposes welcomes condemns denies warns urges vows
vowed agrees refuses accuses blames
"""
_STOPS = frozenset(_STOP_WORDS.split())
_WORD = re.compile(r"[^\W_]+(?:[’'\-.&][^\W_]+)*")
DETERMINERS = frozenset(_DETERMINERS.split("|"))
_LEADING = re.compile(rf"(?:{_DETERMINERS})\s+", re.IGNORECASE)
_DETERMINED = re.compile(rf"\b(?:{_DETERMINERS})\b", re.IGNORECASE)
# A bare plural stands where a phrase can start: at the sentence's start, after punctuation or a small word.
_BARE_PLURAL = re.compile(
    r"(?:(?<=[,;:(“\"‘—–])|(?<=[,;:—–] )|\b(?:and|or|but|by|of|for|from|with|to|against"
    r"|on|in|among|between|that|as|than)\s)\s*((?:[^\W\d_A-Z]+-)?[^\W\d_A-Z]{3,}[^su\W\d_A-Z]s)\b"
)
_FIRST_PLURAL = re.compile(r"[\"“‘]?([^\W\d_]{3,}[^su\W\d_]s)\b")
PRONOUN = re.compile(
    r"\b(?:he|she|they|it|we|i|who|him|her|them|us|me|himself|herself|itself|themselves)\b", re.IGNORECASE
)
SPEAKING = re.compile(
    r"\baccording to\b|\b(?:said|says|saying|told|tells|telling|added|adds|argued|argues|claimed|claims|"
    r"insisted|insists|stated|states|declared|declares|wrote|writes|tweeted|warned|warns|announced|announces|"
    r"explained|explains|noted|notes|suggested|suggests|suggesting|replied|replies|repeated|repeats|stressed|stresses|"
    r"asked|asks|answered|maintained|maintains|testified|acknowledged|acknowledges|commented|remarked)\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"“[^”]*(?:”|\Z)|\"[^\"]*(?:\"|\Z)|«[^»]*(?:»|\Z)|„[^“”]*[“”]")
_LONGEST = 4


def without_determiner(phrase: str) -> str:
    """A phrase from behind its determiner on; the whole of one that is nothing else."""
    found = _LEADING.match(phrase)
    return phrase[found.end() :] if found and found.end() < len(phrase) else phrase


def noun_phrases(text: str, within: Span) -> list[Span]:
    """Determiner and up to four words after it, and bare plurals, in reading order, never overlapping."""
    found: list[Span] = []
    at = within.start
    while (head := _DETERMINED.search(text, at, within.end)) is not None:
        end = _phrase_end(text, head.end(), within.end)
        if end is not None:
            found.append(Span(head.start(), end))
        at = end if end is not None else head.end()
    plurals = [match.span(1) for match in _BARE_PLURAL.finditer(text, within.start, within.end)]
    first = _FIRST_PLURAL.match(text, within.start, within.end)
    if first is not None:
        plurals.append(first.span(1))
    for start, end in plurals:
        span = Span(start, end)
        if span.of(text).casefold() not in _STOPS and not any(span.overlaps(other) for other in found):
            found.append(span)
    return sorted(found)


def _phrase_end(text: str, at: int, end: int) -> int | None:
    """Where the phrase that a determiner opened ends; None if no noun follows it."""
    last: int | None = None
    for count in range(_LONGEST):
        gap = re.compile(r"[ \t\u00a0\u202f]+").match(text, at, end)
        word = _WORD.match(text, gap.end(), end) if gap else None
        if word is None or _stops(word[0], first=count == 0):
            break
        at = last = word.end()
    return last


def _stops(word: str, *, first: bool) -> bool:
    """Whether a noun phrase ends before the word. "the proposed truce" goes on, "the army proposed" ends."""
    lower = word.casefold()
    if lower in _STOPS or SPEAKING.fullmatch(lower):
        return True
    return not first and lower == word and lower.endswith(("ed", "ly", "ing"))


def pronouns(text: str, within: Span) -> list[Span]:
    return [Span(*match.span()) for match in PRONOUN.finditer(text, within.start, within.end)]


def speaking_verbs(text: str, within: Span) -> list[Span]:
    """Forms of say, tell, claim ..., and "according to"."""
    return [Span(*match.span()) for match in SPEAKING.finditer(text, within.start, within.end)]


def quotations(text: str, start: int, end: int) -> list[Span]:
    """The quoted stretches of a paragraph with their marks; one left open goes on to the paragraph's end."""
    return [Span(*match.span()) for match in _QUOTE.finditer(text, start, end)]
