"""Texts made from `patterns.toml`: how negations and other words turn a stance round, name by name.

Such words are rare in news, and a small encoder learns what they do only from many of them.
"""

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stand_off import Record

HERE = Path(__file__).parent
SEED = 7

Fills = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class _Sentence:
    """A pattern being written out; offsets are code points of `text`."""

    fills: Fills
    random: random.Random
    text: str = ""
    spans: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[list[int]] = field(default_factory=list)
    roles: dict[str, list[int]] = field(default_factory=dict)

    def write(self, pattern: str) -> None:
        """Appends a pattern, which is well formed: what opens is closed."""
        at = 0
        while at < len(pattern):
            if pattern[at] in "{[<":
                end = _closing(pattern, at)
                self._inner(pattern[at], pattern[at + 1 : end])
                at = end + 1
            else:
                self.text += pattern[at]
                at += 1

    def _inner(self, opening: str, content: str) -> None:
        start = len(self.text)
        if opening == "[":
            place = [start, start]
            self.evidence.append(place)
            self.write(content)
            place[1] = len(self.text)
        elif opening == "<":
            label, _, name = content.partition(":")
            self.text += name
            determiner = len("the ") if name.startswith("the ") else 0
            self.spans.append({"start": start + determiner, "end": len(self.text), "label": label})
        else:
            role, _, given = content.partition("=")
            self._fill(role, given or self.random.choice(self.fills[role]))

    def _fill(self, role: str, filling: str) -> None:
        title, mark, rest = filling.partition("~")
        if mark:
            self.text += title
        start = len(self.text)
        self.write(rest if mark else filling)
        self.roles[role] = [start, len(self.text)]


def _closing(pattern: str, at: int) -> int:
    """Where the bracket that opens at `at` is closed."""
    opening, closing = pattern[at], {"{": "}", "[": "]", "<": ">"}[pattern[at]]
    depth = 0
    for i in range(at, len(pattern)):
        depth += (pattern[i] == opening) - (pattern[i] == closing)
        if not depth:
            return i
    raise ValueError(f"{pattern!r} is never closed")


def _record(name: str, sentence: _Sentence, stances: Sequence[Mapping[str, Any]]) -> Record:
    """The sentence as a labelled text, with a capital at its beginning."""
    letter = next(i for i, character in enumerate(sentence.text) if character.isalpha())
    text = sentence.text[:letter] + sentence.text[letter].upper() + sentence.text[letter + 1 :]

    def place(bounds: Sequence[int]) -> dict[str, int]:
        return {"start": bounds[0], "end": bounds[1]}

    return {
        "id": name,
        "text": text,
        "spans": sorted(sentence.spans, key=lambda span: (span["start"], span["end"])),
        "stances": [
            {
                **place(sentence.evidence[stance.get("evidence", 0)]),
                "label": stance["polarity"],
                "holder": place(sentence.roles[stance["holder"]]),
                "target": place(sentence.roles[stance["target"]]),
            }
            for stance in stances
        ],
    }


def composed() -> Iterator[Record]:
    """The composed texts, the same ones each time; each text once."""
    with (HERE / "patterns.toml").open("rb") as file:
        tables = tomllib.load(file)
    random_ = random.Random(SEED)
    fills: Fills = tables["fill"]
    seen: set[str] = set()
    for group in tables["groups"]:
        default = [{"polarity": group.get("polarity"), "holder": "H", "target": "T"}]
        # An act is what a stance is about, wherever a pattern asks for one.
        for pattern in group["patterns"]:
            stances = group.get("stances", default)
            for _ in range(group.get("draws", tables["draws"])):
                sentence = _Sentence(fills, random_)
                sentence.write(random_.choice(fills["FRAME"]).replace("{S}", pattern))
                if "T" not in sentence.roles and "A" in sentence.roles:
                    sentence.roles["T"] = sentence.roles["A"]
                record = _record(f"p{len(seen) + 1:04}", sentence, stances)
                if record["text"] not in seen:
                    seen.add(record["text"])
                    yield record
