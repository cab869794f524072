"""Which part of a split an article is in: by its content and a seed, its near duplicates in the same."""

import hashlib
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from annotator.domain.articles import Article
from annotator.domain.errors import FormatError
from annotator.domain.frozen import frozen
from annotator.services.near_duplicates import Sketches

_PART = re.compile(r"([\w-]+)=(\d*\.?\d+)")
_EXAMPLE = "write it like train=.8,dev=.1,test=.1, with shares that add up to 1"
_TELL = 200  # articles between two words on progress


@frozen
class Split:
    """Names and upper bounds of the parts, the last bound above 1; one nameless part for no split.

    The same article is in the same part of every export with the same shares and seed.
    """

    parts: tuple[tuple[str, float], ...] = (("", 2.0),)
    seed: int = 0

    @classmethod
    def parsed(cls, typed: str | None, seed: int = 0) -> "Split":
        """Raises FormatError for what cannot be read or does not add up."""
        if typed is None:
            return cls()
        matches = [_PART.fullmatch(part.strip()) for part in typed.split(",")]
        shares = {match[1]: float(match[2]) for match in matches if match}
        if len(shares) < len(matches):
            raise FormatError(f"The split {typed!r} has a part that is unclear or twice; {_EXAMPLE}.")
        if abs(sum(shares.values()) - 1) > 1e-6:
            raise FormatError(f"The split {typed!r} adds up to {sum(shares.values()):g}; {_EXAMPLE}.")
        parts, bound = [], 0.0
        for name, share in shares.items():
            bound += share
            parts.append((name, bound))
        return cls((*parts[:-1], (parts[-1][0], 2.0)), seed)

    def __bool__(self) -> bool:
        return len(self.parts) > 1 or self.parts[0][0] != ""


@dataclass(slots=True)
class Splitter:
    """Tells the part of each article. `same` leads from an article that repeats another to that one."""

    split: Split
    same: dict[bytes, bytes] = field(default_factory=dict)

    def part_of(self, article: Article) -> int:
        if len(self.split.parts) == 1:
            return 0
        of = self.same.get(article.sha256, article.sha256)
        if self.split.seed:
            of = hashlib.blake2b(of, key=str(self.split.seed).encode()[:64]).digest()
        share = int.from_bytes(of[:8], "big") / 2**64
        return next(n for n, (_, bound) in enumerate(self.split.parts) if share < bound)


def near_duplicates(db: sqlite3.Connection, progress: Callable[[int], None]) -> dict[bytes, bytes]:
    """The sha256 of articles that nearly repeat another, each with that of the one its group goes by.

    That is the least sha256 of the group, so the order of import has no say. `progress` is told how many
    articles were looked at.
    """
    sketches, hashes = Sketches(), []
    for n, (sha256, text) in enumerate(db.execute("SELECT sha256,text FROM article ORDER BY position")):
        sketches.add(text)
        hashes.append(sha256)
        if n % _TELL == 0:
            progress(n)
    groups = sketches.groups()
    least: dict[int, bytes] = {}
    for sha256, group in zip(hashes, groups, strict=True):
        least[group] = min(least.get(group, sha256), sha256)
    return {
        sha256: least[group] for sha256, group in zip(hashes, groups, strict=True) if least[group] != sha256
    }
