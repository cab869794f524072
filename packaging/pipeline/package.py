"""Puts the exported encoder and our own components together, fits their scores and writes what ships."""

import argparse
import shutil
import tomllib
from pathlib import Path

import numpy as np
from calibrate import chances, judged_entities, judged_stances, least_score, logistic
from prepare import HERE
from records import Record, records
from spacy.language import Language
from spacy.tokens import Doc
from tokens import blank_pipeline
from train import read

from annotator.domain.choices import Thresholds
from annotator.suggest.components import EntityGazetteer, EntityScore
from annotator.suggest.encoder.component import ArticleEncoder
from annotator.suggest.encoder.layout import ENTITY_LABELS, POLARITIES
from annotator.suggest.encoder.odds import StanceOdds

VERSION = "2.1.0"
DESCRIPTION = "Entities and stances of English news by the guideline of Annotator's label set `news`."
DEV = ("voa_dev", "gmb_news_dev", "mtsc_dev")
# The components behind the gazetteer, in this order.
BEHIND = ("article_memory", "entity_dates", "entity_score", "nested_names", "stance_names")
# Stances less likely than this are not even proposed; from the shown ones at least half are to be right.
PROPOSED = 0.1
PRECISION = 0.5
SHOWN_ENTITY = 0.35


def documents(prepared: Path, part: str) -> list[Doc]:
    """A prepared part in a vocabulary of its own: its words must not get into the one that ships."""
    return read(blank_pipeline(), prepared / f"{part}.spacy")


def assemble(exported: Path) -> Language:
    """The pipeline with scores that are not fitted yet."""
    nlp = blank_pipeline()
    encoder = nlp.add_pipe("article_encoder")
    assert isinstance(encoder, ArticleEncoder)
    encoder.from_disk(exported)
    with (HERE / "gazetteer.toml").open("rb") as file:
        tables = tomllib.load(file)
    nlp.add_pipe("entity_lines")
    gazetteer = nlp.add_pipe("entity_gazetteer")
    assert isinstance(gazetteer, EntityGazetteer)
    gazetteer.load(tables)
    for name in BEHIND:
        nlp.add_pipe(name)
    return nlp


def fit_entities(nlp: Language, prepared: Path) -> None:
    """Fits the scores of entities on the development parts of GMB and of our own texts."""
    scorer = nlp.get_pipe("entity_score")
    assert isinstance(scorer, EntityScore)
    with nlp.select_pipes(disable=["entity_score"]):
        many, few = (
            judged_entities(scorer, nlp, documents(prepared, part)) for part in ("gmb_dev", "voa_dev")
        )
    # The guideline's own texts are few: together they count as much as GMB's, whose labels are noisier.
    weight = np.repeat([1.0, len(many[1]) / len(few[1])], [len(many[1]), len(few[1])])
    rows, right = (np.concatenate(pair) for pair in zip(many, few, strict=True))
    scorer.weights = logistic(rows, right, weight)


def fit_stances(nlp: Language, texts: list[Record]) -> Thresholds:
    """Fits the scores of stances on our development texts; the thresholds that are recommended for both."""
    encoder = nlp.get_pipe("article_encoder")
    assert isinstance(encoder, ArticleEncoder)
    rows, right = judged_stances(encoder, nlp, texts)
    encoder.odds = StanceOdds(logistic(rows, right).astype(np.float64), least=PROPOSED)
    wanted = sum(len(record["stances"]) for record in texts)
    shown = least_score(chances(rows, encoder.odds.weights), right, wanted, PRECISION)
    return Thresholds(dict.fromkeys(ENTITY_LABELS, SHOWN_ENTITY), dict.fromkeys(POLARITIES, shown))


def write(nlp: Language, thresholds: Thresholds, out: Path) -> None:
    """Stores the pipeline with its NOTICE, replacing what lies there but its model card."""
    nlp.meta.update(
        name="news",  # with the language in front: en_news
        version=VERSION,
        description=DESCRIPTION,
        author="The Annotator project",
        license="CC BY-SA 4.0",
        spacy_version=">=3.8.0,<3.9.0",
        annotator={"thresholds": thresholds.to_dict()},
    )
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    nlp.to_disk(out)
    # The words read while fitting stay here: texts' vocabulary that nothing needs.
    blank_pipeline().vocab.strings.to_disk(out / "vocab" / "strings.json")
    shutil.copy(HERE / "NOTICE", out / "NOTICE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exported", type=Path, help="the folder export.py wrote")
    parser.add_argument("prepared", type=Path, help="the folder prepare.py wrote")
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "resources" / "pipelines" / "en_news")
    arguments = parser.parse_args()
    nlp = assemble(arguments.exported)
    fit_entities(nlp, arguments.prepared)
    texts = [record for part in DEV for record in records(arguments.prepared / f"{part}.jsonl")]
    thresholds = fit_stances(nlp, texts)
    write(nlp, thresholds, arguments.out)
    print(f"{arguments.out}: thresholds {thresholds.to_dict()}")


if __name__ == "__main__":
    main()
