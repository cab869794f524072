"""Zones: stretches of an article that are not its prose. Never cut, so offsets stay."""

from enum import StrEnum

from annotator.domain.frozen import frozen
from annotator.domain.text import Span


class ZoneKind(StrEnum):
    DEBRIS = "debris"
    CREDIT = "credit"
    UPDATE = "update"
    HEADLINE = "headline"
    OTHER = "other"


@frozen
class Zone:
    """A zone. `id` is a ULID when a person marked it, `found:start:end` when a rule found it."""

    span: Span
    kind: ZoneKind
    id: str = ""
