"""Gestures against the floor of the disk, and the next article of a million."""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median

from annotator import places
from annotator.domain.articles import Article, Status
from annotator.domain.label_file import parse_label_set
from annotator.domain.labels import LabelSet
from annotator.domain.queue_filter import Sort
from annotator.domain.text import Span
from annotator.services.labelling import Labelling
from annotator.services.queue import Queue
from annotator.storage.project import Project
from annotator.storage.schema import unlogged
from tests.benchmarks.line import Line

GESTURES = 600
MILLION = 1_000_000
DONE = 100_000
QUEUE = 100_000
FILTERS = (
    *("harbour", "is:done", "-is:done", "is:noted", "label:PERSON", "suggested:PERSON", "name:velia"),
    *("text:ferry", "source:herald", "note:ferry", "before:2015", "label:PERSON text:ferry before:2020"),
)
TEXT = (
    "Harbour town votes on ferry plan\n\n"
    + "The council of Westhaven said on Tuesday it backs the ferry. " * 60
)


def run() -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        return [_gesture(Path(folder)), _next_article(Path(folder)), *_queue(Path(folder))]


def _gesture(folder: Path) -> Line:
    with Project.create(folder / "gestures.annot", _news()) as project, _floor(folder) as insert:
        article = Article.of(TEXT)
        _add(project, iter([article]))
        labelling = Labelling(project, "ana")
        starts = (at for at in range(40, len(TEXT)) if TEXT[at].isalpha())
        floor, gestures = [], []
        # Turn about, so that a busy machine slows both alike.
        for start in islice(starts, GESTURES):
            floor.append(_ms(insert))
            gestures.append(_ms(lambda at=start: labelling.add(article.id, Span(at, at + 1), "GPE")))  # type: ignore[misc]
    ratio = median(gestures) / median(floor)
    print(f"gesture p50 {median(gestures):.3f} ms, floor p50 {median(floor):.3f} ms")
    return Line("one gesture, durable, against a one-integer insert (p50)", ratio, "x", "<= 6", ratio <= 6)


def _next_article(folder: Path) -> Line:
    with Project.create(folder / "million.annot", _news()) as project:
        _add(project, (Article.of(f"Notice {n} of the harbour office") for n in range(MILLION)))
        annotator = project.annotator_id("ana")
        _finish_first(project, annotator, DONE)
        queue = Queue(project, "ana")
        row = project.db.execute("SELECT id FROM article WHERE position=?", (DONE // 2,)).fetchone()
        times = [_ms(lambda: queue.next(None)) for _ in range(200)]
        times += [_ms(lambda: queue.next(row[0])) for _ in range(200)]
    p95 = sorted(times)[int(len(times) * 0.95)]
    return Line("next article to do, at 1,000,000 articles (p95)", p95, "ms", "<= 1", p95 <= 1)


def _queue(folder: Path) -> list[Line]:
    """Filters and orders of a queue: CPU, as somebody waits for them while typing."""
    with Project.create(folder / "queue.annot", _news()) as project:
        _add(project, (Article.of(f"Notice {n} of the harbour\n\n{_said(n)}") for n in range(QUEUE)))
        annotator = project.annotator_id("ana")
        _finish_first(project, annotator, QUEUE // 10)
        _mark(project, annotator)
        queue = Queue(project, "ana")
        asked: list[tuple[str, tuple[Status, ...] | None, str, Sort]] = [
            ("to do", (Status.TODO, Status.DOING), "", Sort.FILE),
            *((wanted, None, wanted, Sort.FILE) for wanted in FILTERS),
            *((f"sorted: {sort}", None, "", sort) for sort in Sort),
        ]
        lines = []
        for name, statuses, wanted, sort in asked:
            cost = min(_cpu_ms(lambda: queue.ids(statuses, wanted, sort=sort)) for _ in range(3))  # noqa: B023
            lines.append(Line(f"queue of 100,000, {name}", cost, "ms CPU", "<= 250", cost <= 250))
    return lines


def _said(n: int) -> str:
    return f"The council of {'Velia' if n % 2 else 'Aldery'} backs the {'ferry' if n % 3 else 'bridge'}."


def _mark(project: Project, annotator: str) -> None:
    """Two entities, one with a name, in every second article, in one stroke."""
    op, labels = project.new_id(), [label.name for label in project.labelset.entities]
    with project.writing() as db:
        db.execute(
            "INSERT INTO op(id,annotator_id,at,kind,summary) VALUES(?,?,0,'import','mark many')",
            (op, annotator),
        )
        articles = db.execute("SELECT id,length FROM article WHERE position%2=0").fetchall()
        with unlogged(db):
            db.executemany(
                "INSERT INTO entity(id,annotator_id,article_id,length,labelset_id,label,start,"
                '"end",name,op_id) VALUES(?,?,?,?,?,?,?,?,?,?)',
                (
                    (
                        *(project.new_id(), annotator, article_id, length, project.labelset.id),
                        *(labels[n % len(labels)], at, at + 5, "Council of Velia" if at else None, op),
                    )
                    for n, (article_id, length) in enumerate(articles)
                    for at in (0, 7)
                ),
            )


def _finish_first(project: Project, annotator: str, count: int) -> None:
    """Finish the first articles in one stroke: a person's hundred thousand gestures would take minutes."""
    op = project.new_id()
    with project.writing() as db:
        db.execute(
            "INSERT INTO op(id,annotator_id,at,kind,summary) VALUES(?,?,0,'import','finish many')",
            (op, annotator),
        )
        db.execute("UPDATE status SET status='done', op_id=? WHERE position<?", (op, count))


@contextmanager
def _floor(folder: Path) -> Iterator[Callable[[], None]]:
    """A function that commits one integer with the pragmas of a project."""
    db = sqlite3.connect(folder / "floor.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE one(n INTEGER)")

    def insert() -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO one VALUES(1)")
        db.execute("COMMIT")

    yield insert
    db.close()


def _add(project: Project, articles: Iterator[Article]) -> None:
    rows = ((a.id, n, a.sha256, a.title, len(a.text), 5, a.text) for n, a in enumerate(articles))
    with project.writing() as db:
        db.executemany(
            "INSERT INTO article(id,position,sha256,title,length,words,text) VALUES(?,?,?,?,?,?,?)", rows
        )


def _news() -> LabelSet:
    return parse_label_set(places.resource("labels", "news.toml").read_text(encoding="utf-8"))


def _cpu_ms(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1_000


def _ms(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1_000
