"""The tables of a project file and the triggers that log every row a gesture writes."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

APPLICATION_ID = 0x616E6E6F  # "anno"
VERSION = 3

# Tables of human work and, for each, the SQL of a row's name in the log.
LOGGED = {
    "status": "{row}.annotator_id||'/'||{row}.article_id",
    "entity": "{row}.id",
    "stance": "{row}.id",
    "decision": "{row}.id",
    "zoning": "{row}.id",
    "remark": "{row}.id",
    "flag": "{row}.id",
    "sight": "{row}.id",
    "own_pass": "{row}.id",
    "naming": "{row}.id",
    "adjudication": "{row}.id",
    "guideline_note": "{row}.id",
    "labelset_current": "{row}.id",
}
# Rows of an index, then how many of them share its first column, its first two, and so on.
_LIKE = (
    ("suggestion", "suggestion", "400000 400 400 1"),
    ("suggestion", "suggestion_span", "400000 400 2 2"),
)
# Left out of images: the gesture is the image's own key, and the queue's order belongs to one file only.
_NOT_IN_IMAGE = {"op_id", "position"}


def build(db: sqlite3.Connection) -> None:
    """Make every table, index and trigger in an empty database that is in a transaction."""
    _run(db, "schema.sql")
    db.execute("PRAGMA user_version=1")
    upgrade(db)
    # Told what a project is like: a new file has no statistics, and without them SQLite goes through all
    # suggestions of an article to find those on one span.
    db.execute("ANALYZE sqlite_schema")
    db.executemany("INSERT INTO sqlite_stat1(tbl,idx,stat) VALUES(?,?,?)", _LIKE)
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")


def version_of(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def upgrade(db: sqlite3.Connection) -> None:
    """Bring a database of an earlier version to this one, in the open transaction."""
    for version in range(version_of(db) + 1, VERSION + 1):
        _run(db, f"migrations/{version}.sql")
    for table in LOGGED:
        for statement in _log_triggers(db, table):
            db.execute(statement)
    db.execute(f"PRAGMA user_version={VERSION}")


@contextmanager
def unlogged(db: sqlite3.Connection) -> Iterator[None]:
    """Rows written in the block get no entry in the log, which comes along. In the open transaction."""
    for table in LOGGED:
        for when in ("insert", "update"):
            db.execute(f"DROP TRIGGER {table}_log_{when}")
    yield
    for table in LOGGED:
        for statement in _log_triggers(db, table):
            db.execute(statement)


def live_keys(db: sqlite3.Connection, table: str) -> tuple[tuple[str, ...], ...]:
    """The columns of each index of a table that no two of its live rows may share."""
    return tuple(
        tuple(row[2] for row in db.execute(f"PRAGMA index_info({name})"))
        for _, name, unique, origin, partial in db.execute(f"PRAGMA index_list({table})")
        if unique and partial and origin == "c"
    )


def stand_in(db: sqlite3.Connection) -> None:
    """Empty tables, for one who only reads a file of an earlier version, where later versions have some."""
    if version_of(db) < 2:
        db.execute("CREATE TEMP TABLE remark(id,annotator_id,article_id,note,deleted,op_id)")
        db.execute("CREATE TEMP TABLE effort(annotator_id,article_id,ms)")
    if version_of(db) < 3:
        db.execute("CREATE TEMP TABLE sight(id,annotator_id,article_id,kind,saw,deleted,op_id)")
        db.execute("CREATE TEMP TABLE own_pass(id,annotator_id,article_id,kind,revealed,deleted,op_id)")
        db.execute("CREATE TEMP TABLE flag(id,annotator_id,article_id,deleted,op_id)")
        db.execute("CREATE TEMP TABLE naming(id,annotator_id,was,now,deleted,op_id)")
        db.execute(
            "CREATE TEMP TABLE adjudication(id,annotator_id,article_id,scope,votes,input,settled,outcome,"
            "gold_id,second,blind,reason,deleted,op_id)"
        )
        db.execute(
            "CREATE TEMP TABLE guideline_note("
            'id,annotator_id,article_id,start,"end",labels,note,deleted,op_id)'
        )
        db.execute("CREATE TEMP TABLE handout(id,at,overlap,seed)")
        db.execute("CREATE TEMP TABLE assignment(annotator_id,article_id,handout_id)")
        db.execute("CREATE TEMP TABLE label_alias(kind,label,now)")
        db.execute("CREATE TEMP TABLE labelset_current(id,labelset_id,op_id)")


def _run(db: sqlite3.Connection, name: str) -> None:
    from importlib.resources import files  # only a new file, or one of an earlier version, is built

    for statement in _statements((files("annotator.storage") / name).read_text("utf-8")):
        db.execute(statement)


def columns(db: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """The columns of a table that its images in the log hold, in the table's order."""
    names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    return tuple(name for name in names if name not in _NOT_IN_IMAGE)


def image(db: sqlite3.Connection, table: str, row: str) -> str:
    """The SQL of the image of a row: `row` is NEW in a trigger, a table's alias elsewhere."""
    return "json_object(" + ",".join(f"'{name}',{row}.\"{name}\"" for name in columns(db, table)) + ")"


def _log_triggers(db: sqlite3.Connection, table: str) -> list[str]:
    values = f"VALUES(NEW.op_id,'{table}',{LOGGED[table].format(row='NEW')},{image(db, table, 'NEW')})"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_log_insert AFTER INSERT ON {table} "
        "WHEN NEW.op_id IS NOT NULL BEGIN "
        f"INSERT INTO change(op_id,tbl,row_id,image) {values}; END",
        f"CREATE TRIGGER IF NOT EXISTS {table}_log_update AFTER UPDATE ON {table} "
        "WHEN NEW.op_id IS NOT NULL BEGIN "
        f"INSERT INTO change(op_id,tbl,row_id,image) {values} "
        f"ON CONFLICT(op_id,tbl,row_id) DO UPDATE SET image=excluded.image; END",
    ]


def _statements(script: str) -> list[str]:
    """The statements of a script; `executescript` would commit the transaction they belong to."""
    found: list[str] = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found
