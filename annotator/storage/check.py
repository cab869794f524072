"""Looking a project over: SQLite's own checks, the log against the state, offsets, and the texts."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import field
from itertools import zip_longest
from pathlib import Path

from annotator.domain.errors import ProjectDamaged
from annotator.domain.frozen import frozen
from annotator.domain.labels import Kind
from annotator.domain.marks import Entity
from annotator.domain.review import Settled, content_of
from annotator.domain.standing import makes_gold
from annotator.domain.text import id_of
from annotator.storage.adjudications import all_said
from annotator.storage.faults import READING_FAULTS
from annotator.storage.gold import gold_marks
from annotator.storage.label_migration import uses
from annotator.storage.label_names import agreed_labels
from annotator.storage.opening import inspect
from annotator.storage.project import connect_to_read, labelset_at
from annotator.storage.schema import LOGGED, image

_COUNTED = (
    *("article", "annotator", "suggestion", "entity", "stance", "decision", "zoning", "remark", "flag", "op"),
)
# Problems of one sort that are named one by one; the rest are counted.
_NAMED = 10


@frozen
class Report:
    """What a check found: problems in words, none when the file is clean; rows by table, tombstones too."""

    problems: tuple[str, ...]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        return not self.problems


def check(path: Path) -> Report:
    """Check a whole project, also while it is open elsewhere. Damage is reported, other faults are raised."""
    try:
        path = path.resolve()
        inspect(path)
        db = connect_to_read(path)
    except ProjectDamaged as damage:
        return Report((str(damage),))
    with closing(db):
        db.execute("BEGIN")  # one state throughout, whatever a writer does meanwhile
        problems = [problem for part in _PARTS for problem in _run(db, part)]
        return Report(tuple(problems), _counts(db))


def sound(db: sqlite3.Connection) -> bool:
    """Whether SQLite finds no fault in the file and its references; what a backup has to pass."""
    try:
        return not [*_integrity(db), *_references(db)]
    except READING_FAULTS:
        return False


def _run(db: sqlite3.Connection, part: "_Part") -> list[str]:
    found: list[str] = []
    more = 0
    try:
        for problem in part(db):
            if len(found) < _NAMED:
                found.append(problem)
            else:
                more += 1
    except READING_FAULTS as error:
        found.append(f"{part.__name__.strip('_')}: the file could not be read on: {error}")
    return [*found, f"and {more:,} more like it"] if more else found


def _counts(db: sqlite3.Connection) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table in _COUNTED:
        try:
            counts[table] = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        except READING_FAULTS:
            counts[table] = 0
    return counts


def _integrity(db: sqlite3.Connection) -> Iterator[str]:
    for (line,) in db.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"integrity: {line}"


def _references(db: sqlite3.Connection) -> Iterator[str]:
    for table, _, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield f"references: a row of {table} names a {parent} that is not there"


def _log(db: sqlite3.Connection) -> Iterator[str]:
    """Every row of human work is as the gesture it names left it, and no later gesture touched it."""
    for table, name in LOGGED.items():
        row_id = name.format(row="t")
        differing = (
            f"SELECT {row_id} FROM {table} t LEFT JOIN change c "
            f"ON c.op_id=t.op_id AND c.tbl='{table}' AND c.row_id={row_id} "
            f"WHERE t.op_id IS NOT NULL AND (c.image IS NULL OR c.image<>{image(db, table, 't')} "
            f"OR EXISTS (SELECT 1 FROM change n "
            f"WHERE n.tbl='{table}' AND n.row_id={row_id} AND n.op_id>t.op_id))"
        )
        for (row,) in db.execute(differing):
            yield f"log: {table} {row} is not as its last gesture left it"
        lost = (
            f"SELECT DISTINCT row_id FROM change WHERE tbl='{table}' "
            f"EXCEPT SELECT {row_id} FROM {table} t WHERE t.op_id IS NOT NULL"
        )
        for (row,) in db.execute(lost):
            yield f"log: {table} {row} is in the log and not in the project"


def _labels(db: sqlite3.Connection) -> Iterator[str]:
    """The label set knows the label of every mark, or somebody said that it stays as it is."""
    try:
        held = labelset_at(db)
    except (TypeError, ValueError, KeyError):
        yield "labels: the label set cannot be read"
        return
    stay = {key for key, now in agreed_labels(db).items() if key[1] == now}
    for (table, label), use in uses(db).items():
        kind = Kind.ENTITY if table == "entity" else Kind.POLARITY
        if held.now(kind, label) is None and (table, label) not in stay:
            marks = f"{use.marks:,} marks have" if use.marks > 1 else "a mark has"
            yield f"labels: {marks} the label {label}, which the label set does not know"


def _offsets(db: sqlite3.Connection) -> Iterator[str]:
    """What SQLite's own constraints do not cover: suggestions and found zones against the text's length."""
    ends = ('s."end"', "ifnull(s.holder_end,0)", "ifnull(s.target_end,0)")
    for article_id, run_id, n in db.execute(
        "SELECT s.article_id,s.run_id,s.n FROM suggestion s JOIN article a ON a.id=s.article_id "
        f"WHERE max({','.join(ends)})>a.length"
    ):
        yield f"offsets: suggestion {run_id}:{n} goes beyond the end of article {article_id}"
    for article_id, start in db.execute(
        "SELECT z.article_id,z.start FROM found_zone z JOIN article a ON a.id=z.article_id "
        'WHERE z."end">a.length'
    ):
        yield f"offsets: the zone at {start} goes beyond the end of article {article_id}"


def _decisions(db: sqlite3.Connection) -> Iterator[str]:
    for (row,) in db.execute(
        "SELECT d.id FROM decision d WHERE d.deleted=0 AND d.result_id IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM entity m WHERE m.id=d.result_id AND m.deleted=0) "
        "AND NOT EXISTS (SELECT 1 FROM stance m WHERE m.id=d.result_id AND m.deleted=0)"
    ):
        yield f"decisions: {row} led to a mark that is not there"


def _gold(db: sqlite3.Connection) -> Iterator[str]:
    """What stands of what leads decided, or all said alike, is gold; but for labels dropped since."""
    try:
        held = labelset_at(db)
    except (TypeError, ValueError, KeyError):
        return  # told above
    articles = [article_id for (article_id,) in db.execute(_NOT_AS_DECIDED)]
    for article_id in articles:
        gold = {content_of(mark) for mark in gold_marks(db, article_id)}
        (title,) = db.execute("SELECT title FROM article WHERE id=?", (article_id,)).fetchone()
        for said in all_said(db, article_id):
            mark = said.outcome
            if mark is None or said.overruled or not makes_gold(said) or content_of(mark) in gold:
                continue
            label = held.find(Kind.ENTITY if isinstance(mark, Entity) else Kind.POLARITY, mark.label)
            if label is None or label.retired:
                continue
            where = f"at {mark.span.start} to {mark.span.end} of “{' '.join(title.split())}”"
            if said.settled is Settled.UNANIMOUS:
                who = min(name for name, _ in said.votes)
                yield (
                    f"gold: all marked {mark.label} {where}, and it is not gold; "
                    f"as {who} give it another label, open the Review, and take that back"
                )
            else:
                yield (
                    f"gold: {said.lead} decided on {mark.label} {where}, and it is not gold; open the place "
                    "in the Review and decide on it again"
                )


def _queue(db: sqlite3.Connection) -> Iterator[str]:
    """Every annotator has every article, in the article's position, and the counts are right."""
    for name, missing in db.execute(
        "SELECT n.name,count(*) FROM annotator n CROSS JOIN article a LEFT JOIN status s "
        "ON s.annotator_id=n.id AND s.article_id=a.id AND s.position=a.position "
        "WHERE s.annotator_id IS NULL GROUP BY n.id"
    ):
        yield f"queue: {missing:,} articles are missing or misplaced for {name}"
    for name, status, count, real in db.execute(
        "SELECT n.name,t.status,t.count,(SELECT count(*) FROM status s "
        "WHERE s.annotator_id=t.annotator_id AND s.status=t.status) AS real "
        "FROM tally t JOIN annotator n ON n.id=t.annotator_id WHERE t.count<>real"
    ):
        yield f"queue: {count:,} articles are counted as {status} for {name}, there are {real:,}"


def _texts(db: sqlite3.Connection) -> Iterator[str]:
    """Each text still has the digest it came in with. Read as bytes: damaged text may be no text."""
    for article_id, sha256, text, length in db.execute(
        "SELECT id,sha256,CAST(text AS BLOB),length FROM article ORDER BY id"
    ):
        if not isinstance(text, bytes):
            yield f"texts: article {article_id} has no text"
            continue
        digest = hashlib.sha256(text).digest()
        if digest != sha256 or id_of(digest) != article_id or len(text.decode("utf-8", "replace")) != length:
            yield f"texts: the text of article {article_id} is not the one that came in"


def _words(db: sqlite3.Connection) -> Iterator[str]:
    """The index of words has every text, and finds in it what an index made anew would.

    SQLite checks this only for one who may write. So the texts are indexed once more, in a file that goes
    when it is closed, and the counts of both are compared word by word.
    """
    made = db.execute("SELECT sql FROM sqlite_schema WHERE name='article_words'").fetchone()
    if made is None:  # a file of an earlier version
        return
    for what, one, other in (("not in", _PLACES, _INDEXED), ("only in", _INDEXED, _PLACES)):
        (count,) = db.execute(f"SELECT count(*) FROM ({one} EXCEPT {other})").fetchone()
        if count:
            yield f"words: {count:,} articles are {what} the index of words"
    with closing(sqlite3.connect("")) as fresh:
        fresh.execute(
            made[0].replace("content='article'", "content=''").replace("content_rowid='position',", "")
        )
        fresh.executemany(
            "INSERT INTO article_words(rowid,text) VALUES(?,?)",
            db.execute("SELECT position,text FROM article ORDER BY position"),
        )
        ours, theirs = _vocabulary(db), _vocabulary(fresh)
        if any(a != b for a, b in zip_longest(ours, theirs)):
            yield "words: the index of words is not that of the texts"


def _vocabulary(db: sqlite3.Connection) -> Iterator[tuple[str, int, int]]:
    """Each word of an index with the number of its texts and of its occurrences, by word."""
    (query_only,) = db.execute("PRAGMA query_only").fetchone()
    db.execute("PRAGMA query_only=OFF")  # it would forget a table of this connection's own, too
    try:
        db.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main','article_words','row')")
    finally:
        db.execute(f"PRAGMA query_only={query_only}")
    return iter(db.execute("SELECT term,doc,cnt FROM temp.vocabulary ORDER BY term"))


# Articles with a decision whose gold is not there, or is not at the same place with the same label.
_AS_DECIDED = (
    "EXISTS(SELECT 1 FROM {table} m WHERE m.id=d.gold_id AND m.deleted=0 AND m.label=d.outcome->>'label' "
    "AND m.start=d.outcome->>'start' AND m.\"end\"=d.outcome->>'end')"
)
_NOT_AS_DECIDED = (
    "SELECT DISTINCT d.article_id FROM adjudication d WHERE d.deleted=0 AND d.second=0 "
    "AND d.outcome IS NOT NULL AND (d.scope='people' OR d.votes->>'$.gold' IS NOT NULL) "
    f"AND NOT {_AS_DECIDED.format(table='entity')} AND NOT {_AS_DECIDED.format(table='stance')}"
)
_PLACES, _INDEXED = "SELECT position FROM article", "SELECT id FROM article_words_docsize"
_Part = Callable[[sqlite3.Connection], Iterator[str]]
_PARTS: tuple[_Part, ...] = (
    _integrity,
    _references,
    _log,
    _labels,
    _offsets,
    _decisions,
    _gold,
    _queue,
    _texts,
    _words,
)
