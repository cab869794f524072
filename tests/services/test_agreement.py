"""Agreement of a project: who is compared, on which articles, and that it is kept up to date."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.agreement.dashboard import Dashboard, Reported
from annotator.agreement.measures import DEFINITIONS, Key
from annotator.domain.articles import Article, Status
from annotator.domain.errors import AnnotatorError
from annotator.domain.marks import Part
from annotator.services.agreement import Agreement, Stopped
from annotator.services.agreement_report import differing, lines, review_of, to_dict
from annotator.services.labelling import Labelling
from annotator.services.overview import Overviews
from annotator.services.shared_figures import ONCE, in_review
from annotator.storage.project import Access, Project
from tests.services.labelled import TEXT, nth, project_at

MORE = tuple(f"Report {n}\n\nOkafor met Holt in Sorrel. Sorrel said nothing." for n in range(3))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project, _ = project_at(tmp_path / "p.annot", more=MORE)
    with project:
        yield project


def article_ids() -> list[int]:
    return [Article.of(text).id for text in (TEXT, *MORE)]


def mark(project: Project, who: str, article: int, *marks: tuple[str, str], finished: bool = True) -> None:
    """Has somebody label the first place of some words, and finish the article."""
    text = TEXT if article == 0 else MORE[article - 1]
    labelling, article_id = Labelling(project, who), article_ids()[article]
    for words, label in marks:
        labelling.add(article_id, nth(words, text=text), label)
    if finished:
        labelling.set_status(article_id, Status.DONE)


def stance(project: Project, who: str, evidence: str, label: str, holder: str, target: str) -> None:
    Labelling(project, who).add_stance(
        article_ids()[0], nth(evidence), label, holder=Part(nth(holder)), target=Part(nth(target))
    )


def figure(dashboard: Dashboard, key: Key) -> Reported:
    return next(each for each in dashboard.figures() if each.key == key)


def test_only_articles_that_two_have_finished_count(project: Project) -> None:
    mark(project, "ana", 1, ("Okafor", "PERSON"), ("Holt", "PERSON"))
    mark(project, "ben", 1, ("Okafor", "PERSON"), ("Sorrel", "GPE"))
    mark(project, "ana", 2, ("Okafor", "PERSON"))
    mark(project, "ben", 2, ("Holt", "PERSON"), finished=False)
    mark(project, "ana", 3, ("Okafor", "PERSON"))
    dashboard = Agreement(project).read()
    assert dashboard.layout.annotators == ("ana", "ben")
    assert dashboard.ids == (article_ids()[1],)
    found = figure(dashboard, Key("f1_strict"))
    assert (found.figure.value, found.n) == (0.5, 4)


def test_stances_are_compared_part_by_part(project: Project) -> None:
    for who in ("ana", "ben"):
        mark(project, who, 0)
        stance(project, who, "would not raise wages", "AGAINST", "The port of Sorrel", "raise wages")
    stance(project, "ana", "backed the deal", "FAVOR", "the union", "the deal")
    stance(project, "ben", "the union backed", "NEUTRAL", "Mira Holt", "the deal")
    dashboard = Agreement(project).read()
    shares = {
        part: figure(dashboard, Key(f"stance_{part}")).figure.value
        for part in ("polarity", "holder", "target")
    }
    assert shares == {"polarity": 0.5, "holder": 0.5, "target": 1.0}
    assert figure(dashboard, Key("stance_f1_found")).figure.value == 1.0
    assert figure(dashboard, Key("stance_f1_whole")).figure.value == 0.5
    (counts,) = dashboard.differences(stances=True).values()
    assert (counts["groups"], counts["strength"], counts["holder"], counts["boundary"]) == (2, 1, 1, 1)


def test_evidence_elsewhere_in_the_sentence_makes_a_pair_if_holder_and_target_agree(project: Project) -> None:
    for who, evidence in (("ana", "backed"), ("ben", "told")):
        mark(project, who, 0)
        stance(project, who, evidence, "FAVOR", "the union", "the deal")
    dashboard = Agreement(project).read()
    assert figure(dashboard, Key("stance_f1_whole")).figure.value == 1.0
    assert figure(dashboard, Key("stance_evidence")).figure.value == 0.0


def test_a_change_is_taken_in_without_counting_all_anew(project: Project) -> None:
    for who in ("ana", "ben", "cem"):
        for article in (1, 2):
            mark(project, who, article, ("Okafor", "PERSON"), ("Sorrel", "GPE"))
    agreement = Agreement(project)
    before = agreement.read()
    assert figure(before, Key("f1_strict")).figure.value == 1.0
    mark(project, "ben", 1, ("Report", "PERSON"), finished=False)
    after = agreement.refresh([article_ids()[1]])
    assert after is before
    anew = Agreement(project).read()
    assert [each.to_dict() for each in after.figures()] == [each.to_dict() for each in anew.figures()]
    assert figure(after, Key("f1_strict")).figure.value != 1.0


def test_a_finished_article_comes_in_and_a_reopened_one_goes_out(project: Project) -> None:
    for who in ("ana", "ben"):
        mark(project, who, 1, ("Okafor", "PERSON"))
    agreement = Agreement(project)
    agreement.read()
    for who in ("ana", "ben"):
        mark(project, who, 2, ("Okafor", "PERSON"))
    assert agreement.refresh([article_ids()[2]]).ids == tuple(article_ids()[1:3])
    Labelling(project, "ben").set_status(article_ids()[1], Status.DOING)
    assert agreement.refresh([article_ids()[1]]).ids == (article_ids()[2],)


def test_the_work_ends_between_steps_once_nobody_wants_it(project: Project) -> None:
    for who in ("ana", "ben"):
        mark(project, who, 1, ("Okafor", "PERSON"))
    asked = iter([True] * 4)
    agreement = Agreement(project, wanted=lambda: next(asked, False))
    with pytest.raises(Stopped):
        agreement.read()
    asked = iter([True] * 100)
    assert agreement.refresh([]).ids == (article_ids()[1],)


def test_the_articles_with_most_differences_come_first(project: Project) -> None:
    mark(project, "ana", 1, ("Okafor", "PERSON"))
    mark(project, "ana", 2, ("Okafor", "PERSON"), ("Holt", "PERSON"))
    mark(project, "ben", 1, ("Okafor", "PERSON"))
    mark(project, "ben", 2)
    agreement = Agreement(project)
    found = agreement.by_article(agreement.read())
    assert [(each.title, each.f1, each.differing, each.groups) for each in found] == [
        ("Report 1", 0.0, 2, 2),
        ("Report 0", 1.0, 0, 1),
    ]


def test_whom_to_compare_can_be_chosen_and_must_be_there(project: Project) -> None:
    with pytest.raises(AnnotatorError, match="no annotators with finished articles"):
        Agreement(project).read()
    for who in ("ana", "ben", "cem"):
        mark(project, who, 1, ("Okafor", "PERSON"))
    assert Agreement(project, ["cem", "ana"]).read().layout.annotators == ("ana", "cem")
    with pytest.raises(AnnotatorError, match="no annotator zoe; it has ana, ben, cem"):
        Agreement(project, ["ana", "zoe"]).read()
    for asked in (["ana"], ["ana", "ana"]):
        with pytest.raises(
            AnnotatorError, match=r"name at least two, as in --annotators ana,ben; .* has ana, ben"
        ):
            Agreement(project, asked).read()


def test_it_reads_beside_a_window_that_writes(project: Project) -> None:
    for who in ("ana", "ben"):
        mark(project, who, 1, ("Okafor", "PERSON"))
    with Project.open(project.path, Access.READ) as beside:
        assert Agreement(beside).read().ids == (article_ids()[1],)


def test_the_report_has_every_figure_with_what_it_rests_on(project: Project) -> None:
    for who, label in (("ana", "PERSON"), ("ben", "ORG")):
        for article in (1, 2, 3):
            mark(project, who, article, ("Okafor", label), ("Sorrel", "GPE"))
    agreement = Agreement(project)
    dashboard = agreement.read()
    content = json.loads(json.dumps(to_dict(dashboard, agreement.by_article(dashboard))))
    assert content["interval"] == {"level": 0.95, "resamples": 1000, "seed": 20, "over": "articles"}
    assert (
        {each["figure"] for each in content["figures"]} <= content["definitions"].keys() == DEFINITIONS.keys()
    )
    assert all(each["n"] >= 0 and each["unit"] for each in content["figures"])
    assert "NaN" not in json.dumps(content)
    (table,) = content["confusion"]["entities"]["pairs"]
    labels = content["confusion"]["entities"]["labels"]
    assert table["counts"][labels.index("PERSON")][labels.index("ORG")] == 3
    said = "\n".join(lines(dashboard, agreement.by_article(dashboard)))
    assert "2 annotators (ana, ben), 3 articles" in said
    assert "Cohen's kappa" in said
    assert "6 of 6 matched units" in said
    assert "MACE: undefined, because it needs 3 annotators." in said
    assert max(len(line) for line in said.splitlines()) <= 110


def test_window_and_command_line_count_what_stands_against_what_alike(project: Project) -> None:
    for who, label in (("ana", "PERSON"), ("ben", "ORG"), ("cem", "ORG")):
        mark(project, who, 1, ("Okafor", label), ("Sorrel", "GPE"))
    agreement = Agreement(project)
    dashboard = agreement.read()
    said = lines(dashboard, agreement.by_article(dashboard))
    assert ONCE in " ".join(" ".join(said).split())
    overview = Overviews(project).read()
    assert overview is not None
    assert overview.agreed is not None
    labels = [*overview.agreed.labels, "ABSENT"]
    table = overview.agreed.confusion(stances=False)
    counts = {name: table[labels.index(name)] for name in ("PERSON", "ORG", "GPE")}
    assert (counts["GPE"][labels.index("GPE")], counts["ORG"][labels.index("ORG")]) == (3, 1)
    assert counts["PERSON"][labels.index("ORG")] == counts["ORG"][labels.index("PERSON")] == 2
    for name, row in counts.items():
        (line,) = [each for each in said if each.split()[:1] == [name] and "." in each.split()]
        assert line.split()[1:] == [str(each or ".") for each in row]


def test_what_differs_and_what_the_review_has_stand_in_one_sentence(project: Project) -> None:
    for who, holder in (("ana", "the union"), ("ben", "union")):
        mark(project, who, 0, ("Okafor", "PERSON"))
        stance(project, who, "backed the deal", "FAVOR", holder, "the deal")
    mark(project, "ana", 0, ("Sorrel", "GPE"), finished=False)
    dashboard = Agreement(project).read()
    assert differing(dashboard) == "1 of 3 marks differ."
    review = review_of(dashboard, Agreement(project).audited())
    assert review == (
        "The review adds 1 in the edges of a holder or target alone, and an audit of what all mark alike."
    )
    overview = Overviews(project).read()
    assert overview is not None
    assert overview.in_review == review
    assert in_review(50, 2, 18) == (
        "The review has 70 places: 50 that differ, 2 in the edges of a holder or target alone, "
        "18 as an audit of what all mark alike."
    )
