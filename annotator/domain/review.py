"""What is reviewed: groups of marks that stand for the same, how they differ, and what a lead decided."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from operator import itemgetter
from typing import Any

from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Mark, Part, Stance
from annotator.domain.text import Span

GOLD = "gold"  # names the gold marks where a pipeline is compared with them
AUDITED = 0.05  # share of the unanimous groups that a lead looks at


class Scope(StrEnum):
    """Who is compared: annotators with each other, or a person's marks with what a pipeline proposes."""

    PEOPLE = "people"
    MODEL = "model"


class Type(StrEnum):
    """In what the marks of a group differ; in the order in which they are reviewed."""

    FLIP = "polarity flip"  # for against against
    LABEL = "label"
    HOLDER = "holder"
    TARGET = "target"
    STRENGTH = "polarity strength"  # neutral against for or against
    MISSING = "missing"
    BOUNDARY = "boundary"
    PART = "part boundary"  # holder or target: the same by name or overlap, yet not the same stretch

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {each: rank for rank, each in enumerate(Type)}


class Settled(StrEnum):
    """What came of a group; OPEN holds a reason given before there is a decision."""

    OPEN = "open"
    UNSURE = "unsure"
    UNANIMOUS = "unanimous"
    ADOPTED = "adopted"
    EDITED = "edited"
    NONE = "none"

    @property
    def decided(self) -> bool:
        """Whether a lead has decided."""
        return self in (Settled.ADOPTED, Settled.EDITED, Settled.NONE)


class Reason(StrEnum):
    """Why there was a difference."""

    AMBIGUOUS = "ambiguous text"
    GAP = "guideline gap"
    ERROR = "annotator error"
    EDGE = "edge case"
    SUBJECTIVE = "subjective"


@dataclass(frozen=True)  # without slots: what follows from the votes is kept
class Group:
    """Marks of several readings of one article that stand for the same, at most one of each reading.

    `votes` has every reading that counts, by name, with None where it has no such mark. Two groups are the
    same if their votes are: `input` is a digest of them. `words` are those of `span`, on one line and cut.
    """

    article_id: int
    votes: tuple[tuple[str, Mark | None], ...]
    types: frozenset[Type]
    words: str

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The different marks, by content, each with the name that most gave to it."""
        said: dict[Content, list[Mark]] = {}
        for _, mark in self.votes:
            if mark is not None:
                said.setdefault(content_of(mark), []).append(mark)
        return tuple(_named(said[content]) for content in sorted(said))

    @cached_property
    def span(self) -> Span:
        """From the first start to the last end of the marks."""
        spans = [mark.span for _, mark in self.votes if mark is not None]
        return Span(min(span.start for span in spans), max(span.end for span in spans))

    @cached_property
    def input(self) -> str:
        return input_of(self.votes)

    @property
    def is_stance(self) -> bool:
        return isinstance(next(mark for _, mark in self.votes if mark is not None), Stance)

    @property
    def rank(self) -> int:
        """Where the group stands in the queue: by its gravest difference; unanimous ones last."""
        return min((each.rank for each in self.types), default=len(_RANKS))

    def voters(self, mark: Mark | None) -> list[str]:
        """Who said exactly this; for None who has nothing here."""
        wanted = content_of(mark) if mark else None
        return [name for name, vote in self.votes if (content_of(vote) if vote else None) == wanted]

    def favourite(self) -> Mark:
        """The mark that most said; of equals the first by content."""
        return max(self.marks, key=lambda mark: len(self.voters(mark)))

    def shuffled(self, seed: int) -> list[Mark]:
        """The different marks in an order that says nothing about who or how many said them."""
        return sorted(self.marks, key=lambda mark: digest_of(seed, self.input, *map(str, content_of(mark))))

    def is_audited(self, seed: int) -> bool:
        """Whether a unanimous group is in the sample that a lead looks at."""
        return is_audited(seed, self.article_id, self.input)

    @cached_property
    def alike(self) -> tuple[object, ...]:
        """Equal for groups of the same words with the same readings, wherever they stand."""
        at = self.span.start
        readings = tuple(
            (mark.label, mark.span.start - at, mark.span.end - at, _parts_from(mark, at))
            for mark in self.marks
        )
        return self.is_stance, self.words.casefold(), readings, Type.MISSING in self.types


@frozen
class Adjudication:
    """A lead's word on a group, or what came of a unanimous one.

    `votes` are those it was made on, `input` their digest; `outcome` is the mark as decided. `second` is a
    second opinion, which makes no gold; `overruled` is one because another decision on the same marks stands
    (`standing`), `revised` if that one was made against a pipeline on the gold that this one led to. `at` is
    unix ms of the gesture that last wrote it, `op_id` its id.
    """

    id: str
    lead: str
    article_id: int
    scope: Scope
    votes: tuple[tuple[str, Mark | None], ...]
    input: str
    settled: Settled
    outcome: Mark | None
    gold_id: str | None
    second: bool
    blind: bool
    reason: Reason | None
    at: int
    op_id: str
    overruled: bool = False
    revised: bool = False

    @property
    def span(self) -> Span:
        """Of the marks it was made on; of the outcome if nobody had one."""
        spans = [mark.span for mark in self._marks]
        return Span(min(span.start for span in spans), max(span.end for span in spans))

    @property
    def is_stance(self) -> bool:
        return isinstance(self._marks[0], Stance)

    @property
    def _marks(self) -> list[Mark]:
        voted = [mark for _, mark in self.votes if mark is not None]
        return voted or ([self.outcome] if self.outcome else [])

    @property
    def about(self) -> Mark | None:
        """The gold mark that was compared with a pipeline, with its id; None if there was none."""
        return dict(self.votes).get(GOLD) if self.scope is Scope.MODEL else None

    @property
    def insists(self) -> bool:
        """Whether it was made on votes of which none is left."""
        return self.input == input_of_none(self.votes)

    @property
    def inputs(self) -> frozenset[str]:
        """Digests of the votes it answers: those it was made on, and those with gold as it then became."""
        if self.scope is Scope.PEOPLE or not self.settled.decided:
            return frozenset({self.input})
        after = tuple((name, self.outcome if name == GOLD else mark) for name, mark in self.votes)
        if all(mark is None for _, mark in after):
            return frozenset({self.input})
        return frozenset({self.input, input_of(after)})


Content = tuple[str, int, int, tuple[object, ...]]


def content_of(mark: Mark) -> Content:
    """What makes two marks the same: label and offsets, a stance's parts too; names do not."""
    return mark.label, mark.span.start, mark.span.end, _parts_from(mark, 0)


def _named(equal: Sequence[Mark]) -> Mark:
    """One of several equal marks with the name that most have, of equals the first of the alphabet."""
    first = equal[0]
    if len(equal) == 1 or not isinstance(first, Entity):
        return first
    names = Counter(mark.name for mark in equal if isinstance(mark, Entity) and mark.name)
    if not names:
        return first
    return replace(first, name=min(names, key=lambda name: (-names[name], name)))


def _parts_from(mark: Mark, at: int) -> tuple[object, ...]:
    """Offsets of holder and target from `at`; -1 twice for one that is missing."""
    if isinstance(mark, Entity):
        return ()
    return tuple(
        edge
        for part in (mark.holder, mark.target)
        for edge in ((part.span.start - at, part.span.end - at) if part else (-1, -1))
    )


def input_of(votes: tuple[tuple[str, Mark | None], ...]) -> str:
    """The digest of votes (32 hex digits): the same in every file, whatever ids annotators have there."""
    said, kind = [], ""
    for name, mark in sorted(votes, key=itemgetter(0)):
        if mark is None:
            said.append(f"{name}\0-")
            continue
        kind = "entity" if isinstance(mark, Entity) else "stance"
        said.append(f"{name}\0{said_of(mark.label, mark.span.start, mark.span.end, *_parts_from(mark, 0))}")
    return _digest_of_votes(kind, said)


def input_of_unanimous(names: Iterable[str], said: str, *, is_stance: bool) -> str:
    """As `input_of`, where all of these names, sorted, said the same (`said_of`)."""
    return _digest_of_votes("stance" if is_stance else "entity", [f"{name}\0{said}" for name in names])


def said_of(label: str, *edges: object) -> str:
    """What a digest of votes takes of a mark: label, start and end, of a stance those of its parts, too."""
    return f"{label}\0{' '.join(map(str, edges))}"


def _digest_of_votes(kind: str, said: Sequence[str]) -> str:
    return blake2b("\1".join([kind, *said]).encode(), digest_size=16).hexdigest()


def input_of_none(votes: Sequence[tuple[str, Mark | None]]) -> str:
    """The digest of votes if none of those who voted has a mark any more."""
    return input_of(tuple((name, None) for name, _ in votes))


def is_audited(seed: int, article_id: int, input_: str) -> bool:
    """Whether a unanimous group, by the digest of its votes, is in the sample that a lead looks at."""
    return int(digest_of("audit", seed, article_id, input_)[:12], 16) < AUDITED * 16**12


def digest_of(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def votes_to_json(votes: tuple[tuple[str, Mark | None], ...]) -> str:
    said = {name: mark_to_dict(mark) for name, mark in votes}
    gold = dict(votes).get(GOLD)
    if gold is not None and gold.id:
        said[GOLD] = {**(mark_to_dict(gold) or {}), "id": gold.id}
    return json.dumps(said, ensure_ascii=False)


def votes_from_json(text: str) -> tuple[tuple[str, Mark | None], ...]:
    return tuple((name, mark_from_dict(fields)) for name, fields in json.loads(text).items())


def mark_to_dict(mark: Mark | None) -> dict[str, Any] | None:
    """A mark as JSON values, without its id."""
    if mark is None:
        return None
    said: dict[str, Any] = {
        "kind": "entity" if isinstance(mark, Entity) else "stance",
        "label": mark.label,
        "start": mark.span.start,
        "end": mark.span.end,
    }
    if isinstance(mark, Entity):
        return said | ({"name": mark.name} if mark.name else {})
    return said | {"holder": _part_to_dict(mark.holder), "target": _part_to_dict(mark.target)}


def mark_from_dict(said: Mapping[str, Any] | None) -> Mark | None:
    """The inverse of `mark_to_dict`; the id is empty where it is not said."""
    if said is None:
        return None
    span = Span(said["start"], said["end"])
    if said["kind"] == "entity":
        return Entity(said.get("id", ""), span, said["label"], said.get("name"))
    holder, target = (_part_from_dict(said[part]) for part in ("holder", "target"))
    return Stance(said.get("id", ""), span, said["label"], holder, target)


def _part_to_dict(part: Part | None) -> dict[str, Any] | None:
    return {"start": part.span.start, "end": part.span.end, "name": part.name} if part else None


def _part_from_dict(said: Mapping[str, Any] | None) -> Part | None:
    return Part(Span(said["start"], said["end"]), said["name"]) if said else None
