"""Random marks of several annotators, for the tests of their agreement."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from numpy.random import Generator

from annotator.agreement.columns import Articles, Ints, Marks
from annotator.agreement.dashboard import Given
from annotator.agreement.measures import Layout

LENGTH = 400
LABELS = ("PERSON", "ORG", "GPE")
POLARITIES = ("FAVOR", "AGAINST", "NEUTRAL")
NAMES = ("ana", "ben", "cem", "dora", "eva")


def layout(annotators: int) -> Layout:
    return Layout(NAMES[:annotators], LABELS, POLARITIES)


def given(
    seed: int, *, articles: int = 6, annotators: int = 3, wrong: float = 0.3, finished: float = 1.0
) -> Given:
    """Articles with some twelve entities and three stances, each of which everybody sees in their own way."""
    random = np.random.default_rng(seed)
    done = random.random((articles, annotators)) < finished
    return Given(
        tuple(range(100, 100 + articles)),
        Articles(np.full(articles, LENGTH), done),
        _seen(random, articles, annotators, wrong, each=12, stances=False),
        _seen(random, articles, annotators, wrong, each=3, stances=True),
    )


def _seen(
    random: Generator, articles: int, annotators: int, wrong: float, *, each: int, stances: bool
) -> Marks:
    size = articles * each
    start, long = random.integers(0, LENGTH - 40, size), random.integers(2, 20, size)
    label, parts = random.integers(0, 3, size), random.integers(0, LENGTH - 20, (size, 2))
    rows: dict[tuple[int, ...], tuple[int, ...]] = {}  # by span: nobody gives one two labels
    for who in range(annotators):
        for n in range(size):
            if random.random() < wrong / 2:
                continue
            moved, other, elsewhere = random.random(3) < wrong
            at = int(start[n] + moved * random.integers(0, 6))
            end = int(start[n] + long[n] + moved * random.integers(0, 6))
            kind = int(random.integers(0, 3)) if other else int(label[n])
            row = (n // each, who, at, max(end, at + 1), kind)
            if stances:
                holder, target = (int(part + elsewhere * random.integers(0, 20)) for part in parts[n])
                row += (holder, holder + 8, -1, target, target + 9, -1, n // each * 1000 + at // 50)
            rows[row[:4]] = row
    columns = list(zip(*sorted(rows.values()), strict=True)) or [()] * (12 if stances else 5)
    if not stances:
        return Marks.of(columns[:5])
    return Marks.of(columns[:5], list(zip(*columns[5:11], strict=True)), columns[11])


def shuffled(marks: Marks, random: Generator) -> Marks:
    return marks.at(random.permutation(len(marks)))


def of_annotators(given: Given, order: Ints) -> Given:
    """The same work with the annotators in another order; `order[n]` is who stands at n now."""
    place = np.argsort(order)

    def moved(marks: Marks) -> Marks:
        return replace(marks, annotator=place[marks.annotator])

    articles = Articles(given.articles.lengths, given.articles.finished[:, order])
    return Given(given.ids, articles, moved(given.entities), moved(given.stances))


def one_article(given: Given, at: int) -> Given:
    def only(marks: Marks) -> Marks:
        some = marks.at(marks.article == at)
        return replace(some, article=np.zeros_like(some.article))

    articles = Articles(given.articles.lengths[at : at + 1], given.articles.finished[at : at + 1])
    return Given(given.ids[at : at + 1], articles, only(given.entities), only(given.stances))


def seeds() -> st.SearchStrategy[int]:
    return st.integers(0, 2**32)
