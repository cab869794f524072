"""What pipelines proposed: which run read which article, and the marks of it. Never changed once stored."""

import sqlite3
from collections.abc import Collection

from annotator.domain.choices import SuggestionKind
from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Mark, Part, Stance
from annotator.domain.suggestions import Run, Suggestion
from annotator.domain.text import Span
from annotator.storage.bulk import SUGGESTION_ONCE, uncertainty, write_runs
from annotator.storage.choices import thresholds_of
from annotator.storage.label_names import under_every_name
from annotator.storage.ulid import now_ms


@frozen
class Reading:
    """One article as one run read it. No suggestions is a reading too."""

    article_id: int
    run: Run
    suggestions: tuple[Suggestion, ...]


def store_readings(db: sqlite3.Connection, readings: Collection[Reading]) -> int:
    """Stores readings in the open transaction and returns how many suggestions are new.

    A reading that is there already stays as it is: people have decided on its suggestions.
    """
    now = now_ms()
    write_runs(db, (reading.run for reading in readings), now)
    stored = 0
    for reading in readings:
        least = under_every_name(db, thresholds_of(db, reading.run.id))
        unsure = uncertainty(
            each.score
            for each in reading.suggestions
            if each.score is not None and each.score >= least.of(_kind(each.mark), each.mark.label)
        )
        new = db.execute(
            "INSERT OR IGNORE INTO suggested(article_id,run_id,at,uncertainty) VALUES(?,?,?,?)",
            (reading.article_id, reading.run.id, now, unsure),
        ).rowcount
        if new:
            db.executemany(SUGGESTION_ONCE, (_row(reading.article_id, each) for each in reading.suggestions))
            stored += len(reading.suggestions)
    return stored


def bring_forward(db: sqlite3.Connection, run_id: int) -> int:
    """Makes a run the last one of every article it has read, in the open transaction; of how many it was not.

    The suggestions of the run that read last are those that are shown.
    """
    others = "FROM suggested o WHERE o.article_id=suggested.article_id"
    return db.execute(
        f"UPDATE suggested SET at=1+(SELECT max(o.at) {others}) WHERE run_id=? "
        f"AND EXISTS(SELECT 1 {others} AND o.run_id<>suggested.run_id AND o.at>=suggested.at)",
        (run_id,),
    ).rowcount


def was_read(db: sqlite3.Connection, article_id: int, run_id: int) -> bool:
    row = db.execute("SELECT 1 FROM suggested WHERE article_id=? AND run_id=?", (article_id, run_id))
    return row.fetchone() is not None


def unread(db: sqlite3.Connection, run_id: int) -> list[tuple[int, int]]:
    """`(article_id, words)` of the articles that a run has not read, in the order of the file."""
    rows = db.execute(
        "SELECT id,words FROM article a WHERE NOT EXISTS"
        "(SELECT 1 FROM suggested s WHERE s.article_id=a.id AND s.run_id=?) ORDER BY position",
        (run_id,),
    )
    return rows.fetchall()


def to_read(db: sqlite3.Connection, article_id: int) -> tuple[str, tuple[Span, ...]]:
    """The text of an article and the zones that were found in it."""
    (text,) = db.execute("SELECT text FROM article WHERE id=?", (article_id,)).fetchone()
    zones = db.execute('SELECT start,"end" FROM found_zone WHERE article_id=? ORDER BY start', (article_id,))
    return text, tuple(Span(start, end) for start, end in zones)


def _kind(mark: Mark) -> SuggestionKind:
    return "entity" if isinstance(mark, Entity) else "stance"


def _row(article_id: int, suggestion: Suggestion) -> tuple[object, ...]:
    mark = suggestion.mark
    head = (article_id, suggestion.run_id, suggestion.n)
    place = (mark.label, mark.span.start, mark.span.end, suggestion.score)
    match mark:
        case Entity():
            return (*head, "entity", *place, mark.name, *_part(None), *_part(None))
        case Stance():
            return (*head, "stance", *place, None, *_part(mark.holder), *_part(mark.target))


def _part(part: Part | None) -> tuple[object, object, object]:
    return (part.span.start, part.span.end, part.name) if part else (None, None, None)
