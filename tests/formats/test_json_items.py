"""JSON read item by item: lists, single objects, whatever the blocks cut through, and where it breaks."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.codec.problems import RecordError
from annotator.formats import json_items as module
from annotator.formats.json_items import json_items

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.text(max_size=5), values, max_size=4)


def items(data: bytes) -> list[Any]:
    return [item.value for item in json_items(io.BytesIO(data))]


@given(st.lists(objects, max_size=5), st.sampled_from([None, 1, 4]), st.booleans(), st.integers(1, 60))
def test_a_list_gives_its_items_whatever_the_blocks_cut_through(
    given: list[Any], indent: int | None, ascii_: bool, block: int
) -> None:
    data = json.dumps(given, indent=indent, ensure_ascii=ascii_).encode("utf-8", "surrogatepass")
    if b"\xed" in data and not ascii_:
        return
    before, module._BLOCK = module._BLOCK, block
    try:
        assert items(data) == given
    finally:
        module._BLOCK = before


def test_one_object_and_objects_behind_each_other_are_items() -> None:
    assert items(b'\xef\xbb\xbf {"a": 1}\n') == [{"a": 1}]
    assert items(b'{"a": 1}\n{"a": 2}') == [{"a": 1}, {"a": 2}]
    assert items(b"") == items(b" \n") == []
    assert items(b"[]") == []


def test_each_item_says_where_it_begins() -> None:
    found = list(json_items(io.BytesIO(b'[\n  {"a": 1},\n\n  {"a":\n 2}\n]')))
    assert [(item.index, item.line) for item in found] == [(0, 2), (1, 4)]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b'[{"a": 1}', "the list does not end"),
        (b'[{"a": 1},', "the list does not end"),
        (b'[{"a": 1}, {"a": ', "not valid JSON"),
        (b'[{"a": "cut', "not valid JSON: Unterminated string"),
        (b'[{"a": 1} {"b": 2}, oops]', "near "),
        (b'[{"a": NaN}]', "NaN is no number"),
        (b'[{"a": "\xff"}]', "not UTF-8"),
        (b"[" + b"[" * 4_000 + b"]" * 4_001, "nested too deep"),
        (b'[{"a": ' + b"9" * 5_000 + b"}]", "not valid JSON"),
        (b'[{"a": "' + b"x" * 20_000 + b'"}]', "longer than"),
        (b'[{"a": [' + b"{}," * 1_500 + b"1]}]", "made of more than 2,000 values"),
    ],
)
def test_what_is_no_json_is_named_with_its_line(
    data: bytes, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BLOCK", 1_000)
    monkeypatch.setattr(module, "_LONGEST", 10_000)
    monkeypatch.setattr("annotator.formats.record_size.MOST_VALUES", 2_000)
    with pytest.raises(RecordError, match=what) as caught:
        items(data)
    assert "(line 1 or later)" in str(caught.value)


@pytest.mark.parametrize("block", [1, 7, 1_000, 2**20])
def test_many_records_are_each_as_long_as_one_may_be(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    record = {"a": "x" * 80, "b": [{}] * 9}
    written = [json.dumps(record).encode()] * 50
    monkeypatch.setattr(module, "_BLOCK", block)
    monkeypatch.setattr(module, "_LONGEST", len(written[0]))
    monkeypatch.setattr("annotator.formats.record_size.MOST_VALUES", written[0].count(b",") + 11)
    assert items(b"[" + b", ".join(written) + b"]") == items(b"\n".join(written)) == [record] * 50


@given(st.binary(max_size=60) | st.text('[]{},:"\\1e-tfn \n', max_size=40).map(str.encode))
def test_any_bytes_are_items_or_a_record_error(data: bytes) -> None:
    with suppress(RecordError):
        items(data)
