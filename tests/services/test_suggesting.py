"""Suggestions of a project: kept once, never in the way of what people decided."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.choices import Choices
from annotator.domain.errors import PipelineError
from annotator.domain.marks import Part
from annotator.domain.suggestions import Run
from annotator.domain.text import Span, word_count
from annotator.services.labelling import Labelling
from annotator.services.suggesting import LeftOut, Suggesting, SuggestReport, suggest_all
from annotator.storage.project import Access, Project
from annotator.suggest.client import Answer, PipelineProcess, Proposal
from tests.pipelines import add_articles, install_odd_components, make_pipeline, project_of

TEXTS = (
    "Lavrov in Ukraine\n\nLavrov met Kuleba.",
    "NATO waits.\r\n!-- Google tag (gtag.js) Lavrov -->\r\nKuleba 🇺🇦 too",
    "Nothing here.",
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_of(tmp_path / "p.annot", TEXTS) as project:
        yield project


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PipelineProcess]:
    folder = make_pipeline(tmp_path_factory.mktemp("pipelines") / "names")
    with PipelineProcess(str(folder), notice=print) as client:
        yield client


@pytest.fixture
def told() -> list[str]:
    return []


def suggested(project: Project) -> list[tuple[str, str]]:
    """Label and text of every suggestion, by article and number."""
    rows = project.db.execute(
        'SELECT s.label,a.text,s.start,s."end" FROM suggestion s JOIN article a ON a.id=s.article_id'
        " ORDER BY a.position,s.run_id,s.n"
    )
    return [(label, text[start:end]) for label, text, start, end in rows]


def log_of(project: Project) -> tuple[int, int]:
    row = project.db.execute("SELECT (SELECT count(*) FROM op),(SELECT count(*) FROM decision)").fetchone()
    return row[0], row[1]


def test_every_article_is_read_and_its_suggestions_kept(project: Project, client: PipelineProcess) -> None:
    moved: list[tuple[int, int | None]] = []
    report = Suggesting(project).suggest_all(client, lambda *at: moved.append(at))
    assert suggested(project) == [
        ("PERSON", "Lavrov"),
        ("GPE", "Ukraine"),
        ("PERSON", "Lavrov"),
        ("PERSON", "Kuleba"),
        ("ORG", "NATO"),
        ("PERSON", "Kuleba"),
    ]
    assert (report.articles, report.suggestions, report.skipped, report.failed) == (3, 6, 0, ())
    assert report.words == sum(word_count(text) for text in TEXTS)
    assert moved == [(1, 3), (2, 3), (3, 3)]
    assert project.db.execute("SELECT pipeline,version FROM run").fetchall() == [("en_names", "1.0")]
    assert project.db.execute("SELECT count(*) FROM suggested").fetchone() == (3,)
    assert log_of(project) == (0, 0)


def test_a_rerun_reads_only_what_is_new_and_makes_no_duplicates(
    project: Project, client: PipelineProcess
) -> None:
    Suggesting(project).suggest_all(client)
    before = project.db.execute("SELECT * FROM suggestion").fetchall()
    Labelling(project, "ana").reject(before[0][0], f"{before[0][1]}:{before[0][2]}")
    decided = project.db.execute("SELECT * FROM decision").fetchall()
    add_articles(project, ["Kuleba alone."])
    report = Suggesting(project).suggest_all(client)
    assert (report.articles, report.skipped, report.suggestions) == (1, 3, 1)
    after = project.db.execute("SELECT * FROM suggestion").fetchall()
    assert len(after) == len(before) + 1
    assert set(before) < set(after)
    assert project.db.execute("SELECT * FROM decision").fetchall() == decided


def test_an_article_the_pipeline_fails_on_is_reported_by_title_and_the_rest_is_kept(
    project: Project, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", install_odd_components(tmp_path / "site"))
    (faulty,) = add_articles(project, ["A faulty title\nLavrov"])
    folder = make_pipeline(tmp_path / "odd", "raiser")
    report = suggest_all(project, choices=Choices(str(folder)), notice=told.append)
    assert [(each.article_id, each.title) for each in report.failed] == [(faulty, "A faulty title")]
    assert (report.articles, report.suggestions) == (3, 6)
    (failed,) = report.to_dict()["failed"]
    assert failed["title"] == "A faulty title"


def test_what_was_read_before_an_interrupt_is_kept(project: Project, client: PipelineProcess) -> None:
    def interrupt(done: int, _total: int | None) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Suggesting(project).suggest_all(client, interrupt)
    assert project.db.execute("SELECT count(*) FROM suggested").fetchone() == (2,)
    assert not project.db.in_transaction
    assert Suggesting(project).suggest_all(client).articles == 1


def test_a_process_killed_while_it_reads_loses_nothing(tmp_path: Path, told: list[str]) -> None:
    folder = make_pipeline(tmp_path / "pipeline", name="killed")
    texts = [f"Day {n}. " + "Lavrov in Ukraine. " * 300 for n in range(40)]

    def kill_once(done: int, _total: int | None) -> None:
        if done == 3:
            os.kill(client.pids[0], signal.SIGKILL)

    with (
        project_of(tmp_path / "many.annot", texts) as project,
        PipelineProcess(str(folder), notice=told.append) as client,
    ):
        report = Suggesting(project).suggest_all(client, kill_once)
        assert (report.articles, report.suggestions, report.failed) == (40, 40 * 600, ())
        (stored,) = project.db.execute("SELECT count(*) FROM suggestion").fetchone()
        assert stored == report.suggestions
    assert len(told) == 1


def test_a_pipeline_that_is_not_there_leaves_the_project_as_it_is(project: Project, told: list[str]) -> None:
    with pytest.raises(PipelineError):
        suggest_all(project, choices=Choices("no_such_pipeline"), notice=told.append)
    assert project.db.execute("SELECT count(*) FROM run").fetchone() == (0,)


def answer(project: Project, *proposals: Proposal, version: str = "1.0") -> Answer:
    """What a pipeline says to the first article."""
    (article_id,) = project.db.execute("SELECT id FROM article WHERE position=0").fetchone()
    return Answer(article_id, "en_names", version, proposals)


def test_another_version_is_another_run_beside_the_first(project: Project) -> None:
    suggesting = Suggesting(project)
    proposal = Proposal("entity", "PERSON", Span(0, 6))
    assert suggesting.store(answer(project, proposal)) == 1
    assert suggesting.store(answer(project, proposal, version="1.1")) == 1
    assert suggested(project) == [("PERSON", "Lavrov"), ("PERSON", "Lavrov")]


def test_labels_go_by_the_label_sets_names_and_unknown_ones_are_counted(project: Project) -> None:
    suggesting = Suggesting(project)
    labels = ("PER", "MISC", "PERSON", "MISC")
    found = answer(project, *(Proposal("entity", label, Span(0, 6)) for label in labels))
    assert suggesting.store(found) == 1
    assert suggested(project) == [("PERSON", "Lavrov")]
    assert suggesting.unknown == {"MISC": 2}


def test_an_answer_is_stored_once(project: Project) -> None:
    suggesting = Suggesting(project)
    proposal = Proposal("entity", "PERSON", Span(0, 6), 0.9, "Sergei Lavrov")
    assert suggesting.store(answer(project, proposal, proposal)) == 1
    assert suggesting.store(answer(project, proposal)) == 0
    rows = project.db.execute("SELECT label,score,name FROM suggestion").fetchall()
    assert rows == [("PERSON", 0.9, "Sergei Lavrov")]


def test_a_stance_is_stored_with_holder_and_target(project: Project) -> None:
    holder, target = Part(Span(0, 6), "Sergei Lavrov"), Part(Span(10, 17))
    stance = Proposal("stance", "AGAINST", Span(7, 9), None, None, holder, target)
    assert Suggesting(project).store(answer(project, stance)) == 1
    assert project.db.execute(
        'SELECT kind,label,start,"end",holder_start,holder_end,holder_name,target_start,target_end'
        " FROM suggestion"
    ).fetchall() == [("stance", "AGAINST", 7, 9, 0, 6, "Sergei Lavrov", 10, 17)]


def test_articles_with_unsure_suggestions_are_the_more_uncertain(project: Project) -> None:
    sure, unsure = (Proposal("entity", "ORG", Span(0, 6), score) for score in (0.75, 0.25))
    Suggesting(project).store(answer(project, sure, unsure))
    assert project.db.execute("SELECT uncertainty FROM suggested").fetchone() == (0.5,)


def test_an_article_is_wanted_until_the_run_has_read_it_and_only_if_answers_can_be_kept(
    project: Project,
) -> None:
    suggesting = Suggesting(project)
    found = answer(project)
    request = suggesting.wanted(found.article_id)
    assert request is not None
    assert request.text == TEXTS[0]
    suggesting.store(found)
    assert suggesting.wanted(found.article_id) is None
    suggesting.run = Run.of("en_names", "1.1")
    assert suggesting.wanted(found.article_id)
    with Project.open(project.path, Access.READ) as reading:
        assert Suggesting(reading).wanted(found.article_id) is None


def test_the_report_says_what_was_done_and_how_fast() -> None:
    run = Run.of("en_news", "1.0")
    failed = (LeftOut(5, "Talks fail", "too long"),)
    report = SuggestReport(
        run, articles=2, words=900, skipped=3, failed=failed, unknown={"MISC": 4}, seconds=0.3
    )
    assert report.to_dict()["words_per_second"] == 3000
    assert report.lines() == [
        "en_news 1.0 read 2 articles and made 0 suggestions.",
        "3 articles had been read before.",
        "en_news also proposes labels that this project's label set does not have, left out: MISC (4). "
        "Say what they are in “Suggestions from…”, or by --map MISC=LABEL.",
        "Not read: Talks fail: too long",
    ]
