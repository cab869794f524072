"""Settling what is unanimous, article by article, while a lead decides."""

from pathlib import Path

from annotator.services.review_items import Item
from annotator.services.settling import settle_article
from tests.services.reviewed import HARBOUR, Review


def test_what_a_lead_decides_before_its_turn_comes_stands(tmp_path: Path) -> None:
    made = Review(tmp_path / "p.annot")
    with made.project:
        for name in ("ben", "cid"):
            made.finish(name, ("Okafor", "PERSON"), ("Sorrel", "GPE"))
        (waiting,) = made.queue().unsettled()
        group = next(each for each in made.reader.unanimous(made.ids[HARBOUR]) if each.words == "Okafor")
        made.reviewing.none(Item(group, 0, "", audit=True))
        settle_article(made.reviewing, made.reader, waiting)
        assert made.gold() == ["GPE Sorrel"]
