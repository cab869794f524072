"""Measures a pipeline against what it is to reach, and prints the table of the model card."""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluate import LABELS, MERGED, evaluate, scores
from records import records
from spacy.language import Language
from train import read

from annotator.agreement.scores import ALL, Figure, Scores
from annotator.suggest.loading import Loaded, load

UNSEEN = ("own_test", "mtsc_test")  # other years, other newsrooms
MIB = 2**20
ROUNDS = 5
ARTICLE = 600  # words

# Run in a process of its own: what loading takes, in seconds and MiB.
LOADING = """
import json, resource, sys, time
sys.modules["torch"] = None  # spaCy loads it where it is installed; people do not have it
begin = time.process_time()
from annotator.suggest.loading import load
loaded = load(sys.argv[1])
seconds = time.process_time() - begin
loaded.nlp(sys.stdin.read())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([seconds, peak / (2**20 if sys.platform == "darwin" else 2**10)]))
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the table; `at_most` turns the comparison round."""

    name: str
    wanted: float
    measured: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        return self.measured <= self.wanted if self.at_most else self.measured >= self.wanted

    def __str__(self) -> str:
        sign = "<=" if self.at_most else ">="
        digits = 0 if self.wanted >= 10 else 3 if self.wanted < 1 else 2
        return (
            f"| {self.name} | {sign} {self.wanted:g} | {self.measured:.{digits}f} "
            f"| {'met' if self.met else 'missed'} |"
        )


def bars(loaded: Loaded, folder: Path, prepared: Path) -> Iterator[Bar]:
    """Every bar of the built-in pipeline, measured."""
    nlp = loaded.nlp
    for part, name, wanted in (
        ("gmb_test", "GMB test, F1", 0.89),
        ("politics_test", "CrossNER politics test, F1", 0.79),
        ("uner_test", "web texts nobody trained on (UNER EWT test), F1", 0.76),
    ):
        family = part.partition("_")[0]
        table = scores(
            nlp, read(nlp, prepared / f"{part}.spacy"), LABELS.get(family, ()), merged=family in MERGED
        )
        yield Bar(name, wanted, table["ALL"].f1)
    kept = evaluated(loaded, prepared, "voa_test")
    unseen = evaluated(loaded, prepared, *UNSEEN)
    yield Bar("unseen news, entities strict, F1", 0.80, value(unseen.strict[ALL].f1))
    yield Bar("unseen news, whole stances, F1", 0.40, value(unseen.whole[ALL].f1))
    yield Bar("unseen news, whole stances, precision", 0.45, value(unseen.whole[ALL].precision))
    yield Bar("voa_news kept aside, entities strict, F1", 0.80, value(kept.strict[ALL].f1))
    yield Bar("voa_news kept aside, whole stances, F1", 0.50, value(kept.whole[ALL].f1))
    yield from costs(nlp, folder, prepared)


def evaluated(loaded: Loaded, prepared: Path, *parts: str) -> Scores:
    texts = [record for part in parts for record in records(prepared / f"{part}.jsonl")]
    return evaluate(loaded.nlp, texts, thresholds=loaded.thresholds)


def value(figure: Figure) -> float:
    """The figure as a number; 0 where it is undefined."""
    return figure.value or 0.0


def costs(nlp: Language, folder: Path, prepared: Path) -> Iterator[Bar]:
    """Size, memory, speed; CPU times are the best of some rounds, on one thread."""
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    yield Bar("on disk, MB", 30, size / 1e6, at_most=True)
    texts = [record["text"] for record in records(prepared / "voa_test.jsonl")]
    article = " ".join(" ".join(texts).split()[:ARTICLE])
    done = subprocess.run(
        [sys.executable, "-c", LOADING, str(folder)],
        input=article,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    yield Bar("resident after an article, MiB", 350, memory, at_most=True)
    yield Bar("import and load, s CPU", 1.5, seconds, at_most=True)
    words = sum(len(text.split()) for text in texts)
    yield Bar("words/s on one core", 4000, words / cpu(lambda: list(nlp.pipe(texts))))
    yield Bar("an article of 600 words, ms CPU", 200, 1000 * cpu(lambda: nlp(article)), at_most=True)


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of the quickest of some rounds."""
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("prepared", type=Path, help="the folder prepare.py wrote")
    arguments = parser.parse_args()
    print("| | bar | measured | |\n|---|---|---|---|")
    for bar in bars(load(str(arguments.pipeline)), arguments.pipeline, arguments.prepared):
        print(bar, flush=True)


if __name__ == "__main__":
    main()
