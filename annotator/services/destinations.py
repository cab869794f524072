"""Files that a person asks to be written, and places that none may take."""

from pathlib import Path

from annotator.domain.errors import FormatError

_PROJECT = b"SQLite format 3\0"


def refuse_file(place: Path) -> None:
    """Raises FormatError for a place that no written file may take."""
    if place.is_dir():
        raise FormatError(f"{place} is a folder; give the name of a file.")
    if not place.parent.is_dir():
        raise FormatError(f"There is no folder {place.parent}; make it first.")
    if place.is_file() and place.stat().st_size:
        try:
            with place.open("rb") as file:
                begins = file.read(len(_PROJECT))
        except OSError as error:
            raise FormatError(
                f"{place} could not be written ({error.strerror}); nothing took its place. "
                "Check room and rights."
            ) from error
        if begins == _PROJECT:
            raise FormatError(f"{place} is a project or another database; export to another name.")


def refuse_folder(place: Path) -> None:
    """Raises FormatError for a place that a new folder cannot take."""
    if place.is_dir() and any(place.iterdir()):
        raise FormatError(f"{place} is not empty; give the name of a new folder.")
    if place.exists() and not place.is_dir():
        raise FormatError(f"{place} is a file; one file an article needs the name of a new folder.")
    if not place.parent.is_dir():
        raise FormatError(f"There is no folder {place.parent}; make it first.")
