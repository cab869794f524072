"""Messages between client and child: one line each, and nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.choices import Thresholds
from annotator.domain.marks import Part
from annotator.domain.text import Span
from annotator.suggest.messages import (
    Failed,
    Proposal,
    Read,
    Ready,
    Refused,
    Reply,
    Task,
    Untrusted,
    decode_reply,
    decode_task,
    encode_reply,
    encode_task,
)

STANCE = Proposal(
    "stance", "AGAINST", Span(10, 20), 0.25, None, Part(Span(0, 3), "Sergei Lavrov"), Part(Span(21, 30))
)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.booleans())
def test_a_task_is_one_line_and_comes_back_as_it_was(text: str, urgent: bool) -> None:
    task = Task(3, text, (Span(0, 2), Span(5, 9)), urgent)
    line = encode_task(task)
    assert line.count(b"\n") == 1
    assert decode_task(line) == task


def test_lone_surrogates_keep_their_place() -> None:
    assert decode_task(encode_task(Task(1, "a\ud800b", (), False))).text == "a?b"


@pytest.mark.parametrize(
    "reply",
    [
        Ready("en_news", "1.0", ("old",)),
        Ready("en_news", "1.0", (), Thresholds({"ORG": 0.25}, {"FAVOR": 0.5})),
        Refused("no such\nfolder"),
        Untrusted("/a folder", "ab12"),
        Read(4, (Proposal("entity", "GPE", Span(0, 4)), STANCE)),
        Failed(4, "why"),
    ],
)
def test_a_reply_is_one_line_and_comes_back_as_it_was(reply: Reply) -> None:
    line = encode_reply(reply)
    assert line.count(b"\n") == 1
    assert decode_reply(line) == reply


@pytest.mark.parametrize("line", [b"hello\n", b'["read", 1, [[', b"[]\n", b'{"a": 1}\n', b"\xff\n"])
def test_noise_is_no_reply(line: bytes) -> None:
    assert decode_reply(line) is None
