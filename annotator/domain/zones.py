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


# What templates leave behind inside a line: comment tails, tags, script calls, unfilled placeholders.
_DEBRIS = re.compile(
    r"<?!--.*?(?:-->|$)"
    r"|<(?:script|style|iframe|noscript)\b.*?(?:</(?:script|style|iframe|noscript)>|$)"
    r"|</?(?:div|span|p|br|img|a|figure|figcaption|section|script|ul|li|em|strong)\b[^<>\n]{0,300}/?>"
    r"|(?:window\.dataLayer|gtag\(|googletag\.|function\s*\(\)\s*\{).*"
    r"|\{\{[^{}\n]{0,200}\}\}"
    r"|\[(?:advertisement|embedded content)\]",
    re.IGNORECASE | re.MULTILINE,
)
# Nearly every article lacks these, and looking for them is a hundred times cheaper than the rule.
_DEBRIS_SIGNS = ("!--", "<", "{", "gtag", "dataLayer", "[")
_LINE_DEBRIS = re.compile(
    r"(?:advertisement|story continues below(?: advertisement)?|skip to (?:main )?content"
    r"|sign up for our newsletter|share this(?: article| story)?|read more:?|click here.*"
    r"|subscribe(?: now| to read more)?)[ \t.]*",
    re.IGNORECASE,
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
_LONGEST_CREDIT = 140
_LONGEST_UPDATE = 300
_SHORTEST_HEADLINE = 13
_ORDINARY = re.compile(r"[\W_]+")


def find_zones(text: str) -> list[Zone]:
    """The zones of a text in order, never overlapping: debris anywhere, the rest as whole paragraphs."""
    found = _debris(text)
    next_debris = 0
    debris = len(found)
    headline: str | None = None
    for start, end in paragraphs(text):
        while next_debris < debris and found[next_debris].span.end <= start:
            next_debris += 1
        if end - start > _LONGEST_UPDATE and headline is not None:
            continue
        span = trimmed(text, start, end)
        if span is None or (next_debris < debris and found[next_debris].span.overlaps(span)):
            continue
        line = span.of(text).lstrip("\ufeff")
        if headline is None:
            headline = _plain(line)
        elif kind := _kind_of(line, headline):
            found.append(Zone(span, kind))
    found.sort(key=lambda zone: zone.span)
    return [Zone(zone.span, zone.kind, f"found:{zone.span.start}:{zone.span.end}") for zone in found]


def _debris(text: str) -> list[Zone]:
    if not any(sign in text for sign in _DEBRIS_SIGNS):
        return []
    spans = (trimmed(text, match.start(), match.end()) for match in _DEBRIS.finditer(text))
    return [Zone(span, ZoneKind.DEBRIS) for span in spans if span]


def _kind_of(line: str, headline: str) -> ZoneKind | None:
    """What a whole line is, None for prose."""
    if _UPDATE.fullmatch(line):
        return ZoneKind.UPDATE
    if len(line) > _LONGEST_CREDIT:
        return ZoneKind.HEADLINE if _plain(line) == headline else None
    if _CREDIT.fullmatch(line):
        return ZoneKind.CREDIT
    if _LINE_DEBRIS.fullmatch(line):
        return ZoneKind.DEBRIS
    plain = _plain(line)
    return ZoneKind.HEADLINE if plain == headline and len(plain) >= _SHORTEST_HEADLINE else None


def _plain(line: str) -> str:
    """The line for comparing headlines: letters and digits only, any case."""
    return _ORDINARY.sub(" ", line).casefold().strip()
