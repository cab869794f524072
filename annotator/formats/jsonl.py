"""Native JSONL, and with it Prodigy's: one article a line, with its marks. Nothing is lost either way."""

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator

import orjson

from annotator.domain.codec.problems import Problem, RecordError
from annotator.domain.codec.reader import RecordReader
from annotator.domain.codec.records import Record
from annotator.domain.codec.writer import label_set_fields, without_text, write_record
from annotator.domain.errors import FormatError
from annotator.domain.labels import LabelSet
from annotator.formats.carrying import EVERYTHING, proof_of
from annotator.formats.contract import Fault, Format, Piece, Reading, Writer, Writing, faulty
from annotator.formats.json_items import json_items
from annotator.formats.native import NativeReader
from annotator.formats.record_size import too_large
from annotator.formats.sources import LONGEST, Source, lines_of
from annotator.formats.targets import Target

_LONGEST_LINE = LONGEST  # bytes; a file without line ends is not read into memory whole
_GIVE_UP = 100  # bad lines at the beginning of a file that is something else
_SEEN = 60  # bytes of a broken line that a person is shown on each side
_OURS = (b'"stances"', b'"sha256"', b'"labelset"', b'"zones"')  # fields that only native records have
_LIST = re.compile(rb"\[\s*\{")
_SPREAD = re.compile(rb"\s*(?:\[\s*\{|\{[ \t\r]*\n)")  # a list, or a record that goes on in the next line
_EXPORTED = re.compile(rb'"labelset"\s*:\s*\{')
_MARKED = re.compile(rb'"spans"\s*:\s*\[\s*\{[^{}]*"start"\s*:')
_TEXT = re.compile(rb'"text"\s*:\s*"')
# Reading every line back as records would double the time of an export: the bytes of each line are compared,
# and one of so many is read, too.
_READ_EVERY = 100


class Jsonl(Format):
    name = "jsonl"
    title = "JSON Lines"
    suffixes = (".jsonl", ".ndjson")
    says_unfinished = True
    carries = EVERYTHING
    stand_off = True

    def sniff(self, source: Source, head: bytes) -> int:
        begins = head.removeprefix(codecs.BOM_UTF8).lstrip()
        if not begins.startswith(b"{") and not _LIST.match(begins):
            return super().sniff(source, head)
        if begins.startswith(b"["):  # as lists of other programs, which may call something stances
            if _EXPORTED.search(head) or _MARKED.search(head):
                return 90
            return 40 if _TEXT.search(head) else 0
        if any(field in head for field in _OURS) or (source.suffix == ".json" and _MARKED.search(head)):
            return 90
        return 60 if source.suffix in self.suffixes else 40

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        reader = NativeReader(reading)
        if _SPREAD.match(source.head().removeprefix(codecs.BOM_UTF8)):
            return _spread(source, reader)
        return _by_line(source, reader)

    def writer(self, target: Target, writing: Writing) -> "JsonlWriter":
        return JsonlWriter(target, writing)

    def proofs(self, source: Source, reading: Reading) -> Iterator[int]:
        reader = RecordReader(text_of=reading.text_of)
        with source.open() as file:
            for number, line in enumerate(lines_of(file, _LONGEST_LINE)):
                yield zlib.crc32(line)
                if number % _READ_EVERY == 0:
                    try:
                        yield proof_of(reader.read(_parsed(line)))
                    except RecordError as error:
                        raise FormatError(f"line {number + 1}: {error}") from error


class JsonlWriter(Writer):
    """Lines of native JSONL; carries everything."""

    def __init__(self, target: Target, writing: Writing) -> None:
        super().__init__(EVERYTHING)
        self._stream = target.stream
        self._encoder = Encoder(writing.labelset, with_text=writing.with_text)
        self._written = 0

    def write(self, record: Record) -> Iterable[int]:
        line = self._encoder.line(record)
        self._stream.write(line)
        self._written += 1
        if self._written % _READ_EVERY == 1:
            return zlib.crc32(line), proof_of(record)
        return (zlib.crc32(line),)

    def put(self, record: Record) -> Record:
        self._stream.write(self._encoder.line(record))
        return record


class Encoder:
    """Records as lines, for one label set; without text they fit the articles of a project that has it."""

    def __init__(self, labelset: LabelSet, *, with_text: bool = True) -> None:
        self._with_text = with_text
        self._labelset = orjson.Fragment(orjson.dumps(label_set_fields(labelset)))

    def line(self, record: Record) -> bytes:
        fields = write_record(record)
        if not self._with_text:
            fields = without_text(fields)
        spans, stances = orjson.dumps(fields["spans"]), orjson.dumps(fields["stances"])
        fields["spans"], fields["stances"] = orjson.Fragment(spans), orjson.Fragment(stances)
        sha256 = record.article.sha256
        fields["_input_hash"] = int.from_bytes(sha256[:4], "big", signed=True)
        task = zlib.crc32(stances, zlib.crc32(spans, zlib.crc32(sha256)))
        fields["_task_hash"] = task - 2**32 if task >= 2**31 else task
        fields["labelset"] = self._labelset
        fields["sha256"] = sha256.hex()
        return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)


def _by_line(source: Source, reader: NativeReader) -> Iterator[Piece]:
    """The pieces of a file with a record a line."""
    read = good = bad = 0
    with source.open() as file:
        for number, line in enumerate(lines_of(file, _LONGEST_LINE), 1):
            read += len(line)
            if number == 1:
                if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    yield Piece(read, faults=(_utf16(source),))
                    return
                line = line.removeprefix(codecs.BOM_UTF8)
            if line.isspace() or not line:
                continue
            try:
                piece = Piece(read, number, reader.read(_parsed(line)), remarks=tuple(reader.remarks))
                good += 1
            except RecordError as error:
                piece = faulty(read, source, number, error)
                bad += 1
            yield piece
            if bad == _GIVE_UP and not good:
                what = f"the first {_GIVE_UP} lines are all wrong, and the rest was not read"
                yield Piece(read, faults=(Fault(source.name, None, what, "is it JSON Lines?"),))
                return


def _spread(source: Source, reader: NativeReader) -> Iterator[Piece]:
    """The pieces of a list of records, or of records on several lines each; a broken one is the last."""
    read = 0
    with source.open() as file:
        try:
            for item in json_items(file):
                read = item.read
                try:
                    record = reader.read(item.value)
                except RecordError as error:
                    yield faulty(read, source, item.line, error)
                    continue
                yield Piece(read, item.line, record, remarks=tuple(reader.remarks))
        except RecordError as error:
            yield faulty(read, source, None, error)


def _parsed(line: bytes) -> object:
    if (size := too_large(line, _LONGEST_LINE)) is not None:
        raise RecordError([Problem(f"the line is {size}", "write one article a line")])
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        at = len(error.doc[: error.pos].encode())
        near = line[max(0, at - _SEEN) : at + _SEEN].decode("utf-8", "replace").strip()
        advice = "correct the line, or leave it out"
        if line.lstrip().startswith(b"["):
            advice = "a JSON list must be written as one object a line"
        what = f"not valid JSON at character {error.pos}: {error.msg}, near {near!r}"
        raise RecordError([Problem(what, advice)]) from error


def _utf16(source: Source) -> Fault:
    return Fault(source.name, None, "the file is UTF-16", "save it as UTF-8, which JSON Lines must be")
