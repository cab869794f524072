"""Projects as a person makes and opens them: new ones, those that are there, and the sample."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from annotator import places
from annotator.domain.errors import LabelSetError, ProjectError
from annotator.domain.labels import LabelSet
from annotator.storage.project import Access, Project

if TYPE_CHECKING:
    from annotator.storage.check import Report
    from annotator.storage.salvage import Salvaged

SAMPLE = "sample.annot"


def label_set(path: Path | None = None) -> LabelSet:
    """The label set of a TOML file, or the packed one ("news"); LabelSetError names file, line and fault."""
    from annotator.domain.label_file import parse_label_set

    file = path if path is not None else places.resource("labels", "news.toml")
    try:
        toml = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabelSetError(f"{file} is not a text file in UTF-8; save it as one and try again.") from error
    except OSError as error:
        raise LabelSetError(f"{file} cannot be read ({error.strerror}); choose a label set file.") from error
    return parse_label_set(toml, file=str(file))


def create(path: Path, labels: Path | None = None) -> Project:
    """A new, empty project, open to write, with the label set of a TOML file or the packed one."""
    return Project.create(path, label_set(labels))


def open_project(path: Path, access: Access = Access.WRITE) -> Project:
    return Project.open(path, access)


def look_over(path: Path) -> "Report":
    """Checks a whole project by a connection of its own that only reads: from any thread, beside a window.

    Damage is in the report; other faults of the file are raised.
    """
    from annotator.storage.check import check

    return check(path)


def save_readable(damaged: Path, target: Path) -> "Salvaged":
    """Makes a new project of what can still be read of a damaged one, which stays as it is.

    Raises ProjectDamaged when nothing can be read, ProjectExists when `target` is there.
    """
    from annotator.storage.salvage import salvage

    return salvage(damaged, target)


def demo(at: Path | None = None) -> Path:
    """The sample project in a folder (the user's data folder without one): made from the packed articles and
    what two annotators marked in them, or left as it is when it is there. Returns its path.
    """
    folder = at if at is not None else places.data_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProjectError(f"{folder} cannot be made ({error.strerror}); choose another folder.") from error
    path = folder / SAMPLE
    if not path.exists():
        _make_sample(path)
    return path


def _make_sample(path: Path) -> None:
    """Under another name until it is whole: an interrupted one is made again, not opened half."""
    from annotator.services.exchange import import_files

    draft = path.with_name(f"{path.stem}-{os.getpid()}.draft")
    try:
        with create(draft) as project:
            import_files(project, [places.seeds() / "articles"], format_name="text", strict=True)
            import_files(project, [places.seeds() / "labels"], format_name="jsonl", as_="labels", strict=True)
        draft.rename(path)
    finally:
        for name in (draft.name, f"{draft.name}-wal", f"{draft.name}-shm", f"{draft.name}.lock"):
            draft.with_name(name).unlink(missing_ok=True)
