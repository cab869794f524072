"""The rules that find zones: what templates leave behind, credits, notices of updates, repeated headlines."""

import re

from annotator.domain.text import Span, trimmed
from annotator.domain.zones import Zone, ZoneKind

# The rest of a line, and no more of a block that is never closed than a template would hold.
_REST = r"[^\n\r\u2028\u2029\x0b\x0c\x85]*"
_BLOCK = r"[^\0]{0,20000}?"
# Without one of these there is no debris inside the text, and the slow search is spared.
_SIGNS = ("<", "!--", "[", "dataLayer", "gtag(", "googletag.")
# What templates leave behind: comment tails, script calls, tags, unfilled placeholders.
_DEBRIS = re.compile(
    r"(?=[<!{\[wgfWGF])(?:"  # spares most positions the alternatives
    rf"<?!--(?:(?!-->){_REST[:-1]})*(?:-->)?"
    rf"|<(script|style|iframe|noscript)\b(?:{_BLOCK}</\1\s*>|{_REST})"
    r"|</?(?:div|span|p|br|img|a|figure|figcaption|section|script|style|iframe|noscript|ul|li|em|strong)\b"
    r"[^<>\n]{0,300}/?>"
    rf"|\bwindow\.dataLayer\b{_REST}|\bgtag\({_REST}|\bgoogletag\.{_REST}|\bfunction\s*\(\)\s*\{{{_REST}"
    r"|\{\{[^{}\n]{0,200}\}\}|\[(?:advertisement|embedded content)\])",
    re.IGNORECASE,
)
_DEBRIS_LINE = re.compile(
    r"(?:advertisement|story continues below(?: advertisement)?|skip to (?:main )?content"
    r"|sign up for our newsletter|share this(?: article| story)?|read more:?|click here\b[^.!?,]{0,60}"
    r"|subscribe(?: now| to read more)?)[ \t.]*",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:(?:image|photo|picture|video|graphic|illustration)s?\s*(?:source|credit|courtesy)?\s*"
    r"(?:[:|/]|\bby\b|\bcourtesy(?: of)?\b)"
    r"|(?:source|credit|photograph|photographer)\s*:|©|\(c\)|copyright\s*(?:©|\(c\)|:|(?=\d{4}|(?-i:[A-Z]))))"
    r"\s*(\S.{0,80})"
    r"|[^.!?]{2,60}/(?:getty images|reuters|afp|ap|ap photo|shutterstock|epa)\s*",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_WHEN = (
    rf"(?:(?:on|at)\s+)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|{_MONTH}\s+\d|\d{{1,2}}\s+{_MONTH}"
    r"|\d{1,4}[/.:-]\d|\d{1,2}\s*[ap]\.?m\b|\d{1,2}\s*:)"
)
_UPDATE = re.compile(
    rf"\W{{0,2}}(?:updated?|correction|corrected|editor[’']s note|last updated|clarification)\b"
    rf"\s*(?:[:—–]|[(\[,]?\s*{_WHEN}).*"
    r"|(?:this (?:article|story|post|report|piece) (?:has been|was|is being)"
    r"|an earlier version of this (?:article|story|post|report|piece)\b.{0,60}?)"
    r"\s*(?:updated|corrected|amended|edited|misstated|said|stated|misidentified)\b.*",
    re.IGNORECASE,
)
_NOTICES = frozenset("uceltaUCELTA")  # the first letters of all that `_UPDATE` matches
_ORDINARY = re.compile(r"[\W_]+")
_LONGEST_CREDIT = 130
_LONGEST_UPDATE = 300
# A shorter headline ("Opinion") may well stand in the text again as prose.
_SHORTEST_HEADLINE = 12


def find_zones(text: str) -> list[Zone]:
    """The zones of a text in order, never overlapping: debris anywhere, the rest as whole paragraphs."""
    debris = debris_of(text)
    found = [(span, ZoneKind.DEBRIS) for span in debris]
    headline = ""
    longest = passed = end = 0
    # Splits at a few more characters than `paragraphs`, which no zone holds.
    for whole in text.splitlines(keepends=True):
        start, end = end, end + len(whole)
        while passed < len(debris) and debris[passed].end <= start:
            passed += 1
        if passed < len(debris) and debris[passed].start < end:
            continue
        line = whole.strip().removeprefix("\ufeff").lstrip()
        if not headline:
            headline, longest = _plain(line), 2 * len(line)
            continue
        if not line or _is_plain_prose(line, headline):
            continue
        kind = kind_of_line(line)
        if kind is None and len(line) <= longest and _repeats(line, headline):
            kind = ZoneKind.HEADLINE
        if kind is not None and (span := trimmed(text, start, end)):
            found.append((span, kind))
    found.sort()
    return [Zone(span, kind, f"found:{span.start}:{span.end}") for span, kind in found]


def _is_plain_prose(line: str, headline: str) -> bool:
    """Whether a line is too long for a credit and begins like neither notice nor headline: most lines do."""
    first = line[0]
    return (
        len(line) >= _LONGEST_CREDIT
        and first.isalpha()
        and first not in _NOTICES
        and first.casefold()[:1] != headline[:1]
    )


def kind_of_line(line: str) -> ZoneKind | None:
    """What a line standing alone is by its own words; None for prose. `line` has no white space around it."""
    if len(line) < _LONGEST_UPDATE and _UPDATE.fullmatch(line):
        return ZoneKind.UPDATE
    if len(line) >= _LONGEST_CREDIT:
        return None
    if _DEBRIS_LINE.fullmatch(line):
        return ZoneKind.DEBRIS
    credit = _CREDIT.fullmatch(line)
    return ZoneKind.CREDIT if credit and not _reads_as_caption(credit[1] or "") else None


def debris_of(text: str) -> list[Span]:
    """What templates left behind anywhere in a text, in order."""
    signs = [text.find(sign) for sign in _SIGNS if sign in text]
    if "{" in text:  # the end of a sign that may begin anywhere before
        signs.append(0)
    if not signs:
        return []
    matches = _DEBRIS.finditer(text, max(0, min(signs) - len("window.")))
    spans = (trimmed(text, *match.span()) for match in matches)
    return [span for span in spans if span is not None]


def _repeats(line: str, headline: str) -> bool:
    """Whether a line says the headline, given in plain words, again."""
    if len(headline) <= _SHORTEST_HEADLINE:
        return False
    # Most lines begin otherwise, which costs a twentieth of looking at all their words.
    if line[0].isalnum() and not headline.startswith(line[0].casefold()):
        return False
    return _plain(line) == headline


def _plain(line: str) -> str:
    """The words of a line whatever its punctuation and capitals."""
    return _ORDINARY.sub(" ", line).casefold().strip()


def _reads_as_caption(credited: str) -> bool:
    """Whether what follows "Photo:" is a sentence, not names: captions are text."""
    words = credited.split()
    return len(words) > 4 and 2 * sum(word[0].islower() for word in words) >= len(words)
