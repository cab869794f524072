"""Parquet: an article a row, its marks as lists of structures. Written with pyarrow, an extra; not read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.formats.article_rows import CARRIES, SHAPE, Shape, row_of
from annotator.formats.carrying import proof_of
from annotator.formats.contract import Format, Reading, Writing, needed
from annotator.formats.row_writer import RowWriter
from annotator.formats.sources import Source
from annotator.formats.targets import Target

_ROWS = 200  # of a row group: as many are in memory


class Parquet(Format):
    name = "parquet"
    title = "Parquet"
    suffixes = (".parquet",)
    reads = False
    carries = CARRIES
    extra = "parquet"

    def writer(self, target: Target, writing: Writing) -> "ParquetWriter":
        return ParquetWriter(target)

    def proofs(self, source: Source, reading: Reading) -> Iterator[int]:
        arrow, parquet = _arrow()
        try:
            with source.open() as stream, parquet.ParquetFile(stream) as file:
                for batch in file.iter_batches(batch_size=_ROWS):
                    yield from map(proof_of, batch.to_pylist())
        except arrow.ArrowException as error:
            raise FormatError(f"{source.name} is no Parquet file: {error}.") from error


class ParquetWriter(RowWriter):
    """A row group whenever enough rows have come."""

    def __init__(self, target: Target) -> None:
        super().__init__(CARRIES)
        self._arrow, parquet = _arrow()
        self._schema = self._arrow.schema(_struct(self._arrow, SHAPE))
        self._file = parquet.ParquetWriter(target.stream, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def rows(self, carried: Record, record: Record) -> Iterable[dict[str, Any]]:
        return (row_of(carried),)

    def put_row(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) == _ROWS:
            self._flush()

    def close(self) -> Iterable[int]:
        if self._rows:
            self._flush()
        self._file.close()
        return ()

    def _flush(self) -> None:
        self._file.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
        self._rows.clear()


def _arrow() -> tuple[Any, Any]:
    """pyarrow and its module for Parquet; neither has types."""
    return needed("pyarrow", "pyarrow", "parquet"), needed("pyarrow.parquet", "pyarrow", "parquet")


def _struct(arrow: Any, shape: Mapping[str, Shape]) -> list[Any]:
    return [arrow.field(name, _type(arrow, field)) for name, field in shape.items()]


def _type(arrow: Any, shape: Shape) -> Any:
    if isinstance(shape, list):
        return arrow.list_(_type(arrow, shape[0]))
    if isinstance(shape, Mapping):
        return arrow.struct(_struct(arrow, shape))
    return arrow.type_for_alias(shape)
