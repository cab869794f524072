"""The items of a review: groups that need a lead, what was decided on them, and where each stands."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from annotator.domain.frozen import frozen
from annotator.domain.marks import Stance
from annotator.domain.review import (
    Adjudication,
    Group,
    Scope,
    Settled,
    Type,
    content_of,
    input_of_none,
)
from annotator.domain.standing import decides, is_answered, is_first, is_in_force, votes_of
from annotator.domain.text import Span
from annotator.services.review_reading import Compared, differs, inputs_of, left_behind, said_by
from annotator.storage.gold import GoldComeIn

ABSENT = "ABSENT"


class State(StrEnum):
    """Where a group stands for the lead who reviews."""

    LEFT = "left"
    UNSURE = "unsure"
    STALE = "stale"  # it was decided, and the votes have changed since
    DECIDED = "decided"

    @property
    def is_left(self) -> bool:
        return self is not State.DECIDED


@frozen
class Item:
    """A group in the queue. `own` is the lead's adjudication of it, also one that its votes left behind.

    `others` are those of other leads on the same votes, and what stands of theirs that the votes left behind;
    `place` and `title` the article's. An `audit` looks at what is unanimous; `missed` at what is so, too, but
    not in gold that came in. `second` asks for a second opinion. `gone`: nobody votes so any more. `waits`:
    something was said, and it is not decided or settled by it.
    """

    group: Group
    place: int
    title: str
    own: Adjudication | None = None
    others: tuple[Adjudication, ...] = ()
    audit: bool = False
    second: bool = False
    gone: bool = False
    missed: bool = False
    waits: bool = False

    @property
    def key(self) -> tuple[int, str]:
        return self.group.article_id, self.group.input

    @property
    def state(self) -> State:
        own = self.own
        if self.second:
            decided = [own] if own is not None and own.settled.decided else []
        else:
            decided = [each for each in (own, *self.others) if each is not None and decides(each)]
        if any(map(self._answers, decided)):
            return State.DECIDED
        if decided or (own is not None and own.settled.decided):
            return State.STALE
        return State.UNSURE if own is not None and own.settled is Settled.UNSURE else State.LEFT

    @property
    def leads_differ(self) -> bool:
        """Whether leads have decided otherwise than each other; for a second opinion once it is given."""
        decided = [each for each in (self.own, *self.others) if each is not None and each.settled.decided]
        if self.second and (self.own is None or self.own not in decided):
            return False
        return len({each.outcome and content_of(each.outcome) for each in decided}) > 1

    @property
    def input(self) -> str:
        """The digest of what a decision made now answers."""
        return input_of_none(self.group.votes) if self.gone else self.group.input

    def _answers(self, made: Adjudication) -> bool:
        """Whether a decision was made on the votes as they are, or all have come to say the same as it."""
        if self.gone:
            return made.insists
        if self.group.input in made.inputs:
            return True
        said = made.outcome and content_of(made.outcome)
        return not self.group.types and said == content_of(self.group.marks[0])


def stands(said: Adjudication) -> bool:
    """Whether it is a lead's decision that gold follows from."""
    return said.settled.decided and not said.second and not said.overruled


@frozen
class Wanted:
    """Which items are listed; what is empty wants all.

    Of `labels` each must have been given by somebody; ABSENT says that somebody marked nothing there.
    `leads_differ` wants those alone on which leads decided otherwise than each other.
    """

    types: frozenset[Type] = frozenset()
    labels: frozenset[str] = frozenset()
    annotator: str = ""
    words: str = ""
    states: frozenset[State] = frozenset()
    leads_differ: bool = False

    def fits(self, item: Item) -> bool:
        group = item.group
        return (
            (not self.types or bool(self.types & group.types))
            and self.labels <= {mark.label if mark else ABSENT for _, mark in group.votes}
            and (not self.annotator or _stands_apart(group, self.annotator))
            and self.words.casefold() in group.words.casefold()
            and (not self.states or item.state in self.states)
            and (not self.leads_differ or item.leads_differ)
        )


def _stands_apart(group: Group, annotator: str) -> bool:
    """Whether an annotator voted otherwise than somebody else."""
    votes = dict(group.votes)
    return annotator in votes and len(group.voters(votes[annotator])) < len(votes)


def items_of(
    compared: Compared,
    article_id: int,
    said: Sequence[Adjudication],
    *,
    lead: str,
    second: bool,
) -> Iterator[Item]:
    """What a lead sees of an article on which this was said, in any order."""
    place, title = compared.articles.get(article_id, (0, ""))
    groups = compared.groups.get(article_id, ())
    seen = _Seen.of(compared, article_id, said, lead=lead, second=second)
    come_in = [
        each for each in compared.come_in.get(article_id, ()) if not is_answered(each.mark, each.op_id, said)
    ]
    by_place: defaultdict[tuple[bool, Span], list[GoldComeIn]] = defaultdict(list)
    for each in come_in:
        by_place[isinstance(each.mark, Stance), each.mark.span].append(each)
    said_in_files = said_by(come_in)
    for group in (*groups, *seen.left):
        own, waits = seen.own.get(group.input), group.input in seen.waiting
        behind = seen.behind.get(group.input)
        others = [
            each for each in said if each.lead != lead and (each.input == group.input or each is behind)
        ]
        others += [_as_decision(each, group) for each in _on(group, by_place)]
        audit = not group.types and group not in seen.left
        wanted = any(map(stands, others)) if second else bool(group.types) or audit or waits
        if wanted or (own is not None and own.settled is not Settled.UNANIMOUS):
            yield Item(
                group,
                place,
                title,
                own,
                tuple(others),
                audit=audit,
                second=second,
                gone=group in seen.gone,
                missed=audit and differs(group, said_in_files),
                waits=waits,
            )


@dataclass(slots=True)
class _Seen:
    """Where a lead finds what was said on an article, by the digests of the votes of groups.

    `own` is the lead's word, `behind` what stands although its votes are others now, whoever's it is. `left`
    are the groups that only decisions know, or that all mark alike by now; of the `gone` nobody has a mark.
    On those that are `waiting` something was said by which they are not decided or settled.
    """

    own: dict[str, Adjudication]
    behind: dict[str, Adjudication] = field(default_factory=dict)
    left: list[Group] = field(default_factory=list)
    gone: list[Group] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        compared: Compared,
        article_id: int,
        said: Sequence[Adjudication],
        *,
        lead: str,
        second: bool,
    ) -> Self:
        groups = compared.groups.get(article_id, ())
        agreed = compared.agreed.get(article_id, ())
        mine = [each for each in said if each.lead == lead and _is_own(each, second=second)]
        first = [] if second else [each for each in said if is_first(each)]
        force = [each for each in first if is_in_force(each)]
        mine.sort(key=lambda each: (is_in_force(each), each.settled.decided))  # on two machines said apart
        seen = cls({digest: each for each in mine for digest in each.inputs})
        for stale, group in left_for(compared, article_id, first):
            found = seen._shown(compared, stale, group, among=groups)
            seen.behind[found.input] = stale
            if stale.lead == lead:
                seen.own[found.input] = stale
        waits = [each for each in mine if not each.overruled and each not in force]
        behind = left_behind(waits, groups, compared.unanimous.get(article_id, frozenset()))
        for stale, group in _placed(behind, [*groups, *agreed], seen.own.keys() | inputs_of(force)):
            seen.own[seen._shown(compared, stale, group, among=groups).input] = stale
        seen.waiting = (inputs_of(first) - inputs_of(force)) | seen.behind.keys()
        known = seen.own.keys() | seen.waiting
        seen.left += [each for each in agreed if each.input in known and each not in (*groups, *seen.left)]
        return seen

    def _shown(
        self, compared: Compared, said: Adjudication, group: Group | None, *, among: Sequence[Group]
    ) -> Group:
        """The group at which something is shown; for None one of those who had a mark when it was said."""
        if group is None:
            words = compared.words.get((said.article_id, said.input), "")
            group = Group(said.article_id, said.votes, frozenset(), words)
            self.gone.append(group)
        if group not in (*among, *self.left):
            self.left.append(group)
        return group


def left_for(
    compared: Compared, article_id: int, said: Sequence[Adjudication]
) -> list[tuple[Adjudication, Group | None]]:
    """What stands of that and its votes left behind, each with the group that every lead finds it at.

    None where nobody has a mark any more.
    """
    groups, agreed = compared.groups.get(article_id, ()), compared.agreed.get(article_id, ())
    force = [each for each in said if is_first(each) and is_in_force(each)]
    behind = left_behind(force, groups, compared.unanimous.get(article_id, frozenset()))
    return _placed(behind, [*groups, *agreed], inputs_of(force))


def _is_own(said: Adjudication, *, second: bool) -> bool:
    """Whether the lead's word counts in this queue; what is overruled is a second opinion, too."""
    if second:
        return said.second or (said.overruled and said.settled.decided)
    return not said.second


def _placed(
    behind: Sequence[Adjudication],
    groups: Sequence[Group],
    taken: Set[str],
) -> list[tuple[Adjudication, Group | None]]:
    """What was left behind, each with the group that took the place; None where nobody has a mark any more.

    No group that is `taken`, by the digest of its votes, takes it. Without gold there is nothing to decide
    then. What was decided is never lost.
    """
    found: list[tuple[Adjudication, Group | None]] = []
    taken = set(taken)
    for each in behind:
        near = [
            group
            for group in groups
            if group.input not in taken
            and _is_near(each, group)
            and (group.types or each.settled.decided)  # else it is settled by itself
        ]
        if near:
            nearest = max(near, key=lambda group: (*_closeness(each, group), group.input))
            taken.add(nearest.input)
            found.append((each, nearest))
        elif each.outcome is not None:
            found.append((each, None))
    return found


def _is_near(said: Adjudication, group: Group) -> bool:
    """Whether a decision is on marks of the same kind where the group stands."""
    return group.is_stance is said.is_stance and group.span.overlaps(said.span)


def _closeness(said: Adjudication, group: Group) -> tuple[int, int]:
    """How many of the marks are the same, then by how much the places overlap."""
    same = votes_of(said) & {(name, content_of(mark)) for name, mark in group.votes if mark is not None}
    return len(same), min(group.span.end, said.span.end) - max(group.span.start, said.span.start)


def _on(group: Group, come_in: Mapping[tuple[bool, Span], Sequence[GoldComeIn]]) -> list[GoldComeIn]:
    """Gold that came in, by kind and place, that answers a group: it is where one of the marks is."""
    spans = dict.fromkeys(mark.span for mark in group.marks) if come_in else ()
    return [each for span in spans for each in come_in.get((group.is_stance, span), ())]


def _as_decision(come_in: GoldComeIn, group: Group) -> Adjudication:
    """Gold that came in as the decision of whose it is."""
    mark = come_in.mark
    known = {content_of(each) for each in group.marks}
    return Adjudication(
        mark.id,
        come_in.lead,
        group.article_id,
        Scope.PEOPLE,
        group.votes,
        group.input,
        Settled.ADOPTED if content_of(mark) in known else Settled.EDITED,
        mark,
        mark.id,
        second=False,
        blind=False,
        reason=None,
        at=come_in.at,
        op_id=come_in.op_id,
    )
