"""Native JSONL, and with it Prodigy's: one article a line, with its marks. Nothing is lost either way."""

import codecs
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import orjson

from annotator.domain.codec.problems import Problem, RecordError
from annotator.domain.codec.reader import RecordReader
from annotator.domain.codec.records import Record
from annotator.domain.codec.writer import label_set_fields, write_record
from annotator.domain.labels import LabelSet
from annotator.formats.contract import Fault, Loss, Piece, faulty

_LONGEST_LINE = 256 * 2**20  # bytes; a file without line ends is not read into memory whole
_GIVE_UP = 100  # bad lines at the beginning of a file that is something else
_SEEN = 60  # bytes of a broken line that a person is shown on each side


class Jsonl:
    name = "jsonl"
    suffixes = (".jsonl", ".ndjson")
    carries_marks = True

    def read(self, path: Path, labelset: LabelSet) -> Iterator[Piece]:
        reader = RecordReader(labelset)
        read = good = bad = 0
        with path.open("rb") as file:
            for number, line in enumerate(_lines(file), 1):
                read += len(line)
                if number == 1:
                    if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                        yield Piece(read, faults=(_utf16(path),))
                        return
                    line = line.removeprefix(codecs.BOM_UTF8)
                if line.isspace() or not line:
                    continue
                try:
                    piece = Piece(read, number, reader.read(_parsed(line)), remarks=tuple(reader.remarks))
                    good += 1
                except RecordError as error:
                    piece = faulty(read, path, number, error)
                    bad += 1
                yield piece
                if bad == _GIVE_UP and not good:
                    what = f"the first {_GIVE_UP} lines are all wrong, and the rest was not read"
                    yield Piece(read, faults=(Fault(str(path), None, what, "is it JSON Lines?"),))
                    return

    def writer(self, labelset: LabelSet) -> "JsonlWriter":
        return JsonlWriter(labelset)


class JsonlWriter:
    """Lines of native JSONL; carries everything."""

    suffix = None

    def __init__(self, labelset: LabelSet) -> None:
        self._labelset = orjson.Fragment(orjson.dumps(label_set_fields(labelset)))

    def encode(self, record: Record) -> bytes:
        fields = write_record(record)
        spans, stances = orjson.dumps(fields["spans"]), orjson.dumps(fields["stances"])
        fields["spans"], fields["stances"] = orjson.Fragment(spans), orjson.Fragment(stances)
        sha256 = record.article.sha256
        fields["_input_hash"] = int.from_bytes(sha256[:4], "big", signed=True)
        task = zlib.crc32(stances, zlib.crc32(spans, zlib.crc32(sha256)))
        fields["_task_hash"] = task - 2**32 if task >= 2**31 else task
        fields["labelset"] = self._labelset
        fields["sha256"] = sha256.hex()
        return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)

    def losses(self) -> tuple[Loss, ...]:
        return ()


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines with their ends; one that is too long is cut one byte behind `_LONGEST_LINE`."""
    while line := file.readline(_LONGEST_LINE + 1):
        yield line
        while len(line) > _LONGEST_LINE and not line.endswith(b"\n"):
            line = file.readline(_LONGEST_LINE + 1)


def _parsed(line: bytes) -> object:
    if len(line) > _LONGEST_LINE:
        what = f"the line is longer than {_LONGEST_LINE // 2**20} MiB"
        raise RecordError([Problem(what, "write one article a line")])
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


def _utf16(path: Path) -> Fault:
    return Fault(str(path), None, "the file is UTF-16", "save it as UTF-8, which JSON Lines must be")
