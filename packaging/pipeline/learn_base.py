"""Teaches the encoder names and syntax on the large sets, before it learns the guideline's own texts."""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import torch
from batches import Example, batch, batches, examples, labelled
from losses import entity_loss, tree_loss
from network import Network, word_pieces
from spacy.tokens import Doc
from steps import Rates, Steps
from syntax import Syntax
from tokens import blank_pipeline
from train import RENAMED, RESTYLED, Names, read, restyled

from annotator.suggest.encoder.pieces import WordPieces

SIZE = 2304  # pieces a batch
# How often each part is seen in a round.
PARTS = {
    "gmb_doubted": 1,
    "wikigold": 2,
    "politics_train": 4,
    "politics_dev": 1,
    "redocred": 1,
    "voa_train": 2,
    "gmb_news_train": 1,
    "mtsc_train": 1,
}
OURS = frozenset({"voa_train", "gmb_news_train", "mtsc_train"})  # read whole, with their stances, later on
ROUNDS = 1.6
RATES = Rates(encoder=1.2e-4, heads=1e-3)


def varied(doc: Doc, random_: random.Random, names: Names) -> Doc:
    """One in four restyled, one in five with other names."""
    chance = random_.random()
    if chance < RESTYLED:
        return restyled(doc, random_)
    return names.swapped(doc) if chance < RESTYLED + RENAMED else doc


def named(
    docs: list[Doc], names: Names, pieces: WordPieces, random_: random.Random
) -> Iterator[list[Example]]:
    """Batches of one round through the documents, in a new order."""
    order = random_.sample(docs, len(docs))
    made = (example for doc in order for example in examples(labelled(varied(doc, random_, names)), pieces))
    return batches(made, SIZE, random_)


def parsed(syntax: Syntax, pieces: WordPieces, random_: random.Random) -> Iterator[list[Example]]:
    """Batches of sentences with their trees, for ever."""
    while True:
        order = random_.sample(syntax.texts, len(syntax.texts))
        whole = (cut for text in order if len(cut := list(examples(text, pieces))) == 1)
        yield from batches((example for cut in whole for example in cut), SIZE, random_)


def documents(prepared: Path, parts: dict[str, int]) -> list[Doc]:
    nlp = blank_pipeline()
    return [doc for name, times in parts.items() for doc in read(nlp, prepared / f"{name}.spacy") * times]


def learn(prepared: Path, data: Path, out: Path, seed: int, rounds: float) -> None:
    random_ = random.Random(seed)
    torch.manual_seed(seed)
    pieces = word_pieces()
    syntax = Syntax(data)
    docs = documents(prepared, PARTS)
    names = Names(docs, random_)
    network = Network(len(syntax.relations), len(syntax.tags))
    words = sum(map(len, docs))
    trees = parsed(syntax, pieces, random_)
    # About 1.45 pieces a word with padding; every third step learns syntax.
    steps = Steps(network, RATES, int(rounds * words * 1.45 / SIZE * 1.5))
    print(f"{words} words a round, {steps.count} steps", flush=True)
    while steps.done < steps.count:
        for number, chosen in enumerate(named(docs, names, pieces, random_)):
            made = batch(chosen)
            steps.step(
                "entities",
                lambda made=made: entity_loss(network(made.pieces, made.shapes, made.mask, made.first), made),
            )
            if number % 2:
                tree = batch(next(trees))
                steps.step(
                    "trees",
                    lambda tree=tree: tree_loss(
                        network, network(tree.pieces, tree.shapes, tree.mask, tree.first), tree
                    ),
                )
            if steps.done >= steps.count:
                break
    out.mkdir(parents=True, exist_ok=True)
    state = {"weights": network.state_dict(), "tags": syntax.tags, "relations": syntax.relations}
    torch.save(state, out / "base.pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prepared", type=Path, help="the folder prepare.py wrote")
    parser.add_argument("data", type=Path, help="the folder of the data sets")
    parser.add_argument("out", type=Path, help="folder for base.pt")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--rounds", type=float, default=ROUNDS)
    arguments = parser.parse_args()
    learn(arguments.prepared, arguments.data, arguments.out, arguments.seed, arguments.rounds)


if __name__ == "__main__":
    main()
