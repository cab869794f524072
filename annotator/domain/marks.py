"""Marks: entities and stances, and the gold or provenance facts a mark carries."""

from enum import StrEnum
from typing import Literal

from annotator.domain.frozen import frozen
from annotator.domain.text import Span


class Source(StrEnum):
    """How a person's mark came to be."""

    ACCEPTED = "accepted"
    EDITED = "edited"
    ADDED = "added"


@frozen
class Part:
    """Holder or target of a stance: where it stands, and the canonical name if one is known."""

    span: Span
    name: str | None = None


@frozen
class Entity:
    """A span with an entity label. `id` is a ULID, or `run:n` while it is a suggestion."""

    id: str
    span: Span
    label: str
    name: str | None = None


@frozen
class Stance:
    """Evidence span, polarity, holder, target. `id` as in Entity; holder or target may be absent."""

    id: str
    span: Span
    label: str
    holder: Part | None = None
    target: Part | None = None


Mark = Entity | Stance


@frozen
class Provenance:
    """Which pipeline proposed a mark, and how sure it was (0 to 1, None if it does not say)."""

    pipeline: str
    version: str
    score: float | None


@frozen
class Shown:
    """A mark as the window shows it: a person's own (`source` set), or a suggestion not decided yet."""

    mark: Mark
    source: Source | None = None
    provenance: Provenance | None = None
    note: str | None = None

    @property
    def id(self) -> str:
        return self.mark.id

    @property
    def kind(self) -> Literal["entity", "stance"]:
        return "entity" if isinstance(self.mark, Entity) else "stance"

    @property
    def suggested(self) -> bool:
        return self.source is None

    @property
    def score(self) -> float | None:
        return self.provenance.score if self.provenance else None
