"""Holders and targets of a stance by rule, in the order of the guidelines.

Pure string work over the marks on the screen: the subject of the evidence, its speaker where it is quoted or
judges; then names before noun phrases before pronouns, whoever speaks before whoever is near; earlier
sentences only replace a pronoun.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Part, Shown
from annotator.domain.text import Span, paragraph_at, sentence_at
from annotator.services.clauses import (
    agent_in,
    is_judgement,
    is_passive,
    main_subject,
    phrase_at,
    subject_before,
)
from annotator.services.phrases import PRONOUN, noun_phrases, pronouns, quotations, speaking_verbs
from annotator.services.predicates import objects_of
from annotator.services.stance_signs import HOLDERS, NOT_TARGETS

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
_TIME_PREPOSITION = re.compile(r"\s+(?:on|in|by|until|since|for|during|before|after)\s+\Z")
_OF = re.compile(r"\s+of\s")
_WITH = re.compile(r"\bwith\s+\Z")
_TITLE = re.compile(r"(?:[^\W_][\w.’'\-]*\s+){0,5}")
_OF_PERSONS = frozenset({"he", "she", "him", "her", "himself", "herself", "i"})
_POSSESSOR = re.compile(r"(?:(?:Mr|Mrs|Ms|Dr)\.\s+)?[^\s,]+(?:\s+[A-Z][^\s,]*){0,4}?[’']s?\s")
_ING = re.compile(r"(?:\w+ly\s+|not\s+)?\w+ing\b")
_ASIDE = re.compile(r",[^,]*,\s*\Z")


@frozen
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
    scene = _Scene.of(text, shown, evidence)
    sentence, names = scene.sentence, scene.names
    every = _mentions(text, names, sentence)
    mentions = [mention for mention in every if mention.span.end <= evidence.start]
    speakers = _speakers(text, every, sentence, evidence)
    quoted = _quotation_speakers(text, shown, evidence)
    agent = [scene.mention(agent_in(text, evidence, scene.spans))] if is_passive(text, evidence) else []
    likely = [*agent, *scene.possessor(), *quoted]
    if is_judgement(text, evidence):
        likely += scene.resolved(speakers)
    likely += scene.resolved(scene.subjects())
    # "In Paris, the union refused": what hangs on a preposition is rarely who holds anything.
    free = [mention for mention in mentions if not _is_bound(text, mention, sentence, evidence)]
    others = [*scene.resolved(speakers), *_nearest(free, evidence), *_nearest(mentions, evidence)]
    others += [*_nearest(names, evidence), *scene.subjects()]
    earlier = _names(shown, Span(max(0, sentence.start - _BACK), sentence.start + 1), HOLDERS)
    ordered = [mention for mention in likely if mention is not None]
    here = [*_of_rank(others, 0), *_of_rank(others, 1)]
    spoken, earlier = _of_rank(others, 2), _nearest(earlier, evidence)
    # Looking back replaces a pronoun that stands alone; next to a name or a noun phrase it comes later.
    alone = not any(each in mentions for each in here)
    ordered += [*here, *earlier[:alone], *spoken, *earlier[alone:]]
    fits = _outside_or_named(evidence, agent, scene)
    beside = _distinct(text, ordered, fits)
    # A whole sentence or a headline taken as evidence holds its holder.
    inside = [mention for mention in every if evidence.covers(mention.span)]
    return beside or _distinct(text, inside, lambda part: part.span != evidence)


def target_candidates(text: str, shown: Sequence[Shown], evidence: Span) -> list[Part]:
    """What `evidence` may be about, likeliest first, each wording once.

    Its subject if it is judged or something is done to it; what the predicate leaves of the evidence; then
    phrases in the evidence, after it, and before it in the sentence. `shown` is sorted by span.
    """
    scene = _Scene.of(text, shown, evidence)
    sentence = scene.sentence
    names = [
        _Mention(Part(mark.span, mark.name), 0)
        for mark in entities_in(shown, sentence)
        if mark.label not in NOT_TARGETS
    ]
    mentions = _mentions(text, names, sentence)
    inside = [mention for mention in mentions if evidence.covers(mention.span) and mention.span != evidence]
    after = [mention for mention in mentions if mention.span.start >= evidence.end]
    before = [mention for mention in mentions if mention.span.end <= evidence.start]
    scene = replace(scene, names=names)
    likely: list[_Mention | None] = []
    if is_passive(text, evidence) or is_judgement(text, evidence):
        likely += scene.resolved(scene.subjects())
    for span in objects_of(text, evidence, [name.span for name in names]):
        if (cut := scene.without_time(span)) is not None:
            likely += [scene.object(cut), scene.object(phrase_at(text, cut, scene.spans))]
    ordered = [mention for mention in likely if mention is not None]
    for group in (inside, after, _nearest(before, evidence)):
        ordered += [*_of_rank(group, 0), *_of_rank(group, 1)]
    for group in (inside, after, _nearest(before, evidence)):
        ordered += _of_rank(group, 2)
    return _distinct(text, ordered, lambda part: part.span != evidence)


@frozen
class _Scene:
    """A piece of evidence in its sentence, with the names there that can hold something."""

    text: str
    shown: Sequence[Shown]
    evidence: Span
    sentence: Span
    names: list[_Mention]

    @classmethod
    def of(cls, text: str, shown: Sequence[Shown], evidence: Span) -> "_Scene":
        sentence = sentence_around(text, evidence)
        return cls(text, shown, evidence, sentence, _names(shown, sentence, HOLDERS))

    @property
    def spans(self) -> list[Span]:
        return [name.span for name in self.names]

    def mention(self, span: Span | None) -> _Mention | None:
        """A phrase as a candidate: a name without the title before it, else the phrase."""
        if span is None or any(
            mark.span == span for mark in entities_in(self.shown, span) if self._is_other(mark)
        ):
            return None
        last = next(
            (name for name in self.names if span.covers(name.span) and name.span.end == span.end), None
        )
        if last is not None and self._is_title(span.start, last.span.start):
            return last
        first = next((name for name in self.names if name.span.start == span.start), None)
        if first is not None and _OF.match(self.text, first.span.end, span.end):
            return first  # "Okafor of Sorrel"
        word = span.of(self.text)
        return _Mention(Part(span), 2 if PRONOUN.fullmatch(word) else 1)

    def _is_other(self, mark: Entity) -> bool:
        return mark.label not in HOLDERS and all(name.span != mark.span for name in self.names)

    def object(self, span: Span | None) -> _Mention | None:
        """What a predicate leaves, as a candidate: a person without the title, else all of it."""
        if span is None:
            return None
        persons = (mark.span for mark in entities_in(self.shown, span) if mark.label == "PERSON")
        last = next((person for person in persons if person.end == span.end), None)
        if last is not None and _TITLE.fullmatch(self.text, span.start, last.start):
            return self.mention(last)
        return _Mention(Part(span), 2 if PRONOUN.fullmatch(span.of(self.text)) else 1)

    def _is_title(self, start: int, end: int) -> bool:
        before = self.text[start:end]
        return not re.search(r"\b(?:of|in|from|and)\s|&", before) or not before.strip()

    def without_time(self, span: Span) -> Span | None:
        """A stretch without a date at its end."""
        for mark in reversed(entities_in(self.shown, span)):
            if mark.label in NOT_TARGETS and mark.span.end == span.end:
                head = _TIME_PREPOSITION.sub("", self.text[span.start : mark.span.start]).rstrip(" ,")
                return Span(span.start, span.start + len(head)) if head else None
        return span

    def possessor(self) -> list[_Mention]:
        """`Mbeki` of “Mbeki’s firing of his deputy”."""
        found = _POSSESSOR.match(self.text, self.evidence.start, self.evidence.end)
        return [
            name for name in self.names if found and self.evidence.start <= name.span.start < found.end()
        ][:1]

    def subjects(self) -> list[_Mention]:
        """Who stands before the evidence as its subject, then who does in the clause."""
        at = self.evidence.start
        found: list[_Mention] = []
        near = subject_before(self.text, self.sentence, at, self.spans)
        if near is not None and near.of(self.text).casefold() in ("who", "that", "which"):
            near = subject_before(self.text, self.sentence, near.start, self.spans) or near
        ing = _ING.match(self.text, at, self.evidence.end)
        main = main_subject(self.text, self.sentence, at, self.spans)
        alone = near is not None and _WITH.search(self.text, self.sentence.start, near.start)
        for span in (main, near) if ing and not alone else (near, main):
            mention = self.mention(span)
            if mention is not None:
                found.append(mention)
        return found

    def resolved(self, mentions: Iterable[_Mention]) -> list[_Mention]:
        """The mentions, for a pronoun whom it stands for if that is found."""
        found: list[_Mention] = []
        for mention in mentions:
            found += (self._antecedents(mention) if mention.rank == 2 else []) or [mention]
        return found

    def _antecedents(self, pronoun: _Mention) -> list[_Mention]:
        """Whom a pronoun stands for: the subject before it in its sentence, else in the sentence before."""
        word = pronoun.span.of(self.text).casefold()
        found: list[_Mention] = []
        sentence = self.sentence
        before = pronoun.span.start
        for back in range(4):
            names = _names(self.shown, sentence, HOLDERS)
            here = replace(self, sentence=sentence, names=names)
            span = main_subject(self.text, sentence, before, here.spans)
            subject = here.mention(span) if span is not None else None
            near = back == 0 or word not in _OF_PERSONS or (subject is not None and subject.rank == 0)
            if subject is not None and subject.rank < 2 and near and here.agrees(word, subject):
                found.append(subject)
                break
            persons = [name for name in names if name.span.end <= before and here.agrees(word, name)]
            if word in _OF_PERSONS and persons:
                found.append(persons[0])
                break
            previous = self.text[: sentence.start].rstrip()
            if not previous:
                break
            sentence = _sentence_holding(self.text, len(previous) - 1)
            before = sentence.end
        return found

    def agrees(self, pronoun: str, mention: _Mention) -> bool:
        """Whether a pronoun can stand for a mention."""
        if mention.span.overlaps(self.evidence):
            return False
        labels = {
            entity.label for entity in entities_in(self.shown, mention.span) if entity.span == mention.span
        }
        if pronoun in _OF_PERSONS:
            return "PERSON" in labels or (not labels and not mention.span.of(self.text).endswith("s"))
        if pronoun in ("it", "its"):
            return "PERSON" not in labels and "NORP" not in labels
        return "PERSON" not in labels


def _outside_or_named(
    evidence: Span, agent: Sequence[_Mention | None], scene: _Scene
) -> Callable[[Part], bool]:
    """Holders stand outside the evidence but for an agent or a possessor in it."""
    inside = {mention.span for mention in (*agent, *scene.possessor()) if mention is not None}
    return lambda part: part.span in inside or not part.span.overlaps(evidence)


def sentence_around(text: str, evidence: Span) -> Span:
    """From the start of the sentence where the evidence starts to the end of the one where it ends."""
    first = _sentence_holding(text, evidence.start)
    last = _sentence_holding(text, evidence.end - 1)
    return Span(min(first.start, evidence.start), max(last.end, evidence.end))


def _sentence_holding(text: str, offset: int) -> Span:
    return sentence_at(text, offset) or Span(offset, offset + 1)


def entities_in(shown: Sequence[Shown], within: Span) -> list[Entity]:
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
        _Mention(Part(mark.span, mark.name), 0) for mark in entities_in(shown, within) if mark.label in labels
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
            for name in _names(shown, where, HOLDERS)
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
    """One mention of each wording, the first, or the first with a name; at most `_MOST`."""
    found: dict[str, Part] = {}
    for mention in ordered:
        if fits(mention.part):
            words = mention.span.of(text).casefold()
            if words not in found or (mention.part.name and not found[words].name):
                found[words] = mention.part
    return list(found.values())[:_MOST]
