"""Any series of gestures of two annotators, with undo, redo and reopening, against a plain model."""

import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from annotator.domain.articles import Status
from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused
from annotator.domain.label_changes import brought_back, edited, merged, retired, split
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.domain.text import Span
from annotator.domain.zones import ZoneKind
from annotator.services.again import Again
from annotator.services.history import History
from annotator.services.labelling import Labelling
from annotator.services.labelsets import LabelSets
from annotator.services.names import Names, PartName
from tests.services.machine import (
    PLACES,
    TEXTS,
    Table,
    drawn_of,
    numbers,
    papers,
    part_of,
    people,
    zones_of,
)
from tests.services.model import Model
from tests.services.model_state import PartSays, Place, Says, State, trim

entity_labels = st.sampled_from(["PERSON", "GPE", "PERSON", "GPE", "PERSON", "GPE", "HUMAN", "NOBODY"])
polarities = st.sampled_from(["FAVOR", "AGAINST"])
names = st.sampled_from([None, "", " Anna Lee ", "Bo"])
given_names = st.sampled_from(["Anna Lee", "Bo", "Anna L."])
spells = st.sampled_from([0, 0, 5])
part_numbers = st.none() | st.integers(0, 3)
USED = ("PERSON", "GPE", "HUMAN", "ROMAN", "FAVOR", "AGAINST", "BACKING")
NEW_NAMES = {"entity": ("HUMAN", "ROMAN"), "stance": ("BACKING", "FAVOR")}


def _names_in(state: State) -> Counter[str]:
    """The names of the marks of a state, with how often each is given."""
    parts = [
        (says.name, *(part and part[1] for part in (says.holder, says.target)))
        for says, _ in state.marks.values()
    ]
    return Counter(name for each in parts for name in each if name)


def _label(held: LabelSet, kind: str, name: str) -> Label:
    found = held.find(Kind.POLARITY if kind == "stance" else Kind.ENTITY, name)
    assert found is not None
    return found


class LabellingMachine(Table):
    """Every gesture that a window offers, from the services that make it."""

    @rule(who=people, at=papers, place=numbers, label=entity_labels)
    def add(self, who: str, at: int, place: int, label: str) -> None:
        span = self._place(at, place)
        inside = trim(TEXTS[at], span)
        wanted = inside and self.models[at].add(self.states[who, at], Says("entity", inside, label))
        self._do(who, at, wanted or None, lambda: self.desks[who].add(self.ids[at], Span(*span), label))

    @rule(who=people, at=papers, place=numbers, label=polarities, of=part_numbers, on=part_numbers)
    def add_stance(self, who: str, at: int, place: int, label: str, of: int | None, on: int | None) -> None:
        span = self._place(at, place)
        inside = trim(TEXTS[at], span)
        parts = [part if part is None else (PLACES[at][part], None) for part in (of, on)]
        wanted = inside and self.models[at].add(
            self.states[who, at], Says("stance", inside, label, None, parts[0], parts[1])
        )
        self._do(
            who,
            at,
            wanted or None,
            lambda: self.desks[who].add_stance(
                self.ids[at], Span(*span), label, holder=part_of(parts[0]), target=part_of(parts[1])
            ),
        )

    @rule(who=people, at=papers, number=numbers, ms=spells)
    def accept(self, who: str, at: int, number: int, ms: int) -> None:
        if picked := self._pick(who, at, number):
            target, mark_id = picked
            wanted = self.models[at].accept(self.states[who, at], target, ms)
            self._do(who, at, wanted, lambda: self.desks[who].accept(self.ids[at], mark_id, ms=ms))

    @rule(who=people, at=papers, chosen=st.lists(numbers, max_size=6), accepts=st.booleans())
    def decide_in_bulk(self, who: str, at: int, chosen: list[int], accepts: bool) -> None:
        picked = dict(found for number in chosen if (found := self._pick(who, at, number)))
        model, again = self.models[at], Again(self.project, who)
        decide = model.accept_all if accepts else model.reject_all
        write = again.accept if accepts else again.reject
        self._do(
            who,
            at,
            decide(self.states[who, at], picked),
            lambda: write(self.ids[at], picked.values(), rule="any label, .50 or more"),
        )

    @rule(who=people, at=papers, number=numbers, ms=spells, by_delete=st.booleans())
    def reject_or_delete(self, who: str, at: int, number: int, ms: int, by_delete: bool) -> None:
        if picked := self._pick(who, at, number):
            target, mark_id = picked
            wanted = self.models[at].reject(self.states[who, at], target, 0 if by_delete else ms)
            desk = self.desks[who]
            if by_delete:
                self._do(who, at, wanted, lambda: desk.delete(self.ids[at], mark_id))
            else:
                self._do(who, at, wanted, lambda: desk.reject(self.ids[at], mark_id, ms=ms))

    @rule(who=people, at=papers, number=numbers, label=entity_labels | polarities, ms=spells)
    def relabel(self, who: str, at: int, number: int, label: str, ms: int) -> None:
        self._change(
            who,
            at,
            number,
            lambda says: replace(says, label=label),
            lambda desk, article, mark_id: desk.relabel(article, mark_id, label, ms=ms),
            ms,
        )

    @rule(who=people, at=papers, number=numbers, place=numbers, ms=spells)
    def move(self, who: str, at: int, number: int, place: int, ms: int) -> None:
        span = self._place(at, place)
        inside = trim(TEXTS[at], span)
        self._change(
            who,
            at,
            number,
            lambda says: inside and replace(says, place=inside),
            lambda desk, article, mark_id: desk.move(article, mark_id, Span(*span), ms=ms),
            ms,
        )

    @rule(
        who=people,
        at=papers,
        number=numbers,
        name=names,
        part=st.sampled_from(["entity", "holder", "target"]),
    )
    def rename(self, who: str, at: int, number: int, name: str | None, part: str) -> None:
        cleaned = (name or "").strip() or None

        def how(says: Says) -> Says | None:
            if part == "entity" or says.kind == "entity":
                return replace(says, name=cleaned) if part == says.kind else None
            named: PartSays | None = getattr(says, part)
            return named and replace(says, **{part: (named[0], cleaned)})

        self._change(
            who,
            at,
            number,
            how,
            lambda desk, article, mark_id: desk.rename(article, mark_id, name, part=part),
        )

    @rule(
        who=people, at=papers, number=numbers, place=part_numbers, name=names, holder=st.booleans(), ms=spells
    )
    def set_part(
        self, who: str, at: int, number: int, place: int | None, name: str | None, holder: bool, ms: int
    ) -> None:
        which = "holder" if holder else "target"
        part = None if place is None else (PLACES[at][place], name)
        cleaned = part and (part[0], (name or "").strip() or None)
        self._change(
            who,
            at,
            number,
            lambda says: replace(says, **{which: cleaned}) if says.kind == "stance" else None,
            lambda desk, article, mark_id: (desk.set_holder if holder else desk.set_target)(
                article, mark_id, part_of(part), ms=ms
            ),
            ms,
        )

    def _change(
        self,
        who: str,
        at: int,
        number: int,
        how: Callable[[Says], Says | None],
        gesture: Callable[[Labelling, int, str], Change],
        ms: int = 0,
    ) -> None:
        if picked := self._pick(who, at, number):
            target, mark_id = picked
            wanted = self.models[at].change(self.states[who, at], target, how, ms)
            self._do(who, at, wanted, lambda: gesture(self.desks[who], self.ids[at], mark_id))

    @rule(who=people, at=papers, number=numbers, note=names)
    def annotate(self, who: str, at: int, number: int, note: str | None) -> None:
        if picked := self._pick(who, at, number):
            target, mark_id = picked
            wanted = self.models[at].annotate(self.states[who, at], target, (note or "").strip() or None)
            self._do(who, at, wanted, lambda: self.desks[who].annotate(self.ids[at], mark_id, note))

    @rule(who=people, at=papers, number=numbers)
    def label_equal_mentions(self, who: str, at: int, number: int) -> None:
        if picked := self._pick(who, at, number):
            target, mark_id = picked
            wanted = self.models[at].label_equal(self.states[who, at], target)
            self._do(who, at, wanted, lambda: self.desks[who].label_equal_mentions(self.ids[at], mark_id))

    @rule(who=people, at=papers, place=numbers, kind=st.sampled_from([ZoneKind.OTHER, ZoneKind.CREDIT]))
    def mark_zone(self, who: str, at: int, place: int, kind: ZoneKind) -> None:
        span = self._place(at, place)
        wanted = self.models[at].mark_zone(self.states[who, at], trim(TEXTS[at], span), str(kind))
        self._do(who, at, wanted, lambda: self.desks[who].mark_zone(self.ids[at], Span(*span), kind))

    @rule(who=people, at=papers, number=numbers)
    def unmark_zone(self, who: str, at: int, number: int) -> None:
        zones = self.desks[who].open(self.ids[at]).zones
        if zones:
            zone = zones[number % len(zones)]
            key = ((zone.span.start, zone.span.end), str(zone.kind))
            wanted = self.models[at].unmark_zone(self.states[who, at], key)
            self._do(who, at, wanted, lambda: self.desks[who].unmark_zone(self.ids[at], zone))

    @rule(who=people, at=papers, status=st.sampled_from(Status))
    def set_status(self, who: str, at: int, status: Status) -> None:
        wanted = self.models[at].set_status(self.states[who, at], status)
        self._do(who, at, wanted, lambda: self.desks[who].set_status(self.ids[at], status))

    @rule(who=people, at=papers, note=names)
    def remark(self, who: str, at: int, note: str | None) -> None:
        wanted = self.models[at].set_remark(self.states[who, at], (note or "").strip() or None)
        self._do(who, at, wanted, lambda: self.desks[who].remark(self.ids[at], note))

    @rule(
        who=people,
        at=papers,
        number=numbers,
        name=names,
        part=st.sampled_from(["entity", "holder", "target"]),
    )
    def name_everywhere(self, who: str, at: int, number: int, name: str | None, part: PartName) -> None:
        if picked := self._pick(who, at, number):
            target, mark_id = picked
            cleaned = (name or "").strip() or None
            wanted = self.models[at].name_everywhere(self.states[who, at], target, part, cleaned)
            self._do(
                who,
                at,
                wanted,
                lambda: Names(self.project, who).name_everywhere(self.ids[at], mark_id, name, part=part),
            )

    @rule(who=people, number=numbers, to=given_names | st.just(" "), here=papers | st.none())
    def rename_or_merge(self, who: str, number: int, to: str, here: int | None) -> None:
        every = range(len(TEXTS))
        given = {name for at in every for name in _names_in(self.states[who, at])}
        name = ["Nobody", *sorted(given)][-1 - number % (len(given) + 1)]
        having = [at for at in every if name in _names_in(self.states[who, at])]
        told = here if here in having else having[0] if having else 0
        wanted = {
            at: self.models[at].rename(self.states[who, at], name, to, begins=at == told) for at in every
        }
        self._do_all(
            who,
            told,
            wanted if having and to.strip() and to != name else None,
            lambda: Names(self.project, who).rename(name, to, here=None if here is None else self.ids[here]),
        )

    @rule(
        who=people,
        how=st.sampled_from(["rename", "merge", "split", "split", "retire", "delete", "bring back"]),
        kind=st.sampled_from(["entity", "entity", "stance"]),
        number=numbers,
        other=numbers,
    )
    def change_labels(self, who: str, how: str, kind: str, number: int, other: int) -> None:
        """Another name, one label of two, one that is split, retired with its marks or without, and back."""
        labels, held = self.states[who, 0].labels, self.project.labelset
        offered = labels.offered(kind)
        gone = [name for name in labels.names(kind) if name not in offered]
        # Those that marks have: the label set has many more.
        chosen = gone if how == "bring back" else [name for name in offered if name in USED]
        if not chosen:
            return
        name = chosen[number % len(chosen)]
        others = [each for each in offered if each != name]
        into = NEW_NAMES[kind][other % 2] if how == "rename" else others[other % len(others)]
        taken = how == "rename" and (into == name or labels.called.get((kind, into), name) != name)
        if taken or len(others) < 2:
            return
        parts = tuple(others[: 2 + other % 2])
        label, whole = _label(held, kind, name), [_label(held, kind, part) for part in parts]
        if how == "rename":
            change, after = edited(held, label, replace(label, name=into)), labels.merged(kind, name, into)
        elif how == "merge":
            into_one = merged(held, [label], _label(held, kind, into))
            change, after = into_one, labels.merged(kind, name, into)
        elif how == "split":
            change, after = split(held, label, whole), labels.splitting(kind, name, parts)
        elif how == "bring back":
            change, after = brought_back(held, label), labels.back(kind, name)
        else:
            change, after = retired(held, label, drop=how == "delete"), labels.retiring(kind, name)

        def becomes(state: State, model: Model) -> State:
            if how in ("rename", "merge"):
                return model.relabel_all(state, after, kind, name, into)
            if how == "delete":
                return model.drop_all(state, after, kind, name)
            return replace(state, labels=after)

        wanted = {where: becomes(state, self.models[where[1]]) for where, state in self.states.items()}
        self._do_labels(who, wanted, lambda: LabelSets(self.project, who).apply(change, backed_up=True))

    @rule(who=people, number=numbers, part=numbers)
    def sort_a_mark_of_a_split_label(self, who: str, number: int, part: int) -> None:
        sets = LabelSets(self.project, who)
        for (kind, name), parts in self.states[who, 0].labels.split.items():
            label = _label(self.project.labelset, kind, name)
            marks = sets.unsorted(label)
            assert len(marks) == sum(
                (says.kind, says.label) == (kind, name)
                for at in range(len(TEXTS))
                for says, _ in self.states[who, at].marks.values()
            )
            if not marks:
                continue
            mark, to = marks[number % len(marks)], [*parts, None][part % (len(parts) + 1)]
            at = self.ids.index(mark.article_id)
            state, drawn = self.states[who, at], drawn_of(self.screens[who, at][mark.id])
            (own,) = (each for each, said in state.marks.items() if (*said, state.source(each)) == drawn)
            model = self.models[at]
            if to is None:
                wanted = model.drop_all(state, state.labels, kind, name, own)
            else:
                wanted = model.relabel_all(state, state.labels, kind, name, to, own)
            self._do(who, at, wanted, lambda: sets.sort(mark, label, to))  # noqa: B023 - called at once
            return

    @rule(who=people, at=papers, number=numbers)
    def look_back_and_restore(self, who: str, at: int, number: int) -> None:
        history = History(self.project, who)
        since = self.past[who, at][0][0]  # before it labels had other names
        entries = [entry for entry in history.entries(self.ids[at]) if entry.id >= since]
        if not entries:
            return
        entry = entries[number % len(entries)]
        then = self._state_after(who, at, entry.id)
        past = history.past(self.ids[at], entry)
        own = [shown for shown in past.shown if not shown.suggested]
        drawn = [(*mark, then.source(key)) for key, mark in then.marks.items()]
        assert sorted(map(drawn_of, own), key=repr) == sorted(drawn, key=repr)
        assert zones_of(past.zones) == then.zones
        wanted = self.models[at].restore(self.states[who, at], then)
        if wanted.same(self.states[who, at]):
            # What was undone and made anew looks the same, but is not what stood there then.
            with contextlib.suppress(GestureRefused):
                self._do(who, at, wanted, lambda: history.restore(self.ids[at], entry))
        else:
            self._do(who, at, wanted, lambda: history.restore(self.ids[at], entry))

    @rule(who=people)
    def count_names(self, who: str) -> None:
        counted = Counter(
            name for at in range(len(TEXTS)) for name in _names_in(self.states[who, at]).elements()
        )
        assert {row.name: row.mentions for row in Names(self.project, who).read_rows()} == counted

    def _place(self, at: int, number: int) -> Place:
        return PLACES[at][number % len(PLACES[at])]


TestLabelling = LabellingMachine.TestCase
TestLabelling.pytestmark = [pytest.mark.timeout(900)]  # 20 s of a processor, which others may want too
TestLabelling.settings = settings(
    # Without shrinking, which would outlast the time a test may take; a failure prints all its steps.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=120,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
