"""The marks behind a number of the overview: which they are, read when somebody asks for them."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice, takewhile
from pathlib import Path

from annotator.agreement.sheets import words_of
from annotator.domain.articles import Status
from annotator.domain.choices import SuggestionKind
from annotator.domain.directions import isolated
from annotator.domain.frozen import frozen
from annotator.domain.queue_filter import Field, Term
from annotator.domain.review import Group, Type
from annotator.domain.suggestions import Verdict
from annotator.domain.text import Span
from annotator.services.auditing import Audited, Finding, audited
from annotator.services.overview import Agreed, groups_in
from annotator.services.review_items import ABSENT
from annotator.services.wording import counted
from annotator.storage import queries
from annotator.storage.faults import explained
from annotator.storage.finished import titles
from annotator.storage.project import connect_to_read
from annotator.storage.suggestion_quality import Suggested, decided_on, met_with
from annotator.storage.workload import articles_of

MOST = 300  # places that are listed
_STATUSES = {
    Status.TODO: "to do",
    Status.DOING: "begun",
    Status.DONE: "done",
    Status.FLAGGED: "flagged",
    Status.SKIPPED: "skipped",
}
_VERDICTS = {"accept": "accepted", "edit": "edited", "reject": "rejected"}


@frozen
class Place:
    """One place behind a number: an article, and words in it unless it is the whole article.

    `differs` says that it is in the review; `key` finds it there. Offsets of `span` are code points.
    """

    article_id: int
    title: str
    said: str
    words: str = ""
    span: Span | None = None
    differs: bool = False
    key: tuple[int, str] | None = None


@frozen
class GroupsBehind:
    """Groups of marks. What is empty or None does not choose.

    Of `labels` each must have been given by somebody, ABSENT meaning that somebody gave none; a label that
    is there twice must have been given twice. `among` are who is compared, all if empty. `apart` is who
    stands apart. `counted` says what the number counts where that is not places.
    """

    title: str
    stances: bool | None = None
    differing: bool | None = True
    labels: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    apart: str = ""
    types: frozenset[Type] = frozenset()
    words: str = ""
    articles: tuple[int, ...] = ()
    counted: str = ""

    @property
    def typed(self) -> str:
        """What lists the same differences in the review's filter, as far as that can tell them apart."""
        terms = [Term(Field.LABEL, label) for label in dict.fromkeys(self.labels)]
        # No quotation mark can be typed between two: the words beside it are looked for.
        words = max(self.words.split('"'), key=len).strip()
        return " ".join(map(str, [*terms, Term(Field.TITLE, words, phrase=True)] if words else terms))

    def fits(self, group: Group) -> bool:
        given = Counter(mark.label if mark else ABSENT for _, mark in group.votes)
        return (
            (self.stances is None or group.is_stance is self.stances)
            and (self.differing is None or bool(group.types) is self.differing)
            and not Counter(self.labels) - given
            and (not self.types or bool(self.types & group.types))
            and (not self.words or group.words == self.words)
            and (not self.apart or _apart(group, self.apart))
        )


@frozen
class DecisionsBehind:
    """Suggestions that somebody decided on; None does not choose."""

    title: str
    kind: SuggestionKind | None = None
    label: str | None = None
    tenth: int | None = None
    verdict: Verdict | None = None


@frozen
class SeenBehind:
    """Suggestions of articles that were finished with those of a kind seen or not, kept or not."""

    title: str
    kind: SuggestionKind
    saw: bool
    kept: bool | None = None


@frozen
class ArticlesBehind:
    """Articles: these, or those an annotator has in some status.

    `timed`: spent time on; `assigned`: has to do, which are all where none were handed out.
    """

    title: str
    articles: tuple[int, ...] = ()
    annotator: str = ""
    statuses: tuple[Status, ...] = ()
    timed: bool = False
    assigned: bool = False


@frozen
class AuditBehind:
    """Places that were drawn for the audit, of a kind (whether stances), with some findings; empty: any."""

    title: str
    stances: bool | None = None
    findings: tuple[Finding, ...] = ()

    def fits(self, each: Audited) -> bool:
        of_kind = self.stances is None or each.is_stance is self.stances
        return of_kind and (not self.findings or each.finding in self.findings)


Behind = GroupsBehind | DecisionsBehind | SeenBehind | ArticlesBehind | AuditBehind


@frozen
class Places:
    """The first of the places behind a number, `more` if there are more than are listed."""

    behind: Behind
    rows: tuple[Place, ...]
    more: bool

    @property
    def said(self) -> str:
        what = "article" if isinstance(self.behind, ArticlesBehind) else "place"
        listed = f"the first {MOST} {what}s" if self.more else counted(len(self.rows), what)
        number = self.behind.counted if isinstance(self.behind, GroupsBehind) else ""
        return f"{number} in {listed}" if number and not self.more else listed


def places(
    path: Path,
    behind: Behind,
    agreed: Agreed | None,
    wanted: Callable[[], bool] = lambda: True,
    *,
    blind: bool = False,
) -> Places | None:
    """The places behind a number; None once `wanted` says no. For any thread.

    `blind` leaves out who gave which label, and how many gave it: the places may be reviewed next.
    """
    with explained(path), closing(connect_to_read(path)) as db:
        found = list(
            islice(takewhile(lambda _: wanted(), _places(db, behind, agreed, blind=blind)), MOST + 1)
        )
        if not wanted():
            return None
        return Places(behind, tuple(found[:MOST]), len(found) > MOST)


def _places(db: sqlite3.Connection, behind: Behind, agreed: Agreed | None, *, blind: bool) -> Iterator[Place]:
    most = MOST + 1
    if isinstance(behind, GroupsBehind):
        if agreed is not None:
            yield from _groups(db, behind, agreed, blind=blind)
    elif isinstance(behind, ArticlesBehind):
        yield from _articles(db, behind, agreed)
    elif isinstance(behind, AuditBehind):
        yield from _drawn(db, behind)
    elif isinstance(behind, DecisionsBehind):
        found = decided_on(
            db, kind=behind.kind, label=behind.label, tenth=behind.tenth, verdict=behind.verdict, most=most
        )
        yield from map(_suggested, found)
    else:
        yield from map(
            _suggested, met_with(db, kind=behind.kind, saw=behind.saw, kept=behind.kept, most=most)
        )


def _groups(db: sqlite3.Connection, behind: GroupsBehind, agreed: Agreed, *, blind: bool) -> Iterator[Place]:
    """Those of the articles with most differences first; in one article by place."""
    for article in agreed.articles:
        if behind.articles and article.article_id not in behind.articles:
            continue
        if behind.differing and not article.differing:
            break  # they come last
        for group, whole in _compared(db, article.article_id, behind, agreed):
            if behind.fits(group):
                yield Place(
                    article.article_id,
                    article.title,
                    _votes_said(group, blind=blind),
                    group.words,
                    group.span,
                    bool(whole.types),
                    (whole.article_id, whole.input),
                )


def _compared(
    db: sqlite3.Connection, article_id: int, behind: GroupsBehind, agreed: Agreed
) -> Iterator[tuple[Group, Group]]:
    """The groups of who is compared in an article, each with the group of all that the review knows."""
    of_all = list(groups_in(db, [article_id], agreed.annotators))
    if not behind.among or set(behind.among) == set(agreed.annotators):
        yield from zip(of_all, of_all, strict=True)
        return
    whole = {vote: group for group in of_all for vote in group.votes if vote[1] is not None}
    for group in groups_in(db, [article_id], behind.among):
        yield group, whole[next(vote for vote in group.votes if vote[1] is not None)]


def _articles(db: sqlite3.Connection, behind: ArticlesBehind, agreed: Agreed | None) -> Iterator[Place]:
    if not behind.annotator:
        named = titles(db, behind.articles)
        known = {each.article_id: each for each in agreed.articles} if agreed else {}
        for article_id in behind.articles:
            each = known.get(article_id)
            said = f"{each.differing:,} of {counted(each.groups, 'mark')} differ" if each else ""
            yield Place(article_id, named[article_id], said)
        return
    rows = articles_of(
        db, behind.annotator, behind.statuses, timed=behind.timed, assigned=behind.assigned, most=MOST + 1
    )
    for article_id, title, status, ms in rows:
        spent = f"{ms / 60_000:.1f} min" if ms else ""
        yield Place(
            article_id, title, " · ".join(each for each in (_STATUSES[Status(status)], spent) if each)
        )


def _drawn(db: sqlite3.Connection, behind: AuditBehind) -> Iterator[Place]:
    """They are in the review, which finds them by their digests."""
    for each in filter(behind.fits, audited(db)):
        article = queries.article(db, each.article_id)
        words = words_of(article.text, each.span.start, each.span.end)
        said = f"{each.label} · {each.finding}"
        key = (each.article_id, each.input)
        yield Place(each.article_id, article.title, said, words, each.span, differs=True, key=key)


def _suggested(row: Suggested) -> Place:
    score = "" if row.score is None else f" {row.score:.2f}".replace("0.", ".")
    said = f"{row.label}{score} · {isolated(row.annotator)}: {_VERDICTS.get(row.said, row.said)}"
    return Place(row.article_id, row.title, said, " ".join(row.words.split()), Span(row.start, row.end))


def _votes_said(group: Group, *, blind: bool) -> str:
    """`Noor ORG · Robin GPE`, `GPE · ORG` if blind; the label once where all gave it."""
    labels = {mark.label if mark else ABSENT for _, mark in group.votes}
    if len(labels) == 1:
        how = ", ".join(str(each) for each in sorted(group.types, key=lambda each: each.rank))
        return f"{labels.pop()} · {how or 'all the same'}"
    if blind:
        given = sorted(labels - {ABSENT}) + (["nothing"] if ABSENT in labels else [])
        return " · ".join(given)
    return " · ".join(f"{isolated(name)} {mark.label if mark else 'nothing'}" for name, mark in group.votes)


def _apart(group: Group, annotator: str) -> bool:
    votes = dict(group.votes)
    return annotator in votes and len(group.voters(votes[annotator])) < len(votes)
