"""The marks of the open article as the window knows them: by id, counted by label, undecided ones apart."""

from collections import Counter
from collections.abc import Iterable, Iterator
from operator import attrgetter, countOf
from typing import TYPE_CHECKING

from annotator.domain.changes import Change
from annotator.domain.labels import Kind
from annotator.domain.marks import Entity, Shown

if TYPE_CHECKING:
    from annotator.ui.ranking import Ranking, Value

# A label's kind and name.
Key = tuple[str, str]
_SOURCE = attrgetter("source")
_LABEL = attrgetter("mark.__class__", "mark.label")
_FEW = 100  # marks of a change whose places are found one by one


def kind_of(shown: Shown) -> Kind:
    return Kind.ENTITY if isinstance(shown.mark, Entity) else Kind.POLARITY


class OpenMarks:
    """Kept up to date by changes, so that no gesture reads every mark of a long article again."""

    def __init__(self, shown: Iterable[Shown] = ()) -> None:
        self._take(shown)

    def _take(self, shown: Iterable[Shown]) -> None:
        self._rankings: dict[Value, Ranking] = {}
        marks = self._marks = {mark.mark.id: mark for mark in shown}
        self._undecided = countOf(map(_SOURCE, marks.values()), None)
        self.counts: Counter[Key] = Counter()
        for (kind, label), count in Counter(map(_LABEL, marks.values())).items():
            self.counts[Kind.ENTITY if kind is Entity else Kind.POLARITY, label] = count

    def __iter__(self) -> Iterator[Shown]:
        return iter(self._marks.values())

    def __len__(self) -> int:
        return len(self._marks)

    def get(self, mark_id: str | None) -> Shown | None:
        return self._marks.get(mark_id) if mark_id else None

    @property
    def undecided(self) -> int:
        """How many suggestions nobody has decided yet."""
        return self._undecided

    def ranking(self, value: "Value") -> "Ranking":
        """The undecided suggestions in the order of a value; it follows changes once it is whole."""
        from annotator.ui.ranking import Ranking

        if value not in self._rankings:
            self._rankings[value] = Ranking(value, self._marks.values())
        return self._rankings[value]

    def apply(self, change: Change) -> None:
        if change.whole:
            self._take(change.now)
            return
        few = len(change.gone) + len(change.now) <= _FEW
        self._rankings = {value: each for value, each in self._rankings.items() if few and each.whole}
        for mark_id in change.gone:
            self._remove(mark_id)
        for mark in change.now:
            self._remove(mark.id)
            self._marks[mark.id] = mark
            self._undecided += mark.suggested
            self.counts[_key(mark)] += 1
            for ranking in self._rankings.values():
                ranking.add(mark)

    def difference(self, shown: Iterable[Shown], article_id: int) -> Change:
        """The change that turns these marks into `shown`; nothing was gestured, so it has no gesture."""
        new = {mark.id: mark for mark in shown}
        gone = tuple(mark_id for mark_id in self._marks if mark_id not in new)
        now = tuple(mark for mark_id, mark in new.items() if self._marks.get(mark_id) != mark)
        return Change("", article_id, "", 0, gone=gone, now=now)

    def _remove(self, mark_id: str) -> None:
        mark = self._marks.pop(mark_id, None)
        if mark is not None:
            self._undecided -= mark.suggested
            self.counts[_key(mark)] -= 1
            for ranking in self._rankings.values():
                ranking.remove(mark)


def _key(shown: Shown) -> Key:
    return kind_of(shown), shown.mark.label
