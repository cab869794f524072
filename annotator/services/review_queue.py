"""The queue of a review: its items in their order, how many are left, and which of them are listed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import overload

from annotator.agreement.listing import Entry, Listing
from annotator.agreement.sheets import bits_of
from annotator.domain.marks import Stance
from annotator.domain.review import Adjudication, Settled, Type
from annotator.services.review_items import ABSENT, Item, State, Wanted, items_of, left_for
from annotator.services.review_reading import Compared

# An article, the digests of what all mark alike and is no gold yet, and the gold of which that holds no more.
Unsettled = tuple[int, Set[str], Sequence[Adjudication]]

_MOST = 5_000  # items that are kept once they are made


class ReviewQueue:
    """The items of one lead, sorted: the gravest differences first.

    With `second` they are those on which another lead has decided, for a second opinion. Where nobody said
    anything an item is made when it is asked for, as there may be hundreds of thousands.
    """

    def __init__(self, compared: Compared, lead: str, *, second: bool = False) -> None:
        self.compared = compared
        self.lead = lead
        self.second = second
        special = compared.special()
        ready = [
            item
            for article_id in sorted(special)
            for item in self._of_article(article_id, compared.adjudications.get(article_id, ()))
        ]
        self._said = dict(enumerate(ready))  # by number in the listing, also what changed since
        self._made: dict[int, Item] = {}
        places = {article_id: place for article_id, (place, _) in compared.articles.items()}
        sheets = () if second else compared.groups.sheets(without=special)
        entries = [Entry.of(item.group, audit=item.audit, left=item.state.is_left) for item in ready]
        self.listing = Listing(entries, sheets, places)
        self.items = Items(self)
        self._unsettled: dict[int, Unsettled] | None = None
        self.left_by_type: Counter[Type] = Counter()  # one of two types counts in both
        self.left = 0
        self.leads_differ = sum(item.leads_differ for item in ready)
        for types, count in self.listing.left_by_types().items():
            self._count(types, count)

    def item(self, place: int) -> Item:
        number = self.listing.number_at(place)
        found = self._said.get(number) or self._made.get(number)
        if found is None:
            if len(self._made) >= _MOST:
                self._made.clear()
            found = self._made[number] = self._item(number)
        return found

    def _item(self, number: int) -> Item:
        """That of a group on which no lead said anything."""
        group = self.listing.group(number)
        place, title = self.compared.articles.get(group.article_id, (0, ""))
        here = self.compared.adjudications.get(group.article_id, ())
        said = [each for each in here if each.input == group.input]
        return Item(
            group,
            place,
            title,
            next((each for each in said if each.lead == self.lead), None),
            tuple(each for each in said if each.lead != self.lead),
            audit=not group.types,
        )

    def _count(self, types: Iterable[Type], by: int) -> None:
        self.left += by
        for each in types:
            self.left_by_type[each] += by

    @property
    def audits(self) -> int:
        """How many unanimous groups are looked at because they are in the sample."""
        return self.listing.audits - sum(each.missed for each in self._said.values())

    def is_left(self, place: int) -> bool:
        return self.listing.is_left(place)

    def refresh(self, article_id: int, said: Sequence[Adjudication]) -> list[int]:
        """Takes over what leads now say on an article; the places of the items that are others now."""
        places = self.listing.of_article(article_id)
        before = {item.key: (place, item) for place, item in zip(places, map(self.item, places), strict=True)}
        self.compared.adjudications[article_id] = list(said)
        changed = []
        now = {item.key: item for item in self._of_article(article_id, said)}
        over = [_over(was, said) for key, (_, was) in before.items() if was.gone and key not in now]
        for item in (*now.values(), *over):
            at, was = before.get(item.key, (-1, item))
            if item != was:
                self._said[self.listing.number_at(at)] = item
                self.listing.set_left(at, left=item.state.is_left)
                self._count(item.group.types, item.state.is_left - was.state.is_left)
                self.leads_differ += item.leads_differ - was.leads_differ
                changed.append(at)
        if self._unsettled is not None:
            self._unsettled.pop(article_id, None)
            if (found := self._unsettled_in(article_id)) is not None:
                self._unsettled[article_id] = found
        return changed

    def place_of(self, key: tuple[int, str]) -> int | None:
        """Where an item is in `items`."""
        places = self.listing.of_article(key[0])
        return next((place for place in places if self.item(place).key == key), None)

    def listed(self, wanted: Wanted) -> list[int]:
        """The places in `items` of those that are wanted."""
        labels = [None if label == ABSENT else label for label in wanted.labels]
        rows, ready = self.listing.wanted(bits_of(wanted.types), labels, wanted.annotator, wanted.words)
        said = {place for place in ready if wanted.fits(self.item(place))}
        if not wanted.states and not wanted.leads_differ:
            return sorted([*rows, *said]) if said else rows
        if (wanted.states and State.LEFT not in wanted.states) or wanted.leads_differ:
            rows = [place for place in rows if self.listing.number_at(place) in self._said]
        return sorted({*said, *(place for place in rows if self._fits(place, wanted))})

    def _fits(self, place: int, wanted: Wanted) -> bool:
        item = self._said.get(self.listing.number_at(place))
        return item is None or wanted.fits(item)

    def alike(self, item: Item) -> list[Item]:
        """The other items left with the same words and the same readings."""
        place = self.place_of(item.key)
        found = map(self.item, self.listing.alike(place)) if place is not None else ()
        return [each for each in found if each.group.alike == item.group.alike]

    def undecided(self) -> Mapping[int, int]:
        """By article how many are left that gold waits for: not those that are audited alone."""
        found = Counter(self.listing.left_by_article())
        found.update(
            each.group.article_id
            for each in self._said.values()
            if each.audit and (each.missed or each.waits) and each.state.is_left
        )
        return found

    def unsettled(self) -> list[Unsettled]:
        """By article: digests of what is unanimous and not gold yet, and what is gold and no longer so.

        What differs from gold that came in is for a lead to look at; so is that of which a lead said
        something before all came to say the same. Kept once it is found out.
        """
        if self._unsettled is None:
            found = ((article_id, self._unsettled_in(article_id)) for article_id in self.compared.unanimous)
            self._unsettled = {article_id: each for article_id, each in found if each is not None}
        return list(self._unsettled.values())

    def _unsettled_in(self, article_id: int) -> Unsettled | None:
        compared = self.compared
        digests = compared.unanimous.get(article_id, frozenset())
        said = [each for each in compared.adjudications.get(article_id, ()) if not each.second]
        settled = compared.settled.get(article_id, frozenset())
        new = digests - {each.input for each in said} - settled if said or settled else digests
        if new and (said or article_id in compared.come_in):
            new -= self._for_leads(article_id, said)
        gone = [each for each in said if each.settled is Settled.UNANIMOUS and each.input not in digests]
        return (article_id, new, gone) if new or gone else None

    def _for_leads(self, article_id: int, said: Sequence[Adjudication]) -> set[str]:
        """The digests of what is unanimous and yet for leads to look at."""
        come_in = self.compared.come_in.get(article_id, ())
        kinds = {isinstance(each.mark, Stance) for each in come_in}
        groups = (*self.compared.groups.get(article_id, ()), *self.compared.agreed.get(article_id, ()))
        found = {group.input for group in groups if not group.types and group.is_stance in kinds}
        return found | {group.input for _, group in left_for(self.compared, article_id, said) if group}

    def _of_article(self, article_id: int, said: Sequence[Adjudication]) -> Iterator[Item]:
        return items_of(self.compared, article_id, said, lead=self.lead, second=self.second)


class Items(Sequence[Item]):
    """The items of a queue in its order."""

    def __init__(self, queue: ReviewQueue) -> None:
        self._queue = queue

    def __len__(self) -> int:
        return len(self._queue.listing)

    @overload
    def __getitem__(self, at: int) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Item]: ...
    def __getitem__(self, at: int | slice) -> Item | Sequence[Item]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return self._queue.item(at)


def _over(item: Item, said: Sequence[Adjudication]) -> Item:
    """What nobody has a mark of any more, once it was decided that there is no gold of it either."""
    return replace(item, own=next((each for each in reversed(said) if item.input in each.inputs), item.own))
