"""Where things live: packed resources and seeds, the user's folders, this package for child processes."""

import os
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import platformdirs

from annotator.domain.errors import AnnotatorError

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


def child_environment() -> dict[str, str]:
    """Ours, and where this package is if it runs from a checkout that was not installed."""
    environment = os.environ | {"PYTHONIOENCODING": "utf-8:replace"}
    if (_PACKAGE.parent / "pyproject.toml").is_file():
        paths = [str(_PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    return environment


def config_dir() -> Path:
    """Settings and the list of recent projects; missing where it cannot be made, as no work depends on it."""
    folder = platformdirs.user_config_path(_APP, appauthor=False)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def cache_dir() -> Path:
    """What can be made anew; missing where it cannot be made."""
    folder = platformdirs.user_cache_path(_APP, appauthor=False)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def state_dir() -> Path:
    """Logs."""
    return _made(platformdirs.user_state_path(_APP, appauthor=False))


def typed_labels(project: Path) -> Path:
    """What was typed for labels of a project and not saved; the file is missing where nothing was."""
    folder = platformdirs.user_state_path(_APP, appauthor=False) / "typed"
    return folder / f"{project.stem[:40]}-{crc32(os.fsencode(project)):08x}.json"


def data_dir() -> Path:
    """The sample project."""
    return _made(platformdirs.user_data_path(_APP, appauthor=False))


def backup_dir() -> Path:
    return _made(data_dir() / "backups")


def _made(folder: Path) -> Path:
    """The folder, made if it is not there; AnnotatorError where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AnnotatorError(
            f"The folder {folder} cannot be made ({error.strerror}). Check that your home folder is writable."
        ) from error
    return folder
