"""Prodigy's tasks: token indices, relations as stances, review files, and ours as it takes them."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Record
from annotator.formats.contract import Piece, Reading, Writing
from annotator.formats.prodigy import Prodigy
from annotator.formats.registry import candidates
from annotator.formats.sources import FileSource
from annotator.formats.targets import Target
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, WANTED

STANCE: MarkRow = ("stance", "FAVOR", *WANTED, None, None, *RUSSIA, None, 28, 33, None)


def span(start: int, end: int, label: str) -> dict[str, object]:
    return {"start": start, "end": end, "label": label, "token_start": 0, "token_end": 0}


def read(tmp_path: Path, *tasks: object) -> list[Piece]:
    file = tmp_path / "db.jsonl"
    file.write_text("".join(f"{json.dumps(task, ensure_ascii=False)}\n" for task in tasks), encoding="utf-8")
    return list(Prodigy().read(FileSource(file), Reading(LABELS)))


def marks(piece: Piece) -> list[MarkRow]:
    assert piece.record is not None, piece.faults
    return piece.record.marks


def entity(label: str, start: int, end: int) -> MarkRow:
    return ("entity", label, start, end, None, None, None, None, None, None, None, None)


def written(tmp_path: Path, marks: list[MarkRow]) -> dict[str, Any]:
    tmp_path.mkdir(exist_ok=True)
    with Target(tmp_path, "out.jsonl") as target:
        writer = Prodigy().writer(target, Writing(LABELS))
        list(writer.write(Record(Article.of(TALKS), marks)))
        target.close()
    task: dict[str, Any] = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    return task


def test_relations_named_holder_and_target_make_a_stance(tmp_path: Path) -> None:
    def relation(label: str, start: int, end: int) -> dict[str, object]:
        head, child = span(*WANTED, "FAVOR"), span(start, end, "GPE")
        return {"head": 6, "child": 3, "label": label, "head_span": head, "child_span": child}

    relations = [relation("HOLDER", *RUSSIA), relation("target", 28, 33), relation("near", 0, 1)]
    spans = [span(*WANTED, "FAVOR"), span(*RUSSIA, "GPE")]
    (piece,) = read(tmp_path, {"text": TALKS, "spans": spans, "relations": relations, "_task_hash": 1})
    assert marks(piece) == [entity("GPE", *RUSSIA), STANCE]
    assert [remark for remark in piece.remarks if "left out" in remark]


def test_relations_that_count_tokens_alone_lead_to_spans_or_tokens(tmp_path: Path) -> None:
    tokens = [{"text": "x", "start": start, "end": end} for start, end in [(0, 1), LAVROV, RUSSIA, (28, 33)]]
    stance = {"start": 21, "end": 33, "label": "FAVOR", "token_start": 3, "token_end": 3}
    place = {"start": 14, "end": 20, "label": "GPE", "token_start": 2, "token_end": 2}
    relations = [
        {"head": 3, "child": 2, "label": "holder"},
        {"head": 3, "child": 1, "label": "target"},
    ]
    task = {"text": TALKS, "tokens": tokens, "spans": [stance, place], "relations": relations}
    (piece,) = read(tmp_path, task)
    assert marks(piece) == [
        entity("GPE", *RUSSIA),
        ("stance", "FAVOR", *WANTED, None, None, *RUSSIA, None, *LAVROV, None),
    ]
    assert piece.remarks == ()
    relations += [{"head": 3, "child": 0, "label": "holder"}]
    (second,) = read(tmp_path, task)
    assert marks(second) == marks(piece)
    assert "the first of each" in second.remarks[0]
    relations[:] = [{"head": 1, "child": 2, "label": "holder"}]  # from no span
    (third,) = read(tmp_path, task)
    assert "left out" in third.remarks[0]


def test_a_polarity_without_relations_is_a_stance_without_parts(tmp_path: Path) -> None:
    (piece,) = read(tmp_path, {"text": TALKS, "spans": [span(*WANTED, "FAVOR")], "_task_hash": 1})
    assert marks(piece) == [("stance", "FAVOR", *WANTED, *(None,) * 8)]


def test_a_review_file_has_a_record_for_each_version_and_the_settled_one(tmp_path: Path) -> None:
    task = {
        "text": TALKS,
        "spans": [span(*LAVROV, "PERSON")],
        "answer": "accept",
        "_view_id": "review",
        "_annotator_id": "lead",
        "versions": [
            {"text": TALKS, "spans": [span(*LAVROV, "PERSON")], "sessions": ["set-ana", "set-bo"]},
            {"spans": [span(*LAVROV, "GPE")], "_annotator_id": "cy"},
        ],
    }
    pieces = read(tmp_path, task)
    assert [(one.record.annotator, one.gold) for one in pieces if one.record] == [
        ("set-ana", False),
        ("set-bo", False),
        ("cy", False),
        ("lead", True),
    ]
    assert [marks(piece)[0][1] for piece in pieces] == ["PERSON", "PERSON", "GPE", "PERSON"]


@pytest.mark.parametrize(
    "more",
    [
        {"name": "\ud83d"},
        {"source": "edited", "pipeline": "en_news", "version": "\ud83d"},
        {"source": "edited", "suggested": span(*RUSSIA, "GPE") | {"name": "\ud83d"}},
    ],
)
def test_half_a_character_anywhere_in_a_mark_is_refused(tmp_path: Path, more: dict[str, Any]) -> None:
    file = tmp_path / "a.jsonl"
    task = {"text": TALKS, "spans": [span(*LAVROV, "PERSON") | more], "_task_hash": 1}
    file.write_text(json.dumps(task), encoding="utf-8")
    (piece,) = Prodigy().read(FileSource(file), Reading(LABELS))
    assert "halves of UTF-16 pairs" in piece.faults[0].advice


def test_tokens_end_where_marks_do_and_token_end_is_the_last_one(tmp_path: Path) -> None:
    task = written(tmp_path, [entity("PERSON", LAVROV[0], LAVROV[1] - 1), STANCE])
    tokens = [token["text"] for token in task["tokens"]]
    assert tokens == ["👨", "Lavro", "v", "said", "Russia", "wanted", "talks", "."]
    assert [token["ws"] for token in task["tokens"]] == [True, False, True, True, True, True, False, False]
    lavrov, wanted = task["spans"]
    assert (lavrov["token_start"], lavrov["token_end"]) == (1, 1)
    assert (wanted["token_start"], wanted["token_end"]) == (5, 6)
    assert [(one["label"], one["head"], one["child"]) for one in task["relations"]] == [
        ("holder", 6, 4),
        ("target", 6, 6),
    ]


def test_hashes_are_signed_and_the_same_text_has_the_same_one(tmp_path: Path) -> None:
    one, other = (written(tmp_path / name, marks) for name, marks in (("a", []), ("b", [STANCE])))
    assert one["_input_hash"] == other["_input_hash"]
    assert one["_task_hash"] != other["_task_hash"]
    assert all(
        -(2**31) <= task[key] < 2**31 for task in (one, other) for key in ("_input_hash", "_task_hash")
    )


def test_our_file_is_known_as_prodigys(tmp_path: Path) -> None:
    written(tmp_path, [STANCE])
    assert candidates(FileSource(tmp_path / "out.jsonl"))[0].name == "prodigy"


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (5, "the line is 5"),
        ({"spans": []}, 'has no "text"'),
        ({"text": TALKS, "spans": [span(2, 99, "GPE")]}, "99"),
        ({"text": TALKS, "spans": {}}, '"spans" is {}'),
        ({"text": TALKS, "versions": [3]}, "versions[0] is 3"),
    ],
)
def test_a_bad_task_is_named_and_the_next_one_comes_in(tmp_path: Path, task: object, said: str) -> None:
    *_, wrong, right = read(tmp_path, task, {"text": TALKS, "spans": [span(*LAVROV, "PERSON")]})
    assert wrong.faults[0].line == 1
    assert said in wrong.faults[0].what
    assert marks(right) == [entity("PERSON", *LAVROV)]


def test_halves_of_characters_and_too_large_numbers_are_faults(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '[{"text": "a", "meta": {"x": "\\ud83d"}}, {"text": "b", "meta": {"n": 99999999999999999999}}]'
    )
    pieces = list(Prodigy().read(FileSource(path), Reading(LABELS)))
    assert [piece.record for piece in pieces] == [None, None]
    assert all("cannot be kept" in piece.faults[0].what for piece in pieces)
