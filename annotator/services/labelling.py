"""Labelling: what one annotator does to the marks of one project; a method is a gesture is a transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

from annotator.domain.articles import Article, Status
from annotator.domain.changes import Change, Progress
from annotator.domain.effort import Effort
from annotator.domain.errors import GestureRefused
from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Mark, Part, Shown, Stance
from annotator.domain.text import Span
from annotator.domain.zones import Zone, ZoneKind
from annotator.services.annotators import annotator_id
from annotator.services.own_pass import Hidden, hidden_in, note_passes
from annotator.services.rows import MarkRows, unmark_zone, write_zone
from annotator.services.standing import Standing, cleaned
from annotator.services.wording import counted, quoted
from annotator.storage import effort, queries
from annotator.storage.flags import flag_id
from annotator.storage.journal import Gesture, Journal
from annotator.storage.project import Project
from annotator.storage.remarks import remark_row

_SAYS_STATUS = {
    Status.TODO: "put back",
    Status.DOING: "reopen",
    Status.DONE: "finish",
    Status.FLAGGED: "flag",
    Status.SKIPPED: "skip",
}


@frozen
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
        self._last: Standing | None = None

    def open(self, article_id: int) -> OpenArticle:
        at, db = self._at(article_id), self._project.db
        return OpenArticle(
            at.article,
            at.zones(),
            at.shown(),
            at.status(),
            queries.progress_of(db, article_id, self._annotator_id),
            *queries.place_of(db, self._annotator_id, article_id),
        )

    def accept(self, article_id: int, mark_id: str, *, ms: int = 0) -> Change:
        at = self._at(article_id)
        shown = at.find(mark_id)
        if not shown.suggested:
            raise GestureRefused(f"{at.described(shown.mark)} is yours already.")
        at.refuse_unknown_label(shown.mark)
        with self._gesture(at, "accept", f"accept {at.described(shown.mark)}") as (gesture, rows):
            rows.take(shown, shown.mark, ms=ms)
        return gesture.change

    def reject(self, article_id: int, mark_id: str, *, ms: int = 0) -> Change:
        """Rejects a suggestion; an own mark is deleted."""
        at = self._at(article_id)
        shown = at.find(mark_id)
        kind = "reject" if shown.suggested else "delete"
        with self._gesture(at, kind, f"{kind} {at.described(shown.mark)}") as (gesture, rows):
            if shown.suggested:
                rows.reject(shown, ms=ms)
            else:
                rows.delete(shown.mark)
        return gesture.change

    def delete(self, article_id: int, mark_id: str) -> Change:
        """Deletes an own mark; a suggestion is rejected."""
        return self.reject(article_id, mark_id)

    def add(self, article_id: int, span: Span, label: str) -> Change:
        """A new entity. A suggestion that says the same is accepted, with its name."""
        at = self._at(article_id)
        return self._add(at, Entity("", at.inside(span), label))

    def add_stance(
        self,
        article_id: int,
        evidence: Span,
        polarity: str,
        *,
        holder: Part | None = None,
        target: Part | None = None,
    ) -> Change:
        """A new stance. A suggestion that says the same is accepted, with its names."""
        at = self._at(article_id)
        return self._add(at, Stance("", at.inside(evidence), polarity, at.part(holder), at.part(target)))

    def relabel(self, article_id: int, mark_id: str, label: str, *, ms: int = 0) -> Change:
        """Another entity label, or another polarity."""
        at = self._at(article_id)
        shown = at.find(mark_id)
        summary = f"relabel {at.described(shown.mark)} as {label}"
        return self._change(at, shown, replace(shown.mark, label=label), "relabel", summary, ms=ms)

    def move(self, article_id: int, mark_id: str, span: Span, *, ms: int = 0) -> Change:
        """New edges of an entity or of a stance's evidence."""
        at = self._at(article_id)
        shown = at.find(mark_id)
        span = at.inside(span)
        summary = f"move {at.described(shown.mark)} to {at.quoted(span)}"
        return self._change(at, shown, replace(shown.mark, span=span), "move", summary, ms=ms)

    def rename(
        self,
        article_id: int,
        mark_id: str,
        name: str | None,
        *,
        part: Literal["entity", "holder", "target"] = "entity",
    ) -> Change:
        """The canonical name of an entity, or of a stance's holder or target; None or "" takes it away."""
        at = self._at(article_id)
        shown = at.find(mark_id)
        name = cleaned(name)
        mark, span = _renamed(shown.mark, name, part)
        words = at.quoted(span)
        summary = f"name {words} “{name}”" if name else f"take the name of {words} away"
        return self._change(at, shown, mark, "rename", summary)

    def annotate(self, article_id: int, mark_id: str, note: str | None) -> Change:
        """The note on a mark; None or "" takes it away. A suggestion is accepted with it."""
        at = self._at(article_id)
        shown = at.find(mark_id)
        note = cleaned(note)
        if note == shown.note:
            raise GestureRefused("The note says that already." if note else "There is no note to take away.")
        what = at.described(shown.mark)
        summary = f"note on {what}" if note else f"take the note on {what} away"
        return self._write(at, replace(shown, note=note), shown.mark, "note", summary)

    def set_holder(self, article_id: int, mark_id: str, part: Part | None, *, ms: int = 0) -> Change:
        """Who holds a stance; None for nobody."""
        return self._set_part(article_id, mark_id, "holder", part, ms)

    def set_target(self, article_id: int, mark_id: str, part: Part | None, *, ms: int = 0) -> Change:
        """What a stance is about; None for nothing."""
        return self._set_part(article_id, mark_id, "target", part, ms)

    def label_equal_mentions(
        self, article_id: int, mark_id: str, known: Iterable[Shown] | None = None, *, any_case: bool = False
    ) -> Change:
        """The label of an entity on every other mention of the same words, in the same case or in any.

        Whole words outside zones. Open suggestions there are accepted, or relabelled. Mentions that the
        annotator labelled otherwise or rejected stay as they are, and so do those inside a longer name.
        `known` are the article's marks, for who knows them: reading 100,000 takes half a second.
        """
        from annotator.services.again import equal_mentions  # not for the first window

        at = self._at(article_id)
        shown = at.find(mark_id)
        mentions = equal_mentions(at, shown, known, any_case=any_case)
        summary = f"label {counted(len(mentions), 'more mention')} of {at.described(shown.mark)}"
        with self._gesture(at, "equal", summary) as (gesture, rows):
            if shown.suggested:
                rows.take(shown, shown.mark, ms=0)
            rows.make_all([(mention.mark, mention.suggestion) for mention in mentions])
        return gesture.change

    def mark_zone(self, article_id: int, span: Span, kind: ZoneKind = ZoneKind.OTHER) -> Change:
        """A stretch that is not prose. Zones that it overlaps become one with it."""
        at = self._at(article_id)
        span = at.inside(span)
        zones = at.zones()
        if any(zone.span.covers(span) for zone in zones):
            raise GestureRefused("That stretch is a zone already.")
        merged = [zone for zone in zones if zone.span.overlaps(span)]
        span = Span(
            min([span.start, *(zone.span.start for zone in merged)]),
            max([span.end, *(zone.span.end for zone in merged)]),
        )
        with self._journal.gesture("zone", article_id, f"mark zone {at.quoted(span)}") as gesture:
            for zone in merged:
                unmark_zone(gesture, zone)
            write_zone(gesture, Zone(span, kind), present=True)
        return gesture.change

    def unmark_zone(self, article_id: int, zone: Zone) -> Change:
        """A zone is prose after all."""
        at = self._at(article_id)
        if zone not in at.zones():
            raise GestureRefused("That zone is no longer there.")
        with self._journal.gesture("unzone", article_id, f"unmark zone {at.quoted(zone.span)}") as gesture:
            unmark_zone(gesture, zone)
        return gesture.change

    def set_status(self, article_id: int, status: Status) -> Change:
        at = self._at(article_id)
        if at.status() is status:
            raise GestureRefused(f"The article's status is {status} already.")
        title = quoted(at.article.title, Span(0, len(at.article.title)))
        with self._journal.gesture("status", article_id, f"{_SAYS_STATUS[status]} {title}") as gesture:
            if at.status() is Status.FLAGGED and self._flag(article_id) is None:
                gesture.insert("flag")
            gesture.status(article_id, status)
            if status is Status.DONE:
                note_passes(self._project, gesture, article_id, self._annotator_id, revealed=False)
        return gesture.change

    def flag(self, article_id: int, *, on: bool) -> Change:
        """Puts a flag on the article or takes it off; its status stays."""
        at = self._at(article_id)
        flag, by_status = self._flag(article_id), at.status() is Status.FLAGGED
        if on == (flag is not None or by_status):
            raise GestureRefused("The article is flagged already." if on else "The article is not flagged.")
        title = quoted(at.article.title, Span(0, len(at.article.title)))
        summary = f"flag {title}" if on else f"take the flag off {title}"
        with self._journal.gesture("flag", article_id, summary) as gesture:
            if on:
                gesture.insert("flag")
            if flag is not None:
                gesture.update("flag", flag, deleted=1)
            if by_status:
                gesture.status(article_id, Status.DOING)
        return gesture.change

    def _flag(self, article_id: int) -> str | None:
        return flag_id(self._project.db, self._annotator_id, article_id)

    def remark(self, article_id: int, note: str | None) -> Change:
        """The note on the article itself; None or "" takes it away."""
        at = self._at(article_id)
        note = cleaned(note)
        before = remark_row(self._project.db, self._annotator_id, article_id)
        if note == (before.note if before else None):
            raise GestureRefused("The note says that already." if note else "There is no note to take away.")
        title = quoted(at.article.title, Span(0, len(at.article.title)))
        summary = f"note on {title}" if note else f"take the note on {title} away"
        with self._journal.gesture("remark", article_id, summary) as gesture:
            if before is None:
                gesture.insert("remark", note=note)
            elif note is None:
                gesture.update("remark", before.id, deleted=1)
            else:
                gesture.update("remark", before.id, note=note)
        return gesture.change

    def hidden(self, article_id: int) -> Hidden:
        """The suggestions that are hidden from this annotator in an article now."""
        return hidden_in(self._project, article_id, self._annotator_id)

    def undo(self) -> Change:
        """Takes this annotator's last gesture back, wherever and whenever it was."""
        return self._journal.undo()

    def redo(self) -> Change:
        return self._journal.redo()

    def next_undo(self) -> str | None:
        """The gesture that `undo` would take back, in words; None if there is none."""
        return self._journal.next_undo()

    def next_redo(self) -> str | None:
        return self._journal.next_redo()

    def undoable(self) -> str | None:
        """`next_undo` with the article it is in: `reject PERSON “Lavrov” in “Talks end”`."""
        return self._journal.undoable_in_words()

    def redoable(self) -> str | None:
        return self._journal.redoable_in_words()

    def spend(self, article_id: int, ms: int) -> None:
        """Adds time at work on an article; that is no gesture, and nothing takes it back."""
        with self._project.writing() as db:
            effort.spend(db, self._annotator_id, article_id, ms)

    def effort(self, article_id: int) -> Effort:
        return effort.effort_of(self._project.db, self._annotator_id, article_id)

    def _at(self, article_id: int) -> Standing:
        """The last article is kept: its text never changes, and may be 10 MB long."""
        if self._last is None or self._last.article.id != article_id:
            article = queries.article(self._project.db, article_id)
            self._last = Standing(self._project, self._annotator_id, article)
        return self._last

    def _add(self, at: Standing, mark: Mark) -> Change:
        at.refuse_unknown_label(mark)
        at.refuse_twin(mark)
        suggestion = at.suggested_like(mark)
        with self._gesture(at, "add", f"add {at.described(mark)}") as (gesture, rows):
            if suggestion is None:
                rows.add(mark)
            else:
                rows.take(suggestion, suggestion.mark, ms=0)
        return gesture.change

    def _set_part(
        self, article_id: int, mark_id: str, name: Literal["holder", "target"], part: Part | None, ms: int
    ) -> Change:
        at = self._at(article_id)
        shown = at.find(mark_id)
        stance = shown.mark
        if not isinstance(stance, Stance):
            raise GestureRefused(f"Only a stance has a {name}; this is an entity.")
        part = at.part(part)
        mark = replace(stance, holder=part) if name == "holder" else replace(stance, target=part)
        what = at.described(stance)
        summary = f"{name} {at.quoted(part.span)} of {what}" if part else f"take the {name} of {what} away"
        return self._change(at, shown, mark, name, summary, ms=ms)

    def _change(
        self, at: Standing, shown: Shown, mark: Mark, kind: str, summary: str, *, ms: int = 0
    ) -> Change:
        """Writes a mark as it should be; refuses what changes nothing."""
        if mark == shown.mark:
            raise GestureRefused(f"{at.described(mark)} is like that already.")
        return self._write(at, shown, mark, kind, summary, ms=ms)

    def _write(
        self, at: Standing, shown: Shown, mark: Mark, kind: str, summary: str, *, ms: int = 0
    ) -> Change:
        """Writes a mark with the note of `shown`; refuses to make two of the same."""
        if shown.suggested or mark.label != shown.mark.label:  # one's own may keep a label that was retired
            at.refuse_unknown_label(mark)
        at.refuse_twin(mark)
        with self._gesture(at, kind, summary) as (gesture, rows):
            if shown.suggested:
                rows.take(shown, mark, note=shown.note, ms=ms)
            else:
                rows.change(mark, note=shown.note, ms=ms)
        return gesture.change

    @contextmanager
    def _gesture(self, at: Standing, kind: str, summary: str) -> Iterator[tuple[Gesture, MarkRows]]:
        with self._journal.gesture(kind, at.article.id, summary) as gesture:
            yield gesture, MarkRows(self._project, gesture, at.article.id, self._annotator_id)


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
