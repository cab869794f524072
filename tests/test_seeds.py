"""The sample articles hold what they are there to show."""

import json
from pathlib import Path

import pytest

from annotator.domain.articles import Article
from annotator.domain.zone_rules import find_zones
from annotator.domain.zones import ZoneKind
from annotator.places import seeds

ARTICLES = sorted((seeds() / "articles").glob("*.txt"))


def text_of(path: Path) -> str:
    return path.read_bytes().decode()


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_the_first_line_is_the_title(path: Path) -> None:
    assert Article.of(text_of(path)).title == text_of(path).splitlines()[0]


def test_they_hold_what_breaks_offsets_and_readers() -> None:
    together = "".join(map(text_of, ARTICLES))
    for what in ("\r\n", "\N{MULTIPLE MUSICAL NOTES}", "\u200d", "\u05d4", "\u0646"):
        assert what in together


def test_one_of_them_has_each_kind_of_zone_found_by_rule() -> None:
    kinds = {zone.kind for path in ARTICLES for zone in find_zones(text_of(path))}
    assert kinds == set(ZoneKind) - {ZoneKind.OTHER}


@pytest.mark.parametrize("annotator", ["noor", "robin"])
def test_people_have_names_and_one_has_two_to_be_merged(annotator: str) -> None:
    lines = (seeds() / "labels" / f"{annotator}.jsonl").read_text(encoding="utf-8").splitlines()
    named = [span for line in lines for span in json.loads(line)["spans"] if "name" in span]
    assert all(span["text"].split()[-1].casefold() in span["name"].casefold() for span in named)
    assert len({span["name"] for span in named}) == (11 if annotator == "noor" else 10)
    assert all(
        sum(each["name"] == span["name"] for each in named) > 1 for span in named if annotator == "robin"
    )
