"""spaCy's DocBin, what `spacy train` reads: words with entities, and groups of spans.

Entities are in `doc.spans["sc"]`, all of them, and in `doc.ents`, the longest that do not overlap; stances in
`doc.spans["stances"]`, their parts at the same place in "stance_holders" and "stance_targets", as the
built-in pipeline writes them. Marks stand on whole words of spaCy's tokenizer: they grow or shrink to them,
and that is told. What spaCy has no place for is JSON in `doc.user_data["annotator"]`.
"""

import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from annotator.domain.codec.problems import Problem, RecordError
from annotator.domain.codec.reader import RecordReader
from annotator.domain.codec.records import MarkRow, Origin, Record
from annotator.domain.codec.writer import write_record
from annotator.domain.errors import FormatError
from annotator.formats.carrying import EVERYTHING, Feature
from annotator.formats.contract import Format, Option, Piece, Reading, Writer, Writing, faulty
from annotator.formats.docbin_process import DocBinProcess, Processes
from annotator.formats.sources import Source
from annotator.formats.targets import Target

_BLOCK = 2**20  # bytes
_FREE = 64 * 2**20  # bytes that any file may unpack to, however small it is
_TIMES = 200  # as long as the packed file; columns of words reach 30
_LOOKED_AT = 400  # bytes of the unpacked map in which its first keys are looked for
_KEYS = (b"version", b"attrs", b"tokens")
_EXPAND, _CONTRACT = "expand", "contract"


class SpacyDocBin(Format):
    name = "spacy"
    title = "spaCy DocBin"
    suffixes = (".spacy",)
    carries = EVERYTHING - {Feature.BORDERS}
    writing_options = (
        Option(
            "language",
            "the language whose rules split words, as spaCy calls it: en, de, xx; else en",
            usual="en",
        ),
        Option(
            "borders",
            "what becomes of marks that end within a word",
            (_EXPAND, _CONTRACT),
        ),
    )

    def __init__(self) -> None:
        self._processes = Processes()

    def sniff(self, source: Source, head: bytes) -> int:
        try:
            begins = zlib.decompressobj().decompress(head, _LOOKED_AT)
        except zlib.error:
            begins = b""
        if begins[:1] and begins[0] in (*range(0x80, 0x90), 0xDE) and any(key in begins for key in _KEYS):
            return 90
        return super().sniff(source, head)

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "docs")
            try:
                size = _unpack(source, path)
            except RecordError as error:
                yield faulty(source.size, source, None, error)
                return
            with self._processes.one() as process:
                process.send(do="read", path=str(path))
                reader = RecordReader()
                while not (reply := process.reply()).get("end"):
                    yield _piece(reply, reader, source, size)

    def writer(self, target: Target, writing: Writing) -> "DocBinFileWriter":
        language = writing.options.get("language", "en")
        process = self._processes.take()
        fault = process.ask(do="check", language=language).get("fault")
        if fault:
            self._processes.give_back(process)
            raise FormatError(f"spaCy cannot split words of the language {language!r}: {fault}")
        contract = writing.options.get("borders") == _CONTRACT
        return DocBinFileWriter(target, self._processes, process, language, contract=contract)


class DocBinFileWriter(Writer):
    """Has the child collect the documents; their file is whole when it is closed."""

    def __init__(
        self, target: Target, processes: Processes, process: DocBinProcess, language: str, *, contract: bool
    ) -> None:
        super().__init__(SpacyDocBin.carries)
        self._stream = target.stream
        self._processes, self._process = processes, process
        self._language = language
        self._contract = contract
        process.send(do="begin")

    def put(self, record: Record) -> Record:
        fields = write_record(record)
        reply = self._process.ask(do="add", language=self._language, contract=self._contract, fields=fields)
        if "fault" in reply:
            raise FormatError(
                f"spaCy's words for {self._language!r} do not fit the article “{record.article.title}”: "
                f"{reply['fault']}. Choose another language: --option language=xx."
            )
        return self._as_read(record, iter(reply["spans"]), iter(reply["stances"]))

    def close(self) -> Iterable[int]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "docs.spacy")
            fault = self._process.ask(do="write", path=str(path)).get("fault")
            if fault:
                raise FormatError(f"The DocBin cannot be written: {fault}. Split the export into several.")
            with path.open("rb") as file:
                shutil.copyfileobj(file, self._stream, _BLOCK)
        self._processes.give_back(self._process)
        return ()

    def _as_read(
        self, record: Record, spans: Iterator[Sequence[int] | None], stances: Iterator[Any]
    ) -> Record:
        """The record with its marks where the child has put them."""
        marks: list[MarkRow] = []
        origins: dict[int, Origin] = {}
        for n, row in enumerate(record.marks):
            places = [next(spans), None, None] if row[0] == "entity" else next(stances)
            if places is None or places[0] is None:
                self.note(Feature.BORDERS, record, row)
                continue
            placed = _placed(row, places)
            if placed != row:
                self.note(Feature.BORDERS, record, row, changed=True)
            if n in record.origins:
                origins[len(marks)] = record.origins[n]
            marks.append(placed)
        return replace(record, marks=marks, origins=origins)


def _placed(row: MarkRow, places: Sequence[Sequence[int] | None]) -> MarkRow:
    """A mark with evidence, holder and target at their places; a part without one is gone."""
    columns: list[Any] = list(row)
    for at, size, place in zip((2, 6, 9), (2, 3, 3), places, strict=True):
        if place is not None:
            columns[at : at + 2] = place
        elif columns[at] is not None:
            columns[at : at + size] = [None] * size
    return tuple(columns)


def _unpack(source: Source, path: Path) -> int:
    """Unpacks a file; the number of its packed bytes. RecordError when it is damaged, or a bomb."""
    with source.open() as packed, path.open("wb") as file:
        return _unpacked(packed, file)


def _unpacked(packed: BinaryIO, file: BinaryIO) -> int:
    stream = zlib.decompressobj()
    read = given = 0
    try:
        while not stream.eof:
            block = stream.unconsumed_tail
            if not block:
                block = packed.read(_BLOCK)
                read += len(block)
            if not block:
                raise RecordError([Problem("the file is empty or cut off", "write it anew")])
            part = stream.decompress(block, _BLOCK)
            given += len(part)
            if given > max(_FREE, _TIMES * read):
                what = f"it unpacks to more than {_TIMES} times its size"
                raise RecordError([Problem(what, "no words do: where does it come from?")])
            file.write(part)
    except zlib.error as error:
        raise RecordError([Problem("the file is no DocBin, or a damaged one", "write it anew")]) from error
    if not given:
        raise RecordError([Problem("the file holds nothing", "write it anew")])
    return read


def _piece(reply: dict[str, Any], reader: RecordReader, source: Source, size: int) -> Piece:
    """The piece of a document; `size` as in Piece."""
    if "broken" in reply:
        problem = Problem(f"the file is no DocBin, or a damaged one: {reply['broken']}", "write it anew")
        return faulty(size, source, None, RecordError([problem]))
    at = f"document {reply['n'] + 1}"
    if "fault" in reply:
        return faulty(size, source, None, RecordError([Problem(reply["fault"], "leave it out")]), at=at)
    try:
        record = reader.read(reply["record"])
    except RecordError as error:
        return faulty(size, source, None, error, at=at)
    return Piece(size, None, record, remarks=(*reply["remarks"], *reader.remarks), at=at)
