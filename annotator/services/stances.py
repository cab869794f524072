"""Holders and targets offered for a stance, likeliest first, for cycling with H and T.

Pure string work over the marks on the screen, in the order of the guidelines: in the sentence of the evidence
a name before a noun phrase before a pronoun, whoever speaks before whoever is merely near; a quotation
belongs to its speaker; earlier sentences only replace a pronoun.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from annotator.domain.marks import Entity, Part, Shown
from annotator.domain.text import Span, paragraph_at, sentence_at
from annotator.services.phrases import noun_phrases, pronouns, quotations, speaking_verbs, without_predicate

_HOLDERS = frozenset({"PERSON", "ORG", "GPE", "NORP"})
_NOT_TARGETS = frozenset({"DATE"})
# More than this is no longer cycled through but selected by hand.
_MOST = 12
# Names are looked for in this many code points before the sentence, and speakers around the paragraph.
_BACK = 3_000
REACH = 20_000  # code points around the evidence within which marks are worth handing in
# A subject stands right before its verb: "Kuleba said", "Kuleba has also said".
_NEAR_VERB = re.compile(r"(?:\s+(?:has|have|had|also|again|later|then|\w+ly)){0,3}\s+\Z")
_VERB_FIRST = re.compile(r"\s+(?:by\s+|the\s+|a\s+)?(?:[\w-]+\s+){0,3}\Z")
_BOUND = re.compile(
    r"\b(?:in|at|near|of|from|with|to|for|against|on|over|about|into|inside)\s+\Z", re.IGNORECASE
)
_ASIDE = re.compile(r",[^,]*,\s*\Z")
# "Vane, who leads the league, rejected the plan": whoever stands before the clause did.
_CLAUSE = re.compile(r",\s+(?:who|whose|whom|which)\b[^,]*,\s*\Z")


@dataclass(frozen=True, slots=True)
class _Mention:
    """What could be a holder or a target; `rank` 0 is a name, 1 a noun phrase, 2 a pronoun."""

    part: Part
    rank: int

    @property
    def span(self) -> Span:
        return self.part.span


def holder_candidates(text: str, shown: Sequence[Shown], evidence: Span) -> list[Part]:
    """Whose position `evidence` may show, likeliest first, each wording once.

    `shown` is sorted by span. Empty when the text around offers nobody.
    """
    sentence = _sentence(text, evidence)
    names = _names(shown, sentence, _HOLDERS)
    mentions = [mention for mention in _mentions(text, names, sentence) if mention.span.end <= evidence.start]
    speakers = _speakers(text, _mentions(text, names, sentence), sentence, evidence)
    quoted = _quotation_speakers(text, shown, evidence)
    # "In Paris, the union refused": what hangs on a preposition is rarely who holds anything.
    free = [mention for mention in mentions if not _is_bound(text, mention, sentence, evidence)]
    bound = [mention for mention in mentions if mention not in free]
    clause = _CLAUSE.search(text, sentence.start, evidence.start)
    heads = [mention for mention in free if clause and mention.span.end == clause.start()]
    inner = _subjects(text, free, sentence, evidence)

    ordered: list[_Mention] = []
    for rank in (0, 1):
        ordered += _of_rank(heads, rank)
        ordered += _of_rank(inner, rank)
        if rank == 0:
            ordered += quoted
        ordered += _of_rank(speakers, rank)
        ordered += _of_rank(_nearest(free, evidence), rank)
    spoken = _of_rank(_nearest(free, evidence), 2)
    earlier = _nearest(
        _names(shown, Span(max(0, sentence.start - _BACK), sentence.start + 1), _HOLDERS), evidence
    )
    # Looking back replaces a pronoun that stands alone; next to a name or a noun phrase it comes last.
    ordered += [*spoken, *earlier] if ordered else [*earlier, *spoken]
    for rank in (0, 1):
        ordered += _of_rank(_nearest(bound, evidence), rank)
    ordered += _nearest(names, evidence)
    beside = _distinct(text, ordered, lambda part: not part.span.overlaps(evidence))
    # A whole sentence or a headline taken as evidence holds its holder.
    inside = [mention for mention in _mentions(text, names, sentence) if evidence.covers(mention.span)]
    return beside or _distinct(text, inside, lambda part: part.span != evidence)


def target_candidates(text: str, shown: Sequence[Shown], evidence: Span) -> list[Part]:
    """What `evidence` may be about, likeliest first, each wording once.

    In the evidence, then after it, then before it in the sentence; names, other phrases, pronouns.
    `shown` is sorted by span.
    """
    sentence = _sentence(text, evidence)
    names = [
        _Mention(Part(mark.span, mark.name), 0)
        for mark in _entities(shown, sentence)
        if mark.label not in _NOT_TARGETS
    ]
    mentions = _mentions(text, names, sentence)
    inside = [mention for mention in mentions if evidence.covers(mention.span) and mention.span != evidence]
    after = [mention for mention in mentions if mention.span.start >= evidence.end]
    before = [mention for mention in mentions if mention.span.end <= evidence.start]
    clause = without_predicate(text, evidence)
    ordered = _of_rank(inside, 0)
    if clause is not None:
        ordered.append(_Mention(Part(clause), 1))
    ordered += _of_rank(inside, 1)
    for group in (after, _nearest(before, evidence)):
        ordered += [*_of_rank(group, 0), *_of_rank(group, 1)]
    for group in (inside, after, _nearest(before, evidence)):
        ordered += _of_rank(group, 2)
    return _distinct(text, ordered, lambda part: part.span != evidence)


def _sentence(text: str, evidence: Span) -> Span:
    """From the start of the sentence where the evidence starts to the end of the one where it ends."""
    first = _sentence_holding(text, evidence.start)
    last = _sentence_holding(text, evidence.end - 1)
    return Span(min(first.start, evidence.start), max(last.end, evidence.end))


def _sentence_holding(text: str, offset: int) -> Span:
    return sentence_at(text, offset) or Span(offset, offset + 1)


def _entities(shown: Sequence[Shown], within: Span) -> list[Entity]:
    """The entities inside a span, in order, the longer one first of two that start together."""
    start = bisect_left(shown, within.start, key=lambda entry: entry.mark.span.start)
    found: list[Entity] = []
    for entry in (shown[at] for at in range(start, len(shown))):
        if entry.mark.span.start >= within.end:
            break
        if isinstance(entry.mark, Entity) and entry.mark.span.end <= within.end:
            found.append(entry.mark)
    found.sort(key=lambda mark: (mark.span.start, -mark.span.end))
    return found


def _names(shown: Sequence[Shown], within: Span, labels: frozenset[str]) -> list[_Mention]:
    return [
        _Mention(Part(mark.span, mark.name), 0) for mark in _entities(shown, within) if mark.label in labels
    ]


def _mentions(text: str, names: list[_Mention], sentence: Span) -> list[_Mention]:
    """Names, then noun phrases that hold no name, then pronouns, all in reading order."""
    taken = [name.span for name in names]
    phrases = [
        _Mention(Part(span), 1)
        for span in noun_phrases(text, sentence)
        if not any(span.overlaps(name) for name in taken)
    ]
    return sorted(
        [*names, *phrases, *(_Mention(Part(span), 2) for span in pronouns(text, sentence))],
        key=lambda mention: (mention.span.start, -mention.span.end),
    )


def _is_bound(text: str, mention: _Mention, sentence: Span, evidence: Span) -> bool:
    """Whether a mention hangs on a preposition; in "with Paris {refusing}" it is the subject all the same."""
    if not _BOUND.search(text, sentence.start, mention.span.start):
        return False
    refusing = evidence.of(text).split(maxsplit=1)[:1]
    beside = text[mention.span.end : evidence.start].isspace()
    return not (beside and refusing and refusing[0].endswith("ing"))


def _nearest(mentions: Iterable[_Mention], evidence: Span) -> list[_Mention]:
    def distance(mention: _Mention) -> int:
        return max(evidence.start - mention.span.end, mention.span.start - evidence.end)

    return sorted(mentions, key=distance)


def _of_rank(mentions: Iterable[_Mention], rank: int) -> list[_Mention]:
    return [mention for mention in mentions if mention.rank == rank]


def _subjects(text: str, before: list[_Mention], sentence: Span, evidence: Span) -> list[_Mention]:
    """Who stands between the last speaking verb and the evidence: B in "A said that B wants X"."""
    verbs = [verb for verb in speaking_verbs(text, sentence) if verb.end <= evidence.start]
    if not verbs:
        return []
    start = verbs[-1].end
    that = text.rfind(" that ", start, evidence.start)
    start = that if that >= 0 else start
    return _nearest((mention for mention in before if mention.span.start >= start), evidence)


def _speakers(text: str, mentions: list[_Mention], where: Span, evidence: Span) -> list[_Mention]:
    """The subjects of speaking verbs, "according to X" included; the verb nearest to the evidence first."""
    found = []
    for verb in _nearest_spans(speaking_verbs(text, where), evidence):
        if verb.overlaps(evidence):
            continue
        subject = _subject_of(text, mentions, where, verb)
        if subject is not None and not subject.span.overlaps(evidence):
            found.append(subject)
    return found


def _subject_of(text: str, mentions: list[_Mention], where: Span, verb: Span) -> _Mention | None:
    """Who says it: right before the verb or before an aside in commas; else right after ("said Kuleba")."""
    if text[verb.start : verb.end].casefold().startswith("according"):
        return next((mention for mention in mentions if mention.span.start >= verb.end), None)
    for mention in reversed(mentions):
        if mention.span.end > verb.start:
            continue
        gap = text[mention.span.end : verb.start]
        if _NEAR_VERB.match(gap):
            return mention
    aside = _ASIDE.search(text, where.start, verb.start)
    if aside is not None:
        heads = [mention for mention in mentions if mention.span.end == aside.start()]
        if heads:
            return heads[0]
    following = [mention for mention in mentions if mention.span.start >= verb.end]
    if following and _VERB_FIRST.fullmatch(text[verb.end : following[0].span.start]):
        return following[0]
    return None


def _quotation_speakers(text: str, shown: Sequence[Shown], evidence: Span) -> list[_Mention]:
    """If the evidence is quoted: the named speakers of its paragraph, else of the next, else of the last."""
    start, end = paragraph_at(text, evidence.start)
    if not any(quote.covers(evidence) for quote in quotations(text, start, end)):
        return []
    following = _next_paragraph(text, end)
    preceding = paragraph_at(text, len(text[:start].rstrip())) if text[:start].strip() else None
    for bounds in ((start, end), following, preceding):
        if bounds is None or bounds[0] == bounds[1]:
            continue
        where = Span(*bounds)
        outside = [
            name
            for name in _names(shown, where, _HOLDERS)
            if not any(quote.covers(name.span) for quote in quotations(text, *bounds))
        ]
        found = _speakers(text, outside, where, evidence)
        if found:
            return found
    return []


def _next_paragraph(text: str, end: int) -> tuple[int, int] | None:
    """The next paragraph that is not blank."""
    rest = re.compile(r"\S").search(text, end)
    return paragraph_at(text, rest.start()) if rest else None


def _nearest_spans(spans: Iterable[Span], evidence: Span) -> list[Span]:
    return sorted(spans, key=lambda span: max(evidence.start - span.end, span.start - evidence.end))


def _distinct(text: str, ordered: Iterable[_Mention], fits: Callable[[Part], bool]) -> list[Part]:
    """The first mention of each wording, at most `_MOST`."""
    found: dict[str, Part] = {}
    for mention in ordered:
        if fits(mention.part):
            found.setdefault(mention.span.of(text).casefold(), mention.part)
    return list(found.values())[:_MOST]
