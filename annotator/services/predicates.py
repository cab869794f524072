"""What an English predicate is about, by rule: its object without verbs, particles and helping words.

Pure string work on the words of the evidence, which begins with the predicate more often than not.
"""

import re
from collections.abc import Sequence

from annotator.domain.frozen import frozen
from annotator.domain.text import Span
from annotator.services.phrases import DETERMINERS

_WORD = re.compile(r"[^\W_]+(?:[’'\-.,&][^\W_]+)*")
_HELPING_WORDS = """
is are was were be been being has have had having do does did will would shall should can could may might
must cannot not never no longer also still again now only just even already always yet to s re ve
consistently ready willing prepared determined able unable unwilling reluctant eager going due keen
"""
_HELPING = frozenset(_HELPING_WORDS.split())
# Helping words where an infinitive follows: “tried to {…}”, but “tried the suspects”.
_TRYING_WORDS = """
set trying try tries tried continue continues continued continuing begin begins began begun start started
seek seeks sought seeking
"""
_TRYING = frozenset(_TRYING_WORDS.split())
# Verbs that want what their infinitive says: "refused to {send troops}".
_AHEAD_WORDS = """
will would ll to won't won’t wouldn't wouldn’t
"""
_AHEAD = frozenset(_AHEAD_WORDS.split())
_WANTS_WORDS = """
want wants wanted wanting plan plans planned planning agree agrees agreed agreeing refuse refuses refused
refusing promise promises promised promising pledge pledges pledged pledging vow vows vowed vowing decide
decides decided expect expects expected hope hopes hoped intend intends intended offer offers offered
offering decline declines declined threaten threatens threatened need needs needed fail fails failed like
prefer prefers swear swore attempt attempts attempted attempting choose chose work works worked working move
moves moved struggle struggled fight fought commit committed aim aims aimed hesitate hesitated love bid
pushing pushed
"""
_WANTS = frozenset(_WANTS_WORDS.split())
# Infinitives that are themselves for or against what follows: "vowed to stop {the attacks}".
_TAKES_WORDS = """
support help back stop end prevent fight oppose protest protect criticize criticise denounce condemn defend
promote avoid combat block ban reject resist curb reduce cut restore improve boost strengthen save rescue
defeat destroy kill attack punish undermine encourage endorse join demand request seek pursue overturn
abolish prohibit convince persuade urge press pressure demonstrate limit tackle eradicate dismantle disarm
arrest safeguard secure ensure obstruct halt celebrate mourn investigate probe
"""
_TAKES = frozenset(_TAKES_WORDS.split())
_BLAMES_WORDS = """
accuse accuses accused accusing blame blames blamed blaming charge charges charged charging thank thanks
thanked thanking praise praises praised praising criticize criticizes criticized criticizing condemn
condemns condemned condemning recognize recognizes recognized view views viewed describe describes described
describing hailed hail credit credits credited fault faults faulted denounce denounces denounced regard
regards regarded
"""
_BLAMES = frozenset(_BLAMES_WORDS.split())
_ASKS_WORDS = """
urge urges urged urging ask asks asked asking tell tells told warn warns warned order orders ordered
ordering persuade convince allow allows allowed force forces forced press pressed pressing invite invites
invited encourage encourages encouraged encouraging advise advised require requires required help helps
helped call calls called calling want wants wanted pressure pressured appeal appeals appealed
"""
_ASKS = frozenset(_ASKS_WORDS.split())
_BEFORE_OBJECT_WORDS = """
for to on against with of over about in into out up down off at from by behind away back upon toward towards
around through forward that
"""
_BEFORE_OBJECT = frozenset(_BEFORE_OBJECT_WORDS.split())
# Nouns that say the position; what it is about follows a preposition: "expressed concern about {the deal}".
_POSITIONS_WORDS = """
support opposition concern concerns worry worries confidence doubt doubts hope hopes fear fears anger
outrage sympathy regret condolences thanks gratitude interest satisfaction disappointment appreciation
solidarity criticism complaint complaints charges charge accusations allegations sanctions ban embargo war
campaign attack attacks raid raids strike strikes protest protests demonstration demonstrations boycott
objection objections objected approval backing blessing welcome praise tribute respect weight fire blame
responsibility credit threat threats warning appeal call calls request demand demands end halt stop talks
preference commitment readiness willingness desire determination plan plans pressure crackdown operation
offensive action measures fight struggle efforts effort bid vote votes reservations position view stance
lawsuit suit case
"""
_POSITIONS = frozenset(_POSITIONS_WORDS.split())
_POSITION_BY_WORDS = """
for against on to in of about over with at by into toward towards behind from
"""
_POSITION_BY = frozenset(_POSITION_BY_WORDS.split())


@frozen
class _Words:
    words: list[str]
    spans: list[Span]


def objects_of(text: str, evidence: Span, names: Sequence[Span]) -> list[Span]:
    """What a predicate may be about, likeliest first, each to the end of the evidence.

    `names` are the entities in it: none of their words is taken for a verb.
    """
    found: list[Span] = []
    words = _words(text, evidence, names)
    at = _helped(words, 0)
    if at >= len(words.words):
        return []
    if words.words[0] in DETERMINERS:
        starts = _behind_noun(words)
    elif any(word in _AHEAD for word in words.words[:at]) and words.words[at] not in _TAKES | _WANTS:
        starts = [at, *_starts(words, at)]
    else:
        starts = _starts(words, at)
    for start in starts:
        if 0 < start < len(words.words):
            span = Span(words.spans[start].start, evidence.end)
            if span not in found:
                found.append(span)
    return [*_blamed(words, at), *found]


def _blamed(words: _Words, at: int) -> list[Span]:
    """Who is accused, blamed or thanked, without what for."""
    if words.words[at] not in _BLAMES:
        return []
    for n in range(at + 2, len(words.words)):
        if words.words[n] in ("of", "for", "as", "over"):
            return [Span(words.spans[at + 1].start, words.spans[n - 1].end)]
    return []


def _behind_noun(words: _Words) -> list[int]:
    """Of evidence that is a noun phrase: behind its prepositions, “the assassination of {the president}”."""
    return [
        n + 1
        for n, word in enumerate(words.words)
        if word in ("of", "on", "against", "for", "to", "with", "in")
    ]


def _words(text: str, evidence: Span, names: Sequence[Span]) -> _Words:
    words: list[str] = []
    spans: list[Span] = []
    for match in _WORD.finditer(text, evidence.start, evidence.end):
        named = any(name.start <= match.start() < name.end for name in names)
        words.append(match[0] if named else match[0].casefold())
        spans.append(Span(*match.span()))
    return _Words(words, spans)


def _helped(words: _Words, at: int) -> int:
    """Behind helping words and adverbs."""
    while at < len(words.words) and (
        words.words[at] in _HELPING
        or _is_adverb(words.words[at])
        or (words.words[at] in _TRYING and words.words[at + 1 : at + 2] == ["to"])
    ):
        at += 1
    return at


def _is_adverb(word: str) -> bool:
    return (word.endswith("ly") and len(word) > 4 and word == word.casefold()) or word.endswith(
        ("n't", "n’t")
    )


def _starts(words: _Words, at: int) -> list[int]:
    """Where objects of the verb at a word may start, likeliest first."""
    verb, rest = words.words[at], words.words[at + 1 :]
    starts: list[int] = []
    if verb in _TAKES or verb not in _WANTS | _ASKS:
        starts += _after_verb(words, at + 1)
    infinitive = next((n for n, word in enumerate(rest) if word == "to"), None)
    if infinitive is not None and (verb in _WANTS or verb in _ASKS or infinitive == 0):
        inner = _helped(words, at + 1 + infinitive)
        if inner < len(words.words):
            if words.words[inner] in _TAKES:
                starts = [*_after_verb(words, inner + 1), inner, *starts]
            else:
                starts = [inner, *_after_verb(words, inner + 1), *starts]
    starts += _after_verb(words, at + 1)
    return starts


def _is_count(words: _Words, at: int) -> bool:
    """Whether a word belongs to a number behind it: “about 45 people”, “up to 4,000”."""
    return any(word[0].isdigit() for word in words.words[at + 1 : at + 3]) and words.words[at] in (
        "about",
        "over",
        "up",
    )


def _after_verb(words: _Words, at: int) -> list[int]:
    """Behind adverbs, particles, and a noun that says the position."""
    first = at
    while (
        first < len(words.words)
        and not _is_count(words, first)
        and (_is_adverb(words.words[first]) or words.words[first] in _BEFORE_OBJECT | _HELPING)
    ):
        first += 1
    if first < len(words.words) and words.words[first] == "and" and first + 1 < len(words.words):
        return _after_verb(words, first + 2)  # "shot and killed {two men}"
    for n in range(first, min(first + 4, len(words.words) - 2)):
        if words.words[n] in _POSITIONS and words.words[n + 1] in _POSITION_BY:
            behind = n + 2
            while behind < len(words.words) and words.words[behind] in (
                "to",
                "by",
                "against",
                "end",
                "ending",
            ):
                behind += 1
            return [behind, first]
    return [first]
