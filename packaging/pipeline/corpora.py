"""The data sets as they lie on disk, read into sentences of words with labelled stretches."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Span(NamedTuple):
    """A labelled stretch, half-open; in words of a sentence or code points of a text."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A tokenised sentence; its spans count words and carry the labels of its data set."""

    words: list[str]
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of running text; its spans count code points."""

    text: str
    spans: list[Span]
    id: str = ""


CLOSING = frozenset({*".,;:?!)%]}", "...", "'s", "n't", "'m", "'re", "'ve", "'ll", "'d", "’s", "”"})
OPENING = frozenset({*"([{$£€", "“"})
BRACKETS = {"-LRB-": "(", "-RRB-": ")", "``": '"', "''": '"'}


def detokenised(sentence: Sentence) -> Text:
    """The sentence as it would be printed, spans moved along; plain quotes open and close in turn."""
    pieces: list[str] = []
    offsets: list[tuple[int, int]] = []
    length, glued, quoted = 0, True, False
    for word in (BRACKETS.get(word, word) for word in sentence.words):
        closes = word in CLOSING or (word == '"' and quoted) or (word == "'" and not glued)
        if not glued and not closes:
            pieces.append(" ")
            length += 1
        offsets.append((length, length + len(word)))
        pieces.append(word)
        length += len(word)
        if word == '"':
            quoted = not quoted
        glued = word in OPENING or (word == '"' and quoted)
    spans = [Span(offsets[a][0], offsets[b - 1][1], label) for a, b, label in sentence.spans]
    return Text("".join(pieces), spans)


def spans_of_tags(tags: list[str]) -> list[Span]:
    """The stretches of BIO tags; an I- that continues nothing opens one."""
    spans: list[Span] = []
    for i, tag in enumerate(tags):
        prefix, _, label = tag.partition("-")
        if prefix == "I" and spans and spans[-1].end == i and spans[-1].label == label:
            spans[-1] = spans[-1]._replace(end=i + 1)
        elif label:
            spans.append(Span(i, i + 1, label))
    return spans


def sentence_key(text: str) -> str:
    """What two printings of one sentence have in common: its letters and digits in small letters."""
    return re.sub(r"[\W_]", "", text).lower()


MONTH_NUMBERS = {
    month: str(number)
    for number, month in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
    )
}


def undamaged(word: str) -> str:
    """The word before a spreadsheet read it: `6-3` had become 06-Mar, `200,000` 2,00,000."""
    if match := re.fullmatch(r"(\d\d)-([A-Z][a-z]{2})", word):
        return f"{int(match[1])}-{MONTH_NUMBERS[match[2]]}" if match[2] in MONTH_NUMBERS else word
    if match := re.fullmatch(r"([A-Z][a-z]{2})-(\d\d)", word):
        return f"{MONTH_NUMBERS[match[1]]}-{match[2]}" if match[1] in MONTH_NUMBERS else word
    if re.fullmatch(r"\d{1,2}(,\d\d)+,\d{3}", word):
        return f"{int(word.replace(',', '')):,}"
    return word


def read_gmb(folder: Path) -> Iterator[Sentence]:
    """The sentences of GMB, mended, in the order of the file."""
    with zipfile.ZipFile(folder / "ner_dataset.csv.zip") as archive, archive.open("ner_dataset.csv") as raw:
        rows = csv.reader(io.TextIOWrapper(raw, "cp1252"))
        next(rows)
        words: list[str] = []
        tags: list[str] = []
        for first, word, _, tag in rows:
            if first and words:
                yield Sentence(words, spans_of_tags(tags))
                words, tags = [], []
            words.append(undamaged(word))
            tags.append(tag)
        yield Sentence(words, spans_of_tags(tags))


def read_conll(path: Path) -> Iterator[Sentence]:
    """The sentences of a two-column file: word first, tag last, empty lines between."""
    blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
    for block in blocks:
        rows = [line.split() for line in block.splitlines() if line.strip()]
        rows = [row for row in rows if row[0] != "-DOCSTART-"]
        if rows:
            yield Sentence([row[0] for row in rows], spans_of_tags([row[-1] for row in rows]))


def read_uner(path: Path) -> Iterator[Text]:
    """The sentences of Universal NER as they were printed; words are found again in the printed text."""
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()):
        lines = block.splitlines()
        text = next(line.removeprefix("# text = ") for line in lines if line.startswith("# text = "))
        rows = [line.split("\t") for line in lines if line[:1].isdigit()]
        offsets: list[tuple[int, int]] = []
        end = 0
        for row in rows:
            start = text.index(row[1], end)
            end = start + len(row[1])
            offsets.append((start, end))
        spans = spans_of_tags([row[2] for row in rows])
        yield Text(text, [Span(offsets[a][0], offsets[b - 1][1], label) for a, b, label in spans])


def read_redocred(path: Path) -> Iterator[list[Sentence]]:
    """The articles of Re-DocRED, each a list of sentences; of overlapping mentions the longest stays."""
    for article in json.loads(path.read_text(encoding="utf-8")):
        mentions: list[list[Span]] = [[] for _ in article["sents"]]
        for mention in (mention for entity in article["vertexSet"] for mention in entity):
            start, end = mention["pos"]
            mentions[mention["sent_id"]].append(Span(start, end, mention["type"]))
        sentences = zip(article["sents"], mentions, strict=True)
        yield [Sentence(*filled(words, longest(spans))) for words, spans in sentences if words]


def read_newsmtsc(path: Path) -> Iterator[tuple[str, str]]:
    """The sentences of NewsMTSC with their ids, spaces made single; a sentence comes once for each target."""
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield record["primary_gid"], " ".join(record["sentence_normalized"].split())


def filled(words: list[str], spans: list[Span]) -> tuple[list[str], list[Span]]:
    """Empty words, which have no place in a text, written as full stops."""
    return [word if word.strip() else "." for word in words], spans


def longest(spans: Iterable[Span]) -> list[Span]:
    """The spans without those that overlap a longer one, in order."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept)
