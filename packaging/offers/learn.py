"""Learns what the signs of holders and targets weigh, from labelled texts.

`PYTHONPATH=. python packaging/offers/learn.py FILE.jsonl ... --out resources/offers/en.json`: native JSONL
with texts, entities and stances. What ships was learned from the training texts that the pipeline's recipe
prepares: voa_train, gmb_news_train, mtsc_train, constructions_train. `tests/benchmarks/offers.py` tells how
good it is.

A softmax over the stretches of one stance: the chance of those that are the labelled part, a determiner
aside, is made as large as it gets (log-linear ranking; Berger, Della Pietra and Della Pietra 1996, section 3)
by Adam (Kingma and Ba 2015), over batches in one order: the same texts give the same weights.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from annotator.domain.marks import Entity, Shown
from annotator.domain.text import Span
from annotator.services.phrases import without_determiner
from annotator.services.stance_rules import sentence_around
from annotator.services.stance_signs import Tokens, Which
from annotator.services.stances import Offers

FREQUENT = 400  # words that count as themselves
SHORTENED = 6  # every so manyth stance is learned with shorter evidence, too
SEEN = 100  # times that a sign must occur to get a weight
LEAST = 0.1  # smaller weights are left out
EPOCHS, BATCH, RATE, DECAY = 8, 64, 0.05, 1e-4
PARTS: tuple[Which, ...] = ("holder", "target")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A stance whose holder and target are known, and the entities of its article by span."""

    text: str
    shown: Sequence[Shown]
    evidence: Span
    holder: Span
    target: Span

    def part(self, which: Which) -> Span:
        return self.holder if which == "holder" else self.target


@dataclass(frozen=True, slots=True)
class Batch:
    """All stretches of some stances: each sign with its stretch, each stretch with its stance."""

    signs: np.ndarray
    stretch: np.ndarray
    right: np.ndarray
    stance: np.ndarray
    count: int


def labelled(path: Path) -> Iterator[Labelled]:
    for line in path.read_text("utf-8").splitlines():
        record: dict[str, Any] = json.loads(line)
        shown = [
            Shown(Entity(str(n), Span(span["start"], span["end"]), span["label"]))
            for n, span in enumerate(record["spans"])
        ]
        shown.sort(key=lambda each: (each.mark.span.start, each.mark.span.end))
        for stance in record["stances"]:
            holder, target = stance["holder"], stance["target"]
            if holder and target:
                yield Labelled(
                    record["text"],
                    shown,
                    *(Span(each["start"], each["end"]) for each in (stance, holder, target)),
                )


def shorter(stance: Labelled) -> Labelled | None:
    """The stance with less evidence, as people select it: what is up to its target, or ends with it.

    Labellers take the object along; of a person who selects the verb alone nothing would be known.
    """
    evidence, target = stance.evidence, stance.target
    if not evidence.covers(target) or target.start == evidence.start:
        return None
    before = stance.text[evidence.start : target.start].rstrip()
    end = evidence.start + len(before) if target.end == evidence.end else target.end
    return replace(stance, evidence=Span(evidence.start, end)) if before else None


def frequent_words(stances: Sequence[Labelled]) -> frozenset[str]:
    counts: Counter[str] = Counter()
    for each in stances:
        tokens = Tokens.of(each.text, sentence_around(each.text, each.evidence))
        counts.update(word.lower() for word in tokens.words)
    return frozenset(word for word, _ in counts.most_common(FREQUENT))


def learn(stances: Sequence[Labelled], which: Which, frequent: frozenset[str]) -> dict[str, float]:
    """The weights of the signs of one part."""
    groups: list[tuple[list[list[str]], list[bool]]] = []
    for each in stances:
        offers = Offers(each.text, each.shown, each.evidence, which, frequent)
        wanted = _bare(each.text, each.part(which))
        right = [_bare(each.text, part.span) == wanted for part in offers.parts]
        if any(right):
            groups.append((offers.signs, right))
    counts = Counter(sign for signs, _ in groups for each in signs for sign in each)
    numbers = {sign: n for n, sign in enumerate(sorted(sign for sign, n in counts.items() if n >= SEEN))}
    order = np.random.default_rng(1).permutation(len(groups))
    batches = [
        _batch([groups[n] for n in order[at : at + BATCH]], numbers) for at in range(0, len(order), BATCH)
    ]
    weights = _climb(batches, len(numbers))
    return {sign: round(float(weights[n]), 2) for sign, n in numbers.items() if abs(weights[n]) >= LEAST}


def _bare(text: str, span: Span) -> Span:
    return Span(span.end - len(without_determiner(span.of(text))), span.end)


def _batch(groups: Sequence[tuple[list[list[str]], list[bool]]], numbers: dict[str, int]) -> Batch:
    signs: list[int] = []
    stretch: list[int] = []
    right: list[bool] = []
    stance: list[int] = []
    for group, (every, rights) in enumerate(groups):
        for each, is_right in zip(every, rights, strict=True):
            known = [numbers[sign] for sign in each if sign in numbers]
            signs += known
            stretch += [len(right)] * len(known)
            right.append(is_right)
            stance.append(group)
    return Batch(np.array(signs), np.array(stretch), np.array(right), np.array(stance), len(groups))


def _climb(batches: Sequence[Batch], count: int) -> np.ndarray:
    weights, mean, spread, step = np.zeros(count), np.zeros(count), np.zeros(count), 0
    for _ in range(EPOCHS):
        for batch in batches:
            step += 1
            slope = _slope(batch, weights) + DECAY * weights
            mean = 0.9 * mean + 0.1 * slope
            spread = 0.999 * spread + 0.001 * slope**2
            weights -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    return weights


def _slope(batch: Batch, weights: np.ndarray) -> np.ndarray:
    """The gradient of minus the log chance of the right stretches."""
    scores = np.bincount(batch.stretch, weights[batch.signs], len(batch.right))
    most = np.full(batch.count, -np.inf)
    np.maximum.at(most, batch.stance, scores)
    odds = np.exp(scores - most[batch.stance])
    chance = odds / np.bincount(batch.stance, odds, batch.count)[batch.stance]
    right = np.where(batch.right, chance, 0.0)
    among = right / np.bincount(batch.stance, right, batch.count)[batch.stance]
    found: np.ndarray = np.bincount(batch.signs, (chance - among)[batch.stretch], len(weights))
    return found / batch.count


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("files", nargs="+", type=Path)
    asked.add_argument("--out", type=Path, required=True)
    args = asked.parse_args()
    stances = [each for path in args.files for each in labelled(path)]
    stances += [less for each in stances[::SHORTENED] if (less := shorter(each)) is not None]
    frequent = frequent_words(stances)
    found = {"frequent": sorted(frequent)} | {which: learn(stances, which, frequent) for which in PARTS}
    args.out.write_text(json.dumps(found, ensure_ascii=False, indent=0) + "\n", "utf-8", newline="\n")
    print(f"{len(stances):,} stances, {len(found['holder']):,} and {len(found['target']):,} weights")


if __name__ == "__main__":
    main()
