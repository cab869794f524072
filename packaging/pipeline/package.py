"""Puts the trained recogniser and our own components together, measures them and writes what ships."""

import argparse
import shutil
import time
import tomllib
from itertools import islice
from pathlib import Path

import numpy as np
import spacy
from calibrate import fit_odds, fit_probe, judged, reliability
from evaluate import LABELS as LABELS_OF
from evaluate import MERGED, Score, scores
from prepare import HERE
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from tokens import blank_pipeline
from train import LABELS, read, untrained

from annotator.suggest.components import ArticleMemory, EntityGazetteer, EntityScore

VERSION = "1.0.0"
DESCRIPTION = "Entities of English news by the guideline of Annotator's label set `news`."
PROBE_WORDS = 150_000
TESTS = {
    "voa_test": "news kept aside, 24 texts labelled by the guideline",
    "gmb_test": "GMB, its silver labels repaired",
    "politics_test": "CrossNER politics",
    "uner_test": "Universal NER, web texts, places as one label",
}


def lean(trained: Language) -> Language:
    """The trained weights in a pipeline that does not carry the words of the training texts."""
    nlp = untrained()
    doc = nlp.make_doc("A name")
    nlp.initialize(lambda: [Example(doc.copy(), doc)])
    for name in ("tok2vec", "ner"):
        weights = trained.get_pipe(name).to_bytes(exclude=["vocab"])
        nlp.get_pipe(name).from_bytes(weights, exclude=["vocab"])
    return nlp


def words_per_second(nlp: Language, texts: list[str]) -> float:
    """Words a second of CPU time, spaces not counted, over the texts as a stream: the best of five runs."""

    def run() -> float:
        begin = time.process_time()
        words = sum(1 for doc in nlp.pipe(texts) for token in doc if not token.is_space)
        return words / (time.process_time() - begin)

    return max(run() for _ in range(5))


def assemble(trained: Path, prepared: Path) -> tuple[Language, EntityScore]:
    """The whole pipeline with its scores fitted on the development parts of GMB and of our own texts."""
    nlp = lean(spacy.load(trained))
    with (HERE / "gazetteer.toml").open("rb") as file:
        tables = tomllib.load(file)
    nlp.add_pipe("entity_lines")
    gazetteer = nlp.add_pipe("entity_gazetteer")
    assert isinstance(gazetteer, EntityGazetteer)
    gazetteer.load(tables)
    assert isinstance(nlp.add_pipe("article_memory"), ArticleMemory)
    scorer = EntityScore(list(LABELS))
    fit_probe(scorer, nlp, sample(prepared))
    many, few = (judged(scorer, nlp, documents(prepared, part)) for part in ("gmb_dev", "voa_dev"))
    # The guideline's own texts are few: together they count as much as GMB's, whose labels are noisier.
    weight = np.repeat([1.0, len(many[1]) / len(few[1])], [len(many[1]), len(few[1])])
    fit_odds(scorer, *(np.concatenate(pair) for pair in zip(many, few, strict=True)), weight)
    added = nlp.add_pipe("entity_score")
    assert isinstance(added, EntityScore)
    added.labels, added.probe, added.weights = scorer.labels, scorer.probe, scorer.weights
    return nlp, scorer


def documents(prepared: Path, part: str) -> list[Doc]:
    """A prepared part in a vocabulary of its own: its words must not get into the one that ships."""
    return read(blank_pipeline(), prepared / f"{part}.spacy")


def sample(prepared: Path) -> list[Doc]:
    """Training texts for the reader: all of the guideline's and an even share of the others."""
    docs = documents(prepared, "voa_train")
    for name in ("gmb_train", "redocred", "wikigold", "politics_dev"):
        others = documents(prepared, name)
        words = sum(map(len, others))
        docs += list(islice(others, 0, None, max(1, 4 * words // PROBE_WORDS)))
    return docs


def figures(nlp: Language, scorer: EntityScore, prepared: Path) -> tuple[str, dict[str, Score]]:
    """The card's tables in Markdown, and the scores on the texts kept aside."""
    lines: list[str] = []
    kept_aside: dict[str, Score] = {}
    for part, title in TESTS.items():
        family = part.partition("_")[0]
        docs = documents(prepared, part)
        table = scores(nlp, docs, LABELS_OF.get(family, ()), merged=family in MERGED)
        kept_aside = kept_aside or table
        lines += [f"\n### {title}\n", "| label | P | R | F1 | n |", "|---|---|---|---|---|"]
        lines += [
            f"| {label} | {s.precision:.3f} | {s.recall:.3f} | {s.f1:.3f} | {s.wanted} |"
            for label, s in table.items()
        ]
    lines.append("\n### scores and speed\n")
    for part in ("voa_test", "gmb_test"):
        error, area = reliability(scorer, *judged(scorer, nlp, documents(prepared, part)))
        lines.append(
            f"- {TESTS[part]}: expected calibration error {error:.3f}, area under the ROC curve {area:.3f}"
        )
    texts = [doc.text for doc in documents(prepared, "voa_test")]
    whole = words_per_second(nlp, texts)
    with nlp.select_pipes(enable=["tok2vec", "ner"]):
        bare = words_per_second(nlp, texts)
    lines.append(f"- {whole:.0f} words/s of CPU time, {whole / bare:.0%} of the recogniser alone")
    return "\n".join(lines), kept_aside


def write(nlp: Language, tables: str, kept_aside: dict[str, Score], out: Path) -> None:
    """Stores the pipeline with its model card and NOTICE, replacing what lies there."""
    everything = kept_aside["ALL"]
    nlp.meta.update(
        name="news",  # with the language in front: en_news
        version=VERSION,
        description=DESCRIPTION,
        author="The Annotator project",
        license="CC BY-SA 4.0",
        spacy_version=">=3.8.0,<3.9.0",
        performance={"ents_p": everything.precision, "ents_r": everything.recall, "ents_f": everything.f1},
    )
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    nlp.to_disk(out)
    # The words read while fitting and measuring stay here: 1 MB of texts' vocabulary that nothing needs.
    untrained().vocab.strings.to_disk(out / "vocab" / "strings.json")
    card = (HERE / "card.md").read_text(encoding="utf-8")
    (out / "README.md").write_text(card.replace("{figures}", tables.strip()), encoding="utf-8")
    shutil.copy(HERE / "NOTICE", out / "NOTICE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trained", type=Path, help="the folder `finished` of train.py")
    parser.add_argument("prepared", type=Path, help="the folder prepare.py wrote")
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "resources" / "pipelines" / "en_news")
    arguments = parser.parse_args()
    nlp, scorer = assemble(arguments.trained, arguments.prepared)
    tables, kept_aside = figures(nlp, scorer, arguments.prepared)
    write(nlp, tables, kept_aside, arguments.out)
    print(tables)


if __name__ == "__main__":
    main()
