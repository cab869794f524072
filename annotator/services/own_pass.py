"""One's own pass: going through an article while suggestions are hidden, and seeing them afterwards."""

from annotator.domain.changes import Change
from annotator.domain.choices import KINDS, SuggestionKind, When
from annotator.domain.errors import GestureRefused
from annotator.domain.frozen import frozen
from annotator.domain.text import Span
from annotator.services.annotators import annotator_id
from annotator.services.wording import quoted
from annotator.storage import queries
from annotator.storage.choices import choices_of
from annotator.storage.journal import Gesture, Journal
from annotator.storage.project import Project
from annotator.storage.sight import hidden_kinds, own_passes

_SAID: dict[tuple[SuggestionKind, ...], str] = {
    ("entity",): "Entity suggestions",
    ("stance",): "Stance suggestions",
    KINDS: "Suggestions",
}


@frozen
class Hidden:
    """The kinds of suggestions that are hidden in an article until one's own pass is done, and for good."""

    until_done: tuple[SuggestionKind, ...] = ()
    for_good: tuple[SuggestionKind, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.until_done or self.for_good)

    @property
    def kinds(self) -> tuple[SuggestionKind, ...]:
        return tuple(kind for kind in KINDS if kind in self.until_done or kind in self.for_good)

    def said(self, key: str) -> str:
        """What is hidden and how long, in a few words; `key` ends one's own pass. "" if nothing is."""
        said = (
            [f"{_SAID[self.until_done]} hidden until your own pass is done ({key})"]
            if self.until_done
            else []
        )
        said += [f"{_SAID[self.for_good]} hidden: blind sample"] if self.for_good else []
        return " · ".join(said)


def hidden_in(project: Project, article_id: int, annotator_id: str) -> Hidden:
    """What is hidden from an annotator in an article now."""
    kinds = hidden_kinds(project.db, article_id, annotator_id)
    if not kinds:
        return Hidden()
    showing = choices_of(project.db).showing
    after = tuple(kind for kind in KINDS if kind in kinds and showing.of(kind) is When.AFTER)
    return Hidden(after, tuple(kind for kind in KINDS if kind in kinds and kind not in after))


class OwnPass:
    """One annotator at the articles of one project."""

    def __init__(self, project: Project, annotator: str) -> None:
        self._project = project
        self._annotator_id = annotator_id(project, annotator)

    def reveal(self, article_id: int) -> Change:
        """One's own pass is done: the suggestions that were hidden until then are shown from now on.

        Refused where none are, and in the blind sample, where they stay hidden.
        """
        hidden = hidden_in(self._project, article_id, self._annotator_id)
        if not hidden:
            raise GestureRefused("No suggestions are hidden here.")
        if not hidden.until_done:
            raise GestureRefused("This article is in the blind sample: suggestions stay hidden in it.")
        article = queries.article(self._project.db, article_id)
        title = quoted(article.title, Span(0, len(article.title)))
        journal = Journal(self._project, self._annotator_id)
        with journal.gesture("reveal", article_id, f"end the own pass through {title}") as gesture:
            note_passes(
                self._project, gesture, article_id, self._annotator_id, hidden.until_done, revealed=True
            )
        return gesture.change


def note_passes(
    project: Project,
    gesture: Gesture,
    article_id: int,
    annotator_id: str,
    kinds: tuple[SuggestionKind, ...] | None = None,
    *,
    revealed: bool,
) -> None:
    """Keeps that an annotator went through an article without suggestions of these kinds.

    None stands for all that are hidden.
    """
    passes = own_passes(project.db, article_id, annotator_id)
    hidden = hidden_kinds(project.db, article_id, annotator_id)
    for kind in KINDS if kinds is None else kinds:
        if kind not in hidden:
            continue
        if kind not in passes:
            gesture.insert("own_pass", kind=kind, revealed=int(revealed))
        elif revealed:
            gesture.update("own_pass", passes[kind].id, revealed=1)
