"""Our own labelled texts as the network learns them: entities and stances in words."""

from collections.abc import Iterable, Iterator, Sequence

import torch
from batches import Example, Labelled, Stance, batch, labelled
from corpora import Span, longest
from network import Network
from records import Record, words_between
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from annotator.suggest.encoder.layout import POLARITIES
from annotator.suggest.encoder.pieces import WordPieces
from annotator.suggest.encoder.windows import Words, windows, words_of, words_of_doc


def document(nlp: Language, record: Record) -> Doc:
    """The text with its entities, the longest of nested ones."""
    doc = nlp.make_doc(record["text"])
    found = [
        Span(span.start, span.end, entity["label"])
        for entity in record["spans"]
        if (span := doc.char_span(entity["start"], entity["end"], alignment_mode="expand")) is not None
    ]
    doc.set_ents([DocSpan(doc, a, b, label=label) for a, b, label in longest(found)], default="outside")
    return doc


def stances(doc: Doc, record: Record, heads: Sequence[int]) -> list[Stance]:
    """The record's stances in words, each hung on the word that governs its evidence."""
    _, kept = words_of_doc(doc)
    made = []
    for stance in record["stances"]:
        evidence, holder, target = (
            words_between(doc, kept, part) for part in (stance, stance["holder"], stance["target"])
        )
        made.append(
            Stance(governor(heads, evidence), POLARITIES.index(stance["label"]), evidence, holder, target)
        )
    return made


def governor(heads: Sequence[int], span: tuple[int, int]) -> int:
    """The word of a span whose head is outside of it and below which most of the span stands."""
    below: dict[int, int] = {}
    for word in range(*span):
        top = word
        for _ in range(span[1] - span[0]):
            if not span[0] <= heads[top] < span[1]:
                break
            top = heads[top]
        below[top] = below.get(top, 0) + 1
    return max(below, key=lambda word: (below[word], -word))


@torch.no_grad()
def heads_of(network: Network, pieces: WordPieces, words: Words) -> list[int]:
    """The head of each word as the network parses it sentence by sentence; a root is its own."""
    network.eval()
    edges = [i for i in range(len(words.texts)) if i == 0 or words.sentences[i] != words.sentences[i - 1]]
    alone: list[tuple[int, Example]] = []
    for start, end in zip(edges, [*edges[1:], len(words.texts)], strict=True):
        sentence = words_of(words.texts[start:end], [i == start for i in range(start, end)])
        alone += [(start, Example(window, Labelled(sentence))) for window in windows(sentence, pieces)]
    heads = list(range(len(words.texts)))
    if not alone:
        return heads
    made = batch([example for _, example in alone])
    scores = network.arcs(network.vectors(made.pieces, made.shapes, made.mask, made.first))
    width = scores.shape[1]
    present = torch.cat([made.first > 0, torch.ones(len(scores), 1, dtype=torch.bool)], 1)
    best = scores.masked_fill(~present.unsqueeze(1), -1e4).argmax(-1).tolist()
    for row, (start, example) in enumerate(alone):
        window = example.window
        for word in range(window.start, window.end):
            head = best[row][word - window.low]
            heads[start + word] = start + (word if head == width else window.low + head)
    return heads


def articles(
    nlp: Language, found: Iterable[Record], network: Network, pieces: WordPieces
) -> Iterator[tuple[Doc, list[Stance]]]:
    """Each record's document and its stances in words."""
    for record in found:
        doc = document(nlp, record)
        words, _ = words_of_doc(doc)
        yield doc, stances(doc, record, heads_of(network, pieces, words))


def with_stances(doc: Doc, known: list[Stance]) -> Labelled:
    found = labelled(doc)
    return Labelled(found.words, found.entities, known)
