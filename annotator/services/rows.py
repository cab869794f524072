"""Rows of marks, decisions and zones as one gesture writes them: what every gesture on marks keeps true.

An own mark that says what a suggestion says has a decision on that suggestion, whichever came first: accept
if they are equal in everything a suggestion can say, else edit; once the mark is deleted, reject.
"""

from dataclasses import dataclass, replace

from annotator.domain.labels import Kind
from annotator.domain.marks import Entity, Mark, Part, Shown, Stance
from annotator.domain.suggestions import Decision, Verdict, key_of
from annotator.domain.zones import Zone
from annotator.storage.decisions import Decided, decisions_of, suggestions_like
from annotator.storage.journal import Gesture
from annotator.storage.project import Project


def verdict_of(suggestion: Mark, mark: Mark) -> Verdict:
    """Accept if the mark says exactly what the suggestion does, else edit."""
    return Verdict.ACCEPT if replace(suggestion, id=mark.id) == mark else Verdict.EDIT


@dataclass(frozen=True, slots=True)
class MarkRows:
    """Writes one annotator's marks on one article inside one open gesture."""

    project: Project
    gesture: Gesture
    article_id: int
    annotator_id: str

    def add(self, mark: Mark, *, note: str | None = None) -> str:
        """A new own mark; suggestions that say the same are settled with it. Returns its id."""
        mark_id = self._insert(mark, note)
        self._settle(replace(mark, id=mark_id))
        return mark_id

    def take(self, suggestion: Shown, mark: Mark, *, note: str | None = None, ms: int) -> str:
        """An own mark out of a suggestion, as it is or changed. Returns its id."""
        mark_id = self._insert(mark, note)
        own = replace(mark, id=mark_id)
        self._decide(suggestion.id, verdict_of(suggestion.mark, own), mark_id, ms)
        self._settle(own)
        return mark_id

    def change(self, mark: Mark, *, note: str | None, ms: int) -> None:
        """Writes an own mark as it now is; the decisions that led to it follow, and take `ms` more."""
        columns = columns_of(mark)
        if self.project.labelset.find(_kind(mark), mark.label) is not None:
            # A mark made under an older version comes along, unless the label was retired since.
            columns["labelset_id"] = self.project.labelset.id
        self.gesture.update(table_of(mark), mark.id, **columns, note=note)
        for decided in decisions_of(self.project.db, mark.id):
            verdict = verdict_of(decided.suggestion, mark)
            if decided.decision is not None and (verdict is not decided.decision.verdict or ms):
                self._redecide(decided.decision, verdict, mark.id, ms)
        self._settle(mark)

    def delete(self, mark: Mark) -> None:
        """Takes an own mark away; every suggestion that said it, decided or not, is then rejected."""
        said = [*self._like(mark), *decisions_of(self.project.db, mark.id)]
        self.gesture.update(table_of(mark), mark.id, deleted=1)
        for decided in {decided.suggestion.id: decided for decided in said}.values():
            if decided.decision is None:
                self._decide(decided.suggestion.id, Verdict.REJECT, None, 0)
            elif decided.decision.result_id == mark.id:
                self._redecide(decided.decision, Verdict.REJECT, None, 0)

    def reject(self, suggestion: Shown, *, ms: int) -> None:
        """Rejects a suggestion and any other that says the same."""
        self._decide(suggestion.id, Verdict.REJECT, None, ms)
        for decided in self._like(suggestion.mark):
            if decided.decision is None and decided.suggestion.id != suggestion.id:
                self._decide(decided.suggestion.id, Verdict.REJECT, None, 0)

    def _settle(self, mark: Mark) -> None:
        """Decides on every suggestion that says what the mark says; a rejected one was right after all."""
        for decided in self._like(mark):
            verdict = verdict_of(decided.suggestion, mark)
            if decided.decision is None:
                self._decide(decided.suggestion.id, verdict, mark.id, 0)
            elif decided.decision.verdict is Verdict.REJECT:
                self._redecide(decided.decision, verdict, mark.id, 0)

    def _like(self, mark: Mark) -> list[Decided]:
        return suggestions_like(self.project.db, self.article_id, self.annotator_id, mark)

    def _decide(self, suggestion_id: str, verdict: Verdict, result_id: str | None, ms: int) -> None:
        key = key_of(suggestion_id)
        assert key is not None, suggestion_id
        run_id, n = key
        self.gesture.insert(
            "decision",
            article_id=self.article_id,
            run_id=run_id,
            n=n,
            verdict=str(verdict),
            result_id=result_id,
            ms=ms,
        )

    def _redecide(self, decision: Decision, verdict: Verdict, result_id: str | None, ms: int) -> None:
        self.gesture.update(
            "decision", decision.id, verdict=str(verdict), result_id=result_id, ms=decision.ms + ms
        )

    def _insert(self, mark: Mark, note: str | None) -> str:
        return self.gesture.insert(table_of(mark), **columns_of(mark), note=note)


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


def _kind(mark: Mark) -> Kind:
    return Kind.POLARITY if isinstance(mark, Stance) else Kind.ENTITY


def table_of(mark: Mark) -> str:
    return "stance" if isinstance(mark, Stance) else "entity"


def columns_of(mark: Mark) -> dict[str, str | int | None]:
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
