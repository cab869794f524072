"""Import against bare executemany of the same rows, export against reading the rows, the memory of both."""

import math
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from annotator.domain.label_file import parse_label_set
from annotator.places import resource as packed
from annotator.services.exchange import export, import_files
from annotator.storage.project import Project
from tests.benchmarks.line import Line

ARTICLES = 10_000
SPANS = 40  # an article
BATCH = 2_000  # articles a transaction, as the import does
ROUNDS = 4  # the best of each counts
_BY_ARTICLE = {
    "article": "id",
    "found_zone": "article_id",
    "suggested": "article_id",
    "suggestion": "article_id",
}


def run() -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        source = at / "source.jsonl"
        write_source(source)
        first = at / "first.annot"
        timed(lambda: imported(first, source))
        rows = rows_of(first)
        bare = ours = math.inf
        for n in range(ROUNDS):  # by turns: the machine may be busy with something else for a while
            bare = min(bare, timed(lambda n=n: bare_import(at / f"bare{n}.annot", rows)))
            ours = min(ours, timed(lambda n=n: imported(at / f"ours{n}.annot", source)))
        reading = writing = math.inf
        with Project.open(first) as project:
            for _ in range(ROUNDS):
                reading = min(reading, timed(lambda: read_rows(project)))
                writing = min(writing, timed(lambda: export(project, at / "out.jsonl", of="suggestions")))
        memory = {
            work: float(
                subprocess.run(
                    [
                        sys.executable,
                        "-c",
                        f"from tests.benchmarks.exchange import {work}; {work}()",
                        str(at),
                    ],
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
            )
            for work in ("memory_of_import", "memory_of_export")
        }
    speed = bare / ours
    return [
        Line("import, of the speed of bare executemany", speed, "ratio", ">= 0.8", speed >= 0.8),
        Line("import, 10,000 articles with 400,000 spans", ours, "s CPU", "-", True),
        Line(
            "export, against reading the rows", writing / reading, "ratio", "<= 2.0", writing <= 2 * reading
        ),
        Line("export, 10,000 articles with 400,000 spans", writing, "s CPU", "-", True),
        Line(
            "import, memory",
            memory["memory_of_import"],
            "MB more",
            "<= 200",
            memory["memory_of_import"] <= 200,
        ),
        Line(
            "export, memory",
            memory["memory_of_export"],
            "MB more",
            "<= 100",
            memory["memory_of_export"] <= 100,
        ),
    ]


def write_source(path: Path) -> None:
    """Articles of some 3,000 characters in 20 paragraphs, each with `SPANS` scored entities."""
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randint(2, 10))) for _ in range(5_000)]
    labels = ["PERSON", "ORG", "GPE", "NORP", "DATE"]
    with path.open("wb") as file:
        for _ in range(ARTICLES):
            text = "\n".join(" ".join(chance.choices(words, k=22)).capitalize() + "." for _ in range(20))
            starts = sorted(chance.sample(range(0, len(text) - 20), SPANS))
            spans = [
                {
                    "start": start,
                    "end": start + 9,
                    "label": label,
                    "text": text[start : start + 9],
                    "score": 0.87,
                }
                for start, label in zip(starts, chance.choices(labels, k=SPANS), strict=True)
            ]
            file.write(orjson.dumps({"text": text, "meta": {"source": "bench"}, "spans": spans}) + b"\n")


def imported(path: Path, source: Path) -> None:
    with new_project(path) as project:
        report = import_files(project, [source])
        assert (report.articles, report.suggestions) == (ARTICLES, ARTICLES * SPANS), report


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows an import wrote by table, in the order of the articles in the file."""
    with Project.open(path) as project:
        db = project.db
        rows = {
            table: db.execute(
                f"SELECT t.* FROM article a CROSS JOIN {table} t ON t.{key}=a.id ORDER BY a.position"
            ).fetchall()
            for table, key in _BY_ARTICLE.items()
        }
        return rows | {"run": db.execute("SELECT * FROM run").fetchall()}


def bare_import(path: Path, rows: dict[str, list[tuple[object, ...]]]) -> None:
    """The same rows into a new project, in transactions of as many articles, with nothing but executemany."""
    with new_project(path) as project:
        db = project.db
        db.execute("PRAGMA cache_size=-65536")
        db.execute("PRAGMA wal_autocheckpoint=16000")
        insert = {
            table: f"INSERT INTO {table} VALUES({','.join('?' * len(values[0]))})"
            for table, values in rows.items()
            if values
        }
        db.execute(insert["run"], rows["run"][0])
        for begin in range(0, ARTICLES, BATCH):
            db.execute("BEGIN IMMEDIATE")
            for table in _BY_ARTICLE:
                if rows[table]:
                    each = len(rows[table]) / ARTICLES
                    some = rows[table][round(begin * each) : round((begin + BATCH) * each)]
                    db.executemany(insert[table], some)
            db.execute("COMMIT")


def read_rows(project: Project) -> None:
    """What any export must at least do: fetch every column it writes."""
    db = project.reader()
    columns = "id,sha256,title,text,source,url,published,lang,meta"
    for _ in db.execute(f"SELECT {columns} FROM article ORDER BY position"):
        pass
    for _ in db.execute("SELECT * FROM suggestion ORDER BY article_id"):
        pass
    db.close()


def memory_of_import() -> None:
    """Prints how many MB an import of the source takes above an import of nothing."""
    at = Path(sys.argv[1])
    nothing = at / "nothing.jsonl"
    nothing.write_bytes(b"\n")
    with new_project(at / "memory.annot") as project:
        import_files(project, [nothing])
        before = peak()
        import_files(project, [at / "source.jsonl"])
    print((peak() - before) / 1e6)


def memory_of_export() -> None:
    """Prints how many MB an export takes above opening the project."""
    at = Path(sys.argv[1])
    with Project.open(at / "first.annot") as project:
        before = peak()
        export(project, at / "memory.jsonl", of="suggestions")
    print((peak() - before) / 1e6)


def new_project(path: Path) -> Project:
    news = packed("labels", "news.toml").read_text("utf-8")
    return Project.create(path, parse_label_set(news))


def peak() -> int:
    """The most memory this process has had so far, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage also counts what the parent had when it started this process
        return 1024 * int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def timed(work: Callable[[], object]) -> float:
    """CPU seconds."""
    begun = time.process_time()
    work()
    return time.process_time() - begun
