"""The empty English pipeline with the tokeniser that every stage and the shipped pipeline share."""

import spacy
from spacy.language import Language
from spacy.util import compile_infix_regex

# spaCy leaves "U.S.-led" and "Kyiv.—Moscow" whole; a name must be a run of whole tokens.
EXTRA_INFIXES = (r"(?<=\.)[-–](?=\w)", r"(?<=[\w.)\"'”’])(?:—|--)(?=[\w(\"'“‘])", r"(?<=\w)/(?=\w)")


def blank_pipeline() -> Language:
    """English with no component; splits dashes behind an abbreviation's full stop."""
    nlp = spacy.blank("en")
    infixes = [*nlp.Defaults.infixes, *EXTRA_INFIXES]  # type: ignore[misc]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    return nlp
