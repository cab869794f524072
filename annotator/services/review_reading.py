"""Reading what there is to review: the groups of a project, what leads said on them, gold that came in."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import field
from pathlib import Path

from annotator.domain.frozen import frozen
from annotator.domain.marks import Stance
from annotator.domain.review import GOLD, Adjudication, Group, Scope, Settled, content_of
from annotator.services.review_groups import Read, by_content, groups_of, words_of
from annotator.storage import adjudications as stored
from annotator.storage import queries
from annotator.storage.finished import texts
from annotator.storage.gold import GoldComeIn, gold_articles, gold_come_in, gold_marks
from annotator.storage.project import connect_to_read

_AT_ONCE = 500  # articles that are grouped together
Told = Callable[[int, int], None]


@frozen
class Compared:
    """What a project has to review: groups by article, what leads said, and where the articles are.

    Of unanimous groups only those are among `groups` that are audited; the `unanimous` have the digests of
    all. `shared` articles were compared; `words` are, by article and digest of the votes, those of
    adjudications that no group has any more, and `agreed` the unanimous groups of the articles where there
    are such. `come_in` is gold that came in with files; what is unanimous and differs from it is among the
    groups.
    """

    groups: Mapping[int, Sequence[Group]]
    unanimous: Mapping[int, frozenset[str]]
    adjudications: Mapping[int, Sequence[Adjudication]]
    articles: Mapping[int, tuple[int, str]]
    seed: int
    shared: int = 0
    words: Mapping[tuple[int, str], str] = field(default_factory=dict)
    agreed: Mapping[int, Sequence[Group]] = field(default_factory=dict)
    come_in: Mapping[int, Sequence[GoldComeIn]] = field(default_factory=dict)


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
        self._come_in: dict[int, list[GoldComeIn]] = {}

    @property
    def scope(self) -> Scope:
        return Scope.MODEL if self.against else Scope.PEOPLE

    def read(self, seed: int, told: Told | None = None) -> Compared:
        """Everything there is to review; `told` hears articles done and in all."""
        with closing(connect_to_read(self._path)) as db:
            db.execute("BEGIN")  # one state of the file throughout
            ids = self._ids(db)
            self._read_gold(db)
            self._group(db, ids, seed, told)
            said: defaultdict[int, list[Adjudication]] = defaultdict(list)
            for each in stored.adjudications(db, self.scope):
                said[each.article_id].append(each)
            kept = {article_id: self._known[article_id][1] for article_id in ids}
            groups = {article_id: groups for article_id, (groups, _) in kept.items()}
            unanimous = {article_id: digests for article_id, (_, digests) in kept.items()}
            behind = {
                article_id: left
                for article_id, own in said.items()
                if (left := left_behind(own, groups.get(article_id, ()), unanimous.get(article_id, set())))
            }
            return Compared(
                groups,
                unanimous,
                said,
                stored.titles(db),
                seed,
                len(ids),
                _words_of(db, behind),
                {article_id: self._agreed(db, article_id) for article_id in behind if article_id in kept},
                self._come_in,
            )

    def _read_gold(self, db: stored.Connection) -> None:
        """What came in with files; articles in which it has changed are grouped anew."""
        found: defaultdict[int, list[GoldComeIn]] = defaultdict(list)
        for each in gold_come_in(db) if self.against is None else ():
            found[each.article_id].append(each)
        for article_id in found.keys() | self._come_in.keys():
            if found.get(article_id) != self._come_in.get(article_id):
                self._known.pop(article_id, None)
        self._come_in = dict(found)

    def _agreed(self, db: stored.Connection, article_id: int) -> list[Group]:
        """The unanimous groups of an article."""
        read = self._read(db, article_id)
        groups = groups_of({article_id: read})[article_id] if read else []
        return [group for group in by_content(groups) if not group.types]

    def unanimous(self, article_id: int) -> list[Group]:
        """The groups of an article in which all say the same, read now."""
        with closing(connect_to_read(self._path)) as db:
            return self._agreed(db, article_id)

    def _ids(self, db: stored.Connection) -> list[int]:
        if self.against is None:
            return stored.shared_articles(db)
        if self.against == GOLD:
            return gold_articles(db)
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
            found = groups_of(self._read_all(db, some))
            for article_id in some:
                groups = by_content(found.get(article_id, []))
                kept = _kept(groups, seed, self._come_in.get(article_id, ()))
                self._known[article_id] = stamps.get(article_id, ("", 0)), kept
            if told is not None:
                told(first + len(some), len(changed))

    def _read_all(self, db: stored.Connection, articles: Sequence[int]) -> dict[int, Read]:
        """The readings of some articles, among people read all at once."""
        if self.against is None:
            readings = stored.readings_of(db, articles)
            return {article_id: Read(text, readings[article_id]) for article_id, text in texts(db, articles)}
        read = {article_id: self._read(db, article_id) for article_id in articles}
        return {article_id: each for article_id, each in read.items() if each is not None}

    def _read(self, db: stored.Connection, article_id: int) -> Read | None:
        """The readings of an article; None where no pipeline has read it that they could be compared with."""
        readings = stored.readings(db, article_id)
        if self.against is not None:
            proposed = stored.proposed(db, article_id)
            if proposed is None:
                return None
            own = gold_marks(db, article_id) if self.against == GOLD else readings[self.against]
            readings = {self.against: own, proposed[0]: proposed[1]}
        return Read(queries.article(db, article_id).text, readings)


def _kept(groups: Sequence[Group], seed: int, come_in: Sequence[GoldComeIn]) -> _Kept:
    looked_at = [
        group for group in groups if group.types or group.is_audited(seed) or differs(group, come_in)
    ]
    return looked_at, frozenset(group.input for group in groups if not group.types)


def differs(group: Group, come_in: Sequence[GoldComeIn]) -> bool:
    """Whether a unanimous group is not in gold of its kind that came in."""
    of_kind = [each.mark for each in come_in if isinstance(each.mark, Stance) is group.is_stance]
    return bool(of_kind) and content_of(group.marks[0]) not in map(content_of, of_kind)


def left_behind(
    said: Sequence[Adjudication], groups: Sequence[Group], unanimous: Set[str]
) -> list[Adjudication]:
    """What was said on votes that are no group's any more; not what is settled by itself."""
    inputs = {group.input for group in groups} | unanimous
    return [each for each in said if each.settled is not Settled.UNANIMOUS and not each.inputs & inputs]


def _words_of(
    db: stored.Connection, behind: Mapping[int, Sequence[Adjudication]]
) -> dict[tuple[int, str], str]:
    found: dict[tuple[int, str], str] = {}
    for article_id, said in behind.items():
        text = queries.article(db, article_id).text
        found |= {(article_id, each.input): words_of(text, each.span) for each in said}
    return found
