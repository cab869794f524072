"""What the gestures of one person on one article come to when they were made in several copies of a project.

Two machines can each make a mark that the file holds only once. So the log is gone through from the first
gesture to the last, whichever copy each came from: what a gesture writes stands, and a row that cannot stand
beside it goes. The result depends on the gestures alone, not on the order in which files were merged.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from annotator.domain.frozen import frozen
from annotator.domain.review import Scope

Image = dict[str, Any]
Row = tuple[str, str]  # table, name of the row in the log
Keys = Mapping[str, Sequence[tuple[str, ...]]]  # by table: columns that no two of its live rows share

# Which column of a table names a mark that the row led to.
_LEADS_TO = {"decision": "result_id", "adjudication": "gold_id"}
_MARKS = ("entity", "stance")


@frozen
class Written:
    """The after-image of one row that a gesture wrote."""

    op_id: str
    table: str
    row_id: str
    image: Image

    @property
    def row(self) -> Row:
        return self.table, self.row_id


def settled(log: Iterable[Written], keys: Keys) -> dict[Row, Image]:
    """The last image of every row of the log, which is in the order of its gestures."""
    replay = _Replay(keys)
    for _, written in groupby(log, key=attrgetter("op_id")):
        replay.follow(list(written))
    replay.tie_up()
    return replay.rows


class _Replay:
    """The rows as they stand after some gestures; `_displaced`: which row took the place of one that went.

    `_decided_on`: the marks that went with a decision among people, which may not have been the only one.
    """

    def __init__(self, keys: Keys) -> None:
        self.rows: dict[Row, Image] = {}
        self._keys = keys
        self._holders: dict[tuple[object, ...], Row] = {}
        self._displaced: dict[Row, Row] = {}
        self._decided_on: set[Row] = set()

    def follow(self, written: Sequence[Written]) -> None:
        """One gesture: all it writes makes room before any of it is put down."""
        decides = any(
            each.table == "adjudication" and each.image["scope"] == Scope.PEOPLE for each in written
        )
        for each in written:
            self._lift(each.row)
            self._displaced.pop(each.row, None)
            self._decided_on.discard(each.row)
            if decides and each.table in _MARKS and each.image["deleted"]:
                self._decided_on.add(each.row)
            self.rows[each.row] = each.image
        for each in sorted(written, key=attrgetter("row")):
            self._put(each.row, {other.row for other in written})

    def tie_up(self) -> None:
        """What led to a mark that went leads to the mark in its place; else a decision is a rejection.

        Gold comes back if it went only because another machine took the same decision back.
        """
        for row, image in sorted(self.rows.items(), key=itemgetter(0)):
            column = _LEADS_TO.get(row[0])
            if column is None or image["deleted"] or image[column] is None:
                continue
            found = self._restored if row[0] == "adjudication" else self._standing
            mark = found(image[column])
            if mark is not None:
                self.rows[row] = image | {column: mark}
            elif row[0] == "decision":
                self.rows[row] = image | {"verdict": "reject", column: None}

    def _restored(self, mark_id: str) -> str | None:
        """The gold mark, or the one that says the same; None if it went otherwise than with a decision."""
        row = self._row_of(mark_id)
        if row is None:
            return mark_id
        last = row
        while self.rows[last]["deleted"] and last in self._displaced:
            last = self._displaced[last]
        if self.rows[last]["deleted"] and last not in self._decided_on:
            return None
        if not self.rows[row]["deleted"]:
            return mark_id
        keys = list(self._keys_of(row))
        there = next((self._holders[key] for key in keys if key in self._holders), None)
        if there is not None:
            return there[1]
        self.rows[row] = self.rows[row] | {"deleted": 0}
        self._holders |= dict.fromkeys(keys, row)
        return mark_id

    def _put(self, row: Row, together: set[Row]) -> None:
        if self.rows[row].get("deleted", 0):
            return
        for key in self._keys_of(row):
            other = self._holders.get(key)
            if other is not None:
                self._displace(other, row, together)
            self._holders[key] = row

    def _displace(self, row: Row, by: Row, together: set[Row]) -> None:
        self._lift(row)
        before = self.rows[row]
        self.rows[row] = before | {"deleted": 1}
        self._displaced[row] = by
        if row[0] == "decision" and before["result_id"] is not None:
            self._withdraw(before["result_id"], self.rows[by]["result_id"], together)

    def _withdraw(self, mark_id: str, instead: str | None, together: set[Row]) -> None:
        """A mark goes with the decision that made it, unless another decision or this gesture holds it."""
        if mark_id == instead or any(
            image["result_id"] == mark_id and not image["deleted"]
            for (table, _), image in self.rows.items()
            if table == "decision"
        ):
            return
        for table in _MARKS:
            row = (table, mark_id)
            if row in self.rows and row not in together and not self.rows[row]["deleted"]:
                self._lift(row)
                self.rows[row] = self.rows[row] | {"deleted": 1}

    def _lift(self, row: Row) -> None:
        if row in self.rows and not self.rows[row].get("deleted", 0):
            for key in self._keys_of(row):
                if self._holders.get(key) == row:
                    del self._holders[key]

    def _standing(self, mark_id: str) -> str | None:
        """The mark, or the one that took its place; None if it went, itself if the log does not know it."""
        row = self._row_of(mark_id)
        if row is None:
            return mark_id
        while self.rows[row]["deleted"]:
            if row not in self._displaced:
                return None
            row = self._displaced[row]
        return row[1]

    def _row_of(self, mark_id: str) -> Row | None:
        return next(((table, mark_id) for table in _MARKS if (table, mark_id) in self.rows), None)

    def _keys_of(self, row: Row) -> Iterator[tuple[object, ...]]:
        image = self.rows[row]
        for columns in self._keys.get(row[0], ()):
            yield (row[0], columns, *(image.get(name) for name in columns))
