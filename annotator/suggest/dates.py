"""What of a recogniser's dates is a calendar expression by the guideline, and its component."""

import re

from spacy.language import Language
from spacy.tokens import Doc, Span

_MONTH = (
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?|January|February|March|April|May|June|July|August|"
    r"September|October|November|December"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_UNIT = r"(?:second|minute|hour|day|night|week|month|quarter|year|decade|century|centurie)s?"
# What ties a length of time to the calendar.
_ANCHOR = re.compile(
    rf"\b(?:{_MONTH}|{_WEEKDAY})\b|\b(?:1\d|20)\d\d(?:s\b|\b(?![ -]{_UNIT}))|"
    r"(?i:\b(?:ago|last|past|next|coming|recent|this|these|that|those|earlier|later|previous|preceding|"
    r"following|same|current|latest|early|late|end|start|beginning|middle|today|yesterday|tomorrow|since|"
    r"before|after|mid)\b)|\b\d+(?:st|nd|rd|th)\b|\b(?:first|second|third|fourth)\b"
)
_LENGTH = re.compile(rf"\b{_UNIT}\b")
_RECURRENCE = re.compile(
    rf"(?i:^(?:every|each)\b|^(?:daily|nightly|weekly|monthly|quarterly|yearly|annual|annually|hourly)$)|"
    rf"^{_WEEKDAY}s$"
)
_CLOCK = re.compile(
    r"(?i:^(?:\d{1,2}(?::\d\d)?\s*(?:a\.?m\.?|p\.?m\.?|o['’]clock)|\d{1,2}:\d\d|\d{4} (?:UTC|GMT|hours)|"
    r"noon|midnight|dawn|dusk|tonight|(?:(?:the|this|early|late)\s+)?(?:morning|afternoon|evening|night|overnight))$)"
)
_NO_CALENDAR = frozenset({"now", "then", "currently", "recently", "soon", "once", "immediately"})
PARTS_OF_DAY = frozenset({"morning", "afternoon", "evening", "night"})
_DASHES = frozenset({"-", "–", "—"})
_RANGE_JOINTS = _DASHES | {"to", "through", "until", "till", "and", "or"}
_FIRST_OF_RANGE = re.compile(rf"(?:{_MONTH}|{_WEEKDAY}|\b\d{{1,4}})$")
_LAST_OF_RANGE = re.compile(
    rf"(?:(?:early|mid|late)[ -])?(?:{_WEEKDAY}|(?:{_MONTH})(?: \d{{1,2}})?|\d{{1,2}}(?: (?:{_MONTH}))?)"
    r"(?:,? \d{4})?|\d{4}s?"
)


def is_date(text: str) -> bool:
    """Whether it is a calendar expression: no length of time, clock time, part of the day or recurrence."""
    if _CLOCK.search(text) or _RECURRENCE.search(text) or text.lower() in _NO_CALENDAR:
        return False
    return bool(_ANCHOR.search(text)) or not _LENGTH.search(text)


@Language.component("entity_dates")
def entity_dates(doc: Doc) -> Doc:
    """Takes away dates that are none, parts of the day behind a date, and makes ranges two dates."""
    if any(entity.label_ == "DATE" for entity in doc.ents):
        doc.set_ents([part for entity in doc.ents for part in dates_in(entity)])
    return doc


def dates_in(entity: Span) -> list[Span]:
    """The entity itself if it is no DATE, else the dates in it."""
    if entity.label_ != "DATE":
        return [entity]
    return [part for each in _ends(entity) if is_date((part := _without_part_of_day(each)).text)]


def _ends(entity: Span) -> list[Span]:
    """Both ends of a range, each further member of an enumeration, or the whole that is none."""
    if sum(token.text in _DASHES for token in entity) > 1:  # 2005-07-12
        return [entity]
    for token in entity[1:-1]:
        if token.text in _RANGE_JOINTS:
            first, last = entity.doc[entity.start : token.i], entity.doc[token.i + 1 : entity.end]
            if _FIRST_OF_RANGE.search(first.text) and _LAST_OF_RANGE.fullmatch(last.text):
                return [_dated(first), _dated(last)]
    return [entity]


def _without_part_of_day(date: Span) -> Span:
    end = date.end
    while end - date.start > 1 and date.doc[end - 1].lower_ in PARTS_OF_DAY:
        end -= 1
    if end == date.end or not re.search(rf"(?:{_WEEKDAY}|\d)$", date.doc[date.start : end].text):
        return date
    return _dated(date.doc[date.start : end])


def _dated(span: Span) -> Span:
    return Span(span.doc, span.start, span.end, label="DATE")
