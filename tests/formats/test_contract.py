"""What every format keeps to: what is written reads back, less what the loss report names."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.domain.articles import Article, title_of
from annotator.domain.codec.records import Record
from annotator.domain.marks import Source as MarkSource
from annotator.formats import carrying
from annotator.formats.carrying import Feature, canonical
from annotator.formats.contract import Format, Layout, Reading, Writing
from annotator.formats.registry import all_formats, candidates
from annotator.formats.sources import FileSource, FolderSource, Source
from annotator.formats.targets import Target
from tests.formats.samples import LABELS, LAVROV, TALKS, label_records, plain_records, suggestion_records

pytestmark = pytest.mark.timeout(900)  # many examples, and spaCy's start, on a machine that does much else
BOTH_WAYS = [
    pytest.param(format_, id=format_.name) for format_ in all_formats() if format_.reads and format_.writes
]
WITH_MARKS = [
    pytest.param(format_, id=format_.name)
    for format_ in all_formats()
    if format_.reads and format_.writes and Feature.ENTITIES in format_.carries
]
WRITTEN = [pytest.param(format_, id=format_.name) for format_ in all_formats() if format_.writes]
SLOW = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=60,
)

projects = st.lists(
    label_records() | suggestion_records(), min_size=1, max_size=4, unique_by=lambda record: record.article.id
)
plain_projects = st.lists(plain_records(), min_size=1, max_size=3, unique_by=lambda record: record.article.id)


# What a record says of each feature; counted, so that what is missing must be what is told.
SAID: dict[Feature, Callable[[Record], Iterable[object]]] = {
    Feature.TEXT: lambda record: [record.article.text],
    Feature.TITLE: lambda record: {record.article.title} - {title_of(record.article.text)},
    Feature.FACTS: lambda record: [facts for facts in [facts_of(record)] if any(facts)],
    Feature.META: lambda record: [repr(record.article.meta)] if record.article.meta else [],
    Feature.ENTITIES: lambda record: [row[1:4] for row in record.marks if row[0] == "entity"],
    Feature.STANCES: lambda record: [row[1:4] for row in record.marks if row[0] == "stance"],
    Feature.PARTS: lambda record: [
        (role, row[at : at + 2])
        for row in record.marks
        for role, at in (("holder", 6), ("target", 9))
        if row[at] is not None
    ],
    Feature.NAMES: lambda record: [
        row[at] for row in record.marks for at in (5, 8, 11) if row[at] is not None
    ],
    Feature.NOTES: lambda record: [
        origin.note for origin in record.origins.values() if origin.note is not None
    ],
    Feature.SCORES: lambda record: [row[4] for row in record.marks if row[4] is not None],
    Feature.DECISIONS: lambda record: [
        (origin.source, origin.run, origin.saw)
        for origin in record.origins.values()
        if origin.source not in (None, MarkSource.ADDED) or origin.saw is not None
    ],
    Feature.REJECTED: lambda record: [row for row, _ in record.rejected],
    Feature.ZONES: lambda record: record.zones or (),
    Feature.ANNOTATOR: lambda record: {record.annotator} - {None},
    Feature.PIPELINE: lambda record: {record.run} - {None} if record.annotator is None else (),
    Feature.STATUS: lambda record: {record.status} - {None},
    Feature.TIMES: lambda record: {record.at} - {None},
}
# A loss of these takes others along, or changes what is counted.
AROUND = (Feature.TEXT, Feature.BORDERS, Feature.UNMARKED)
_FLAT = (Feature.NESTED, Feature.OVERLAPPING, Feature.STACKED)
_MARKS = (Feature.ENTITIES, Feature.STANCES, *_FLAT)
_AS_A_WHOLE = (*_MARKS, Feature.BORDERS)  # losses of these name a mark that is gone, or has other words
WITHIN = {
    Feature.ENTITIES: _FLAT,
    Feature.PARTS: (Feature.STANCES,),
    Feature.NAMES: (*_MARKS, Feature.PARTS),
    Feature.NOTES: _MARKS,
    Feature.SCORES: _MARKS,
    Feature.DECISIONS: _MARKS,
}


def facts_of(record: Record) -> tuple[str | None, ...]:
    article = record.article
    return article.source, article.url, article.published, article.lang


@pytest.fixture(scope="module", autouse=True)
def every_loss_is_named() -> Iterator[None]:
    """A report with all examples, so that every mark it does not name is known to have stayed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(carrying, "_EXAMPLES", 1_000)
        yield


def words(text: str) -> str:
    """A text less its white space, which many formats change."""
    return "".join(text.split())


@dataclass(frozen=True, slots=True)
class Said:
    """What a mark says, as far as a format carries it; spans count the characters of `words`."""

    article: str
    kind: str
    label: str
    span: tuple[int, int]
    name: str | None
    note: str | None
    score: float | None
    parts: tuple[tuple[tuple[int, int] | None, str | None], ...]

    @classmethod
    def of(cls, format_: Format, record: Record, n: int) -> "Said":
        carries, text, row = format_.carries, record.article.text, record.marks[n]
        origin = record.origins.get(n)
        named, parted = Feature.NAMES in carries, Feature.PARTS in carries

        def counted(start: int, end: int) -> tuple[int, int]:
            return len(words(text[:start])), len(words(text[:end]))

        return cls(
            words(text),
            *row[:2],
            counted(row[2], row[3]),
            row[5] if named else None,
            origin.note if origin and Feature.NOTES in carries else None,
            row[4] if Feature.SCORES in carries else None,
            tuple(
                (counted(start, end), name if named else None)
                if start is not None and end is not None and parted
                else (None, None)
                for start, end, name in (row[6:9], row[9:12])
            ),
        )

    def became(self, other: "Said") -> bool:
        """Whether the other is this one with other borders; a part of white space alone may be gone."""
        return (
            replace(self, span=other.span, parts=other.parts) == other
            and _meet(self.span, other.span)
            and all(
                (mine == theirs)
                or (mine is not None and mine[0] == mine[1] and theirs is None)
                or (mine is not None and theirs is not None and _meet(mine, theirs) and name == its)
                for (mine, name), (theirs, its) in zip(self.parts, other.parts, strict=True)
            )
        )


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])


class Round:
    """Records written in a format, and what reads back."""

    def __init__(self, format_: Format, records: list[Record], folder: Path) -> None:
        name = f"o{format_.suffixes[0] if format_.suffixes else ''}"
        main = name if format_.layout is Layout.FILE else None
        proofs: list[int] = []
        with Target(folder, main) as target:
            writer = format_.writer(target, Writing(LABELS))
            for record in records:
                proofs += writer.write(record)
            proofs += writer.close()
            target.close()
        self.losses = writer.losses()
        self.lost = Counter({loss.feature: 0 for loss in self.losses})
        for loss in self.losses:
            self.lost[loss.feature] += loss.count
        sources: list[Source] = [FileSource(folder / name)] if main else FolderSource(folder).files()
        if main is None and (format_.reads_folders or not format_.reads):
            sources = [FolderSource(folder)]
        self.gone, self.changed = (
            {
                (example.article_id, example.start, example.end)
                for loss in self.losses
                if loss.feature in _AS_A_WHOLE and loss.changed is changed
                for example in loss.examples
            }
            for changed in (False, True)
        )
        self.sources = [one for one in sources if one.is_folder or format_.sniff(one, one.head()) > 1]
        self.proven = sorted(proofs) == sorted(
            proof for source in self.sources for proof in format_.proofs(source, Reading(LABELS))
        )
        self.pieces = [
            piece
            for source in self.sources
            if format_.reads
            for piece in format_.read(source, Reading(LABELS))
        ]
        self.back = [piece.record for piece in self.pieces if piece.record is not None]


@pytest.mark.parametrize("format_", WRITTEN)
@given(records=projects)
@SLOW
def test_what_is_written_is_proven_by_reading_it_back(format_: Format, records: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        done = Round(format_, records, Path(folder))
    assert done.proven
    examples = {(example.article_id, example.article) for loss in done.losses for example in loss.examples}
    assert examples <= {(record.article.id, record.article.title) for record in records}


@pytest.mark.parametrize("format_", BOTH_WAYS)
@given(records=projects)
@SLOW
def test_what_reads_back_is_the_project_less_what_is_told(format_: Format, records: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        done = Round(format_, records, Path(folder))
    assert [fault for piece in done.pieces for fault in piece.faults] == []
    back = done.back
    assert not set(done.lost) & format_.carries, "the report names only what the help says is not carried"
    if not done.lost:
        assert sorted(map(repr, map(canonical, back))) == sorted(map(repr, map(canonical, records)))
    for feature, say in SAID.items():
        before = Counter(item for record in records for item in say(record))
        after = Counter(item for record in back for item in say(record))
        within = [around for around in (*WITHIN.get(feature, ()), *AROUND) if done.lost[around]]
        if not within:
            assert (before - after).total() == done.lost[feature], feature
        assert done.lost[feature] or within or not after - before, feature


@pytest.mark.parametrize("format_", WITH_MARKS)
@given(records=projects)
@SLOW
def test_what_no_loss_names_says_the_same_of_the_same_words(format_: Format, records: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        done = Round(format_, records, Path(folder))
    absent = {
        example.article_id
        for loss in done.losses
        if loss.feature in (Feature.TEXT, Feature.UNMARKED) and not loss.changed
        for example in loss.examples
    }
    there = [record for record in records if record.article.id not in absent]
    texts, texts_back = ([words(record.article.text) for record in of] for of in (there, done.back))
    assert sorted(texts) == sorted(texts_back)
    back = Counter(Said.of(format_, record, n) for record in done.back for n in range(len(record.marks)))
    stayed: Counter[Said] = Counter()
    for record in there:
        for n, row in enumerate(record.marks):
            place, said = (record.article.id, row[2], row[3]), Said.of(format_, record, n)
            if place in done.changed - done.gone:
                assert any(said.became(other) for other in back), said
            elif place not in done.gone:
                stayed[said] += 1
    assert not stayed - back
    assert back.total() <= sum(len(record.marks) for record in there), "marks that nobody made"


@pytest.mark.parametrize("format_", WITH_MARKS)
@given(records=plain_projects)
@settings(SLOW, max_examples=25)
def test_plain_articles_with_entities_side_by_side_lose_nothing(
    format_: Format, records: list[Record]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        done = Round(format_, records, Path(folder))
    assert done.losses == ()
    assert sorted(map(repr, map(canonical, done.back))) == sorted(map(repr, map(canonical, records)))


@pytest.mark.parametrize("format_", BOTH_WAYS)
def test_a_written_file_is_known_for_what_it_is(format_: Format, tmp_path: Path) -> None:
    lavrov = ("entity", "PERSON", *LAVROV, None, None, None, None, None, None, None, None)
    done = Round(format_, [Record(Article.of(TALKS), [lavrov], annotator="Ana")], tmp_path)
    (source,) = done.sources
    assert candidates(source)[0].name == format_.name
