"""The spaCy component that proposes the names inside a named event: "Iran" and "Iraq" in "Iran-Iraq War"."""

from collections import Counter
from collections.abc import Mapping

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from annotator.suggest.components import JOINTS, EntityGazetteer

KINDS = frozenset({"GPE", "NORP", "LOC"})


class NestedNames:
    """Sets `doc.spans[key]` to the names that an event joins, which cannot stand in `doc.ents` too.

    A name in an event capitalised as a whole belongs to the event ("Vietnam War"); only joined ones are
    names of their own. What kind each is the gazetteer says, or the article where it stands alone.
    """

    key = "nested_names"

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    def __call__(self, doc: Doc) -> Doc:
        events = [entity for entity in doc.ents if entity.label_ == "EVENT"]
        kinds = self._kinds(doc) if events else {}
        found = [name for event in events for name in _names_in(event, kinds)]
        doc.spans[self.key] = SpanGroup(doc, name=self.key, spans=found)
        return doc

    def _kinds(self, doc: Doc) -> dict[str, str]:
        votes = Counter((e.text, e.label_) for e in doc.ents if e.label_ in KINDS)
        kinds = {text: label for (text, label), _ in reversed(votes.most_common())}
        for _, component in self._nlp.pipeline:
            if isinstance(component, EntityGazetteer):
                kinds |= {name: kind for name, kind in component.kinds.items() if kind in KINDS}
        return kinds


def _names_in(event: Span, kinds: Mapping[str, str]) -> list[Span]:
    """Both names of each joint of an event; nothing if one of them is no known name."""
    found: dict[int, Span] = {}
    for token in event[1:-1]:
        sides = (token.i - 1, token.i + 1)
        if token.text in JOINTS and all(event.doc[i].text in kinds for i in sides):
            for i in sides:
                found[i] = Span(event.doc, i, i + 1, label=kinds[event.doc[i].text])
                found[i]._.score = event._.score
    return [found[i] for i in sorted(found)]


@Language.factory(NestedNames.key)
def nested_names(nlp: Language, name: str) -> NestedNames:
    """Belongs behind the components that find and score entities."""
    return NestedNames(nlp)
