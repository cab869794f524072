"""What each format carries: the table of the help, of `annotator formats` and of the dialogs."""

from annotator.domain.frozen import frozen
from annotator.formats.carrying import WORDS, Feature
from annotator.formats.contract import Format, Option
from annotator.formats.registry import all_formats, broken_plugins

# The columns of the table, and what a format must give back to have a whole one.
COLUMNS: dict[str, frozenset[Feature]] = {
    "Text": frozenset({Feature.TEXT}),
    "Facts": frozenset({Feature.TITLE, Feature.FACTS, Feature.META}),
    "Entities": frozenset({Feature.ENTITIES}),
    "In each other": frozenset({Feature.NESTED, Feature.OVERLAPPING, Feature.STACKED}),
    "Any borders": frozenset({Feature.BORDERS}),
    "Stances": frozenset({Feature.STANCES, Feature.PARTS}),
    "Names": frozenset({Feature.NAMES}),
    "Notes": frozenset({Feature.NOTES, Feature.REMARKS}),
    "Scores": frozenset({Feature.SCORES}),
    "Decisions": frozenset({Feature.DECISIONS, Feature.RULINGS, Feature.REJECTED}),
    "Zones": frozenset({Feature.ZONES}),
    "Who, when": frozenset({Feature.ANNOTATOR, Feature.PIPELINE, Feature.STATUS, Feature.TIMES}),
    "No marks": frozenset({Feature.UNMARKED}),
}


@frozen
class FormatRow:
    """One format: whether it is read and written, and what a written file gives back."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    reads: bool
    writes: bool
    carries: frozenset[Feature]
    reading_options: tuple[Option, ...]
    writing_options: tuple[Option, ...]
    extra: str

    @classmethod
    def of(cls, format_: Format) -> "FormatRow":
        return cls(
            format_.name,
            format_.title,
            format_.suffixes,
            format_.reads,
            format_.writes,
            format_.carries if format_.writes else frozenset(),
            format_.reading_options,
            format_.writing_options,
            format_.extra,
        )

    @property
    def ways(self) -> str:
        """`read and written`, or one of both."""
        return " and ".join(word for word, does in (("read", self.reads), ("written", self.writes)) if does)

    def cells(self) -> tuple[str, ...]:
        """`yes`, `some` or `–` for each of COLUMNS; nothing for a format that is only read."""
        if not self.writes:
            return ("",) * len(COLUMNS)
        kept = [len(features & self.carries) / len(features) for features in COLUMNS.values()]
        return tuple("yes" if share == 1 else "some" if share else "–" for share in kept)

    def to_dict(self) -> dict[str, object]:
        """As `--json` prints it."""
        return {
            "name": self.name,
            "title": self.title,
            "suffixes": list(self.suffixes),
            "reads": self.reads,
            "writes": self.writes,
            "carries": [feature.value for feature in Feature if feature in self.carries],
            "options": {
                "import": {option.name: option.help for option in self.reading_options},
                "export": {option.name: option.help for option in self.writing_options},
            },
            "extra": self.extra,
        }

    def lines(self) -> list[str]:
        """For people."""
        endings = f" ({', '.join(self.suffixes)})" if self.suffixes else ""
        said = [f"{self.name}: {self.title}{endings}, {self.ways}"]
        lacks = [WORDS[feature] for feature in Feature if feature not in self.carries]
        if self.writes:
            said.append(f"    does not carry {', '.join(lacks)}" if lacks else "    carries everything")
        for verb, options in (("import", self.reading_options), ("export", self.writing_options)):
            for option in options:
                values = "|".join(option.choices) or "..."
                said.append(f"    {verb} --option {option.name}={values}: {option.help}")
        if self.extra:
            said.append(f"    needs: pip install 'annotator[{self.extra}]'")
        return said


def format_rows() -> list[FormatRow]:
    """All formats by name."""
    return sorted(map(FormatRow.of, all_formats()), key=lambda row: row.name)


def unloaded() -> tuple[str, ...]:
    """What is wrong with formats of other packages that cannot be loaded."""
    return broken_plugins()
