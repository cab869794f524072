"""A review of many articles: read part by part, kept as columns, and the same as if each group were made."""

from collections.abc import Iterator
from itertools import count, product
from pathlib import Path

import pytest

from annotator.domain.errors import GestureRefused
from annotator.domain.review import Settled, Type, is_audited
from annotator.services.review_groups import Read, groups_of
from annotator.services.review_items import ABSENT, Item, State, Wanted
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import Compared, GroupReader
from annotator.storage import adjudications, queries
from tests.services.reviewed import Review, entity

ARTICLES = 25
TEXTS = [
    f"Ferry {n}\n\nThe Northern Union met in Sorrel. Mira Holt backed the plan.\n" for n in range(ARTICLES)
]
PLAN = ("backed the plan", "FAVOR", "Mira Holt", "the plan")


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    """Ana and ben agree on Sorrel, and differ in every article, each time in another way."""
    review = Review(tmp_path / "p.annot", TEXTS)
    with review.project:
        for n, text in enumerate(TEXTS):
            review.finish("ana", ("Northern Union", "ORG"), ("Sorrel", "GPE"), text=text, stances=[PLAN])
            other = (("Northern Union", "GPE"), ("Union", "ORG"), ("Mira Holt", "PERSON"))[n % 3]
            polarity = "AGAINST" if n % 4 == 0 else "FAVOR"
            stances = [(PLAN[0], polarity, PLAN[2], "plan" if n % 5 == 0 else PLAN[3])]
            review.finish("ben", other, ("Sorrel", "GPE"), text=text, stances=stances)
        review.finish("cem", ("Sorrel", "FAC"), ("Northern Union", "ORG"), text=TEXTS[1])
        yield review


def order(item: Item) -> tuple[object, ...]:
    group = item.group
    return item.audit, group.rank, item.place, group.span, group.input


def audited_seed(review: Review) -> int:
    """The first seed that draws some of what is unanimous into the audit."""
    compared = review.reader.read(0)
    digests = [(article, each) for article, found in compared.unanimous.items() for each in found]
    return next(seed for seed in count() if any(is_audited(seed, *each) for each in digests))


def test_what_was_read_first_is_the_beginning_of_all(review: Review) -> None:
    first, whole = review.reader.parts(1)
    assert (first.shared, first.total, first.whole) == (20, ARTICLES, False)
    assert (whole.shared, whole.whole) == (ARTICLES, True)
    begun = {review.ids[text] for text in TEXTS[:20]}
    all_ = [item for item in ReviewQueue(whole, "lea").items if item.group.article_id in begun]
    assert list(ReviewQueue(first, "lea").items) == all_
    again = ReviewQueue(GroupReader(review.project.path).read(1), "lea")
    assert list(again.items) == list(ReviewQueue(whole, "lea").items)


def test_groups_kept_as_columns_are_those_of_the_marks(review: Review) -> None:
    compared = review.reader.read(1)
    for text in TEXTS:
        article = review.ids[text]
        read = Read(text, adjudications.readings(review.project.db, article))
        made = groups_of({article: read}, by_content=True)[article]
        looked_at = [group for group in made if group.types or group.is_audited(1)]
        kept = compared.groups[article]
        assert [(g.input, g.types, g.words) for g in kept] == [(g.input, g.types, g.words) for g in looked_at]
        assert compared.unanimous[article] == {group.input for group in made if not group.types}


def test_items_stand_by_gravity_and_place(review: Review) -> None:
    items = list(review.queue().items)
    assert items == sorted(items, key=order)
    assert {each for item in items for each in item.group.types} > {Type.FLIP, Type.LABEL, Type.BOUNDARY}


def test_a_filter_lists_what_fits_it(review: Review) -> None:
    queue = review.queue()
    item = queue.items[3]
    review.reviewing.adopt(item, item.group.marks[0])
    queue.refresh(item.group.article_id, review.reviewing.said(item.group.article_id))
    read_again = review.queue()
    wanted = [
        Wanted(types, labels, who, words, states)
        for types, labels, who, words, states in product(
            (frozenset[Type](), frozenset({Type.LABEL, Type.FLIP})),
            (frozenset[str](), frozenset({ABSENT}), frozenset({"ORG", "GPE"}), frozenset({"NOBODY"})),
            ("", "ana", "cem"),
            ("", "UNION"),
            (frozenset[State](), frozenset({State.LEFT}), frozenset({State.DECIDED})),
        )
    ]
    for each in (queue, read_again):
        for one in wanted:
            fits = [n for n, item in enumerate(each.items) if one.fits(item)]
            assert each.listed(one) == fits, one
    assert list(queue.items) == list(read_again.items)
    assert (queue.left, queue.left_by_type) == (read_again.left, read_again.left_by_type)


def test_alike_are_those_of_the_same_words_and_readings(review: Review) -> None:
    queue = review.queue()
    for item in queue.items:
        others = [each for each in queue.items if each.group.alike == item.group.alike and each != item]
        assert queue.alike(item) == others
    assert any(queue.alike(item) for item in queue.items)


def test_reading_that_was_ended_goes_on_with_what_has_changed(review: Review) -> None:
    def ended(done: int, total: int) -> None:
        raise GestureRefused("Stopped.")

    with pytest.raises(GestureRefused):
        list(review.reader.parts(1, ended))
    review.relabel("ben", "Northern Union", "ORG", TEXTS[0])
    found = ReviewQueue(review.reader.read(1), "lea")
    assert list(found.items) == list(ReviewQueue(GroupReader(review.project.path).read(1), "lea").items)
    of_first = [item.group.words for item in found.items if item.place == 0]
    assert "Northern Union" not in of_first


def test_what_is_settled_by_itself_is_not_read_again_but_for_the_audit(review: Review) -> None:
    seed = audited_seed(review)
    review.reader = GroupReader(review.project.path)
    before = ReviewQueue(review.reader.read(seed), "lea")
    for article_id, digests, gone in before.unsettled():
        new = [group for group in review.reader.unanimous(article_id) if group.input in digests]
        review.reviewing.settle(article_id, new, gone)
    compared = GroupReader(review.project.path).read(seed)
    assert compared.settled.keys() == set(review.ids.values()) - {review.ids[TEXTS[1]]}
    queue = ReviewQueue(compared, "lea")
    assert queue.unsettled() == []
    audits = [item for item in queue.items if item.audit]
    assert audits
    assert queue.audits == len(audits)
    assert {item.own.settled for item in audits if item.own} == {Settled.UNANIMOUS}
    other = ReviewQueue(compared, "max")
    assert [item.others[0].lead for item in other.items if item.audit] == ["lea"] * len(audits)


def test_what_is_overturned_in_the_audit_is_read_in_whole_again(review: Review) -> None:
    seed = audited_seed(review)
    review.reader = GroupReader(review.project.path)
    for article_id, digests, gone in ReviewQueue(review.reader.read(seed), "lea").unsettled():
        new = [group for group in review.reader.unanimous(article_id) if group.input in digests]
        review.reviewing.settle(article_id, new, gone)
    queue = ReviewQueue(review.reader.read(seed), "lea")
    audit = next(item for item in queue.items if item.audit)
    review.reviewing.none(audit)
    compared: Compared = review.reader.read(seed)
    assert audit.group.article_id not in compared.settled
    assert audit.group.article_id in compared.adjudications
    found = ReviewQueue(compared, "lea")
    assert found.unsettled() == []
    place = found.place_of(audit.key)
    assert place is not None
    assert found.items[place].state is State.DECIDED
    text = queries.article(review.project.db, audit.group.article_id).text
    assert not any(said.endswith(audit.group.words) for said in review.gold(text))


def test_a_decision_on_what_was_read_before_it_is_taken_over(review: Review) -> None:
    first, whole = review.reader.parts(1)
    queue = ReviewQueue(first, "lea")
    item = next(item for item in queue.items if item.group.types == {Type.LABEL})
    review.reviewing.adopt(item, entity(item, "ORG"))
    later = ReviewQueue(whole, "lea")
    (place,) = later.refresh(item.group.article_id, review.reviewing.said(item.group.article_id))
    assert later.items[place].key == item.key
    assert not later.is_left(place)
    assert later.unsettled() == ReviewQueue(review.reader.read(1), "lea").unsettled()
    assert later.left == len(later.items) - 1


def test_what_waits_to_be_settled_follows_what_is_said(review: Review) -> None:
    queue = review.queue()
    article_id, digests, gone = queue.unsettled()[0]
    new = [group for group in review.reader.unanimous(article_id) if group.input in digests]
    review.reviewing.settle(article_id, new, gone)
    queue.refresh(article_id, review.reviewing.said(article_id))
    assert article_id not in {each for each, _, _ in queue.unsettled()}
    assert queue.unsettled() == review.queue().unsettled()
