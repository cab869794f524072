"""Markdown of guidelines: what is nothing but prose is shown as it is written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument

from annotator.ui.markdown import close_html, is_prose, markdown_html

PIECES = st.sampled_from(
    [*"abÀ中🙂 1.)(-+=*_`#>~|!:;,\"'’“”/\\&<[]@", "\n", "\n\n", "  \n", "http://b.c", "1. ", "- "]
)


@given(st.lists(PIECES, max_size=30).map("".join))
@example("Only the name in “Chancellor Angela Merkel” (2021), not a role.")
@pytest.mark.usefixtures("qapp")
def test_prose_says_what_it_would_say_as_markdown(text: str) -> None:
    if not is_prose(text):
        return
    document = QTextDocument()
    features = QTextDocument.MarkdownFeature
    document.setMarkdown(text, features.MarkdownDialectGitHub | features.MarkdownNoHTML)
    assert document.toPlainText().split() == text.split()
    assert document.blockCount() == 1
    assert "<span" not in markdown_html(text)
    assert "<a " not in markdown_html(text)


@pytest.mark.parametrize(
    "text", ["Only *named* people.", "- one\n- two", "one\n\ntwo", "# Rule", "see www.b.c"]
)
def test_marked_text_is_no_prose(text: str) -> None:
    assert not is_prose(text)
    assert "<p" in close_html(text) or "<li" in close_html(text) or "<h1" in close_html(text)
