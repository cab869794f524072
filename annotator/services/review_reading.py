"""Reading what there is to review: the groups of a project, what leads said on them, gold that came in."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from annotator.agreement.sheets import Sheet, words_of
from annotator.domain.frozen import frozen
from annotator.domain.marks import Stance
from annotator.domain.review import (
    GOLD,
    Adjudication,
    Content,
    Group,
    Scope,
    Settled,
    content_of,
    is_audited,
)
from annotator.domain.standing import is_first, is_in_force
from annotator.services.mark_columns import MarkReader, sheets_of
from annotator.services.review_groups import Read, by_place, sheets_of_reads
from annotator.storage import adjudications as stored
from annotator.storage import queries
from annotator.storage.collecting import seldom_collecting
from annotator.storage.faults import explained
from annotator.storage.finished import annotators_who_finished, texts
from annotator.storage.gold import GoldComeIn, gold_articles, gold_come_in, gold_marks
from annotator.storage.label_names import label_names, labels_become
from annotator.storage.project import connect_to_read

_FIRST = 20  # articles that are grouped before anything else, so that there is soon something to decide
_AT_ONCE = 500  # articles that are grouped together after that
_GROWTH = 5  # so many times as much is read when it is handed over again
Told = Callable[[int, int], None]
Piece = tuple[Sheet, int, int]  # rows [first, last) of a sheet


class Groups(Mapping[int, Sequence[Group]]):
    """The groups of articles, made when they are asked for, by place."""

    def __init__(self, pieces: Mapping[int, Sequence[Piece]]) -> None:
        self._pieces = pieces

    def __getitem__(self, article_id: int) -> Sequence[Group]:
        pieces = self._pieces[article_id]
        return by_place([sheet.group(row) for sheet, first, last in pieces for row in range(first, last)])

    def __iter__(self) -> Iterator[int]:
        return iter(self._pieces)

    def __len__(self) -> int:
        return len(self._pieces)

    def names(self) -> set[str]:
        """Whose marks are compared."""
        return {name for sheet in self._all_sheets() for name in sheet.names}

    def labels(self) -> set[str]:
        """Of the marks that are compared, and others there might have been."""
        return {label for sheet in self._all_sheets() for label in sheet.labels}

    def _all_sheets(self) -> Iterable[Sheet]:
        return {id(sheet): sheet for pieces in self._pieces.values() for sheet, _, _ in pieces}.values()

    def sheets(self, *, without: Collection[int]) -> list[Sheet]:
        """The rows of all articles but some."""
        runs: list[Piece] = []
        latest: dict[int, int] = {}  # by sheet the run that may go on
        for article_id, pieces in self._pieces.items():
            for sheet, first, last in pieces if article_id not in without else ():
                at = latest.get(id(sheet))
                if at is not None and runs[at][2] == first:
                    runs[at] = sheet, runs[at][1], last
                else:
                    latest[id(sheet)] = len(runs)
                    runs.append((sheet, first, last))
        return [sheet.at(slice(first, last), sheet.words[first:last]) for sheet, first, last in runs]


@frozen
class Compared:
    """What a project has to review: groups by article, what leads said, and where the articles are.

    Of unanimous groups only those are among `groups` that are audited; the `unanimous` have the digests of
    all. Of `total` articles that can be compared, `shared` have been. `words` are, by article and digest of
    the votes, those of adjudications that no group has any more, and `agreed` the unanimous groups of the
    articles where there are such. `come_in` is gold that came in with files; what is unanimous and differs
    from it is among the groups. Where all that was said is that what is unanimous became gold, `settled` has
    its digests, and `adjudications` only those of what is audited.
    """

    groups: Groups
    unanimous: Mapping[int, frozenset[str]]
    adjudications: dict[int, list[Adjudication]]
    articles: Mapping[int, tuple[int, str]]
    seed: int
    shared: int = 0
    total: int = 0
    words: Mapping[tuple[int, str], str] = field(default_factory=dict)
    agreed: Mapping[int, Sequence[Group]] = field(default_factory=dict)
    come_in: Mapping[int, Sequence[GoldComeIn]] = field(default_factory=dict)
    settled: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        return self.shared == self.total

    def special(self) -> set[int]:
        """The articles on which somebody said more than that what is unanimous is gold."""
        return self.adjudications.keys() - self.settled.keys() | self.come_in.keys()


@frozen
class _Kept:
    """Of an article the groups to look at, the digests of what is unanimous, and of what of it is audited."""

    pieces: tuple[Piece, ...]
    unanimous: frozenset[str] = frozenset()
    audited: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Found:
    """What has been read so far."""

    pieces: dict[int, tuple[Piece, ...]] = field(default_factory=dict)
    unanimous: dict[int, frozenset[str]] = field(default_factory=dict)
    said: dict[int, list[Adjudication]] = field(default_factory=dict)
    articles: dict[int, tuple[int, str]] = field(default_factory=dict)
    words: dict[tuple[int, str], str] = field(default_factory=dict)
    agreed: dict[int, Sequence[Group]] = field(default_factory=dict)
    come_in: dict[int, Sequence[GoldComeIn]] = field(default_factory=dict)
    settled: dict[int, frozenset[str]] = field(default_factory=dict)

    def compared(self, seed: int, total: int) -> Compared:
        """As it is now, whatever is read after it."""
        return Compared(
            Groups(dict(self.pieces)),
            dict(self.unanimous),
            dict(self.said),
            dict(self.articles),
            seed,
            len(self.pieces),
            total,
            dict(self.words),
            dict(self.agreed),
            dict(self.come_in),
            dict(self.settled),
        )


class GroupReader:
    """Groups the marks of a project, over connections of its own: for any one thread.

    An article is grouped anew only if a mark or a status in it has changed. With `against` the readings of
    an article are two: that annotator's marks, or GOLD, and what the newest pipeline proposes.
    """

    def __init__(self, path: Path, *, against: str | None = None) -> None:
        self._path = path
        self.against = against
        self._known: dict[int, _Kept] = {}
        self._come_in: dict[int, Sequence[GoldComeIn]] = {}  # with which they were grouped
        self._newest = ""  # the gesture up to which they are known

    @property
    def scope(self) -> Scope:
        return Scope.MODEL if self.against else Scope.PEOPLE

    def read(self, seed: int, told: Told | None = None) -> Compared:
        """Everything there is to review; `told` hears articles done and in all."""
        *_, whole = self.parts(seed, told)
        return whole

    def parts(self, seed: int, told: Told | None = None) -> Iterator[Compared]:
        """As `read`, and before it what is found in ever more of the first articles.

        What was grouped is known the next time, also if reading ends early.
        """
        with explained(self._path), closing(connect_to_read(self._path)) as db, seldom_collecting():
            db.execute("BEGIN")  # one state of the file throughout
            ids = self._ids(db)
            self._forget(db)
            found, due = _Found(), _FIRST
            for some in _portions(ids):
                self._group(db, some, seed)
                self._add(db, some, found)
                done = len(found.pieces)
                if told is not None:
                    told(done, len(ids))
                if due <= done < len(ids):
                    due = done * _GROWTH
                    yield found.compared(seed, len(ids))
            others = [each for each in stored.adjudicated(db, self.scope) if each not in found.pieces]
            self._add_said(db, others, found)
            yield found.compared(seed, len(ids))

    def _forget(self, db: stored.Connection) -> None:
        """Forgets what has changed since it was grouped."""
        changed = stored.changed_since(db, self._newest) if self._known and not self.against else None
        if changed is None:
            self._known.clear()
        else:
            for article_id in changed:
                self._known.pop(article_id, None)
        self._newest = stored.newest_op(db)

    def _add(self, db: stored.Connection, articles: Sequence[int], found: _Found) -> None:
        """Takes over what is known of some articles, and what leads said on them."""
        for article_id in articles:
            kept = self._known[article_id]
            found.pieces[article_id] = kept.pieces
            found.unanimous[article_id] = kept.unanimous
            if article_id in self._come_in:
                found.come_in[article_id] = self._come_in[article_id]
        self._add_said(db, articles, found)

    def _add_said(self, db: stored.Connection, articles: Collection[int], found: _Found) -> None:
        found.articles |= stored.titles(db, articles)
        rows: defaultdict[int, list[stored.Said]] = defaultdict(list)
        for row in stored.said_in(db, articles):
            rows[row.article_id].append(row)
        audited: list[str] = []
        loud: list[int] = []
        plain = self.against is None and not labels_become(db)
        for article_id, said in rows.items():
            kept = self._known.get(article_id)
            inputs = frozenset(each.input for each in said)
            if (
                plain
                and kept is not None
                and article_id not in self._come_in
                and inputs <= kept.unanimous
                and len(inputs) == len(said)
                and all(each.is_unanimous for each in said)
            ):
                found.settled[article_id] = inputs
                audited += [each.id for each in said if each.input in kept.audited]
            else:
                loud.append(article_id)
        for each in (*stored.adjudications(db, self.scope, loud), *stored.adjudications_of(db, audited)):
            found.said.setdefault(each.article_id, []).append(each)
        for article_id in loud:
            self._add_behind(db, article_id, found)

    def _add_behind(self, db: stored.Connection, article_id: int, found: _Found) -> None:
        """What shows decisions on votes that no group has any more, or on what all mark alike by now."""
        said, pieces = found.said.get(article_id, ()), found.pieces.get(article_id)
        groups = Groups(found.pieces)[article_id] if pieces else ()
        unanimous = found.unanimous.get(article_id, frozenset())
        behind = left_behind(said, groups, unanimous)
        first = [each for each in said if is_first(each)]
        waits = (inputs_of(first) - inputs_of(filter(is_in_force, first))) & unanimous
        if behind or waits:
            text = queries.article(db, article_id).text
            for each in behind:
                found.words[article_id, each.input] = words_of(text, each.span.start, each.span.end)
            if pieces is not None:
                found.agreed[article_id] = self._agreed(db, article_id)

    def unanimous(self, article_id: int) -> list[Group]:
        """The groups of an article in which all say the same, read now."""
        with closing(connect_to_read(self._path)) as db:
            return self._agreed(db, article_id)

    def _agreed(self, db: stored.Connection, article_id: int) -> list[Group]:
        """The unanimous groups of an article, by place."""
        sheets, of = self._sheets(db, [article_id])
        made = [sheet.at(sheet.types == 0).with_words(of) for sheet in sheets]
        return by_place([sheet.group(row) for sheet in made for row in range(len(sheet))])

    def _ids(self, db: stored.Connection) -> list[int]:
        if self.against is None:
            return stored.shared_articles(db)
        if self.against == GOLD:
            return gold_articles(db)
        return stored.finished_articles(db, self.against)

    def _group(self, db: stored.Connection, articles: Sequence[int], seed: int) -> None:
        """Groups those of some articles that are not known, or where gold has come in since."""
        come_in: defaultdict[int, list[GoldComeIn]] = defaultdict(list)
        for each in gold_come_in(db, articles) if self.against is None else ():
            come_in[each.article_id].append(each)
        new = [
            article_id
            for article_id in articles
            if article_id not in self._known or self._come_in.get(article_id) != come_in.get(article_id)
        ]
        for article_id in articles:
            self._come_in.pop(article_id, None)
        self._come_in |= come_in
        if new:
            self._keep(new, *self._sheets(db, new), seed)

    def _keep(
        self, articles: Sequence[int], sheets: Sequence[Sheet], texts_: Mapping[int, str], seed: int
    ) -> None:
        pieces: dict[int, list[Piece]] = {article_id: [] for article_id in articles}
        unanimous: dict[int, list[str]] = {article_id: [] for article_id in articles}
        audited: dict[int, list[str]] = {article_id: [] for article_id in articles}
        come_in = {article_id: said_by(self._come_in.get(article_id, ())) for article_id in articles}
        for sheet in sheets:
            looked_at = sheet.types > 0
            for row, input_ in sheet.unanimous():
                article_id = int(sheet.article[row])
                unanimous[article_id].append(input_)
                if is_audited(seed, article_id, input_):
                    audited[article_id].append(input_)
                    looked_at[row] = True
                elif any(come_in[article_id].values()):
                    one = sheet.at(slice(row, row + 1)).with_words(texts_)
                    looked_at[row] = differs(one.group(0), come_in[article_id])
            kept = sheet.at(looked_at).with_words(texts_)
            for article_id, first, last in kept.stretches():
                pieces[article_id].append((kept, first, last))
        for article_id in articles:
            self._known[article_id] = _Kept(
                tuple(pieces[article_id]), frozenset(unanimous[article_id]), frozenset(audited[article_id])
            )

    def _sheets(
        self, db: stored.Connection, articles: Sequence[int]
    ) -> tuple[Sequence[Sheet], Mapping[int, str]]:
        """The groups of some articles without words, and the texts of the articles."""
        if self.against is not None:
            reads = {article_id: self._read(db, article_id, self.against) for article_id in articles}
            there = {article_id: read for article_id, read in reads.items() if read is not None}
            sheets, of = sheets_of_reads(there), {article_id: read.text for article_id, read in there.items()}
        else:
            reader = MarkReader(_finishers(db), *label_names(db))
            sheets, of = iter(sheets_of(reader, reader.read(db, articles))), dict(texts(db, articles))
        return [sheet.by_content() for sheet in sheets], of

    def _read(self, db: stored.Connection, article_id: int, against: str) -> Read | None:
        """The readings of an article; None where no pipeline has read it that they could be compared with."""
        proposed = stored.proposed(db, article_id)
        if proposed is None:
            return None
        own = gold_marks(db, article_id) if against == GOLD else stored.readings(db, article_id)[against]
        return Read(queries.article(db, article_id).text, {against: own, proposed[0]: proposed[1]})


def said_by(come_in: Sequence[GoldComeIn]) -> Mapping[bool, Set[Content]]:
    """What gold that came in says, by kind (whether stances)."""
    return {
        stances: {content_of(each.mark) for each in come_in if isinstance(each.mark, Stance) is stances}
        for stances in (False, True)
    }


def differs(group: Group, said: Mapping[bool, Set[Content]]) -> bool:
    """Whether a unanimous group is not in gold of its kind that came in, if there is such gold."""
    of_kind = said[group.is_stance]
    return bool(of_kind) and content_of(group.marks[0]) not in of_kind


def inputs_of(said: Iterable[Adjudication]) -> set[str]:
    """The digests of all votes that they answer."""
    return {digest for each in said for digest in each.inputs}


def left_behind(
    said: Sequence[Adjudication], groups: Sequence[Group], unanimous: Set[str]
) -> list[Adjudication]:
    """What was said on votes that are no group's any more; not what is settled by itself."""
    waits = [each for each in said if each.settled is not Settled.UNANIMOUS]
    if not waits:
        return []
    inputs = {group.input for group in groups} | unanimous
    return [each for each in waits if not each.inputs & inputs]


def _finishers(db: stored.Connection) -> dict[str, str]:
    """The names of all who finished something, sorted, by id."""
    known = sorted((name, key) for key, name, done in annotators_who_finished(db) if done)
    return {key: name for name, key in known}


def _portions(articles: Sequence[int]) -> Iterator[Sequence[int]]:
    """The first few, then as many as are best grouped together."""
    if articles:
        yield articles[:_FIRST]
    for first in range(_FIRST, len(articles), _AT_ONCE):
        yield articles[first : first + _AT_ONCE]
