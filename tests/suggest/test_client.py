"""A pipeline in its own process: answers, ends, restarts, and what it cannot do."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import psutil
import pytest

from annotator.domain.errors import PipelineError, PipelineNotTrusted
from annotator.domain.text import Span
from annotator.suggest.client import Answer, GivenUp, PipelineProcess, Request
from annotator.suggest.jobs import IN_HAND, Job, Slot
from annotator.suggest.messages import Ready, Task
from annotator.suggest.trust import trust
from tests.pipelines import alter_meta, install_pipeline, make_pipeline
from tests.suggest.conftest import Start

SENTENCE = "Lavrov went to Ukraine. "


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PipelineProcess]:
    """A pipeline of names that no test ends."""
    folder = make_pipeline(tmp_path_factory.mktemp("pipelines") / "names")
    with PipelineProcess(str(folder), notice=print) as client:
        yield client


def found(text: str, answer: Answer) -> list[tuple[str, str]]:
    return [(each.label, each.span.of(text)) for each in answer.proposals]


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody waits for counts."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until_gone(pid: int) -> bool:
    end = time.monotonic() + 20
    while not gone(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return gone(pid)


def test_an_article_is_answered_with_spans_label_and_provenance(names: PipelineProcess) -> None:
    text = "Lavrov 🎉 met\r\nKuleba."
    answer = names.submit(Request(7, text)).result()
    assert (answer.article_id, answer.pipeline, answer.version) == (7, "en_names", "1.0")
    assert found(text, answer) == [("PERSON", "Lavrov"), ("PERSON", "Kuleba")]
    assert [each.score for each in answer.proposals] == [None, None]


def test_the_pipeline_stays_loaded_between_questions(names: PipelineProcess) -> None:
    names.submit(Request(1, SENTENCE)).result()
    (pid,) = names.pids
    names.submit(Request(2, SENTENCE)).result()
    assert names.pids == [pid]


def test_nothing_is_suggested_in_a_zone_and_empty_articles_are_answered(names: PipelineProcess) -> None:
    text = "Lavrov <Ukraine> NATO"
    answer = names.submit(Request(1, text, (Span(7, 16),))).result()
    assert found(text, answer) == [("PERSON", "Lavrov"), ("ORG", "NATO")]
    assert names.submit(Request(2, " \n ")).result().proposals == ()
    assert names.submit(Request(3, "Lavrov", (Span(0, 6),))).result().proposals == ()


def test_scores_and_names_of_the_pipeline_are_kept(start: Start) -> None:
    answer = start("scored").submit(Request(1, "Lavrov Kuleba NATO Ukraine")).result()
    assert [each.score for each in answer.proposals] == [0.5, 1.0, None, None]
    assert [each.name for each in answer.proposals][:2] == ["Sergei Lavrov", "Sergei Kuleba"]


def test_what_a_pipeline_prints_does_not_disturb(start: Start) -> None:
    client = start("noisy")
    answers = list(client.suggest(Request(n, SENTENCE) for n in range(3)))
    assert sorted(each.article_id for each in answers) == [0, 1, 2]
    assert all(len(each.proposals) == 2 for each in answers if isinstance(each, Answer))


def test_a_batch_draws_only_what_it_needs_soon(names: PipelineProcess) -> None:
    drawn = 0

    def requests() -> Iterator[Request]:
        nonlocal drawn
        for n in range(40):
            drawn += 1
            yield Request(n, SENTENCE * 500)

    answers = names.suggest(requests())
    next(answers)
    assert drawn < 20
    assert len(list(answers)) == 39


def test_an_urgent_question_goes_before_a_batch(names: PipelineProcess) -> None:
    names.start().result()
    ordinary = [names.submit(Request(n, SENTENCE * 1000), urgent=False) for n in range(30)]
    names.submit(Request(99, SENTENCE)).result()
    assert not ordinary[-1].done()


def test_a_question_taken_back_is_not_read(start: Start) -> None:
    client = start("sleeper")
    client.start().result()
    client.submit(Request(1, "sleepy"))
    time.sleep(0.1)
    unsent = [client.submit(Request(n, SENTENCE * 4000), urgent=False) for n in range(4)]
    assert unsent[-1].cancel()


def test_two_processes_share_a_batch(start: Start) -> None:
    client = start(processes=2)
    answers = list(client.suggest(Request(n, SENTENCE * 300) for n in range(60)))
    assert sorted(each.article_id for each in answers) == list(range(60))
    assert len(client.pids) == 2


def test_a_process_killed_in_a_batch_is_restarted_and_nothing_is_lost(start: Start, told: list[str]) -> None:
    client = start()
    seen = []
    for answer in client.suggest(Request(n, SENTENCE * 300) for n in range(60)):
        seen.append(answer.article_id)
        if len(seen) == 5:
            os.kill(client.pids[0], signal.SIGKILL)
    assert sorted(seen) == list(range(60))
    assert len(told) == 1
    assert "killed by SIGKILL" in told[0]
    assert "starts again" in told[0]


def test_an_article_that_kills_the_process_is_given_up_others_go_on(start: Start, told: list[str]) -> None:
    texts = [SENTENCE, SENTENCE, f"A deadly article. {SENTENCE}", SENTENCE, SENTENCE]
    outcomes = list(start("killer").suggest(Request(n, text) for n, text in enumerate(texts)))
    given_up = [each for each in outcomes if isinstance(each, GivenUp)]
    assert [each.article_id for each in given_up] == [2]
    assert "killed by SIGKILL: last words" in given_up[0].why
    assert sorted(each.article_id for each in outcomes) == [0, 1, 2, 3, 4]
    assert len(told) <= 3


def test_a_single_article_that_kills_the_process_twice_is_given_up(start: Start, told: list[str]) -> None:
    client = start("killer")
    with pytest.raises(PipelineError, match="2 times"):
        client.submit(Request(1, "deadly")).result()
    assert len(client.submit(Request(2, SENTENCE)).result().proposals) == 2
    assert len(told) == 2


def test_an_article_the_pipeline_fails_on_does_not_disturb_its_batch(start: Start, told: list[str]) -> None:
    client = start("raiser")
    client.start().result()
    texts = [SENTENCE, f"faulty {SENTENCE}", SENTENCE]
    outcomes = list(client.suggest(Request(n, text) for n, text in enumerate(texts)))
    given_up = [each for each in outcomes if isinstance(each, GivenUp)]
    assert [each.article_id for each in given_up] == [1]
    assert "no such word" in given_up[0].why
    assert len(outcomes) == 3
    assert told == []


def test_a_pipeline_that_cannot_be_loaded_fails_every_question_at_once(told: list[str]) -> None:
    with PipelineProcess("no_such_pipeline", notice=told.append) as client:
        first, second = client.submit(Request(1, "x")), client.submit(Request(2, "y"))
        with pytest.raises(PipelineError, match="no_such_pipeline") as refused:
            first.result()
        assert second.exception() is refused.value
        assert client.submit(Request(3, "z")).exception() is refused.value
        with pytest.raises(PipelineError):
            list(client.suggest([Request(4, "z")]))
    assert told == []


def test_a_pipeline_that_ends_while_it_loads_is_not_tried_for_ever(start: Start, told: list[str]) -> None:
    with pytest.raises(PipelineError, match="while it was loaded"):
        start("fatal").submit(Request(1, "x")).result()
    assert len(told) == 1


def test_closing_ends_a_busy_process_and_leaves_no_zombie(start: Start) -> None:
    client = start("sleeper")
    client.start().result()
    (pid,) = client.pids
    future = client.submit(Request(1, "sleepy"))
    client.close()
    assert not psutil.pid_exists(pid)
    with pytest.raises(PipelineError, match="stopped"):
        future.result()
    client.close()


def test_a_killed_process_leaves_no_zombie_and_comes_back_before_it_is_needed(start: Start) -> None:
    client = start()
    client.submit(Request(1, SENTENCE)).result()
    (pid,) = client.pids
    os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 20
    while client.pids in ([], [pid]) and time.monotonic() < end:
        time.sleep(0.02)
    assert client.pids not in ([], [pid])
    assert not psutil.pid_exists(pid)


def test_the_process_ends_with_its_parent_even_in_the_middle_of_work(start: Start, tmp_path: Path) -> None:
    folder = start("sleeper").pipeline
    code = (
        "import time; from annotator.suggest.client import *\n"
        f"client = PipelineProcess({folder!r}, notice=print); client.start().result()\n"
        "client.submit(Request(1, 'sleepy')); print(client.pids[0], flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    with parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    assert wait_until_gone(pid)


def test_ctrl_c_in_a_terminal_does_not_end_the_process(names: PipelineProcess) -> None:
    names.start().result()
    os.kill(names.pids[0], signal.SIGINT)
    assert len(names.submit(Request(1, SENTENCE)).result().proposals) == 2


@pytest.mark.parametrize("module", ["suggest.client", "services.suggesting", "ui.suggester"])
def test_the_windows_side_never_loads_spacy(module: str) -> None:
    code = f"import sys, annotator.{module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"spacy", "thinc", "numpy", "sqlite_utils"} & set(done.stdout.split())


def test_a_pipeline_that_needs_a_missing_package_names_it(start: Start) -> None:
    with pytest.raises(PipelineError, match="Install a_package_nobody_has"):
        start("needy").submit(Request(1, "x")).result()


def test_a_process_that_hangs_is_ended_and_its_article_goes_without(start: Start, told: list[str]) -> None:
    client = start("sleeper", patience=4.0)
    client.start().result()
    hung = client.submit(Request(1, "sleepy"))
    other = client.submit(Request(2, SENTENCE))
    assert found(SENTENCE, other.result(timeout=60)) == [("PERSON", "Lavrov"), ("GPE", "Ukraine")]
    with pytest.raises(PipelineError, match=r"2 times \(no answer for 0\.067 minutes\).*label it by hand"):
        hung.result(timeout=60)
    assert "no answer for" in told[0]


def test_a_long_text_may_take_longer() -> None:
    reading = Slot(ready=Ready("en_names", "1.0"), heard=100.0)
    assert reading.due(10) is None
    reading.sent[1] = Job(Task(1, "x" * IN_HAND * 3, (), urgent=False), 1, Future())
    assert reading.due(10) == 130.0


def test_the_code_of_a_pipeline_runs_only_once_it_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    site = install_pipeline(tmp_path / "site", "en_unknown", code=f"open({str(ran)!r}, 'a').write('x')")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]))
    with PipelineProcess("en_unknown", notice=print) as client:
        refused = client.submit(Request(1, SENTENCE)).exception()
    assert isinstance(refused, PipelineNotTrusted)
    assert "en_unknown runs its code" in str(refused)
    assert not ran.exists()
    trust(refused.digest, refused.folder)
    with PipelineProcess("en_unknown", notice=print) as client:
        assert len(client.submit(Request(1, SENTENCE)).result().proposals) == 2
    assert ran.exists()


def test_a_pipeline_that_changed_is_asked_about_again(tmp_path: Path) -> None:
    folder = make_pipeline(tmp_path / "p")
    with PipelineProcess(str(folder), notice=print) as client:
        client.start().result()
    alter_meta(folder, description="retrained")
    with PipelineProcess(str(folder), notice=print) as client, pytest.raises(PipelineNotTrusted):
        client.start().result()


def test_the_built_in_pipeline_is_never_asked_about() -> None:
    with PipelineProcess("en_news", notice=print) as client:
        assert client.start().result().pipeline == "en_news"


def test_the_built_in_stances_come_after_another_pipelines_entities(tmp_path: Path) -> None:
    folder = make_pipeline(tmp_path / "p")
    text = "Ada Berg said Norway supports the treaty.\n"
    with PipelineProcess(str(folder), notice=print, stances=True) as client:
        (answer,) = client.suggest([Request(1, text)])
    assert "+stances." in answer.version
    assert {p.label for p in answer.proposals if p.kind == "entity"} <= {"PERSON", "GPE", "ORG"}
    (stance,) = (p for p in answer.proposals if p.kind == "stance")
    assert stance.holder is not None
    assert (stance.label, stance.holder.span.of(text)) == ("FAVOR", "Norway")


def test_urgent_questions_survive_the_end_of_the_process_in_a_batch(start: Start, told: list[str]) -> None:
    client = start()
    client.start().result()
    ordinary = [client.submit(Request(n, SENTENCE * 1000), urgent=False) for n in range(12)]
    urgent = [client.submit(Request(100 + n, SENTENCE)) for n in range(3)]
    os.kill(client.pids[0], signal.SIGKILL)
    late = client.submit(Request(200, SENTENCE))
    answers = [future.result(timeout=60) for future in (*urgent, late, *ordinary)]
    assert [each.article_id for each in answers] == [100, 101, 102, 200, *range(12)]
    assert [len(each.proposals) for each in answers[:4]] == [2] * 4
    assert all(len(each.proposals) == 2000 for each in answers[4:])
    assert "starts again" in told[0]
