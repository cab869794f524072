"""Turns the data sets into documents labelled by the guideline: training, development and test parts."""

import argparse
import hashlib
import random
import tarfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from corpora import (
    Span,
    Text,
    longest,
    read_conll,
    read_gmb,
    read_redocred,
    read_uner,
    read_voa,
    sentence_key,
)
from repair import Relabel, Repair, gmb_label, outvoted, politics_label, wiki_label
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as DocSpan
from tokens import blank_pipeline

from annotator.suggest.gazetteer import Gazetteer

HERE = Path(__file__).parent
SEED = 20
GMB_BLOCK = 50  # neighbouring sentences share a story; a block goes to one part as a whole
VOA_DEV = 86  # voa086 to voa095 choose settings and fit scores
VOA_TEST = 96  # voa096 to voa119 are never trained on


def bucket(name: str) -> float:
    """A number in [0, 1) that depends on the name alone: the same split on every machine."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) / 2**64


def split_gmb(texts: list[Text], elsewhere: set[str]) -> dict[str, list[list[Text]]]:
    """GMB's stories as runs of sentences; no sentence of a test or of `elsewhere` is trained on."""
    parts: dict[str, list[list[Text]]] = {"gmb_train": [], "gmb_dev": [], "gmb_test": []}
    seen = set(elsewhere)
    blocks = [texts[i : i + GMB_BLOCK] for i in range(0, len(texts), GMB_BLOCK)]
    places = [bucket(f"gmb block {i}") for i in range(len(blocks))]
    for part, low, high in (("gmb_test", 0.0, 0.06), ("gmb_dev", 0.06, 0.1), ("gmb_train", 0.1, 1.0)):
        for block in (block for block, place in zip(blocks, places, strict=True) if low <= place < high):
            kept = [text for text in block if sentence_key(text.text) not in seen]
            parts[part].append(kept)
            if part != "gmb_train":
                seen.update(sentence_key(text.text) for text in block)
    return parts


def paragraphs(text: Text) -> Iterator[Text]:
    """The text's paragraphs, spans moved along."""
    start = 0
    for line in text.text.splitlines(keepends=True):
        end = start + len(line)
        spans = [Span(a - start, b - start, label) for a, b, label in text.spans if start <= a and b <= end]
        if line.strip():
            yield Text(line.rstrip("\n"), spans)
        start = end


def joined(texts: list[Text], separator: str) -> Text:
    """The texts as one, spans moved along."""
    spans: list[Span] = []
    offset = 0
    for text in texts:
        spans += [Span(a + offset, b + offset, label) for a, b, label in text.spans]
        offset += len(text.text) + len(separator)
    return Text(separator.join(text.text for text in texts), spans)


def passages(runs: Iterable[list[Text]], random_: random.Random) -> Iterator[Text]:
    """One to six neighbouring sentences at a time, as a paragraph or with a paragraph each."""
    for run in runs:
        start = 0
        while start < len(run):
            count = random_.randint(1, 6)
            separator = random_.choice((" ", " ", " ", "\n\n", "\n\n", "\n"))
            yield joined(run[start : start + count], separator)
            start += count


def document(nlp: Language, text: Text) -> Doc:
    """The text tokenised, with its spans as entities; a span inside a token grows to the token."""
    doc = nlp.make_doc(text.text)
    grown = [doc.char_span(a, b, alignment_mode="expand") for a, b, _ in text.spans]
    spans = [
        Span(g.start, g.end, span.label) for g, span in zip(grown, text.spans, strict=True) if g is not None
    ]
    doc.set_ents([DocSpan(doc, a, b, label=label) for a, b, label in longest(spans)], default="outside")
    return doc


def write(nlp: Language, texts: Iterable[Text], path: Path) -> None:
    """Stores the texts as documents and prints what they hold."""
    docs = [document(nlp, text) for text in texts if text.text.strip()]
    DocBin(docs=docs).to_disk(path)
    counts = Counter(entity.label_ for doc in docs for entity in doc.ents)
    print(f"{path.name}: {len(docs)} documents, {sum(map(len, docs))} tokens, {dict(counts)}", flush=True)


def uner_text(text: Text) -> Text:
    """The text with our names for the labels of Universal NER; its LOC holds GPE, LOC and FAC alike."""
    names = {"PER": "PERSON", "ORG": "ORG", "LOC": "GPE"}
    return Text(
        text.text, [span._replace(label=names[span.label]) for span in text.spans if span.label in names]
    )


def prepare(data: Path, out: Path) -> None:
    """Writes every part into the folder `out`."""
    with (HERE / "gazetteer.toml").open("rb") as file:
        repair = Repair.by(Gazetteer.from_tables(tomllib.load(file)))
    nlp = blank_pipeline()
    random_ = random.Random(SEED)
    out.mkdir(parents=True, exist_ok=True)

    voa = list(read_voa(data / "voa_news" / "voa_news.jsonl"))
    number = {text.id: int(text.id.removeprefix("voa")) for text in voa}
    write(nlp, (text for text in voa if number[text.id] >= VOA_TEST), out / "voa_test.spacy")
    write(nlp, (text for text in voa if VOA_DEV <= number[text.id] < VOA_TEST), out / "voa_dev.spacy")
    runs = [list(paragraphs(text)) for text in voa if number[text.id] < VOA_DEV]
    write(nlp, passages(runs, random_), out / "voa_train.spacy")

    held = {sentence_key(paragraph.text) for text in voa for paragraph in paragraphs(text)}
    gmb = outvoted([repair(sentence, gmb_label) for sentence in read_gmb(data / "gmb_voa")])
    for part, blocks in split_gmb(gmb, held).items():
        write(nlp, passages(blocks, random_), out / f"{part}.spacy")

    def conll(path: str, relabel: Relabel) -> list[list[Text]]:
        return [[repair(sentence, relabel)] for sentence in read_conll(data / path)]

    wikigold = [text for run in conll("wikigold/wikigold.conll.txt", wiki_label) for text in run]
    write(nlp, passages([wikigold], random_), out / "wikigold.spacy")
    for part in ("train", "dev", "test"):
        runs = conll(f"crossner_politics/{part}.txt", politics_label)
        write(nlp, passages(runs, random_), out / f"politics_{part}.spacy")
    redocred = [
        [repair(sentence, wiki_label) for sentence in article]
        for part in ("dev", "test")
        for article in read_redocred(data / "redocred" / f"{part}_revised.json")
    ]
    write(nlp, passages(redocred, random_), out / "redocred.spacy")
    with (
        tarfile.open(data / "uner_ewt_devtest" / "uner_ewt_devtest.tar.gz") as archive,
        TemporaryDirectory() as folder,
    ):
        archive.extractall(folder, filter="data")
        for part in ("dev", "test"):
            texts = list(read_uner(Path(folder) / f"en_ewt-ud-{part}.iob2"))
            write(nlp, (uner_text(text) for text in texts), out / f"uner_{part}.spacy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the prepared parts")
    parser.add_argument("--data", type=Path, default=HERE.parents[1] / ".." / "shared" / "data")
    arguments = parser.parse_args()
    prepare(arguments.data, arguments.out)


if __name__ == "__main__":
    main()
