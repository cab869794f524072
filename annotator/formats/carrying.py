"""What a format can carry of a record, what it leaves out or changes, and proofs of the rest."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass, field, replace
from enum import StrEnum
from typing import Any

from annotator.domain.articles import Article, title_of
from annotator.domain.codec.records import MarkRow, Origin, Record
from annotator.domain.frozen import frozen
from annotator.domain.marks import Source

_EXAMPLES = 5  # of each loss
_LONGEST_EXAMPLE = 80  # code points of its text
_SCORE, _NAME, _HOLDER, _TARGET = 4, 5, 6, 9  # columns of a mark's row
_NO_PART = (None, None, None)
_ADDED = Origin(Source.ADDED)


class Feature(StrEnum):
    """Something of a project that a format carries or not; in the order of the help's table."""

    TEXT = "text"  # the text as it stands, character for character
    TITLE = "titles"
    FACTS = "facts"  # source, url, published, lang
    META = "meta"  # whatever else the source said
    ENTITIES = "entities"
    NESTED = "nested"
    OVERLAPPING = "overlapping"
    STACKED = "stacked"
    BORDERS = "misaligned"  # marks that begin or end within a token
    STANCES = "stances"
    PARTS = "parts"  # holder and target
    NAMES = "names"
    NOTES = "notes"
    SCORES = "scores"
    DECISIONS = "decisions"  # accepted, edited or added, from which suggestion, in how many ms
    RULINGS = "rulings"  # how gold marks were settled, by whom, on which votes
    REJECTED = "rejected"
    ZONES = "zones"
    ANNOTATOR = "annotators"
    PIPELINE = "pipelines"
    STATUS = "statuses"
    REMARKS = "remarks"  # a person's flag and note on the article
    TIMES = "times"  # when it was saved, and the time spent
    UNMARKED = "unmarked"  # articles without marks


EVERYTHING = frozenset(Feature)
WORDS = {
    Feature.TEXT: "texts",
    Feature.TITLE: "titles",
    Feature.FACTS: "articles' sources, links, dates or languages",
    Feature.META: "articles' other facts",
    Feature.ENTITIES: "entities",
    Feature.NESTED: "entities inside another entity",
    Feature.OVERLAPPING: "entities that cross another",
    Feature.STACKED: "second labels of a span",
    Feature.BORDERS: "marks that begin or end within a word",
    Feature.STANCES: "stances",
    Feature.PARTS: "holders and targets",
    Feature.NAMES: "canonical names",
    Feature.NOTES: "notes",
    Feature.SCORES: "scores",
    Feature.DECISIONS: "marks' ways from suggestion to label",
    Feature.RULINGS: "gold marks' deciders and votes",
    Feature.REJECTED: "rejected suggestions",
    Feature.ZONES: "zones",
    Feature.ANNOTATOR: "records' annotators",
    Feature.PIPELINE: "records' pipelines",
    Feature.STATUS: "records' statuses",
    Feature.REMARKS: "flags and notes on articles",
    Feature.TIMES: "records' times",
    Feature.UNMARKED: "articles without marks",
}


@frozen
class Example:
    """One place of a loss; `start` and `end` in code points, None when the whole article is meant.

    `article` is its title, `article_id` its id in the project.
    """

    article: str
    text: str = ""
    start: int | None = None
    end: int | None = None
    article_id: int | None = None

    def to_dict(self) -> dict[str, object]:
        return {"article": self.article, "text": self.text, "start": self.start, "end": self.end}


@frozen
class Loss:
    """What a format could not carry: how many, of what, the first of them; left out, or else changed."""

    count: int
    what: str
    feature: Feature
    changed: bool = False
    examples: tuple[Example, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """As `--json` prints it."""
        return {
            "count": self.count,
            "kind": self.feature.value,
            "what": self.what,
            "changed": self.changed,
            "examples": [example.to_dict() for example in self.examples],
        }


@dataclass(slots=True)
class Losses:
    """Counts what is not carried while records are written.

    `article` is the one being written as the project has it, with its title also where that is not carried.
    """

    article: Article | None = None
    _counts: dict[tuple[Feature, bool], int] = field(default_factory=dict)
    _examples: dict[tuple[Feature, bool], list[Example]] = field(default_factory=dict)

    def note(
        self,
        feature: Feature,
        record: Record,
        row: MarkRow | None = None,
        *,
        count: int = 1,
        changed: bool = False,
    ) -> None:
        """Counts what of a record is left out or `changed`; `row` is the mark as it was."""
        key = (feature, changed)
        self._counts[key] = self._counts.get(key, 0) + count
        examples = self._examples.setdefault(key, [])
        if len(examples) < _EXAMPLES:
            article = record.article
            whole = self.article if self.article and self.article.id == article.id else article
            title = whole.title
            if row is None:
                examples.append(Example(title, article_id=article.id))
            else:
                text = article.text[row[2] : row[3]][:_LONGEST_EXAMPLE]
                examples.append(Example(title, text, row[2], row[3], article.id))

    def told(self) -> tuple[Loss, ...]:
        """In the order of the features."""
        order = list(Feature)
        return tuple(
            Loss(self._counts[key], WORDS[key[0]], *key, tuple(self._examples[key]))
            for key in sorted(self._counts, key=lambda key: (order.index(key[0]), key[1]))
        )


def merged(reports: Iterable[tuple[Loss, ...]]) -> tuple[Loss, ...]:
    """The losses of several files as one report."""
    found: dict[tuple[Feature, bool], list[Loss]] = {}
    for report in reports:
        for loss in report:
            found.setdefault((loss.feature, loss.changed), []).append(loss)
    order = list(Feature)
    return tuple(
        replace(
            same[0],
            count=sum(loss.count for loss in same),
            examples=tuple(example for loss in same for example in loss.examples)[:_EXAMPLES],
        )
        for _, same in sorted(found.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    )


class Carrier:
    """Takes from records what a format does not carry, and counts it in `losses`."""

    def __init__(self, carries: Collection[Feature]) -> None:
        self.lacks = frozenset(Feature) - frozenset(carries)
        self.losses = Losses()

    def carried(self, record: Record) -> Record:
        """The record as the format will give it back.

        TEXT and BORDERS are the format's own to change and to note. Of entities that are nested, crossing or
        on the same span where the format lacks that, the longest and first stay.
        """
        if not self.lacks:
            return record
        self.losses.article = record.article
        article = self._article(record)
        kept = self._kept(record)
        marks = [self._mark(record, record.marks[n]) for n in kept]
        origins = {
            at: origin
            for at, n in enumerate(kept)
            if (origin := self._origin(record, record.marks[n], record.origins.get(n))) is not None
        }
        return replace(record, article=article, marks=marks, origins=origins, **self._rest(record))

    def _lost(self, feature: Feature, record: Record, row: MarkRow | None = None, *, count: int = 1) -> bool:
        """Whether the format lacks something that the record has `count` of; if so that is noted."""
        if feature not in self.lacks or not count:
            return False
        self.losses.note(feature, record, row, count=count)
        return True

    def _article(self, record: Record) -> Article:
        article = record.article
        title, facts, meta = article.title, _facts(article), article.meta
        derived = title_of(article.text)
        if self._lost(Feature.TITLE, record, count=int(title != derived)):
            title = derived
        if self._lost(Feature.FACTS, record, count=int(any(fact is not None for fact in facts))):
            facts = (None, None, None, None)
        if self._lost(Feature.META, record, count=int(bool(meta))):
            meta = {}
        return Article(article.id, article.sha256, title, article.text, *facts, meta)

    def _kept(self, record: Record) -> list[int]:
        """Indexes of the marks that stay."""
        kept = [
            n
            for n, row in enumerate(record.marks)
            if not self._lost(Feature.ENTITIES if row[0] == "entity" else Feature.STANCES, record, row)
        ]
        if not self.lacks & {Feature.NESTED, Feature.OVERLAPPING, Feature.STACKED}:
            return kept
        out: set[int] = set()
        taken: list[MarkRow] = []
        entities = [n for n in kept if record.marks[n][0] == "entity"]
        for n in sorted(entities, key=lambda n: _longest_first(record.marks[n])):
            row = record.marks[n]
            for feature in {_relation(row, other) for other in taken} - {None}:
                if feature is not None and self._lost(feature, record, row):
                    out.add(n)
                    break
            else:
                taken.append(row)
        return [n for n in kept if n not in out]

    def _mark(self, record: Record, row: MarkRow) -> MarkRow:
        columns: list[Any] = list(row)
        if self._lost(Feature.SCORES, record, row, count=int(row[_SCORE] is not None)):
            columns[_SCORE] = None
        parts = [at for at in (_HOLDER, _TARGET) if row[at] is not None]
        if self._lost(Feature.PARTS, record, row, count=len(parts)):
            for at in parts:
                columns[at : at + 3] = _NO_PART
        named = [at for at in (_NAME, _HOLDER + 2, _TARGET + 2) if columns[at] is not None]
        if self._lost(Feature.NAMES, record, row, count=len(named)):
            for at in named:
                columns[at] = None
        return tuple(columns)

    def _origin(self, record: Record, row: MarkRow, origin: Origin | None) -> Origin | None:
        if origin is None:
            return None
        note = origin.note
        if self._lost(Feature.NOTES, record, row, count=int(note is not None)):
            note = None
        if self._lost(Feature.RULINGS, record, row, count=int(origin.ruling is not None)):
            origin = replace(origin, ruling=None)
        told = _told(origin, record)
        if self._lost(Feature.DECISIONS, record, row, count=int(told != ())):
            return Origin(None, note) if note is not None else None
        return replace(origin, note=note)

    def _rest(self, record: Record) -> dict[str, Any]:
        """The fields of a record besides its article and marks that the format does not carry."""
        lost: dict[str, Any] = {}
        if self._lost(Feature.REJECTED, record, count=len(record.rejected)):
            lost["rejected"] = []
        if self._lost(Feature.ZONES, record, count=len(record.zones or ())):
            lost["zones"] = None
        if self._lost(Feature.ANNOTATOR, record, count=int(record.annotator is not None)):
            lost["annotator"] = None
        if Feature.PIPELINE in self.lacks and record.run is not None:
            lost["run"] = None
            self._lost(Feature.PIPELINE, record, count=int(record.annotator is None))
        if self._lost(Feature.STATUS, record, count=int(record.status is not None)):
            lost["status"] = None
        remarks = int(record.flagged) + int(record.remark is not None)
        if self._lost(Feature.REMARKS, record, count=remarks):
            lost |= {"flagged": False, "remark": None}
        if self._lost(Feature.TIMES, record, count=int(record.at is not None or record.ms is not None)):
            lost |= {"at": None, "ms": None}
        return lost


def canonical(record: Record) -> tuple[object, ...]:
    """What a record says, the same for two that say the same: marks in one order, times in seconds.

    A record that does not speak of zones and one that has none are the same here, and so are a mark that was
    added by hand and one that does not say how it came to be.
    """
    article = record.article
    origins = ((row, record.origins.get(n, _ADDED)) for n, row in enumerate(record.marks))
    marks = sorted(((row, _told(origin, record), origin.note) for row, origin in origins), key=repr)
    rejected = sorted(((row, _told(origin, record)) for row, origin in record.rejected), key=repr)
    return (
        article.text,
        article.title,
        _facts(article),
        json.dumps(article.meta, sort_keys=True) if article.meta else "",
        marks,
        rejected,
        sorted(tuple(zone) for zone in record.zones or ()),
        record.annotator,
        record.run if record.annotator is None else None,
        record.status and record.status.value,
        None if record.at is None else record.at // 1000,
        record.ms,
        record.flagged,
        record.remark,
    )


def proof_of(value: object) -> int:
    """64 bits of a value of tuples, lists, strings and numbers; a Record goes by what it says."""
    said = canonical(value) if isinstance(value, Record) else value
    digest = hashlib.blake2b(repr(said).encode("utf-8", "backslashreplace"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _told(origin: Origin, record: Record) -> tuple[object, ...]:
    """What an origin says beside its note; nothing if it only says that the mark was added."""
    if origin is _ADDED:  # as of every suggestion
        return ()
    source = None if origin.source is Source.ADDED else origin.source
    told = replace(origin, source=source, note=None)
    if told == Origin(None):
        return ()
    run = origin.run or (record.run if source else None)
    return astuple(replace(told, run=run))


def _facts(article: Article) -> tuple[str | None, str | None, str | None, str | None]:
    return article.source, article.url, article.published, article.lang


def _longest_first(row: MarkRow) -> tuple[int, int, str]:
    return row[2] - row[3], row[2], row[1]


def _relation(row: MarkRow, other: MarkRow) -> Feature | None:
    """How an entity stands to one that is as long or longer; None when they do not touch."""
    start, end = row[2], row[3]
    if (start, end) == (other[2], other[3]):
        return Feature.STACKED
    if other[2] <= start and end <= other[3]:
        return Feature.NESTED
    return Feature.OVERLAPPING if start < other[3] and other[2] < end else None
