"""Trains the entity recogniser: first on everything, then to the guideline's own texts with some replay."""

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import spacy
from evaluate import scores
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as DocSpan
from spacy.training import Example
from thinc.api import Optimizer
from tokens import blank_pipeline

SEED = 20
LABELS = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "DATE")
WIDTH = 96
ROWS = {"NORM": 8000, "PREFIX": 1000, "SUFFIX": 4000, "SHAPE": 3000}
BASE = {"gmb_train": 1, "wikigold": 2, "politics_train": 3, "politics_dev": 1, "redocred": 1, "voa_train": 3}
REPORTED = 300_000
UNLABELLED = 0  # a token's ent_iob where nobody says whether it is part of a name
RESTYLED = 0.25
RENAMED = 0.2
SWAPPED = frozenset({"PERSON", "ORG", "GPE"})
REPLAY = 1.0  # words of base data seen with every word of the guideline's texts in the last stage

TOK2VEC = {
    "@architectures": "spacy.Tok2Vec.v2",
    "embed": {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": WIDTH,
        "attrs": list(ROWS),
        "rows": list(ROWS.values()),
        "include_static_vectors": False,
    },
    "encode": {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": WIDTH,
        "depth": 4,
        "window_size": 1,
        "maxout_pieces": 3,
    },
}
NER = {
    "@architectures": "spacy.TransitionBasedParser.v2",
    "state_type": "ner",
    "extra_state_tokens": False,
    "hidden_width": 64,
    "maxout_pieces": 2,
    "use_upper": True,
    "tok2vec": {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "*"},
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of training, so many words long; the rate falls to zero from `steady` of it on."""

    words: int
    rate: float
    steady: float
    dropout: float


def untrained() -> Language:
    """The pipeline before training; entities read vectors of a tok2vec that other components may share."""
    nlp = blank_pipeline()
    nlp.add_pipe("tok2vec", config={"model": TOK2VEC})
    ner = nlp.add_pipe("ner", config={"model": NER})
    for label in LABELS:
        ner.add_label(label)
    return nlp


def read(nlp: Language, path: Path) -> list[Doc]:
    return [doc for doc in DocBin().from_disk(path).get_docs(nlp.vocab) if len(doc)]


def with_words(doc: Doc, words: list[str]) -> Doc:
    """A copy of the document, entities and spaces alike, with other words."""
    copy = Doc(doc.vocab, words=words, spaces=[bool(token.whitespace_) for token in doc])
    copy.set_ents(
        [DocSpan(copy, e.start, e.end, label=e.label_) for e in doc.ents],
        missing=[DocSpan(copy, token.i, token.i + 1) for token in doc if token.ent_iob == UNLABELLED],
        default="outside",
    )
    return copy


def restyled(doc: Doc, random_: random.Random) -> Doc:
    """The document as other newsrooms set it: curly quotes and long dashes, or a headline's capitals."""
    style = random_.random()
    if style < 0.6:
        quotes = iter("“”" * len(doc))
        marks = {"'s": "’s", "--": "—", "n't": "n’t", "'": "’"}
        words = [next(quotes) if token.text == '"' else marks.get(token.text, token.text) for token in doc]
    elif style < 0.9:
        words = [
            token.text.capitalize() if token.is_lower and len(token) > 3 else token.text for token in doc
        ]
    else:
        words = [token.text.upper() for token in doc]
    return with_words(doc, words)


class Names:
    """The names of each label in the training data, each once: rare ones as likely as common ones."""

    def __init__(self, docs: list[Doc], random_: random.Random) -> None:
        found: dict[tuple[str, int], dict[str, list[str]]] = {}
        for entity in (entity for doc in docs for entity in doc.ents if entity.label_ in SWAPPED):
            words = [token.text for token in entity]
            found.setdefault((entity.label_, len(words)), {})[entity.text] = words
        self._names = {key: list(names.values()) for key, names in found.items()}
        self._random = random_

    def swapped(self, doc: Doc) -> Doc:
        """The document with half of its names replaced by others as long, the same name always alike."""
        words = [token.text for token in doc]
        new: dict[str, list[str]] = {}
        for entity in doc.ents:
            if entity.label_ in SWAPPED and entity.text not in new:
                other = self._random.choice(self._names[entity.label_, len(entity)])
                new[entity.text] = other if self._random.random() < 0.5 else [token.text for token in entity]
            words[entity.start : entity.end] = new.get(entity.text, words[entity.start : entity.end])
        return with_words(doc, words)


def example(doc: Doc, random_: random.Random, names: Names) -> Example:
    """The document to learn from, one in four restyled, one in five with other names."""
    chance = random_.random()
    if chance < RESTYLED:
        doc = restyled(doc, random_)
    elif chance < RESTYLED + RENAMED:
        doc = names.swapped(doc)
    bare = Doc(doc.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])
    return Example(bare, doc)


def rounds(docs: list[Doc], random_: random.Random) -> Iterator[Doc]:
    """The documents for ever, in a new order each time round."""
    docs = list(docs)
    while True:
        random_.shuffle(docs)
        yield from docs


def mixed(docs: list[Doc], replay: list[Doc], random_: random.Random) -> Iterator[Doc]:
    """The documents for ever, with about `REPLAY` words of replay to every word of them."""
    replayed = rounds(replay, random_)
    debt = 0.0
    for doc in rounds(docs, random_):
        yield doc
        debt += REPLAY * len(doc)
        while debt > 0:
            other = next(replayed)
            debt -= len(other)
            yield other


def batches(docs: Iterator[Doc], names: Names, low: float, high: float) -> Iterator[list[Example]]:
    """Batches that grow from `low` words to `high`, documents restyled and renamed by chance."""
    random_ = random.Random(SEED)
    size = low
    while True:
        batch: list[Doc] = []
        while sum(map(len, batch)) < size:
            batch.extend(islice(docs, 1))
        yield [example(doc, random_, names) for doc in batch]
        size = min(high, size * 1.004)


def run(
    nlp: Language, stage: Stage, stream: Iterator[list[Example]], dev: list[Doc], optimizer: Optimizer
) -> None:
    """Trains for the stage's words and prints the development F1 every 300,000 words."""
    begin = time.process_time()
    words, reported = 0, 0
    for batch in stream:
        passed = words / stage.words
        if passed >= 1:
            break
        optimizer.learn_rate = stage.rate * min(1.0, (1 - passed) / (1 - stage.steady) + 0.01)
        nlp.update(batch, sgd=optimizer, drop=stage.dropout)
        words += sum(len(example.reference) for example in batch)
        if words - reported >= REPORTED:
            reported = words
            seconds = time.process_time() - begin
            print(f"{words} words, {seconds:.0f} s, dev {scores(nlp, dev)['ALL']}", flush=True)
    print(f"stage done, dev {scores(nlp, dev)['ALL']}", flush=True)


def train(arguments: argparse.Namespace) -> None:
    """Both stages, or the last alone from a pipeline that has seen the first."""
    random_ = random.Random(SEED)
    spacy.util.fix_random_seed(SEED)
    prepared: Path = arguments.prepared
    nlp = spacy.load(arguments.start) if arguments.start else untrained()
    base = {name: read(nlp, prepared / f"{name}.spacy") for name in BASE}
    dev = read(nlp, prepared / "voa_dev.spacy")
    arguments.out.mkdir(parents=True, exist_ok=True)
    names = Names([doc for docs in base.values() for doc in docs], random_)
    if arguments.start:
        optimizer = nlp.resume_training()
    else:
        sample = [Example(nlp.make_doc(doc.text), doc) for doc in base["voa_train"]]
        optimizer = nlp.initialize(lambda: sample)
        weighted = [doc for name, docs in base.items() for doc in docs * BASE[name]]
        stage = Stage(words=arguments.base_words, rate=0.001, steady=0.4, dropout=0.2)
        run(nlp, stage, batches(rounds(weighted, random_), names, 300, 1500), dev, optimizer)
        nlp.to_disk(arguments.out / "base")
    stage = Stage(words=arguments.finish_words, rate=arguments.finish_rate, steady=0.2, dropout=0.25)
    replay = [doc for name, docs in base.items() if name != "voa_train" for doc in docs]
    run(nlp, stage, batches(mixed(base["voa_train"], replay, random_), names, 700, 1000), dev, optimizer)
    nlp.to_disk(arguments.out / "finished")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prepared", type=Path, help="the folder prepare.py wrote")
    parser.add_argument("out", type=Path, help="folder for the trained pipelines `base` and `finished`")
    parser.add_argument("--start", type=Path, help="a `base` pipeline: only the last stage runs")
    parser.add_argument("--base-words", type=int, default=4_800_000, help="length of the first stage")
    parser.add_argument("--finish-words", type=int, default=800_000, help="length of the last stage")
    parser.add_argument("--finish-rate", type=float, default=0.0005)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
