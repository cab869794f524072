"""Our labels without the texts: a record names its sentences in a data set and counts in the text they make.

On disk a record is one JSON object a line: `id`; `source`, the data set's folder, or `seeds` for the sample
articles of this project; `sentences`, their numbers there (GMB: from 0 in the order of the file; NewsMTSC:
the `primary_gid`; a sample article is one sentence, its number the file's name); `sha256` of the text in
UTF-8; `spans` as [start, end, label]; `stances` as [start, end, polarity, [holder], [target]]. Offsets are
code points, half-open, of the sentences printed one a paragraph. A record with a `text` is read as it is.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from corpora import detokenised, read_gmb, read_newsmtsc

from annotator.domain.errors import AnnotatorError

Record = dict[str, Any]  # id, text, spans and stances as native JSONL has them
Packed = dict[str, Any]  # the same on disk

LABELS = Path(__file__).parent / "labels"
SAMPLES = Path(__file__).parents[2] / "seeds" / "articles"
BETWEEN = "\n\n"


class LabelsError(AnnotatorError):
    """Labels and the texts they were made on do not go together."""


@cache
def sentences_of(source: str, data: Path) -> Mapping[int | str, str]:
    """The printed sentences of a data set by their numbers there."""
    if source == "gmb_voa":
        return {number: detokenised(each).text for number, each in enumerate(read_gmb(data / source))}
    if source == "newsmtsc":
        files = ("train.jsonl", "devtest_rw.jsonl")
        return dict(pair for file in files for pair in read_newsmtsc(data / source / file))
    if source == "seeds":
        return {path.name: path.read_bytes().decode() for path in SAMPLES.glob("*.txt")}
    raise LabelsError(f"No labels were made on {source!r}; known are gmb_voa, newsmtsc and seeds")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def rebuild(packed: Packed, data: Path) -> str:
    """The text the record's offsets count in; raises LabelsError if the data set holds another one."""
    known = sentences_of(packed["source"], data)
    missing = any(number not in known for number in packed["sentences"])
    text = BETWEEN.join(known.get(number, "") for number in packed["sentences"])
    if missing or sha256(text) != packed["sha256"]:
        raise LabelsError(
            f"{packed['id']}: {packed['source']} in {data} does not hold the sentences that were labelled; "
            "get the files whose sha256 assets.toml names"
        )
    return text


def pack(record: Record, source: str, sentences: Iterable[int | str]) -> Packed:
    """What stays on disk of a record whose text is made of those sentences."""
    return {
        "id": record["id"],
        "source": source,
        "sentences": list(sentences),
        "sha256": sha256(record["text"]),
        "spans": sorted([span["start"], span["end"], span["label"]] for span in record["spans"]),
        "stances": sorted(
            [
                stance["start"],
                stance["end"],
                stance["label"],
                *([stance[part]["start"], stance[part]["end"]] for part in ("holder", "target")),
            ]
            for stance in record["stances"]
        ),
    }


def unpacked(packed: Packed, data: Path) -> Record:
    """The record with its text and with marks as native JSONL has them."""
    if "text" in packed:
        return packed
    return {
        "id": packed["id"],
        "text": rebuild(packed, data),
        "spans": [{"start": start, "end": end, "label": label} for start, end, label in packed["spans"]],
        "stances": [
            {
                "start": start,
                "end": end,
                "label": label,
                "holder": {"start": holder[0], "end": holder[1]},
                "target": {"start": target[0], "end": target[1]},
            }
            for start, end, label, holder, target in packed["stances"]
        ],
    }


def read(path: Path, data: Path) -> list[Record]:
    """The records of a file of labels, their texts made anew from the data sets in the folder `data`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [unpacked(json.loads(line), data) for line in lines]


def write(path: Path, packed: Iterable[Packed]) -> None:
    """Stores records as they stay on disk, one a line."""
    lines = (json.dumps(each, separators=(",", ":")) + "\n" for each in packed)
    path.write_text("".join(lines), encoding="utf-8")
