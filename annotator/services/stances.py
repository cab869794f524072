"""Holders and targets offered for a stance, likeliest first, for cycling with H and T.

Rules offer the subject, the speaker, names before noun phrases before pronouns (`stance_rules`); stretches
beside them are looked at, too. The order is that of weights learned from 8,600 labelled stances
(`stance_signs`), for English news; where no sign is known, as in other languages, it is that of the rules.

Of 619 stances in news that nothing was learned from, four keys make 51 % (by the rules alone 34 %): the
holder is right at once in 70 % and among the first three in 85 % (57, 74), the target in 46 % and 74 % (41,
58). Of the 315 in the sample's articles four keys make 73 % (61), three of the hundred since the words of the
holder are not offered for the target.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from math import exp
from typing import Any

from annotator.domain.frozen import frozen
from annotator.domain.marks import Part, Shown
from annotator.domain.text import Span
from annotator.places import resource
from annotator.services import stance_rules
from annotator.services.clauses import is_judgement, is_passive
from annotator.services.phrases import PRONOUN, without_determiner
from annotator.services.stance_rules import REACH
from annotator.services.stance_signs import Signs, Which, score

__all__ = ["REACH", "Offers", "Weights", "holder_candidates", "target_candidates"]

_MOST = 12  # more than this is no longer cycled through but selected by hand
_LEAST = 0.02  # of all that is likely, that a stretch must have which no rule offers
_SPEAKERS = frozenset({"i", "we", "me", "us", "myself", "ourselves"})
_RULES: Mapping[Which, Callable[[str, Sequence[Shown], Span], list[Part]]] = {
    "holder": stance_rules.holder_candidates,
    "target": stance_rules.target_candidates,
}


@frozen
class Weights:
    """What was learned: the words that count as themselves, and what each sign of a part weighs."""

    frequent: frozenset[str]
    holder: Mapping[str, float]
    target: Mapping[str, float]

    def of(self, which: Which) -> Mapping[str, float]:
        return self.holder if which == "holder" else self.target


def holder_candidates(
    text: str, shown: Sequence[Shown], evidence: Span, *, target: Part | None = None
) -> list[Part]:
    """Whose position `evidence` may show, likeliest first, each wording once and none the target’s.

    `shown` is sorted by span. Empty when the text around offers nobody.
    """
    return _ordered(text, shown, evidence, "holder", target)


def target_candidates(
    text: str, shown: Sequence[Shown], evidence: Span, *, holder: Part | None = None
) -> list[Part]:
    """What `evidence` may be about, likeliest first, each wording once and none the holder’s.

    `shown` is sorted by span. Whoever speaks as “I” or “we” comes after anything else.
    """
    return _ordered(text, shown, evidence, "target", holder)


class Offers:
    """All that could be one part of a stance, with its signs."""

    def __init__(
        self, text: str, shown: Sequence[Shown], evidence: Span, which: Which, frequent: frozenset[str]
    ) -> None:
        sentence = stance_rules.sentence_around(text, evidence)
        entities = stance_rules.entities_in(shown, sentence)
        signs = Signs(
            text,
            evidence,
            sentence,
            entities,
            which=which,
            frequent=frequent,
            passive=is_passive(text, evidence),
            judgement=is_judgement(text, evidence),
        )
        ruled = _RULES[which](text, shown, evidence)
        names = {entity.span: entity.name for entity in entities}
        self.parts = list(ruled)
        known = {part.span for part in ruled}
        for span in signs.stretches():
            if span not in known:
                known.add(span)
                self.parts.append(Part(span, names.get(span)))
        self.ruled = len(ruled)
        self.signs = [
            signs.of(part.span, place if place < self.ruled else None)
            for place, part in enumerate(self.parts)
        ]


def _ordered(
    text: str, shown: Sequence[Shown], evidence: Span, which: Which, other: Part | None
) -> list[Part]:
    weights = _weights()
    offers = Offers(text, shown, evidence, which, weights.frequent)
    scores = [score(signs, weights.of(which)) for signs in offers.signs]
    if not scores:
        return []
    most = max(scores)
    whole = sum(exp(each - most) for each in scores)
    likely = [
        place
        for place, each in enumerate(scores)
        if place < offers.ruled or exp(each - most) > _LEAST * whole
    ]
    likely.sort(key=lambda place: -scores[place])
    if which == "holder" and offers.ruled and _is_pronoun(text, offers.parts[likely[0]]):
        likely.remove(0)  # whom a pronoun stands for comes before it
        likely.insert(0, 0)
    if which == "target":
        likely.sort(key=lambda place: _is_speaker(text, offers.parts[place]))
    found: dict[str, Part] = {}
    for place in likely:
        part = offers.parts[place]
        words = _wording(text, part)
        if other and (words == _wording(text, other) or (part.name and part.name == other.name)):
            continue
        if words not in found or (part.name and not found[words].name):
            found[words] = part
    return list(found.values())[:_MOST]


def _wording(text: str, part: Part) -> str:
    return without_determiner(part.span.of(text)).casefold()


def _is_speaker(text: str, part: Part) -> bool:
    return part.span.of(text).casefold() in _SPEAKERS


def _is_pronoun(text: str, part: Part) -> bool:
    return PRONOUN.fullmatch(part.span.of(text)) is not None


@cache
def _weights() -> Weights:
    found: dict[str, Any] = json.loads(resource("offers", "en.json").read_text("utf-8"))
    return Weights(frozenset(found["frequent"]), found["holder"], found["target"])
