"""Labelling as plain Python values: what the machine test compares the project with.

Written from the rules, not from the code: a state is one immutable value, a gesture makes another or refuses
(None), undo goes back to the value before.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from annotator.domain.articles import Status
from tests.services.model_state import (
    Decision,
    Labels,
    Paper,
    PartSays,
    Place,
    Says,
    State,
    SuggestionKey,
    called,
    covers,
    overlap,
)


class Work:
    """A state being changed by one gesture."""

    def __init__(self, paper: Paper, state: State) -> None:
        self.before = state
        self.suggestions = paper.suggestions(state)
        self.marks = dict(state.marks)
        self.decisions = dict(state.decisions)
        self.zones = set(state.zones)
        self.status = Status.DOING if state.status is Status.TODO else state.status
        self.remark = state.remark
        self.count = state.count

    def done(self) -> State:
        return replace(
            self.before,
            marks=self.marks,
            decisions=self.decisions,
            zones=frozenset(self.zones),
            status=self.status,
            remark=self.remark,
            count=self.count,
        )

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
        for key, decision in list(self.decisions.items()):
            if decision.mark == number:
                verdict = "accept" if self.suggestions[key] == says else "edit"
                self.decisions[key] = replace(decision, verdict=verdict, ms=decision.ms + ms)
        return number

    def settle(self, number: int) -> None:
        says = self.marks[number][0]
        for key, other in self.suggestions.items():
            if other.like(says):
                verdict = "accept" if other == says else "edit"
                if key not in self.decisions:
                    self.decide(key, verdict, number, 0)
                elif self.decisions[key].verdict == "reject":
                    self.decisions[key] = replace(self.decisions[key], verdict=verdict, mark=number)

    def take(self, key: SuggestionKey, says: Says, note: str | None, ms: int) -> None:
        number = self.write(says, note)
        self.decide(key, "accept" if self.suggestions[key] == says else "edit", number, ms)
        self.settle(number)

    def delete(self, number: int) -> None:
        says, _ = self.marks.pop(number)
        for key, other in self.suggestions.items():
            if key in self.decisions and self.decisions[key].mark == number:
                self.decisions[key] = replace(self.decisions[key], verdict="reject", mark=None)
            elif key not in self.decisions and other.like(says):
                self.decide(key, "reject", None, 0)

    def drop(self, number: int) -> None:
        """Deletes a mark with its label; only what led to it is rejected."""
        del self.marks[number]
        for key, decision in self.decisions.items():
            if decision.mark == number:
                self.decisions[key] = replace(decision, verdict="reject", mark=None)

    def absorb(self, kept: int, twin: int) -> None:
        """One mark of two that say the same; it takes what it lacks, and the decisions on the other."""
        (says, note), (other, other_note) = self.marks[kept], self.marks.pop(twin)
        same = _names_of(says) == _names_of(other)
        parts = {
            which: mine and (mine[0], mine[1] or getattr(other, which)[1])
            for which in ("holder", "target")
            for mine in [getattr(says, which)]
        }
        notes = dict.fromkeys(each for each in (note, other_note) if each)
        self.marks[kept] = replace(says, name=says.name or other.name, **parts), "\n".join(notes) or None
        for key, decision in self.decisions.items():
            if decision.mark == twin:
                verdict = decision.verdict if same else "edit"
                self.decisions[key] = replace(decision, mark=kept, verdict=verdict)

    def reject(self, key: SuggestionKey, ms: int) -> None:
        self.decide(key, "reject", None, ms)
        for other, says in self.suggestions.items():
            if other not in self.decisions and says.like(self.suggestions[key]):
                self.decide(other, "reject", None, 0)


Target = int | SuggestionKey


class Model:
    """The gestures: each gives the next state, or None if it is refused."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper

    def says(self, state: State, target: Target) -> Says:
        return state.marks[target][0] if isinstance(target, int) else self.paper.suggestions(state)[target]

    def shown(self, state: State) -> list[Target]:
        """What can be pointed at, in a fixed order."""
        own: list[Target] = sorted(state.marks)
        return [*own, *sorted(self.paper.open_suggestions(state))]

    def known(self, state: State, says: Says) -> bool:
        return says.label in state.labels.offered(says.kind)

    def accept(self, state: State, target: Target, ms: int) -> State | None:
        if isinstance(target, int) or not self.known(state, self.says(state, target)):
            return None
        work = Work(self.paper, state)
        work.take(target, self.says(state, target), None, ms)
        return work.done()

    def accept_all(self, state: State, targets: Iterable[Target]) -> State | None:
        chosen = [key for key in self._open(state, targets) if self.known(state, self.says(state, key))]
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
        if not self.known(state, says) or work.twin(says):
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
        if after is None or after == before:
            return None
        if not self.known(state, after) and (after.label != before.label or not isinstance(target, int)):
            return None  # a mark may keep a label that is not offered any more
        return self._write(
            state, target, after, state.marks[target][1] if isinstance(target, int) else None, ms
        )

    def annotate(self, state: State, target: Target, note: str | None) -> State | None:
        before = state.marks[target][1] if isinstance(target, int) else None
        known = isinstance(target, int) or self.known(state, self.says(state, target))
        if note == before or not known:
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
        if says.kind != "entity" or not self.known(state, says):
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
        every = self.paper.suggestions(state)
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
        return replace(then, count=max(state.count, then.count), names=state.names)

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
        if not changed or not all(isinstance(key, int) or self.known(state, changed[key]) for key in changed):
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

    def rename(self, state: State, name: str, to: str, *, begins: bool) -> State:
        """Another name wherever a mark or a suggestion has `name`; the article that is told of is begun."""
        names = {was: to if now == name else now for was, now in state.names.items()}
        names.setdefault(name, to)
        renamed = {key: called(says, {name: to}) for key, (says, _) in state.marks.items()}
        changed = {key: says for key, says in renamed.items() if says != state.marks[key][0]}
        work = Work(self.paper, replace(state, names=names))
        for number, says in changed.items():
            work.write(says, state.marks[number][1], number)
            work.settle(number)
        if not begins:
            work.status = state.status
        return work.done()

    def relabel_all(
        self, state: State, labels: Labels, kind: str, old: str, new: str, only: int | None = None
    ) -> State:
        """The marks of one label, or one of them, get another; those that then say the same become one."""
        work = Work(self.paper, state)
        alike: dict[tuple[object, ...], list[int]] = {}
        for number, (says, _) in state.marks.items():
            if says.kind == kind and says.label in (old, new):
                alike.setdefault(replace(says, label=new).nameless(), []).append(number)
        for numbers in alike.values():
            if only is not None and only not in numbers:
                continue
            kept, *twins = sorted(numbers, key=lambda number: (work.marks[number][0].label != new, number))
            for twin in twins:
                work.absorb(kept, twin)
            says, note = work.marks[kept]
            work.marks[kept] = replace(says, label=new), note
        if only is None:
            work.status = state.status
        return replace(work.done(), labels=labels)

    def drop_all(self, state: State, labels: Labels, kind: str, label: str, only: int | None = None) -> State:
        """The marks of one label, or one of them, are deleted, and what led to them is rejected."""
        work = Work(self.paper, state)
        for number, (says, _) in state.marks.items():
            if (says.kind, says.label) == (kind, label) and only in (None, number):
                work.drop(number)
        if only is None:
            work.status = state.status
        return replace(work.done(), labels=labels)


def _part_place(says: Says, part: str) -> Place | None:
    if says.kind == "entity" or part == "entity":
        return None
    found: PartSays | None = getattr(says, part)
    return found and found[0]


def _names_of(says: Says) -> list[str | None]:
    return [says.name, *(part and part[1] for part in (says.holder, says.target))]
