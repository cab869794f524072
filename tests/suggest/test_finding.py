"""Finding pipelines: built in, folders, packages; what they say of themselves; none of their code runs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.domain.choices import Thresholds
from annotator.domain.errors import PipelineError
from annotator.suggest.finding import describe, installed, place_of
from tests.pipelines import alter_meta, install_pipeline, make_pipeline


def fault(call: object, *arguments: object) -> str:
    with pytest.raises(PipelineError) as refused:
        call(*arguments)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_the_built_in_pipeline_is_known_by_its_name() -> None:
    place = place_of("en_news")
    assert place.built_in
    assert "PERSON" in describe(place).labels


def test_a_folder_says_name_version_and_labels(tmp_path: Path) -> None:
    said = describe(place_of(str(make_pipeline(tmp_path / "p", version="2.1", name="towns"))))
    assert (said.name, said.version) == ("en_towns", "2.1")
    assert set(said.labels) == {"PERSON", "GPE", "ORG", "LOC"}
    assert not said.thresholds


def test_a_pipeline_may_recommend_thresholds(tmp_path: Path) -> None:
    folder = make_pipeline(tmp_path / "p")
    alter_meta(folder, annotator={"thresholds": {"entities": {"ORG": 0.4}, "stances": {"FAVOR": 1}}})
    assert describe(place_of(str(folder))).thresholds == Thresholds({"ORG": 0.4}, {"FAVOR": 1.0})


@pytest.mark.parametrize(
    "fields",
    [
        {"annotator": {"thresholds": {"entities": {"ORG": 2}}}},
        {"annotator": {"thresholds": {"entities": {"ORG": "much"}}}},
        {"annotator": [1]},
        {"labels": [1]},
    ],
)
def test_a_description_that_makes_no_sense_is_told_with_its_file(
    tmp_path: Path, fields: dict[str, object]
) -> None:
    folder = make_pipeline(tmp_path / "p")
    alter_meta(folder, **fields)
    message = fault(describe, place_of(str(folder)))
    assert str(folder / "meta.json") in message
    assert "again" in message


@pytest.mark.parametrize("content", [b"{", b"", b"[]", b"\xff\xfe", b'{"lang": "en"'])
def test_a_cut_or_spoilt_description_is_told_with_its_file(tmp_path: Path, content: bytes) -> None:
    folder = make_pipeline(tmp_path / "p")
    (folder / "meta.json").write_bytes(content)
    assert str(folder / "meta.json") in fault(describe, place_of(str(folder)))


@pytest.mark.parametrize("missing", ["config.cfg", "meta.json"])
def test_what_a_folder_lacks_is_named(tmp_path: Path, missing: str) -> None:
    folder = make_pipeline(tmp_path / "p")
    (folder / missing).unlink()
    assert f"it has no {missing}" in fault(place_of, str(folder))


def test_an_installed_package_is_listed_and_found_without_running_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(install_pipeline(tmp_path / "site", "en_harbour", code="raise SystemExit(9)"))
    assert "en_harbour" in installed()
    place = place_of("en-harbour")
    assert (place.package, place.root) == ("en_harbour", tmp_path / "site" / "en_harbour")
    assert describe(place).name == "en_harbour"
    (place.data / "config.cfg").unlink()
    assert "en_harbour" in fault(place_of, "en_harbour")


def test_pipelines_are_listed_without_spacy() -> None:
    code = (
        "import json, sys; from annotator.services.choices import offers; offers()\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"spacy", "thinc", "numpy", "sqlite_utils"} & set(json.loads(done.stdout))
