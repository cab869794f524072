"""Figures and groups are the same however labels and annotators are numbered."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as cases
from hypothesis import settings
from numpy.random import Generator

from annotator.agreement.columns import Articles, Ints, Marks
from annotator.agreement.dashboard import Dashboard, Given
from annotator.agreement.measures import Layout
from annotator.agreement.sheets import sheet_of
from annotator.domain.marks import Entity, Mark, Stance
from annotator.domain.text import Span
from tests.agreement.several import NAMES, POLARITIES, of_annotators, seeds

LENGTH = 60
LABELS = ("EVENT", "GPE", "ORG", "PERSON")
WHO = NAMES[:4]


def crowded(seed: int) -> Given:
    """Short articles in which many marks have the same span, several of one annotator's among them."""
    random = np.random.default_rng(seed)
    done = random.random((5, len(WHO))) < 0.9
    entities, stances = (_marks(random, size, stances=size < 7) for size in (12, 5))
    return Given(tuple(range(7, 12)), Articles(np.full(5, LENGTH), done), entities, stances)


def _marks(random: Generator, each: int, *, stances: bool) -> Marks:
    rows = set()
    for article in range(5):
        for who in range(len(WHO)):
            for _ in range(each):
                start = int(random.integers(0, 4)) * 12
                end = start + int(random.integers(5, 8))
                rows.add((article, who, start, end, int(random.integers(0, 3 if stances else 4))))
    order = [list(rows)[n] for n in random.permutation(len(rows))]
    columns = list(zip(*order, strict=True))
    if not stances:
        return Marks.of(columns)
    parts = [[0, 4, int(random.integers(-1, 2)), 50, 54, -1] for _ in order]
    return Marks.of(columns, parts, [row[0] for row in order])


def renumbered(work: Given, random: Generator) -> tuple[Layout, Given]:
    """The same work with annotators, labels and polarities in another order, and that order."""
    who, label, polarity = (random.permutation(len(each)) for each in (WHO, LABELS, POLARITIES))
    turned = of_annotators(work, who)

    def of(marks: Marks, order: Ints) -> Marks:
        return replace(marks, label=np.argsort(order)[marks.label])

    layout = Layout(
        tuple(WHO[n] for n in who),
        tuple(LABELS[n] for n in label),
        tuple(POLARITIES[n] for n in polarity),
    )
    return layout, replace(turned, entities=of(turned.entities, label), stances=of(turned.stances, polarity))


def told(board: Dashboard) -> dict[str, object]:
    """All that a dashboard says, by name."""
    tables = {}
    for stances in (False, True):
        labels = [*(board.layout.polarities if stances else board.layout.labels), ""]
        for one, other in ((one, other) for one in WHO for other in WHO if one < other):
            table = board.confusion(one, other, stances=stances)
            for (row, column), count in np.ndenumerate(table):
                tables[stances, one, other, labels[row], labels[column]] = count
    return {
        "figures": {each.key: each.to_dict() for each in board.figures()},
        "confusion": tables,
        "differences": (board.differences(), board.differences(stances=True)),
        "by article": dict(board.by_article("f1_type")),
    }


@settings(max_examples=10)
@cases(seeds())
def test_no_figure_depends_on_the_order_of_labels_or_annotators(seed: int) -> None:
    work = crowded(seed)
    straight = Dashboard(Layout(WHO, LABELS, POLARITIES), work, resamples=10)
    layout, turned = renumbered(work, np.random.default_rng(seed))
    board = Dashboard(layout, turned, resamples=10)
    assert told(board) == told(straight)
    assert (board.layout.labels, board.layout.polarities) == (layout.labels, layout.polarities)
    assert board.update(turned)
    assert told(board)["differences"] == told(straight)["differences"]


@pytest.mark.parametrize("seed", range(2))
def test_what_annotators_are_worth_does_not_depend_on_it_either(seed: int) -> None:
    layout, turned = renumbered(crowded(seed), np.random.default_rng(seed))
    found = [
        {each.key: each.to_dict() for each in Dashboard(*given, resamples=2).competences()}
        for given in ((Layout(WHO, LABELS, POLARITIES), crowded(seed)), (layout, turned))
    ]
    assert found[0] == found[1]
    assert all(each["value"] is not None for each in found[0].values())


@settings(max_examples=25)
@cases(seeds())
def test_groups_do_not_depend_on_the_order_of_labels(seed: int) -> None:
    work = crowded(seed)
    layout, turned = renumbered(work, np.random.default_rng(seed))
    straight = Layout(WHO, LABELS, POLARITIES)
    assert groups_of(layout, turned, stances=False) == groups_of(straight, work, stances=False)
    assert groups_of(layout, turned, stances=True) == groups_of(straight, work, stances=True)


def groups_of(layout: Layout, work: Given, *, stances: bool) -> set[tuple[object, ...]]:
    """What each group says, by name."""
    marks = work.stances if stances else work.entities
    labels = layout.polarities if stances else layout.labels

    def mark(row: int) -> Mark:
        span, label = Span(int(marks.start[row]), int(marks.end[row])), labels[int(marks.label[row])]
        return Stance("", span, label, None, None) if stances else Entity("", span, label)

    sheet = sheet_of(work.articles, marks, mark, ids=work.ids, names=layout.annotators, labels=labels)
    sheet = sheet.with_words(dict.fromkeys(work.ids, " " * LENGTH))
    made = [sheet.group(row) for row in range(len(sheet))]
    return {
        (
            each.article_id,
            each.types,
            frozenset((name, mark and (mark.label, mark.span)) for name, mark in each.votes),
        )
        for each in made
    }


@pytest.mark.parametrize("common", range(3))
def test_of_two_that_fit_a_third_equally_that_which_more_say_takes_it(common: int) -> None:
    """One has two labels on a span, others one of these, another a third: he stands with the others."""
    rare, third = (n for n in range(3) if n != common)
    rows = [(0, 0, 3, 9, common), (0, 0, 3, 9, rare), (0, 1, 3, 9, third), (0, 2, 3, 9, common)]
    work = Given(
        (1,),
        Articles.of([LENGTH], [[True] * 3], 3),
        Marks.of(list(zip(*rows, strict=True))),
        Marks.of([()] * 5, [], []),
    )
    found = groups_of(Layout(WHO[:3], LABELS, POLARITIES), work, stances=False)
    votes = {frozenset((name, said and said[0]) for name, said in each[2]) for each in found}
    names = [LABELS[n] for n in (common, rare, third)]
    assert votes == {
        frozenset({(WHO[0], names[0]), (WHO[1], names[2]), (WHO[2], names[0])}),
        frozenset({(WHO[0], names[1]), (WHO[1], None), (WHO[2], None)}),
    }
