"""Choosing where a project's suggestions come from, what its labels become, what is shown."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.domain.choices import Choices, Thresholds
from annotator.domain.errors import PipelineError, PipelineNotTrusted, ProjectError
from annotator.domain.text import Span
from annotator.services import choices as service
from annotator.services.labelling import Labelling
from annotator.services.suggesting import Suggesting, suggest_all
from annotator.storage.project import Access, Project
from annotator.suggest.client import Answer, Proposal, Ready
from tests.pipelines import alter_meta, install_pipeline, make_pipeline, project_of

FOREIGN = {"Lavrov": "PER", "Ukraine": "MISC", "NATO": "MISC", "Kuleba": "WORK"}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_of(tmp_path / "p.annot", ("Lavrov in Ukraine.", "Kuleba and NATO.")) as project:
        yield project


@pytest.fixture
def foreign(tmp_path: Path) -> str:
    return str(make_pipeline(tmp_path / "foreign", names=FOREIGN, name="foreign"))


def labels(project: Project) -> list[str]:
    """The labels of what is shown, article by article."""
    labelling = Labelling(project, "ana")
    ids = [row[0] for row in project.db.execute("SELECT id FROM article ORDER BY position")]
    return [each.mark.label for article_id in ids for each in labelling.open(article_id).shown]


def test_labels_are_mapped_and_unknown_ones_counted_and_told_once(project: Project, foreign: str) -> None:
    report = suggest_all(project, choices=Choices(foreign), notice=print)
    assert labels(project) == ["PERSON"]
    assert report.unknown == {"MISC": 2, "WORK": 1}
    told = [line for line in report.lines() if "left out" in line]
    assert told == [
        "en_foreign also proposes labels that this project's label set does not have, left out: "
        "MISC (2), WORK (1). Say what they are in “Suggestions from…”, or by --map MISC=LABEL."
    ]


def test_other_names_for_labels_hold_after_reopening_and_for_what_was_read_before(
    project: Project, foreign: str
) -> None:
    suggest_all(project, choices=Choices(foreign), notice=print)
    first = Labelling(project, "ana")
    ids = [row[0] for row in project.db.execute("SELECT id FROM article ORDER BY position")]
    first.accept(ids[0], first.open(ids[0]).shown[0].id)
    chosen = service.with_labels(service.choices_of(project), {"MISC": "ORG", "WORK": ""})
    service.choose(project, chosen, by="ana")
    project.close()
    with Project.open(project.path) as again:
        assert service.choices_of(again) == Choices(foreign, labels={"MISC": "ORG", "WORK": ""})
        report = suggest_all(again, notice=print)
        assert (report.articles, report.skipped, report.unknown) == (2, 0, {})
        assert labels(again) == ["PERSON", "ORG", "ORG"]
        shown = Labelling(again, "ana").open(ids[0]).shown
        assert [each.suggested for each in shown] == [False, True]
        assert suggest_all(again, notice=print).skipped == 2


def test_names_that_say_what_is_known_already_read_nothing_anew(project: Project, foreign: str) -> None:
    suggest_all(project, choices=Choices(foreign), notice=print)
    service.choose(project, Choices(foreign, labels={"PER": "PERSON"}), by="ana")
    assert suggest_all(project, notice=print).articles == 0


def test_a_pipeline_is_kept_once_it_has_loaded(project: Project, foreign: str) -> None:
    with pytest.raises(PipelineError):
        suggest_all(project, choices=Choices("xx_gone"), notice=print)
    assert service.choices_of(project) == Choices()
    suggest_all(project, choices=Choices(foreign), notice=print)
    assert service.choices_of(project) == Choices(foreign)
    with Project.open(project.path, Access.READ) as reading:
        Suggesting(reading, Choices("other")).begin(Ready("en_other", "1"))
    assert service.choices_of(project) == Choices(foreign)


def test_a_pipeline_nobody_allowed_reads_nothing(project: Project, tmp_path: Path) -> None:
    folder = make_pipeline(tmp_path / "new", names={"Lavrov": "PER"}, name="new", trusted=False)
    with pytest.raises(PipelineNotTrusted) as refused:
        suggest_all(project, choices=Choices(str(folder)), notice=print)
    assert labels(project) == []
    service.allow(refused.value.digest, refused.value.folder)
    assert suggest_all(project, choices=Choices(str(folder)), notice=print).suggestions == 1


def scored(project: Project, *scores: tuple[str, float]) -> Answer:
    (article_id,) = project.db.execute("SELECT id FROM article WHERE position=0").fetchone()
    proposals = tuple(
        Proposal("entity", label, Span(n, n + 1), score) for n, (label, score) in enumerate(scores)
    )
    return Answer(article_id, "en_x", "1", proposals)


def test_thresholds_take_effect_at_once_and_everything_stays_stored(project: Project) -> None:
    suggesting = Suggesting(project)
    offered = Thresholds({"PER": 0.5, "PERSON": 0.3, "MISC": 0.9}, {"FAVOR": 0.6, "HAPPY": 0.1})
    suggesting.begin(Ready("en_x", "1", (), offered))
    suggesting.store(scored(project, ("PER", 0.2), ("PER", 0.4), ("GPE", 0.1)))
    assert labels(project) == ["PERSON", "GPE"]
    assert suggesting.thresholds(Ready("en_x", "1", (), offered)) == Thresholds(
        {"PERSON": 0.3}, {"FAVOR": 0.6}
    )
    chosen = service.with_thresholds(Choices(), project.labelset, {"PERSON": 0, "GPE": 0.2, "FAVOR": 0.7})
    assert chosen.thresholds == Thresholds({"PERSON": 0, "GPE": 0.2}, {"FAVOR": 0.7})
    service.choose(project, chosen, by="ana")
    assert labels(project) == ["PERSON", "PERSON"]
    assert project.db.execute("SELECT count(*) FROM suggestion").fetchone() == (3,)


def test_another_choice_of_thresholds_sorts_the_queue_anew(project: Project) -> None:
    Suggesting(project).store(scored(project, ("PERSON", 0.2), ("GPE", 0.8)))
    service.choose(project, Choices(thresholds=Thresholds({"PERSON": 0.5})), by="ana")
    (unsure,) = project.db.execute("SELECT uncertainty FROM suggested").fetchone()
    assert unsure == pytest.approx(0.2)


@pytest.mark.parametrize(
    "choices",
    [
        Choices(labels={"PER": "HUMAN"}),
        Choices(thresholds=Thresholds({"HUMAN": 0.5})),
        Choices(thresholds=Thresholds({}, {"HUMAN": 0.5})),
    ],
)
def test_a_label_that_the_label_set_does_not_have_is_refused_with_those_it_has(
    project: Project, choices: Choices
) -> None:
    with pytest.raises(ProjectError, match=r"no label HUMAN\. It has PERSON, NORP"):
        service.choose(project, choices, by="ana")
    assert service.choices_of(project) == Choices()


def test_a_threshold_outside_its_range_is_refused(project: Project) -> None:
    with pytest.raises(ProjectError, match="from 0 to 1"):
        service.with_thresholds(Choices(), project.labelset, {"ORG": 7})


def test_pipelines_are_kept_by_name_or_whole_path(
    tmp_path: Path, foreign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(install_pipeline(tmp_path / "site", "en_kept"))
    assert service.kept_pipeline("en_news") == ""
    assert service.kept_pipeline("foreign") == foreign
    assert service.kept_pipeline("en_kept") == "en_kept"
    with pytest.raises(PipelineError, match="xx_gone"):
        service.kept_pipeline("xx_gone")


def test_offers_are_the_built_in_the_installed_and_the_chosen_pipeline(
    tmp_path: Path, foreign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(install_pipeline(tmp_path / "site", "en_offered"))
    offers = {offer.pipeline: offer for offer in service.offers(foreign)}
    assert next(iter(offers)) == ""
    assert offers["en_offered"].title == "en_offered 1.0"
    assert set(offers[foreign].labels) == {"PER", "MISC", "WORK"}
    alter_meta(Path(foreign), labels=3)
    assert "meta.json cannot be read" in service.offer(foreign).fault
    assert "There is no pipeline xx_gone" in replace(service.offer("xx_gone")).fault


def test_a_pipeline_that_is_chosen_again_shows_what_it_suggested_before(
    project: Project, foreign: str, tmp_path: Path
) -> None:
    other = str(make_pipeline(tmp_path / "other", names={"NATO": "ORG"}, name="other"))
    suggest_all(project, choices=Choices(foreign), notice=print)
    suggest_all(project, choices=Choices(other), notice=print)
    assert labels(project) == ["ORG"]
    suggest_all(project, choices=Choices(foreign), notice=print)
    assert labels(project) == ["ORG"]
    report = suggest_all(project, choices=Choices(foreign), forward=True, notice=print)
    assert (report.articles, report.skipped) == (0, 2)
    assert labels(project) == ["PERSON"]
