"""Words as an uncased encoder sees them: the pieces of each word, and its casing apart."""

import unicodedata
from collections.abc import Sequence

CLASSIFY, SEPARATE, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
LONGEST = 6  # pieces of one word that are read; names and numbers have fewer
READ = 512  # characters of one word that are looked at; longer ones are debris
KEPT, KEPT_LENGTH = 100_000, 64  # words whose pieces are remembered, and characters of each at most
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "."})

SHAPES = 8


def shape(word: str) -> int:
    """Which of SHAPES kinds the casing of a word is."""
    if word.islower():
        return 0
    if word.isupper():
        return 1 if len(word) > 1 and word.isalpha() else 6 if len(word) > 1 else 7
    if word[:1].isupper():
        return 2 if word[1:].islower() else 4
    if any(character.isdigit() for character in word):
        return 3
    return 4 if any(character.isupper() for character in word) else 5


class WordPieces:
    """Cuts words into pieces of a vocabulary, the longest first (the WordPiece of BERT)."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._longest = max(map(len, self._ids))
        self._known: dict[str, tuple[int, ...]] = {}
        self.first = self._ids[CLASSIFY]
        self.border = self._ids[SEPARATE]

    def __call__(self, word: str) -> tuple[int, ...]:
        """One to LONGEST numbers of pieces."""
        found = self._known.get(word)
        if found is None:
            found = self._cut(word)[:LONGEST] or (self._ids[UNKNOWN],)
            if len(word) <= KEPT_LENGTH and len(self._known) < KEPT:
                self._known[word] = found
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        plain = unicodedata.normalize("NFD", word[:READ].translate(_PLAIN).lower())
        plain = "".join(character for character in plain if unicodedata.category(character) != "Mn")
        return tuple(number for part in _parts(plain) for number in self._part(part))

    def _part(self, part: str) -> list[int]:
        numbers = []
        start = 0
        while start < len(part):
            prefix = "##" if start else ""
            for end in range(min(len(part), start + self._longest), start, -1):
                number = self._ids.get(prefix + part[start:end])
                if number is not None:
                    break
            else:
                return [self._ids[UNKNOWN]]
            numbers.append(number)
            start = end
        return numbers


def _parts(word: str) -> list[str]:
    """The word cut around its punctuation and at ideographs, as the encoder was trained."""
    parts: list[str] = []
    glued = False
    for character in word:
        alone = not character.isalnum() or "\u4e00" <= character <= "\u9fff"
        if glued and not alone:
            parts[-1] += character
        else:
            parts.append(character)
        glued = not alone
    return parts
