"""Small projects for the tests of storage: articles of known words, suggestions at known places."""

from pathlib import Path

from annotator.domain.articles import Article
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.domain.text import word_count
from annotator.storage.journal import Journal
from annotator.storage.project import Project

LABELS = LabelSet(
    "news",
    1,
    (
        *(Label(Kind.ENTITY, name, name, "#0072b2", "", "") for name in ("PERSON", "ORG", "GPE")),
        *(Label(Kind.POLARITY, name, name, "#009e73", "", "") for name in ("FAVOR", "AGAINST")),
    ),
)
RUN = 7
# Of every sample text: "Alice", "Bob", "Oslo", and the stance "praised Bob" of Alice.
ALICE, PRAISED, BOB, OSLO = (0, 5), (6, 17), (14, 17), (21, 25)


def sample(number: int) -> Article:
    return Article.of(f"Alice praised Bob in Oslo, day {number}.")


def fill(project: Project, count: int, *, first: int = 0) -> list[int]:
    """Add the articles of `count` days without suggestions, and return their ids."""
    articles = [sample(number) for number in range(first, first + count)]
    with project.writing() as db:
        (after,) = db.execute("SELECT coalesce(max(position),-1)+1 FROM article").fetchone()
        db.executemany(
            "INSERT INTO article(id,position,sha256,title,length,words,text) VALUES(?,?,?,?,?,?,?)",
            [
                (
                    each.id,
                    after + at,
                    each.sha256,
                    each.title,
                    len(each.text),
                    word_count(each.text),
                    each.text,
                )
                for at, each in enumerate(articles)
            ],
        )
    return [each.id for each in articles]


def suggest(project: Project, article_id: int, *, run: int = RUN, at: int = 1) -> None:
    """Suggest the three entities (n 0 to 2) and the stance (n 3) of a sample article."""
    with project.writing() as db:
        db.execute("INSERT OR IGNORE INTO run VALUES(?,'en_test','1',0)", (run,))
        db.execute("INSERT INTO suggested(article_id,run_id,at) VALUES(?,?,?)", (article_id, run, at))
        db.executemany(
            'INSERT INTO suggestion(article_id,run_id,n,kind,label,start,"end",score) '
            "VALUES(?,?,?,'entity',?,?,?,.5)",
            [
                (article_id, run, 0, "PERSON", *ALICE),
                (article_id, run, 1, "PERSON", *BOB),
                (article_id, run, 2, "GPE", *OSLO),
            ],
        )
        db.execute(
            'INSERT INTO suggestion(article_id,run_id,n,kind,label,start,"end",score,'
            "holder_start,holder_end,target_start,target_end) VALUES(?,?,3,'stance','FAVOR',?,?,.5,?,?,?,?)",
            (article_id, run, *PRAISED, *ALICE, *BOB),
        )


def make(path: Path, count: int = 3) -> tuple[Project, list[int]]:
    """A new project, open to write, with `count` articles; the first has suggestions."""
    project = Project.create(path, LABELS)
    ids = fill(project, count)
    suggest(project, ids[0])
    return project, ids


def add(journal: Journal, article_id: int, span: tuple[int, int], label: str = "PERSON") -> str:
    """One gesture: add an entity; returns its id."""
    with journal.gesture("add", article_id, f"add {label} at {span[0]}") as gesture:
        return gesture.insert("entity", label=label, start=span[0], end=span[1])


def accept(journal: Journal, article_id: int, n: int, span: tuple[int, int], label: str = "PERSON") -> str:
    """One gesture: accept a suggested entity; returns the id of the mark."""
    with journal.gesture("accept", article_id, f"accept {label} at {span[0]}") as gesture:
        mark = gesture.insert("entity", label=label, start=span[0], end=span[1])
        gesture.insert("decision", run_id=RUN, n=n, verdict="accept", result_id=mark, ms=1)
        return mark


def reject(journal: Journal, article_id: int, n: int) -> None:
    with journal.gesture("reject", article_id, f"reject {n}") as gesture:
        gesture.insert("decision", run_id=RUN, n=n, verdict="reject", ms=1)
