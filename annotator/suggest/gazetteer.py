"""The gazetteer: names whose kind is a fact, and the words that tell places, buildings and titles."""

import re
from collections.abc import Iterable, Mapping

from annotator.domain.frozen import frozen


def _names(table: str) -> Iterable[str]:
    return (name for part in re.split(r"[,\n]", table) if (name := part.strip()))


@frozen
class Gazetteer:
    """What each name is, whatever its sentence says.

    `kinds` maps a name to GPE, LOC, NORP, ORG or EVENT; `unsure` are those of its names that are as often
    something else, good to tell kinds of places apart but not to find a name with.
    """

    kinds: Mapping[str, str]
    unsure: frozenset[str]
    landform_words: frozenset[str]
    building_words: frozenset[str]
    titles: frozenset[str]

    @classmethod
    def from_tables(cls, tables: Mapping[str, str]) -> "Gazetteer":
        """The gazetteer of comma-separated tables; a line of `countries` is names / people / cities."""
        kinds: dict[str, str] = {}
        for line in tables["countries"].strip().splitlines():
            countries, people, cities = line.split("/")
            kinds.update(dict.fromkeys(_names(countries), "GPE"))
            kinds.update(dict.fromkeys(_names(cities), "GPE"))
            kinds.update(dict.fromkeys(_names(people), "NORP"))
        for table, kind in (
            ("peoples", "NORP"),
            ("regions", "LOC"),
            ("organisations", "ORG"),
            ("events", "EVENT"),
        ):
            kinds.update(dict.fromkeys(_names(tables[table]), kind))
        return cls(
            kinds=kinds,
            unsure=frozenset(_names(tables["unsure"])),
            landform_words=frozenset(_names(tables["landform_words"])),
            building_words=frozenset(_names(tables["building_words"])),
            titles=frozenset(_names(tables["titles"])),
        )

    def certain(self, name: str) -> str | None:
        """The kind of a name that is hardly ever anything else, or None."""
        return None if name in self.unsure else self.kinds.get(name)

    def place_kind(self, name: str) -> str:
        """GPE, LOC or FAC for a name already known to be a place (NORP if it names its people)."""
        name = name.removeprefix("the ").removeprefix("The ")
        known = self.kinds.get(name)
        if known in ("GPE", "LOC", "NORP"):
            return known
        words = name.split()
        if words[-1] in self.building_words:
            return "FAC"
        if words[-1] in self.landform_words or words[0] in ("Mount", "Lake", "Cape", "Gulf"):
            return "LOC"
        return "GPE"

    def without_titles(self, words: list[str]) -> int:
        """Where the name begins among the words of a titled person: behind the last title before a name."""
        return max((i + 1 for i, word in enumerate(words[:-1]) if word in self.titles), default=0)
