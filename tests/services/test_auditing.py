"""The audit: what is drawn of what all mark alike is told as the review lists it, with what leads found."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from annotator.domain.review import is_audited
from annotator.services.auditing import Audited, Finding, audit, audited
from annotator.services.behind import AuditBehind, places
from annotator.services.overview import Overviews
from annotator.services.review_items import Item
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from tests.services.reviewed import FERRY, HARBOUR, Review

MARKS = (("Northern Union", "ORG"), ("Sorrel", "GPE"))
DEAL = ("backed the deal", "FAVOR", "Mira Holt", "the deal")


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    """Two agree on four names, which became gold, and a stance; what is drawn has a stance and a name."""
    review = Review(tmp_path / "p.annot", (HARBOUR, FERRY))
    with review.project:
        for name in ("ana", "ben"):
            review.finish(name, *MARKS, stances=[DEAL])
            review.finish(name, *MARKS, text=FERRY)
        found = GroupReader(review.project.path)
        groups = [group for article in review.ids.values() for group in found.unanimous(article)]
        seed = next(seed for seed in count() if _draws_both(seed, [g for g in groups if g.is_audited(seed)]))
        with review.project.writing() as db:
            db.execute("UPDATE meta SET value=? WHERE key='review seed'", (str(seed),))
        review.reader = GroupReader(review.project.path)
        yield review


def _draws_both(seed: int, drawn: list[object]) -> bool:
    return len(drawn) > 1 and {group.is_stance for group in drawn} == {True, False}  # type: ignore[attr-defined]


def findings(review: Review) -> list[Finding]:
    return [each.finding for each in audited(review.project.db)]


def drawn(review: Review) -> list[Item]:
    return [item for item in review.queue().items if item.audit]


def key(each: Audited) -> tuple[int, str]:
    return each.article_id, each.input


def test_before_anything_is_settled_there_is_no_audit(review: Review) -> None:
    assert audit(review.project.db).settled == 0
    overview = Overviews(review.project).read()
    assert overview is not None
    assert overview.audit is None


def test_what_is_drawn_is_what_the_review_lists(review: Review) -> None:
    review.settle()
    found = audit(review.project.db)
    items = drawn(review)
    assert found.settled == 5
    assert {key(each) for each in audited(review.project.db)} == {item.key for item in items}
    for stances in (False, True):
        assert found.count(*Finding, stances=stances) == sum(i.group.is_stance is stances for i in items)
    assert set(findings(review)) == {Finding.LEFT}


def test_what_a_lead_finds_is_counted(review: Review) -> None:
    review.settle()
    first, second, *_ = drawn(review)
    review.reviewing.adopt(first, first.group.marks[0])
    review.reviewing.none(second)
    assert findings(review)[0] is Finding.OVERTURNED
    assert findings(review)[-1] is Finding.UPHELD
    assert audit(review.project.db).settled == 5
    review.reviewing.undo()
    assert Finding.OVERTURNED not in findings(review)


def test_what_is_put_aside_is_left_and_another_opinion_is_not_the_audit(review: Review) -> None:
    review.settle()
    first, second, *_ = drawn(review)
    review.reviewing.unsure(first)
    review.reviewing.adopt(second, second.group.marks[0])
    max_ = Reviewing(review.project, "max")
    opinion = next(item for item in review.queue(lead="max", second=True).items if item.key == second.key)
    max_.none(opinion)
    assert sorted(findings(review)) == sorted([Finding.LEFT] * (len(drawn(review)) - 1) + [Finding.UPHELD])


def test_a_place_is_counted_once_when_another_lead_decides(review: Review) -> None:
    review.settle()
    item = drawn(review)[0]
    theirs = next(each for each in review.queue(lead="max").items if each.key == item.key)
    Reviewing(review.project, "max").none(theirs)
    assert findings(review).count(Finding.OVERTURNED) == 1
    assert len(findings(review)) == len(drawn(review))


def test_the_places_behind_a_number_are_found_in_the_review(review: Review) -> None:
    review.settle()
    item = next(item for item in drawn(review) if item.group.is_stance)
    review.reviewing.none(item)
    found = places(review.project.path, AuditBehind("", True, (Finding.OVERTURNED,)), None)
    assert found is not None
    (place,) = found.rows
    assert (place.words, place.said, place.key) == ("backed the deal", "FAVOR · overturned", item.key)
    none = places(review.project.path, AuditBehind("", False, (Finding.OVERTURNED,)), None)
    assert none is not None
    assert none.rows == ()


def test_without_a_seed_nothing_is_drawn(review: Review) -> None:
    review.settle()
    assert any(is_audited(review.reviewing.seed(), *item.key) for item in drawn(review))
    with review.project.writing() as db:
        db.execute("DELETE FROM meta WHERE key='review seed'")
    assert audited(review.project.db) == []
