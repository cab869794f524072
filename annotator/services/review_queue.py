"""The queue of a review: every group that needs a lead, what was decided on it, and how much is left."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from annotator.domain.review import GOLD, Adjudication, Group, Scope, Settled, Type
from annotator.domain.text import Span
from annotator.services.review_groups import Read, groups_of, words_of
from annotator.storage import adjudications as stored
from annotator.storage import queries
from annotator.storage.project import connect_to_read

ABSENT = "ABSENT"
_AT_ONCE = 500  # articles that are grouped together
Told = Callable[[int, int], None]


class State(StrEnum):
    """Where a group stands for the lead who reviews."""

    LEFT = "left"
    UNSURE = "unsure"
    STALE = "stale"  # it was decided, and the votes have changed since
    DECIDED = "decided"

    @property
    def is_left(self) -> bool:
        return self is not State.DECIDED


@dataclass(frozen=True, slots=True)
class Item:
    """A group in the queue. `own` is the lead's adjudication of it, also one that its votes left behind.

    `others` are those of other leads on the same votes, `place` and `title` the article's. An `audit` looks
    at what is unanimous; `second` asks for a second opinion. `gone`: nobody votes so any more.
    """

    group: Group
    place: int
    title: str
    own: Adjudication | None = None
    others: tuple[Adjudication, ...] = ()
    audit: bool = False
    second: bool = False
    gone: bool = False

    @property
    def key(self) -> tuple[int, str]:
        return self.group.article_id, self.group.input

    @property
    def state(self) -> State:
        own = self.own
        if own is not None and own.settled.decided:
            return State.STALE if self.gone or self.group.input not in own.inputs else State.DECIDED
        if not self.second and any(other.settled.decided for other in self.others):
            return State.DECIDED
        return State.UNSURE if own is not None and own.settled is Settled.UNSURE else State.LEFT

    @property
    def order(self) -> tuple[object, ...]:
        return self.audit, self.group.rank, self.place, self.group.span, self.group.input


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items are listed; what is empty wants all.

    Of `labels` each must have been given by somebody; ABSENT says that somebody marked nothing there.
    """

    types: frozenset[Type] = frozenset()
    labels: frozenset[str] = frozenset()
    annotator: str = ""
    words: str = ""
    states: frozenset[State] = frozenset()

    def fits(self, item: Item) -> bool:
        group = item.group
        return (
            (not self.types or bool(self.types & group.types))
            and self.labels <= {mark.label if mark else ABSENT for _, mark in group.votes}
            and (not self.annotator or _stands_apart(group, self.annotator))
            and self.words.casefold() in group.words.casefold()
            and (not self.states or item.state in self.states)
        )


def _stands_apart(group: Group, annotator: str) -> bool:
    """Whether an annotator voted otherwise than somebody else."""
    votes = dict(group.votes)
    return annotator in votes and len(group.voters(votes[annotator])) < len(votes)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a project has to review: groups by article, what leads said, and where the articles are.

    Of unanimous groups only those are among `groups` that are audited; the `unanimous` have the digests of
    all. `shared` articles were compared; `words` are, by digest of the votes, those of adjudications that no
    group has any more.
    """

    groups: Mapping[int, Sequence[Group]]
    unanimous: Mapping[int, frozenset[str]]
    adjudications: Mapping[int, Sequence[Adjudication]]
    articles: Mapping[int, tuple[int, str]]
    seed: int
    shared: int = 0
    words: Mapping[str, str] = field(default_factory=dict)


_Kept = tuple[Sequence[Group], frozenset[str]]  # to be looked at, and the digests of what is unanimous


class GroupReader:
    """Groups the marks of a project, over connections of its own: for any one thread.

    An article is grouped anew only if a mark or a status in it has changed. With `against` the readings of
    an article are two: that annotator's marks, or GOLD, and what the newest pipeline proposes.
    """

    def __init__(self, path: Path, *, against: str | None = None) -> None:
        self._path = path
        self.against = against
        self._known: dict[int, tuple[stored.Stamp, _Kept]] = {}

    @property
    def scope(self) -> Scope:
        return Scope.MODEL if self.against else Scope.PEOPLE

    def read(self, seed: int, told: Told | None = None) -> Compared:
        """Everything there is to review; `told` hears articles done and in all."""
        with closing(connect_to_read(self._path)) as db:
            db.execute("BEGIN")  # one state of the file throughout
            ids = self._ids(db)
            self._group(db, ids, seed, told)
            said: defaultdict[int, list[Adjudication]] = defaultdict(list)
            for each in stored.adjudications(db, self.scope):
                said[each.article_id].append(each)
            kept = {article_id: self._known[article_id][1] for article_id in ids}
            groups = {article_id: groups for article_id, (groups, _) in kept.items()}
            unanimous = {article_id: digests for article_id, (_, digests) in kept.items()}
            words = dict(_words_left_behind(db, groups, unanimous, said))
            return Compared(groups, unanimous, said, stored.titles(db), seed, len(ids), words)

    def unanimous(self, article_id: int) -> list[Group]:
        """The groups of an article in which all say the same, read now."""
        with closing(connect_to_read(self._path)) as db:
            read = self._read(db, article_id)
        groups = groups_of({article_id: read})[article_id] if read else []
        return [group for group in groups if not group.types]

    def _ids(self, db: stored.Connection) -> list[int]:
        if self.against is None:
            return stored.shared_articles(db)
        if self.against == GOLD:
            return stored.gold_articles(db)
        return stored.finished_articles(db, self.against)

    def _group(self, db: stored.Connection, ids: Sequence[int], seed: int, told: Told | None) -> None:
        """Groups what has changed, some articles at a time."""
        stamps = stored.stamps(db)
        changed = [
            article_id
            for article_id in ids
            if self.against is not None
            or article_id not in self._known
            or self._known[article_id][0] != stamps.get(article_id)
        ]
        for first in range(0, len(changed), _AT_ONCE):
            some = changed[first : first + _AT_ONCE]
            read = {article_id: self._read(db, article_id) for article_id in some}
            found = groups_of({article_id: each for article_id, each in read.items() if each is not None})
            for article_id in some:
                kept = _kept(found.get(article_id, []), seed)
                self._known[article_id] = stamps.get(article_id, ("", 0)), kept
            if told is not None:
                told(first + len(some), len(changed))

    def _read(self, db: stored.Connection, article_id: int) -> Read | None:
        """The readings of an article; None where no pipeline has read it that they could be compared with."""
        readings = stored.readings(db, article_id)
        if self.against is not None:
            proposed = stored.proposed(db, article_id)
            if proposed is None:
                return None
            own = stored.gold_marks(db, article_id) if self.against == GOLD else readings[self.against]
            readings = {self.against: own, proposed[0]: proposed[1]}
        return Read(queries.article(db, article_id).text, readings)


def _kept(groups: Sequence[Group], seed: int) -> _Kept:
    looked_at = [group for group in groups if group.types or group.is_audited(seed)]
    return looked_at, frozenset(group.input for group in groups if not group.types)


@dataclass(slots=True)
class ReviewQueue:
    """The items of one lead, sorted: the gravest differences first.

    With `second` they are those on which another lead has decided, for a second opinion.
    """

    compared: Compared
    lead: str
    second: bool = False
    items: list[Item] = field(default_factory=list)
    left: int = 0
    left_by_type: Counter[Type] = field(default_factory=Counter)  # one of two types counts in both
    _places: dict[tuple[int, str], int] = field(default_factory=dict)
    _alike: dict[tuple[object, ...], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        said = self.compared.adjudications
        found = [
            item
            for article_id in self.compared.groups.keys() | said.keys()
            for item in self._of_article(article_id, said.get(article_id, ()))
        ]
        self.items = sorted(found, key=lambda item: item.order)
        for n, item in enumerate(self.items):
            self._places[item.key] = n
            self._alike.setdefault(item.group.alike, []).append(n)
            self._count(item, 1)

    def _count(self, item: Item, by: int) -> None:
        if item.state.is_left:
            self.left += by
            for each in item.group.types:
                self.left_by_type[each] += by

    def refresh(self, article_id: int, said: Sequence[Adjudication]) -> list[int]:
        """Takes over what leads now say on an article; the places of the items that are others now."""
        changed = []
        for item in self._of_article(article_id, said):
            at = self._places.get(item.key)
            if at is not None and item != self.items[at]:
                self._count(self.items[at], -1)
                self._count(item, 1)
                self.items[at] = item
                changed.append(at)
        return changed

    def place_of(self, key: tuple[int, str]) -> int | None:
        """Where an item is in `items`."""
        return self._places.get(key)

    def listed(self, wanted: Wanted) -> list[int]:
        """The places in `items` of those that are wanted."""
        return [n for n, item in enumerate(self.items) if wanted.fits(item)]

    def alike(self, item: Item) -> list[Item]:
        """The other items left with the same words and the same readings."""
        found = (self.items[n] for n in self._alike.get(item.group.alike, ()))
        return [each for each in found if each.key != item.key and each.state.is_left]

    def unsettled(self) -> list[tuple[int, frozenset[str], list[Adjudication]]]:
        """By article: digests of what is unanimous and not gold yet, and what is gold and no longer so."""
        found = []
        for article_id, digests in self.compared.unanimous.items():
            said = [each for each in self.compared.adjudications.get(article_id, ()) if not each.second]
            new = digests - {each.input for each in said}
            gone = [each for each in said if each.settled is Settled.UNANIMOUS and each.input not in digests]
            if new or gone:
                found.append((article_id, new, gone))
        return found

    def _of_article(self, article_id: int, said: Sequence[Adjudication]) -> Iterator[Item]:
        place, title = self.compared.articles.get(article_id, (0, ""))
        groups = self.compared.groups.get(article_id, ())
        agreed = self.compared.unanimous.get(article_id, frozenset())
        mine = [each for each in said if each.lead == self.lead and each.second is self.second]
        own = {digest: each for each in mine for digest in each.inputs}
        theirs = [each for each in said if each.lead != self.lead]
        gone = []
        for stale, group in _stale(mine, groups, agreed, self.compared.words):
            own[group.input] = stale
            if group not in groups:
                gone.append(group)
        for group in (*groups, *gone):
            said_here = own.get(group.input)
            others = tuple(each for each in theirs if each.input == group.input)
            first = any(each.settled.decided and not each.second for each in others)
            audit = not group.types and group.is_audited(self.compared.seed)
            wanted = first if self.second else bool(group.types) or audit
            if wanted or (said_here is not None and said_here.settled is not Settled.UNANIMOUS):
                yield Item(
                    group,
                    place,
                    title,
                    said_here,
                    others,
                    audit=audit,
                    second=self.second,
                    gone=group in gone,
                )


def _words_left_behind(
    db: stored.Connection,
    groups: Mapping[int, Sequence[Group]],
    unanimous: Mapping[int, frozenset[str]],
    said: Mapping[int, Sequence[Adjudication]],
) -> Iterator[tuple[str, str]]:
    for article_id, adjudications in said.items():
        inputs = {group.input for group in groups.get(article_id, ())} | unanimous.get(article_id, set())
        behind = [each for each in adjudications if each.input not in inputs]
        if behind:
            text = queries.article(db, article_id).text
            yield from ((each.input, words_of(text, each.span)) for each in behind)


def _stale(
    own: Sequence[Adjudication],
    groups: Sequence[Group],
    unanimous: frozenset[str],
    words: Mapping[str, str],
) -> Iterator[tuple[Adjudication, Group]]:
    """Adjudications whose votes are no group's any more, each with the group that took the place.

    Where there is none the group is that of the votes at the time: what was decided is never lost.
    """
    inputs = {group.input for group in groups}
    taken = {digest for each in own for digest in each.inputs}
    for each in own:
        if each.inputs & inputs or each.inputs & unanimous or each.settled is Settled.UNANIMOUS:
            continue
        before = Group(each.article_id, each.votes, frozenset(), words.get(each.input, ""))
        near = [
            group
            for group in groups
            if group.input not in taken
            and group.is_stance is before.is_stance
            and group.span.overlaps(before.span)
        ]
        if near:
            found = max(near, key=lambda group: (_shared(group.span, before.span), group.input))
            taken.add(found.input)
            yield each, found
        else:
            yield each, before


def _shared(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)
