"""Keys as they hold: our own, the key maps of other tools, and what a person changed."""

import json
import shutil
import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from annotator import places
from annotator.ui import settings as remembered
from annotator.ui.actions import ACTIONS, meet
from annotator.ui.keymap import (
    KEYMAPS,
    Keys,
    defaults,
    laid_over,
    pressed,
    read_keymap,
    readable_keymaps,
    reserved,
)
from annotator.ui.settings import Settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(places, "config_dir", lambda: tmp_path)
    return tmp_path


def twice(keys: dict[str, tuple[str, ...]]) -> list[str]:
    """The keys that two actions of one page have."""
    every = [(key.lower(), id_) for id_, each in keys.items() for key in each]
    return [
        key
        for n, (key, id_) in enumerate(every)
        for other, of in every[n + 1 :]
        if key == other and meet(id_, of)
    ]


@pytest.mark.parametrize("name", KEYMAPS)
def test_a_key_map_names_known_actions_and_keys_and_clashes_nowhere(name: str) -> None:
    keys = read_keymap(name).keys
    assert set(keys) <= {row.id for row in ACTIONS}
    for each in keys.values():
        for key in each:
            assert QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) == key
            assert key == "Esc" or not reserved(key)
    assert twice(keys) == []
    assert twice(laid_over(defaults(), keys)) == []


@pytest.mark.parametrize("name", KEYMAPS)
def test_with_every_key_map_what_has_a_key_keeps_one(name: str) -> None:
    lost = [
        id_
        for id_, keys in laid_over(defaults(), read_keymap(name).keys).items()
        if not keys and defaults()[id_]
    ]
    assert lost == []


def test_every_file_of_key_maps_can_be_chosen() -> None:
    files = {path.stem for path in places.resource("keymaps").glob("*.toml")}
    assert files == set(KEYMAPS)
    own = tomllib.loads(places.resource("keymaps", "annotator.toml").read_text("utf-8"))
    assert "keys" not in own


def test_no_default_key_is_reserved() -> None:
    assert {key for row in ACTIONS for key in row.keys if reserved(key)} == {"Esc"}


def test_a_changed_key_is_taken_from_the_action_that_had_it_and_remembered() -> None:
    keys = Keys(Settings())
    keys.assign("mark.accept", ("X",))
    assert (keys.of("mark.accept"), keys.of("mark.reject")) == (("X",), ())
    again = Keys(remembered.load())
    assert (again.first("mark.accept"), again.first("mark.reject")) == ("X", "")
    assert again.differs("mark.accept")
    assert not again.differs("mark.name")
    again.reset_all()
    assert Keys(remembered.load()).of("mark.accept") == ("A",)


def test_a_swap_gives_the_other_action_the_key_that_became_free() -> None:
    keys = Keys(Settings())
    keys.swap("edit.redo", "Ctrl+F", "Ctrl+Y")
    assert keys.of("edit.redo") == ("Ctrl+Shift+Z", "Ctrl+F")
    assert keys.of("edit.find") == ("Ctrl+Y",)


def test_resetting_one_action_takes_its_key_back() -> None:
    keys = Keys(Settings())
    keys.assign("mark.reject", ("A",))
    keys.reset("mark.accept")
    assert (keys.of("mark.accept"), keys.of("mark.reject")) == (("A",), ())


def test_another_key_map_drops_the_changes() -> None:
    keys = Keys(Settings())
    keys.assign("mark.accept", ("Y",))
    keys.choose("prodigy")
    assert keys.of("mark.accept") == ("A",)
    assert keys.of("edit.undo") == ("Backspace", "Del", "Ctrl+Z")
    assert keys.told("article.flag") == "F"
    assert remembered.load().keymap == "prodigy"


def test_what_a_settings_file_says_of_unknown_keys_and_maps_is_passed_over(folder: Path) -> None:
    content = {"keymap": "vi", "keys": {"mark.accept": ["Nothing+Q"], "gone.action": ["B"], "mark.reject": 3}}
    (folder / "settings.json").write_text(json.dumps(content), encoding="utf-8")
    keys = Keys(remembered.load())
    assert keys.keymap == "annotator"
    assert (keys.of("mark.reject"), keys.of("article.flag")) == (("X",), ("B",))


@pytest.mark.parametrize(
    ("key", "held", "text", "told"),
    [
        (Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a", "A"),
        (Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier, "", "Shift+Tab"),
        (Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier, "?", "?"),
        (Qt.Key.Key_F9, Qt.KeyboardModifier.ControlModifier, "", "Ctrl+F9"),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.KeypadModifier, "", "Left"),
        (Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier, "", None),
    ],
)
def test_a_press_is_written_as_a_shortcut(
    key: Qt.Key, held: Qt.KeyboardModifier, text: str, told: str | None
) -> None:
    assert pressed(QKeyEvent(QEvent.Type.KeyPress, key, held, text)) == told


@pytest.fixture
def damaged_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The key map of Prodigy, in a copy of the resources, to be spoiled."""
    copy = tmp_path / "resources"
    shutil.copytree(places.resource("keymaps"), copy / "keymaps")
    whole = places.resource
    monkeypatch.setattr(
        places, "resource", lambda *parts: (copy if parts[0] == "keymaps" else whole()).joinpath(*parts)
    )
    return copy / "keymaps" / "prodigy.toml"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"keys = 3",
        b"\xff",
        b'title="P"\nabout="P"\n[keys]\n"mark.accept"=5',
        b'title="P"\nabout="P"\n[keys]\n"mark.accept"=[5]',
        b'title=1\nabout="P"',
    ],
)
def test_a_damaged_key_map_leaves_the_usual_keys_and_is_told(damaged_map: Path, content: bytes) -> None:
    damaged_map.write_bytes(content)
    settings = Settings(keymap="prodigy")
    keys = Keys(settings)
    assert keys.keymap == "annotator"
    assert keys.of("mark.accept") == ("A",)
    assert "prodigy.toml" in keys.trouble
    assert settings.keymap == "prodigy"
    assert [each.name for each in readable_keymaps()] == ["annotator", "label_studio", "inception"]
    keys.assign("mark.accept", ("Y",))
    assert remembered.load().keymap == "annotator"
    assert Keys(remembered.load()).of("mark.accept") == ("Y",)


def test_a_missing_key_map_leaves_the_usual_keys(damaged_map: Path) -> None:
    damaged_map.unlink()
    assert Keys(Settings(keymap="prodigy")).keymap == "annotator"
