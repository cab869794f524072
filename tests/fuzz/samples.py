"""Valid files of each format that is read, to be made wrong."""

import gzip
import io
import zipfile
from pathlib import Path

import docx

from annotator.domain.articles import Article, Status
from annotator.domain.codec.records import Origin, Record
from annotator.domain.marks import Source
from annotator.formats.contract import Format, Layout, Writing
from annotator.formats.targets import Target
from tests.formats.pdfs import pdf
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, WANTED

Files = dict[str, bytes]

_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Talks</title>
<script type="application/ld+json">
{"@type": "NewsArticle", "headline": "Talks", "datePublished": "2022-03-04"}</script><link rel="canonical" href="https://example.org/a"></head><body><article><h1>Talks</h1>
<p>Lavrov said on Thursday &amp; again that Russia wanted talks to go on, and no date had been set.</p>
<table><tr><td>a</td><td>b</td></tr></table><ul><li>one</li></ul></article></body></html>"""
_ARCHIVE = (
    "MIME-Version: 1.0\r\nSnapshot-Content-Location: https://example.org/a\r\n"
    'Content-Type: multipart/related; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n'
    f"Content-Transfer-Encoding: 8bit\r\n\r\n{_PAGE}\r\n--x--\r\n"
)
_TABLE = (
    'id;Headline;Article Text;Date\r\n1;Talks;"Line one,\r\nline ""two""";2022-03-04\r\n'
    "2;More;Talks went on.;\r\n"
)


def samples(format_: Format, folder: Path) -> list[Files]:
    """Files of a format, each with those that belong to it, the one that is read first."""
    if format_.writes:
        return _written(format_, folder)
    return _READ_ONLY[format_.name]()


def _records() -> list[Record]:
    person = ("entity", "PERSON", *LAVROV, 0.5, "Sergei Lavrov", *(None,) * 6)
    place = ("entity", "GPE", *RUSSIA, None, None, *(None,) * 6)
    nested = ("entity", "GPE", LAVROV[0], LAVROV[1] - 2, None, None, *(None,) * 6)
    stance = ("stance", "FAVOR", *WANTED, None, None, *RUSSIA, "Russia", 28, 33, None)
    article = Article.of(
        TALKS, title="Talks", url="https://example.org/a", meta={"n": 1, "deep": {"a": [None]}}
    )
    origins = {0: Origin(Source.ACCEPTED, "why", ("en_news", "1.0"), 3), 3: Origin(Source.ADDED, "so")}
    labelled = Record(
        article,
        [person, nested, place, stance],
        origins,
        [],
        [(0, 1, "other")],
        ("en_news", "1.0"),
        annotator="Ana",
        status=Status.DONE,
        at=1_700_000_000_000,
    )
    crlf = Article.of("Kyiv said\r\nno. שלום 🇺🇦\n\nIt left.\n")
    return [
        labelled,
        Record(crlf, [("entity", "GPE", 0, 4, None, None, *(None,) * 6)], run=("en_news", "1.0")),
    ]


def _written(format_: Format, folder: Path) -> list[Files]:
    suffix = format_.suffixes[0] if format_.suffixes else ""
    main = f"a{suffix}" if format_.layout is Layout.FILE else None
    with Target(folder, main) as target:
        writer = format_.writer(target, Writing(LABELS))
        for record in _records():
            list(writer.write(record))
        list(writer.close())
        target.close()
        files = {name: (folder / name).read_bytes() for name in target.names}
    if main is not None:
        return [{main: files[main]}]
    stems = dict.fromkeys(
        name.rpartition(".")[0] for name in files if name.endswith(format_.suffixes or ("",))
    )
    return [
        {
            name: data
            for name, data in sorted(files.items(), key=_text_first)
            if name.rpartition(".")[0] == stem
        }
        for stem in stems
    ]


def _text_first(item: tuple[str, bytes]) -> tuple[bool, str]:
    return not item[0].endswith(".txt"), item[0]


def _word() -> list[Files]:
    document = docx.Document()
    document.add_heading("Talks", 0)
    document.add_paragraph("Lavrov said so.")
    document.add_table(2, 2).cell(0, 0).text = "a"
    file = io.BytesIO()
    document.save(file)
    parts = {}
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    small = io.BytesIO()
    with zipfile.ZipFile(small, "w", zipfile.ZIP_STORED) as stored:  # so that changes reach the markup
        for name, data in parts.items():
            if not name.endswith((".jpeg", "styles.xml", "theme1.xml")):
                stored.writestr(name, data)
    return [{"a.docx": file.getvalue()}, {"a.docx": small.getvalue()}]


def _packed() -> list[Files]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.txt", TALKS * 20)
        archive.writestr("c.jsonl", '{"text": "Talks"}\n')
    return [{"a.zip": file.getvalue()}, {"a.txt.gz": gzip.compress(TALKS.encode() * 20)}]


_READ_ONLY = {
    "html": lambda: [{"a.html": _PAGE.encode()}, {"a.mhtml": _ARCHIVE.encode()}],
    "csv": lambda: [{"a.csv": _TABLE.encode()}, {"a.tsv": _TABLE.replace(";", "\t").encode("utf-16")}],
    "pdf": lambda: [
        {"a.pdf": pdf(["Talks in Kyiv.", "Lavrov said the minis-", "ter left."], ["On."], title="T")}
    ],
    "docx": _word,
}
ARCHIVES = "archives"


def archives() -> list[Files]:
    return _packed()
