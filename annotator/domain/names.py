"""Canonical names: how often each is used, and finding those that a person begins to type."""

import unicodedata
from collections.abc import Iterable

from annotator.domain.frozen import frozen


@frozen
class NameUse:
    """A name with the label it has most often, and how many of one's marks and of the suggestions have it."""

    name: str
    label: str
    marks: int
    suggestions: int


@frozen
class NameRow:
    """A name on one's own marks: entities, holders and targets count one each; labels most frequent first.

    The label of a holder or target is `holder` or `target`.
    """

    name: str
    mentions: int
    articles: int
    labels: tuple[str, ...]


@frozen
class NamePlace:
    """An article that uses a name: how often, and the id of the first mark with it."""

    article_id: int
    title: str
    mentions: int
    mark_id: str


class NameIndex:
    """Names to type ahead from, in the order of their use."""

    def __init__(self, uses: Iterable[NameUse] = ()) -> None:
        self._uses = list(uses)
        self._folded = [folded(use.name) for use in self._uses]
        self._by_name: dict[str, NameUse] | None = None

    def __len__(self) -> int:
        return len(self._uses)

    def use_of(self, name: str) -> NameUse | None:
        """How exactly this name is used on marks; None if none has it."""
        if self._by_name is None:
            self._by_name = {use.name: use for use in self._uses if use.marks}
        return self._by_name.get(name)

    def find(self, typed: str, limit: int) -> list[NameUse]:
        """The most used names that hold what is typed, whatever its case and accents.

        First those that begin with it, then those of which a word does, then the rest. All for "".
        """
        wanted = folded(typed)
        if not wanted:
            return self._uses[:limit]
        inner = f" {wanted}"
        starting: list[NameUse] = []
        words: list[NameUse] = []
        holding: list[NameUse] = []
        for name, use in zip(self._folded, self._uses, strict=True):
            if wanted in name:
                if name.startswith(wanted):
                    starting.append(use)
                    if len(starting) == limit:
                        break
                elif len(words) == limit:
                    continue  # only names that begin with it come before these
                elif inner in name:
                    words.append(use)
                elif len(holding) < limit:
                    holding.append(use)
        return [*starting, *words, *holding][:limit]


def folded(text: str) -> str:
    """A text for comparing: no case, no accents, single blanks."""
    text = " ".join(text.split())
    if text.isascii():
        return text.lower()
    bare = (each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return "".join(bare).casefold()
