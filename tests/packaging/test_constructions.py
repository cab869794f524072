"""The constructed and composed training texts are well formed, varied, apart from the behavioural suite."""

import importlib
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

PIPELINE = Path(__file__).resolve().parents[2] / "packaging" / "pipeline"


def composed() -> Iterator[dict[str, Any]]:
    """The texts that the recipe composes; its modules are no package."""
    names = ("composed", "stand_off", "corpora")
    sys.path.insert(0, str(PIPELINE))
    try:
        yield from importlib.import_module("composed").composed()
    finally:
        sys.path.remove(str(PIPELINE))
        for name in names:
            sys.modules.pop(name, None)


RECORDS = [
    json.loads(line)
    for path in sorted((PIPELINE / "labels").glob("constructions*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
] + list(composed())
ENTITIES = {"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "DATE"}
POLARITIES = {"FAVOR", "AGAINST", "NEUTRAL"}


def parts_of(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from record["spans"]
    for stance in record["stances"]:
        yield from (stance, stance["holder"], stance["target"])


def runs_of_words(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def suite_texts() -> list[str]:
    tables = (tomllib.loads(path.read_text("utf-8")) for path in (PIPELINE / "behaviour").glob("*.toml"))
    return [case["text"] for table in tables for case in table["cases"]]


def test_ids_and_texts_are_unique() -> None:
    assert len({record["id"] for record in RECORDS}) == len({record["text"] for record in RECORDS})
    assert len(RECORDS) >= 2500


def test_there_is_enough_of_each_kind() -> None:
    entities = Counter(span["label"] for record in RECORDS for span in record["spans"])
    stances = Counter(stance["label"] for record in RECORDS for stance in record["stances"])
    assert set(entities) == ENTITIES
    assert set(stances) == POLARITIES
    assert min(entities.values()) >= 20
    assert min(stances.values()) >= 30
    assert sum(not record["stances"] for record in RECORDS) >= len(RECORDS) / 8


def test_every_part_begins_and_ends_with_a_word_of_its_text() -> None:
    for record in RECORDS:
        text = record["text"]
        for start, end in ((part["start"], part["end"]) for part in parts_of(record)):
            assert 0 <= start < end <= len(text), record["id"]
            assert text[start:end] == text[start:end].strip(), record["id"]
            for at in (start, end):
                assert not re.match(r"\w\w", text[max(0, at - 1) : at + 1]), (record["id"], text[start:end])


def test_entities_stand_apart_or_inside_an_event() -> None:
    for record in RECORDS:
        spans = sorted((span["start"], -span["end"], span["label"]) for span in record["spans"])
        events = [(start, -end) for start, end, label in spans if label == "EVENT"]
        names = [(start, -end) for start, end, label in spans if label != "EVENT"]
        for (_, end), (start, _) in [*pairwise(events), *pairwise(names)]:
            assert end <= start, record["id"]
        for start, end in names:
            for low, high in events:
                assert end <= low or high <= start or low <= start < end <= high, record["id"]


def test_a_name_once_labelled_is_labelled_wherever_it_stands() -> None:
    for record in RECORDS:
        text = record["text"]
        labelled = {(span["start"], span["end"]) for span in record["spans"]}
        for start, end in list(labelled):
            places = re.finditer(rf"(?<!\w){re.escape(text[start:end])}(?!\w)", text)
            inside = [any(a <= place.start() and place.end() <= b for a, b in labelled) for place in places]
            assert all(inside), (record["id"], text[start:end])


def test_no_stance_stands_twice() -> None:
    for record in RECORDS:
        stances = [json.dumps(stance, sort_keys=True) for stance in record["stances"]]
        assert len(stances) == len(set(stances)), record["id"]


def test_nothing_was_written_from_the_behavioural_suite() -> None:
    suite = set().union(*(runs_of_words(text, 5) for text in suite_texts()))
    shared = {record["id"]: runs_of_words(record["text"], 5) & suite for record in RECORDS}
    assert {id_: runs for id_, runs in shared.items() if runs} == {}


def test_no_person_of_the_texts_is_in_the_behavioural_suite() -> None:
    suite = "\n".join(suite_texts())
    people = {
        record["text"][span["start"] : span["end"]]
        for record in RECORDS
        for span in record["spans"]
        if span["label"] == "PERSON"
    }
    assert [name for name in people if name in suite] == []
