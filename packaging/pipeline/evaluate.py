"""Scores a pipeline on prepared parts: strict spans and labels, each label and all, and its speed."""

import argparse
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

PARTS = ("voa_test", "gmb_test", "politics_test")
# What a data set labels at all; where its places are of one kind only, all places count as one.
LABELS = {"politics": ("PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT"), "uner": ("PERSON", "ORG", "GPE")}
MERGED = frozenset({"uner"})


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


def spans(doc: Doc, merged: bool = False) -> set[tuple[int, int, str]]:
    """The entities as code points and label; `merged` calls every place GPE."""
    places = ("LOC", "FAC") if merged else ()
    return {(e.start_char, e.end_char, "GPE" if e.label_ in places else e.label_) for e in doc.ents}


def scores(
    nlp: Language, docs: list[Doc], labels: Iterable[str] = (), *, merged: bool = False
) -> dict[str, Score]:
    """The score of each label and of ALL, for the documents' texts parsed anew; `labels` limits them."""
    right: Counter[str] = Counter()
    proposed: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    allowed = set(labels)
    for doc, parsed in zip(docs, nlp.pipe(doc.text for doc in docs), strict=True):
        gold, guess = spans(doc, merged), spans(parsed, merged)
        for counter, found in ((right, gold & guess), (proposed, guess), (wanted, gold)):
            counter.update(label for _, _, label in found if not allowed or label in allowed)
    table = {
        label: Score(right[label], proposed[label], wanted[label]) for label in sorted(proposed | wanted)
    }
    return table | {"ALL": Score(right.total(), proposed.total(), wanted.total())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("prepared", type=Path, help="the folder prepare.py wrote")
    parser.add_argument("parts", nargs="*", default=PARTS)
    arguments = parser.parse_args()
    begin = time.perf_counter()
    nlp = spacy.load(arguments.pipeline)
    print(f"loaded in {time.perf_counter() - begin:.2f} s")
    for part in arguments.parts:
        docs = list(DocBin().from_disk(arguments.prepared / f"{part}.spacy").get_docs(nlp.vocab))
        begin = time.process_time()
        table = scores(nlp, docs, LABELS.get(part.split("_")[0], ()), merged=part.split("_")[0] in MERGED)
        words = sum(map(len, docs)) / (time.process_time() - begin)
        print(f"{part}: {len(docs)} documents, {words:.0f} words/s")
        for label, score in table.items():
            print(f"  {label:<7} {score}")


if __name__ == "__main__":
    main()
