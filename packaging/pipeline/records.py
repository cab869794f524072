"""Labelled texts as they lie in the prepared folder, and their marks counted in words."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

Record = Mapping[str, Any]


def records(path: Path) -> list[Record]:
    """One JSON object a line: id, text, spans and stances in code points."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def words_between(doc: Doc, kept: Sequence[int], part: Mapping[str, int]) -> tuple[int, int]:
    """The words that lie in a stretch of code points, (0, 0) if none does."""
    inside = [
        n for n, i in enumerate(kept) if doc[i].idx < part["end"] and doc[i].idx + len(doc[i]) > part["start"]
    ]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)
