"""How many stances of labelled texts are made with four keys: polarity, holder, target, and one more choice.

`python -m tests.benchmarks.offers [FILE.jsonl ...]`: native JSONL with texts, such as the texts that the
pipeline's recipe prepares; by default the sample labels of `seeds`. One press offers the first candidate of a
part, the next one the second; the holder is set before the target. Determiners before a part are left aside,
as the guideline has it. With `--missed` every stance that takes more is shown with what was offered.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.domain.marks import Entity, Part, Shown
from annotator.domain.text import Span, sha256_of
from annotator.places import seeds
from annotator.services.phrases import without_determiner
from annotator.services.stances import REACH, holder_candidates, target_candidates

KEYS = 4


@dataclass(frozen=True, slots=True)
class Offer:
    """A labelled stance, what was offered for its parts, and where its own parts stand there (from 0)."""

    text: str
    evidence: Span
    holder: Span
    target: Span
    holders: Sequence[Part]
    targets: Sequence[Part]

    @property
    def places(self) -> tuple[int | None, int | None]:
        return self._place(self.holders, self.holder), self._place(self.targets, self.target)

    @property
    def keys(self) -> int | None:
        """How many keys make it, the polarity's among them; None if a part is not offered."""
        holder, target = self.places
        return None if holder is None or target is None else 1 + holder + 1 + target + 1

    def _place(self, offered: Sequence[Part], wanted: Span) -> int | None:
        bare = self._bare(wanted)
        return next((n for n, part in enumerate(offered) if self._bare(part.span) == bare), None)

    def _bare(self, span: Span) -> Span:
        return Span(span.end - len(without_determiner(span.of(self.text))), span.end)


def offers(record: dict[str, Any]) -> Iterator[Offer]:
    """Of the stances of one record that have both parts, in an article whose entities are marked."""
    text = record["text"]
    shown = [
        Shown(Entity(str(n), Span(span["start"], span["end"]), span["label"]))
        for n, span in enumerate(record["spans"])
    ]
    shown.sort(key=lambda entry: (entry.mark.span.start, entry.mark.span.end))
    for stance in record["stances"]:
        parts = [stance["holder"], stance["target"]]
        if all(parts):
            evidence = Span(stance["start"], stance["end"])
            near = [
                each
                for each in shown
                if evidence.start - REACH <= each.mark.span.start <= evidence.end + REACH
            ]
            holder, target = (Span(part["start"], part["end"]) for part in parts)
            yield Offer(
                text,
                evidence,
                holder,
                target,
                holder_candidates(text, near, evidence),
                target_candidates(text, near, evidence, holder=Part(holder)),
            )


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file; those of `seeds` name their text by its digest."""
    articles = (each.read_bytes().decode() for each in (seeds() / "articles").glob("*.txt"))
    known = {sha256_of(text).hex(): text for text in articles}
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        yield record | {"text": record.get("text") or known[record["sha256"]]}


def told(name: str, found: Sequence[Offer]) -> str:
    """One line of figures."""

    def share(count: int) -> str:
        return f"{count:4} {100 * count / max(1, len(found)):3.0f} %"

    firsts = [sum(each.places[part] == 0 for each in found) for part in (0, 1)]
    threes = [
        sum(place is not None and place < 3 for each in found for place in [each.places[part]])
        for part in (0, 1)
    ]
    within = sum(each.keys is not None and each.keys <= KEYS for each in found)
    return (
        f"{name:20} {len(found):5} stances  in {KEYS} keys {share(within)}  "
        f"holder first {share(firsts[0])}, of three {share(threes[0])}  "
        f"target first {share(firsts[1])}, of three {share(threes[1])}"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("files", nargs="*", type=Path, help="native JSONL with texts")
    asked.add_argument("--missed", action="store_true", help="show those that take more keys")
    args = asked.parse_args()
    every: list[Offer] = []
    for path in args.files or sorted((seeds() / "labels").glob("*.jsonl")):
        found = [offer for record in records(path) for offer in offers(record)]
        every += found
        print(told(path.stem, found))
        if args.missed:
            print("".join(map(_missed, found)))
    if len(args.files) != 1:
        print(told("all", every))


def _missed(offer: Offer) -> str:
    if offer.keys is not None and offer.keys <= KEYS:
        return ""
    text = offer.text
    holder, target = offer.places
    around = " ".join(text[max(0, offer.evidence.start - 160) : offer.evidence.start].split())
    after = " ".join(text[offer.evidence.end : offer.evidence.end + 60].split())
    lines = [f"\n… {around} {{{offer.evidence.of(text)}}} {after}"]
    for part, wanted, place, found in (
        ("holder", offer.holder, holder, offer.holders),
        ("target", offer.target, target, offer.targets),
    ):
        if place != 0:
            listed = " | ".join(each.span.of(text) for each in found[:6])
            lines.append(f"  {part} {wanted.of(text)!r} is {place}: {listed}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
