"""Files that other people's parsers take apart: web pages, PDF and Word; one document is one article."""

import errno
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from annotator.domain.articles import Article
from annotator.domain.codec.problems import Problem, RecordError, check_text
from annotator.domain.codec.records import Record
from annotator.domain.errors import AnnotatorError
from annotator.formats.contract import Option

# What no text has: control characters but tab and line ends, halves of UTF-16 pairs, and no characters.
_NO_TEXT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LONGEST_FACT = 2_000  # code points
_LONGEST_REASON = 120

PUBLISHED = Option(
    "published",
    "which of the file's own dates is the day of publication; none unless said",
    ("created", "modified"),
    usual="none",
)


@contextmanager
def parsing(what: str, *loggers: str) -> Iterator[None]:
    """Whatever a parser of other people raises on a broken file is a RecordError.

    They promise no exceptions of their own. What they would log is not, as the fault says it.
    """
    for name in loggers:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    except AnnotatorError:
        raise
    except Exception as error:
        # A wrong offset in the file is an invalid argument of a seek; all other numbers are the disk's.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        reason = " ".join(str(error).split())[:_LONGEST_REASON]
        said = f"{type(error).__name__}: {reason}" if reason else type(error).__name__
        raise RecordError([Problem(f"the {what} is broken ({said})", "get or save the file anew")]) from error


def tidy(text: str) -> str:
    """A text out of a parser without what no text has, nor blanks before line ends or around it."""
    text = _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def fact(value: object) -> str | None:
    """What a file says of itself on one line; None for nothing."""
    if not isinstance(value, str):
        return None
    return " ".join(_NO_TEXT.sub("", value[:_LONGEST_FACT]).split()) or None


def record_of(
    text: str,
    *,
    title: object = None,
    source: object = None,
    url: object = None,
    published: object = None,
    lang: object = None,
    meta: Mapping[str, object],
) -> Record:
    """The record of a document; of `meta` what says something. Raises RecordError for no text."""
    kept = {name: value for name, value in meta.items() if value not in (None, "", [])}
    article = Article.of(
        check_text(text),
        title=fact(title),
        source=fact(source),
        url=fact(url),
        published=fact(published),
        lang=fact(lang),
        meta=kept,
    )
    return Record(article)
