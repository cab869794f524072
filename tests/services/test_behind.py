"""Every number of the overview is made of the marks that are listed behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.domain.suggestions import Verdict
from annotator.services.behind import (
    ArticlesBehind,
    Behind,
    DecisionsBehind,
    GroupsBehind,
    Place,
    SeenBehind,
    places,
)
from annotator.services.labelling import Labelling
from annotator.services.overview import Overview, Overviews
from annotator.services.projects import demo, open_project
from annotator.services.queue import Queue
from annotator.services.review_items import ABSENT
from annotator.storage.project import Project


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def project(path: Path) -> Iterator[Project]:
    with open_project(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def overview(project: Project) -> Overview:
    found = Overviews(project).read()
    assert found is not None
    return found


def listed(overview: Overview, project: Project, behind: Behind) -> tuple[Place, ...]:
    found = places(project.path, behind, overview.agreed)
    assert found is not None
    assert not found.more
    return found.rows


@pytest.mark.parametrize("stances", [False, True])
def test_each_cell_of_the_confusion_lists_as_many_as_it_counts(
    overview: Overview, project: Project, stances: bool
) -> None:
    agreed = overview.agreed
    assert agreed is not None
    names = (*(agreed.polarities if stances else agreed.labels), ABSENT)
    table = agreed.confusion(stances=stances)
    for n, one in enumerate(names):
        for m, other in enumerate(names):
            if table[n][m]:
                behind = GroupsBehind("", stances, None if n == m else True, labels=(one, other))
                assert len(listed(overview, project, behind)) == table[n][m], (one, other)


def test_differences_words_and_articles_list_as_many_as_they_count(
    overview: Overview, project: Project
) -> None:
    agreed = overview.agreed
    assert agreed is not None
    assert len(listed(overview, project, GroupsBehind(""))) == agreed.differing
    for stances, types in agreed.types.items():
        for each, count in types.items():
            behind = GroupsBehind("", stances, types=frozenset({each}))
            assert len(listed(overview, project, behind)) == count, each
    for string in agreed.strings:
        rows = listed(overview, project, GroupsBehind("", False, words=string.words))
        assert len(rows) == string.differing
    for article in agreed.articles:
        rows = listed(overview, project, GroupsBehind("", articles=(article.article_id,)))
        assert len(rows) == article.differing
    point = agreed.points[-1]
    rows = listed(overview, project, ArticlesBehind("", point.articles))
    assert [row.article_id for row in rows] == list(point.articles)


@pytest.fixture(scope="module")
def of_three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The sample after a third annotator has finished half of it without a mark."""
    with open_project(demo(tmp_path_factory.mktemp("three"))) as project:
        labelling = Labelling(project, "Ana")
        for article in Queue(project, "Ana").ids(None, "")[:3]:
            labelling.open(article)
            labelling.set_status(article, Status.DONE)
        yield project


@pytest.mark.parametrize("stances", [False, True])
@pytest.mark.parametrize("pair", [("Noor", "Ana"), ("Noor", "Robin")])
def test_of_two_out_of_three_as_many_places_are_listed_as_are_counted(
    of_three: Project, stances: bool, pair: tuple[str, str]
) -> None:
    found = Overviews(of_three).read()
    assert found is not None
    agreed = found.agreed
    assert agreed is not None
    table = agreed.confusion(stances=stances, pair=pair)
    names = (*(agreed.polarities if stances else agreed.labels), ABSENT)
    for n, one in enumerate(names):
        alike = GroupsBehind("", stances, None, labels=(one, one), among=pair)
        assert len(listed(found, of_three, alike)) == table[n][n], one
    differing = sum(sum(row) - row[n] for n, row in enumerate(table))
    rows = listed(found, of_three, GroupsBehind("", stances, among=pair))
    apart = [row for row in rows if " · " in row.said and pair[0] in row.said]
    assert len(apart) == differing
    assert all(row.key is not None for row in rows)


def test_the_most_contested_words_count_where_all_agree_too(of_three: Project) -> None:
    found = Overviews(of_three).read()
    assert found is not None
    assert found.agreed is not None
    for each in found.agreed.strings:
        everywhere = GroupsBehind("", False, differing=None, words=each.words)
        assert each.groups == len(listed(found, of_three, everywhere)), each


def test_decisions_by_label_and_score_list_as_many_as_they_count(
    overview: Overview, project: Project
) -> None:
    for (kind, label), tally in overview.worth.labels.items():
        for verdict in Verdict:
            if tally.total < 80:
                behind = DecisionsBehind("", kind, label, verdict=verdict)
                assert len(listed(overview, project, behind)) == tally.counts[verdict], label
    for (kind, tenth), tally in overview.worth.tenths.items():
        assert len(listed(overview, project, DecisionsBehind("", kind, tenth=tenth))) == tally.total


def test_places_to_be_reviewed_blind_do_not_say_who_gave_what(overview: Overview, project: Project) -> None:
    seen, blind = (
        places(project.path, GroupsBehind(""), overview.agreed, blind=blind) for blind in (False, True)
    )
    assert seen is not None
    assert blind is not None
    assert any("Noor" in place.said for place in seen.rows)
    assert not any(name in place.said for place in blind.rows for name in ("Noor", "Robin"))
    assert {"GPE · LOC", "GPE · nothing"} <= {place.said for place in blind.rows}


def test_a_cancelled_look_gives_nothing(overview: Overview, project: Project) -> None:
    assert places(project.path, GroupsBehind(""), overview.agreed, lambda: False) is None


def test_a_cancelled_reading_gives_nothing_and_the_next_one_is_whole(project: Project) -> None:
    overviews = Overviews(project)
    asked = iter([True, True, False])
    assert overviews.read(lambda: next(asked)) is None
    found = overviews.read()
    assert found is not None
    assert found.agreed is not None


def test_what_is_read_again_is_what_is_read_anew(tmp_path: Path) -> None:
    with open_project(demo(tmp_path)) as project:
        overviews = Overviews(project)
        assert overviews.read() is not None
        article = Queue(project, "Noor").ids(None, "")[0]
        labelling = Labelling(project, "Noor")
        mark = next(iter(labelling.open(article).shown))
        labelling.delete(article, mark.id)
        again, anew = overviews.read(), Overviews(project).read()
        assert again is not None
        assert again == anew


def test_bias_is_undefined_until_somebody_worked_blind(overview: Overview) -> None:
    for bias in overview.worth.biases:  # nothing was suggested anew, so it is not known what was kept
        assert bias.difference.value is None
        assert "suggestions" in bias.difference.why


def test_seen_and_hidden_suggestions_are_told_apart(tmp_path: Path) -> None:
    from annotator.services.suggesting import Suggesting
    from annotator.suggest.client import Answer, Proposal

    with open_project(demo(tmp_path)) as project:
        rows = project.db.execute("SELECT id FROM article ORDER BY position").fetchall()
        for (article_id,) in rows:
            shown = [
                each.mark for each in Labelling(project, "Noor").open(article_id).shown if not each.suggested
            ]
            entities = [mark for mark in shown if not hasattr(mark, "holder")]
            kept = tuple(
                Proposal("entity", mark.label, mark.span, 0.9)
                for mark in sorted(entities, key=lambda mark: mark.span)
            )
            Suggesting(project).store(Answer(article_id, "test", "1", kept))
        found = Overviews(project).read()
        assert found is not None
        bias = found.worth.biases[0]
        assert bias.shown
        assert bias.blind
        assert bias.difference.value == pytest.approx(
            bias.shown_kept / bias.shown - bias.blind_kept / bias.blind
        )
        assert bias.difference.interval.low is not None
        seen = places(project.path, SeenBehind("", "entity", False, kept=False), found.agreed)
        assert seen is not None
        assert len(seen.rows) == bias.blind - bias.blind_kept
