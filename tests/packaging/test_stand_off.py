"""Labels kept without their texts find the words they were made on, and held-out sentences stay apart."""

import csv
import importlib
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PIPELINE = Path(__file__).resolve().parents[2] / "packaging" / "pipeline"
MODULES = ("composed", "corpora", "stand_off", "splits")
SENTENCES = ["Oslo rejects the 06-Mar vote .", "He did not elaborate .", "NATO has 2,00,000 troops ."]
TEXT = "Oslo rejects the 6-3 vote.\n\nNATO has 200,000 troops."
RECORD: dict[str, Any] = {
    "id": "one",
    "text": TEXT,
    "spans": [{"start": 28, "end": 32, "label": "ORG"}, {"start": 0, "end": 4, "label": "GPE"}],
    "stances": [
        {
            "start": 5,
            "end": 25,
            "label": "AGAINST",
            "holder": {"start": 0, "end": 4},
            "target": {"start": 13, "end": 25},
        }
    ],
}


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The recipe's modules, which import each other by their plain names."""
    monkeypatch.syspath_prepend(str(PIPELINE))
    yield {name: importlib.import_module(name) for name in MODULES}
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a GMB of three sentences, damaged as the real one is."""
    rows = io.StringIO()
    table = csv.writer(rows)
    table.writerow(["Sentence #", "Word", "POS", "Tag"])
    for number, sentence in enumerate(SENTENCES, start=1):
        for place, word in enumerate(sentence.split()):
            table.writerow([f"Sentence: {number}" if place == 0 else "", word, "X", "O"])
    (tmp_path / "gmb_voa").mkdir()
    with zipfile.ZipFile(tmp_path / "gmb_voa" / "ner_dataset.csv.zip", "w") as archive:
        archive.writestr("ner_dataset.csv", rows.getvalue())
    return tmp_path


def test_a_record_comes_back_from_disk_as_it_was(
    modules: dict[str, ModuleType], data: Path, tmp_path: Path
) -> None:
    stand_off = modules["stand_off"]
    packed = stand_off.pack(RECORD, "gmb_voa", [0, 2])
    assert "Oslo" not in json.dumps(packed)
    stand_off.write(tmp_path / "labels.jsonl", [packed])
    (found,) = stand_off.read(tmp_path / "labels.jsonl", data)
    assert found == RECORD | {"spans": sorted(RECORD["spans"], key=lambda span: span["start"])}


def test_other_sentences_than_the_labelled_ones_are_refused(
    modules: dict[str, ModuleType], data: Path
) -> None:
    stand_off = modules["stand_off"]
    for numbers in ([0, 1], [0, 77]):
        packed = stand_off.pack(RECORD, "gmb_voa", [0, 2]) | {"sentences": numbers}
        with pytest.raises(stand_off.LabelsError, match=r"one: gmb_voa in .* does not hold the sentences"):
            stand_off.rebuild(packed, data)


def test_no_text_of_others_is_kept(modules: dict[str, ModuleType]) -> None:
    for path in (PIPELINE / "labels").glob("*.jsonl"):
        if not path.stem.startswith("constructions"):  # those are our own words
            records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
            assert not [record["id"] for record in records if "text" in record]


def test_labels_of_our_own_articles_fit_them(modules: dict[str, ModuleType], tmp_path: Path) -> None:
    records = modules["stand_off"].read(PIPELINE / "labels" / "own_articles.jsonl", tmp_path)
    assert len(records) == 6
    for record in records:
        for span in record["spans"]:
            words = record["text"][span["start"] : span["end"]]
            assert words == words.strip() != ""


def test_a_held_out_sentence_is_cut_from_a_training_text(modules: dict[str, ModuleType]) -> None:
    splits, key = modules["splits"], modules["corpora"].sentence_key
    cut = splits.without(RECORD, frozenset({key("Oslo rejects the 6-3 vote.")}))
    assert cut["text"] == "NATO has 200,000 troops."
    assert cut["spans"] == [{"start": 0, "end": 4, "label": "ORG"}]
    assert cut["stances"] == []
    cut = splits.without(RECORD, frozenset({key("NATO has 200,000 troops.")}))
    assert cut["text"] == "Oslo rejects the 6-3 vote."
    assert cut["stances"] == RECORD["stances"]


def test_a_held_out_sentence_in_training_is_an_error_with_the_parts_names(
    modules: dict[str, ModuleType],
) -> None:
    splits = modules["splits"]
    splits.check_apart({"voa_train": {"a"}}, {"gmb_test": {"b"}})
    with pytest.raises(splits.LabelsError, match="1 of gmb_test in voa_train"):
        splits.check_apart({"voa_train": {"a", "b"}}, {"gmb_test": {"b"}})


def test_every_held_out_name_is_a_labelled_text(modules: dict[str, ModuleType]) -> None:
    splits = modules["splits"]
    for file in splits.OURS.values():
        lines = (PIPELINE / "labels" / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
        names = {json.loads(line)["id"] for line in lines}
        split = splits.splits().get(file, splits.Split())
        assert len(names) == len(lines)
        assert split.dev | split.test <= names
        assert not split.dev & split.test


def test_what_two_people_labelled_is_not_trained_on(modules: dict[str, ModuleType]) -> None:
    splits = modules["splits"]
    part_of = {
        json.loads(line)["id"]: splits.splits()[file].part(json.loads(line)["id"])
        for file in ("gmb_news", "mtsc_news", "own_articles")
        for line in (PIPELINE / "labels" / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    }
    second = (PIPELINE / "labels" / "second.jsonl").read_text(encoding="utf-8").splitlines()
    assert {part_of[json.loads(line)["id"]] for line in second} == {"dev", "test"}


def test_blocks_of_gmb_cover_every_sentence_once(modules: dict[str, ModuleType]) -> None:
    blocks = list(modules["splits"].gmb_blocks(47_959))
    assert [n for _, numbers in blocks for n in numbers] == list(range(47_959))
    assert {part for part, _ in blocks} == {"train", "dev", "test"}
