"""Names: the canonical names of one annotator's marks, across an article and across a project."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Literal

from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Entity, Mark, Part, Shown
from annotator.domain.names import NameIndex, NamePlace, NameRow
from annotator.domain.text import Span
from annotator.services.annotators import annotator_id
from annotator.services.rows import MarkRows
from annotator.services.standing import Standing, cleaned
from annotator.services.wording import counted
from annotator.storage import names as stored
from annotator.storage import queries
from annotator.storage.journal import Journal
from annotator.storage.marks import called
from annotator.storage.project import Project, connect_to_read
from annotator.storage.waiting import in_steps

PartName = Literal["entity", "holder", "target"]
_PLACES = 200  # articles of one name that are listed
_FEW = 2_000  # marks and suggestions that are read in some ms


class Names:
    """The names of one annotator's marks. A gesture is one transaction and one undo, as in Labelling.

    `read_index` and `read_rows` read the whole project over a connection of their own: for another thread.
    Other annotators' marks are neither read nor changed: who labels should not see what the others said.
    """

    def __init__(self, project: Project, annotator: str) -> None:
        self._project = project
        self._path = project.path
        self._annotator_id = annotator_id(project, annotator)
        self._journal = Journal(project, self._annotator_id)

    def few(self) -> bool:
        """Whether names are read so quickly that there is no need for another thread."""
        return stored.holds_few(self._project.db, _FEW)

    def read_index(self) -> NameIndex:
        """Every name of one's marks and of the suggestions, to type ahead from."""
        with closing(connect_to_read(self._path)) as db:
            return NameIndex(stored.name_uses(db, self._annotator_id))

    def read_rows(self) -> list[NameRow]:
        """Every name of one's marks, those used most first."""
        with closing(connect_to_read(self._path)) as db:
            return stored.name_rows(db, self._annotator_id)

    def read_places(self, name: str) -> list[NamePlace]:
        """The articles that use a name, in the order of the queue; the first 200."""
        with closing(connect_to_read(self._path)) as db:
            return stored.name_places(db, self._annotator_id, name, _PLACES)

    def row(self, name: str) -> NameRow | None:
        """How a name is used; None if no mark has it."""
        return stored.name_row(self._project.db, self._annotator_id, name)

    def first_place(self, name: str) -> tuple[int, str] | None:
        """`(article, mark)` of the first mark with a name, in the order of the queue."""
        found = stored.marks_named(self._project.db, self._annotator_id, name)
        return found[0] if found else None

    def rename(self, name: str, to: str, *, here: int | None = None) -> Change:
        """Another name wherever one's marks have `name`, in every article, as one gesture.

        Suggestions with that name have the other one too, those still to come as well: they are accepted
        with it. A name that is in use already takes the marks in: the two are merged. The Change tells of the
        article `here` if a mark there has the name, else of the first that has one.
        """
        wanted = cleaned(to)
        if wanted is None:
            raise GestureRefused("A name needs at least one letter.")
        if wanted == name:
            raise GestureRefused(f"It is named “{name}” already.")
        found = stored.marks_named(self._project.db, self._annotator_id, name)
        if not found:
            raise GestureRefused(f"No mark of yours is named “{name}”.")
        articles = list(dict.fromkeys(map(itemgetter(0), found)))
        known = stored.marks_named(self._project.db, self._annotator_id, wanted)
        verb, into = ("merge", "into") if known else ("rename", "to")
        summary = (
            f"{verb} “{name}” {into} “{wanted}” in {counted(len(found), 'mark')} "
            f"of {counted(len(articles), 'article')}"
        )
        anchor = here if here is not None and here in articles else articles[0]
        with self._journal.gesture(f"{verb}-name", anchor, summary) as gesture:
            # First, so that marks made from these suggestions go on saying what was suggested.
            stored.rename_suggested(self._project.db, gesture, self._annotator_id, name, wanted)
            marks = [
                (article_id, shown)
                for article_id, of_article in groupby(found, key=itemgetter(0))
                for shown in self._shown(article_id, (mark_id for _, mark_id in of_article))
            ]
            for some in in_steps(self._project.waiting, marks, begin=0.2, end=0.9):
                for article_id, each in groupby(some, key=itemgetter(0)):
                    rows = MarkRows(self._project, gesture, article_id, self._annotator_id)
                    for _, shown in each:
                        rows.change(called(shown.mark, {name: wanted}), note=shown.note, ms=0)
        return gesture.change

    def everywhere(self, article_id: int, mark_id: str, *, part: PartName = "entity") -> list[str]:
        """Ids of the marks that `name_everywhere` would name, the mark itself among them; by place."""
        at = Standing(self._project, self._annotator_id, queries.article(self._project.db, article_id))
        return [shown.id for shown, _ in _mentions(at, at.find(mark_id), part)]

    def name_everywhere(
        self, article_id: int, mark_id: str, name: str | None, *, part: PartName = "entity"
    ) -> Change:
        """The name of a mark, and of every other mark of one's own that says the same words; None for none.

        Entities of the same label, holders and targets. A suggestion is named, and so accepted, only if it
        is the mark itself.
        """
        at = Standing(self._project, self._annotator_id, queries.article(self._project.db, article_id))
        shown = at.find(mark_id)
        name = cleaned(name)
        mentions = [
            (each, named)
            for each, parts in _mentions(at, shown, part)
            if (named := _named(each.mark, name, parts)) != each.mark
        ]
        words = at.quoted(_span(shown.mark, part))
        if not mentions:
            raise GestureRefused(
                f"Every mention of {words} that is yours has that name already."
                f"{_left_out(at, shown, part, name)}"
            )
        for each, mark in mentions:
            if each.suggested:  # one's own may keep a label that was retired
                at.refuse_unknown_label(mark)
        many = counted(len(mentions), "mention")
        summary = f"name {many} of {words} “{name}”" if name else f"take the name of {many} of {words} away"
        with self._journal.gesture("name-everywhere", article_id, summary) as gesture:
            rows = MarkRows(self._project, gesture, article_id, self._annotator_id)
            for some in in_steps(self._project.waiting, mentions, begin=0.1, end=0.9):
                for each, mark in some:
                    if each.suggested:
                        rows.take(each, mark, note=each.note, ms=0)
                    else:
                        rows.change(mark, note=each.note, ms=0)
        return gesture.change

    def _shown(self, article_id: int, ids: Iterable[str]) -> list[Shown]:
        return queries.shown_by_id(self._project.db, article_id, self._annotator_id, list(ids))


def _left_out(at: Standing, shown: Shown, part: PartName, name: str | None) -> str:
    """How many suggested entities say the words of a mark under another name, in a sentence; "" for none."""
    words = _said(at, _span(shown.mark, part))
    others = [
        each
        for each in at.shown()
        if each.suggested
        and isinstance(each.mark, Entity)
        and each.mark.name != name
        and _said(at, each.mark.span) == words
    ]
    if not others:
        return ""
    verb = "has" if len(others) == 1 else "have"
    return f" {counted(len(others), 'suggestion')} {verb} not: accepted first, they can be named too."


def _named(mark: Mark, name: str | None, parts: Sequence[PartName]) -> Mark:
    if isinstance(mark, Entity):
        return replace(mark, name=name)
    holder = replace(mark.holder, name=name) if mark.holder and "holder" in parts else mark.holder
    target = replace(mark.target, name=name) if mark.target and "target" in parts else mark.target
    return replace(mark, holder=holder, target=target)


def _span(mark: Mark, part: PartName) -> Span:
    if isinstance(mark, Entity):
        if part != "entity":
            raise GestureRefused(f"Only a stance has a {part}; this is an entity.")
        return mark.span
    if part == "entity":
        raise GestureRefused("A stance has no name; name its holder or its target.")
    named = mark.holder if part == "holder" else mark.target
    if named is None:
        raise GestureRefused(f"This stance has no {part} yet; set it first.")
    return named.span


def _mentions(at: Standing, shown: Shown, part: PartName) -> list[tuple[Shown, tuple[PartName, ...]]]:
    """The mark and one's own others that say its words, each with the parts of it that do; by place."""
    span = _span(shown.mark, part)
    words = _said(at, span)
    every = [each for each in at.shown() if not each.suggested or each.id == shown.id]
    # A holder has the labels of the entities that stand on the same words, if some do.
    labels: dict[Span, set[str]] = {}
    for each in every:
        if isinstance(each.mark, Entity):
            labels.setdefault(each.mark.span, set()).add(each.mark.label)
    wanted = {shown.mark.label} if isinstance(shown.mark, Entity) else labels.get(span, set())

    def says(other: Span, labelled: set[str]) -> bool:
        return (not wanted or bool(labelled & wanted)) and _said(at, other) == words

    found: list[tuple[Shown, tuple[PartName, ...]]] = []
    for each in every:
        mark = each.mark
        if isinstance(mark, Entity):
            alike: tuple[PartName, ...] = ("entity",) if says(mark.span, {mark.label}) else ()
        else:
            ends: tuple[tuple[PartName, Part | None], ...] = (
                ("holder", mark.holder),
                ("target", mark.target),
            )
            alike = tuple(
                which for which, part in ends if part and says(part.span, labels.get(part.span, wanted))
            )
        if alike:
            found.append((each, alike))
    return found


def _said(at: Standing, span: Span) -> str:
    return " ".join(span.of(at.article.text).split()).casefold()
