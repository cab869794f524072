"""The spaCy components of the built-in pipeline: facts, article memory, clean lines, scores."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from annotator.suggest.encoder.layout import ENTITY_LABELS, ENTITY_TAGS
from annotator.suggest.gazetteer import Gazetteer
from annotator.suggest.names import PARTICLES, declared, names_of

Floats = NDArray[np.float32]

LINE_ENDS = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")
JOINTS = frozenset({"-", "–", "/"})
SENTENCE_MARKS = frozenset('.!?"“”')

# What a suggestion carries besides span and label: the odds that it is right, its canonical name, and
# whether more than the recogniser speaks for it: a fact or its full form in the article.
for attribute in ("score", "name", "known"):
    if not Span.has_extension(attribute):
        Span.set_extension(attribute, default=None)


def longest_first(spans: Iterable[Span]) -> list[Span]:
    """The spans without those that overlap a longer one (or an equal one given earlier), in order."""
    kept: list[Span] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda span: span.start - span.end):
        tokens = range(span.start, span.end)
        if taken.isdisjoint(tokens):
            kept.append(span)
            taken.update(tokens)
    return sorted(kept, key=lambda span: span.start)


@Language.component("entity_lines")
def entity_lines(doc: Doc) -> Doc:
    """Cuts entities at line breaks and keeps the first piece: a name never runs into the next paragraph."""
    if not any(token.is_space for entity in doc.ents for token in entity):
        return doc
    kept: list[Span] = []
    for entity in doc.ents:
        words = [token.i for token in entity if not token.is_space]
        breaks = [token.i for token in entity if not LINE_ENDS.isdisjoint(token.text)]
        end = next((i for i in breaks if words and i > words[0]), entity.end)
        inside = [i for i in words if i < end]
        if inside:
            kept.append(Span(doc, inside[0], inside[-1] + 1, label=entity.label))
    doc.set_ents(kept)
    return doc


def is_capitalised(doc: Doc, i: int) -> bool:
    return 0 <= i < len(doc) and doc[i].text[:1].isupper() and doc[i].is_alpha


def stands_alone(doc: Doc, start: int, end: int) -> bool:
    """Whether no capitalised neighbour could make doc[start:end] part of a longer name.

    The first word of a sentence has its capital for another reason.
    """
    hyphen = end < len(doc) and doc[end].text in JOINTS
    if is_capitalised(doc, end) or (hyphen and is_capitalised(doc, end + 1)):
        return False
    first = start < 2 or doc[start - 2].is_space or doc[start - 2].text in SENTENCE_MARKS
    return first or not is_capitalised(doc, start - 1)


class EntityGazetteer:
    """Corrects the label of names whose kind is a fact and adds those that were missed."""

    def __init__(self, nlp: Language, *, tables: dict[str, str] | None = None) -> None:
        self._nlp = nlp
        self.load(tables or {})

    def load(self, tables: dict[str, str]) -> None:
        """Takes the gazetteer of these tables (see Gazetteer.from_tables); none at all knows nothing."""
        self.tables = tables
        self.kinds: dict[str, str] = {}  # of the names that are hardly ever anything else
        self._matcher = PhraseMatcher(self._nlp.vocab)
        if tables:
            gazetteer = Gazetteer.from_tables(tables)
            self.kinds = {name: kind for name in gazetteer.kinds if (kind := gazetteer.certain(name))}
            self._matcher.add("name", [self._nlp.make_doc(name) for name in self.kinds])

    def __call__(self, doc: Doc) -> Doc:
        entities = [part for entity in doc.ents for part in self._parts(doc, entity)]
        taken = {i for entity in entities for i in range(entity.start, entity.end)}
        for match in self._matcher(doc, as_spans=True):
            tokens = range(match.start, match.end)
            if taken.isdisjoint(tokens) and stands_alone(doc, match.start, match.end):
                entities.append(Span(doc, match.start, match.end, label=self.kinds[match.text]))
        doc.set_ents(longest_first(entities))
        for entity in doc.ents:
            if self.kinds.get(entity.text) == entity.label_:
                entity._.known = True
        return doc

    def _parts(self, doc: Doc, entity: Span) -> list[Span]:
        """The entity by the facts; as two where it is two of our names joined ("Ukraine-Russia talks")."""
        if len(entity) == 3 and entity[1].text in JOINTS and entity.text not in self.kinds:
            first, second = (self.kinds.get(doc[i].text) for i in (entity.start, entity.end - 1))
            if first and second:
                return [
                    Span(doc, entity.start, entity.start + 1, label=first),
                    Span(doc, entity.end - 1, entity.end, label=second),
                ]
        return [Span(doc, entity.start, entity.end, label=self.kinds.get(entity.text, entity.label_))]

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        path.mkdir(exist_ok=True)
        text = json.dumps(self.tables, ensure_ascii=False, indent=1)
        (path / "gazetteer.json").write_text(text + "\n", encoding="utf-8")

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> "EntityGazetteer":
        self.load(json.loads((path / "gazetteer.json").read_text(encoding="utf-8")))
        return self


@Language.factory("entity_gazetteer")
def entity_gazetteer(nlp: Language, name: str) -> EntityGazetteer:
    """A gazetteer component; its names come from from_disk or load."""
    return EntityGazetteer(nlp)


MEMORABLE = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC"})
TAUGHT = 3  # a full form outweighs as many mentions of its short form that say otherwise


def surname(entity: Span) -> str | None:
    """The word a full name is shortened to, or None for a name of one word."""
    words = [token.text for token in entity if token.text not in PARTICLES]
    return words[-1] if len(words) > 1 and len(words[-1]) > 2 and words[-1][0].isupper() else None


class ArticleMemory:
    """What an article has said about its names, applied to all of it.

    A full name makes its surname a person, a name with its acronym beside it teaches the acronym, and a name
    labelled two ways takes the label it mostly has. What the article elsewhere calls by another name carries
    that as `span._.name`.
    """

    def __call__(self, doc: Doc) -> Doc:
        votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        entities = list(doc.ents)
        for entity in doc.ents:
            votes[entity.text][entity.label_] += 1
            if entity.label_ == "PERSON" and (last := surname(entity)):
                votes[last]["PERSON"] += 0 if votes[last]["PERSON"] else TAUGHT
        for short, full in declared(doc):
            votes[short.text][full.label_] += TAUGHT
            entities.append(short)
        learnt = {text: label for text, counts in votes.items() if (label := settled(counts))}
        known = [Span(doc, e.start, e.end, label=learnt.get(e.text, e.label_)) for e in entities]
        doc.set_ents(longest_first([*known, *missed(doc, learnt, known)]))
        names = names_of(doc)
        for entity in doc.ents:
            if name := names.get((entity.start, entity.end)):
                entity._.name = name
                entity._.known = True
        return doc


def settled(counts: Counter[str]) -> str | None:
    """The label that most mentions have, if it is one that a name keeps throughout an article."""
    label, count = counts.most_common(1)[0]
    return label if label in MEMORABLE and count > counts.total() / 2 else None


def missed(doc: Doc, learnt: dict[str, str], entities: list[Span]) -> Iterator[Span]:
    """The capitalised single words that the article elsewhere uses as a name and that no entity covers."""
    single = {text: label for text, label in learnt.items() if " " not in text and len(text) > 2}
    taken = {i for entity in entities for i in range(entity.start, entity.end)}
    for token in doc:
        label = single.get(token.text)
        if label and token.i not in taken and stands_alone(doc, token.i, token.i + 1):
            yield Span(doc, token.i, token.i + 1, label=label)


@Language.factory("article_memory")
def article_memory(nlp: Language, name: str) -> ArticleMemory:
    """The article memory; it holds nothing between documents."""
    return ArticleMemory()


KNOWLEDGE = 6  # columns of EntityScore.features in front of those of the labels


class EntityScore:
    """Writes on each entity, as `span._.score`, how likely it is to be right in span and label.

    A logistic model fitted on texts that the encoder has not seen turns the encoder's log probabilities of
    tags, which are `doc.tensor`, the label and what the article and the gazetteer know into a probability.
    Without them the score stays None.
    """

    def __init__(self) -> None:
        self.weights: Floats = np.zeros(0, dtype=np.float32)

    def __call__(self, doc: Doc) -> Doc:
        if doc.ents and doc.tensor.shape[1:] == (len(ENTITY_TAGS),) and self.weights.size:
            scores = 1 / (1 + np.exp(-self.features(doc) @ self.weights))
            for entity, score in zip(doc.ents, scores.tolist(), strict=True):
                entity._.score = min(0.99, max(0.01, score))
        return doc

    def features(self, doc: Doc) -> Floats:
        """One row an entity: agreement of the encoder, what else is known, and the label, a column each."""
        reader = np.asarray(doc.tensor, dtype=np.float32)
        mentions = Counter(entity.text for entity in doc.ents)
        rows = np.zeros((len(doc.ents), KNOWLEDGE + len(ENTITY_LABELS)), dtype=np.float32)
        for row, entity in zip(rows, doc.ents, strict=True):
            words = [token.i for token in entity if not token.is_space]
            if entity.label_ not in ENTITY_LABELS or not words:
                continue
            begin, inside = (ENTITY_TAGS.index(f"{prefix}-{entity.label_}") for prefix in "BI")
            agreement = reader[words, [begin] + [inside] * (len(words) - 1)]
            goes_on = np.exp(reader[entity.end, inside]) if entity.end < len(doc) else 0.0
            row[:KNOWLEDGE] = (
                max(-8.0, agreement.mean()),
                max(-8.0, agreement.min()),
                np.log(1.001 - goes_on),
                np.log(mentions[entity.text]),
                len(entity),
                bool(entity._.known),
            )
            row[KNOWLEDGE + ENTITY_LABELS.index(entity.label_)] = 1
        return rows

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        path.mkdir(exist_ok=True)
        np.savez(path / "score.npz", weights=self.weights)

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> "EntityScore":
        with np.load(path / "score.npz", allow_pickle=False) as stored:
            self.weights = stored["weights"]
        return self


@Language.factory("entity_score", assigns=["doc.ents"])
def entity_score(nlp: Language, name: str) -> EntityScore:
    """A scorer; what it knows comes from from_disk."""
    return EntityScore()
