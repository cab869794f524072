"""Drafts of exports: companions, folders, what takes its place and what never does."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.articles import Article
from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.formats.contract import Format, Layout, Piece, Reading, Writer, Writing
from annotator.formats.sources import Source
from annotator.formats.targets import Target
from annotator.services.drafts import drafted
from tests.formats.samples import LABELS

RECORDS = [Record(Article.of(text)) for text in ("one", "two\r\n👨")]
WRITING, READING = Writing(LABELS), Reading(LABELS)


class Listed(Format):
    """Texts in one file with a head and a tail, and how many they are in a file beside it."""

    name = "listed"
    title = "Listed"
    suffixes = (".listed",)

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        head, *texts, tail = source.read().decode().split("|")
        beside = source.sibling(f"{source.stem}.count")
        assert beside is not None
        assert (head, tail, beside.read()) == ("<", ">", str(len(texts)).encode())
        for text in texts:
            yield Piece(0, record=Record(Article.of(text)))

    def writer(self, target: Target, writing: Writing) -> Writer:
        return ListedWriter(target)


class ListedWriter(Writer):
    def __init__(self, target: Target) -> None:
        super().__init__(())
        self._target = target
        self._count = 0
        target.stream.write(b"<")

    def write(self, record: Record) -> list[int]:
        from annotator.formats.carrying import proof_of

        return [proof_of(self.put(self.carried(record)))]

    def put(self, record: Record) -> Record:
        self._count += 1
        self._target.stream.write(b"|" + record.article.text.encode())
        return record

    def close(self) -> list[int]:
        self._target.stream.write(b"|>")
        with self._target.file(".count") as file:
            file.write(str(self._count).encode())
        return []


class Forgetful(Listed):
    """Reads back less than was written."""

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        yield from list(super().read(source, reading))[1:]


class Foldered(Listed):
    """A file a text, in folders."""

    layout = Layout.FOLDER
    suffixes = (".one",)

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        yield Piece(0, record=Record(Article.of(source.read().decode())))

    def writer(self, target: Target, writing: Writing) -> Writer:
        return FolderedWriter(target)


class FolderedWriter(ListedWriter):
    def __init__(self, target: Target) -> None:
        Writer.__init__(self, ())
        self._target = target
        self._count = 0

    def put(self, record: Record) -> Record:
        self._count += 1
        with self._target.file(f"sub/{self._count}.one") as file:
            file.write(record.article.text.encode())
        return record

    def close(self) -> list[int]:
        with self._target.file("about.txt") as file:
            file.write(b"about")
        return []


def write(place: Path, format_: Format) -> None:
    with drafted(place, format_, WRITING) as draft:
        for record in RECORDS:
            draft.write(record)
        draft.finish(READING)
        draft.take_place()


def test_a_file_and_what_belongs_beside_it_take_their_places(tmp_path: Path) -> None:
    (tmp_path / "talks.count").write_text("old", "utf-8")
    write(tmp_path / "talks.listed", Listed())
    assert sorted(os.listdir(tmp_path)) == ["talks.count", "talks.listed"]
    assert (tmp_path / "talks.listed").read_bytes() == "<|one|two\r\n👨|>".encode()
    assert (tmp_path / "talks.count").read_text("utf-8") == "2"


def test_what_does_not_read_back_takes_no_place(tmp_path: Path) -> None:
    (tmp_path / "talks.listed").write_text("old", "utf-8")
    with pytest.raises(FormatError, match="does not read back as it was written"):
        write(tmp_path / "talks.listed", Forgetful())
    assert os.listdir(tmp_path) == ["talks.listed"]
    assert (tmp_path / "talks.listed").read_text("utf-8") == "old"


def test_a_folder_takes_its_place_whole(tmp_path: Path) -> None:
    write(tmp_path / "talks", Foldered())
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert found == ["talks/about.txt", "talks/sub/1.one", "talks/sub/2.one"]


def test_a_full_disk_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("talks.listed", "talks.count"):
        (tmp_path / name).write_text("old", "utf-8")
    calls = 0

    def full(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:  # the second of the two files
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "talks.listed", Listed())
    assert sorted(os.listdir(tmp_path)) == ["talks.count", "talks.listed"]
    assert {path.read_text("utf-8") for path in tmp_path.iterdir()} == {"old"}
