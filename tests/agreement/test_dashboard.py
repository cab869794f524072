"""The figures of several annotators: what must hold whatever they marked, and keeping them up to date."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, settings
from hypothesis import given as cases

from annotator.agreement.columns import Articles, Ints, Marks
from annotator.agreement.dashboard import Dashboard, Given
from annotator.agreement.measures import DEFINITIONS, Key
from tests.agreement.several import LENGTH, given, layout, of_annotators, one_article, seeds, shuffled

FEW = 20  # resamples


def dashboard(work: Given, annotators: int = 3, resamples: int = FEW) -> Dashboard:
    return Dashboard(layout(annotators), work, resamples=resamples)


def values(work: Given, annotators: int = 3) -> dict[Key, float | None]:
    board = dashboard(work, annotators)
    return {each.key: each.figure.value for each in (*board.figures(), *board.competences())}


def close(one: dict[Key, float | None], other: dict[Key, float | None]) -> bool:
    return one.keys() == other.keys() and all(
        value == pytest.approx(other[key], abs=1e-9) for key, value in one.items()
    )


def marks_of(rows: list[tuple[int, ...]]) -> Marks:
    """Entities of (article, annotator, start, end, label)."""
    return Marks.of(list(zip(*rows, strict=True)) or [()] * 5)


def work_of(rows: list[tuple[int, ...]], finished: list[list[bool]]) -> Given:
    articles = Articles.of([LENGTH] * len(finished), finished, len(finished[0]))
    none = Marks.of([()] * 5, [], [])
    return Given(tuple(range(len(finished))), articles, marks_of(rows), none)


def test_the_figures_of_a_worked_example() -> None:
    rows = [(0, 0, 0, 5, 0), (0, 0, 10, 15, 1), (0, 0, 20, 25, 2), (0, 0, 40, 45, 0)]
    rows += [(0, 1, 0, 5, 0), (0, 1, 10, 15, 0), (0, 1, 20, 26, 2), (0, 1, 60, 65, 0)]
    found = values(work_of(rows, [[True, True]]), 2)
    f1 = {name: found[Key(name)] for name in ("f1_strict", "f1_exact", "f1_overlap", "f1_type")}
    assert f1 == {"f1_strict": 0.25, "f1_exact": 0.5, "f1_overlap": 2 * 2.5 / 8, "f1_type": 0.5}
    assert found[Key("f1_strict", "PERSON")] == 2 * 1 / 5
    assert found[Key("f1_strict", annotators=("ana", "ben"))] == 0.25
    # Matched: PERSON-PERSON, ORG-PERSON, GPE-GPE; observed 2/3, by chance (1/3 2/3 + 0 + 1/3 1/3).
    assert found[Key("kappa_cohen")] == pytest.approx((2 / 3 - 1 / 3) / (1 - 1 / 3))
    # Five units with ABSENT: two agree; ten values: 4 PERSON, 1 ORG, 2 GPE, 3 ... of which 2 are ABSENT.
    totals = np.array([5, 1, 2, 2])
    assert found[Key("alpha")] == pytest.approx(1 - (3 * 2) * 9 / (100 - (totals**2).sum()))


def test_a_figure_says_how_much_it_rests_on() -> None:
    rows = [(0, who, start, start + 5, 0) for who in (0, 1) for start in (0, 10, 20) if start or who]
    board = dashboard(work_of([*rows, (0, 0, 50, 60, 1)], [[True, True], [True, False]]), 2)
    by_key = {each.key: each for each in board.figures()}
    assert (by_key[Key("f1_strict")].n, by_key[Key("f1_strict")].unit) == (6, "marks")
    kappa = by_key[Key("kappa_cohen")]
    assert (kappa.n, kappa.of) == (2, 4)
    assert by_key[Key("alpha_characters")].n == 2 * LENGTH
    assert board.ids == (0,)


def test_what_is_undefined_says_why() -> None:
    board = dashboard(work_of([], [[True, True, True]] * 2))
    for each in (*board.figures(), *board.competences()):
        said = each.to_dict()
        assert said["value"] is None
        assert len(str(said["why"])) > 10
    nothing = dashboard(work_of([], [[True, False, False]] * 2))
    assert nothing.ids == ()
    assert all("no article was finished by two" in each.figure.why for each in nothing.figures())


def test_every_figure_has_a_definition() -> None:
    for annotators in (2, 3):
        assert {
            key.figure for key in values(given(1, annotators=annotators), annotators)
        } <= DEFINITIONS.keys()


@settings(max_examples=8)
@cases(seeds())
def test_identical_work_agrees_wholly(seed: int) -> None:
    one = given(seed, annotators=1, articles=20)

    def thrice(marks: Marks) -> Marks:
        rows = np.tile(np.arange(len(marks)), 3)
        return replace(marks.at(rows), annotator=np.repeat(np.arange(3), len(marks)))

    articles = Articles(one.articles.lengths, np.ones((20, 3), np.bool_))
    found = values(Given(one.ids, articles, thrice(one.entities), thrice(one.stances)))
    for key, value in found.items():
        assert value == pytest.approx(1.0, abs=0.01 if key.figure in ("dawid_skene", "mace") else 1e-9), key


@settings(max_examples=8)
@cases(seeds())
def test_neither_the_order_of_marks_nor_of_articles_matters(seed: int) -> None:
    work = given(seed, finished=0.8)
    random = np.random.default_rng(seed)
    order = random.permutation(len(work.ids))
    place = np.argsort(order)

    def moved(marks: Marks) -> Marks:
        marks = shuffled(marks, random)
        return replace(marks, article=place[marks.article])

    articles = Articles(work.articles.lengths[order], work.articles.finished[order])
    ids = tuple(work.ids[at] for at in order)
    turned = Given(ids, articles, moved(work.entities), moved(work.stances))
    before, after = dashboard(work), dashboard(turned)
    for one, other in zip(before.figures(), after.figures(), strict=True):
        assert one.to_dict() == other.to_dict()


@settings(max_examples=8)
@cases(seeds())
def test_the_order_of_annotators_does_not_matter(seed: int) -> None:
    work = given(seed)
    before, after = values(work), values(of_annotators(work, np.array([2, 0, 1])))
    for key, value in before.items():
        if not key.annotators:
            assert after[key] == pytest.approx(value, abs=1e-9), key


@settings(max_examples=8)
@cases(seeds())
def test_other_names_for_labels_change_nothing(seed: int) -> None:
    work = given(seed)
    renamed = np.array([1, 2, 0])
    entities = replace(work.entities, label=renamed[work.entities.label])
    before, after = values(work), values(replace(work, entities=entities))
    for key, value in before.items():
        if key.label is None and key.figure != "mace":
            assert after[key] == pytest.approx(value, abs=1e-9), key


@settings(max_examples=8)
@cases(seeds())
def test_text_before_all_marks_changes_nothing_that_does_not_look_at_it(seed: int) -> None:
    work = given(seed)

    def moved(marks: Marks, by: int) -> Marks:
        parts = None if marks.parts is None else marks.parts + np.array([by, by, 0])
        return replace(marks, start=marks.start + by, end=marks.end + by, parts=parts)

    articles = Articles(work.articles.lengths + 50, work.articles.finished)
    shifted = Given(work.ids, articles, moved(work.entities, 50), moved(work.stances, 50))
    before, after = values(work), values(shifted)
    for key, value in before.items():
        if key.figure not in ("alpha_characters", "alpha_u", "gamma"):
            assert after[key] == pytest.approx(value, abs=1e-9), key


@settings(max_examples=8)
@cases(seeds())
def test_an_article_that_only_one_has_finished_never_counts(seed: int) -> None:
    work = given(seed)
    finished = work.articles.finished.copy()
    finished[2] = [False, True, False]
    kept = np.arange(len(work.ids)) != 2
    number = np.cumsum(kept) - 1

    def without(marks: Marks) -> Marks:
        some = marks.at(kept[marks.article])
        return replace(some, article=number[some.article])

    lone = replace(work, articles=Articles(work.articles.lengths, finished))
    articles = Articles(work.articles.lengths[kept], work.articles.finished[kept])
    ids = tuple(article for article, keep in zip(work.ids, kept, strict=True) if keep)
    gone = Given(ids, articles, without(work.entities), without(work.stances))
    assert close(values(lone), values(gone))


def test_random_work_agrees_no_more_than_by_chance() -> None:
    random = np.random.default_rng(2)
    size = 4_000
    columns = [
        random.integers(0, 40, size),
        np.repeat([0, 1], size // 2),
        (start := random.integers(0, 2_000, size)),
        start + random.integers(3, 12, size),
        random.integers(0, 3, size),
    ]
    articles = Articles(np.full(40, 2_020), np.ones((40, 2), np.bool_))
    work = Given(tuple(range(40)), articles, Marks(*columns), Marks.of([()] * 5, [], []))
    found = values(work, 2)
    for key in (Key("alpha_u"), Key("gamma"), Key("alpha_characters")):
        assert abs(found[key] or 1.0) < 0.06, (key, found[key])


@settings(max_examples=6)
@example(141442)  # a unit becomes longer than any before, as the one that cut it is taken away
@cases(seeds())
def test_a_changed_article_gives_what_counting_anew_gives(seed: int) -> None:
    work = given(seed, finished=0.9)
    board = dashboard(work)
    before = board.figures()
    kept = (work.entities.article != 1) | (_nth_of_article(work.entities, 1) % 5 != 2)
    after = replace(work, entities=work.entities.at(kept))
    anew = dashboard(after)
    if not board.update(one_article(after, 1)):
        assert not set(anew.layout.lengths.tolist()) <= set(board.layout.lengths.tolist())
        assert board.figures() == before
        return
    for one, other in zip(board.figures(), anew.figures(), strict=True):
        assert one.figure.value == pytest.approx(other.figure.value, abs=1e-9), one.key
        assert one.figure.interval.low == pytest.approx(other.figure.interval.low, abs=1e-9), one.key
    assert board.confusion("ana", "ben").tolist() == anew.confusion("ana", "ben").tolist()
    assert board.differences() == anew.differences()


def _nth_of_article(marks: Marks, article: int) -> Ints:
    mine = marks.article == article
    return np.where(mine, np.cumsum(mine) - 1, 0)


def test_an_article_that_comes_in_or_goes_out_needs_counting_anew() -> None:
    work = given(3)
    board = dashboard(work)
    one = one_article(work, 0)
    alone = Articles(one.articles.lengths, np.array([[True, False, False]]))
    assert not board.update(replace(one, articles=alone))
    assert not board.update(replace(one, ids=(999,)))
    assert board.update(one)


def test_confusion_and_differences_of_a_worked_example() -> None:
    rows = [(0, 0, 0, 5, 0), (0, 0, 10, 15, 1), (0, 1, 0, 5, 2), (0, 1, 30, 35, 0), (0, 2, 0, 5, 0)]
    board = dashboard(work_of(rows, [[True, True, True], [True, True, False]]))
    absent = len(board.layout.labels)
    table = board.confusion("ana", "ben")
    assert (table[0, 2], table[1, absent], table[absent, 0], table.sum()) == (1, 1, 1, 3)
    counts = board.differences()
    assert (counts[0]["groups"], counts[0]["label"], counts[0]["missing"], counts[1]["groups"]) == (
        3,
        1,
        2,
        0,
    )


def test_each_article_has_its_own_figure() -> None:
    work = given(5)
    by_article = dashboard(work).by_article("f1_strict")
    for at, article in enumerate(work.ids):
        assert by_article[article] == pytest.approx(values(one_article(work, at))[Key("f1_strict")])


def test_the_work_can_be_ended_between_steps() -> None:
    steps: list[str] = []

    def step(name: str) -> None:
        steps.append(name)
        if name == "alpha":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        Dashboard(layout(3), given(1), resamples=FEW, step=step)
    assert steps[-1] == "alpha"
    assert "alpha_u" not in steps


def test_an_interval_holds_the_value_and_narrows_with_more_articles() -> None:
    widths = []
    for articles in (8, 128):
        work = given(4, articles=articles, annotators=2)
        found = {each.key: each.figure for each in dashboard(work, 2, resamples=400).figures()}
        figure = found[Key("f1_strict")]
        low, high = figure.interval.low, figure.interval.high
        assert low is not None
        assert high is not None
        assert low < (figure.value or 0.0) < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_a_figure_rests_on_marks_that_each_count_once() -> None:
    rows = [(0, 0, 0, 5, 0), (0, 0, 10, 15, 1), (0, 1, 0, 5, 2), (0, 2, 0, 5, 0), (1, 0, 0, 5, 0)]
    board = dashboard(work_of(rows, [[True, True, True], [True, True, False]]))
    rests_on = {each.key: each.n for each in board.figures()}
    assert rests_on[Key("f1_strict")] == 5
    assert rests_on[Key("f1_strict", annotators=("ben",))] == 5
    assert rests_on[Key("f1_strict", annotators=("cem",))] == 4
    assert rests_on[Key("f1_strict", annotators=("ben", "cem"))] == 2
    assert [rests_on[Key("f1_strict", label)] for label in board.layout.labels] == [3, 1, 1]
