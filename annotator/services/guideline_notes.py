"""What leads noted for the guideline while they reviewed, as a list and as Markdown."""

from collections import defaultdict
from pathlib import Path

from annotator.domain.errors import FormatError
from annotator.storage.adjudications import GuidelineNote, guideline_notes
from annotator.storage.project import Project

_OTHER = "Without a label"


def notes_of(project: Project) -> list[GuidelineNote]:
    """All notes of all leads, by article and place."""
    return guideline_notes(project.db)


def as_markdown(notes: list[GuidelineNote], name: str) -> str:
    """The notes under the labels that they are about, each with the words that it is an example of."""
    by_label: defaultdict[str, list[GuidelineNote]] = defaultdict(list)
    for note in notes:
        by_label[" or ".join(note.labels) or _OTHER].append(note)
    parts = [f"# Notes on the guideline of {name}"]
    for labels in sorted(by_label):
        parts.append(f"## {labels}")
        parts += [
            f"- {' '.join(note.note.split())}\n  > {' '.join(note.words.split())}\n\n"
            f"  {' '.join(note.title.split())} ({note.lead})"
            for note in by_label[labels]
        ]
    return "\n\n".join(parts) + "\n"


def export_notes(project: Project, out: Path) -> int:
    """Writes the notes as Markdown and returns how many there are."""
    notes = notes_of(project)
    try:
        out.write_text(as_markdown(notes, project.path.stem), encoding="utf-8")
    except OSError as error:
        raise FormatError(f"{out} could not be written ({error.strerror}); choose another place.") from error
    return len(notes)
