"""Where things live: packed resources and seeds, and the folders of the user that platformdirs names."""

from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent
_APP = "annotator"


def _packed(folder: str) -> Path:
    """A top-level folder: beside the package in a checkout, inside it in a wheel."""
    inside = _PACKAGE / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def resource(*parts: str) -> Path:
    return _packed("resources").joinpath(*parts)


def seeds() -> Path:
    return _packed("seeds")


def config_dir() -> Path:
    """Settings and the list of recent projects."""
    return platformdirs.user_config_path(_APP, appauthor=False, ensure_exists=True)


def state_dir() -> Path:
    """Logs."""
    return platformdirs.user_state_path(_APP, appauthor=False, ensure_exists=True)


def data_dir() -> Path:
    """The sample project."""
    return platformdirs.user_data_path(_APP, appauthor=False, ensure_exists=True)


def backup_dir() -> Path:
    folder = data_dir() / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
