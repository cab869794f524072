"""Which marks of two readings of one article belong together, and in what they agree."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from annotator.agreement.matching import Pair, heaviest, in_order, overlapping, shared
from annotator.agreement.phrases import core
from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Mark, Part, Stance
from annotator.domain.text import Span, paragraphs, sentences


@frozen
class EntityPair:
    """An entity of each reading that stand for the same; one is None where the other has no counterpart."""

    gold: Entity | None
    found: Entity | None

    @property
    def mark(self) -> Entity:
        """The gold one if there is one."""
        mark = self.gold or self.found
        assert mark is not None
        return mark

    @property
    def same_label(self) -> bool:
        """They overlap and say the same."""
        return self.gold is not None and self.found is not None and self.gold.label == self.found.label

    @property
    def strict(self) -> bool:
        """Span and label are equal."""
        if self.gold is None or self.found is None:
            return False
        return (self.gold.span, self.gold.label) == (self.found.span, self.found.label)


@frozen
class StancePair:
    """A stance of each reading that stand for the same, or one alone; the rest says in what they agree.

    `evidence`: the evidence overlaps. `holder`, `target`: the phrases overlap, or both are missing.
    """

    gold: Stance | None
    found: Stance | None
    evidence: bool = False
    polarity: bool = False
    holder: bool = False
    target: bool = False

    @property
    def mark(self) -> Stance:
        """The gold one if there is one."""
        mark = self.gold or self.found
        assert mark is not None
        return mark

    @property
    def whole(self) -> bool:
        """Polarity, holder and target agree; that evidence or sentence do, too, has made them a pair."""
        return self.polarity and self.holder and self.target


@frozen
class Compared:
    """Two readings of one article, mark by mark in the order of the text."""

    entities: tuple[EntityPair, ...]
    stances: tuple[StancePair, ...]


def compare(text: str, gold: Iterable[Mark], found: Iterable[Mark], zones: Sequence[Span] = ()) -> Compared:
    """Pairs the marks of two readings. A mark of which a code point lies in a zone does not count."""
    readings = [_outside(marks, zones) for marks in (gold, found)]
    entities = [[mark for mark in marks if isinstance(mark, Entity)] for marks in readings]
    stances = [[mark for mark in marks if isinstance(mark, Stance)] for marks in readings]
    return Compared(tuple(entity_pairs(*entities)), tuple(stance_pairs(*stances, text=text)))


def entity_pairs(gold: Iterable[Entity], found: Iterable[Entity]) -> list[EntityPair]:
    """Equal entities first; of the rest those that overlap, chosen so that as many as possible have the same
    label, then so that as many as possible are paired, then for equal and for similar spans.
    """
    pairs, left_gold, left_found = _equal(sorted(gold, key=_entity_order), sorted(found, key=_entity_order))
    spans = [[mark.span for mark in marks] for marks in (left_gold, left_found)]
    most = min(len(left_gold), len(left_found))
    weights: dict[Pair, int] = {}
    for a, b in overlapping(*spans):
        one, other = left_gold[a], left_found[b]
        criteria = (one.label == other.label, 1, one.span == other.span, shared(one.span, other.span))
        weights[a, b] = in_order(criteria, pairs=most)
    matched = heaviest(weights)
    alone = _unpaired(len(left_gold), len(left_found), matched)
    pairs += [EntityPair(left_gold[a], left_found[b]) for a, b in matched]
    pairs += [EntityPair(left_gold[a], None) for a in alone[0]]
    pairs += [EntityPair(None, left_found[b]) for b in alone[1]]
    return sorted(pairs, key=lambda pair: _entity_order(pair.mark))


def stance_pairs(gold: Iterable[Stance], found: Iterable[Stance], *, text: str) -> list[StancePair]:
    """Stances can be a pair if their evidence overlaps, or if it begins in the same sentence and holder and
    target agree. Pairs are chosen so that as many as possible are whole, then have overlapping evidence,
    then agree in polarity, in holder, in target, and then for similar evidence.
    """
    golds, founds = sorted(gold, key=_stance_order), sorted(found, key=_stance_order)
    candidates = _candidates(golds, founds, text)
    possible = {(a, b): _judged(golds[a], founds[b], text) for a, b in candidates}
    most = min(len(golds), len(founds))
    weights: dict[Pair, int] = {}
    for (a, b), pair in possible.items():
        criteria = (pair.whole, pair.evidence, pair.polarity, pair.holder, pair.target)
        weights[a, b] = in_order((*criteria, shared(golds[a].span, founds[b].span)), pairs=most)
    matched = heaviest(weights)
    alone = _unpaired(len(golds), len(founds), matched)
    pairs = [possible[each] for each in matched]
    pairs += [StancePair(golds[a], None) for a in alone[0]]
    pairs += [StancePair(None, founds[b]) for b in alone[1]]
    return sorted(pairs, key=lambda pair: _stance_order(pair.mark))


def _outside(marks: Iterable[Mark], zones: Sequence[Span]) -> list[Mark]:
    marks = list(marks)
    touching = {n for n, _ in overlapping([mark.span for mark in marks], zones)}
    return [mark for n, mark in enumerate(marks) if n not in touching]


def _candidates(gold: Sequence[Stance], found: Sequence[Stance], text: str) -> set[Pair]:
    pairs = set(overlapping([mark.span for mark in gold], [mark.span for mark in found]))
    if not gold or not found:
        return pairs
    sentence_of = sentences_at(text, {mark.span.start for mark in (*gold, *found)})
    beside: defaultdict[int, list[int]] = defaultdict(list)
    for n, mark in enumerate(found):
        beside[sentence_of[mark.span.start]].append(n)
    for n, mark in enumerate(gold):
        for other in beside[sentence_of[mark.span.start]]:
            judged = _judged(mark, found[other], text)
            if judged.holder and judged.target:
                pairs.add((n, other))
    return pairs


def sentences_at(text: str, offsets: Iterable[int]) -> dict[int, int]:
    """The number of the sentence of each offset, counted from the start of the text."""
    starts = [span.start for start, end in paragraphs(text) for span in sentences(text, start, end)]
    return {offset: bisect_right(starts, offset) for offset in offsets}


def _judged(gold: Stance, found: Stance, text: str) -> StancePair:
    return StancePair(
        gold,
        found,
        evidence=gold.span.overlaps(found.span),
        polarity=gold.label == found.label,
        holder=_agree(text, gold.holder, found.holder),
        target=_agree(text, gold.target, found.target),
    )


def _agree(text: str, one: Part | None, other: Part | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.span.overlaps(other.span) and core(text, one.span).overlaps(core(text, other.span))


def _equal(
    gold: Sequence[Entity], found: Sequence[Entity]
) -> tuple[list[EntityPair], list[Entity], list[Entity]]:
    """The pairs of equal entities, and what is left of both sides."""
    waiting: defaultdict[tuple[Span, str], list[Entity]] = defaultdict(list)
    for mark in reversed(found):
        waiting[mark.span, mark.label].append(mark)
    pairs, left = [], []
    for mark in gold:
        if equals := waiting.get((mark.span, mark.label)):
            pairs.append(EntityPair(mark, equals.pop()))
        else:
            left.append(mark)
    return pairs, left, sorted((mark for marks in waiting.values() for mark in marks), key=_entity_order)


def _unpaired(golds: int, founds: int, matched: Sequence[Pair]) -> tuple[list[int], list[int]]:
    """The numbers of both sides that are in no pair."""
    paired = {a for a, _ in matched}, {b for _, b in matched}
    return [n for n in range(golds) if n not in paired[0]], [n for n in range(founds) if n not in paired[1]]


def _entity_order(mark: Entity) -> tuple[Span, str, str]:
    return mark.span, mark.label, mark.name or ""


def _stance_order(mark: Stance) -> tuple[Span, str, tuple[int, int], tuple[int, int]]:
    return mark.span, mark.label, _edges(mark.holder), _edges(mark.target)


def _edges(part: Part | None) -> tuple[int, int]:
    return (part.span.start, part.span.end) if part else (-1, -1)
