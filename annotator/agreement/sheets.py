"""Sheets: the groups of very many articles as columns, of which a Group is made when it is asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import compress
from zlib import crc32

import numpy as np

from annotator.agreement.chance_corrected import neutral_of
from annotator.agreement.columns import NONE, Articles, Bools, Ints, Marks, by_name
from annotator.agreement.grouping import Differs, parts_alike
from annotator.agreement.measures import Aligned
from annotator.domain.frozen import frozen
from annotator.domain.marks import Mark, Stance
from annotator.domain.review import Group, Type, input_of_unanimous, said_of

_WORDS = 80  # code points of a group's words
_MOST = np.iinfo(np.int64).max
_TYPES = {
    Differs.MISSING: Type.MISSING,
    Differs.BOUNDARY: Type.BOUNDARY,
    Differs.LABEL: Type.LABEL,
    Differs.HOLDER: Type.HOLDER,
    Differs.TARGET: Type.TARGET,
    Differs.FLIP: Type.FLIP,
    Differs.STRENGTH: Type.STRENGTH,
}
_PART = 1 << Type.PART.rank
_MIX = 0x9E3779B97F4A7C15  # 2 to the 64 by the golden ratio, as in multiplicative hashing (Knuth 6.4)
_ALL = (1 << 64) - 1
# So that sums of near numbers are far apart: the mixer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
_SCATTER = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1))

MarkAt = Callable[[int], Mark]


@frozen
class Sheet:
    """Groups of one kind, a row each, by article and place.

    `article` are ids, `start` and `end` those of the group, `types` has the bit 1 << rank of each type.
    `member` is the row that each of `names` (sorted) has among the marks, `NONE` for none; `values` the
    number of its label, that of all `labels` for no mark, and `NONE` where the article is not finished: both
    are of shape (groups, names). `mark` makes the mark of a row, `words` are those of each group.
    """

    is_stance: bool
    names: tuple[str, ...]
    labels: tuple[str, ...]
    marks: Marks
    mark: MarkAt
    article: Ints
    start: Ints
    end: Ints
    types: Ints
    member: Ints
    values: Ints
    words: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.article)

    def at(self, rows: Ints | Bools | slice, words: Sequence[str] = ()) -> "Sheet":
        """Some of the rows, with their words."""
        columns = (self.article, self.start, self.end, self.types, self.member, self.values)
        article, start, end, types, member, values = (each[rows] for each in columns)
        return replace(
            self,
            article=article,
            start=start,
            end=end,
            types=types,
            member=member,
            values=values,
            words=words,
        )

    def with_words(self, texts: Mapping[int, str]) -> "Sheet":
        """The same with the words of every group."""
        rows = zip(self.article.tolist(), self.start.tolist(), self.end.tolist(), strict=True)
        return self.at(slice(None), [words_of(texts[article], start, end) for article, start, end in rows])

    def group(self, row: int) -> Group:
        of_row = zip(self.names, self.member[row].tolist(), self.values[row].tolist(), strict=True)
        votes = tuple(
            (name, None if member == NONE else self.mark(member))
            for name, member, value in of_row
            if value != NONE
        )
        return Group(int(self.article[row]), votes, types_of(int(self.types[row])), self.words[row])

    def stretches(self) -> Iterator[tuple[int, int, int]]:
        """For each article its first row and the one behind its last."""
        firsts = np.flatnonzero(np.diff(self.article, prepend=NONE) != 0)
        lasts = np.append(firsts, len(self))[1:]
        return zip(self.article[firsts].tolist(), firsts.tolist(), lasts.tolist(), strict=True)

    def unanimous(self) -> Iterator[tuple[int, str]]:
        """The rows without a type with the digests of their votes: all marks are the same."""
        rows = np.flatnonzero(self.types == 0)
        first = self.member[rows].max(axis=1, initial=NONE)
        columns = [self.marks.label[first], self.marks.start[first], self.marks.end[first]]
        if self.marks.parts is not None:
            columns += list(self.marks.parts[first, :, :2].reshape(-1, 4).T)
        # Which names take part, as a number: they are 63 at most, as where groups are made.
        bits = (self.values[rows] != NONE) @ (1 << np.arange(len(self.names)))
        those = {each: tuple(_named(self.names, each)) for each in set(bits.tolist())}
        said = zip(*(column.tolist() for column in (rows, bits, *columns)), strict=True)
        for row, who, label, *edges in said:
            said_here = said_of(self.labels[label], *edges)
            yield row, input_of_unanimous(those[who], said_here, is_stance=self.is_stance)

    def gives(self, label: str | None) -> Bools:
        """Where somebody has a mark of a label; for None, where somebody has no mark."""
        if label is not None and label not in self.labels:
            return np.zeros(len(self), np.bool_)
        wanted = len(self.labels) if label is None else self.labels.index(label)
        found: Bools = (self.values == wanted).any(axis=1)
        return found

    def apart(self, name: str) -> Bools:
        """Where an annotator votes otherwise than somebody else."""
        found = np.zeros(len(self), np.bool_)
        if name not in self.names:
            return found
        own = self.names.index(name)
        for other in range(len(self.names)):
            both = (self.values[:, own] != NONE) & (self.values[:, other] != NONE)
            found |= both & ~self._same(self.member[:, own], self.member[:, other])
        return found

    def _same(self, one: Ints, other: Ints) -> Bools:
        """Whether marks are the same by content; no mark is the same as none."""
        marks = self.marks
        if not len(marks):
            return np.ones(len(one), np.bool_)
        same = (marks.label[one] == marks.label[other]) & (marks.start[one] == marks.start[other])
        same &= marks.end[one] == marks.end[other]
        if marks.parts is not None:
            same &= (marks.parts[one, :, :2] == marks.parts[other, :, :2]).all(axis=(1, 2))
        found: Bools = np.where((one == NONE) | (other == NONE), one == other, same)
        return found

    def readings(self) -> Ints:
        """For each group a number of its readings, as `readings_of`: all labels and offsets in the group."""
        names = np.array([crc32(label.encode()) for label in self.labels], np.uint64)
        found = np.zeros(self.member.shape, np.uint64)
        for n in range(len(self.names)):
            rows = np.flatnonzero(self.member[:, n] != NONE)
            member, start = self.member[rows, n], self.start[rows]
            edges = [self.marks.start[member] - start, self.marks.end[member] - start]
            if self.marks.parts is not None:
                for edge in self.marks.parts[member, :, :2].reshape(-1, 4).T:
                    edges.append(np.where(edge == NONE, NONE, edge - start))
            code = names[self.marks.label[member]]
            for edge in edges:
                code = code * np.uint64(_MIX) + edge.astype(np.uint64)
            for shift, factor in _SCATTER:
                code = (code ^ code >> np.uint64(shift)) * np.uint64(factor)
            found[rows, n] = code
        found.sort(axis=1)
        found[:, 1:][found[:, 1:] == found[:, :-1]] = 0
        summed: Ints = found.sum(axis=1, dtype=np.uint64).view(np.int64)
        return summed

    def by_content(self) -> "Sheet":
        """The same; groups that agree as agreement counts it, while their marks are not all one, say so.

        What is unanimous becomes gold by itself, so it must not depend on whose mark sorts first.
        """
        if self.marks.parts is None:
            return self
        same = parts_alike(self.marks, self.member)
        return replace(self, types=np.where((self.types == 0) & ~same, _PART, self.types))


def sheet_of(
    articles: Articles,
    marks: Marks,
    mark: MarkAt,
    *,
    ids: Sequence[int],
    names: tuple[str, ...],
    labels: tuple[str, ...],
) -> Sheet:
    """The groups of marks of one kind: by agreement's own pairs and types, and without words.

    Neither the order of names nor that of labels or marks makes a difference.
    """
    marks, labels = replace(marks, label=by_name(labels)[marks.label]), tuple(sorted(labels))
    aligned = Aligned.of(articles, marks, labels=len(labels), neutral=neutral_of(labels))
    groups, given = aligned.groups, aligned.line.given
    absent = groups.member == NONE
    member = np.where(absent, NONE, given[groups.member])
    return Sheet(
        marks.parts is not None,
        names,
        labels,
        marks,
        mark,
        np.array(ids, np.int64)[groups.article],
        np.where(absent, _MOST, marks.start[member]).min(axis=1, initial=_MOST),
        np.where(absent, 0, marks.end[member]).max(axis=1, initial=0),
        _BITS[groups.differs],
        member,
        groups.values,
    )


@cache
def types_of(bits: int) -> frozenset[Type]:
    return frozenset(each for each in Type if bits & 1 << each.rank)


def bits_of(types: Iterable[Type]) -> int:
    return sum(1 << each.rank for each in set(types))


_BITS = np.array(
    [bits_of(each for flag, each in _TYPES.items() if n & flag) for n in range(2 * max(Differs))]
)


def readings_of(group: Group) -> int:
    """A number (64 bits) that groups with the same readings share, wherever they stand, and hardly others."""
    codes, at = set(), group.span.start
    for mark in group.marks:
        edges = [mark.span.start - at, mark.span.end - at]
        for part in (mark.holder, mark.target) if isinstance(mark, Stance) else ():
            edges += [part.span.start - at, part.span.end - at] if part else [NONE, NONE]
        code = crc32(mark.label.encode())
        for edge in edges:
            code = (code * _MIX + edge) & _ALL
        for shift, factor in _SCATTER:
            code = (code ^ code >> shift) * factor & _ALL
        codes.add(code)
    summed = sum(codes) & _ALL
    return summed - (1 << 64) if summed >> 63 else summed


def words_of(text: str, start: int, end: int) -> str:
    """The words of a stretch on one line, cut where they are many."""
    words = " ".join(text[start : min(end, start + _WORDS)].split())
    return words if end - start <= _WORDS else f"{words}…"


def _named(names: Sequence[str], bits: int) -> Iterable[str]:
    return compress(names, (bits >> n & 1 for n in range(len(names))))
