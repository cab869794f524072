"""Finishes the encoder on our own labelled texts: entities by the guideline, and stances."""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import torch
from articles import articles, with_stances
from batches import Example, Labelled, Stance, batch, batches, examples
from learn_base import OURS, PARTS, documents, named, parsed, varied
from losses import entity_loss, stance_loss, tree_loss
from network import Network, word_pieces
from records import Record, records
from spacy.tokens import Doc
from steps import Rates, Steps
from syntax import Syntax
from tokens import blank_pipeline
from train import Names

from annotator.suggest.encoder.pieces import WordPieces
from annotator.suggest.encoder.windows import words_of

SIZE = 2304  # pieces a batch
ROUNDS = 5
RATES = Rates(encoder=8e-5, heads=6e-4)
JOINED = 0.6  # of the texts are read as running paragraphs, though they come a sentence a paragraph


def reparagraphed(text: Labelled, random_: random.Random) -> Labelled:
    """The text with some of its paragraphs joined, as other papers set it."""
    if random_.random() >= JOINED:
        return text
    share = random_.random()
    borders = [border and (i == 0 or random_.random() < share) for i, border in enumerate(text.words.borders)]
    words = words_of(text.words.texts, borders)
    return Labelled(words, text.entities, text.stances)


def stretch(text: Labelled, random_: random.Random) -> Labelled:
    """The text from a random sentence on, so that windows fall elsewhere each round."""
    starts = [
        i for i in range(1, len(text.words.texts)) if text.words.sentences[i] != text.words.sentences[i - 1]
    ][:8]
    cut = random_.choice([0, 0, *starts])
    if not cut or text.entities is None or text.stances is None:
        return text
    words = words_of(text.words.texts[cut:], [True, *text.words.borders[cut + 1 :]])
    kept = [
        Stance(
            stance.anchor - cut,
            stance.polarity,
            *((a - cut, b - cut) for a, b in (stance.evidence, stance.holder, stance.target)),
        )
        for stance in text.stances
        if min(stance.evidence[0], stance.holder[0], stance.target[0]) >= cut
    ]
    # A stance whose holder stands before the cut must not be unlearnt: such a text is read whole.
    inside = sum(stance.anchor >= cut for stance in text.stances)
    return Labelled(words, text.entities[cut:], kept) if len(kept) == inside else text


def told(
    texts: list[tuple[Doc, list[Stance]]], names: Names, pieces: WordPieces, random_: random.Random
) -> Iterator[list[Example]]:
    """Batches of one round through our texts."""
    made = (
        example
        for doc, stances in random_.sample(texts, len(texts))
        for example in examples(
            stretch(reparagraphed(with_stances(varied(doc, random_, names), stances), random_), random_),
            pieces,
        )
    )
    return batches(made, SIZE, random_, pool=400)


def endless(
    docs: list[Doc], names: Names, pieces: WordPieces, random_: random.Random
) -> Iterator[list[Example]]:
    while True:
        yield from named(docs, names, pieces, random_)


def learn(arguments: argparse.Namespace) -> None:
    random_ = random.Random(arguments.seed)
    torch.manual_seed(arguments.seed)
    pieces = word_pieces()
    syntax = Syntax(arguments.data)
    network = Network(len(syntax.relations), len(syntax.tags))
    # The heads of stances are new here.
    network.load_state_dict(torch.load(arguments.base / "base.pt")["weights"], strict=False)
    ours: list[Record] = [
        record for path in arguments.texts + 2 * arguments.twice for record in records(path)
    ]
    texts = list(articles(blank_pipeline(), ours, network, pieces))
    replayed = documents(arguments.prepared, {name: 1 for name in PARTS if name not in OURS})
    names = Names([doc for doc, _ in texts] + replayed, random_)
    words = sum(len(doc) for doc, _ in texts)
    count = sum(len(stances) for _, stances in texts)
    # Windows overlap; after every third step names are replayed, after every sixth syntax.
    steps = Steps(network, RATES, int(arguments.rounds * words * 1.9 / SIZE * 1.5))
    print(f"{len(texts)} texts, {words} words, {count} stances, {steps.count} steps", flush=True)
    trees, replay = parsed(syntax, pieces, random_), endless(replayed, names, pieces, random_)

    def ours_loss(chosen: list[Example]) -> torch.Tensor:
        made = batch(chosen)
        read = network(made.pieces, made.shapes, made.mask, made.first)
        return entity_loss(read, made) + stance_loss(network, read, made)

    def names_loss(chosen: list[Example]) -> torch.Tensor:
        made = batch(chosen)
        return entity_loss(network(made.pieces, made.shapes, made.mask, made.first), made)

    def trees_loss(chosen: list[Example]) -> torch.Tensor:
        made = batch(chosen)
        return 0.3 * tree_loss(network, network(made.pieces, made.shapes, made.mask, made.first), made)

    while steps.done < steps.count:
        for number, chosen in enumerate(told(texts, names, pieces, random_)):
            steps.step("ours", lambda chosen=chosen: ours_loss(chosen))
            if number % 3 == 2:
                steps.step("names", lambda: names_loss(next(replay)))
            if number % 6 == 5:
                steps.step("trees", lambda: trees_loss(next(trees)))
            if steps.done >= steps.count:
                break
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.save(
        {"weights": network.state_dict(), "tags": syntax.tags, "relations": syntax.relations},
        arguments.out / "news.pt",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prepared", type=Path, help="the folder prepare.py wrote")
    parser.add_argument("data", type=Path, help="the folder of the data sets")
    parser.add_argument("base", type=Path, help="the folder learn_base.py wrote")
    parser.add_argument("out", type=Path, help="folder for news.pt")
    parser.add_argument(
        "texts",
        type=Path,
        nargs="+",
        help="labelled texts, one JSON object a line",
    )
    parser.add_argument(
        "--twice",
        type=Path,
        nargs="+",
        default=[],
        help="more of them, read twice in each round: what is rare in the others",
    )
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--rounds", type=float, default=ROUNDS)
    learn(parser.parse_args())


if __name__ == "__main__":
    main()
