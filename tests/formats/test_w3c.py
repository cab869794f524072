"""Web annotations as others write them, and what is wrong in them named by place."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Record
from annotator.formats.contract import Maker, Piece, Reading, Writing
from annotator.formats.registry import candidates
from annotator.formats.sources import FileSource
from annotator.formats.targets import Target
from annotator.formats.w3c import W3c
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, WANTED

CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def target(start: object, end: object, exact: str | None = None) -> dict[str, Any]:
    selectors: list[dict[str, object]] = [{"type": "TextPositionSelector", "start": start, "end": end}]
    if exact is not None:
        selectors.append({"type": "TextQuoteSelector", "exact": exact})
    return {"source": "https://example.org/a", "selector": selectors if len(selectors) > 1 else selectors[0]}


def page(*items: object, **more: object) -> dict[str, object]:
    return {"@context": CONTEXT, "type": "AnnotationPage", "text": TALKS, "items": list(items)} | more


def annotation(body: object, *targets: object) -> dict[str, object]:
    return {"type": "Annotation", "body": body, "target": targets[0] if len(targets) == 1 else list(targets)}


LAVROV_TAGGED = annotation({"type": "TextualBody", "purpose": "tagging", "value": "PERSON"}, target(*LAVROV))


def read(tmp_path: Path, content: object) -> list[Piece]:
    file = tmp_path / "a.jsonld"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return list(W3c().read(FileSource(file), Reading(LABELS)))


def marks(piece: Piece) -> list[MarkRow]:
    assert piece.record is not None, piece.faults
    return piece.record.marks


def entity(label: str, start: int, end: int) -> MarkRow:
    return ("entity", label, start, end, None, None, None, None, None, None, None, None)


@pytest.mark.parametrize(
    "content",
    [
        page(LAVROV_TAGGED),
        [page(LAVROV_TAGGED)],
        {"@context": CONTEXT, "type": "AnnotationCollection", "first": page(LAVROV_TAGGED)},
        {"@context": CONTEXT, "type": ["AnnotationCollection"], "items": [page(LAVROV_TAGGED)]},
        page(annotation("PERSON", target(*LAVROV, "Lavrov"))),
        page(annotation("PERSON", target(3, 9, "Lavrov"))),  # counted in UTF-16
    ],
    ids=["page", "list", "first", "items", "body is a string", "UTF-16"],
)
def test_annotations_are_found_however_they_are_wrapped(tmp_path: Path, content: object) -> None:
    (piece,) = read(tmp_path, content)
    assert marks(piece) == [entity("PERSON", *LAVROV)]


@pytest.mark.parametrize(
    ("said", "maker"),
    [
        ({"creator": {"type": "Person", "name": "Ana"}}, Maker.PERSON),
        ({"creator": "Ana"}, Maker.PERSON),
        ({"generator": {"name": "ner", "version": "2"}}, Maker.MODEL),
        ({}, Maker.UNKNOWN),
    ],
)
def test_the_maker_is_who_the_page_names(tmp_path: Path, said: dict[str, object], maker: Maker) -> None:
    (piece,) = read(tmp_path, page(LAVROV_TAGGED, **said))
    assert piece.record is not None
    assert (piece.maker, piece.record.annotator) == (maker, "Ana" if maker is Maker.PERSON else None)


def test_a_stance_names_holder_and_target_by_role(tmp_path: Path) -> None:
    one = annotation("FAVOR", target(*WANTED), target(*RUSSIA) | {"role": "holder"})
    (piece,) = read(tmp_path, page(one))
    assert marks(piece) == [("stance", "FAVOR", *WANTED, None, None, *RUSSIA, None, None, None, None)]


def test_an_annotation_without_a_place_is_left_out_and_told(tmp_path: Path) -> None:
    (piece,) = read(tmp_path, page(LAVROV_TAGGED, annotation("GPE", "https://example.org/a#x")))
    assert marks(piece) == [entity("PERSON", *LAVROV)]
    assert piece.remarks == ("annotations without a place in the text were left out",)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (3, "3 is no annotation page"),
        ({"type": "AnnotationPage", "items": []}, "does not tell the text"),
        (page(4), "items[0] is 4"),
        (page(annotation("GPE", target(0, 99))), "goes from 0 to 99"),
        (page(annotation("GPE", target(2, None))), "goes from 2 to null"),
        (page(annotation("GPE", target(*LAVROV, "Russia"))), 'covers "Lavrov", not "Russia"'),
        (page(annotation([], target(*LAVROV))), "has the label null"),
    ],
)
def test_a_bad_page_is_named_and_the_next_one_comes_in(tmp_path: Path, wrong: object, said: str) -> None:
    bad, good = read(tmp_path, [wrong, page(LAVROV_TAGGED)])
    assert said in bad.faults[0].what
    assert marks(good) == [entity("PERSON", *LAVROV)]


def test_places_are_written_with_their_words_and_what_stands_around(tmp_path: Path) -> None:
    with Target(tmp_path, "out.jsonld") as target_:
        writer = W3c().writer(target_, Writing(LABELS))
        list(writer.write(Record(Article.of(TALKS), [entity("GPE", *RUSSIA)])))
        list(writer.close())
        target_.close()
    (written,) = json.loads((tmp_path / "out.jsonld").read_text(encoding="utf-8"))
    quote, position = written["items"][0]["target"][0]["selector"]
    assert (position["start"], position["end"]) == RUSSIA
    assert (quote["prefix"][-5:], quote["exact"], quote["suffix"][:7]) == ("said ", "Russia", " wanted")
    assert candidates(FileSource(tmp_path / "out.jsonld"))[0].name == "w3c"
