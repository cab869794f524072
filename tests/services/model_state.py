"""The state of labelling as plain Python values: marks, decisions, zones, labels, names; suggestions."""

from dataclasses import dataclass, field, replace

from annotator.domain.articles import Status

Place = tuple[int, int]
PartSays = tuple[Place, str | None]
SuggestionKey = tuple[int, int]


@dataclass(frozen=True)
class Says:
    """What a mark says; `label` of a stance is its polarity."""

    kind: str
    place: Place
    label: str
    name: str | None = None
    holder: PartSays | None = None
    target: PartSays | None = None

    def like(self, other: "Says") -> bool:
        """The same but for names."""
        return self.nameless() == other.nameless()

    def nameless(self) -> tuple[object, ...]:
        parts = (part and part[0] for part in (self.holder, self.target))
        return self.kind, self.place, self.label, *parts


@dataclass(frozen=True)
class Decision:
    verdict: str
    mark: int | None
    ms: int
    order: int


LabelKey = tuple[str, str]  # `entity` or `stance`, and a name


@dataclass(frozen=True)
class Labels:
    """The label set: to what label each name belongs that one ever had, and which are not offered."""

    called: dict[LabelKey, str]
    retired: frozenset[LabelKey] = frozenset()
    split: dict[LabelKey, tuple[str, ...]] = field(default_factory=dict)

    def now(self, kind: str, label: str) -> str:
        return self.called.get((kind, label), label)

    def hides(self, kind: str, label: str) -> bool:
        """Whether suggestions of a label are not shown."""
        return (kind, self.now(kind, label)) in self.retired

    def told(self, says: Says) -> Says:
        """What a suggestion says, under the name its label has now."""
        if self.hides(says.kind, says.label):
            return says
        return replace(says, label=self.now(says.kind, says.label))

    def names(self, kind: str) -> list[str]:
        """The labels of a kind, offered or not."""
        return sorted({label for (of, _), label in self.called.items() if of == kind})

    def offered(self, kind: str) -> list[str]:
        return [name for name in self.names(kind) if (kind, name) not in {*self.retired, *self.split}]

    def merged(self, kind: str, label: str, into: str) -> "Labels":
        """One label becomes another, or gets a name that none had."""
        called = {key: into if (key[0], now) == (kind, label) else now for key, now in self.called.items()}
        split = {
            key: tuple(dict.fromkeys(into if part == label else part for part in parts))
            for key, parts in self.split.items()
            if key != (kind, label)
        }
        return Labels(called | {(kind, into): into}, self.retired - {(kind, label)}, split)

    def retiring(self, kind: str, label: str) -> "Labels":
        return replace(self, retired=self.retired | {(kind, label)})

    def splitting(self, kind: str, label: str, parts: tuple[str, ...]) -> "Labels":
        return replace(self, split=self.split | {(kind, label): parts})

    def back(self, kind: str, label: str) -> "Labels":
        split = {key: parts for key, parts in self.split.items() if key != (kind, label)}
        return replace(self, retired=self.retired - {(kind, label)}, split=split)


@dataclass(frozen=True)
class State:
    """One annotator's work on one article; marks by number, decisions by (run, n).

    `labels`, the same for everybody, and `names`, what the annotator calls names that are suggested, belong
    to all articles alike.
    """

    marks: dict[int, tuple[Says, str | None]] = field(default_factory=dict)
    decisions: dict[SuggestionKey, Decision] = field(default_factory=dict)
    zones: frozenset[tuple[Place, str]] = frozenset()
    status: Status = Status.TODO
    remark: str | None = None
    count: int = 0
    labels: Labels = field(default_factory=lambda: Labels({}))
    names: dict[str, str] = field(default_factory=dict)

    def same(self, other: "State") -> bool:
        """Whether a window shows the same."""
        return replace(self, count=other.count) == other

    def source(self, number: int) -> str:
        led = [each for each in self.decisions.values() if each.mark == number]
        first = min(led, key=lambda each: each.order, default=None)
        return {None: "added", "accept": "accepted", "edit": "edited"}[first and first.verdict]


@dataclass
class Paper:
    """What all annotators share: the text, what the rules found, and the suggestions of each run in order."""

    text: str
    found: frozenset[tuple[Place, str]]
    runs: list[list[Says]] = field(default_factory=list)
    first_run: int = 101

    def suggestions(self, state: State) -> dict[SuggestionKey, Says]:
        """Every suggestion, under the names of now."""
        return {key: called(state.labels.told(says), state.names) for key, says in self._as_made().items()}

    def _as_made(self) -> dict[SuggestionKey, Says]:
        return {
            (self.first_run + run, n): says
            for run, marks in enumerate(self.runs)
            for n, says in enumerate(marks)
        }

    def open_suggestions(self, state: State) -> dict[SuggestionKey, Says]:
        every, made = self.suggestions(state), self._as_made()
        settled = [every[key] for key in state.decisions] + [says for says, _ in state.marks.values()]
        newest = self.first_run + len(self.runs) - 1
        return {
            key: says
            for key, says in every.items()
            if key[0] == newest
            and not state.labels.hides(says.kind, made[key].label)
            and not any(says.like(other) for other in settled)
            and not any(overlap(says.place, zone) for zone, _ in state.zones)
        }


def called(says: Says, names: dict[str, str]) -> Says:
    """With other names in the place of some."""
    parts = {which: getattr(says, which) for which in ("holder", "target")}
    parts = {which: part and (part[0], names.get(part[1], part[1])) for which, part in parts.items()}
    return replace(says, name=names.get(says.name or "", says.name), **parts)


def overlap(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def covers(one: Place, other: Place) -> bool:
    return one[0] <= other[0] and other[1] <= one[1]


def trim(text: str, place: Place) -> Place | None:
    start, end = place
    if end > len(text) or not text[start:end].strip():
        return None
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return start, start + len(text[start:end].strip())
