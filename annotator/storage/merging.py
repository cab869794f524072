"""The gestures of another project and what they stand on, brought into this one: union of the logs.

Of a row that both files wrote the gesture with the greater id stands: ids carry a hybrid logical clock, so a
wrong clock on one machine does not decide. Where one person worked on an article in both files, its rows are
settled by going through all of their gestures (`settling`). Entries of the log of the kind `merge` are a
file's own: they hold what settling changed, end what undo can reach, and never leave the file.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from annotator.domain.frozen import frozen
from annotator.domain.label_folding import Folded
from annotator.domain.labels import Kind
from annotator.storage.intake import take_in
from annotator.storage.label_log import folded_here, newest_version
from annotator.storage.label_migration import Table, make_current, relabel, uses
from annotator.storage.label_names import agree
from annotator.storage.meeting import LOCAL, Meeting
from annotator.storage.project import Project, add_labelset, labelset_at
from annotator.storage.schema import LOGGED, columns, image, live_keys, unlogged
from annotator.storage.settling import Image, Row, Written, settled
from annotator.storage.snapshot import NAME
from annotator.storage.ulid import now_ms

_OPS = f"""
INSERT INTO main.op(id,annotator_id,at,kind,article_id,undoes,summary)
SELECT o.id,w.ours,o.at,o.kind,
  iif(o.article_id IN (SELECT id FROM main.article),o.article_id,
    (SELECT min(f.article_id) FROM temp.fresh f WHERE f.op_id=o.id)),
  o.undoes,o.summary
FROM {NAME}.op o JOIN temp.who w ON w.theirs=o.annotator_id
WHERE o.id IN (SELECT id FROM temp.coming)"""
_CHANGES = f"""
INSERT INTO main.change(op_id,tbl,row_id,image)
SELECT f.op_id,f.tbl,f.row_id,
  iif(w.theirs=w.ours OR w.theirs IS NULL,c.image,json_set(c.image,'$.annotator_id',w.ours))
FROM temp.fresh f
JOIN {NAME}.change c ON c.op_id=f.op_id AND c.tbl=f.tbl AND c.row_id=f.their_row
LEFT JOIN temp.who w ON w.theirs=c.image->>'annotator_id'"""
_NEWEST = """
INSERT INTO temp.newest(tbl,row_id,op_id)
SELECT tbl,row_id,max(op_id) FROM temp.fresh f
WHERE NOT EXISTS(SELECT 1 FROM temp.contested k
  WHERE k.annotator_id=f.annotator_id AND k.article_id=f.article_id)
GROUP BY tbl,row_id"""
_STATUSES = """
UPDATE main.status SET status=c.image->>'status',op_id=n.op_id
FROM temp.newest n JOIN main.change c ON c.op_id=n.op_id AND c.tbl=n.tbl AND c.row_id=n.row_id
WHERE n.tbl='status' AND status.annotator_id=substr(n.row_id,1,26)
AND status.article_id=CAST(substr(n.row_id,28) AS INTEGER) AND ifnull(status.op_id,'')<n.op_id"""
_LOG = """
SELECT r.annotator_id,r.article_id,c.op_id,c.tbl,c.row_id,c.image,o.kind=:local
FROM temp.row r JOIN main.change c ON c.tbl=r.tbl AND c.row_id=r.row_id JOIN main.op o ON o.id=c.op_id
ORDER BY r.annotator_id,r.article_id,c.op_id"""


@frozen
class Conflict:
    """Rows of one annotator on one article that were written in both files, by table: how many of each."""

    annotator_id: str
    article_id: int
    rows: Mapping[str, int]


@frozen
class Merged:
    """What came of bringing a project in; `relabelled` counts marks that got another label here."""

    conflicts: tuple[Conflict, ...]
    relabelled: int


def bring_in(project: Project, meeting: Meeting, *, source: str) -> Merged:
    """Write what `meeting` found to be new, in the open transaction; `source` names the file in the log."""
    db = project.db
    take_in(db)
    newest = db.execute("SELECT max(id) FROM temp.coming").fetchone()[0]
    if newest is not None:
        project.observe(newest)
    db.execute(_OPS)
    db.execute(_CHANGES)
    local = _local_ops(project, source)
    with unlogged(db):
        _let_newest_stand(db)
        conflicts = _settle(db, local)
    relabelled = _relabel(project, meeting, local) if local else 0
    for (table, label), ours in meeting.said().items():
        agree(db, table, label, ours)
    return Merged(tuple(conflicts), relabelled)


def _local_ops(project: Project, source: str) -> dict[str, str]:
    """An entry of the log for everybody whose gestures or rows came in, or are told anew, by annotator."""
    counts = project.db.execute(
        "SELECT annotator_id,count(DISTINCT op_id) FROM ("
        "SELECT annotator_id,op_id FROM temp.fresh WHERE annotator_id<>'' "
        "UNION ALL SELECT annotator_id,NULL FROM temp.contested "
        "UNION ALL SELECT o.annotator_id,o.id FROM temp.fresh f JOIN main.op o ON o.id=f.op_id "
        "WHERE f.tbl='labelset_current') GROUP BY 1"
    ).fetchall()
    ops = {annotator_id: project.new_id() for annotator_id, _ in counts}
    project.db.executemany(
        "INSERT INTO op(id,annotator_id,at,kind,article_id,undoes,summary) VALUES(?,?,?,?,NULL,NULL,?)",
        [
            (ops[annotator_id], annotator_id, now_ms(), LOCAL, f"bring in {count:,} gestures from {source}")
            for annotator_id, count in counts
        ],
    )
    return ops


def _let_newest_stand(db: sqlite3.Connection) -> None:
    """Rows of articles on which nobody worked in both files: what was written last is what stands."""
    db.execute("DELETE FROM temp.newest")
    db.execute(_NEWEST)
    db.execute(_STATUSES)
    for table in _tables():
        names = columns(db, table)
        db.execute(
            f"DELETE FROM temp.newest AS n WHERE tbl=? "
            f"AND EXISTS(SELECT 1 FROM main.{table} t WHERE t.id=n.row_id AND t.op_id>=n.op_id)",
            (table,),
        )
        if "deleted" in names:  # all make room first: a mark may come to where another stood
            db.execute(
                f"UPDATE main.{table} SET deleted=1 "
                "WHERE deleted=0 AND id IN (SELECT row_id FROM temp.newest WHERE tbl=?)",
                (table,),
            )
        for source in (_their_rows(table, names), _images(table, names)):
            db.execute(f"{_into(table, names)} {source} {_instead(names)}", (table,))


def _their_rows(table: str, names: Sequence[str]) -> str:
    """Rows as they stand there, if they are as the newest gesture left them: much cheaper than images."""
    owned = "annotator_id" in names
    values = ",".join("w.ours" if name == "annotator_id" else f't."{name}"' for name in names)
    return (
        f"SELECT {values},t.op_id FROM temp.newest n "
        f"JOIN {NAME}.{table} t ON t.id=n.row_id AND t.op_id=n.op_id "
        f"{'JOIN temp.who w ON w.theirs=t.annotator_id' if owned else ''} WHERE n.tbl=?"
    )


def _images(table: str, names: Sequence[str]) -> str:
    """The rest, from the log."""
    values = ",".join(f"c.image->>'{name}'" for name in names)
    return (
        f"SELECT {values},n.op_id FROM temp.newest n "
        "JOIN main.change c ON c.op_id=n.op_id AND c.tbl=n.tbl AND c.row_id=n.row_id "
        "WHERE n.tbl=? "
        f"AND NOT EXISTS(SELECT 1 FROM main.{table} t WHERE t.id=n.row_id AND t.op_id=n.op_id)"
    )


def _settle(db: sqlite3.Connection, local: Mapping[str, str]) -> list[Conflict]:
    """Rows of articles on which somebody worked in both files: told by all of their gestures."""
    if db.execute("SELECT 1 FROM temp.contested LIMIT 1").fetchone() is None:
        return []
    _list_rows(db)
    keys = {table: live_keys(db, table) for table in _tables()}
    both = _written_in_both(db)
    conflicts: list[Conflict] = []
    final: dict[str, list[tuple[str, Row, Image]]] = {}
    for (annotator_id, article_id), rows in groupby(db.execute(_LOG, {"local": LOCAL}), lambda row: row[:2]):
        log, latest = _read(rows)
        for row, final_image in settled(log, keys).items():
            op_id, stands = latest[row]
            if stands != final_image:
                op_id = local[annotator_id]
            final.setdefault(row[0], []).append((op_id, row, final_image))
        found = both.get((annotator_id, article_id))
        if found:
            conflicts.append(Conflict(annotator_id, article_id, found))
    _write(db, final, set(local.values()))
    return conflicts


def _read(rows: Iterable[Sequence[Any]]) -> tuple[list[Written], dict[Row, tuple[str, Image]]]:
    """The gestures of a group in their order, and of every row the entry of the log that it has now."""
    log: list[Written] = []
    latest: dict[Row, tuple[str, Image]] = {}
    for _, _, op_id, table, row_id, text, is_local in rows:
        now = json.loads(text)
        latest[table, row_id] = op_id, now
        if not is_local:
            log.append(Written(op_id, table, row_id, now))
    return log, latest


def _list_rows(db: sqlite3.Connection) -> None:
    """All rows of the contested articles, those that are only coming too."""
    contested = "(annotator_id,article_id) IN (SELECT annotator_id,article_id FROM temp.contested)"
    db.execute("DELETE FROM temp.row")
    db.execute(
        "INSERT INTO temp.row SELECT DISTINCT tbl,row_id,annotator_id,article_id "
        f"FROM temp.fresh WHERE {contested}"
    )
    for table, name in LOGGED.items():
        if "article_id" in columns(db, table):
            own = f"'{table}',{name.format(row='t')},annotator_id,article_id"
            db.execute(
                f"INSERT OR IGNORE INTO temp.row SELECT {own} FROM main.{table} t "
                f"WHERE op_id IS NOT NULL AND {contested}"
            )


def _written_in_both(db: sqlite3.Connection) -> dict[tuple[str, int], dict[str, int]]:
    """How many rows gestures wrote that only this file had and ones that only the other had."""
    found: dict[tuple[str, int], dict[str, int]] = {}
    for annotator_id, article_id, table, count in db.execute(
        "SELECT r.annotator_id,r.article_id,r.tbl,count(*) FROM temp.row r "
        "WHERE EXISTS(SELECT 1 FROM temp.fresh f WHERE f.tbl=r.tbl AND f.row_id=r.row_id) "
        "AND EXISTS(SELECT 1 FROM main.change c JOIN main.op o ON o.id=c.op_id WHERE c.tbl=r.tbl "
        f"AND c.row_id=r.row_id AND o.kind<>'{LOCAL}' AND o.id NOT IN (SELECT id FROM {NAME}.op)) "
        "GROUP BY 1,2,3"
    ):
        found.setdefault((annotator_id, article_id), {})[table] = count
    return found


def _write(
    db: sqlite3.Connection, final: Mapping[str, list[tuple[str, Row, Image]]], local: set[str]
) -> None:
    for table, rows in final.items():
        names = columns(db, table)
        if table == "status":
            db.executemany(
                "UPDATE main.status SET status=?,op_id=? WHERE annotator_id=? AND article_id=?",
                [(row["status"], op_id, row["annotator_id"], row["article_id"]) for op_id, _, row in rows],
            )
        else:  # all make room first, as above
            db.executemany(f"UPDATE main.{table} SET deleted=1 WHERE id=?", [(row[1],) for _, row, _ in rows])
            db.executemany(
                f"{_into(table, names)} VALUES({','.join('?' * len(names))},?) {_instead(names)}",
                [(*(row.get(name) for name in names), op_id) for op_id, _, row in rows],
            )
        written = f"op_id,'{table}',{LOGGED[table].format(row='t')},{image(db, table, 't')}"
        db.executemany(
            "INSERT INTO main.change(op_id,tbl,row_id,image) "
            f"SELECT {written} FROM main.{table} t WHERE op_id=?",
            [(op_id,) for op_id in {op_id for op_id, _, _ in rows} & local],
        )


def _relabel(project: Project, meeting: Meeting, local: Mapping[str, str]) -> int:
    """Lets the label set hold that all gestures come to, and gives marks its names of their labels.

    The label set may have come in alone or with marks, so marks that were here can have former names, too.
    """
    db, op_id = project.db, max(local.values())
    fold = folded_here(db)
    if fold is not None and fold.labelset.id != labelset_at(db).id:
        add_labelset(db, fold.labelset, newest_version(db))
        make_current(db, fold.labelset.id, op_id)
    project.reload_labels()
    labelset = project.labelset
    names, becomes = fold or Folded(labelset, {}), meeting.becomes()
    if not (becomes or names.names or any(label.former for label in labelset.labels)):
        return 0
    groups: dict[tuple[Table, str], list[str]] = {}
    for table, label in sorted(uses(db)):
        kind = Kind.ENTITY if table == "entity" else Kind.POLARITY
        if labelset.find(kind, label) is None:
            now = becomes.get((table, label)) or names.now(kind, label)
            if now and now != label:
                groups.setdefault((table, now), []).append(label)
    return sum(
        relabel(db, op_id, table, labels, now, labelset_id=labelset.id)
        for (table, now), labels in groups.items()
    )


def _tables() -> Iterator[str]:
    return (table for table in LOGGED if table != "status")


def _into(table: str, names: Sequence[str]) -> str:
    return f"INSERT INTO main.{table}({','.join(_quoted(names))},op_id)"


def _instead(names: Sequence[str]) -> str:
    sets = ",".join(f"{name}=excluded.{name}" for name in _quoted(names) if name != '"id"')
    return f"ON CONFLICT(id) DO UPDATE SET {sets},op_id=excluded.op_id"


def _quoted(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]
