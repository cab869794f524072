"""The marks of the open article: counted as they change, the uncertain ones found."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.changes import Change
from annotator.domain.labels import Kind
from annotator.domain.marks import Entity, Provenance, Shown, Source, Stance
from annotator.domain.text import Span
from annotator.ui.label_page import successor
from annotator.ui.open_marks import OpenMarks
from annotator.ui.ranking import Ranking


def suggested(id_: str, start: int, score: float | None, label: str = "PERSON") -> Shown:
    return Shown(Entity(id_, Span(start, start + 3), label), None, Provenance("test", "1", score))


def own(id_: str, start: int, label: str = "PERSON") -> Shown:
    return Shown(Entity(id_, Span(start, start + 3), label), Source.ADDED)


def change(*now: Shown, gone: tuple[str, ...] = ()) -> Change:
    return Change("op", 1, "", 0, gone=gone, now=now)


def test_a_decided_suggestion_is_no_longer_counted_as_undecided() -> None:
    marks = OpenMarks([suggested("1:0", 0, 0.5), suggested("1:1", 9, 0.5)])
    marks.apply(change(own("A", 0), gone=("1:0",)))
    assert (marks.undecided, marks.counts[Kind.ENTITY, "PERSON"], len(marks)) == (1, 2, 2)


shown_lists = st.lists(
    st.builds(
        lambda n, label, mine: own(f"m{n}", n, label) if mine else suggested(f"m{n}", n, 0.5, label),
        st.integers(0, 20),
        st.sampled_from(("PERSON", "ORG")),
        st.booleans(),
    ),
    unique_by=lambda shown: shown.id,
)


@given(shown_lists, shown_lists)
def test_the_difference_leads_from_one_list_to_the_other(before: list[Shown], after: list[Shown]) -> None:
    marks = OpenMarks(before)
    marks.apply(marks.difference(after, 1))
    fresh = OpenMarks(after)
    assert {shown.id: shown for shown in marks} == {shown.id: shown for shown in after}
    assert marks.undecided == fresh.undecided
    assert +marks.counts == +fresh.counts
    assert marks.difference(after, 1).now == marks.difference(after, 1).gone == ()


scored_lists = st.lists(
    st.builds(
        lambda n, score, mine: own(f"m{n}", n) if mine else suggested(f"m{n}", n % 9, score),
        st.integers(0, 30),
        st.sampled_from((None, 0.2, 0.5, 0.9)),
        st.booleans(),
    ),
    unique_by=lambda shown: shown.id,
)


def score(shown: Shown) -> float | None:
    return shown.score


@given(scored_lists, st.lists(scored_lists, max_size=4), st.booleans())
def test_a_ranking_follows_changes(before: list[Shown], changes: list[list[Shown]], whole: bool) -> None:
    marks = OpenMarks(before)
    if whole:
        marks.ranking(score).finish()
    for after in changes:
        marks.apply(marks.difference(after, 1))
    check_ranking(marks.ranking(score), [*marks])


@given(scored_lists, st.integers(1, 4))
def test_a_ranking_is_made_in_parts(shown: list[Shown], run: int) -> None:
    check_ranking(Ranking(score, shown, run=run), shown)


def check_ranking(ranking: Ranking, shown: list[Shown]) -> None:
    """Goes from the first to the last."""
    ranking.finish()
    rows = sorted(row for each in shown if (row := ranking.row(each)) is not None)
    assert len(rows) == sum(each.suggested and each.score is not None for each in shown)
    at, found = ranking.after(None), []
    while at is not None:
        found.append(at)
        assert ranking.place(at) == len(found)
        at = ranking.after(at)
    assert (found, len(ranking)) == (rows, len(rows))


def test_the_successor_is_of_its_kind_and_nearest() -> None:
    stance = Shown(Stance("S", Span(0, 9), "FAVOR"), Source.ADDED)
    before = suggested("1:0", 0, 0.5)
    assert successor(before, change(stance, own("far", 2), own("near", 0))) == "near"
    assert successor(before, change(stance)) is None
