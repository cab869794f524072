"""Texts that break offsets, and random records on them."""

from hypothesis import strategies as st

from annotator.domain.articles import Article, Status
from annotator.domain.codec.records import MarkRow, Origin, Record, Ruling, reading_order
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.domain.marks import Source
from annotator.domain.zones import ZoneKind

LABELS = LabelSet(
    "news",
    1,
    (
        *(Label(Kind.ENTITY, name, name, "#0072b2", "", "") for name in ("PERSON", "GPE")),
        *(Label(Kind.POLARITY, name, name, "#009e73", "", "") for name in ("FAVOR", "AGAINST")),
    ),
)
# The worked example: 👨 is one code point and two UTF-16 units.
TALKS = "👨 Lavrov said Russia wanted talks."
LAVROV, RUSSIA, WANTED = (2, 8), (14, 20), (21, 33)

# Astral, ZWJ, flags, combining marks, line ends, tabs, NBSP, line separator, Hebrew, Arabic, BOM.
TRICKY = [
    *("a", "word ", "é", "e\u0301", "😀", "👩\u200d👩\u200d👧", "🇺🇦", "𝔘", "\u200d", "\ufeff"),
    *("שלום ", "مرحبا ", "漢字", "\t", "\u00a0", "\r\n", "\n", "\r", "\u2028", "\x85", '"', "\\", "<"),
]
texts = st.lists(st.sampled_from(TRICKY), min_size=1, max_size=30).map("".join)
# Words that no format need divide or change: letters with their marks, or one picture.
PLAIN = ["Lavrov", "e\u0301a", "שלום", "漢字", "x_1", "😀", "👩\u200d👧"]
names = st.none() | st.sampled_from(["", "Sergei Lavrov", "לברוב", "a\tb"])
scores = st.none() | st.floats(0, 1)
rulings = st.none() | st.just(
    Ruling("adopted", "lea", 1_700_000_000, "edge case", (("Ana 👩", "GPE"), ("b", None)))
)
runs = st.tuples(st.sampled_from(["en_news", "other"]), st.sampled_from(["", "1.0"]))


@st.composite
def spans(draw: st.DrawFn, text: str) -> tuple[int, int]:
    start = draw(st.integers(0, len(text) - 1))
    return start, draw(st.integers(start + 1, len(text)))


@st.composite
def mark_rows(draw: st.DrawFn, text: str) -> MarkRow:
    start, end = draw(spans(text))
    score, name = draw(scores), draw(names)
    if draw(st.booleans()):
        label = draw(st.sampled_from(["PERSON", "GPE"]))
        return ("entity", label, start, end, score, name, None, None, None, None, None, None)
    label = draw(st.sampled_from(["FAVOR", "AGAINST"]))
    holder, target = (
        (*draw(spans(text)), draw(names)) if draw(st.booleans()) else (None, None, None) for _ in range(2)
    )
    return ("stance", label, start, end, score, None, *holder, *target)


def _in_order(marks: list[MarkRow]) -> list[MarkRow]:
    """As exports give them: each place once, entities before stances."""
    once = {(*mark[:4], *mark[6:8], *mark[9:11]): mark for mark in marks}
    return sorted(once.values(), key=lambda mark: (mark[0], *reading_order(mark)))


@st.composite
def articles(draw: st.DrawFn, text: str) -> Article:
    meta = {"n": 1, "deep": {"list": [1, None, "שלום"]}, "source": ["not", "text"]}
    return Article.of(
        text,
        title=draw(st.sampled_from(["Talks", "שלום", "\u2028 x"])),
        url=draw(st.none() | st.just("https://example.org/1")),
        published=draw(st.none() | st.just("2022-03-04")),
        meta=draw(st.sampled_from([{}, meta])),
    )


@st.composite
def zone_rows(draw: st.DrawFn, text: str) -> list[tuple[int, int, str]]:
    found = draw(st.lists(spans(text), max_size=3))
    return sorted((start, end, draw(st.sampled_from(list(ZoneKind))).value) for start, end in set(found))


@st.composite
def suggestion_records(draw: st.DrawFn) -> Record:
    text = draw(texts)
    marks = _in_order(draw(st.lists(mark_rows(text), max_size=6)))
    return Record(draw(articles(text)), marks, zones=draw(zone_rows(text)), run=draw(runs))


@st.composite
def label_records(draw: st.DrawFn) -> Record:
    """One annotator's: accepted, edited, added and rejected marks."""
    text = draw(texts)
    marks, origins = [], {}
    for n, mark in enumerate(_in_order(draw(st.lists(mark_rows(text), max_size=6)))):
        source = draw(st.sampled_from(Source))
        note = draw(st.none() | st.just("why\n🇺🇦"))
        saw = draw(st.none() | st.booleans())
        if source is Source.ADDED:
            mark = (*mark[:4], None, *mark[5:])
            origins[n] = Origin(source, note, saw=saw, ruling=draw(rulings))
        elif source is Source.ACCEPTED:
            origins[n] = Origin(source, note, draw(runs), draw(st.integers(0, 9)), saw=saw)
        else:
            other = draw(mark_rows(text).filter(lambda row, kind=mark[0]: row[0] == kind))
            mark = (*mark[:4], other[4], *mark[5:])
            origins[n] = Origin(source, note, draw(runs), draw(st.integers(0, 9)), other, saw)
        marks.append(mark)
    rejected = [
        (mark, Origin(None, run=("rejecting", "1"), ms=3))
        for mark in sorted(_in_order(draw(st.lists(mark_rows(text), max_size=2))), key=reading_order)
    ]
    run = origins[0].run if origins and len({origin.run for origin in origins.values()}) == 1 else None
    return Record(
        draw(articles(text)),
        marks,
        origins,
        rejected,
        draw(zone_rows(text)),
        run,
        annotator="Ana 👩",
        status=draw(st.sampled_from(Status)),
        at=1_700_000_000_000,
        flagged=draw(st.booleans()),
        remark=draw(st.none() | st.just("ask\nRobin 🇺🇦")),
    )


@st.composite
def plain_records(draw: st.DrawFn) -> Record:
    """Words with single blanks or line ends between, and entities of whole words of a line, side by side."""
    lines = draw(st.lists(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=6), min_size=1, max_size=3))
    marks: list[MarkRow] = []
    at = 0
    for words in lines:
        starts = []
        for word in words:
            starts.append(at)
            at += len(word) + 1
        ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
        first = 0
        while first < len(words):
            last = draw(st.integers(first, len(words) - 1))
            if draw(st.booleans()):
                label = draw(st.sampled_from(["PERSON", "GPE"]))
                marks.append(("entity", label, starts[first], ends[last], *(None,) * 8))
            first = last + 1
    return Record(Article.of("\n".join(map(" ".join, lines))), marks)
