"""Stances in a spaCy document: `doc.spans["stances"]`, each span with its holder, target and score.

The evidence spans, labelled with their polarity, are the group "stances"; holders and targets stand in the
groups "stance_holders" and "stance_targets" at the same place. All of it is in `doc.spans`, so that a DocBin
and `Doc.copy` keep it (`Span.as_doc` keeps no group): two stances may have the same words as evidence, for
which spaCy's stored attributes have one place only. The attributes `holder`, `target`, `holder_name`,
`target_name` and `stance_score` of an evidence span are read from the groups; they are None elsewhere.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from spacy.tokens import Doc, Span, SpanGroup

from annotator.domain.frozen import frozen

STANCES, HOLDERS, TARGETS = "stances", "stance_holders", "stance_targets"


@frozen
class StanceSpan:
    """A stance in tokens; `score` is 0 to 1; the names are canonical names within the article."""

    evidence: Span
    polarity: str
    holder: Span
    target: Span
    score: float
    holder_name: str | None = None
    target_name: str | None = None


def set_stances(doc: Doc, stances: Iterable[StanceSpan]) -> None:
    """Puts the stances into the document in place of what it had, in the order of their evidence."""
    found = sorted(stances, key=lambda stance: (stance.evidence.start, stance.evidence.end))
    evidence = [
        Span(doc, stance.evidence.start, stance.evidence.end, label=stance.polarity, span_id=str(number))
        for number, stance in enumerate(found)
    ]
    doc.spans[STANCES] = SpanGroup(
        doc, name=STANCES, attrs={"scores": [stance.score for stance in found]}, spans=evidence
    )
    doc.spans[HOLDERS] = SpanGroup(
        doc,
        name=HOLDERS,
        attrs={"names": [stance.holder_name for stance in found]},
        spans=[stance.holder for stance in found],
    )
    doc.spans[TARGETS] = SpanGroup(
        doc,
        name=TARGETS,
        attrs={"names": [stance.target_name for stance in found]},
        spans=[stance.target for stance in found],
    )


def stances_of(doc: Doc) -> Iterator[StanceSpan]:
    """The document's stances; none if no component has set any, or `Doc.from_docs` has lost half of them."""
    if any(key not in doc.spans for key in (STANCES, HOLDERS, TARGETS)):
        return
    evidences, holders, targets = doc.spans[STANCES], doc.spans[HOLDERS], doc.spans[TARGETS]
    noted = (evidences.attrs.get("scores"), holders.attrs.get("names"), targets.attrs.get("names"))
    columns = (evidences, holders, targets, *(column or () for column in noted))
    if len({len(column) for column in columns}) > 1:
        return
    for evidence, holder, target, score, holder_name, target_name in zip(*columns, strict=True):
        yield StanceSpan(evidence, evidence.label_, holder, target, score, holder_name, target_name)


def _number(span: Span) -> int | None:
    """The place among the document's stances of a span that is the evidence of one."""
    group = span.doc.spans.get(STANCES, ())
    number = int(span.id_) if span.id_.isdecimal() else len(group)
    return number if number < len(group) and group[number] == span else None


def _part(span: Span, key: str) -> Span | None:
    number = _number(span)
    return None if number is None else span.doc.spans[key][number]


def _noted(span: Span, key: str, attribute: str) -> Any:
    number = _number(span)
    noted = span.doc.spans[key].attrs.get(attribute, ()) if number is not None else ()
    return noted[number] if number is not None and number < len(noted) else None


for _name, _getter in {
    "holder": partial(_part, key=HOLDERS),
    "target": partial(_part, key=TARGETS),
    "holder_name": partial(_noted, key=HOLDERS, attribute="names"),
    "target_name": partial(_noted, key=TARGETS, attribute="names"),
    "stance_score": partial(_noted, key=STANCES, attribute="scores"),
}.items():
    if not Span.has_extension(_name):
        Span.set_extension(_name, getter=_getter)
