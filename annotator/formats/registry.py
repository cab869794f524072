"""The formats there are, by name and by file."""

from pathlib import Path

from annotator.domain.errors import FormatError
from annotator.formats.contract import Format
from annotator.formats.jsonl import Jsonl
from annotator.formats.text import PlainText

_BEGINNING = 512  # bytes
_FORMATS: tuple[Format, ...] = (Jsonl(), PlainText())


def format_named(name: str) -> Format:
    """Raises FormatError that lists the names."""
    for format_ in _FORMATS:
        if format_.name == name:
            return format_
    names = ", ".join(format_.name for format_ in _FORMATS)
    raise FormatError(f"There is no format {name!r}; use one of {names}.")


def format_of(path: Path) -> Format:
    """The format of a file by its name, or else by its beginning: JSONL if that is an object, text if not.

    Raises OSError when it must be read and cannot be.
    """
    for format_ in _FORMATS:
        if path.suffix.lower() in format_.suffixes:
            return format_
    with path.open("rb") as file:
        begins = file.read(_BEGINNING).lstrip()
    return format_named("jsonl" if begins.startswith(b"{") else "text")


def suffixes() -> tuple[str, ...]:
    """Of the files that are taken from a folder."""
    return tuple(suffix for format_ in _FORMATS for suffix in format_.suffixes)
