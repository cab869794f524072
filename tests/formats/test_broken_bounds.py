"""Broken files without an end: told in bounded memory, and of very many faults only some."""

import io
import itertools
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from annotator.formats.contract import Reading
from annotator.formats.registry import format_named
from annotator.formats.sources import FileSource, Source
from tests.formats.samples import LABELS
from tests.formats.test_broken_input import Files, brat, record


class Pouring(Source):
    """A stream of so many bytes that nobody holds: its beginning, then one block again and again."""

    def __init__(self, name: str, begins: bytes, block: bytes, size: int) -> None:
        self.name, self.size = name, size
        self._begins, self._block = begins, block

    def open(self) -> BinaryIO:
        blocks = itertools.repeat(self._block, self.size // len(self._block))
        return cast(BinaryIO, io.BufferedReader(_Poured(itertools.chain([self._begins], blocks))))


class _Poured(io.RawIOBase):
    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._left = self._left or next(self._blocks, b"")
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


LIMIT = 2**20


@pytest.mark.parametrize(
    ("name", "constant", "begins"),
    [
        ("jsonl", "jsonl._LONGEST_LINE", b'{"text": "'),
        ("csv", "csv._LONGEST", b"text,n\n"),
        ("csv", "csv._LONGEST", b'text,n\n"'),
        ("prodigy", "json_items._LONGEST", b'{"text": "'),
        ("doccano", "json_items._LONGEST", b'{"label": [], "text": "'),
        ("label-studio", "json_items._LONGEST", b'[{"annotations": [], "data": {"text": "'),
        ("w3c", "json_items._LONGEST", b'{"@context": "'),
        ("conll", "conll._LINE", b"-DOCSTART- O\n\n"),
    ],
)
def test_a_line_without_an_end_is_told_in_bounded_memory(
    name: str, constant: str, begins: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"annotator.formats.{constant}", LIMIT)
    monkeypatch.setattr("annotator.formats.json_items._BLOCK", LIMIT // 4)
    source = Pouring(f"a.{name}", begins, b"talks " * 10_000, 32 * LIMIT)
    format_ = format_named(name)
    list(format_.read(Pouring("a", begins, b"x\n", 100), Reading(LABELS)))  # imports are no part of it
    tracemalloc.start()
    try:
        pieces = list(format_.read(source, Reading(LABELS)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [piece.record for piece in pieces if piece.record is not None] == []
    assert pieces[0].faults
    assert peak < 16 * LIMIT


@pytest.mark.parametrize(
    ("name", "constant", "begins", "block", "said"),
    [
        ("jsonl", "record_size.MOST_VALUES", b'{"text": "a", "spans": [', b"{},", "more than 2,000 values"),
        ("prodigy", "record_size.MOST_VALUES", b'{"text": "a", "spans": [', b"{},", "than 2,000 values"),
        ("doccano", "record_size.MOST_VALUES", b'{"text": "a", "label": [', b"[],", "than 2,000 values"),
        ("label-studio", "record_size.MOST_VALUES", b'[{"data": [', b"1,", "than 2,000 values"),
        ("csv", "csv.MOST_VALUES", b"text,n\n", b"ab,", "more than 2,000 cells"),
        ("csv", "csv.MOST_VALUES", b"text,n\n", b'"\n",', "more than 2,000 cells"),
        ("csv", "csv._LONGEST", b"text,n\n", b'"word\n",', "longer than 0 Mi characters"),
        ("conll", "conll._MOST_WORDS", b"-DOCSTART- O\n\n", b"Lavrov O\n", "more than 2,000 words"),
    ],
)
def test_a_record_that_would_take_all_memory_is_told(
    name: str, constant: str, begins: bytes, block: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"annotator.formats.{constant}", 2_000)
    monkeypatch.setattr("annotator.formats.json_items._BLOCK", 1_000)
    pieces = list(format_named(name).read(Pouring("a", begins, block * 20, 20_000), Reading(LABELS)))
    assert [piece.record for piece in pieces if piece.record is not None] == []
    assert said in pieces[0].faults[0].what


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("jsonl", {"a.jsonl": record(spans=[{}] * 5_000)}),
        ("jsonl", {"a.jsonl": record(stances=[{}] * 5_000, zones=[{}] * 5_000, rejected=[{}] * 5_000)}),
        ("doccano", {"a.jsonl": record(label=[[3, 1, "PERSON"]] * 5_000)}),
        ("brat", brat("T1\tPERSON\n" * 5_000)),
    ],
)
def test_of_very_many_faults_in_one_record_some_are_told(tmp_path: Path, name: str, files: Files) -> None:
    for file, data in files.items():
        (tmp_path / file).write_bytes(data.encode() if isinstance(data, str) else data)
    source = FileSource(tmp_path / next(iter(files)))
    (piece,) = format_named(name).read(source, Reading(LABELS))
    assert 50 < len(piece.faults) < 500
