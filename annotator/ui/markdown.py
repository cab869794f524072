"""Markdown as HTML that Qt's labels and browsers show: guidelines and help pages."""

import re
from functools import lru_cache

_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
_MARKED = re.compile(
    r"[*_`\[\]<>&#|~\\]|\n\s*\n|^\s*(?:[-+=]|\d+[.)]\s)|^ {4}|\t|  $|://|www\.|@", re.MULTILINE
)
_SIZED = re.compile(r' style="[^"]*font-size:[^"]*"')


def is_prose(text: str) -> bool:
    """Whether Markdown says nothing more than its letters: one paragraph without any mark."""
    return _MARKED.search(text) is None


@lru_cache(maxsize=64)  # the guidelines of a label set, shown again with every mark
def markdown_html(text: str) -> str:
    """The body of a page, in the size of the words around it; HTML in the Markdown is shown as it stands."""
    from PySide6.QtGui import QTextDocument  # not for the first window

    document = QTextDocument()
    features = QTextDocument.MarkdownFeature
    document.setMarkdown(text, features.MarkdownDialectGitHub | features.MarkdownNoHTML)
    body = _BODY.search(document.toHtml())
    return _SIZED.sub("", body[1]) if body else ""


def close_html(text: str) -> str:
    """As `markdown_html`, without room above the first paragraph and with little between them."""
    return markdown_html(text).replace(
        "margin-top:12px; margin-bottom:12px;", "margin-top:0px; margin-bottom:6px;"
    )
