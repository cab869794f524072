"""Leaves open what the repaired labels of GMB say where a first trained pipeline reads otherwise.

GMB's labels are silver: one name in ten is wrong by our guideline, and so is the pipeline's, but seldom
the same. Where they differ the tokens are marked as unlabelled, and training learns nothing from them.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import spacy
from evaluate import spans
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as DocSpan


def doubted(nlp: Language, docs: list[Doc]) -> Iterator[Doc]:
    """The documents with what both agree on as entities and what they do not as unlabelled tokens."""
    for doc, parsed in zip(docs, nlp.pipe(doc.text for doc in docs), strict=True):
        agreed = spans(doc) & spans(parsed)
        kept = [e for e in doc.ents if (e.start_char, e.end_char, e.label_) in agreed]
        inside = {i for entity in kept for i in range(entity.start, entity.end)}
        disputed = {i for e in (*doc.ents, *parsed.ents) for i in range(e.start, e.end)} - inside
        copy = Doc(nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])
        copy.set_ents(
            [DocSpan(copy, e.start, e.end, label=e.label_) for e in kept],
            missing=[DocSpan(copy, i, i + 1) for i in sorted(disputed)],
            default="outside",
        )
        yield copy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "trained", type=Path, help="a pipeline of train.py, finished on the guideline's texts"
    )
    parser.add_argument("prepared", type=Path, help="the folder prepare.py wrote; gmb_doubted goes there too")
    arguments = parser.parse_args()
    nlp = spacy.load(arguments.trained)
    docs = list(DocBin().from_disk(arguments.prepared / "gmb_train.spacy").get_docs(nlp.vocab))
    results = list(doubted(nlp, docs))
    DocBin(docs=results).to_disk(arguments.prepared / "gmb_doubted.spacy")
    tokens = sum(map(len, results))
    open_ = sum(1 for doc in results for token in doc if token.ent_iob == 0)
    print(f"{open_} of {tokens} tokens left open, {sum(len(doc.ents) for doc in results)} entities agreed on")


if __name__ == "__main__":
    main()
