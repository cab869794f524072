"""Labelling as plain Python values: what the machine test compares the project with.

Written from the rules, not from the code: a state is one immutable value, a gesture makes another or refuses
(None), undo goes back to the value before.
"""

import re
from collections.abc import Callable, Iterable
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


@dataclass(frozen=True)
class State:
    """One annotator's work on one article; marks by number, decisions by (run, n)."""

    marks: dict[int, tuple[Says, str | None]] = field(default_factory=dict)
    decisions: dict[SuggestionKey, Decision] = field(default_factory=dict)
    zones: frozenset[tuple[Place, str]] = frozenset()
    status: Status = Status.TODO
    remark: str | None = None
    count: int = 0

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

    def suggestions(self) -> dict[SuggestionKey, Says]:
        return {
            (self.first_run + run, n): says
            for run, marks in enumerate(self.runs)
            for n, says in enumerate(marks)
        }

    def open_suggestions(self, state: State) -> dict[SuggestionKey, Says]:
        every = self.suggestions()
        settled = [every[key] for key in state.decisions] + [says for says, _ in state.marks.values()]
        newest = self.first_run + len(self.runs) - 1
        return {
            key: says
            for key, says in every.items()
            if key[0] == newest
            and not any(says.like(other) for other in settled)
            and not any(overlap(says.place, zone) for zone, _ in state.zones)
        }


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


class Work:
    """A state being changed by one gesture."""

    def __init__(self, paper: Paper, state: State) -> None:
        self.paper = paper
        self.marks = dict(state.marks)
        self.decisions = dict(state.decisions)
        self.zones = set(state.zones)
        self.status = Status.DOING if state.status is Status.TODO else state.status
        self.remark = state.remark
        self.count = state.count

    def done(self) -> State:
        return State(self.marks, self.decisions, frozenset(self.zones), self.status, self.remark, self.count)

    def twin(self, says: Says, but: int | None = None) -> bool:
        return any(says.like(other) for number, (other, _) in self.marks.items() if number != but)

    def decide(self, key: SuggestionKey, verdict: str, mark: int | None, ms: int) -> None:
        self.count += 1
        self.decisions[key] = Decision(verdict, mark, ms, self.count)

    def write(self, says: Says, note: str | None, number: int | None = None, ms: int = 0) -> int:
        """A new own mark or a changed one, with every decision that follows from it."""
        if number is None:
            self.count += 1
            number = self.count
        self.marks[number] = (says, note)
        every = self.paper.suggestions()
        for key, decision in list(self.decisions.items()):
            if decision.mark == number:
                verdict = "accept" if every[key] == says else "edit"
                self.decisions[key] = replace(decision, verdict=verdict, ms=decision.ms + ms)
        return number

    def settle(self, number: int) -> None:
        says = self.marks[number][0]
        for key, other in self.paper.suggestions().items():
            if other.like(says):
                verdict = "accept" if other == says else "edit"
                if key not in self.decisions:
                    self.decide(key, verdict, number, 0)
                elif self.decisions[key].verdict == "reject":
                    self.decisions[key] = replace(self.decisions[key], verdict=verdict, mark=number)

    def take(self, key: SuggestionKey, says: Says, note: str | None, ms: int) -> None:
        number = self.write(says, note)
        suggested = self.paper.suggestions()[key]
        self.decide(key, "accept" if suggested == says else "edit", number, ms)
        self.settle(number)

    def delete(self, number: int) -> None:
        says, _ = self.marks.pop(number)
        for key, other in self.paper.suggestions().items():
            if key in self.decisions and self.decisions[key].mark == number:
                self.decisions[key] = replace(self.decisions[key], verdict="reject", mark=None)
            elif key not in self.decisions and other.like(says):
                self.decide(key, "reject", None, 0)

    def reject(self, key: SuggestionKey, ms: int) -> None:
        self.decide(key, "reject", None, ms)
        every = self.paper.suggestions()
        for other, says in every.items():
            if other not in self.decisions and says.like(every[key]):
                self.decide(other, "reject", None, 0)


Target = int | SuggestionKey


class Model:
    """The gestures: each gives the next state, or None if it is refused."""

    def __init__(self, paper: Paper, labels: dict[str, set[str]]) -> None:
        self.paper = paper
        self.labels = labels

    def says(self, state: State, target: Target) -> Says:
        return state.marks[target][0] if isinstance(target, int) else self.paper.suggestions()[target]

    def shown(self, state: State) -> list[Target]:
        """What can be pointed at, in a fixed order."""
        own: list[Target] = sorted(state.marks)
        return [*own, *sorted(self.paper.open_suggestions(state))]

    def known(self, says: Says) -> bool:
        return says.label in self.labels[says.kind]

    def accept(self, state: State, target: Target, ms: int) -> State | None:
        if isinstance(target, int) or not self.known(self.says(state, target)):
            return None
        work = Work(self.paper, state)
        work.take(target, self.says(state, target), None, ms)
        return work.done()

    def accept_all(self, state: State, targets: Iterable[Target]) -> State | None:
        chosen = [key for key in self._open(state, targets) if self.known(self.says(state, key))]
        work = Work(self.paper, state)
        for key in chosen:
            if not work.twin(self.says(state, key)):
                work.take(key, self.says(state, key), None, 0)
        return work.done() if chosen else None

    def reject_all(self, state: State, targets: Iterable[Target]) -> State | None:
        chosen = self._open(state, targets)
        work = Work(self.paper, state)
        for key in chosen:
            if key not in work.decisions:  # not rejected with one that says the same
                work.reject(key, 0)
        return work.done() if chosen else None

    def _open(self, state: State, targets: Iterable[Target]) -> list[SuggestionKey]:
        """The suggestions among them, in reading order."""
        keys = [key for key in targets if not isinstance(key, int)]
        return sorted(keys, key=lambda key: (self.says(state, key).place, f"{key[0]}:{key[1]}"))

    def reject(self, state: State, target: Target, ms: int) -> State:
        work = Work(self.paper, state)
        if isinstance(target, int):
            work.delete(target)
        else:
            work.reject(target, ms)
        return work.done()

    def add(self, state: State, says: Says) -> State | None:
        work = Work(self.paper, state)
        if not self.known(says) or work.twin(says):
            return None
        suggested = [key for key, each in self.paper.open_suggestions(state).items() if each.like(says)]
        if suggested:
            work.take(suggested[0], self.says(state, suggested[0]), None, 0)
        else:
            work.settle(work.write(says, None))
        return work.done()

    def change(
        self, state: State, target: Target, how: Callable[[Says], Says | None], ms: int = 0
    ) -> State | None:
        before = self.says(state, target)
        after = how(before)
        if after is None or after == before or not self.known(after):
            return None
        return self._write(
            state, target, after, state.marks[target][1] if isinstance(target, int) else None, ms
        )

    def annotate(self, state: State, target: Target, note: str | None) -> State | None:
        before = state.marks[target][1] if isinstance(target, int) else None
        if note == before or not self.known(self.says(state, target)):
            return None
        return self._write(state, target, self.says(state, target), note, 0)

    def _write(self, state: State, target: Target, says: Says, note: str | None, ms: int) -> State | None:
        work = Work(self.paper, state)
        own = target if isinstance(target, int) else None
        if work.twin(says, but=own):
            return None
        if isinstance(target, int):
            work.write(says, note, target, ms)
            work.settle(target)
        else:
            work.take(target, says, note, ms)
        return work.done()

    def label_equal(self, state: State, target: Target) -> State | None:
        says = self.says(state, target)
        if says.kind != "entity" or not self.known(says):
            return None
        suggested, text = self.paper.open_suggestions(state), self.paper.text
        entities = [each for each, _ in state.marks.values() if each.kind == "entity"]
        shown = entities + [each for each in suggested.values() if each.kind == "entity"]
        work, found = Work(self.paper, state), False
        if not isinstance(target, int):
            work.take(target, says, None, 0)
        for match in re.finditer(rf"(?<!\w){re.escape(text[slice(*says.place)])}(?!\w)", text):
            place, wanted = match.span(), replace(says, place=match.span())
            there = {
                key: each for key, each in suggested.items() if each.kind == "entity" and each.place == place
            }
            if (
                place == says.place
                or any(overlap(place, zone) for zone, _ in state.zones)
                or any(covers(each.place, place) and each.place != place for each in shown)
                or any(each.place == place for each in entities)
                or self._rejected(state, next((e for e in there.values() if e.like(wanted)), wanted))
            ):
                continue
            found = True
            same = [key for key, each in there.items() if each.like(wanted)]
            if same:
                work.take(same[0], there[same[0]], None, 0)
            elif there:
                work.take(min(there, key=lambda key: f"{key[0]}:{key[1]}"), wanted, None, 0)
            else:
                work.settle(work.write(wanted, None))
        return work.done() if found else None

    def _rejected(self, state: State, says: Says) -> bool:
        every = self.paper.suggestions()
        return any(
            decision.verdict == "reject" and every[key].like(says)
            for key, decision in state.decisions.items()
        )

    def mark_zone(self, state: State, place: Place | None, kind: str) -> State | None:
        if place is None or any(covers(zone, place) for zone, _ in state.zones):
            return None
        work = Work(self.paper, state)
        merged = {zone for zone in work.zones if overlap(zone[0], place)}
        places = [place, *(zone for zone, _ in merged)]
        work.zones -= merged
        work.zones.add(((min(start for start, _ in places), max(end for _, end in places)), kind))
        return work.done()

    def unmark_zone(self, state: State, zone: tuple[Place, str]) -> State:
        work = Work(self.paper, state)
        work.zones.remove(zone)
        return work.done()

    def set_status(self, state: State, status: Status) -> State | None:
        return None if state.status is status else replace(state, status=status)

    def set_remark(self, state: State, note: str | None) -> State | None:
        if note == state.remark:
            return None
        work = Work(self.paper, state)
        work.remark = note
        return work.done()

    def restore(self, state: State, then: State) -> State:
        """What a person did since then is gone; what they do next is new all the same."""
        return replace(then, count=max(state.count, then.count))

    def name_everywhere(self, state: State, target: Target, part: str, name: str | None) -> State | None:
        """The name on every mark of one's own that says the same words, and on the mark itself."""
        says = self.says(state, target)
        place = says.place if part == "entity" == says.kind else _part_place(says, part)
        if place is None:
            return None
        every = {number: each for number, (each, _) in state.marks.items()} | {target: says}
        labels: dict[Place, set[str]] = {}
        for each in every.values():
            if each.kind == "entity":
                labels.setdefault(each.place, set()).add(each.label)
        wanted = {says.label} if says.kind == "entity" else labels.get(place, set())
        words = self._words(place)

        def named(each: Says) -> Says:
            if each.kind == "entity":
                fits = self._words(each.place) == words and (not wanted or each.label in wanted)
                return replace(each, name=name) if fits else each
            for which in ("holder", "target"):
                at = _part_place(each, which)
                there = labels.get(at, wanted) if at else set()
                if at and self._words(at) == words and (not wanted or there & wanted):
                    each = replace(each, **{which: (at, name)})
            return each

        changed = {key: named(each) for key, each in every.items() if named(each) != each}
        if not changed or not all(map(self.known, changed.values())):
            return None
        work = Work(self.paper, state)
        for key, each in changed.items():
            if isinstance(key, int):
                work.write(each, state.marks[key][1], key)
                work.settle(key)
            else:
                work.take(key, each, None, 0)
        return work.done()

    def _words(self, place: Place) -> str:
        return " ".join(self.paper.text[slice(*place)].split()).casefold()

    def rename(self, state: State, name: str, to: str, *, begins: bool) -> State | None:
        """Another name wherever a mark has `name`; the article that the gesture tells of is begun by it."""
        changed = {key: _renamed(says, name, to) for key, (says, _) in state.marks.items()}
        changed = {key: says for key, says in changed.items() if says != state.marks[key][0]}
        if not changed:
            return None
        work = Work(self.paper, state)
        for number, says in changed.items():
            work.write(says, state.marks[number][1], number)
            work.settle(number)
        if not begins:
            work.status = state.status
        return work.done()


def _part_place(says: Says, part: str) -> Place | None:
    if says.kind == "entity" or part == "entity":
        return None
    found: PartSays | None = getattr(says, part)
    return found and found[0]


def _renamed(says: Says, name: str, to: str) -> Says:
    parts = {which: getattr(says, which) for which in ("holder", "target")}
    parts = {which: part and (part[0], to if part[1] == name else part[1]) for which, part in parts.items()}
    return replace(says, name=to if says.name == name else says.name, **parts)
