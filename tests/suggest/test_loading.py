"""Pipelines that load, and what is said of those that do not."""

from pathlib import Path

import pytest

from annotator.domain.choices import Thresholds
from annotator.domain.errors import PipelineError
from annotator.suggest.loading import load
from tests.pipelines import alter_meta, install_pipeline, make_pipeline


def fault(name: object) -> str:
    with pytest.raises(PipelineError) as refused:
        load(str(name))
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_a_folder_loads_under_its_own_name_and_version(tmp_path: Path) -> None:
    loaded = load(str(make_pipeline(tmp_path / "p", version="2.1", name="towns")))
    assert (loaded.pipeline, loaded.version, loaded.warnings) == ("en_towns", "2.1", ())
    assert [entity.label_ for entity in loaded.nlp("Lavrov").ents] == ["PERSON"]


def test_a_folder_without_name_and_version_goes_by_its_folder_and_content(tmp_path: Path) -> None:
    first = load(str(make_pipeline(tmp_path / "best", name="pipeline", version="0.0.0")))
    assert first.pipeline == "best"
    assert first.version.startswith("0.0.0+")
    again = load(str(make_pipeline(tmp_path / "copy", name="pipeline", version="0.0.0")))
    assert again.version == first.version
    trained = make_pipeline(tmp_path / "best", names={"Oslo": "GPE"}, name="pipeline", version="0.0.0")
    assert load(str(trained)).version != first.version


def test_a_name_that_is_nothing_says_where_it_was_looked_for() -> None:
    message = fault("xx_nothing")
    assert "xx_nothing" in message
    assert "Install it" in message


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "gone") in fault(tmp_path / "gone")


def test_a_folder_or_file_that_is_no_pipeline_is_told_from_one(tmp_path: Path) -> None:
    assert "not a spaCy pipeline" in fault(tmp_path)
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    assert "is a file" in fault(tmp_path / "notes.txt")


def test_an_installed_package_that_is_no_pipeline_is_told() -> None:
    assert "pytest" in fault("pytest")


def test_a_pipeline_of_another_spacy_is_refused_with_both_versions(tmp_path: Path) -> None:
    folder = make_pipeline(tmp_path / "p")
    alter_meta(folder, spacy_version=">=2.3.0,<2.4.0")
    message = fault(folder)
    assert ">=2.3.0,<2.4.0" in message
    assert "3.8" in message


def test_a_pipeline_of_a_near_version_loads_with_a_warning(tmp_path: Path) -> None:
    folder = make_pipeline(tmp_path / "p")
    alter_meta(folder, spacy_version=">=3.7.0,<3.8.0")
    (warning,) = load(str(folder)).warnings
    assert "3.7.0" in warning


def test_a_component_without_code_is_named(tmp_path: Path) -> None:
    message = fault(make_pipeline(tmp_path / "p", "stance_reader"))
    assert "component stance_reader" in message
    assert "Install" in message


def test_a_cut_or_spoilt_pipeline_is_told(tmp_path: Path) -> None:
    folder = make_pipeline(tmp_path / "p")
    (folder / "entity_ruler" / "patterns.jsonl").unlink()
    assert str(folder) in fault(folder)
    (folder / "config.cfg").write_text("[nlp", encoding="utf-8")
    assert str(folder) in fault(folder)
    (folder / "meta.json").write_text("{", encoding="utf-8")
    assert "meta.json" in fault(folder)


@pytest.mark.parametrize(
    "path", ["config.cfg", "vocab/strings.json", "tokenizer", "entity_ruler/patterns.jsonl"]
)
def test_a_file_cut_in_the_middle_is_told_in_one_line_with_its_folder(tmp_path: Path, path: str) -> None:
    folder = make_pipeline(tmp_path / "p")
    content = (folder / path).read_bytes()
    (folder / path).write_bytes(content[: len(content) // 2])
    message = fault(folder)
    assert str(folder) in message
    assert "again" in message


def test_an_installed_package_loads_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(install_pipeline(tmp_path / "site", "en_quay"))
    loaded = load("en_quay")
    assert (loaded.pipeline, loaded.version) == ("en_quay", "1.0")
    assert [entity.label_ for entity in loaded.nlp("Lavrov").ents] == ["PERSON"]


def test_a_package_whose_code_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = install_pipeline(tmp_path / "site", "en_reef", code="import a_package_nobody_has")
    monkeypatch.syspath_prepend(site)
    assert "Install a_package_nobody_has" in fault("en_reef")


def test_the_thresholds_a_pipeline_recommends_come_with_it(tmp_path: Path) -> None:
    folder = make_pipeline(tmp_path / "p")
    alter_meta(folder, annotator={"thresholds": {"entities": {"ORG": 0.4}}})
    assert load(str(folder)).thresholds == Thresholds({"ORG": 0.4})
