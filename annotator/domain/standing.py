"""Which decisions stand where several were made on the same marks: by two leads, on two machines.

Nothing is taken away for it. What does not stand is an opinion beside what does, and its gold does not count.
That follows from the decisions alone, so it is the same in whatever order files were merged.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from functools import cache
from itertools import combinations

from annotator.domain.frozen import frozen
from annotator.domain.marks import Mark
from annotator.domain.review import GOLD, Adjudication, Content, Scope, Settled, content_of

Vote = tuple[str, Content]  # of whom, and what makes the mark what it is


@frozen
class Present:
    """An article as it is now: who has finished it, and the marks of those."""

    finishers: Set[str]
    votes: Set[Vote]


Held = Callable[[], Present]


def votes_of(said: Adjudication) -> frozenset[Vote]:
    """The marks that it answers, with whose they are."""
    return frozenset((name, content_of(mark)) for name, mark in said.votes if mark is not None)


def makes_gold(said: Adjudication) -> bool:
    """Whether gold follows from it, if it stands: also that there is none."""
    if said.second or not (said.settled.decided or said.settled is Settled.UNANIMOUS):
        return False
    return said.scope is Scope.PEOPLE or GOLD in dict(said.votes)


def is_first(said: Adjudication) -> bool:
    """Whether it is on what people marked, and no second opinion: it concerns every lead."""
    return said.scope is Scope.PEOPLE and not said.second


def decides(said: Adjudication) -> bool:
    """Whether by it a place is decided: also if its gold was revised against a pipeline since."""
    return said.settled.decided and not said.second and (said.revised or not said.overruled)


def is_in_force(said: Adjudication) -> bool:
    """Whether a place is decided or settled by it."""
    return decides(said) or (said.settled is Settled.UNANIMOUS and not said.overruled)


def told_apart(said: Sequence[Adjudication], held: Held) -> list[Adjudication]:
    """All that was said on one article, with what does not stand marked as `overruled`.

    Among people stands what a lead decided rather than what was unanimous, then what answers the marks of
    those who have finished the article now, then the later gesture; what is less than one of its rivals that
    stands falls. Of two on one mark of gold, one of them made against a pipeline, the later decision stands;
    what people marked is decided all the same, and its gold `revised`.
    """
    held = cache(held)
    counting = [each for each in said if makes_gold(each)]
    among_people = [each for each in counting if each.scope is Scope.PEOPLE]
    fallen = _fallen(among_people, held)
    behind = {min(pair, key=_age).id for pair in _on_one_mark(counting)} - fallen
    if not (fallen or behind):
        return list(said)
    return [
        replace(each, overruled=True, revised=each.id in behind and each.scope is Scope.PEOPLE)
        if each.id in fallen or each.id in behind
        else each
        for each in said
    ]


def is_answered(mark: Mark, op_id: str, said: Sequence[Adjudication]) -> bool:
    """Whether gold that came in with a file, by the gesture `op_id`, was decided on since."""
    for each in said:
        if not makes_gold(each) or each.gold_id == mark.id:
            continue
        if each.about is not None and each.about.id == mark.id:
            return True
        spans = [vote.span for _, vote in each.votes if vote is not None and type(vote) is type(mark)]
        if each.scope is Scope.PEOPLE and each.op_id > op_id and mark.span in spans:
            return True
    return False


def _fallen(said: Sequence[Adjudication], held: Held) -> set[str]:
    """The ids of those that do not stand among people."""
    rivals: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in (*_sharing(said, held), *_overlapping(said, held)):
        rivals[one.id].add(other.id)
        rivals[other.id].add(one.id)
    if not rivals:
        return set()
    now = held()

    def weight(each: Adjudication) -> tuple[bool, bool, str, str]:
        by_lead, op_id, row_id = _age(each)
        return by_lead, _answers(each, now), op_id, row_id

    stands: set[str] = set()
    for each in sorted((each for each in said if each.id in rivals), key=weight, reverse=True):
        if not rivals[each.id] & stands:
            stands.add(each.id)
    return rivals.keys() - stands


def _age(said: Adjudication) -> tuple[bool, str, str]:
    """Greater for what a lead decided, then for the later gesture."""
    return said.settled is not Settled.UNANIMOUS, said.op_id, said.id


def _answers(said: Adjudication, now: Present) -> bool:
    """Whether all that it was made on is still there, and nobody who has finished was not asked."""
    return votes_of(said) <= now.votes and {name for name, _ in said.votes} == now.finishers


def _on_one_mark(said: Sequence[Adjudication]) -> Iterator[tuple[Adjudication, Adjudication]]:
    """The pairs on one mark of gold of which one or both were made against a pipeline."""
    by_gold = defaultdict(list)
    for each in said:
        gold_id = each.gold_id if each.scope is Scope.PEOPLE else each.about and each.about.id
        if gold_id:
            by_gold[gold_id].append(each)
    for same in by_gold.values():
        yield from (pair for pair in combinations(same, 2) if {Scope.MODEL} & {each.scope for each in pair})


def _sharing(said: Sequence[Adjudication], held: Held) -> Iterator[tuple[Adjudication, Adjudication]]:
    """Those on a mark that both answer: at one time it is in one group alone."""
    by_vote: defaultdict[Vote, list[Adjudication]] = defaultdict(list)
    for each in said:
        for vote in votes_of(each):
            by_vote[vote].append(each)
    for same in by_vote.values():
        for one, other in combinations(same, 2):
            if one.input == other.input or not _fell_apart(one, other, held()):
                yield one, other


def _fell_apart(one: Adjudication, other: Adjudication, now: Present) -> bool:
    """Whether the marks of two are in two groups since, and each has a decision of its own.

    So it is if the mark that one adopted is still there, and the other, which knows better how things are
    now, knows another one of its makers, or none, in its place.
    """
    former, latter = sorted((one, other), key=lambda each: (_answers(each, now), each.op_id, each.id))
    if former.outcome is None:
        return False
    outcome, answered = content_of(former.outcome), dict(latter.votes)
    adopted = [vote for vote in votes_of(former) & now.votes if vote[1] == outcome]
    return bool(adopted) and all(
        name in answered and ((mark := answered[name]) is None or content_of(mark) != content)
        for name, content in adopted
    )


def _overlapping(said: Sequence[Adjudication], held: Held) -> Iterator[tuple[Adjudication, Adjudication]]:
    """Those at one place of which one answers nothing that is there any more."""
    by_place = sorted(said, key=lambda each: each.span)
    for n, one in enumerate(by_place):
        for other in by_place[n + 1 :]:
            if other.span.start >= one.span.end:
                break
            if one.is_stance is other.is_stance and not votes_of(one) & votes_of(other):
                now = held().votes
                if not (votes_of(one) & now and votes_of(other) & now):
                    yield one, other
