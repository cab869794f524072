"""doccano's two shapes and three ways to count, and broken lines told by number."""

import json
from pathlib import Path

import pytest

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Record
from annotator.formats.contract import Piece, Reading, Writing
from annotator.formats.doccano import Doccano
from annotator.formats.registry import candidates
from annotator.formats.sources import FileSource
from annotator.formats.targets import Target
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS

FAMILY = "👨\u200d👩\u200d👧"  # one grapheme, five code points, eight UTF-16 units


def read(tmp_path: Path, *lines: object) -> list[Piece]:
    file = tmp_path / "all.jsonl"
    said = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    file.write_text("".join(f"{line}\n" for line in said), encoding="utf-8")
    return list(Doccano().read(FileSource(file), Reading(LABELS)))


def entity(label: str, start: int, end: int) -> MarkRow:
    return ("entity", label, start, end, None, None, None, None, None, None, None, None)


def spans(piece: Piece) -> list[tuple[str, int, int]]:
    assert piece.record is not None, piece.faults
    return [(row[1], row[2], row[3]) for row in piece.record.marks]


@pytest.mark.parametrize("name", ["label", "labels"])
def test_labels_are_lists_of_start_end_and_label(tmp_path: Path, name: str) -> None:
    (piece,) = read(tmp_path, {"id": 7, "text": TALKS, name: [[3, 9, "PERSON"], [15, 21, "GPE"]]})
    assert spans(piece) == [("PERSON", *LAVROV), ("GPE", *RUSSIA)]


def test_projects_with_relations_list_entities(tmp_path: Path) -> None:
    entity = {"id": 1, "label": "PERSON", "start_offset": 3, "end_offset": 9}
    relation = {"id": 9, "from_id": 1, "to_id": 1, "type": "knows"}
    (piece,) = read(tmp_path, {"text": TALKS, "entities": [entity], "relations": [relation]})
    assert spans(piece) == [("PERSON", *LAVROV)]
    assert "relations of doccano were left out" in piece.remarks


THEIRS = "not UTF-16 units as the format has it, "


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (9, "UTF-16 units, as the word borders they fall on show; they are now code points"),
        (6, f"code points, {THEIRS}as the word borders they fall on show"),
        (2, f"graphemes, {THEIRS}as the word borders they fall on show; they are now code points"),
    ],
)
def test_the_way_to_count_is_found_by_word_borders_and_told(tmp_path: Path, start: int, told: str) -> None:
    text = f"{FAMILY} Oslo rejected it."
    (piece,) = read(tmp_path, {"text": text, "label": [[start, start + 4, "GPE"]]})
    assert spans(piece) == [("GPE", 6, 10)]
    assert piece.remarks == (f"offsets were {told}",)


def test_comments_are_left_out_and_told(tmp_path: Path) -> None:
    (piece,) = read(tmp_path, {"text": "Oslo", "label": [], "Comments": ["sure?"]})
    assert piece.remarks == ("comments of doccano were left out",)


@pytest.mark.parametrize("shape", ["label", "entities"])
@pytest.mark.parametrize("unit", ["utf-16", "code-points", "graphemes"])
def test_both_shapes_and_all_ways_to_count_are_written(tmp_path: Path, shape: str, unit: str) -> None:
    text = f"{FAMILY} Oslo e\u0301"
    inside, whole = entity("PERSON", 0, 1), entity("GPE", 6, 10)
    with Target(tmp_path, "out.jsonl") as target:
        options = {"shape": shape, "offsets": unit}
        writer = Doccano().writer(target, Writing(LABELS, options=options))
        proofs = list(writer.write(Record(Article.of(text), [inside, entity("PERSON", 0, 5), whole])))
        proofs += writer.write(Record(Article.of(f"{text} again"), [whole]))
        target.close()
    source = FileSource(tmp_path / "out.jsonl")
    assert list(Doccano().proofs(source, Reading(LABELS))) == proofs
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
    start = {"utf-16": 9, "code-points": 6, "graphemes": 2}[unit]
    if shape == "label":
        assert second["label"] == [[start, start + 4, "GPE"]]
    else:
        told = {"id": first["entities"][-1]["id"] + 1, "label": "GPE"}
        assert second["entities"] == [told | {"start_offset": start, "end_offset": start + 4}]
    losses = [(loss.feature.value, loss.count, loss.changed) for loss in writer.losses()]
    assert losses == ([("misaligned", 1, False)] if unit == "graphemes" else [])


def test_what_else_a_line_says_is_kept_with_the_article(tmp_path: Path) -> None:
    line = {"text": "Oslo", "label": [], "title": "T", "source": "BBC", "desk": "world", "meta": {"n": 1}}
    (piece,) = read(tmp_path, line)
    assert piece.record is not None
    article = piece.record.article
    assert (article.title, article.source, article.meta) == ("T", "BBC", {"desk": "world", "n": 1})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"text": None, "label": []}, "the text is null"),
        ({"label": [[0, 4, "GPE"]]}, "the text is null"),
        ({"text": "Oslo", "label": [[0, 4]]}, "label[0] is [0, 4]"),
        ({"text": "Oslo", "label": "GPE"}, 'label is "GPE"'),
        ({"text": "Oslo", "label": [[0, 9, "GPE"]]}, "the entity label[0] goes from 0 to 9"),
        ({"text": "Oslo", "label": [[0, 2.5, "GPE"]]}, "the entity label[0] goes from 0 to 2.5"),
        ({"text": "Oslo", "entities": [3]}, "entities[0] is 3"),
        (17, "17 is no article"),
    ],
)
def test_a_bad_line_is_named_and_the_next_one_comes_in(tmp_path: Path, line: object, said: str) -> None:
    wrong, right = read(tmp_path, line, {"text": "Rome", "label": [[0, 4, "GPE"]]})
    assert [fault.line for fault in wrong.faults] == [1]
    assert said in wrong.faults[0].what
    assert spans(right) == [("GPE", 0, 4)]


def test_a_line_cut_short_ends_the_file_with_a_fault(tmp_path: Path) -> None:
    first, *rest = read(tmp_path, {"text": "Rome", "label": []}, '{"text": "Oslo", "label": [[0, 4')
    assert first.record is not None
    assert rest[-1].faults


def test_offsets_are_written_as_doccano_counts_and_the_file_is_known_as_its(tmp_path: Path) -> None:
    row = ("entity", "PERSON", *LAVROV, None, None, None, None, None, None, None, None)
    with Target(tmp_path, "out.jsonl") as target:
        writer = Doccano().writer(target, Writing(LABELS))
        list(writer.write(Record(Article.of(TALKS), [row])))
        target.close()
    file = tmp_path / "out.jsonl"
    assert json.loads(file.read_text(encoding="utf-8"))["label"] == [[3, 9, "PERSON"]]
    assert candidates(FileSource(file))[0].name == "doccano"
