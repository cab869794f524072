"""The spaCy component that reads a document with the encoder: entities, stances and their certainty."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span

from annotator.suggest.encoder.decoding import FoundStance, entities, log_softmax, stances
from annotator.suggest.encoder.layout import ENTITY_LABELS, ENTITY_TAGS, POLARITIES
from annotator.suggest.encoder.odds import StanceOdds
from annotator.suggest.encoder.reader import MODEL, POINTING, VOCABULARY, Reader, Seen
from annotator.suggest.encoder.windows import Words, words_of_doc
from annotator.suggest.stance_spans import StanceSpan, set_stances

Floats = NDArray[np.float32]
OUTSIDE = -30.0  # the logit, and nearly the log probability, of what is not to be
ODDS = "stances.npz"


class ArticleEncoder:
    """Sets `doc.ents`, the groups of stance_spans, and as `doc.tensor` the log probability of each tag.

    Without weights, which come from from_disk, it sets none. Rows of `doc.tensor` that are white space are
    certainly outside of every name.
    """

    def __init__(self, *, with_entities: bool = True, with_stances: bool = True) -> None:
        self.with_entities = with_entities
        self.with_stances = with_stances
        self.odds = StanceOdds()
        self._folder: Path | None = None
        self._reader: Reader | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can propose; spaCy writes it into meta.json."""
        return (ENTITY_LABELS if self.with_entities else ()) + (POLARITIES if self.with_stances else ())

    def __call__(self, doc: Doc) -> Doc:
        if self._reader is None:
            return doc
        words, kept = words_of_doc(doc)
        tags = np.full((len(doc), len(ENTITY_TAGS)), OUTSIDE, dtype=np.float32)
        tags[:, 0] = 0
        names: list[Span] = []
        found: list[StanceSpan] = []
        for seen in self.read(words):
            window = seen.window
            here = seen.entities[window.start - window.low : window.end - window.low]
            tags[kept[window.start : window.end]] = log_softmax(here)
            for entity in entities(here):
                start, end = (window.start + i for i in (entity.start, entity.end))
                names.append(Span(doc, kept[start], kept[end - 1] + 1, label=entity.label))
            if self.with_stances:
                found += self._stances(doc, words, kept, seen)
        if self.with_entities:
            tensor: Any = tags  # spaCy's stub knows no arrays but of 64 bits
            doc.tensor = tensor
            doc.set_ents(names)
        if self.with_stances:
            set_stances(doc, found)
        return doc

    def _stances(self, doc: Doc, words: Words, kept: list[int], seen: Seen) -> Iterator[StanceSpan]:
        low = seen.window.low
        for stance in self.stances_of(seen, words):
            score = self.odds(stance)
            if score >= self.odds.least:
                evidence, holder, target = (
                    Span(doc, kept[low + start], kept[low + end - 1] + 1)
                    for start, end in (stance.evidence, stance.holder, stance.target)
                )
                yield StanceSpan(evidence, stance.polarity, holder, target, score)

    def read(self, words: Words) -> Iterator[Seen]:
        """What the encoder makes of each window. Raises ValueError without weights."""
        return self._weights(words)

    def stances_of(self, seen: Seen, words: Words) -> list[FoundStance]:
        """The stances anchored in a window, counted from its first word read."""
        window = seen.window
        anchors = seen.anchors.copy()
        anchors[: window.start - window.low] = OUTSIDE
        anchors[window.end - window.low :] = OUTSIDE
        sentences = words.sentences[window.low : window.high]
        return stances(anchors, seen.spans, sentences, self._weights.pointing)

    @property
    def _weights(self) -> Reader:
        if self._reader is None:
            raise ValueError("the encoder has no weights: load them with from_disk")
        return self._reader

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        path.mkdir(exist_ok=True)
        self.odds.to_disk(path / ODDS)
        if self._folder is not None and self._folder != path.resolve():
            for name in (MODEL, VOCABULARY, POINTING):
                shutil.copyfile(self._folder / name, path / name)

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> "ArticleEncoder":
        """Raises OSError or ValueError if a file is missing or damaged."""
        reader, odds = Reader(path), StanceOdds.from_disk(path / ODDS)
        self._folder, self._reader, self.odds = path.resolve(), reader, odds
        return self


@Language.factory(
    "article_encoder",
    assigns=["doc.ents", "doc.tensor"],
    default_config={"with_entities": True, "with_stances": True},
)
def article_encoder(nlp: Language, name: str, with_entities: bool, with_stances: bool) -> ArticleEncoder:
    """An encoder; what it knows comes from from_disk."""
    return ArticleEncoder(with_entities=with_entities, with_stances=with_stances)
