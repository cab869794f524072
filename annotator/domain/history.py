"""What was done on an article, gesture by gesture."""

from collections.abc import Iterable

from annotator.domain.frozen import frozen


@frozen
class Entry:
    """One gesture of the log. `at` is unix ms; `undoes` is the gesture that an undo or a redo took back."""

    id: str
    at: int
    who: str
    kind: str
    summary: str
    undoes: str | None
    own: bool

    @property
    def said(self) -> str:
        """The gesture in words: `reject PERSON “Lavrov”`, `undo reject PERSON “Lavrov”`."""
        return f"{self.kind} {self.summary}" if self.undoes else self.summary


def taken_back(entries: Iterable[Entry]) -> set[str]:
    """The ids of those gestures that do not stand: undone, and not redone since. Newest first, as listed."""
    gone: set[str] = set()
    for entry in entries:
        if entry.undoes is not None and entry.id not in gone:
            gone.add(entry.undoes)
    return gone
