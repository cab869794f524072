"""The queue of a review: every group that needs a lead, what was decided on it, and how much is left."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from annotator.domain.review import Adjudication, Group, Scope, Settled, Type
from annotator.domain.text import Span
from annotator.services.review_groups import groups_of, words_of
from annotator.storage import adjudications as stored
from annotator.storage import queries
from annotator.storage.project import connect_to_read

GOLD = "gold"  # names the gold marks where a pipeline is compared with them
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
            return State.STALE if self.gone or own.input != self.group.input else State.DECIDED
        if not self.second and any(other.settled.decided for other in self.others):
            return State.DECIDED
        return State.UNSURE if own is not None and own.settled is Settled.UNSURE else State.LEFT

    @property
    def order(self) -> tuple[object, ...]:
        return self.audit, self.group.rank, self.place, self.group.span, self.group.input


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items are listed; what is empty wants all."""

    types: frozenset[Type] = frozenset()
    label: str = ""
    annotator: str = ""
    words: str = ""
    states: frozenset[State] = frozenset()

    def fits(self, item: Item) -> bool:
        group = item.group
        return (
            (not self.types or bool(self.types & group.types))
            and (not self.label or any(mark.label == self.label for mark in group.marks))
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

    `seed` is None before anything was reviewed; `shared` articles were compared; `words` are, by digest of
    the votes, those of adjudications that no group has any more.
    """

    groups: Mapping[int, Sequence[Group]]
    adjudications: Mapping[int, Sequence[Adjudication]]
    articles: Mapping[int, tuple[int, str]]
    seed: int | None
    shared: int = 0
    words: Mapping[str, str] = field(default_factory=dict)


class GroupReader:
    """Groups the marks of a project, over connections of its own: for another thread.

    An article is grouped anew only if a mark or a status in it has changed. With `against` the readings of
    an article are two: that annotator's marks, or GOLD, and what the newest pipeline proposes.
    """

    def __init__(self, path: Path, *, against: str | None = None) -> None:
        self._path = path
        self.against = against
        self._known: dict[int, tuple[stored.Stamp, Sequence[Group]]] = {}

    @property
    def scope(self) -> Scope:
        return Scope.MODEL if self.against else Scope.PEOPLE

    def read(self, told: Told | None = None) -> Compared:
        """Everything there is to review; `told` hears articles done and in all."""
        with closing(connect_to_read(self._path)) as db:
            db.execute("BEGIN")  # one state of the file throughout
            stamps = stored.stamps(db)
            ids = self._ids(db)
            groups: dict[int, Sequence[Group]] = {}
            for n, article_id in enumerate(ids):
                groups[article_id] = self._groups(db, article_id, stamps.get(article_id, ("", 0)))
                if told is not None:
                    told(n + 1, len(ids))
            said: defaultdict[int, list[Adjudication]] = defaultdict(list)
            for each in stored.adjudications(db, self.scope):
                said[each.article_id].append(each)
            words = dict(_words_left_behind(db, groups, said))
            return Compared(groups, said, stored.titles(db), stored.seed_of(db), len(ids), words)

    def _ids(self, db: stored.Connection) -> list[int]:
        if self.against is None:
            return stored.shared_articles(db)
        if self.against == GOLD:
            return stored.gold_articles(db)
        return stored.finished_articles(db, self.against)

    def _groups(self, db: stored.Connection, article_id: int, stamp: stored.Stamp) -> Sequence[Group]:
        known = self._known.get(article_id)
        if known is not None and known[0] == stamp and self.against is None:
            return known[1]
        readings = stored.readings(db, article_id)
        if self.against is not None:
            proposed = stored.proposed(db, article_id)
            if proposed is None:
                return ()
            own = stored.gold_marks(db, article_id) if self.against == GOLD else readings[self.against]
            readings = {self.against: own, proposed[0]: proposed[1]}
        groups = groups_of(article_id, queries.article(db, article_id).text, readings)
        self._known[article_id] = stamp, groups
        return groups


@dataclass(slots=True)
class ReviewQueue:
    """The items of one lead, sorted: the gravest differences first.

    With `second` they are those on which another lead has decided, for a second opinion.
    """

    compared: Compared
    lead: str
    seed: int
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

    def unsettled(self) -> Iterator[tuple[int, list[Group], list[Adjudication]]]:
        """By article: unanimous groups that are not gold yet, and adjudications of groups no longer so."""
        for article_id, groups in self.compared.groups.items():
            said = [each for each in self.compared.adjudications.get(article_id, ()) if not each.second]
            inputs = {each.input for each in said}
            held = {group.input for group in groups if not group.types}
            new = [group for group in groups if not group.types and group.input not in inputs]
            gone = [each for each in said if each.settled is Settled.UNANIMOUS and each.input not in held]
            if new or gone:
                yield article_id, new, gone

    def _of_article(self, article_id: int, said: Sequence[Adjudication]) -> Iterator[Item]:
        place, title = self.compared.articles.get(article_id, (0, ""))
        groups = self.compared.groups.get(article_id, ())
        own = {each.input: each for each in said if each.lead == self.lead and each.second is self.second}
        theirs = [each for each in said if each.lead != self.lead]
        gone = []
        for stale, group in _stale(own.values(), groups, self.compared.words):
            own[group.input] = stale
            if group not in groups:
                gone.append(group)
        for group in (*groups, *gone):
            mine = own.get(group.input)
            others = tuple(each for each in theirs if each.input == group.input)
            first = any(each.settled.decided and not each.second for each in others)
            audit = not group.types and group.is_audited(self.seed)
            wanted = first if self.second else bool(group.types) or audit
            if wanted or (mine is not None and mine.settled is not Settled.UNANIMOUS):
                yield Item(
                    group, place, title, mine, others, audit=audit, second=self.second, gone=group in gone
                )


def _words_left_behind(
    db: stored.Connection,
    groups: Mapping[int, Sequence[Group]],
    said: Mapping[int, Sequence[Adjudication]],
) -> Iterator[tuple[str, str]]:
    for article_id, adjudications in said.items():
        inputs = {group.input for group in groups.get(article_id, ())}
        behind = [each for each in adjudications if each.input not in inputs]
        if behind:
            text = queries.article(db, article_id).text
            yield from ((each.input, words_of(text, each.span)) for each in behind)


def _stale(
    own: Iterable[Adjudication], groups: Sequence[Group], words: Mapping[str, str]
) -> Iterator[tuple[Adjudication, Group]]:
    """Adjudications whose votes are no group's any more, each with the group that took the place.

    Where there is none the group is that of the votes at the time: what was decided is never lost.
    """
    own = list(own)
    inputs = {group.input for group in groups}
    taken = {each.input for each in own}
    for each in own:
        if each.input in inputs or each.settled is Settled.UNANIMOUS:
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
