"""Which pipelines may run: their folders by content, allowed once, asked again when they change."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator import places
from annotator.domain.errors import PipelineError
from annotator.suggest import trust as trusting
from annotator.suggest.trust import content_digest, is_trusted, trust
from tests.pipelines import make_pipeline


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_pipeline(tmp_path / "p", trusted=False)


def test_equal_folders_have_one_digest_wherever_they_are(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "elsewhere" / "copy")
    assert content_digest(copy) == content_digest(folder)


def flip_a_bit(folder: Path) -> None:
    path = folder / "entity_ruler" / "patterns.jsonl"
    content = bytearray(path.read_bytes())
    content[10] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "change",
    [
        flip_a_bit,
        lambda folder: (folder / "meta.json").rename(folder / "meta2.json"),
        lambda folder: (folder / "empty").touch(),
        lambda folder: (folder / "tokenizer").unlink(),
        lambda folder: shutil.move(folder / "tokenizer", folder / "vocab" / "tokenizer"),
    ],
)
def test_any_change_of_names_or_bytes_is_seen(folder: Path, change: Callable[[Path], object]) -> None:
    before = content_digest(folder)
    change(folder)
    assert content_digest(folder) != before


def test_what_a_link_leads_to_counts(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "code.py").write_text("a = 1", "utf-8")
    (folder / "link.py").symlink_to(outside / "code.py")
    (folder / "links").symlink_to(outside)
    before = content_digest(folder)
    (outside / "code.py").write_text("a = 2", "utf-8")
    assert content_digest(folder) != before


def test_links_in_a_circle_and_things_that_are_no_files_come_to_an_end(folder: Path) -> None:
    (folder / "vocab" / "up").symlink_to(folder)
    (folder / "gone").symlink_to(folder / "nothing")
    os.mkfifo(folder / "pipe")
    before = content_digest(folder)
    assert content_digest(folder) == before
    (folder / "vocab" / "up").unlink()
    (folder / "vocab" / "up").symlink_to(folder / "vocab")
    assert content_digest(folder) != before


def test_what_python_compiles_does_not_count(folder: Path) -> None:
    before = content_digest(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert content_digest(folder) == before


def test_a_folder_without_end_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trusting, "_MOST_FILES", 3)
    with pytest.raises(PipelineError, match="more than 3 files"):
        content_digest(folder)


def test_a_folder_that_is_gone_is_told(folder: Path) -> None:
    shutil.rmtree(folder)
    with pytest.raises(PipelineError, match="cannot be read"):
        content_digest(folder)


def test_what_was_allowed_is_kept_beside_what_was_before() -> None:
    trust("a" * 64, "/one")
    trust("b" * 64, "/two")
    assert is_trusted("a" * 64)
    assert is_trusted("b" * 64)
    assert not is_trusted("c" * 64)


@pytest.mark.parametrize("content", ["{", "[]", '"x"', ""])
def test_a_spoilt_list_allows_nothing_and_is_mended(content: str) -> None:
    path = places.config_dir() / "trusted-pipelines.json"
    trust("d" * 64, "/one")
    path.write_text(content, "utf-8")
    assert not is_trusted("d" * 64)
    trust("d" * 64, "/one")
    assert is_trusted("d" * 64)
