"""An article of 600 words with 40 suggestions, some of them wrong, and what a careful reader makes of it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.domain.label_file import parse_label_set
from annotator.domain.marks import Mark, Part, Stance
from annotator.domain.text import Span
from annotator.places import resource
from annotator.services.importing import import_files
from annotator.services.suggesting import Suggesting
from annotator.storage.project import Project
from annotator.suggest.client import Answer, Proposal

_DATA = Path(__file__).parent / "data"
TEXT = (_DATA / "tidal-gate.txt").read_text("utf-8")


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """A mark as a person would tell it; holder and target are "" for an entity."""

    span: Span
    label: str
    words: str
    holder: str = ""
    target: str = ""


def said(mark: Mark) -> Said:
    words = mark.span.of(TEXT)
    if not isinstance(mark, Stance):
        return Said(mark.span, mark.label, words)
    holder, target = (part.span.of(TEXT) if part else "" for part in (mark.holder, mark.target))
    return Said(mark.span, mark.label, words, holder, target)


def make_project(path: Path) -> None:
    """A project of this article and a short one after it, with the suggestions for this one."""
    after = path.with_name("z-after.txt")
    after.write_bytes(b"A notice\n\nThe ferry is late.\n")
    labels = parse_label_set(resource("labels", "news.toml").read_text("utf-8"))
    with Project.create(path, labels) as project:
        import_files(project, [_DATA / "tidal-gate.txt", after])
        (article_id,) = project.db.execute("SELECT id FROM article WHERE text=?", (TEXT,)).fetchone()
        Suggesting(project).store(Answer(article_id, "test", "1", tuple(map(_proposal, _suggested()))))


def wanted() -> list[Said]:
    """The marks that should stand in the end, in reading order."""
    rows = []
    for row, span in _suggested():
        right = row.get("right")
        if right is None:
            rows.append((row, span))
        elif right:
            label, _, words = right.partition(" ")
            start = TEXT.index(words, max(0, span.start - len(words)))
            rows.append((row | {"label": label}, Span(start, start + len(words))))
    rows += [(row, _find(row["words"])) for row in _rows("missing")]
    return sorted(_said(row, span) for row, span in rows)


def _rows(name: str) -> list[dict[str, Any]]:
    return tomllib.loads((_DATA / "tidal-gate.toml").read_text("utf-8"))[name]


def _suggested() -> list[tuple[dict[str, Any], Span]]:
    """The suggestions with their places: each stands at or after the one before it."""
    found = []
    at = 0
    for row in _rows("suggested"):
        span = _find(row["words"], at)
        found.append((row, span))
        at = span.start + 1
    return found


def _find(words: str, at: int = 0) -> Span:
    start = TEXT.index(words, at)
    return Span(start, start + len(words))


def _said(row: dict[str, Any], span: Span) -> Said:
    return Said(span, row["label"], span.of(TEXT), row.get("holder", ""), row.get("target", ""))


def _proposal(placed: tuple[dict[str, Any], Span]) -> Proposal:
    row, span = placed
    kind = "stance" if "holder" in row else "entity"
    parts = {name: _part(row, name, span) for name in ("holder", "target") if name in row}
    return Proposal(kind, row["label"], span, row["score"], **parts)


def _part(row: dict[str, Any], name: str, evidence: Span) -> Part:
    """A holder stands before the evidence in its paragraph, a target in it."""
    start = evidence.start if name == "target" else TEXT.rindex("\n", 0, evidence.start)
    return Part(_find(row[name], start))
