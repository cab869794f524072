"""Agreement of three annotators, and its figures against nervaluate, krippendorff and pygamma-agreement.

nervaluate and pygamma-agreement are raced where they are installed: the extra `rivals`.
"""

import annotator.agreement  # noqa: F401  # before numpy: it says on how many threads

# isort: split

import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from annotator.agreement.characters import character_coincidences
from annotator.agreement.coefficients import alpha, nominal
from annotator.agreement.columns import NONE, Articles, Ints, Marks, laid_out
from annotator.agreement.dashboard import Dashboard, Given
from annotator.agreement.gamma import disorders
from annotator.agreement.measures import Aligned, Layout
from annotator.domain.articles import Article
from annotator.domain.label_file import parse_label_set
from annotator.places import resource as packed
from annotator.services.agreement import Agreement
from annotator.services.merging import MergeReport, merge
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import Compared, GroupReader
from annotator.storage.project import Project
from tests.benchmarks.line import Line

NAMES = ("ana", "ben", "cem")
MARKS = 40  # of each annotator in an article
LENGTH = 3_500  # code points of an article
LABELS = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "DATE")
FEW, MANY = 1_000, 10_000
_ROUNDS = 3


def run() -> list[Line]:
    lines = [*dashboards(FEW, 2.5), counted(MANY, 20.0), *reviews(FEW), *merges(FEW)]
    return [*lines, against_krippendorff(), against_nervaluate(), against_gamma()]


def work(articles: int, *, seed: int = 5) -> tuple[Articles, Marks]:
    """Three annotators who see the same 40 entities, and in one of four cases another edge or label."""
    random = np.random.default_rng(seed)
    shape = (articles, MARKS)
    # A slot for each, so that nobody's entities overlap.
    start = np.arange(MARKS) * (LENGTH // MARKS) + random.integers(0, 40, shape)
    end, label = start + random.integers(3, 20, shape), random.integers(0, len(LABELS), shape)
    columns: list[list[Ints]] = []
    for who in range(len(NAMES)):
        other = random.random((3, *shape)) < 0.08
        where = np.repeat(np.arange(articles), MARKS)
        seen = (
            start + other[0] * random.integers(1, 4, shape),
            end + other[1] * random.integers(1, 6, shape) + 3,
            np.where(other[2], random.integers(0, len(LABELS), shape), label),
        )
        columns.append([where, np.full(len(where), who), *(each.ravel() for each in seen)])
    marks = Marks(*(np.concatenate(column) for column in zip(*columns, strict=True)))
    return Articles(np.full(articles, LENGTH), np.ones((articles, len(NAMES)), np.bool_)), marks


def dashboards(articles: int, limit: float) -> list[Line]:
    """All figures with intervals from a project file; then one article after it changed."""
    with tempfile.TemporaryDirectory() as folder, filled(Path(folder) / "p.annot", articles) as project:
        agreement = Agreement(project)
        seconds = timed(lambda: everything(agreement))
        changed = agreement.read().ids[articles // 2]
        again = min(timed(lambda: agreement.refresh([changed]).figures()) for _ in range(_ROUNDS)) * 1_000
    what = f"3 annotators x {articles:,} articles x {MARKS} marks"
    return [
        Line(f"agreement, {what}", seconds, "s CPU", f"<= {limit}", seconds <= limit),
        Line(f"one changed article of {articles:,}", again, "ms CPU", "<= 10", again <= 10),
    ]


def merges(articles: int) -> list[Line]:
    """The whole work of three annotators brought into a project without it, then once more."""
    with tempfile.TemporaryDirectory() as folder:
        other, base = Path(folder) / "other.annot", Path(folder) / "base.annot"
        filled(other, articles).close()
        labels = parse_label_set(packed("labels", "news.toml").read_text("utf-8"))
        with Project.create(base, labels) as project:
            seconds, again = (timed(lambda: assert_whole(merge(project, [other]))) for _ in range(2))
    what = f"3 annotators x {articles:,} articles x {MARKS} marks"
    return [
        Line(f"merge, {what}", seconds, "s CPU", "<= 8", seconds <= 8),
        Line("the same merge again", again, "s CPU", "<= 4", again <= 4),
    ]


def reviews(articles: int) -> list[Line]:
    """What there is to review, until its first differences are there, and until all are."""
    with tempfile.TemporaryDirectory() as folder, filled(Path(folder) / "p.annot", articles) as project:

        def queue(compared: Compared) -> None:
            assert ReviewQueue(compared, NAMES[0]).left

        first = timed(lambda: queue(next(GroupReader(project.path).parts(1))))
        whole = timed(lambda: queue(GroupReader(project.path).read(1)))
    what = f"of a review, 3 annotators x {articles:,} articles x {MARKS} marks"
    return [
        Line(f"the first {what}", first, "s CPU", "<= 0.2", first <= 0.2),
        Line(f"all {what}", whole, "s CPU", "<= 1", whole <= 1),
    ]


def assert_whole(report: MergeReport) -> None:
    assert not report.failed, report.lines()


def counted(articles: int, limit: float) -> Line:
    """All figures with intervals, of marks that have been read."""
    layout = Layout(NAMES, LABELS, ())
    given = Given(tuple(range(articles)), *work(articles), Marks.of([()] * 5, [], []))

    def figures() -> None:
        dashboard = Dashboard(layout, given)
        assert len(dashboard.figures()) > len(dashboard.competences())

    seconds = timed(figures)
    what = f"3 annotators x {articles:,} articles x {MARKS} marks"
    return Line(f"agreement once read, {what}", seconds, "s CPU", f"<= {limit}", seconds <= limit)


def everything(agreement: Agreement) -> None:
    dashboard = agreement.read()
    assert len(dashboard.figures()) > len(dashboard.competences())


def filled(path: Path, articles: int) -> Project:
    """A project with the work, written past the services."""
    project = Project.create(path, parse_label_set(packed("labels", "news.toml").read_text("utf-8")))
    _, marks = work(articles)
    texts = [f"{n} ".ljust(LENGTH, "x") for n in range(articles)]
    ids = []
    with project.writing() as db:
        for at, text in enumerate(texts):
            article = Article.of(text)
            ids.append(article.id)
            db.execute(
                "INSERT INTO article(id,position,sha256,title,length,words,text) VALUES(?,?,?,'x',?,1,?)",
                (article.id, at, article.sha256, LENGTH, text),
            )
        for who, name in enumerate(NAMES):
            annotator, op = project.annotator_id(name), project.new_id()
            db.execute(
                "INSERT INTO op(id,annotator_id,at,kind,summary) VALUES(?,?,0,'import','bench')",
                (op, annotator),
            )
            db.execute("UPDATE status SET status='done',op_id=? WHERE annotator_id=?", (op, annotator))
            mine = marks.at(marks.annotator == who)
            rows = zip(
                mine.article.tolist(),
                mine.label.tolist(),
                mine.start.tolist(),
                mine.end.tolist(),
                strict=True,
            )
            db.executemany(
                "INSERT INTO entity(id,annotator_id,article_id,length,labelset_id,label,start,end,op_id) "
                "VALUES(?,?,?,?,?,?,?,?,?)",
                (
                    (
                        project.new_id(),
                        annotator,
                        ids[article],
                        LENGTH,
                        project.labelset.id,
                        LABELS[label],
                        start,
                        end,
                        op,
                    )
                    for article, label, start, end in rows
                ),
            )
    return project


def against_krippendorff() -> Line:
    """Alpha of the characters of a hundred articles."""
    import krippendorff

    articles, marks = work(100)
    line = laid_out(articles, marks)
    characters = np.full((len(NAMES), 100 * LENGTH), len(LABELS))
    for n in range(len(line)):
        first = line.marks.article[n] * LENGTH + line.marks.start[n]
        characters[line.marks.annotator[n], first : first + line.end[n] - line.start[n]] = line.marks.label[n]
    kinds = len(LABELS) + 1
    found: list[float] = []

    def ours() -> None:
        table = character_coincidences(articles, laid_out(articles, marks), len(LABELS)).sum(axis=0)
        found.append(float(alpha(table.reshape(kinds, kinds), nominal(kinds))))

    def theirs() -> None:
        found.append(krippendorff.alpha(characters, level_of_measurement="nominal"))

    return race("alpha of characters, times as fast as krippendorff", ours, theirs, 50, found)


def against_nervaluate() -> Line:
    """Typed differences of one pair in a thousand articles."""
    name = "differences of a pair, times as fast as nervaluate"
    if find_spec("nervaluate") is None:
        return absent(name)
    from nervaluate import Evaluator

    articles, marks = work(FEW)
    marks = marks.at(marks.annotator < 2)
    pair = Articles(articles.lengths, articles.finished[:, :2])
    lists: list[list[list[dict[str, object]]]] = [[[] for _ in range(FEW)] for _ in range(2)]
    columns = (marks.article, marks.annotator, marks.start, marks.end, marks.label)
    for article, who, start, end, label in zip(*(column.tolist() for column in columns), strict=True):
        lists[who][article].append({"label": LABELS[label], "start": start, "end": end})
    found: list[float] = []

    def ours() -> None:
        aligned = Aligned.of(pair, marks, labels=len(LABELS), neutral=NONE)
        found.append(float((aligned.groups.differs == 0).sum()))

    def theirs() -> None:
        done = Evaluator(*lists, tags=list(LABELS), loader="dict").evaluate()
        found.append(float(done["overall"]["strict"].correct))

    return race(name, ours, theirs, 20, found)


def against_gamma() -> Line:
    """Gamma of one pair in one article, 30 samples."""
    name = "gamma of a pair, times as fast as pygamma-agreement"
    if find_spec("pygamma_agreement") is None:
        return absent(name)
    from pyannote.core import Segment
    from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum, ShuffleContinuumSampler

    articles, marks = work(1)
    marks = marks.at(marks.annotator < 2)
    pair = Articles(articles.lengths, articles.finished[:, :2])
    continuum = Continuum()
    columns = (marks.annotator, marks.start, marks.end, marks.label)
    for who, start, end, label in zip(*(column.tolist() for column in columns), strict=True):
        continuum.add(NAMES[who], Segment(start, end), LABELS[label])
    measure = CombinedCategoricalDissimilarity(alpha=1, beta=1)
    found: list[float] = []

    def ours() -> None:
        observed, _ = disorders(pair, marks, seeds=np.array([1]))
        found.append(float(observed.sum()) / MARKS)

    def theirs() -> None:
        done = continuum.compute_gamma(measure, n_samples=30, sampler=ShuffleContinuumSampler())
        found.append(float(done.observed_disorder))

    return race(name, ours, theirs, 10, found)


def race(
    name: str, ours: Callable[[], None], theirs: Callable[[], None], limit: float, found: list[float]
) -> Line:
    """The ratio of the best CPU times of rounds by turns; both must `found` the same number."""
    ours(), theirs()
    best = [min(each) for each in zip(*((timed(ours), timed(theirs)) for _ in range(_ROUNDS)), strict=True)]
    assert max(found) - min(found) <= 1e-4 * max(found), found
    ratio = best[1] / best[0]
    return Line(name, ratio, "times", f">= {limit:.0f}", ratio >= limit)


def absent(name: str) -> Line:
    return Line(f"{name} (not installed)", 0.0, "times", "-", True)


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of all threads."""
    begun = time.process_time()
    work()
    return time.process_time() - begun
