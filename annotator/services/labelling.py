"""Labelling: what one annotator does to the marks of one project; a method is a gesture is a transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from annotator.domain.articles import Article, Status
from annotator.domain.changes import Change, Progress
from annotator.domain.errors import GestureRefused
from annotator.domain.labels import Kind
from annotator.domain.marks import Entity, Mark, Part, Shown, Stance
from annotator.domain.suggestions import Verdict
from annotator.domain.text import Span, trimmed
from annotator.domain.zones import Zone, ZoneKind
from annotator.services.annotators import annotator_id
from annotator.services.mentions import mentions_of
from annotator.services.rows import MarkRows
from annotator.services.wording import counted, described, quoted
from annotator.storage import queries
from annotator.storage.decisions import Decided, own_like, suggestions_like
from annotator.storage.journal import Gesture, Journal
from annotator.storage.project import Project

_DONE_IN_WORDS = {
    Status.TODO: "put back",
    Status.DOING: "reopen",
    Status.DONE: "finish",
    Status.FLAGGED: "flag",
    Status.SKIPPED: "skip",
}
PartName = Literal["holder", "target"]


@dataclass(frozen=True, slots=True)
class OpenArticle:
    """An article as one annotator sees it; it is the `place`th (from 1) of `count` articles."""

    article: Article
    zones: list[Zone]
    shown: list[Shown]
    status: Status
    progress: Progress
    place: int
    count: int


class Labelling:
    """One annotator at one project; the only way a window changes marks.

    A gesture is saved when its method returns; one that makes no sense raises GestureRefused and writes
    nothing. `mark_id` is the id of a `Shown`: of an own mark, or of a suggestion that is not decided yet.
    `ms` is how long the decision took.
    """

    def __init__(self, project: Project, annotator: str) -> None:
        self.annotator = annotator.strip()
        self._project = project
        self._annotator_id = annotator_id(project, annotator)
        self._journal = Journal(project, self._annotator_id)
        self._read: Article | None = None

    def open(self, article_id: int) -> OpenArticle:
        db, own = self._project.db, self._annotator_id
        return OpenArticle(
            self._article(article_id),
            queries.zones(db, article_id, own),
            queries.shown(db, article_id, own),
            queries.status_of(db, article_id, own),
            queries.progress_of(db, article_id, own),
            *queries.place_of(db, own, article_id),
        )

    # ------------------------------------------------------------------ suggestions

    def accept(self, article_id: int, mark_id: str, *, ms: int = 0) -> Change:
        shown = self._find(article_id, mark_id)
        text = self._article(article_id).text
        if not shown.suggested:
            raise GestureRefused(f"{described(text, shown.mark)} is yours already.")
        self._known(shown.mark)
        with self._marking("accept", article_id, f"accept {described(text, shown.mark)}") as (gesture, rows):
            rows.take(shown, shown.mark, note=None, ms=ms)
        return gesture.change

    def accept_all(self, article_id: int, mark_ids: Iterable[str], *, ms: int = 0) -> Change:
        """Accepts those of the marks that are suggestions with labels of the label set."""
        chosen = list(dict.fromkeys(mark_ids))
        suggestions = [
            shown
            for shown in queries.shown_by_id(self._project.db, article_id, self._annotator_id, chosen)
            if shown.suggested and self._labelled(shown.mark)
        ]
        if not suggestions:
            raise GestureRefused("There is no suggestion to accept here.")
        summary = f"accept {counted(len(suggestions), 'suggestion')}"
        with self._marking("accept", article_id, summary) as (gesture, rows):
            taken: set[Mark] = set()
            for shown in suggestions:
                # Two suggestions that say the same become one mark: settled with the first of them.
                content = replace(shown.mark, id="")
                if content not in taken and self._own_like(article_id, shown.mark) is None:
                    taken.add(content)
                    rows.take(shown, shown.mark, ms=ms)
        return gesture.change

    def reject(self, article_id: int, mark_id: str, *, ms: int = 0) -> Change:
        """Rejects a suggestion; an own mark is deleted."""
        shown = self._find(article_id, mark_id)
        what = described(self._article(article_id).text, shown.mark)
        if not shown.suggested:
            with self._marking("delete", article_id, f"delete {what}") as (gesture, rows):
                rows.delete(shown.mark)
            return gesture.change
        with self._marking("reject", article_id, f"reject {what}") as (gesture, rows):
            rows.reject(shown, ms=ms)
        return gesture.change

    def delete(self, article_id: int, mark_id: str) -> Change:
        """Deletes an own mark; a suggestion is rejected."""
        return self.reject(article_id, mark_id)

    # ------------------------------------------------------------------ marks

    def add(self, article_id: int, span: Span, label: str) -> Change:
        """A new entity. A suggestion that says the same is accepted, with its name."""
        entity = Entity("", self._inside(article_id, span), label)
        self._known(entity)
        return self._add(article_id, entity)

    def add_stance(
        self,
        article_id: int,
        evidence: Span,
        polarity: str,
        *,
        holder: Part | None = None,
        target: Part | None = None,
    ) -> Change:
        stance = Stance(
            "",
            self._inside(article_id, evidence),
            polarity,
            self._part(article_id, holder),
            self._part(article_id, target),
        )
        self._known(stance)
        return self._add(article_id, stance)

    def relabel(self, article_id: int, mark_id: str, label: str, *, ms: int = 0) -> Change:
        """Another entity label, or another polarity."""
        shown = self._find(article_id, mark_id)
        mark = replace(shown.mark, label=label)
        self._known(mark)
        summary = f"relabel {described(self._article(article_id).text, shown.mark)} as {label}"
        return self._change(article_id, shown, mark, "relabel", summary, ms)

    def move(self, article_id: int, mark_id: str, span: Span, *, ms: int = 0) -> Change:
        """New edges of an entity or of a stance's evidence."""
        shown = self._find(article_id, mark_id)
        text = self._article(article_id).text
        mark = replace(shown.mark, span=self._inside(article_id, span))
        summary = f"move {described(text, shown.mark)} to {quoted(text, mark.span)}"
        return self._change(article_id, shown, mark, "move", summary, ms)

    def rename(
        self,
        article_id: int,
        mark_id: str,
        name: str | None,
        *,
        part: Literal["entity", "holder", "target"] = "entity",
    ) -> Change:
        """The canonical name of an entity, or of a stance's holder or target; None or "" takes it away."""
        shown = self._find(article_id, mark_id)
        name = _cleaned(name)
        mark, span = _renamed(shown.mark, name, part)
        words = quoted(self._article(article_id).text, span)
        summary = f"name {words} “{name}”" if name else f"take the name of {words} away"
        return self._change(article_id, shown, mark, "rename", summary, 0)

    def annotate(self, article_id: int, mark_id: str, note: str | None) -> Change:
        """The note on a mark; None or "" takes it away."""
        shown = self._find(article_id, mark_id)
        note = _cleaned(note)
        if note == shown.note:
            raise GestureRefused("The note says that already." if note else "There is no note to take away.")
        what = described(self._article(article_id).text, shown.mark)
        summary = f"note on {what}" if note else f"take the note on {what} away"
        return self._write(article_id, shown, shown.mark, "note", summary, note=note, ms=0)

    def set_holder(self, article_id: int, mark_id: str, part: Part | None, *, ms: int = 0) -> Change:
        return self._set_part(article_id, mark_id, "holder", part, ms)

    def set_target(self, article_id: int, mark_id: str, part: Part | None, *, ms: int = 0) -> Change:
        return self._set_part(article_id, mark_id, "target", part, ms)

    def label_equal_mentions(self, article_id: int, mark_id: str) -> Change:
        """The label of an entity on every other mention of the same words.

        Whole words outside zones. Open suggestions there are accepted, or relabelled. Mentions that the
        annotator labelled otherwise or rejected stay as they are, and so do those inside a longer name.
        """
        shown = self._find(article_id, mark_id)
        entity = shown.mark
        if not isinstance(entity, Entity):
            raise GestureRefused("Only an entity has equal mentions; this is a stance.")
        self._known(entity)
        article, db, own = self._article(article_id), self._project.db, self._annotator_id
        found = mentions_of(
            article.text,
            entity,
            queries.shown(db, article_id, own),
            [zone.span for zone in queries.zones(db, article_id, own)],
        )
        found = [mention for mention in found if not self._rejected(article_id, mention.mark)]
        if not found:
            raise GestureRefused(f"No other mention of {quoted(article.text, entity.span)} needs a label.")
        summary = f"label {counted(len(found), 'more mention')} of {described(article.text, entity)}"
        with self._marking("equal", article_id, summary) as (gesture, rows):
            if shown.suggested:
                rows.take(shown, entity, ms=0)
            for mention in found:
                if mention.suggestion is None:
                    rows.add(mention.mark)
                else:
                    rows.take(mention.suggestion, mention.mark, ms=0)
        return gesture.change

    # ------------------------------------------------------------------ zones and status

    def mark_zone(self, article_id: int, span: Span, kind: ZoneKind = ZoneKind.OTHER) -> Change:
        """A stretch that is not prose. Zones that it overlaps become one with it."""
        span = self._inside(article_id, span)
        zones = queries.zones(self._project.db, article_id, self._annotator_id)
        if any(zone.span.covers(span) for zone in zones):
            raise GestureRefused("That stretch is a zone already.")
        merged = [zone for zone in zones if zone.span.overlaps(span)]
        span = Span(
            min([span.start, *(zone.span.start for zone in merged)]),
            max([span.end, *(zone.span.end for zone in merged)]),
        )
        what = quoted(self._article(article_id).text, span)
        with self._journal.gesture("zone", article_id, f"mark zone {what}") as gesture:
            for zone in merged:
                self._unmark(gesture, zone)
            self._insert_zoning(gesture, Zone(span, kind), present=1)
        return gesture.change

    def unmark_zone(self, article_id: int, zone: Zone) -> Change:
        """A zone is prose after all."""
        if zone not in queries.zones(self._project.db, article_id, self._annotator_id):
            raise GestureRefused("That zone is no longer there.")
        what = quoted(self._article(article_id).text, zone.span)
        with self._journal.gesture("unzone", article_id, f"unmark zone {what}") as gesture:
            self._unmark(gesture, zone)
        return gesture.change

    def set_status(self, article_id: int, status: Status) -> Change:
        article = self._article(article_id)
        if queries.status_of(self._project.db, article_id, self._annotator_id) is status:
            raise GestureRefused(f"The article's status is {status} already.")
        title = quoted(article.title, Span(0, len(article.title)))
        with self._journal.gesture("status", article_id, f"{_DONE_IN_WORDS[status]} {title}") as gesture:
            gesture.status(article_id, status)
        return gesture.change

    # ------------------------------------------------------------------ undo

    def undo(self) -> Change:
        """Takes this annotator's last gesture back, wherever and whenever it was."""
        return self._journal.undo()

    def redo(self) -> Change:
        return self._journal.redo()

    def next_undo(self) -> str | None:
        """The gesture that `undo` would take back, in words."""
        return self._journal.next_undo()

    def next_redo(self) -> str | None:
        return self._journal.next_redo()

    # ------------------------------------------------------------------ what the gestures share

    def _add(self, article_id: int, mark: Mark) -> Change:
        text = self._article(article_id).text
        self._refuse_twin(article_id, mark)
        suggestion = self._suggested_like(article_id, mark)
        with self._marking("add", article_id, f"add {described(text, mark)}") as (gesture, rows):
            if suggestion is not None:
                rows.take(suggestion, suggestion.mark, ms=0)
            else:
                rows.add(mark)
        return gesture.change

    def _set_part(self, article_id: int, mark_id: str, name: PartName, part: Part | None, ms: int) -> Change:
        shown = self._find(article_id, mark_id)
        stance = shown.mark
        if not isinstance(stance, Stance):
            raise GestureRefused(f"Only a stance has a {name}; this is an entity.")
        part = self._part(article_id, part)
        text = self._article(article_id).text
        mark = replace(stance, holder=part) if name == "holder" else replace(stance, target=part)
        what = described(text, stance)
        summary = f"{name} {quoted(text, part.span)} of {what}" if part else f"take the {name} of {what} away"
        return self._change(article_id, shown, mark, name, summary, ms)

    def _change(self, article_id: int, shown: Shown, mark: Mark, kind: str, summary: str, ms: int) -> Change:
        """Writes a mark as it should be; refuses what changes nothing or makes two of the same."""
        if mark == shown.mark:
            raise GestureRefused(f"{described(self._article(article_id).text, mark)} is like that already.")
        self._refuse_twin(article_id, mark)
        return self._write(article_id, shown, mark, kind, summary, note=shown.note, ms=ms)

    def _write(
        self, article_id: int, shown: Shown, mark: Mark, kind: str, summary: str, *, note: str | None, ms: int
    ) -> Change:
        self._known(mark)
        with self._marking(kind, article_id, summary) as (gesture, rows):
            if shown.suggested:
                rows.take(shown, mark, note=note, ms=ms)
            else:
                rows.change(mark, note=note, ms=ms)
        return gesture.change

    @contextmanager
    def _marking(self, kind: str, article_id: int, summary: str) -> Iterator[tuple[Gesture, MarkRows]]:
        with self._journal.gesture(kind, article_id, summary) as gesture:
            yield gesture, MarkRows(self._project, gesture, article_id, self._annotator_id)

    def _unmark(self, gesture: Gesture, zone: Zone) -> None:
        if zone.id.startswith("found:"):
            self._insert_zoning(gesture, zone, present=0)
        else:
            gesture.update("zoning", zone.id, deleted=1)

    def _insert_zoning(self, gesture: Gesture, zone: Zone, *, present: int) -> None:
        gesture.insert(
            "zoning",
            start=zone.span.start,
            end=zone.span.end,
            kind=str(zone.kind),
            present=present,
        )

    def _article(self, article_id: int) -> Article:
        """The article; the last one read is kept, since its text never changes and may be 10 MB long."""
        if self._read is None or self._read.id != article_id:
            self._read = queries.article(self._project.db, article_id)
        return self._read

    def _find(self, article_id: int, mark_id: str) -> Shown:
        found = queries.shown_by_id(self._project.db, article_id, self._annotator_id, [mark_id])
        if not found:
            raise GestureRefused("That mark is no longer there.")
        return found[0]

    def _own_like(self, article_id: int, mark: Mark) -> str | None:
        return own_like(self._project.db, article_id, self._annotator_id, mark)

    def _inside(self, article_id: int, span: Span) -> Span:
        """The span without white space at its ends; refused if nothing is left or it leaves the text."""
        text = self._article(article_id).text
        if span.end > len(text):
            raise GestureRefused("That stretch goes beyond the end of the text.")
        inside = trimmed(text, span.start, span.end)
        if inside is None:
            raise GestureRefused("There is only white space in that stretch.")
        return inside

    def _part(self, article_id: int, part: Part | None) -> Part | None:
        return part and Part(self._inside(article_id, part.span), _cleaned(part.name))

    def _labelled(self, mark: Mark) -> bool:
        kind = Kind.ENTITY if isinstance(mark, Entity) else Kind.POLARITY
        return self._project.labelset.find(kind, mark.label) is not None

    def _known(self, mark: Mark) -> None:
        if not self._labelled(mark):
            word = "entity label" if isinstance(mark, Entity) else "polarity"
            raise GestureRefused(
                f"The label set “{self._project.labelset.name}” has no {word} {mark.label}; choose another."
            )

    def _refuse_twin(self, article_id: int, mark: Mark) -> None:
        twin = self._own_like(article_id, mark)
        if twin is not None and twin != mark.id:
            what = described(self._article(article_id).text, mark)
            raise GestureRefused(f"{what} is there already.")

    def _suggested_like(self, article_id: int, mark: Mark) -> Shown | None:
        """The open suggestion that says what a new mark would."""
        ids = [each.suggestion.id for each in self._like(article_id, mark) if each.id is None]
        found = queries.shown_by_id(self._project.db, article_id, self._annotator_id, ids)
        return found[0] if found else None

    def _rejected(self, article_id: int, mark: Mark) -> bool:
        return any(each.verdict is Verdict.REJECT for each in self._like(article_id, mark))

    def _like(self, article_id: int, mark: Mark) -> list[Decided]:
        return suggestions_like(self._project.db, article_id, self._annotator_id, mark)


def _cleaned(words: str | None) -> str | None:
    """A name or note without white space around it; None for nothing."""
    return (words or "").strip() or None


def _renamed(mark: Mark, name: str | None, part: Literal["entity", "holder", "target"]) -> tuple[Mark, Span]:
    """The mark with the name, and the span that is named."""
    if part == "entity":
        if not isinstance(mark, Entity):
            raise GestureRefused("A stance has no name; name its holder or its target.")
        return replace(mark, name=name), mark.span
    if not isinstance(mark, Stance):
        raise GestureRefused(f"Only a stance has a {part}; this is an entity.")
    named = mark.holder if part == "holder" else mark.target
    if named is None:
        raise GestureRefused(f"This stance has no {part} yet; set it first.")
    named = replace(named, name=name)
    return (replace(mark, holder=named) if part == "holder" else replace(mark, target=named)), named.span
