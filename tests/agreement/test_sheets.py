"""Sheets: what their columns say of groups is what the groups say themselves, once they are made."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given as such
from hypothesis import strategies as st

from annotator.agreement.listing import Entry, Listing
from annotator.agreement.sheets import Sheet, bits_of, readings_of, sheet_of, types_of, words_of
from annotator.domain.marks import Entity, Mark, Part, Stance
from annotator.domain.review import Group, Type, content_of
from annotator.domain.text import Span
from tests.agreement.several import LABELS, LENGTH, NAMES, POLARITIES, given

TEXT = ("one two  three\n" * LENGTH)[:LENGTH]


def sheets(seed: int, *, wrong: float, finished: float) -> list[Sheet]:
    """The groups of random entities and stances of four annotators, some of whom have not finished all."""
    made = given(seed, annotators=4, wrong=wrong, finished=finished)
    found = []
    for marks, labels in ((made.entities, LABELS), (made.stances, POLARITIES)):

        def mark(row: int, marks: object = marks, labels: tuple[str, ...] = labels) -> Mark:
            span = Span(int(marks.start[row]), int(marks.end[row]))  # type: ignore[attr-defined]
            label = labels[int(marks.label[row])]  # type: ignore[attr-defined]
            if marks.parts is None:  # type: ignore[attr-defined]
                return Entity("", span, label)
            holder, target = marks.parts[row].tolist()  # type: ignore[attr-defined]
            return Stance("", span, label, Part(Span(*holder[:2])), Part(Span(*target[:2])))

        sheet = sheet_of(made.articles, marks, mark, ids=made.ids, names=NAMES[:4], labels=labels)
        found.append(sheet.by_content().with_words(dict.fromkeys(made.ids, TEXT)))
    return found


def groups(sheet: Sheet) -> list[Group]:
    return [sheet.group(row) for row in range(len(sheet))]


anything = partial(
    such, st.integers(0, 10_000), st.sampled_from([0.0, 0.1, 0.4]), st.sampled_from([1.0, 0.6])
)


@anything()
def test_columns_say_what_groups_say(seed: int, wrong: float, finished: float) -> None:
    for sheet in sheets(seed, wrong=wrong, finished=finished):
        made = groups(sheet)
        assert [(group.span.start, group.span.end) for group in made] == list(
            zip(sheet.start.tolist(), sheet.end.tolist(), strict=True)
        )
        assert [group.words for group in made] == [
            words_of(TEXT, group.span.start, group.span.end) for group in made
        ]
        assert sheet.readings().tolist() == [readings_of(group) for group in made]
        for label in (*LABELS, "NOBODY", None):
            given_by = [any((mark and mark.label) == label for _, mark in group.votes) for group in made]
            assert sheet.gives(label).tolist() == given_by
        for name in (*NAMES[:4], "nobody"):
            assert sheet.apart(name).tolist() == [_apart(group, name) for group in made]


def _apart(group: Group, name: str) -> bool:
    votes = {who: mark and content_of(mark) for who, mark in group.votes}
    return name in votes and any(votes[name] != each for each in votes.values())


@anything()
def test_what_is_unanimous_has_the_digest_of_its_votes(seed: int, wrong: float, finished: float) -> None:
    for sheet in sheets(seed, wrong=wrong, finished=finished):
        made = groups(sheet)
        alone = {row: group.input for row, group in enumerate(made) if not group.types}
        assert dict(sheet.unanimous()) == alone
        assert not any(_spread(made[row]) for row in alone)


def _spread(group: Group) -> bool:
    return len({content_of(mark) for _, mark in group.votes if mark is not None}) > 1


@anything()
def test_a_part_of_a_sheet_is_the_groups_of_some_articles(seed: int, wrong: float, finished: float) -> None:
    for sheet in sheets(seed, wrong=wrong, finished=finished):
        made = groups(sheet)
        for article, first, last in sheet.stretches():
            assert [group for group in made if group.article_id == article] == made[first:last]
        some = sheet.at(sheet.types > 0).with_words(dict.fromkeys(sheet.article.tolist(), TEXT))
        assert groups(some) == [group for group in made if group.types]


@anything()
def test_a_list_is_in_the_order_of_a_review(seed: int, wrong: float, finished: float) -> None:
    both = sheets(seed, wrong=wrong, finished=finished)
    made = [group for sheet in both for group in groups(sheet)]
    places = {article: -article for article in {group.article_id for group in made}}
    ready = [Entry.of(group, audit=not group.types, left=True) for group in made[::3]]
    listing = Listing(ready, both, places)
    all_ = [*made[::3], *made]
    found = [all_[listing.number_at(place)] for place in range(len(listing))]
    order = [(not group.types, group.rank, -group.article_id, group.span, group.input) for group in found]
    assert order == sorted(order)
    for place in range(0, len(listing), 7):
        number = listing.number_at(place)
        alike = [n for n, group in enumerate(found) if group.alike == found[place].alike and n != place]
        assert listing.alike(place) == alike
        assert listing.input(number) == found[place].input
        assert place in listing.of_article(found[place].article_id)


def test_readings_that_are_near_are_told_apart() -> None:
    """A sum of numbers that were hardly mixed was the same for these."""
    ends = [((0, 11), (3, 15)), ((0, 10), (3, 14)), ((0, 11), (3, 14)), ((0, 10), (3, 15))]
    made = [
        Group(
            1,
            tuple(
                (name, Entity("", Span(*span), "PERSON")) for name, span in zip(NAMES, spans, strict=False)
            ),
            frozenset({Type.BOUNDARY}),
            "",
        )
        for spans in ends
    ]
    assert len({readings_of(group) for group in made}) == len(made)


@pytest.mark.parametrize("types", [(), (Type.FLIP,), (Type.LABEL, Type.PART), tuple(Type)])
def test_types_are_bits_and_back(types: tuple[Type, ...]) -> None:
    assert types_of(bits_of(types)) == set(types)


def test_an_empty_list_has_nothing() -> None:
    listing = Listing([], [], {})
    assert len(listing) == 0
    assert listing.wanted(0, (), "", "x") == ([], [])
    assert listing.left_by_types() == {}
    assert np.asarray(listing.numbers).tolist() == []
