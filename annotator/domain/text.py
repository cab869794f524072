"""Article text: spans in code points, UTF-16 offsets, paragraphs, sentences, words, identity."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from annotator.domain.frozen import frozen

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n|[\n\r\u2028\u2029\x0b\x0c\x85]")
_NO_LINE_ENDS = "\x1c\x1d\x1e"  # str.splitlines takes them for line ends; they separate fields
# Marks that join the letter before them (accents, points, vowel signs, joiners): `\w` knows letters only.
_JOINED = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u0900-\u0963\u0971-\u0df3\u0e31-\u0e4e"
    r"\u0eb1-\u0ece\u0f71-\u0fbc\u102b-\u103e\u1056-\u1060\u17b4-\u17d3\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff"
    r"\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
)
# Compiled when first asked for: the window's start can do without.
# Abbreviations to which their last dot belongs: U.S., p.m., Inc.; none that is a word at a sentence's end.
_SHORT = (
    r"(?:(?:[^\W\d_]{1,2}\.){2,5}|(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Rev|Sen|Rep|Gov|Pres|St|Jr|Sr|Inc"
    r"|Corp|Ltd|Co|vs|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)(?!\w)"
)
_ENDS_SHORT = rf"(?<![\w{_JOINED}])(?<![\w{_JOINED}][.&]){_SHORT}\Z"
_LONGEST_SHORT = 15  # code points
_TOKEN = rf"(?:{_SHORT}|\w[\w{_JOINED}]*(?:(?:[.&]\w|(?<=\d),\d)[\w{_JOINED}]*)*)"
_WORD = rf"{_TOKEN}(?:[’'\-]{_TOKEN})*"
_LETTER = rf"[\w{_JOINED}]"
_JOINING = f"[{_JOINED}]"
_INNER = r"[.,&]"  # may stand within a token: U.S, 1,000 and AT&T
_UNSPACED = "[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
# A sentence ends at a mark with its closing quotes or brackets, before white space and the next opening.
_SENTENCE_END = r"(?:[.!?…]+[\"'”’»)\]]*)(?=\s+[\"'“‘«(\[]*[^\Wa-z_]|\s*\Z)|[。！？]+[」』”’]*"
_ABBREVIATION = (
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Rev|Sen|Rep|Gov|Pres|St|Jr|Sr|Inc|Corp|Ltd|Co|vs|No|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)|(?<![\w.])[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])\.\Z"
)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@frozen(order=True)
class Span:
    """`[start, end)` in code points of an article's text; never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The text the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Whether they share a code point; touching is not overlap."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


class Utf16Map:
    """Offsets of one text in code points and in UTF-16 units; O(length) to build, O(log astral) to ask."""

    __slots__ = ("_astral", "_high")

    def __init__(self, text: str) -> None:
        self._astral = [] if text.isascii() else [match.start() for match in _ASTRAL.finditer(text)]
        self._high = [at + before for before, at in enumerate(self._astral)]

    def to_utf16(self, offset: int) -> int:
        return offset + bisect_left(self._astral, offset)

    def to_code_points(self, offset: int) -> int:
        """The code point at a UTF-16 offset; inside a surrogate pair, the start of its character."""
        before = bisect_left(self._high, offset)
        if before and self._high[before - 1] + 1 == offset:
            return self._astral[before - 1]
        return offset - before


def sha256_of(text: str) -> bytes:
    """The identity of a text: sha256 of its UTF-8 bytes; lone surrogates count as themselves."""
    import hashlib  # late: it loads a library of cryptography, and a window can do without

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def id_of(sha256: bytes) -> int:
    """The first 63 bits of the digest: the same text has the same article id in every project."""
    return int.from_bytes(sha256[:8], "big") >> 1


def paragraphs(text: str) -> list[tuple[int, int]]:
    """`(start, end)` of every line without its line end, empty lines included; at least one."""
    if any(separator in text for separator in _NO_LINE_ENDS):
        return list(each_paragraph(text))
    # Several times faster, and an import asks it of every article.
    bounds = []
    start = 0
    for line, whole in zip(text.splitlines(), text.splitlines(keepends=True), strict=True):
        if len(line) == len(whole):
            break
        bounds.append((start, start + len(line)))
        start += len(whole)
    bounds.append((start, len(text)))
    return bounds


def each_paragraph(text: str) -> Iterator[tuple[int, int]]:
    """As `paragraphs`, for those who may stop early."""
    start = 0
    for match in _LINE_END.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def sentences(text: str, start: int, end: int) -> list[Span]:
    """The sentences of `text[start:end]` (one paragraph), without the white space around them."""
    cuts = [
        match.end()
        for match in _compiled(_SENTENCE_END).finditer(text, start, end)
        if not _compiled(_ABBREVIATION).search(text, max(start, match.end() - 12), match.end())
    ]
    if not cuts or cuts[-1] < end:
        cuts.append(end)
    found = []
    for cut in cuts:
        span = trimmed(text, start, cut)
        if span:
            found.append(span)
        start = cut
    return found


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends; None when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def token_edge(text: str, offset: int) -> bool:
    """Whether a token may start or end at an offset: not inside a word, a number or an abbreviation.

    Unlike a word, a token ends at a hyphen and an apostrophe (`Kyiv|-|based`, `Nair|’|s`). The last dot of
    an abbreviation belongs to it. Scripts without spaces have an edge at every character that joins nothing.
    """
    if not 0 < offset < len(text):
        return True
    before, after = text[offset - 1], text[offset]
    letter = _compiled(_LETTER)
    if _compiled(_JOINING).match(after):
        return False
    if letter.match(before) and letter.match(after):
        return bool(_compiled(_UNSPACED).match(before) or _compiled(_UNSPACED).match(after))
    if _compiled(_INNER).match(after):
        return not (_is_inner(text, offset) or _ends_abbreviation(text, offset))
    return not (_compiled(_INNER).match(before) and _is_inner(text, offset - 1))


def _is_inner(text: str, at: int) -> bool:
    """Whether a dot, comma or ampersand stands within a token: a comma only between digits."""
    if not 0 < at < len(text) - 1:
        return False
    letter = _compiled(r"\d" if text[at] == "," else _LETTER)
    return bool(letter.match(text, at - 1) and letter.match(text, at + 1))


def _ends_abbreviation(text: str, at: int) -> bool:
    return text[at] == "." and bool(_compiled(_ENDS_SHORT).search(text, max(0, at - _LONGEST_SHORT), at + 1))


def edge_from(text: str, offset: int, step: int) -> int:
    """The token edge at an offset, or the nearest after (1) or before (-1) it."""
    while not token_edge(text, offset):
        offset += step
    return offset


def snapped(text: str, span: Span) -> Span:
    """The span with every token of which it has a part."""
    return Span(edge_from(text, span.start, -1), edge_from(text, span.end, 1))


def paragraph_at(text: str, offset: int) -> tuple[int, int]:
    """`(start, end)` of the paragraph that holds an offset (its line end counts to it)."""
    if text[offset - 1 : offset + 1] == "\r\n":
        offset -= 1
    # Looked for in growing regions: an article may be one 10 MB text, and this is asked at every key.
    reach = 1_000
    while True:
        low = max(0, offset - reach)
        ends = [match.end() for match in _LINE_END.finditer(text, low, offset)]
        if ends or low == 0:
            break
        reach *= 8
    start = ends[-1] if ends else 0
    following = _LINE_END.search(text, offset)
    return start, following.start() if following else len(text)


def sentence_at(text: str, offset: int, within: tuple[int, int] | None = None) -> Span | None:
    """The sentence at an offset, sought in its paragraph or the part `within`; None if that is blank."""
    found = sentences(text, *(within or paragraph_at(text, offset)))
    return next((span for span in found if offset < span.end), found[-1] if found else None)


def word_at(text: str, offset: int, within: tuple[int, int] | None = None) -> Span | None:
    """The word that holds an offset or ends at it: hyphens, apostrophes and inner dots are part of it.

    It is sought in the paragraph of the offset, or in the part `within`.
    """
    return _found_at(_WORD, text, offset, within)


def token_at(text: str, offset: int, within: tuple[int, int] | None = None) -> Span | None:
    """As `word_at`, of the tokens that hyphens and apostrophes join to words: `Kyiv` of `Kyiv-based`.

    Of scripts without spaces it is what the word is.
    """
    return _found_at(_TOKEN, text, offset, within)


def _found_at(pattern: str, text: str, offset: int, within: tuple[int, int] | None) -> Span | None:
    for match in _compiled(pattern).finditer(text, *(within or paragraph_at(text, offset))):
        if match.start() <= offset <= match.end():
            return Span(*match.span())
        if match.start() > offset:
            break
    return None


def words(text: str) -> list[Span]:
    """The words of a text in order, as `word_at` finds them."""
    return [Span(*match.span()) for match in _compiled(_WORD).finditer(text)]


def tokens(text: str) -> list[Span]:
    """The tokens of a text in order, as `token_at` finds them."""
    return [Span(*match.span()) for match in _compiled(_TOKEN).finditer(text)]


def word_count(text: str) -> int:
    """How many runs without white space there are: what the queue shows, and cheap on import."""
    return len(text.split())
