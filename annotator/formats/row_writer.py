"""Writers of formats that are not read: each record becomes rows, and each row is proven by itself."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from annotator.domain.codec.records import Record
from annotator.formats.carrying import Feature, proof_of
from annotator.formats.contract import Writer


class RowWriter(Writer):
    """Writes rows as they come; `Format.proofs` gives the proofs of the same rows from the file."""

    def write(self, record: Record) -> Iterable[int]:
        carried = self.carried(record)
        if Feature.TEXT in self._carrier.lacks:
            self.note(Feature.TEXT, record)
        if not carried.marks and Feature.UNMARKED in self._carrier.lacks:
            self.note(Feature.UNMARKED, record)
            return ()
        return self._written(carried, record)

    def put(self, record: Record) -> Record:
        self._written(record, record)
        return record

    def _written(self, carried: Record, record: Record) -> list[int]:
        proofs = []
        for row in self.rows(carried, record):
            self.put_row(row)
            proofs.append(proof_of(row))
        return proofs

    @abstractmethod
    def rows(self, carried: Record, record: Record) -> Iterable[Any]:
        """The rows of what the format carries of a record; `record` is all of it."""

    @abstractmethod
    def put_row(self, row: Any) -> None:
        """Writes a row."""
