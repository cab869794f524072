"""Settings: remembered whole, the usual ones where the file is missing or wrong."""

import json
import logging
from pathlib import Path

import pytest

from annotator import places
from annotator.ui import settings as remembered
from annotator.ui.settings import RECENT, Settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(places, "config_dir", lambda: tmp_path)
    return tmp_path


def test_what_is_saved_is_loaded() -> None:
    settings = Settings(annotator="Ana Ćirić", theme="dark", text_size=14.0, recent=["/a.annot"])
    remembered.save(settings)
    assert remembered.load() == settings


def test_without_a_file_the_usual_ones_hold() -> None:
    assert remembered.load() == Settings()


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00"])
def test_a_broken_file_gives_the_usual_ones(
    folder: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "settings.json").write_text(content, encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert remembered.load() == Settings()


def test_a_wrong_value_alone_is_left_out(folder: Path) -> None:
    wrong = {"text_size": "big", "recent": [1], "theme": "pink", "annotator": "Ana", "panes": [1.5], "x": 1}
    (folder / "settings.json").write_text(json.dumps(wrong), encoding="utf-8")
    assert remembered.load() == Settings(annotator="Ana")


def test_the_text_size_stays_readable(folder: Path) -> None:
    (folder / "settings.json").write_text('{"text_size": 9000}', encoding="utf-8")
    assert remembered.load().text_size == remembered.LARGEST_TEXT


def test_lines_and_column_stay_readable_and_layers_known(folder: Path) -> None:
    wild = {"line_pitch": 99.0, "column": 1, "hidden_layers": ["zones", "pink"]}
    (folder / "settings.json").write_text(json.dumps(wild), encoding="utf-8")
    settings = remembered.load()
    assert (settings.line_pitch, settings.column) == (remembered.WIDEST_LINES, remembered.NARROWEST_COLUMN)
    assert settings.hidden_layers == ["zones"]


def test_a_project_opened_again_comes_first(tmp_path: Path) -> None:
    settings = Settings()
    for n in range(RECENT + 2):
        settings.remember(tmp_path / f"{n}.annot")
    settings.remember(tmp_path / "5.annot")
    assert Path(settings.recent[0]).name == "5.annot"
    assert len(settings.recent) == RECENT == len(set(settings.recent))


def test_settings_that_cannot_be_written_stop_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(places, "config_dir", lambda: tmp_path / "none")
    with caplog.at_level(logging.WARNING):
        remembered.save(Settings())
    assert "not saved" in caplog.text


@pytest.mark.parametrize("content", [b"", b'{"theme": "dark"', b"[1, 2]", b"\xff\xfe\x00", b"[" * 200_000])
def test_a_damaged_file_is_told_of_and_kept(folder: Path, content: bytes) -> None:
    file = folder / "settings.json"
    file.write_bytes(content)
    settings = remembered.load()
    assert settings == Settings()
    assert "not readable" in settings.trouble
    assert "\n" not in settings.trouble
    assert file.read_bytes() == content
    settings.theme = "dark"
    remembered.save(settings)
    assert (folder / "settings.json.bad").read_bytes() == content
    assert remembered.load() == settings
    assert remembered.load().trouble == ""
    remembered.save(settings)
    assert (folder / "settings.json.bad").read_bytes() == content


def test_values_of_no_use_are_named_and_kept(folder: Path) -> None:
    content = '{"text_size": NaN, "line_pitch": 1e999, "accept_above": 1' + "0" * 400 + ', "theme": "dark"}'
    (folder / "settings.json").write_text(content, encoding="utf-8")
    settings = remembered.load()
    assert settings == Settings(theme="dark")
    assert "accept_above, line_pitch, text_size" in settings.trouble
    remembered.save(settings)
    assert (folder / "settings.json.bad").read_text(encoding="utf-8") == content


def test_numbers_that_qt_and_sqlite_refuse_are_left_out(folder: Path) -> None:
    wild = {
        "panes": [10**12, 1, 1],
        "last_article": {"/a.annot": 2**70, "/b.annot": 5},
        "told_showing": {"/a.annot": -(2**70)},
        "annotator": "\ud800",
        "geometry": "\ud800",
    }
    (folder / "settings.json").write_text(json.dumps(wild), encoding="utf-8")
    assert remembered.load() == Settings(last_article={"/b.annot": 5})


def test_a_file_written_by_an_editor_with_its_mark_in_front_is_read(folder: Path) -> None:
    (folder / "settings.json").write_text('\ufeff{"theme": "dark"}', encoding="utf-8")
    assert remembered.load().theme == "dark"


def test_a_path_that_is_no_text_is_remembered() -> None:
    settings = Settings(recent=["/home/a/caf\udce9.annot"], folder="/home/a/\udce9")
    remembered.save(settings)
    assert remembered.load() == settings
