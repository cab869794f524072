"""What the review says of decisions that were made before."""

from pathlib import Path

from annotator.services.reviewing import Reviewing
from annotator.ui.review_wording import before_said
from tests.services.reviewed import HARBOUR, Review, entity


def test_what_another_lead_decided_on_other_votes_is_told(tmp_path: Path) -> None:
    review = Review(tmp_path / "p.annot")
    with review.project:
        review.finish("ana", ("Sorrel", "ORG"))
        review.finish("ben", ("Sorrel", "GPE"))
        item = review.item("Sorrel", lead="max")
        Reviewing(review.project, "max").adopt(item, entity(item, "ORG"))
        review.relabel("ana", "Sorrel", "LOC")
        item = review.item("Sorrel")
        changed = "ORG “Sorrel”. The votes have changed since."
        assert before_said(item, HARBOUR, blind=True) == f"Another lead decided: {changed}"
        item = review.item("Sorrel", lead="max")
        assert before_said(item, HARBOUR, blind=True) == f"You decided before: {changed}"
