"""Zones: stretches of an article that are not its prose. Never cut, so offsets stay."""

from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.text import Span


class ZoneKind(StrEnum):
    DEBRIS = "debris"
    CREDIT = "credit"
    UPDATE = "update"
    HEADLINE = "headline"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone. `id` is a ULID when a person marked it, `found:start:end` when a rule found it."""

    span: Span
    kind: ZoneKind
    id: str = ""
