"""Turns the data sets into documents labelled by the guideline: training, development and test parts."""

import argparse
import json
import random
import tarfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from tempfile import TemporaryDirectory

from corpora import (
    Sentence,
    Span,
    Text,
    longest,
    read_conll,
    read_gmb,
    read_redocred,
    read_uner,
    sentence_key,
)
from repair import Relabel, Repair, gmb_label, outvoted, politics_label, wiki_label
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as DocSpan
from splits import TRAIN, check_apart, gmb_blocks, our_texts
from stand_off import Record
from tokens import blank_pipeline

from annotator.suggest.gazetteer import Gazetteer

HERE = Path(__file__).parent
SEED = 20
# What of the data sets of others only chooses settings or measures; all else is trained on.
HELD_OUT = ("gmb_dev", "gmb_test", "politics_test", "uner_dev", "uner_test")

Runs = list[list[Text]]  # neighbouring sentences
Parts = dict[str, Runs]


def keys_of(runs: Runs) -> set[str]:
    return {key for run in runs for text in run if (key := sentence_key(text.text))}


def unseen(runs: Runs, seen: Set[str]) -> Runs:
    """The runs without the sentences of those keys."""
    return [[text for text in run if sentence_key(text.text) not in seen] for run in runs]


def split_gmb(texts: list[Text]) -> Parts:
    """GMB's blocks by part."""
    parts: Parts = {"gmb_test": [], "gmb_dev": [], "gmb_train": []}
    for part, numbers in gmb_blocks(len(texts)):
        parts[f"gmb_{part}"].append([texts[i] for i in numbers])
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


def printed(record: Record) -> Text:
    """One of our texts with its entities; of nested ones the longest."""
    spans = (Span(span["start"], span["end"], span["label"]) for span in record["spans"])
    return Text(record["text"], longest(spans), record["id"])


def foreign_parts(data: Path) -> Parts:
    """The data sets of others, their labels repaired, before sentences held out are left out."""
    with (HERE / "gazetteer.toml").open("rb") as file:
        repair = Repair.by(Gazetteer.from_tables(tomllib.load(file)))

    def repaired(sentences: Iterable[Sentence], relabel: Relabel) -> list[Text]:
        return [repair(sentence, relabel) for sentence in sentences]

    parts = split_gmb(outvoted(repaired(read_gmb(data / "gmb_voa"), gmb_label)))
    parts["wikigold"] = [repaired(read_conll(data / "wikigold" / "wikigold.conll.txt"), wiki_label)]
    for part in ("train", "dev", "test"):
        sentences = read_conll(data / "crossner_politics" / f"{part}.txt")
        parts[f"politics_{part}"] = [[text] for text in repaired(sentences, politics_label)]
    parts["redocred"] = [
        repaired(article, wiki_label)
        for part in ("dev", "test")
        for article in read_redocred(data / "redocred" / f"{part}_revised.json")
    ]
    with (
        tarfile.open(data / "uner_ewt_devtest" / "uner_ewt_devtest.tar.gz") as archive,
        TemporaryDirectory() as folder,
    ):
        archive.extractall(folder, filter="data")
        for part in ("dev", "test"):
            texts = read_uner(Path(folder) / f"en_ewt-ud-{part}.iob2")
            parts[f"uner_{part}"] = [[uner_text(text)] for text in texts]
    return parts


def kept_apart(foreign: Parts, ours: Parts) -> Parts:
    """The parts of others without the sentences of our texts, and trained ones without those held out."""
    known = set().union(*map(keys_of, ours.values()))
    held = set().union(*(keys_of(foreign[name]) for name in HELD_OUT))
    kept = {name: unseen(runs, known if name in HELD_OUT else known | held) for name, runs in foreign.items()}
    keys = {name: keys_of(runs) for name, runs in (kept | ours).items()}
    aside = {*HELD_OUT, *(name for name in ours if not name.endswith(TRAIN))}
    check_apart(
        {name: of_part for name, of_part in keys.items() if name not in aside},
        {name: of_part for name, of_part in keys.items() if name in aside},
    )
    return kept


def prepare(data: Path, out: Path) -> None:
    """Writes every part into the folder `out`: documents with entities, and records of our own texts."""
    nlp = blank_pipeline()
    out.mkdir(parents=True, exist_ok=True)
    records = our_texts(data)
    texts = {name: [printed(record) for record in of_part] for name, of_part in records.items()}
    ours = {name: [list(paragraphs(text)) for text in of_part] for name, of_part in texts.items()}
    kept = kept_apart(foreign_parts(data), ours)
    for name, of_part in records.items():
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in of_part)
        (out / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    for name, runs in (kept | ours).items():
        # Our held-out articles are read as they stand, all else in passages.
        whole = texts[name] if name in texts and not name.endswith(TRAIN) else None
        write(nlp, whole or passages(runs, random.Random(f"{SEED} {name}")), out / f"{name}.spacy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the prepared parts")
    parser.add_argument("--data", type=Path, default=HERE.parents[1] / ".." / "shared" / "data")
    arguments = parser.parse_args()
    prepare(arguments.data, arguments.out)


if __name__ == "__main__":
    main()
