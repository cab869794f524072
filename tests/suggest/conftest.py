"""Pipelines in their own processes, for the tests of this folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.suggest.client import PipelineProcess
from tests.pipelines import install_odd_components, make_pipeline

Start = Callable[..., PipelineProcess]


@pytest.fixture
def told() -> list[str]:
    """What the person was told."""
    return []


@pytest.fixture
def start(tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start a pipeline of names and the given components of tests/pipelines.py; all end with the test."""
    monkeypatch.setenv("PYTHONPATH", install_odd_components(tmp_path / "site"))
    started: list[PipelineProcess] = []

    def begin(*components: str, **more: float) -> PipelineProcess:
        folder = make_pipeline(tmp_path / f"pipeline-{len(started)}", *components)
        started.append(PipelineProcess(str(folder), notice=told.append, **more))
        return started[-1]

    yield begin
    for client in started:
        client.close()
