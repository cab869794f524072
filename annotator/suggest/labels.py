"""What pipelines call their labels, and what a label set calls the same thing."""

from collections.abc import Collection, Mapping

# One line a meaning: the names that OntoNotes, WikiNER and spaCy's pipelines in other languages give it.
# What is wider or narrower than ours (MISC, TIME, PRODUCT, nb's GPE_LOC) is in none: it is told, not guessed.
_SAME = (
    ("PERSON", "PER", "PERS", "PRS", "PS", "PERSNAME"),
    ("NORP", "NAT_REL_POL"),
    ("ORG", "ORGANIZATION", "ORGANISATION", "ORGNAME", "OG"),
    ("GPE", "PLACENAME"),
    ("LOC", "LOCATION", "GEOGNAME", "LC"),
    ("FAC", "FACILITY"),
    ("EVENT", "EVT", "EVN"),
    ("DATE", "DT"),
)
_MEANING = {name: names for names in _SAME for name in names}


def known_as(label: str, names: Collection[str], chosen: Mapping[str, str] | None = None) -> str | None:
    """The one of `names` that a pipeline's label stands for, None if none does.

    What a project has `chosen` for a label goes before what is known of its meaning; "" is no name.
    """
    if chosen and label in chosen:
        return chosen[label] if chosen[label] in names else None
    if label in names:
        return label
    upper = label.upper()
    same = {upper, *_MEANING.get(upper, ())}
    return next((name for name in names if name.upper() in same), None)
