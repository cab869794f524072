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
    `review_names`: a review shows who said what.
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
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        logging.getLogger(__name__).warning("Settings are not readable, the usual ones are used: %s", error)
        return Settings()
    return _checked(content if isinstance(content, dict) else {})


def save(settings: Settings) -> None:
    """Writes the settings whole or not at all; a failure is logged, since no work depends on them."""
    path = places.config_dir() / _FILE
    draft = path.with_name(f".{_FILE}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(asdict(settings), indent=1, ensure_ascii=False), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        logging.getLogger(__name__).warning("Settings are not saved: %s", error)
        with contextlib.suppress(OSError):
            draft.unlink()


def _checked(content: dict[str, Any]) -> Settings:
    """The settings of a JSON object; a value of another type than the usual one counts as missing."""
    usual = Settings()
    kept = {
        known.name: content[known.name]
        for known in fields(Settings)
        if _alike(content.get(known.name), getattr(usual, known.name))
    }
    settings = Settings(**kept)
    settings.text_size = min(max(float(settings.text_size), SMALLEST_TEXT), LARGEST_TEXT)
    settings.line_pitch = min(max(float(settings.line_pitch), CLOSEST_LINES), WIDEST_LINES)
    settings.column = min(max(settings.column, NARROWEST_COLUMN), WIDEST_COLUMN)
    settings.hidden_layers = [name for name in settings.hidden_layers if name in LAYERS]
    settings.accept_above = min(max(float(settings.accept_above), 0.0), 1.0)
    settings.reject_below = min(max(float(settings.reject_below), 0.0), 1.0)
    settings.recent = [str(path) for path in settings.recent][:RECENT]
    settings.last_article = {path: at for path, at in settings.last_article.items() if type(at) is int}
    settings.told_showing = {path: at for path, at in settings.told_showing.items() if type(at) is int}
    keys: dict[str, object] = dict(settings.keys)
    settings.keys = {id_: [str(key) for key in each] for id_, each in keys.items() if isinstance(each, list)}
    settings.panes = [int(width) for width in settings.panes][:3]
    if settings.queue_sort not in SORTS:
        settings.queue_sort = usual.queue_sort
    if settings.theme not in THEMES:
        settings.theme = usual.theme
    return settings


def _alike(value: object, usual: object) -> bool:
    if isinstance(usual, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(value, list) and isinstance(usual, list):
        return all(type(item) is (int if usual else str) for item in value)
    if isinstance(value, dict) and isinstance(usual, dict):
        return all(type(key) is str for key in value)
    return type(value) is type(usual)
