"""The behavioural suite of stances is well made, and judges as its rule says."""

import importlib.util
import json
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from annotator.domain.marks import Part
from annotator.domain.text import Span
from annotator.suggest.messages import Proposal
from tests.pipelines import make_pipeline

ROOT = Path(__file__).resolve().parents[2]


def _module() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "behaviour", ROOT / "packaging" / "pipeline" / "behaviour.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


behaviour = _module()
GROUPS = behaviour.read_groups()
TEXT = "Minister Ana Dias told Radio Azul that the Azul fleet backs the dam, not the mine."


def found(polarity: str, holder: str | None, target: str | None, evidence: str = "backs") -> Proposal:
    def part(phrase: str | None) -> Part | None:
        return None if phrase is None else Part(span(phrase))

    def span(phrase: str) -> Span:
        return Span(TEXT.index(phrase), TEXT.index(phrase) + len(phrase))

    return Proposal("stance", polarity, span(evidence), None, None, part(holder), part(target))


def case(*stances: tuple[str, ...]) -> object:
    fields = ("polarity", "holder", "target", "evidence")
    tables = [dict(zip(fields, stance, strict=False)) for stance in stances]
    return behaviour.Case(TEXT, tuple(map(behaviour.Expected.from_table, tables)))


def test_the_suite_has_groups_enough_with_cases_enough() -> None:
    assert len(GROUPS) >= 20
    assert all(len(group.cases) >= 10 and group.checks for group in GROUPS)
    assert sum(len(group.cases) for group in GROUPS) >= 240
    assert sum(group.negation for group in GROUPS) >= 5


def test_no_text_stands_in_the_suite_twice() -> None:
    texts = Counter(re.sub(r"\W", "", case.text).lower() for group in GROUPS for case in group.cases)
    assert [text for text, times in texts.items() if times > 1] == []


def test_most_texts_are_as_long_as_sentences_of_news() -> None:
    lengths = [len(case.text.split()) for group in GROUPS for case in group.cases]
    assert max(lengths) <= 40
    assert sum(length >= 6 for length in lengths) > 0.95 * len(lengths)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_every_expected_phrase_occurs_in_its_text(group: object) -> None:
    for each in group.cases:  # type: ignore[attr-defined]
        for stance in each.stances:
            assert stance.polarity in ("FAVOR", "AGAINST", "NEUTRAL"), each.text
            for phrase in (stance.holder, *stance.targets, stance.evidence):
                assert phrase is None or behaviour.places(each.text, phrase), (phrase, each.text)


def test_a_phrase_is_found_as_whole_words_wherever_it_stands() -> None:
    assert [span.of(TEXT) for span in behaviour.places(TEXT, "Azul")] == ["Azul", "Azul"]
    assert behaviour.places(TEXT, "the m") == []
    assert behaviour.places("He said 'no' twice", "'no'") == [Span(8, 12)]


def test_a_case_passes_when_polarity_is_equal_and_holder_and_target_overlap() -> None:
    expected = case(("FAVOR", "the Azul fleet", "the dam"))
    assert behaviour.passes(expected, [found("FAVOR", "fleet", "dam, not the mine")])
    assert not behaviour.passes(expected, [found("NEUTRAL", "fleet", "dam")])
    assert not behaviour.passes(expected, [found("FAVOR", "Ana Dias", "dam")])
    assert not behaviour.passes(expected, [found("FAVOR", "fleet", "the mine")])
    assert not behaviour.passes(expected, [found("FAVOR", None, "dam")])
    assert not behaviour.passes(expected, [])


def test_titles_and_determiners_do_not_make_phrases_overlap() -> None:
    expected = case(("FAVOR", "Minister Ana Dias", "the mine"))
    assert behaviour.passes(expected, [found("FAVOR", "Ana Dias", "mine")])
    assert not behaviour.passes(expected, [found("FAVOR", "Minister", "mine")])
    titled = case(("FAVOR", "Minister", "the mine"))
    assert not behaviour.passes(titled, [found("FAVOR", "Minister Ana Dias", "mine")])


def test_of_several_targets_each_is_right() -> None:
    table = {"polarity": "FAVOR", "holder": "fleet", "target": ["the dam", "the mine"]}
    either = behaviour.Case(TEXT, (behaviour.Expected.from_table(table),))
    assert behaviour.passes(either, [found("FAVOR", "fleet", "the dam")])
    assert behaviour.passes(either, [found("FAVOR", "fleet", "the mine")])
    assert not behaviour.passes(either, [found("FAVOR", "fleet", "Radio Azul")])


def test_every_expected_stance_must_be_found() -> None:
    expected = case(("FAVOR", "fleet", "the dam"), ("AGAINST", "fleet", "the mine"))
    favor, against = found("FAVOR", "fleet", "the dam"), found("AGAINST", "fleet", "the mine")
    assert behaviour.passes(expected, [against, favor])
    assert not behaviour.passes(expected, [favor])


def test_evidence_must_overlap_where_the_case_names_it() -> None:
    expected = case(("FAVOR", "fleet", "the dam", "backs the dam"))
    assert behaviour.passes(expected, [found("FAVOR", "fleet", "the dam", "fleet backs")])
    assert not behaviour.passes(expected, [found("FAVOR", "fleet", "the dam", "told")])


def test_a_further_stance_fails_a_case_only_if_it_contradicts_an_expected_one() -> None:
    expected = case(("FAVOR", "the Azul fleet", "the dam"))
    right = found("FAVOR", "fleet", "the dam")
    assert behaviour.passes(expected, [right, found("AGAINST", "Ana Dias", "the dam")])
    assert behaviour.passes(expected, [right, found("AGAINST", "fleet", "the mine")])
    assert behaviour.passes(expected, [right, found("NEUTRAL", "fleet", "the dam")])
    assert not behaviour.passes(expected, [right, found("AGAINST", "fleet", "dam, not the mine")])


def test_an_expected_stance_contradicts_none_of_its_case() -> None:
    expected = case(("FAVOR", "fleet", "the dam"), ("AGAINST", "fleet", "the dam, not the mine"))
    both = [found("FAVOR", "fleet", "the dam"), found("AGAINST", "fleet", "the dam, not the mine")]
    assert behaviour.passes(expected, both)


def test_a_case_that_expects_none_passes_without_any_stance() -> None:
    assert behaviour.passes(case(), [])
    assert behaviour.passes(case(), [Proposal("entity", "PERSON", Span(9, 17))])
    assert not behaviour.passes(case(), [found("NEUTRAL", None, None)])


def test_a_real_pipeline_without_stances_passes_what_expects_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_pipeline(tmp_path / "names")
    monkeypatch.setattr(sys, "argv", ["behaviour.py", str(folder), "--json"])
    assert behaviour.main() == 1
    rows = {row["group"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert len(rows) == len(GROUPS)
    assert rows["facts"]["passed"] == rows["facts"]["of"]
    assert rows["plain_support"]["rate"] == 0
    assert rows["plain_support"]["failures"][0]["found"] == []


def test_a_folder_that_is_no_pipeline_gives_its_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["behaviour.py", str(tmp_path)])
    assert behaviour.main() == 2
    assert "is not a spaCy pipeline" in capsys.readouterr().err


def test_the_table_marks_groups_below_their_bar_and_tells_what_was_found() -> None:
    group = behaviour.Group("nots", "Negation.", True, (case(("AGAINST", "fleet", "the mine")), case()))
    outcome = behaviour.Outcome(group, ((found("FAVOR", "fleet", "the dam"),), ()))
    lines = list(behaviour.table([outcome]))
    assert lines[1].split() == ["nots", "(negation)", "1", "2", "50%", "below", "80%"]
    assert lines[-2:] == ["  wanted AGAINST fleet > the mine", "  found  FAVOR   fleet > the dam (backs)"]
