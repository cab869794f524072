"""Reads the dependency trees that teach the encoder who does what to whom."""

import tarfile
from collections.abc import Iterator
from pathlib import Path

from batches import Labelled, Tree

from annotator.suggest.encoder.windows import words_of

SETS = ("ud_ewt/ud_ewt.tar.gz", "ud_gum_free/ud_gum_free.tar.gz")
LONGEST = 70  # words of a sentence
# Fiction and talk are no news.
SKIPPED = ("GUM_fiction", "GUM_conversation", "GUM_vlog")
HELD_OUT = ("files.dev", "files.test")


def sentences(lines: Iterator[str]) -> Iterator[list[list[str]]]:
    """The rows of each sentence, without ranges and empty nodes."""
    rows: list[list[str]] = []
    for line in lines:
        if not line.strip():
            if rows:
                yield rows
            rows = []
        elif not line.startswith("#") and (fields := line.rstrip("\n").split("\t"))[0].isdigit():
            rows.append(fields)
    if rows:
        yield rows


class Syntax:
    """The sentences of the treebanks and the names of their tags and relations."""

    def __init__(self, data: Path) -> None:
        self.tags: dict[str, int] = {}
        self.relations: dict[str, int] = {}
        self.texts = [
            self._labelled(rows)
            for rows in _rows(data)
            if 3 <= len(rows) <= LONGEST and not any(row[1] == "_" for row in rows)
        ]

    def _labelled(self, rows: list[list[str]]) -> Labelled:
        words = [row[1] for row in rows]
        heads = [int(row[6]) - 1 if row[6] != "0" else len(rows) for row in rows]
        tags = [self.tags.setdefault(row[3], len(self.tags)) for row in rows]
        relations = [self.relations.setdefault(row[7].partition(":")[0], len(self.relations)) for row in rows]
        plain = words_of(words, [i == 0 for i in range(len(words))])
        return Labelled(plain, tree=Tree(tags, heads, relations))


def _rows(data: Path) -> Iterator[list[list[str]]]:
    """The sentences of the training files: a treebank's own lists say which documents are held out."""
    for path in SETS:
        with tarfile.open(data / path) as archive:
            texts = {
                member.name: file.read().decode("utf-8")
                for member in sorted(archive.getmembers(), key=lambda member: member.name)
                if (file := archive.extractfile(member)) is not None
            }
        held = {
            Path(name.strip()).name.partition(".conllu")[0]
            for list_, text in texts.items()
            if list_.endswith(HELD_OUT)
            for name in text.split()
        }
        for name, text in texts.items():
            stem = Path(name).name.removesuffix(".conllu")
            unwanted = stem in held or stem.endswith(("-dev", "-test"))
            if name.endswith(".conllu") and not unwanted and not stem.startswith(SKIPPED):
                yield from sentences(iter(text.splitlines(keepends=True)))
