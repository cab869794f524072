"""Suggestions against a bare `nlp.pipe` of the same pipeline over the same texts."""

import random
import tempfile
import time
from pathlib import Path

import psutil

from annotator.places import seeds
from annotator.services.suggesting import DEFAULT_PIPELINE, Suggesting
from annotator.suggest.client import PipelineProcess
from tests.benchmarks.line import Line
from tests.pipelines import project_of

ARTICLES = 100
PARAGRAPHS = 12
ROUNDS = 3


def run() -> list[Line]:
    """Words for each second of CPU, both processes counted; the median of rounds that take turns."""
    texts = articles()
    bare = Bare()
    ratios = []
    with PipelineProcess(DEFAULT_PIPELINE, notice=print) as client:
        client.start().result()
        bare.seconds(texts[:20])
        suggest_seconds(texts[:20], client)
        for _ in range(ROUNDS):
            plain = bare.seconds(texts)
            ratios.append(plain / suggest_seconds(texts, client))
    ratio = sorted(ratios)[ROUNDS // 2]
    return [Line("suggestions, words/s of bare nlp.pipe", ratio, "ratio", ">= 0.90", ratio >= 0.9)]


def articles() -> list[str]:
    """Articles of news length from the paragraphs of the samples, the same in every run."""
    chance = random.Random(2)
    paragraphs = [
        line
        for path in sorted(seeds().rglob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if len(line) > 80
    ]
    return [f"Report {n}\n\n" + "\n\n".join(chance.sample(paragraphs, PARAGRAPHS)) for n in range(ARTICLES)]


class Bare:
    """The pipeline in this process, as spaCy's own documentation runs it."""

    def __init__(self) -> None:
        from annotator.suggest.loading import load

        self._nlp = load(DEFAULT_PIPELINE).nlp

    def seconds(self, texts: list[str]) -> float:
        begun = time.process_time()
        for doc in self._nlp.pipe(texts):
            [(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]
        return time.process_time() - begun


def suggest_seconds(texts: list[str], client: PipelineProcess) -> float:
    """CPU seconds of both processes for `annotator suggest` on a new project with these texts."""
    (pid,) = client.pids
    child = psutil.Process(pid)
    with tempfile.TemporaryDirectory() as folder, project_of(Path(folder) / "p.annot", texts) as project:
        begun = time.process_time() + sum(child.cpu_times()[:2])
        Suggesting(project).suggest_all(client)
        return time.process_time() + sum(child.cpu_times()[:2]) - begun
