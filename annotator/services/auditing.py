"""The audit of what all mark alike: what was drawn for it, what a lead has looked at, what was overturned."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from annotator.domain.frozen import frozen
from annotator.domain.marks import Mark
from annotator.domain.review import Adjudication, Scope, Settled, content_of, is_audited
from annotator.domain.text import Span
from annotator.storage.adjudications import Said, adjudications, adjudications_of, said_in, seed_of
from annotator.storage.label_names import labels_become


class Finding(StrEnum):
    """What a lead found of a place that all mark alike."""

    LEFT = "left"
    UPHELD = "upheld"
    OVERTURNED = "overturned"


@frozen
class Audited:
    """A place that was drawn: its group by article and digest of the votes, the label that all gave."""

    article_id: int
    input: str
    is_stance: bool
    label: str
    span: Span
    finding: Finding


@frozen
class Audit:
    """The findings by kind (whether stances), drawn from `settled` places that became gold by themselves."""

    settled: int
    findings: Mapping[bool, Mapping[Finding, int]]

    def count(self, *findings: Finding, stances: bool) -> int:
        return sum(self.findings[stances][each] for each in findings)


def audit(db: sqlite3.Connection) -> Audit:
    """How far the audit is. A place counts once it has become gold by itself; reads all that leads said."""
    findings = {stances: dict.fromkeys(Finding, 0) for stances in (False, True)}
    said = list(_said(db))
    drawn = list(_audited(db, said))
    for each in drawn:
        findings[each.is_stance][each.finding] += 1
    settled = {(each.article_id, each.input) for each in said if each.is_unanimous}
    return Audit(len(settled.union((each.article_id, each.input) for each in drawn)), findings)


def audited(db: sqlite3.Connection) -> list[Audited]:
    """What was drawn: what was overturned first, upheld last; those of an article together, by place."""
    order = [Finding.OVERTURNED, Finding.LEFT, Finding.UPHELD]
    drawn = _audited(db, _said(db))
    return sorted(drawn, key=lambda each: (order.index(each.finding), each.article_id, each.span))


def _said(db: sqlite3.Connection) -> Iterator[Said]:
    """What leads said, by the digests that the votes have now: other names of labels make other ones."""
    if not labels_become(db):
        return said_in(db)
    return (
        Said(each.id, each.article_id, each.input, each.settled is Settled.UNANIMOUS)
        for each in adjudications(db, Scope.PEOPLE)
    )


def _audited(db: sqlite3.Connection, said: Iterable[Said]) -> Iterator[Audited]:
    seed = seed_of(db)
    if seed is None:
        return
    ids = [each.id for each in said if is_audited(seed, each.article_id, each.input)]
    latest: dict[tuple[int, str], Adjudication] = {}
    for each in sorted(adjudications_of(db, ids), key=lambda each: (each.settled.decided, each.op_id)):
        if each.scope is Scope.PEOPLE and not each.second and _is_unanimous(each):
            latest[each.article_id, each.input] = each
    for (article_id, input_), each in latest.items():
        _, mark = each.votes[0]
        assert mark is not None
        yield Audited(article_id, input_, each.is_stance, mark.label, each.span, _finding(each, mark))


def _is_unanimous(said: Adjudication) -> bool:
    contents = {mark and content_of(mark) for _, mark in said.votes}
    return len(contents) == 1 and None not in contents


def _finding(said: Adjudication, mark: Mark) -> Finding:
    if not said.settled.decided:
        return Finding.LEFT
    upheld = said.outcome is not None and content_of(said.outcome) == content_of(mark)
    return Finding.UPHELD if upheld else Finding.OVERTURNED
