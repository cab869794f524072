"""Gestures, undo and redo of one annotator: each is one transaction, one row of the log, and one Change."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from annotator.domain.articles import Status
from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused
from annotator.domain.frozen import frozen
from annotator.domain.labels import LabelSet
from annotator.storage.changes import Image, change_of, images
from annotator.storage.collecting import seldom_collecting
from annotator.storage.faults import damaged
from annotator.storage.project import Project, labelset_at
from annotator.storage.ulid import now_ms

# Tables whose rows carry the length of the article's text, which the file checks their offsets by.
_MEASURED = {"entity", "stance", "zoning"}
_LABELLED = {"entity", "stance"}
_OF_NO_ARTICLE = {"naming"}
_CURRENT = ("labelset_current", "current")
# Gestures that are in no article: a change of the label set, and taking it back.
_NOWHERE = ("labels", "undo", "redo")
_TITLE = 30  # letters of a title
_OP = "id,kind,article_id,undoes,summary"


@frozen
class _Op:
    """A row of the log. `article_id` is None of an import or a merge, and of a change of the label set."""

    id: str
    kind: str
    article_id: int | None
    undoes: str | None
    summary: str

    @property
    def is_gesture(self) -> bool:
        """Whether undo can take it back, or go past it."""
        return self.article_id is not None or self.kind in _NOWHERE


class Gesture:
    """A gesture being made, on one article or on none; `change` is there once it is saved."""

    change: Change

    def __init__(
        self,
        db: sqlite3.Connection,
        project: Project,
        op_id: str,
        annotator_id: str,
        article_id: int | None,
    ) -> None:
        self.id = op_id
        self._db = db
        self._project = project
        self._annotator_id = annotator_id
        self._article_id = article_id
        self._length: int | None = None
        self.writes = 0
        self.sets_status = False

    def insert(self, table: str, **values: object) -> str:
        """Add a row of human work and return its id, a ULID.

        Annotator, article, label set and the text's length are filled in, the article unless it is given: a
        gesture on one article may decide in others too (a name changed across the project).
        """
        row_id = self._project.new_id()
        row = {"id": row_id, **self._known(table), **values}
        self._db.execute(_insertion(table, list(row)), tuple(row.values()))
        self.writes += 1
        return row_id

    def insert_all(
        self, table: str, names: Sequence[str], rows: Sequence[tuple[object, ...]], ids: Sequence[str] = ()
    ) -> list[str]:
        """As `insert`, of many rows, their values in the order of `names`; under `ids` if they are given."""
        known = self._known(table)
        named = list(ids) or [self._project.new_id() for _ in rows]
        columns = ",".join(f'"{name}"' for name in ("id", *known, *names))
        values = ",".join(
            ["value->>0", *["?"] * len(known), *(f"value->>{n + 1}" for n in range(len(names)))]
        )
        # One statement: SQLite prepares to take back each one that fires triggers, and of many that is most
        # of the time.
        self._db.execute(
            f"INSERT INTO {table}({columns}) SELECT {values} FROM json_each(?)",
            (*known.values(), json.dumps([(row_id, *row) for row_id, row in zip(named, rows, strict=True)])),
        )
        self.writes += len(rows)
        return named

    def _known(self, table: str) -> dict[str, object]:
        """What every row of a table says that this gesture makes."""
        known: dict[str, object] = {"annotator_id": self._annotator_id, "op_id": self.id}
        if table not in _OF_NO_ARTICLE:
            known["article_id"] = self._article_id
        if table in _MEASURED:
            known["length"] = self._text_length()
        if table in _LABELLED:
            known["labelset_id"] = self._project.labelset.id
        return known

    def update(self, table: str, row_id: str, **values: object) -> None:
        """Change a row of one's own (`deleted=1` deletes it); another's, or none, raises GestureRefused."""
        sets = ",".join(f'"{name}"=?' for name in values)
        done = self._db.execute(
            f"UPDATE {table} SET {sets},op_id=? WHERE id=? AND annotator_id=?",
            (*values.values(), self.id, row_id, self._annotator_id),
        )
        if done.rowcount != 1:
            raise GestureRefused("This is not among your own marks; nothing was changed.")
        self.writes += 1

    def withdraw(self, table: str, row_id: str) -> None:
        """Take away a row that no person decided on, whoever's it is."""
        self._db.execute(f"UPDATE {table} SET deleted=1,op_id=? WHERE id=?", (self.id, row_id))
        self.writes += 1

    def write_back(self, table: str, row_id: str, values: Image) -> None:
        """As `update`, of a row that one's own gesture wrote before, whosever it is."""
        sets = ",".join(f'"{name}"=?' for name in values)
        self._db.execute(f"UPDATE {table} SET {sets},op_id=? WHERE id=?", (*values.values(), self.id, row_id))
        self.writes += 1

    def flip(self, rows: Iterable[tuple[str, str]], *, deleted: bool) -> None:
        """As `write_back`, of some rows by table and name; what would equal a live row stays deleted."""
        by_table: dict[str, list[str]] = {}
        for table, row_id in rows:
            by_table.setdefault(table, []).append(row_id)
        for table, ids in by_table.items():
            self._db.execute(
                f"UPDATE OR IGNORE {table} SET deleted=?,op_id=? "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (int(deleted), self.id, json.dumps(ids)),
            )
            self.writes += len(ids)

    def put_back(self, table: str, ids: Sequence[str], names: Sequence[str], op_id: str) -> list[str]:
        """As `write_back`, of rows that still say what another gesture wrote: they say what they did before.

        Of some columns; a mark that keeps its label keeps its label set as well. Returns those of the ids
        that are not written, as the row would equal a live one.
        """
        values = [f"p.image->>'{name}'" for name in names]
        if table in _LABELLED:
            values[names.index("labelset_id")] = (
                f"iif(p.image->>'label'={table}.label,{table}.labelset_id,p.image->>'labelset_id')"
            )
        asked = json.dumps(ids)
        written = self._db.execute(
            f"UPDATE OR IGNORE {table} SET ({_listed(names)},op_id)=(SELECT {','.join(values)},:now "
            f"FROM change p WHERE p.tbl='{table}' AND p.row_id={table}.id AND p.op_id<:then "
            "ORDER BY p.op_id DESC LIMIT 1) WHERE id IN (SELECT value FROM json_each(:ids))",
            {"now": self.id, "then": op_id, "ids": asked},
        ).rowcount
        self.writes += written
        if written == len(ids):
            return []
        left = self._db.execute(
            f"SELECT id FROM {table} WHERE id IN (SELECT value FROM json_each(?)) AND op_id<>?",
            (asked, self.id),
        )
        return [row_id for (row_id,) in left]

    def status(self, article_id: int, status: Status) -> None:
        done = self._db.execute(
            "UPDATE status SET status=?,op_id=? WHERE annotator_id=? AND article_id=?",
            (str(status), self.id, self._annotator_id, article_id),
        )
        if done.rowcount != 1:
            raise GestureRefused("This article is not in the project; nothing was changed.")
        self.sets_status = True
        self.writes += 1

    def _text_length(self) -> int:
        if self._length is None:
            row = self._db.execute("SELECT length FROM article WHERE id=?", (self._article_id,)).fetchone()
            if row is None:
                raise GestureRefused("This article is not in the project; nothing was changed.")
            self._length = int(row[0])
        return self._length


class Journal:
    """The gestures of one annotator in one project. Raises GestureRefused for what makes no sense to save."""

    def __init__(self, project: Project, annotator_id: str) -> None:
        self._project = project
        self._annotator_id = annotator_id

    @contextmanager
    def gesture(self, kind: str, article_id: int, summary: str, *, begins: bool = True) -> Iterator[Gesture]:
        """One transaction. The first gesture on an article to do makes it `doing`, if it `begins` work."""
        with self._writing(kind, article_id, summary, undoes=None) as (gesture, at):
            yield gesture
            if not gesture.writes:
                raise GestureRefused("Nothing was changed.")
            if begins and not gesture.sets_status and self._is_to_do(article_id):
                gesture.status(article_id, Status.DOING)
            change = self._change(gesture.id, article_id, summary, at)
        gesture.change = change

    @contextmanager
    def labels_gesture(self, labelset: LabelSet, summary: str) -> Iterator[Gesture]:
        """One transaction after which a label set holds that is stored in it; marks of anyone may be written.

        Rows that it writes belong to whom they belonged to; the gesture is the current annotator's, who may
        take it back.
        """
        with self._writing("labels", None, summary, undoes=None) as (gesture, at):
            from annotator.storage.label_migration import make_current

            yield gesture
            make_current(self._project.db, labelset.id, gesture.id)
            change = Change(gesture.id, None, summary, at, labelset=labelset)
        self._project.reload_labels()
        gesture.change = change

    def undo(self) -> Change:
        """Take back the newest own gesture that stands, wherever it was."""
        op = self._undoable()
        if op is None:
            raise GestureRefused("Nothing to undo.")
        return self._reverse(op, "undo")

    def redo(self) -> Change:
        """Take back the newest undo; a new gesture since then leaves nothing to redo."""
        op = self._redoable()
        if op is None:
            raise GestureRefused("Nothing to redo.")
        return self._reverse(op, "redo")

    def restore(self, article_id: int, op_id: str, summary: str) -> Change:
        """Bring every own row of an article back to what it was after a gesture; one gesture, one undo."""
        from annotator.storage.history import past_rows
        from annotator.storage.reversal import Reversal

        with self._writing("restore", article_id, summary, undoes=None) as (gesture, at):
            past = past_rows(self._project.db, self._annotator_id, article_id, op_id)
            rows = [row for row in past if not row.same]
            if not rows:
                raise GestureRefused("The article is like that already.")
            for row in rows:  # all make room first: a mark may stand now where another stood then
                if row.table != "status" and not row.now["deleted"]:
                    gesture.update(row.table, row.row_id, deleted=1)
            back = Reversal(self._project.db, gesture)
            for row in rows:
                back.write(row.table, row.row_id, before=row.then, after=row.now, now=row.now)
            change = self._change(gesture.id, article_id, summary, at)
        return change

    def next_undo(self) -> str | None:
        """What `undo` would take back, in words; None when there is nothing."""
        op = self._undoable()
        return op.summary if op else None

    def next_redo(self) -> str | None:
        """What `redo` would do again, in words; None when there is nothing."""
        op = self._redoable()
        return op.summary if op else None

    def undoable_in_words(self) -> str | None:
        """`next_undo`, with the title of the article that it is in."""
        return self._in_words(self._undoable())

    def redoable_in_words(self) -> str | None:
        return self._in_words(self._redoable())

    def _in_words(self, op: _Op | None) -> str | None:
        if op is None:
            return None
        row = self._project.db.execute("SELECT title FROM article WHERE id=?", (op.article_id,)).fetchone()
        title = " ".join(row[0].split()) if row else ""
        if not title or title[:_TITLE] in op.summary:  # a gesture on the article as a whole names it
            return op.summary
        return f"{op.summary} in “{title if len(title) <= _TITLE else title[:_TITLE].rstrip() + '…'}”"

    @contextmanager
    def _writing(
        self, kind: str, article_id: int | None, summary: str, *, undoes: str | None
    ) -> Iterator[tuple[Gesture, int]]:
        project = self._project
        if project.waiting is not None:
            project.waiting.begun(summary)
        try:
            with seldom_collecting(), project.writing() as db:
                op_id, at = project.new_id(), now_ms()
                db.execute(
                    "INSERT INTO op(id,annotator_id,at,kind,article_id,undoes,summary) VALUES(?,?,?,?,?,?,?)",
                    (op_id, self._annotator_id, at, kind, article_id, undoes, summary),
                )
                yield Gesture(db, project, op_id, self._annotator_id, article_id), at
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise GestureRefused("The same mark is there already; nothing was changed.") from error
            from annotator.storage.check import sound

            if sound(project.db):
                raise
            raise damaged(project.path) from error  # its own rules have changed
        finally:
            if project.waiting is not None:
                project.waiting.ended()

    def _is_to_do(self, article_id: int) -> bool:
        row = self._project.db.execute(
            "SELECT status FROM status WHERE annotator_id=? AND article_id=?",
            (self._annotator_id, article_id),
        ).fetchone()
        return row is not None and row[0] == Status.TODO

    def _change(self, op_id: str, article_id: int, summary: str, at: int) -> Change:
        return change_of(
            self._project.db, self._annotator_id, op_id, article_id=article_id, summary=summary, saved_at=at
        )

    # The stacks are not stored: they follow from the log. An undo names the gesture it takes back, a redo
    # names the undo it takes back, and either goes on from where the other left off.

    def _undoable(self) -> _Op | None:
        op = self._newest()
        while op is not None and op.is_gesture:
            if op.kind == "undo":
                op = self._before(str(op.undoes))
            elif op.kind == "redo":
                return self._op(str(self._op(str(op.undoes)).undoes))
            else:
                return op
        return None

    def _redoable(self) -> _Op | None:
        op = self._newest()
        while op is not None and op.is_gesture:
            if op.kind == "undo":
                return op
            if op.kind != "redo":
                return None
            op = self._before(str(op.undoes))
        return None

    def _newest(self) -> _Op | None:
        return self._before("a")  # above every id: ULIDs are digits and capitals

    def _before(self, op_id: str) -> _Op | None:
        row = self._project.db.execute(
            f"SELECT {_OP} FROM op WHERE annotator_id=? AND id<? AND kind<>'settle' ORDER BY id DESC LIMIT 1",
            (self._annotator_id, op_id),
        ).fetchone()
        return _Op(*row) if row else None

    def _op(self, op_id: str) -> _Op:
        return _Op(*self._project.db.execute(f"SELECT {_OP} FROM op WHERE id=?", (op_id,)).fetchone())

    def _reverse(self, op: _Op, kind: str) -> Change:
        """Write back what each row that `op` touched was before it."""
        from annotator.storage.reversal import Reversal

        project, summary = self._project, f"{kind} {op.summary}"
        with self._writing(kind, op.article_id, op.summary, undoes=op.id) as (gesture, at):
            changed = op.article_id is None and self._set_labels_back(gesture, op.id)
            Reversal(project.db, gesture, project.waiting).take_back(op.id)
            if changed:
                from annotator.storage.label_migration import carry_over

                held = labelset_at(project.db)
                carry_over(project.db, gesture.id, project.labelset, held)
                change = Change(gesture.id, None, summary, at, labelset=held)
            else:
                assert op.article_id is not None
                change = self._change(gesture.id, op.article_id, summary, at)
        if changed:
            project.reload_labels()
        return change

    def _set_labels_back(self, gesture: Gesture, op_id: str) -> bool:
        """Lets the label set hold again that held before a gesture; False if the gesture changed none."""
        from annotator.storage.label_migration import make_current
        from annotator.storage.reversal import image_now, labelset_before

        db = self._project.db
        for table, row_id, after, before in images(db, op_id, only=[_CURRENT]):
            now = image_now(db, op_id, table, row_id, after)
            make_current(db, labelset_before(db, before, after, now), gesture.id)
            return True
        return False


def _insertion(table: str, names: Sequence[str]) -> str:
    return f"INSERT INTO {table}({_listed(names)}) VALUES({','.join('?' * len(names))})"


def _listed(names: Iterable[str]) -> str:
    return ",".join(f'"{name}"' for name in names)
