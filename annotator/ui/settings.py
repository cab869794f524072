"""What the window remembers between runs: one JSON file in the user's configuration folder."""

import contextlib
import getpass
import json
import logging
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from annotator import places

_FILE = "settings.json"
_KEPT = f"the usual ones hold; the file as it was is kept as {_FILE}.bad once a setting is saved."
_LARGEST = 1e15  # a number beyond is none that anybody chose, and Qt or SQLite would refuse it
_WIDEST_PANE = 100_000  # pixels
RECENT = 8
OWN_KEYS = "annotator"  # the key map that is the table of actions itself
CLOSEST_LINES, WIDEST_LINES = 1.1, 3.0
NARROWEST_COLUMN, WIDEST_COLUMN = 30, 1_000  # letters
SMALLEST_TEXT, USUAL_TEXT, LARGEST_TEXT = 7.0, 11.5, 40.0
THEMES = ("automatic", "light", "dark", "contrast")
SORTS = ("file", "uncertain", "unfinished", "shortest", "longest")
LAYERS = ("entities", "stances", "suggestions", "zones")


@dataclass(slots=True)
class Settings:
    """Settings of one person on one machine. `geometry` is Qt's, in base64; `panes` are widths in pixels.

    `keys` are a person's own keys by the id of the action, as Qt's portable texts, where they differ from
    those of the `keymap`. `told_showing` says by project up to when (unix ms) a person was told of changes of
    when suggestions are seen. `font`, `line_pitch` and `column` are those of `article.typography.Look`.
    `review_names`: a review shows who said what. `trouble` is for people, "" where all of the file was taken;
    else the file as it was is kept when the settings are saved.
    """

    annotator: str = ""
    theme: str = "automatic"
    text_size: float = USUAL_TEXT
    font: str = "serif"
    line_pitch: float = 1.46
    column: int = 88
    hidden_layers: list[str] = field(default_factory=list)
    only_article: bool = False
    overview: bool = True
    reader_pane: bool = False
    suggestions: bool = True
    accept_above: float = 0.9
    reject_below: float = 0.3
    queue_sort: str = "file"
    show_effort: bool = False
    review_names: bool = False
    snap: bool = False
    keymap: str = OWN_KEYS
    keys: dict[str, list[str]] = field(default_factory=dict)
    geometry: str = ""
    panes: list[int] = field(default_factory=lambda: [290, 860, 290])
    folder: str = ""
    recent: list[str] = field(default_factory=list)
    last_article: dict[str, int] = field(default_factory=dict)
    told_showing: dict[str, int] = field(default_factory=dict)
    trouble: str = field(default="", compare=False)

    def remember(self, project: Path) -> bool:
        """Puts a project first among the recent ones; False if it was."""
        path = str(project.resolve())
        if self.recent[:1] == [path]:
            return False
        self.recent = [path, *(other for other in self.recent if other != path)][:RECENT]
        self.last_article = {path: at for path, at in self.last_article.items() if path in self.recent}
        self.told_showing = {path: at for path, at in self.told_showing.items() if path in self.recent}
        return True

    def forget(self, project: str) -> None:
        self.recent = [other for other in self.recent if other != project]

    def labels_as(self) -> str:
        """Who labels: the name chosen last, else the system's user."""
        return self.annotator or system_user()


def system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a passwd entry
        return "annotator"


def load() -> Settings:
    """The remembered settings; the usual ones where the file is missing or holds something else."""
    path = places.config_dir() / _FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(content, dict):
            raise ValueError("it holds no settings")
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, RecursionError) as error:
        logging.getLogger(__name__).warning("Settings are not readable, the usual ones are used: %s", error)
        why = error.strerror if isinstance(error, OSError) else error
        return Settings(trouble=f"The settings in {path} are not readable ({why}), so {_KEPT}")
    return _checked(content, path)


def save(settings: Settings) -> None:
    """Writes the settings whole or not at all; a failure is logged, since no work depends on them."""
    path = places.config_dir() / _FILE
    draft = path.with_name(f".{_FILE}.{os.getpid()}")
    content = asdict(settings)
    del content["trouble"]
    try:
        draft.write_text(json.dumps(content, indent=1), encoding="utf-8")  # a path may be no UTF-8
        if settings.trouble and path.exists():
            path.replace(path.with_name(f"{_FILE}.bad"))
            settings.trouble = ""
        draft.replace(path)
    except OSError as error:
        logging.getLogger(__name__).warning("Settings are not saved: %s", error)
        with contextlib.suppress(OSError):
            draft.unlink()


def _checked(content: dict[str, Any], path: Path) -> Settings:
    """The settings of a JSON object; a value of another type than the usual one counts as missing."""
    usual = Settings()
    known = {each.name: getattr(usual, each.name) for each in fields(Settings) if each.name != "trouble"}
    given = {name: value for name, value in content.items() if name in known}
    kept = {name: value for name, value in given.items() if _alike(value, known[name])}
    settings = Settings(**kept)
    if wrong := sorted(given.keys() - kept.keys()):
        logging.getLogger(__name__).warning("Settings of no use: %s", ", ".join(wrong))
        settings.trouble = f"{path} has no usable value for {', '.join(wrong)}, so {_KEPT}"
    settings.text_size = min(max(float(settings.text_size), SMALLEST_TEXT), LARGEST_TEXT)
    settings.line_pitch = min(max(float(settings.line_pitch), CLOSEST_LINES), WIDEST_LINES)
    settings.column = min(max(settings.column, NARROWEST_COLUMN), WIDEST_COLUMN)
    settings.hidden_layers = [name for name in settings.hidden_layers if name in LAYERS]
    settings.accept_above = min(max(float(settings.accept_above), 0.0), 1.0)
    settings.reject_below = min(max(float(settings.reject_below), 0.0), 1.0)
    settings.recent = [str(path) for path in settings.recent][:RECENT]
    settings.last_article = {name: at for name, at in settings.last_article.items() if _whole(at)}
    settings.told_showing = {name: at for name, at in settings.told_showing.items() if _whole(at)}
    keys: dict[str, object] = dict(settings.keys)
    settings.keys = {id_: [str(key) for key in each] for id_, each in keys.items() if isinstance(each, list)}
    if len(settings.panes) != 3 or not all(0 <= width < _WIDEST_PANE for width in settings.panes):
        settings.panes = usual.panes
    if not settings.geometry.isascii():
        settings.geometry = usual.geometry
    if any("\ud800" <= sign <= "\udfff" for sign in settings.annotator):  # no letter: SQLite takes none
        settings.annotator = usual.annotator
    if settings.queue_sort not in SORTS:
        settings.queue_sort = usual.queue_sort
    if settings.theme not in THEMES:
        settings.theme = usual.theme
    return settings


def _whole(value: object) -> bool:
    """Whether it is a whole number that SQLite can hold."""
    return type(value) is int and -(2**63) <= value < 2**63


def _alike(value: object, usual: object) -> bool:
    if isinstance(usual, float):
        if not isinstance(value, int | float) or isinstance(value, bool):
            return False
        return abs(value) < _LARGEST  # which what is no number is not, either
    if isinstance(value, list) and isinstance(usual, list):
        return all(type(item) is (int if usual else str) for item in value)
    if isinstance(value, dict) and isinstance(usual, dict):
        return all(type(key) is str for key in value)
    return type(value) is type(usual)
