"""Scores a pipeline as `annotator evaluate` does: on JSONL records, or strictly on prepared parts.

A record is an object with "text", "spans" (start, end, label) and "stances" (start, end, label, holder and
target, each with start and end), as native JSONL has them.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, DocBin

from annotator.agreement.alignment import Compared, compare
from annotator.agreement.scores import ALL, Counts, Scores, score, tally
from annotator.domain.choices import Thresholds
from annotator.domain.codec.problems import Problem, RecordError
from annotator.domain.codec.reader import RecordReader
from annotator.domain.marks import Entity, Mark, Stance
from annotator.domain.text import Span
from annotator.domain.zone_rules import find_zones
from annotator.services.evaluation_report import table
from annotator.services.projects import label_set
from annotator.storage.marks import mark_of
from annotator.suggest.loading import load
from annotator.suggest.messages import Proposal
from annotator.suggest.reading import doc_of, pieces_of, proposals_of, span_groups

PARTS = ("voa_test", "gmb_test", "politics_test")
# What a data set labels at all; where its places are of one kind only, all places count as one.
LABELS = {"politics": ("PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT"), "uner": ("PERSON", "ORG", "GPE")}
MERGED = frozenset({"uner"})
EVERYTHING = Thresholds()


@dataclass(frozen=True, slots=True)
class Score:
    """How many spans were right, proposed and wanted."""

    right: int
    proposed: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.proposed)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.wanted)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, self.proposed + self.wanted)

    def __str__(self) -> str:
        return f"P {self.precision:.3f} R {self.recall:.3f} F1 {self.f1:.3f} n {self.wanted}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One article as it should be read, and the zones in which nothing is scored."""

    text: str
    marks: tuple[Mark, ...]
    zones: tuple[Span, ...]


def evaluate(
    nlp: Language, records: Iterable[Mapping[str, Any]], *, thresholds: Thresholds = EVERYTHING
) -> Scores:
    """The figures of `annotator evaluate` for a pipeline on records.

    Suggestions below `thresholds` are left out. Raises RecordError for a record that is wrong.
    """
    wanted = list(map(as_wanted, records))
    return score(_compared(nlp, wanted, thresholds), labels=[label.name for label in label_set().labels])


def as_wanted(raw: Mapping[str, Any]) -> Wanted:
    record = RecordReader().read(dict(raw))
    known = {label.name for label in label_set().labels}
    if foreign := sorted({row[1] for row in record.marks} - known):
        raise RecordError([Problem(f"the label set has no {', '.join(foreign)}", "correct the labels")])
    text = record.article.text
    if record.zones is None:
        zones = tuple(zone.span for zone in find_zones(text))
    else:
        zones = tuple(Span(start, end) for start, end, _ in record.zones)
    marks = (
        mark_of("", Span(start, end), label, name, parts, is_entity=kind == "entity")
        for kind, label, start, end, _, name, *parts in record.marks
    )
    return Wanted(text, tuple(marks), zones)


def _compared(nlp: Language, wanted: list[Wanted], thresholds: Thresholds) -> Iterator[Compared]:
    pieces = [(n, piece) for n, each in enumerate(wanted) for piece in pieces_of(each.text, each.zones)]
    groups = span_groups(nlp)
    found: defaultdict[int, dict[Mark, None]] = defaultdict(dict)
    docs = nlp.pipe(doc_of(nlp, piece) for _, piece in pieces)
    for doc, (n, piece) in zip(docs, pieces, strict=True):
        for proposal in proposals_of(doc, piece, groups):
            if proposal.score is None or proposal.score >= thresholds.of(proposal.kind, proposal.label):
                found[n][_mark(proposal)] = None
    for n, each in enumerate(wanted):
        yield compare(each.text, each.marks, found[n], each.zones)


def _mark(proposal: Proposal) -> Mark:
    if proposal.kind == "entity":
        return Entity("", proposal.span, proposal.label)
    return Stance("", proposal.span, proposal.label, proposal.holder, proposal.target)


def spans(doc: Doc, merged: bool = False) -> set[tuple[int, int, str]]:
    """The entities as code points and label; `merged` calls every place GPE."""
    places = ("LOC", "FAC") if merged else ()
    return {(e.start_char, e.end_char, "GPE" if e.label_ in places else e.label_) for e in doc.ents}


def scores(
    nlp: Language, docs: list[Doc], labels: Iterable[str] = (), *, merged: bool = False
) -> dict[str, Score]:
    """The strict score of each label and of ALL, for the texts parsed anew; `labels` limits them."""
    allowed = set(labels)

    def entities(doc: Doc) -> list[Entity]:
        return [
            Entity("", Span(start, end), label)
            for start, end, label in spans(doc, merged)
            if not allowed or label in allowed
        ]

    counts: defaultdict[str, Counts] = defaultdict(Counts)
    for doc, parsed in zip(docs, nlp.pipe(doc.text for doc in docs), strict=True):
        for (figure, label), of_doc in tally(compare(doc.text, entities(doc), entities(parsed))).items():
            if figure == "strict":
                counts[label] += of_doc
    by_label = {label: counts[label] for label in sorted(counts.keys() - {ALL})} | {"ALL": counts[ALL]}
    return {label: Score(each.right, each.found, each.wanted) for label, each in by_label.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("labels", type=Path, help="a JSONL file of records, or the folder prepare.py wrote")
    parser.add_argument("parts", nargs="*", default=PARTS, help="of the folder")
    arguments = parser.parse_args()
    begin = time.perf_counter()
    loaded = load(str(arguments.pipeline))
    nlp = loaded.nlp
    print(f"loaded in {time.perf_counter() - begin:.2f} s")
    if arguments.labels.is_file():
        records = map(json.loads, arguments.labels.read_text(encoding="utf-8").splitlines())
        print("\n".join(table(evaluate(nlp, records, thresholds=loaded.thresholds))))
        return
    for part in arguments.parts:
        docs = list(DocBin().from_disk(arguments.labels / f"{part}.spacy").get_docs(nlp.vocab))
        begin = time.process_time()
        of_part = scores(nlp, docs, LABELS.get(part.split("_")[0], ()), merged=part.split("_")[0] in MERGED)
        words = sum(map(len, docs)) / (time.process_time() - begin)
        print(f"{part}: {len(docs)} documents, {words:.0f} words/s")
        for label, of_label in of_part.items():
            print(f"  {label:<7} {of_label}")


if __name__ == "__main__":
    main()
