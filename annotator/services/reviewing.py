"""Reviewing: what a lead decides where annotators differ; a method is a gesture is a transaction."""

import json
import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused
from annotator.domain.labels import Kind
from annotator.domain.marks import Entity, Mark, Part, Stance
from annotator.domain.review import (
    GOLD,
    Adjudication,
    Group,
    Reason,
    Scope,
    Settled,
    content_of,
    mark_to_dict,
    votes_to_json,
)
from annotator.domain.text import Span, trimmed
from annotator.services.annotators import annotator_id
from annotator.services.review_items import Item
from annotator.services.rows import columns_of, table_of
from annotator.services.wording import counted, described, quoted
from annotator.storage import adjudications as stored
from annotator.storage import queries
from annotator.storage.gold import equal_gold, gold_marks, led_to, owner_of_mark, table_of_mark
from annotator.storage.journal import Gesture, Journal
from annotator.storage.project import Project


class Reviewing:
    """One lead at one project; the only way a window makes gold.

    A decision is saved when its method returns; one that makes no sense raises GestureRefused and writes
    nothing. With `alike`, other items of the same words and readings, it is made for them too, as one
    gesture. `blind` says whether names and counts were hidden. Against a pipeline only what is compared with
    GOLD changes gold: an annotator's marks are the annotator's.
    """

    def __init__(self, project: Project, lead: str, *, against: str | None = None) -> None:
        self.lead = lead.strip()
        self.against = against
        self._project = project
        self._lead_id = annotator_id(project, lead)
        self._journal = Journal(project, self._lead_id)

    @property
    def scope(self) -> Scope:
        return Scope.MODEL if self.against else Scope.PEOPLE

    def seed(self) -> int:
        """What orders candidates and draws the audit: drawn once for a project, 0 where only read."""
        known = stored.seed_of(self._project.db)
        if known is None and self._project.read_only is None:
            with self._project.writing() as db:
                stored.write_seed(db, secrets.randbelow(2**31))
            known = stored.seed_of(self._project.db)
        return known or 0

    def said(self, article_id: int) -> list[Adjudication]:
        """What all leads have said on an article, in this review."""
        return list(stored.adjudications(self._project.db, self.scope, [article_id]))

    def text(self, article_id: int) -> str:
        return queries.article(self._project.db, article_id).text

    def gold(self, article_id: int) -> list[Mark]:
        """The gold marks of an article, by place."""
        return gold_marks(self._project.db, article_id)

    def touched(self, change: Change) -> list[int]:
        """The articles in which a gesture wrote something."""
        return stored.touched_by(self._project.db, change.gesture)

    # ---------------------------------------------------------------- decisions

    def adopt(self, item: Item, mark: Mark, *, alike: Sequence[Item] = (), blind: bool = True) -> Change:
        """One of the group's marks becomes gold as it is."""
        return self._decide(item, mark, alike, verb="adopt", blind=blind)

    def mix(
        self,
        item: Item,
        label: Mark,
        rest: Mark,
        *,
        alike: Sequence[Item] = (),
        blind: bool = True,
    ) -> Change:
        """The label of one mark on the edges, and a stance's holder and target, of another."""
        return self._decide(item, replace(rest, label=label.label), alike, verb="adopt", blind=blind)

    def edit(self, item: Item, mark: Mark, *, blind: bool = True) -> Change:
        """A mark that nobody made becomes gold."""
        return self._decide(item, mark, (), verb="edit", blind=blind)

    def none(self, item: Item, *, alike: Sequence[Item] = (), blind: bool = True) -> Change:
        """None of the group's marks is right, and there is no gold here: a decision like any other."""
        return self._decide(item, None, alike, verb="none", blind=blind)

    def unsure(self, item: Item, *, blind: bool = True) -> Change:
        """Puts a group aside; a decision that was made is taken back."""
        if item.own is not None and item.own.settled is Settled.UNSURE:
            raise GestureRefused("This one is put aside already.")
        text = self.text(item.group.article_id)
        with self._gesture("unsure", item, f"unsure about {quoted(text, item.group.span)}") as gesture:
            self._write(gesture, item, Settled.UNSURE, None, blind=blind)
        return gesture.change

    def give_reason(self, item: Item, reason: Reason | None, *, blind: bool = True) -> Change:
        """Why annotators differ here; before the decision or after it. None takes the reason away."""
        own = item.own
        if reason is (own.reason if own else None):
            raise GestureRefused("That reason is given already." if reason else "There is no reason here.")
        words = quoted(self.text(item.group.article_id), item.group.span)
        summary = f"{reason}: {words}" if reason else f"take the reason of {words} away"
        with self._gesture("reason", item, summary) as gesture:
            if own is None:
                self._write(gesture, item, Settled.OPEN, None, blind=blind, reason=reason)
            else:
                gesture.update("adjudication", own.id, reason=str(reason) if reason else None)
        return gesture.change

    def note(self, item: Item, note: str) -> Change:
        """A note for whoever writes the guideline, with this place as its example."""
        note = note.strip()
        if not note:
            raise GestureRefused("A note needs words.")
        span = item.group.span
        labels = list(dict.fromkeys(mark.label for mark in item.group.marks))
        summary = f"guideline note on {quoted(self.text(item.group.article_id), span)}"
        with self._gesture("guideline", item, summary) as gesture:
            gesture.insert(
                "guideline_note", start=span.start, end=span.end, labels=json.dumps(labels), note=note
            )
        return gesture.change

    def undo(self) -> Change:
        return self._journal.undo()

    def redo(self) -> Change:
        return self._journal.redo()

    # ---------------------------------------------------------------- what needs no lead

    def settle(self, article_id: int, new: Sequence[Group], gone: Sequence[Adjudication]) -> None:
        """Makes what is unanimous gold, and takes back what no longer is; nobody's gesture, no undo.

        What a lead decided stays as it is.
        """
        summary = f"settle {counted(len(new), 'unanimous mark')}"
        with self._journal.gesture("settle", article_id, summary, begins=False) as gesture:
            for adjudication in gone:
                gesture.withdraw("adjudication", adjudication.id)
                gold_id = adjudication.gold_id
                if gold_id is not None and led_to(self._project.db, gold_id) <= {adjudication.id}:
                    gesture.withdraw(_gold_table(adjudication), gold_id)
            for group in new:
                mark = group.favourite()
                made = self._write_gold(gesture, article_id, None, mark)
                self._insert(gesture, group, Settled.UNANIMOUS, mark, made)

    # ---------------------------------------------------------------- rows

    def _decide(
        self, item: Item, mark: Mark | None, alike: Sequence[Item], *, verb: str, blind: bool
    ) -> Change:
        text = self.text(item.group.article_id)
        if mark is not None:
            mark = self._fitting(mark, text)
        many = f" and {counted(len(alike), 'place')} alike" if alike else ""
        what = described(text, mark) if mark else f"of these at {quoted(text, item.group.span)}"
        with self._gesture(verb, item, f"{verb} {what}{many}") as gesture:
            for each in (item, *alike):
                outcome = mark and _shifted(mark, each.group.span.start - item.group.span.start)
                self._write(gesture, each, _settled(each.group, outcome), outcome, blind=blind)
        return gesture.change

    def _fitting(self, mark: Mark, text: str) -> Mark:
        """The mark without white space at its ends; refused if the label set does not know its label."""
        kind = Kind.ENTITY if isinstance(mark, Entity) else Kind.POLARITY
        if self._project.labelset.find(kind, mark.label) is None:
            raise GestureRefused(
                f"The label set “{self._project.labelset.name}” has no {mark.label}; choose another."
            )
        span = trimmed(text, mark.span.start, min(mark.span.end, len(text)))
        if span is None:
            raise GestureRefused("There is only white space in that stretch.")
        return replace(mark, span=span)

    def _write(
        self,
        gesture: Gesture,
        item: Item,
        settled: Settled,
        outcome: Mark | None,
        *,
        blind: bool,
        reason: Reason | None = None,
    ) -> None:
        """One group as it now is: the adjudication and the gold that follows from it.

        The gold of another lead stays as it is, and stands no longer: the later decision does.
        """
        own, article_id = item.own, item.group.article_id
        gold_id = own.gold_id if own else self._gold_compared(item.group)
        if gold_id is not None and not self._is_free(gold_id, own):
            gold_id = None
        if item.second or self.against not in (None, GOLD):
            self._write_gold(gesture, article_id, gold_id if own else None, None)
            gold_id = None
        else:
            gold_id = self._write_gold(gesture, article_id, gold_id, outcome)
        if own is None:
            self._insert(
                gesture,
                item.group,
                settled,
                outcome,
                gold_id,
                input_=item.input,
                second=item.second,
                blind=blind,
                reason=reason,
            )
            return
        gesture.update(
            "adjudication",
            own.id,
            votes=votes_to_json(item.group.votes),
            input=item.input,
            settled=str(settled),
            outcome=_json(outcome),
            gold_id=gold_id,
            second=int(item.second),
            blind=int(blind),
        )

    def _is_free(self, gold_id: str, own: Adjudication | None) -> bool:
        """Whether a gold mark is the lead's own, and no other decision of theirs led to it."""
        db = self._project.db
        if owner_of_mark(db, gold_id) != self._lead_id:
            return False
        return own is None or led_to(db, gold_id) <= {own.id}

    def _gold_compared(self, group: Group) -> str | None:
        """The gold mark that is itself one of the readings."""
        mark = dict(group.votes).get(GOLD) if self.against == GOLD else None
        return mark.id if mark else None

    def _write_gold(
        self, gesture: Gesture, article_id: int, gold_id: str | None, outcome: Mark | None
    ) -> str | None:
        """Brings the gold of one group to what was decided and returns its id.

        A mark that the lead's gold has already, of another group or from a file, is there once. Another one
        is a row of its own: what a row says may be gold of another decision, made in a copy of the project.
        """
        db = self._project.db
        there = equal_gold(db, self._lead_id, article_id, outcome) if outcome else None
        if gold_id is not None and there != gold_id:
            gesture.update(table_of_mark(db, gold_id), gold_id, deleted=1)
        if outcome is None:
            return None
        if there is None:
            return self._insert_gold(gesture, article_id, outcome)
        gold_id = there
        gesture.update(
            table_of(outcome),
            gold_id,
            **columns_of(outcome),
            labelset_id=self._project.labelset.id,
            deleted=0,
        )
        return gold_id

    def _insert_gold(self, gesture: Gesture, article_id: int, mark: Mark) -> str:
        length = stored.length_of(self._project.db, article_id)
        return gesture.insert(
            table_of(mark), **columns_of(mark), article_id=article_id, length=length, gold=1
        )

    def _insert(
        self,
        gesture: Gesture,
        group: Group,
        settled: Settled,
        outcome: Mark | None,
        gold_id: str | None,
        *,
        input_: str | None = None,
        second: bool = False,
        blind: bool = True,
        reason: Reason | None = None,
    ) -> None:
        gesture.insert(
            "adjudication",
            article_id=group.article_id,
            scope=str(self.scope),
            votes=votes_to_json(group.votes),
            input=input_ or group.input,
            settled=str(settled),
            outcome=_json(outcome),
            gold_id=gold_id,
            second=int(second),
            blind=int(blind),
            reason=str(reason) if reason else None,
        )

    def _gesture(self, kind: str, item: Item, summary: str) -> AbstractContextManager[Gesture]:
        return self._journal.gesture(kind, item.group.article_id, summary, begins=False)


def _settled(group: Group, outcome: Mark | None) -> Settled:
    if outcome is None:
        return Settled.NONE
    known = {content_of(mark) for mark in group.marks}
    return Settled.ADOPTED if content_of(outcome) in known else Settled.EDITED


def _gold_table(adjudication: Adjudication) -> str:
    assert adjudication.outcome is not None
    return table_of(adjudication.outcome)


def _json(mark: Mark | None) -> str | None:
    return json.dumps(mark_to_dict(mark), ensure_ascii=False) if mark else None


def _shifted(mark: Mark, by: int) -> Mark:
    """The same mark so many code points further on."""
    if not by:
        return mark
    moved = replace(mark, span=_moved(mark.span, by))
    if isinstance(moved, Stance):
        return replace(moved, holder=_part(moved.holder, by), target=_part(moved.target, by))
    return moved


def _part(part: Part | None, by: int) -> Part | None:
    return part and replace(part, span=_moved(part.span, by))


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
