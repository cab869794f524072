"""Rows of marks, decisions and zones as one gesture writes them: what every gesture on marks keeps true.

An own mark that says what a suggestion says has a decision on that suggestion, whichever came first: accept
if they are equal in everything a suggestion can say, else edit; once the mark is deleted, reject. A hidden
suggestion is never rejected. A mark, and a decision that rejects, has a row that says whether suggestions
were seen when it was last given its span, label and parts.
"""

from collections.abc import Sequence
from dataclasses import replace

from annotator.domain.choices import KINDS, SuggestionKind
from annotator.domain.labels import Kind
from annotator.domain.marks import Entity, Mark, Part, Shown, Stance
from annotator.domain.suggestions import Verdict, key_of
from annotator.domain.zones import Zone
from annotator.storage.decisions import (
    Decided,
    decisions_of,
    own_like,
    suggestions_like,
    undecided_like,
    unsettled,
)
from annotator.storage.journal import Gesture
from annotator.storage.project import Project
from annotator.storage.sight import has_seen, hidden_kinds, sight_of
from annotator.storage.waiting import in_steps


def verdict_of(suggestion: Mark, mark: Mark) -> Verdict:
    """Accept if the mark says exactly what the suggestion does, else edit."""
    if mark is suggestion:
        return Verdict.ACCEPT
    return Verdict.ACCEPT if replace(suggestion, id=mark.id) == mark else Verdict.EDIT


class MarkRows:
    """Writes one annotator's marks on one article inside one open gesture."""

    def __init__(self, project: Project, gesture: Gesture, article_id: int, annotator_id: str) -> None:
        self.project = project
        self.gesture = gesture
        self.article_id = article_id
        self.annotator_id = annotator_id
        self._hidden = hidden_kinds(project.db, article_id, annotator_id)
        self._seen: dict[SuggestionKind, bool] = {}

    def add(self, mark: Mark, *, note: str | None = None) -> str:
        """A new own mark; suggestions that say the same are settled with it. Returns its id."""
        own = self._insert(mark, note)
        self._settle(own)
        return own.id

    def take(self, suggestion: Shown, mark: Mark, *, note: str | None = None, ms: int) -> str:
        """An own mark out of a suggestion, as it is or changed. Returns its id."""
        own = self._insert(mark, note)
        self._decide(suggestion.mark, verdict_of(suggestion.mark, own), own.id, ms)
        self._settle(own)
        return own.id

    def make_all(self, places: Sequence[tuple[Mark, Shown | None]]) -> None:
        """As `add` of each mark, or `take` of the suggestion beside it, in a few statements for thousands.

        No two of the marks say the same, and no own mark says what one of them does.
        """
        made: dict[str, Mark] = {}
        for some in in_steps(self.project.waiting, places, begin=0.1, end=0.9):
            for kind in KINDS:
                made |= self._make(kind, [place for place in some if kind_of(place[0]) == kind])
        left = unsettled(self.project.db, self.article_id, self.annotator_id, self.gesture.id)
        for own, mark in made.items():
            if own in left:
                self._settle(replace(mark, id=own))

    def _make(self, kind: SuggestionKind, places: Sequence[tuple[Mark, Shown | None]]) -> dict[str, Mark]:
        """The new marks of one kind by id."""
        if not places:
            return {}
        rows = [columns_of(mark) for mark, _ in places]
        ids = self.gesture.insert_all(kind, list(rows[0]), [tuple(row.values()) for row in rows])
        self._note_new(ids, [kind] * len(ids))
        decided = [(own, mark, shown.mark) for own, (mark, shown) in zip(ids, places, strict=True) if shown]
        self._decide_all(
            [(_key(suggestion), verdict_of(suggestion, mark), own) for own, mark, suggestion in decided]
        )
        return {own: mark for own, (mark, _) in zip(ids, places, strict=True)}

    def reject_all(self, suggestions: Sequence[Shown]) -> None:
        """As `reject` of each, in a few statements for thousands."""
        for some in in_steps(self.project.waiting, suggestions, begin=0.1, end=0.8):
            self._reject_all([(*_key(each.mark), each.kind) for each in some])
        self._reject_all(undecided_like(self.project.db, self.article_id, self.annotator_id, self.gesture.id))

    def _reject_all(self, keys: Sequence[tuple[int, int, SuggestionKind]]) -> None:
        ids = self._decide_all([((run_id, n), Verdict.REJECT, None) for run_id, n, _ in keys])
        self._note_new(ids, [kind for _, _, kind in keys])

    def _decide_all(self, decisions: Sequence[tuple[tuple[int, int], Verdict, str | None]]) -> list[str]:
        """New decisions on suggestions by run and number, and the marks that they led to; their ids."""
        rows = [(*key, str(verdict), result_id, 0) for key, verdict, result_id in decisions]
        return self.gesture.insert_all("decision", ("run_id", "n", "verdict", "result_id", "ms"), rows)

    def _note_new(self, ids: Sequence[str], kinds: Sequence[SuggestionKind]) -> None:
        """As `_note_sight`, of marks and rejections that are new."""
        self.gesture.insert_all(
            "sight", ("kind", "saw"), [(kind, int(self._sees(kind))) for kind in kinds], ids
        )

    def change(self, mark: Mark, *, note: str | None, ms: int) -> None:
        """Writes an own mark as it now is; the decisions that led to it follow, and take `ms` more."""
        columns = columns_of(mark)
        if self.project.labelset.find(_kind(mark), mark.label) is not None:
            # A mark made under an older version comes along, unless the label was retired since.
            columns["labelset_id"] = self.project.labelset.id
        if own_like(self.project.db, self.article_id, self.annotator_id, mark) != mark.id:
            self._note_sight(mark.id, kind_of(mark))
        self.gesture.update(table_of(mark), mark.id, **columns, note=note)
        for decided in decisions_of(self.project.db, self.annotator_id, mark.id):
            verdict = verdict_of(decided.suggestion, mark)
            if decided.decision is not None and (verdict is not decided.decision.verdict or ms):
                self._redecide(decided, verdict, mark.id, ms)
        self._settle(mark)

    def delete(self, mark: Mark) -> None:
        """Takes an own mark away; every suggestion that said it, decided or not, is then rejected."""
        said = [*self._like(mark), *decisions_of(self.project.db, self.annotator_id, mark.id)]
        self.gesture.update(table_of(mark), mark.id, deleted=1)
        for decided in {decided.suggestion.id: decided for decided in said}.values():
            if kind_of(decided.suggestion) in self._hidden:
                if decided.decision is not None and decided.decision.result_id == mark.id:
                    self.gesture.update("decision", decided.decision.id, deleted=1)
            elif decided.decision is None:
                self._decide(decided.suggestion, Verdict.REJECT, None, 0)
            elif decided.decision.result_id == mark.id:
                self._redecide(decided, Verdict.REJECT, None, 0)

    def reject(self, suggestion: Shown, *, ms: int) -> None:
        """Rejects a suggestion and any other that says the same."""
        self._decide(suggestion.mark, Verdict.REJECT, None, ms)
        for decided in self._like(suggestion.mark):
            if decided.decision is None and decided.suggestion.id != suggestion.id:
                self._decide(decided.suggestion, Verdict.REJECT, None, 0)

    def _settle(self, mark: Mark) -> None:
        """Decides on every suggestion that says what the mark says; a rejected one was right after all."""
        for decided in self._like(mark):
            verdict = verdict_of(decided.suggestion, mark)
            if decided.decision is None:
                self._decide(decided.suggestion, verdict, mark.id, 0)
            elif decided.decision.verdict is Verdict.REJECT:
                self._redecide(decided, verdict, mark.id, 0)

    def _like(self, mark: Mark) -> list[Decided]:
        return suggestions_like(self.project.db, self.article_id, self.annotator_id, mark)

    def _decide(self, suggestion: Mark, verdict: Verdict, result_id: str | None, ms: int) -> None:
        run_id, n = _key(suggestion)
        decision_id = self.gesture.insert(
            "decision",
            article_id=self.article_id,
            run_id=run_id,
            n=n,
            verdict=str(verdict),
            result_id=result_id,
            ms=ms,
        )
        if result_id is None:
            self._note_sight(decision_id, kind_of(suggestion))

    def _redecide(self, decided: Decided, verdict: Verdict, result_id: str | None, ms: int) -> None:
        decision = decided.decision
        assert decision is not None
        self.gesture.update(
            "decision", decision.id, verdict=str(verdict), result_id=result_id, ms=decision.ms + ms
        )
        if result_id is None:
            self._note_sight(decision.id, kind_of(decided.suggestion))

    def _insert(self, mark: Mark, note: str | None) -> Mark:
        """The mark with its id."""
        own = replace(mark, id=self.gesture.insert(table_of(mark), **columns_of(mark), note=note))
        self._note_sight(own.id, kind_of(own))
        return own

    def _note_sight(self, row_id: str, kind: SuggestionKind) -> None:
        """Keeps of a mark or a rejection that it was made seeing suggestions or not; once seen stays seen."""
        saw = self._sees(kind)
        row = sight_of(self.project.db, row_id)
        if row is None:
            self.gesture.insert("sight", id=row_id, article_id=self.article_id, kind=kind, saw=int(saw))
        elif row != (saw, False):
            self.gesture.update("sight", row_id, saw=int(saw), deleted=0)

    def _sees(self, kind: SuggestionKind) -> bool:
        if kind not in self._seen:
            db = self.project.db
            self._seen[kind] = has_seen(db, self.article_id, self.annotator_id, kind, self._hidden)
        return self._seen[kind]


def _key(suggestion: Mark) -> tuple[int, int]:
    key = key_of(suggestion.id)
    assert key is not None, suggestion.id
    return key


def write_zone(gesture: Gesture, zone: Zone, *, present: bool) -> None:
    """A person's word on a stretch: a zone, or with `present` False a found one that is none."""
    gesture.insert(
        "zoning",
        start=zone.span.start,
        end=zone.span.end,
        kind=str(zone.kind),
        present=int(present),
    )


def unmark_zone(gesture: Gesture, zone: Zone) -> None:
    if zone.id.startswith("found:"):
        write_zone(gesture, zone, present=False)
    else:
        gesture.update("zoning", zone.id, deleted=1)


def kind_of(mark: Mark) -> SuggestionKind:
    return "stance" if isinstance(mark, Stance) else "entity"


def _kind(mark: Mark) -> Kind:
    return Kind.POLARITY if isinstance(mark, Stance) else Kind.ENTITY


def table_of(mark: Mark) -> str:
    return "stance" if isinstance(mark, Stance) else "entity"


def columns_of(mark: Mark) -> dict[str, str | int | None]:
    """What a mark says, as columns of its table."""
    columns: dict[str, str | int | None] = {
        "label": mark.label,
        "start": mark.span.start,
        "end": mark.span.end,
    }
    if isinstance(mark, Entity):
        return columns | {"name": mark.name}
    return columns | _part_columns("holder", mark.holder) | _part_columns("target", mark.target)


def _part_columns(name: str, part: Part | None) -> dict[str, str | int | None]:
    return {
        f"{name}_start": part.span.start if part else None,
        f"{name}_end": part.span.end if part else None,
        f"{name}_name": part.name if part else None,
    }
