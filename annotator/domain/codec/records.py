"""What travels between a project and other files: one article with its zones and one source's marks."""

from dataclasses import field

from annotator.domain.articles import Article, Status
from annotator.domain.frozen import frozen
from annotator.domain.marks import Source

# The columns of a suggestion from `kind` on, in the order of the schema. Plain tuples, because millions of
# them pass: kind ("entity" or "stance"), label, start, end, score, name, holder start, holder end, holder
# name, target start, target end, target name. Offsets are code points, half-open.
MarkRow = tuple[
    str,
    str,
    int,
    int,
    float | None,
    str | None,
    int | None,
    int | None,
    str | None,
    int | None,
    int | None,
    str | None,
]
PartRow = tuple[int | None, int | None, str | None]  # start, end, name; all None for a part that is not there
SAW = "saw_suggestion"  # the field of a mark and of a rejection that holds Origin.saw
RULING = "decided"  # the field of a mark that holds Origin.ruling
ZoneRow = tuple[int, int, str]  # start, end, kind
RunName = tuple[str, str]  # pipeline, version


@frozen
class Ruling:
    """What a gold mark follows from: how it was settled, by whom, when (unix seconds), and why.

    `votes` are the labels that annotators gave there, None where they have no such mark.
    """

    how: str
    by: str
    at: int
    reason: str | None = None
    votes: tuple[tuple[str, str | None], ...] = ()


@frozen
class Origin:
    """How a person's mark came to be. `suggested` is what the pipeline proposed when the person edited it.

    `ms` is how long the decision took. A rejected suggestion has `source` None. `saw` is whether the person
    saw suggestions when they made or rejected it, None if that is not known. Gold marks may have a `ruling`.
    """

    source: Source | None
    note: str | None = None
    run: RunName | None = None
    ms: int = 0
    suggested: MarkRow | None = None
    saw: bool | None = None
    ruling: Ruling | None = None


@frozen
class Record:
    """One article and the marks one source put on it: a person, or a pipeline.

    `origins` is keyed by the index in `marks`; a mark without an entry was added by hand or just suggested.
    `zones` is None when the file does not say; `run` is the one run all marks come from, None if mixed or
    unknown; `at` is unix ms; `status` None when the file does not say; `ms` is the person's time at work
    on the article, None when the file does not say. `flagged` and `remark` are the person's flag and note on
    the article.
    """

    article: Article
    marks: list[MarkRow] = field(default_factory=list)
    origins: dict[int, Origin] = field(default_factory=dict)
    rejected: list[tuple[MarkRow, Origin]] = field(default_factory=list)
    zones: list[ZoneRow] | None = None
    run: RunName | None = None
    annotator: str | None = None
    status: Status | None = None
    at: int | None = None
    ms: int | None = None
    flagged: bool = False
    remark: str | None = None


def parts_of(mark: MarkRow) -> tuple[PartRow, PartRow]:
    """Holder and target."""
    return (mark[6], mark[7], mark[8]), (mark[9], mark[10], mark[11])


def reading_order(mark: MarkRow) -> tuple[int, int, str]:
    """Sort key of exports: by start, the longer first, then by label."""
    return (mark[2], -mark[3], mark[1])
