"""The files that a person means by names, folders, archives and globs."""

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.domain.errors import FormatError
from annotator.formats.contract import Fault, Format
from annotator.formats.registry import candidates, format_named, is_settled, suffixes
from annotator.formats.sources import FileSource, Source, source_of

_PACKED = (".gz", ".zip")
_ANYONES = ".json"  # several formats end so, and much else does
Found = tuple[Source, Format]


def find_sources(wanted: Iterable[str | Path], format_name: str | None) -> tuple[list[Found], list[Fault]]:
    """The files in the order asked for, each once, with their formats; and what could not be found.

    A folder or a zip gives the files of all formats in it and below, by name. A glob that no shell expanded
    works too. Raises FormatError for an unknown format.
    """
    named = format_named(format_name) if format_name else None
    found: dict[str, Found] = {}
    faults: list[Fault] = []
    for name in wanted:
        try:
            for path in _paths(Path(name)):
                for source, format_ in _sources(path, named, faults):
                    found.setdefault(source.name, (source, format_))
        except FormatError as error:
            faults.append(Fault(str(name), None, str(error).rstrip("."), "check the name"))
        except OSError as error:
            faults.append(unreadable(str(name), error))
    return list(found.values()), faults


def unreadable(name: str, error: OSError) -> Fault:
    return Fault(name, None, f"cannot be read ({error.strerror})", "check that it is there and yours")


def _paths(path: Path) -> list[Path]:
    if path.exists():
        return [path]
    if not glob.has_magic(str(path)):
        raise FormatError("there is no such file")
    matches = [Path(match) for match in sorted(glob.glob(str(path), recursive=True))]
    if not matches:
        raise FormatError("no file matches")
    return matches


def _sources(path: Path, named: Format | None, faults: list[Fault]) -> Iterator[Found]:
    if not path.is_dir() and not path.is_file():
        # It may never end, and what was read to tell its format would be missing.
        raise FormatError("it is no file but a pipe or a device")
    whole = source_of(path)
    if not whole.is_folder:
        yield whole, named or _best(whole)
        return
    claimed = [named] if named and named.reads_folders else candidates(whole)
    if claimed:
        yield whole, claimed[0]
        return
    files = [file for file in whole.files() if _is_meant(file, named)]
    if not files:
        endings = ", ".join(suffixes())
        holds = f"the {'zip' if path.is_file() else 'folder'} holds no file"
        raise FormatError(f"{holds} that ends in {endings}, and no {_ANYONES} of a format that is read")
    for file in files:
        try:
            if file.suffix == ".zip" and isinstance(file, FileSource):
                yield from _sources(file.place, named, faults)
            else:
                yield file, named or _best(file)
        except FormatError as error:
            faults.append(Fault(file.name, None, str(error).rstrip("."), "the rest came in"))
        except OSError as error:
            faults.append(unreadable(file.name, error))


def _is_meant(file: Source, named: Format | None) -> bool:
    """Whether a file of a folder is one to read: by its ending, as folders hold much else.

    One that cannot be looked into is, so that it is told.
    """
    if file.suffix in _PACKED:
        return True
    if file.suffix == _ANYONES:
        try:
            return is_settled(file, named)
        except (FormatError, OSError):
            return True
    return file.suffix in (named.suffixes if named and named.suffixes else suffixes())


def _best(source: Source) -> Format:
    found = candidates(source)
    if not found:
        raise FormatError("no format reads it (--format text takes any file as an article)")
    return found[0]
