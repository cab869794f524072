"""How counts, dates, keys and marks are said on screen."""

import datetime
from collections.abc import Sequence

from annotator.domain.directions import isolated
from annotator.domain.labels import Label
from annotator.domain.marks import Part, Shown, Source
from annotator.domain.text import Span
from annotator.services.wording import counted
from annotator.storage.queries import QueueRow

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_ENDS = 4_000  # code points of either end of a span of which the words are looked for
_SOURCES = {Source.ACCEPTED: "accepted", Source.EDITED: "edited", Source.ADDED: "added by you"}


def titled(label: Label) -> str:
    """`GPE · Country, city, state`; the name alone where the title only repeats it."""
    same = label.title.casefold() == label.name.casefold()
    return label.name if same else f"{label.name} · {label.title}"


def date(published: str | None) -> str:
    """`10 Mar 2022` of an ISO date or time; any other text as it is; "" for None."""
    if not published:
        return ""
    try:
        day = datetime.date.fromisoformat(published[:10])
    except ValueError:
        return published
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def about(row: QueueRow) -> str:
    """Source, date and length of an article, as far as they are known."""
    parts = (isolated(row.source or ""), date(row.published), counted(row.words, "word"))
    return " · ".join(part for part in parts if part)


def quoted(text: str, span: Span, longest: int = 60) -> str:
    """The words of a span on one line; if they are long, whole words are left out in the middle."""
    words = ""
    if len(span) > 2 * _ENDS:
        ends = f"{text[span.start : span.start + _ENDS]} {text[span.end - _ENDS : span.end]}"
        words = " ".join(ends.split())
    if len(words) <= 2 * longest:  # a short span, or one that is nearly all white space
        words = " ".join(span.of(text).split())
    if len(words) <= longest:
        return words
    first, last = words[: longest * 2 // 3], words[-(longest // 3) :]
    # A cut inside a word takes the rest of it, unless it is all there is (no spaces, or one huge word).
    first = first.rpartition(" ")[0] or first
    last = last.partition(" ")[2] or last
    return f"{first} … {last}"


def part_said(text: str, part: Part | None) -> str:
    """A holder or target with its name: `Kuleba · Dmytro Kuleba`."""
    if part is None:
        return "—"
    words = quoted(text, part.span)
    return f"{isolated(words)} · {isolated(part.name)}" if part.name else words


def origin(shown: Shown) -> str:
    """Where a mark is from: `suggested .83, accepted`, `added by you`."""
    provenance = shown.provenance
    suggested = ""
    if provenance is not None:
        score = "" if provenance.score is None else f" {scored(provenance.score)}"
        suggested = f"suggested{score}"
    if shown.source is None:
        return suggested or "suggested"
    said = _SOURCES[shown.source]
    return f"{suggested}, {said}" if suggested else said


def scored(score: float) -> str:
    """A score without its leading zero: `.83`, `1.00`."""
    return f"{score:.2f}".removeprefix("0")


def score_of(text: str) -> float | None:
    """The score a person typed; None for anything but a number from 0 to 1."""
    try:
        score = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return score if 0 <= score <= 1 else None


def clock(unix_ms: int) -> str:
    """The time of day, in local time."""
    return datetime.datetime.fromtimestamp(unix_ms / 1000).strftime("%H:%M:%S")


def listed(names: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`, with another word for the last join if one is given."""
    if len(names) < 2:
        return "".join(names)
    *first, end = map(isolated, names)
    return f"{', '.join(first)} {last} {end}"
