"""What parsers of other people raise becomes a fault; what the disk says stays."""

import errno

import pytest

from annotator.domain.codec.problems import RecordError
from annotator.formats.documents import fact, parsing, tidy


@pytest.mark.parametrize(
    "error",
    [KeyError("x"), ValueError(), RecursionError("deep"), OSError(errno.EINVAL, "seek"), MemoryError()],
)
def test_whatever_a_parser_raises_is_the_fault_of_the_file(error: Exception) -> None:
    with pytest.raises(RecordError, match=f"the page is broken.*{type(error).__name__}"), parsing("page"):
        raise error


def test_faults_of_the_disk_and_of_ours_stay_what_they_are() -> None:
    full, ours = OSError(errno.EIO, "read"), RecordError([])
    for error in (full, ours):
        with pytest.raises(type(error)) as raised, parsing("page"):
            raise error
        assert raised.value is error


def test_texts_come_without_what_no_text_has() -> None:
    assert tidy(" \ufeffa\0b \r\n\tc\ud83d\x0c\r\n\n") == "\ufeffab\n\tc"
    assert fact(" a\n b\0 ") == "a b"
    assert fact("\0 ") is None
    assert fact(7) is None
