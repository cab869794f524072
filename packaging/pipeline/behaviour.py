"""Behavioural tests of stances: short sentences in groups, and what a pipeline must find in them or not.

`behaviour/GROUP.toml` says what a group checks and whether it is about negation; each of its cases has a text
and the stances expected there, none if the list is empty. Phrases are words of the text; a phrase that
stands there twice may be found at either place, and of a list of targets each is right ("the tax" or "it").

A case passes when every expected stance is found: the polarity is equal, and holder and target (and
evidence, where the case names it) overlap the expected phrase, titles and determiners before it ignored. A
case that expects none passes when no stance is suggested. Further stances do not fail a case that expects
some, but one with the holder of an expected stance, an overlapping target and the opposite polarity does.

What counts is what a person would see: stances below the thresholds that the pipeline recommends are
left out.
"""

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.agreement.phrases import core
from annotator.domain.errors import PipelineError
from annotator.domain.marks import Part
from annotator.domain.text import Span
from annotator.suggest.messages import Proposal
from annotator.suggest.reading import doc_of, pieces_of, proposals_of, span_groups

FOLDER = Path(__file__).with_name("behaviour")
# The least rate of every group, and of the groups about negation.
BAR, NEGATION_BAR = 0.5, 0.8

_OPPOSITE = {"FAVOR": "AGAINST", "AGAINST": "FAVOR"}


@dataclass(frozen=True, slots=True)
class Expected:
    """A stance in words of the text; of several targets each is right."""

    polarity: str
    holder: str
    targets: tuple[str, ...]
    evidence: str | None = None

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "Expected":
        target = table["target"]
        targets = (target,) if isinstance(target, str) else tuple(target)
        return cls(table["polarity"], table["holder"], targets, table.get("evidence"))


@dataclass(frozen=True, slots=True)
class Case:
    """A text and the stances expected in it."""

    text: str
    stances: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that check one ability."""

    name: str
    checks: str
    negation: bool
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pipeline found in a group: its stances for each case."""

    group: Group
    found: tuple[tuple[Proposal, ...], ...]

    @property
    def failures(self) -> list[tuple[Case, tuple[Proposal, ...]]]:
        pairs = zip(self.group.cases, self.found, strict=True)
        return [(case, found) for case, found in pairs if not passes(case, found)]

    @property
    def passed(self) -> int:
        return len(self.group.cases) - len(self.failures)

    @property
    def rate(self) -> float:
        return self.passed / len(self.group.cases)

    @property
    def bar(self) -> float:
        return NEGATION_BAR if self.group.negation else BAR


def read_groups(folder: Path = FOLDER) -> list[Group]:
    """The groups of a folder, by name."""
    groups = []
    for path in sorted(folder.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        cases = (
            Case(case["text"], tuple(map(Expected.from_table, case["stances"]))) for case in table["cases"]
        )
        groups.append(Group(path.stem, table["checks"], table["negation"], tuple(cases)))
    return groups


def places(text: str, phrase: str) -> list[Span]:
    """Where a phrase stands in a text as whole words."""
    pattern = rf"(?<!\w){re.escape(phrase)}(?!\w)"
    return [Span(match.start(), match.end()) for match in re.finditer(pattern, text)]


def passes(case: Case, found: Iterable[Proposal]) -> bool:
    """Whether what was found in the case's text is what the case expects (see the module)."""
    stances = [proposal for proposal in found if proposal.kind == "stance"]
    if not case.stances:
        return not stances
    expected = [
        [_agrees(case.text, each, stance) and each.polarity == stance.label for stance in stances]
        for each in case.stances
    ]
    extras = [stance for n, stance in enumerate(stances) if not any(row[n] for row in expected)]
    contradicted = any(
        stance.label == _OPPOSITE.get(each.polarity) and _agrees(case.text, each, stance, parts_only=True)
        for each in case.stances
        for stance in extras
    )
    return all(any(row) for row in expected) and not contradicted


def _agrees(text: str, expected: Expected, stance: Proposal, *, parts_only: bool = False) -> bool:
    """Whether holder, target and named evidence overlap, or holder and target only."""
    if not (
        _overlaps(text, expected.holder, stance.holder)
        and any(_overlaps(text, target, stance.target) for target in expected.targets)
    ):
        return False
    return parts_only or not expected.evidence or _overlaps(text, expected.evidence, Part(stance.span))


def _overlaps(text: str, phrase: str, part: Part | None) -> bool:
    if part is None:
        return False
    found = core(text, part.span)
    return any(core(text, place).overlaps(found) for place in places(text, phrase))


def read_stances(pipeline: str, texts: Sequence[str]) -> Iterator[tuple[Proposal, ...]]:
    """The stances that a pipeline suggests for each text, read as an article of its own."""
    from annotator.suggest.loading import load  # late: it loads spaCy, which judging does without

    loaded = load(pipeline)
    groups = span_groups(loaded.nlp)
    for text in texts:
        pieces = pieces_of(text, ())
        docs = loaded.nlp.pipe(doc_of(loaded.nlp, piece) for piece in pieces)
        yield tuple(
            proposal
            for doc, piece in zip(docs, pieces, strict=True)
            for proposal in proposals_of(doc, piece, groups)
            if proposal.kind == "stance"
            and (proposal.score is None or proposal.score >= loaded.thresholds.of("stance", proposal.label))
        )


def outcomes(groups: Sequence[Group], pipeline: str) -> list[Outcome]:
    """What a pipeline makes of each group."""
    found = read_stances(pipeline, [case.text for group in groups for case in group.cases])
    return [Outcome(group, tuple(next(found) for _ in group.cases)) for group in groups]


def fields(outcome: Outcome) -> dict[str, object]:
    """An outcome as JSON can hold it."""
    group = outcome.group
    return {
        "group": group.name,
        "checks": group.checks,
        "negation": group.negation,
        "passed": outcome.passed,
        "of": len(group.cases),
        "rate": round(outcome.rate, 3),
        "failures": [
            {
                "text": case.text,
                "expected": [
                    [stance.polarity, stance.holder, stance.targets, stance.evidence]
                    for stance in case.stances
                ],
                "found": [list(_told(case.text, stance)) for stance in found],
            }
            for case, found in outcome.failures
        ],
    }


def _told(text: str, stance: Proposal) -> tuple[str, str | None, str | None, str]:
    """Polarity, holder, target and evidence in words."""
    holder = stance.holder.span.of(text) if stance.holder else None
    target = stance.target.span.of(text) if stance.target else None
    return stance.label, holder, target, stance.span.of(text)


def table(results: Sequence[Outcome]) -> Iterator[str]:
    """The lines of a table for people; a group below its bar is marked."""
    yield f"{'group':<26}passed   of   rate"
    for outcome in results:
        below = "" if outcome.rate >= outcome.bar else f"   below {outcome.bar:.0%}"
        name = outcome.group.name + (" (negation)" if outcome.group.negation else "")
        yield f"{name:<26}{outcome.passed:>6}{len(outcome.group.cases):>5}{outcome.rate:>7.0%}{below}"
    passed, of = sum(each.passed for each in results), sum(len(each.group.cases) for each in results)
    yield f"{'all':<26}{passed:>6}{of:>5}{passed / of:>7.0%}"
    for outcome in results:
        for case, found in outcome.failures:
            yield f"\n{outcome.group.name}: {case.text}"
            for stance in case.stances:
                said = f" ({stance.evidence})" if stance.evidence else ""
                yield f"  wanted {stance.polarity:<8}{stance.holder} > {' or '.join(stance.targets)}{said}"
            for polarity, holder, target, evidence in (_told(case.text, stance) for stance in found):
                yield f"  found  {polarity:<8}{holder or '-'} > {target or '-'} ({evidence})"


def main() -> int:
    """Status 1 if a group is below its bar, 2 if the pipeline cannot be loaded."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "pipeline", metavar="PIPELINE_DIR", help="a built-in pipeline's name, a package or folder"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object for each group")
    arguments = parser.parse_args()
    try:
        results = outcomes(read_groups(), arguments.pipeline)
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 2
    lines = (
        [json.dumps(fields(each), ensure_ascii=False) for each in results]
        if arguments.json
        else table(results)
    )
    print("\n".join(lines))
    return 1 if any(outcome.rate < outcome.bar for outcome in results) else 0


if __name__ == "__main__":
    sys.exit(main())
