"""What is typed to filter the differences: words, `label:ORG`, `by:ana`, `is:unsure`, `leads:differ`."""

from annotator.domain.errors import GestureRefused
from annotator.domain.review import Type
from annotator.services.review_items import State, Wanted

_STATES = {str(state): state for state in State}


def wanted_of(typed: str, types: frozenset[Type], *, blind: bool, leads_differ: bool = False) -> Wanted:
    """The filter of what is typed and of the chips that are on. GestureRefused for what cannot be asked."""
    words, annotator = [], ""
    labels: set[str] = set()
    states: set[State] = set()
    for term in typed.split():
        field, colon, value = term.partition(":")
        if not colon:
            words.append(term)
        elif field == "label":
            labels |= {value.upper()} if value else set()
        elif field == "by":
            if blind:
                raise GestureRefused("Names are hidden; show names and votes to filter by one.")
            annotator = value
        elif field == "is" and value in _STATES:
            states.add(_STATES[value])
        elif field == "leads" and "differ".startswith(value):
            leads_differ = leads_differ or value == "differ"
        elif field == "is" and value:
            raise GestureRefused(f"Nothing is {value!r}; it can be {', '.join(_STATES)}.")
        else:
            words.append(term)
    return Wanted(types, frozenset(labels), annotator, " ".join(words), frozenset(states), leads_differ)
