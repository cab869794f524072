"""One person's marks on many articles at once, logged like gestures: one entry of the log an article.

The entries name no article, so undo stops at them: an import is not taken back key by key.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from annotator.domain.articles import Status
from annotator.domain.codec.records import MarkRow, Origin
from annotator.domain.marks import Source
from annotator.domain.suggestions import Run, Verdict
from annotator.storage.bulk import SUGGESTION_ONCE, Batch, Item, among, place_of, write_runs
from annotator.storage.project import Project
from annotator.storage.ulid import now_ms

_OP = "INSERT INTO op(id,annotator_id,at,kind,article_id,undoes,summary) VALUES(?,?,?,'import',NULL,NULL,?)"
_OWN = 'id,annotator_id,article_id,length,labelset_id,label,start,"end",note,gold,op_id'
_ENTITY = f"INSERT INTO entity({_OWN},name) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)"
_STANCE = (
    f"INSERT INTO stance({_OWN},holder_start,holder_end,holder_name,target_start,target_end,target_name)"
    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_DECISION = (
    "INSERT INTO decision(id,annotator_id,article_id,run_id,n,verdict,result_id,ms,op_id)"
    " VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING"
)
_SIGHT = "INSERT INTO sight(id,annotator_id,article_id,kind,saw,op_id) VALUES(?,?,?,?,?,?)"
_FLAG = "INSERT INTO flag(id,annotator_id,article_id,op_id) VALUES(?,?,?,?)"
_REMARK = "INSERT INTO remark(id,annotator_id,article_id,note,op_id) VALUES(?,?,?,?,?)"
_STATUS = "UPDATE status SET status=?,op_id=? WHERE annotator_id=? AND article_id=?"
# The larger figure is the later one: time only grows.
_EFFORT = (
    "INSERT INTO effort(annotator_id,article_id,ms) VALUES(?,?,?)"
    " ON CONFLICT(annotator_id,article_id) DO UPDATE SET ms=max(ms,excluded.ms)"
)
_VERDICTS = {Source.ACCEPTED: Verdict.ACCEPT, Source.EDITED: Verdict.EDIT}
# Suggestions that come with labels are numbered by their content, above the numbers a pipeline gives, so
# that the same decision is the same in every file.
_CONTENT_BITS = 48
_ADDED = Origin(Source.ADDED)

_Owned = tuple[int, str, bool]  # article, annotator, gold


@dataclass(slots=True)
class _Rows:
    """The rows of a batch by table."""

    ops: list[tuple[object, ...]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    suggestions: list[tuple[object, ...]] = field(default_factory=list)
    entities: list[tuple[object, ...]] = field(default_factory=list)
    stances: list[tuple[object, ...]] = field(default_factory=list)
    decisions: list[tuple[object, ...]] = field(default_factory=list)
    sights: list[tuple[object, ...]] = field(default_factory=list)
    statuses: list[tuple[object, ...]] = field(default_factory=list)
    efforts: list[tuple[object, ...]] = field(default_factory=list)
    flags: list[tuple[object, ...]] = field(default_factory=list)
    remarks: list[tuple[object, ...]] = field(default_factory=list)


class LabelWriter:
    """Writes the labels of a batch in the open transaction."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._db = project.db
        self._new_id = project.new_id

    def write(self, batch: Batch) -> None:
        """Adds the marks that their owner does not have yet; with none to add, status and log stay."""
        owners = dict.fromkeys(item.owner for item in batch.items if item.owner is not None)
        if not owners:
            return
        ids = {name: self._project.annotator_id(name) for name in owners}
        before = _Before(self._db, batch.known)
        rows = _Rows()
        for item in batch.items:
            if item.owner is not None:
                adding = _Adding(item, ids[item.owner], self._new_id(), self._project)
                batch.written.labels += adding.add(before, rows)
        write_runs(self._db, rows.runs, now_ms())
        for statement, values in (
            (SUGGESTION_ONCE, rows.suggestions),
            (_OP, rows.ops),
            (_ENTITY, rows.entities),
            (_STANCE, rows.stances),
            (_DECISION, rows.decisions),
            (_SIGHT, rows.sights),
            (_STATUS, rows.statuses),
            (_EFFORT, rows.efforts),
            (_FLAG, rows.flags),
            (_REMARK, rows.remarks),
        ):
            self._db.executemany(statement, values)


class _Adding:
    """One item's rows: one entry of the log and what hangs on it."""

    def __init__(self, item: Item, owner: str, op_id: str, project: Project) -> None:
        self._item = item
        self._record = item.record
        self._article_id = item.record.article.id
        self._owner = owner
        self._op_id = op_id
        self._labelset_id = project.labelset.id
        self._new_id = project.new_id

    def add(self, before: "_Before", rows: _Rows) -> int:
        """Appends the rows and returns how many marks are new."""
        there = before.marks.setdefault((self._article_id, self._owner, self._item.gold), set())
        added = decided = 0
        for n, mark in enumerate(self._record.marks):
            if place_of(mark) in there:
                continue
            there.add(place_of(mark))
            added += 1
            origin = self._record.origins.get(n, _ADDED)
            mark_id = self._mark(mark, origin.note, rows)
            self._see(mark_id, mark[0], origin.saw, rows)
            verdict = _VERDICTS.get(origin.source) if origin.source else None
            if verdict is Verdict.ACCEPT or (verdict is Verdict.EDIT and origin.suggested is not None):
                self._decide(origin.suggested or mark, origin, verdict, mark_id, before, rows)
        for mark, origin in self._record.rejected:
            decided += self._decide(mark, origin, Verdict.REJECT, None, before, rows)
        if self._record.ms is not None and not self._item.gold:
            rows.efforts.append((self._owner, self._article_id, self._record.ms))
        moved = self._move(before, rows, worked=bool(added or decided))
        moved |= self._remark(before, rows)
        if added or decided or moved:
            at = self._record.at if self._record.at is not None else now_ms()
            rows.ops.append((self._op_id, self._owner, at, f"import {added} marks"))
        return added

    def _move(self, before: "_Before", rows: _Rows, *, worked: bool) -> bool:
        """Sets the record's status if it brought work or the owner has not begun; whether that changes it."""
        status = before.statuses.get((self._owner, self._article_id), Status.TODO)
        wanted = self._record.status or Status.DONE
        if self._item.gold or wanted is status or not (worked or status is Status.TODO):
            return False
        before.statuses[self._owner, self._article_id] = wanted
        rows.statuses.append((wanted.value, self._op_id, self._owner, self._article_id))
        return True

    def _remark(self, before: "_Before", rows: _Rows) -> bool:
        """Appends the flag and the note of the record where the owner has none; whether there was one."""
        own = (self._owner, self._article_id)
        flag = self._record.flagged and own not in before.flagged
        note = self._record.remark if own not in before.remarked else None
        if self._item.gold or not (flag or note):
            return False
        if flag:
            before.flagged.add(own)
            rows.flags.append((self._new_id(), *own, self._op_id))
        if note:
            before.remarked.add(own)
            rows.remarks.append((self._new_id(), *own, note, self._op_id))
        return True

    def _mark(self, mark: MarkRow, note: str | None, rows: _Rows) -> str:
        mark_id, length = self._new_id(), len(self._record.article.text)
        kind, label, start, end, _, name, *parts = mark
        row = (
            *(mark_id, self._owner, self._article_id, length, self._labelset_id),
            *(label, start, end, note, int(self._item.gold), self._op_id),
        )
        if kind == "entity":
            rows.entities.append((*row, name))
        else:
            rows.stances.append((*row, *parts))
        return mark_id

    def _decide(
        self,
        suggested: MarkRow,
        origin: Origin,
        verdict: Verdict,
        mark_id: str | None,
        before: "_Before",
        rows: _Rows,
    ) -> bool:
        """Appends a decision with the suggestion it answers, unless the owner has decided on that already."""
        run = Run.of(*origin.run) if origin.run else self._item.run
        if self._item.gold or run is None:
            return False
        n = _number(suggested)
        key = (self._article_id, self._owner, run.id, n)
        if key in before.decisions:
            return False
        before.decisions.add(key)
        rows.runs.append(run)
        rows.suggestions.append((self._article_id, run.id, n, *suggested))
        decision_id = self._new_id()
        decision = (decision_id, self._owner, self._article_id, run.id, n)
        rows.decisions.append((*decision, verdict, mark_id, origin.ms, self._op_id))
        if mark_id is None:
            self._see(decision_id, suggested[0], origin.saw, rows)
        return True

    def _see(self, row_id: str, kind: str, saw: bool | None, rows: _Rows) -> None:
        """Appends what is known of whether suggestions were seen; of gold that is of no use."""
        if saw is not None and not self._item.gold:
            rows.sights.append((row_id, self._owner, self._article_id, kind, int(saw), self._op_id))


class _Before:
    """What annotators have on the articles of a batch that were in the file before it."""

    def __init__(self, db: sqlite3.Connection, known: Iterable[int]) -> None:
        ids = list(known)
        self.marks: dict[_Owned, set[tuple[object, ...]]] = {}
        for kind, parts in (
            ("entity", "NULL,NULL,NULL,NULL"),
            ("stance", "holder_start,holder_end,target_start,target_end"),
        ):
            select = (
                f"SELECT article_id,annotator_id,gold,'{kind}',label,start,\"end\",{parts} FROM {kind}"
                " WHERE deleted=0 AND article_id"
            )
            for article_id, owner, gold, *place in among(db, select, ids):
                self.marks.setdefault((article_id, str(owner), bool(gold)), set()).add(tuple(place))
        select = "SELECT article_id,annotator_id,run_id,n FROM decision WHERE deleted=0 AND article_id"
        self.decisions: set[tuple[object, ...]] = set(among(db, select, ids))
        own = "SELECT annotator_id,article_id FROM {table} WHERE deleted=0 AND article_id"
        self.flagged: set[tuple[object, ...]] = set(among(db, own.format(table="flag"), ids))
        self.remarked: set[tuple[object, ...]] = set(among(db, own.format(table="remark"), ids))
        select = (
            "SELECT s.annotator_id,s.article_id,s.status FROM annotator a CROSS JOIN status s"
            " ON s.annotator_id=a.id WHERE s.article_id"
        )
        self.statuses = {
            (str(owner), article_id): Status(str(status))
            for owner, article_id, status in among(db, select, ids)
        }


def _number(mark: MarkRow) -> int:
    """The number of a suggestion by its content."""
    content = json.dumps(mark).encode()
    digest = hashlib.blake2b(content, digest_size=_CONTENT_BITS // 8).digest()
    return 1 << _CONTENT_BITS | int.from_bytes(digest, "big")
