"""Which decisions stand where several were made on the same marks: by two leads, on two machines.

Nothing is taken away for it. What does not stand is an opinion beside what does, and its gold does not count.
That follows from the decisions alone, so it is the same in whatever order files were merged.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from itertools import combinations

from annotator.domain.marks import Mark
from annotator.domain.review import GOLD, Adjudication, Content, Scope, Settled, content_of

Vote = tuple[str, Content]  # of whom, and what makes the mark what it is
Held = Callable[[], Set[Vote]]


def votes_of(said: Adjudication) -> frozenset[Vote]:
    """The marks that it answers, with whose they are."""
    return frozenset((name, content_of(mark)) for name, mark in said.votes if mark is not None)


def makes_gold(said: Adjudication) -> bool:
    """Whether gold follows from it, if it stands: also that there is none."""
    if said.second or not (said.settled.decided or said.settled is Settled.UNANIMOUS):
        return False
    return said.scope is Scope.PEOPLE or GOLD in dict(said.votes)


def told_apart(said: Sequence[Adjudication], held: Held) -> list[Adjudication]:
    """All that was said on one article, with what does not stand marked as `overruled`.

    `held` gives the marks that annotators who have finished the article have now. Of two decisions on the
    same marks stands, in this order, what a lead decided rather than what was unanimous, what answers the
    marks as they are now, and more of them, and the later gesture.
    """
    rivals = list(_rivals([each for each in said if makes_gold(each)], held))
    if not rivals:
        return list(said)
    now = held()
    overruled = {_lesser(*pair, now).id for pair in rivals}
    return [replace(each, overruled=True) if each.id in overruled else each for each in said]


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


def _lesser(one: Adjudication, other: Adjudication, now: Set[Vote]) -> Adjudication:
    """The one of two rivals that does not stand."""
    among_people = one.scope is other.scope is Scope.PEOPLE

    def weight(said: Adjudication) -> tuple[object, ...]:
        votes = votes_of(said) if among_people else frozenset()
        answers = votes <= now, len(votes & now), len(said.votes) if among_people else 0
        return said.settled is not Settled.UNANIMOUS, *answers, said.op_id, said.id

    return min(one, other, key=weight)


def _rivals(said: Sequence[Adjudication], held: Held) -> Iterator[tuple[Adjudication, Adjudication]]:
    """The pairs that answer the same."""
    among_people = [each for each in said if each.scope is Scope.PEOPLE]
    yield from _sharing(among_people)
    yield from _overlapping(among_people, held)
    by_gold = defaultdict(list)
    for each in said:
        gold_id = each.gold_id if each.scope is Scope.PEOPLE else each.about and each.about.id
        if gold_id:
            by_gold[gold_id].append(each)
    for same in by_gold.values():
        yield from (pair for pair in combinations(same, 2) if {Scope.MODEL} & {each.scope for each in pair})


def _sharing(said: Sequence[Adjudication]) -> Iterator[tuple[Adjudication, Adjudication]]:
    """Those on a mark that both answer: at one time it is in one group alone."""
    by_vote: defaultdict[Vote, list[Adjudication]] = defaultdict(list)
    for each in said:
        for vote in votes_of(each):
            by_vote[vote].append(each)
    for same in by_vote.values():
        for one, other in combinations(same, 2):
            if one.input == other.input or (_meets(one, other) and _meets(other, one)):
                yield one, other


def _meets(one: Adjudication, other: Adjudication) -> bool:
    """Whether the other answers the mark that one adopted: not if its makers are known to have another one.

    Then their marks fell apart into two groups since, and each has a decision of its own.
    """
    if one.outcome is None:
        return True
    outcome, answered = content_of(one.outcome), dict(other.votes)
    adopted = [(name, content) for name, content in votes_of(one) if content == outcome]
    return not adopted or any(
        name not in answered or ((mark := answered[name]) is not None and content_of(mark) == content)
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
                now = held()
                if not (votes_of(one) & now and votes_of(other) & now):
                    yield one, other
