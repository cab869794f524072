"""Zones: stretches of an article that are not its prose. Found by rule, never cut, so offsets stay."""

import re
from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.text import Span, paragraphs, trimmed


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


# What templates leave behind: comment tails, script calls, tags, unfilled placeholders.
_DEBRIS = re.compile(
    r"<?!--.*?(?:-->|$)"
    r"|<(?:script|style|iframe|noscript)\b.*?(?:</(?:script|style|iframe|noscript)>|$)"
    r"|</?(?:div|span|p|br|img|a|figure|figcaption|section|script|ul|li|em|strong)\b[^<>\n]{0,300}/?>"
    r"|\b(?:window\.dataLayer|gtag\(|googletag\.|function\s*\(\)\s*\{).*"
    r"|\{\{[^{}\n]{0,200}\}\}|\[(?:advertisement|embedded content)\]"
    r"|^[ \t]*(?:advertisement|story continues below(?: advertisement)?|skip to (?:main )?content"
    r"|sign up for our newsletter"
    r"|share this(?: article| story)?|read more:?|click here.*|subscribe(?: now| to read more)?)[ \t.]*$",
    re.IGNORECASE | re.MULTILINE,
)
_CREDIT = re.compile(
    r"(?:image|photo|picture|video|graphic|illustration)s?\s*(?:source|credit|courtesy|by)?\s*"
    r"(?:[:|/]|\bby\b|\bcourtesy\b)\s*\S.{0,80}"
    r"|(?:source|credit|photograph|photographer)\s*:\s*\S.{0,80}"
    r"|(?:©|\(c\)|copyright)\s*\S.{0,80}"
    r"|[^.!?\n]{2,60}/(?:getty images|reuters|afp|ap|ap photo|shutterstock|epa)\s*",
    re.IGNORECASE,
)
_UPDATE = re.compile(
    r"(?:update|updated|correction|corrected|editor[’']s note|last updated|clarification)\b\s*"
    r"(?:[:,(\[]|on\s|at\s|[\w,]*\s*\d).*",
    re.IGNORECASE,
)
_ORDINARY = re.compile(r"[\W_]+")


def find_zones(text: str) -> list[Zone]:
    """The zones of a text in order, never overlapping: debris anywhere, the rest as whole paragraphs."""
    found = [
        Zone(span, ZoneKind.DEBRIS)
        for match in _DEBRIS.finditer(text)
        if (span := trimmed(text, match.start(), match.end()))
    ]
    headline = ""
    for start, end in paragraphs(text):
        span = trimmed(text, start, end)
        if span is None or any(zone.span.overlaps(span) for zone in _near(found, span)):
            continue
        line = span.of(text).lstrip("\ufeff")
        plain = _ORDINARY.sub(" ", line).casefold().strip()
        if not headline:
            headline = plain
        elif plain == headline and len(plain) > 12:
            found.append(Zone(span, ZoneKind.HEADLINE))
        elif _UPDATE.fullmatch(line) and len(line) < 300:
            found.append(Zone(span, ZoneKind.UPDATE))
        elif _CREDIT.fullmatch(line):
            found.append(Zone(span, ZoneKind.CREDIT))
    found.sort(key=lambda zone: zone.span)
    return [Zone(zone.span, zone.kind, f"found:{zone.span.start}:{zone.span.end}") for zone in found]


def _near(found: list[Zone], span: Span) -> list[Zone]:
    """Debris zones that can touch a span; `found` holds few, so a plain scan does."""
    return [zone for zone in found if zone.kind is ZoneKind.DEBRIS and zone.span.end > span.start]
