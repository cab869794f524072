"""A phrase without the determiners and titles before it, which scoring ignores."""

from annotator.domain.text import Span, words

_DETERMINERS = """a an the this that these those its his her their our my your some any"""
_TITLES = """
    mr mrs ms miss dr prof professor sir dame lord lady king queen prince princess pope president premier
    vice-president chancellor minister secretary ambassador senator sen representative rep congressman
    congresswoman governor gov mayor judge justice general gen colonel col major captain lieutenant lt
    sergeant sgt admiral commander spokesman spokeswoman spokesperson ayatollah sheikh imam archbishop bishop
    cardinal rev reverend
"""
_BEFORE = frozenset(f"{_DETERMINERS} {_TITLES}".split())
_TWO_WORDS = {"prime": "minister", "vice": "president", "foreign": "minister", "attorney": "general"}


def core(text: str, span: Span) -> Span:
    """The span of `Merkel` for that of "the Chancellor Merkel"; the last word always stays."""
    found = words(span.of(text))
    said = [word.of(span.of(text)).casefold().rstrip(".") for word in found]
    first = 0
    while first < len(found) - 1:
        if said[first] in _BEFORE:
            first += 1
        elif _TWO_WORDS.get(said[first]) == said[first + 1] and first < len(found) - 2:
            first += 2
        else:
            break
    return Span(span.start + found[first].start, span.end) if first else span
