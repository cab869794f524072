"""The files that a person means by names, folders and globs."""

import glob
from collections.abc import Iterable
from pathlib import Path

from annotator.domain.errors import FormatError
from annotator.formats.contract import Fault, Format
from annotator.formats.registry import format_named, format_of, suffixes


def find_sources(
    wanted: Iterable[str | Path], format_name: str | None
) -> tuple[list[tuple[Path, Format]], list[Fault]]:
    """The files in the order asked for, each once, with their formats; and what could not be found.

    A folder gives the files of all formats in it and below, by name. A glob that no shell expanded works too.
    Raises FormatError for an unknown format.
    """
    named = format_named(format_name) if format_name else None
    found: dict[Path, Format] = {}
    faults: list[Fault] = []
    for name in wanted:
        try:
            for path in _files(Path(name)):
                found.setdefault(path, named or format_of(path))
        except FormatError as error:
            faults.append(Fault(str(name), None, str(error), "check the name"))
        except OSError as error:
            faults.append(unreadable(Path(name), error))
    return list(found.items()), faults


def unreadable(path: Path, error: OSError) -> Fault:
    return Fault(str(path), None, f"cannot be read ({error.strerror})", "check that it is there and yours")


def _files(path: Path) -> list[Path]:
    if path.exists():
        return _found(path)
    if not glob.has_magic(str(path)):
        raise FormatError("there is no such file")
    matches = [Path(match) for match in sorted(glob.glob(str(path), recursive=True))]
    if not matches:
        raise FormatError("no file matches")
    return [file for match in matches for file in _found(match)]


def _found(path: Path) -> list[Path]:
    if path.is_dir():
        return _in_folder(path)
    if not path.is_file():  # it may never end, and what was read to tell its format would be missing
        raise FormatError("it is no file but a pipe or a device")
    return [path]


def _in_folder(folder: Path) -> list[Path]:
    endings = suffixes()
    files = sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in endings and not file.name.startswith(".") and file.is_file()
    )
    if not files:
        raise FormatError(f"the folder holds no file that ends in {', '.join(endings)}")
    return files
