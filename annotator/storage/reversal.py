"""Taking a gesture back: each row says again what it said before, where it still says what was written.

Mostly nothing was written to the rows since, and they become what they were: some thousand in one statement.
But a change of the label set writes marks of everybody, and then others go on: what was done later stays, and
a label that was renamed since comes back under the name it has now. Those rows are written one by one.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from annotator.domain.articles import Status
from annotator.domain.errors import GestureRefused
from annotator.storage.changes import Image, images
from annotator.storage.label_names import aliases
from annotator.storage.schema import columns
from annotator.storage.waiting import Waiting, in_steps

if TYPE_CHECKING:
    from annotator.storage.journal import Gesture

_MARKS = ("entity", "stance")
_CURRENT = "labelset_current"
# Columns that only make sense together.
_TOGETHER = (
    ("verdict", "result_id"),
    ("start", "end"),
    ("holder_start", "holder_end"),
    ("target_start", "target_end"),
)
# What is to be done to the rows of a gesture. Their images are compared as texts, which end with `deleted`:
# to read a hundred thousand takes as long again.
_WAYS = """
SELECT c.tbl,c.row_id,CASE
  WHEN c.tbl='status' {written} {renamed} THEN 'alone'
  WHEN p.image IS NULL THEN 'gone'
  WHEN substr(p.image,-13,11)<>',"deleted":' THEN 'alone'
  ELSE iif(substr(p.image,1,length(p.image)-2)=substr(c.image,1,length(c.image)-2),'','was ')
    ||iif(substr(p.image,-2,1)='1','gone','here')
END
FROM change c LEFT JOIN change p ON p.tbl=c.tbl AND p.row_id=c.row_id AND p.op_id=(
  SELECT max(q.op_id) FROM change q WHERE q.tbl=c.tbl AND q.row_id=c.row_id AND q.op_id<c.op_id)
WHERE c.op_id=? AND c.tbl<>'labelset_current'"""
_WRITTEN_SINCE = """
  OR c.image<>(
    SELECT n.image FROM change n WHERE n.tbl=c.tbl AND n.row_id=c.row_id ORDER BY n.op_id DESC LIMIT 1)"""
_RENAMED = """
  OR (c.tbl IN ('entity','stance') AND EXISTS (SELECT 1 FROM label_alias a
    WHERE a.kind=c.tbl AND a.label IN (c.image->>'label',p.image->>'label')))"""
_NEWEST = "SELECT op_id,image FROM change WHERE tbl=? AND row_id=? ORDER BY op_id DESC LIMIT 1"
_READ = 5_000  # rows, some 20 ms

_READING, _WRITING = 0.3, 0.9  # shares of the whole

_Row = tuple[str, str, Image, Image | None]
_Name = tuple[str, str]  # of a row: its table and its name there


class Reversal:
    """Takes a gesture back inside another one."""

    def __init__(self, db: sqlite3.Connection, gesture: "Gesture", waiting: Waiting | None = None) -> None:
        self._db = db
        self._gesture = gesture
        self._waiting = waiting
        self._names = aliases(db)  # what labels are called now
        self._columns: dict[str, list[str]] = {}

    def take_back(self, op_id: str) -> None:
        """Writes back what each row that a gesture touched was before it, but for the label set."""
        ways, gesture = self._ways(op_id), self._gesture
        alone = ways.pop("alone", [])
        steps = _Steps(self._waiting, sum(map(len, ways.values())))
        # What goes makes room first: a mark that comes back may equal one that goes.
        for rows in steps.of(ways.get("gone", [])):
            gesture.flip(rows, deleted=True)
        for way in ("was gone", "was here"):
            for rows in steps.of(ways.get(way, [])):
                alone += [row for table, ids in _by_table(rows) for row in self._put_back(table, ids, op_id)]
        for table, row_id, after, before in sorted(images(self._db, op_id, only=alone), key=_stays):
            now = image_now(self._db, op_id, table, row_id, after)
            self.write(table, row_id, before=before, after=after, now=now)
        for rows in steps.of(ways.get("here", [])):
            gesture.flip(rows, deleted=False)

    def write(self, table: str, row_id: str, *, before: Image | None, after: Image, now: Image) -> None:
        """Writes one row back, which said `after` once the gesture was made."""
        if table == "status":
            _, _, article_id = row_id.partition("/")
            self._gesture.status(int(article_id), Status(before["status"]) if before else Status.TODO)
        elif before is None:
            self._gesture.write_back(table, row_id, {"deleted": 1})
        else:
            back = going_back(self._db, table, before=before, after=after, now=now, names=self._names)
            self._gesture.write_back(table, row_id, {name: back[name] for name in self._written(table)})

    def _put_back(self, table: str, ids: Sequence[str], op_id: str) -> Iterator[_Name]:
        """Writes back rows that say what the gesture wrote; yields those that would equal a live row now."""
        left = self._gesture.put_back(table, ids, self._written(table), op_id)
        yield from ((table, row_id) for row_id in left)

    def _ways(self, op_id: str) -> dict[str, list[_Name]]:
        """The rows of a gesture by what is to be done to them.

        `gone`, `here`: nothing but `deleted` was written, and is set, or not, again. `was gone`, `was here`:
        more was written, and nothing since. `alone`: the row is to be looked at by itself.
        """
        (count,) = self._db.execute("SELECT count(*) FROM change WHERE op_id=?", (op_id,)).fetchone()
        since = self._db.execute("SELECT 1 FROM op WHERE id>? AND id<>? LIMIT 1", (op_id, self._gesture.id))
        ways = _WAYS.format(
            written=_WRITTEN_SINCE if since.fetchone() else "", renamed=_RENAMED if self._names else ""
        )
        cursor = self._db.execute(ways, (op_id,))
        found: dict[str, list[_Name]] = {}
        read = 0
        while rows := cursor.fetchmany(_READ):
            read += len(rows)
            for table, row_id, way in rows:
                found.setdefault(way, []).append((table, row_id))
            if self._waiting is not None and read < count:
                self._waiting.reached(_READING * read / count)
        return found

    def _written(self, table: str) -> list[str]:
        """The columns that are written back: a row's id and owner stay."""
        if table not in self._columns:
            known = columns(self._db, table)
            self._columns[table] = [name for name in known if name not in ("id", "annotator_id")]
        return self._columns[table]


class _Steps:
    """Steps over several lists of rows that are one for whoever waits."""

    def __init__(self, waiting: Waiting | None, rows: int) -> None:
        self._waiting = waiting
        self._rows = rows
        self._done = 0

    def of(self, rows: Sequence[_Name]) -> Iterator[Sequence[_Name]]:
        begin = self._share()
        self._done += len(rows)
        yield from in_steps(self._waiting, rows, begin=begin, end=self._share())

    def _share(self) -> float:
        return _READING + (_WRITING - _READING) * self._done / max(self._rows, 1)


def _by_table(rows: Sequence[_Name]) -> Iterator[tuple[str, list[str]]]:
    """Rows that ascend by table, apart."""
    for table, group in groupby(rows, key=itemgetter(0)):
        yield table, [row_id for _, row_id in group]


def _stays(row: _Row) -> bool:
    image = row[3]
    return image is not None and not image.get("deleted", 0)


def image_now(db: sqlite3.Connection, op_id: str, table: str, row_id: str, after: Image) -> Image:
    """The row as it stands; it is `after` if the gesture was the last to write it."""
    newest, image = db.execute(_NEWEST, (table, row_id)).fetchone()
    if newest == op_id:
        return after
    found: Image = json.loads(image)
    return found


def labelset_before(db: sqlite3.Connection, before: Image | None, after: Image, now: Image) -> str:
    """The label set that held before a gesture; refused if it was changed again since."""
    if now != after:
        raise GestureRefused(
            "Somebody has changed the label set since then. Take that back first, or change the labels anew."
        )
    if before is not None:
        return str(before["labelset_id"])
    row = db.execute("SELECT parent_id FROM labelset WHERE id=?", (after["labelset_id"],)).fetchone()
    return str(row[0])


def going_back(
    db: sqlite3.Connection,
    table: str,
    *,
    before: Image,
    after: Image,
    now: Image,
    names: Mapping[tuple[str, str], str],
) -> Image:
    """The row's image once a gesture is taken back; `names` says what labels are called now (label_alias)."""
    then, left, here = (_renamed(table, image, names) for image in (before, after, now))
    back = {name: then[name] if left[name] == value else value for name, value in here.items()}
    for together in _TOGETHER:
        if together[0] in here and any(here[name] != left[name] for name in together):
            back |= {name: here[name] for name in together}
    if table not in _MARKS:
        return back
    for image in (now, before):
        if back["label"] == image["label"]:
            back["labelset_id"] = image["labelset_id"]
            break
    else:
        (back["labelset_id"],) = db.execute(f"SELECT labelset_id FROM {_CURRENT}").fetchone()
    if not back["deleted"] and table == "entity" and _has_twin(db, back):
        back["deleted"] = 1  # two labels became one meanwhile
    return back


def _renamed(table: str, image: Image, names: Mapping[tuple[str, str], str]) -> Image:
    """The image under the label's name of now."""
    label = names.get((table, image["label"])) if table in _MARKS else None
    return image | {"label": label} if label else image


def _has_twin(db: sqlite3.Connection, image: Image) -> bool:
    return (
        db.execute(
            "SELECT 1 FROM entity WHERE article_id=:article_id AND annotator_id=:annotator_id AND gold=:gold "
            'AND start=:start AND "end"=:end AND label=:label AND deleted=0 AND id<>:id',
            image,
        ).fetchone()
        is not None
    )
