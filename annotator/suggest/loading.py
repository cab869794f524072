"""Loads a pipeline: the built-in one, an installed package, or a folder. Child process only."""

import re
import warnings
from dataclasses import field, replace

import spacy
from spacy import about
from spacy.language import Language
from spacy.util import is_compatible_version

from annotator.domain.choices import Thresholds
from annotator.domain.errors import PipelineError
from annotator.domain.frozen import frozen
from annotator.suggest import (  # noqa: F401  they register what the built-in pipeline is made of
    components,
    dates,
    nested,
    stance_names,
)
from annotator.suggest.encoder.component import ArticleEncoder
from annotator.suggest.finding import Description, Place, describe, place_of
from annotator.suggest.trust import content_digest

BUILT_IN, ENCODER = "en_news", "article_encoder"


@frozen
class Loaded:
    """A pipeline and who it is; `warnings` are for people, `thresholds` what it recommends."""

    nlp: Language
    pipeline: str
    version: str
    warnings: tuple[str, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)


def load(name: str, *, stances: bool = False) -> Loaded:
    """The pipeline of a built-in name, an installed package or a folder; `stances` adds the built-in ones.

    Runs the pipeline's code. Raises PipelineError that says which pipeline, where it was looked for, and what
    to do.
    """
    place = place_of(name)
    said = describe(place)
    _refuse_other_spacy(place, said)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # spaCy's own are about versions, which are told below
        try:
            nlp = spacy.load(place.package or place.data)
        except Exception as error:  # a pipeline is other people's code and data: whatever it raises is told
            raise PipelineError(
                f"Pipeline {place.data} cannot be loaded: {_fault(error, said.wanted)}"
            ) from error
    # A folder without a version goes by its content: trained again, it is a new run.
    version = said.version or f"0.0.0+{content_digest(place.root)[:12]}"
    loaded = Loaded(nlp, said.name, version, _warnings(place, said), said.thresholds)
    return with_stances(loaded) if stances and not place.built_in else loaded


def with_stances(loaded: Loaded) -> Loaded:
    """The pipeline with the built-in stances after it, its version naming theirs too.

    Only the built-in encoder is read, not the rest of that pipeline. Raises PipelineError if it is damaged.
    """
    place = place_of(BUILT_IN)
    said = describe(place)
    folder = place.data / ENCODER
    try:
        encoder = loaded.nlp.add_pipe(ENCODER, name="built_in_stances", config={"with_entities": False})
        assert isinstance(encoder, ArticleEncoder)
        encoder.from_disk(folder)
        loaded.nlp.add_pipe("stance_names", name="built_in_stance_names")
    except (OSError, ValueError) as error:
        at, why = folder, str(error)
        if isinstance(error, OSError):
            at, why = error.filename or folder, error.strerror or why
        raise PipelineError(
            f"Stances cannot be added to pipeline {loaded.pipeline}: {at} cannot be read "
            f"({' '.join(why.split())[:200]}). Install Annotator again. Go on without stances until then."
        ) from error
    return replace(
        loaded,
        version=f"{loaded.version}+stances.{said.version}",
        thresholds=loaded.thresholds.over(Thresholds(stances=said.thresholds.stances)),
    )


def _refuse_other_spacy(place: Place, said: Description) -> None:
    major = re.search(r"\d+", said.wanted)
    if major and major[0] != about.__version__.split(".")[0]:
        raise PipelineError(
            f"Pipeline {place.data} was made for spaCy {said.wanted}, and this is spaCy {about.__version__}. "
            "Get a version of the pipeline for this spaCy, or train it again."
        )


def _fault(error: Exception, wanted: str) -> str:
    """What went wrong and what to do, from what spaCy raised."""
    text = " ".join(str(error).split())
    if isinstance(error, ModuleNotFoundError):
        return f"it needs the Python package {error.name}, which is not installed. Install {error.name}."
    if factory := re.search(r"Can't find factory for '([^']+)'", text):
        return (
            f"its component {factory[1]} comes from code that is not installed. "
            f"Install the package that provides {factory[1]}."
        )
    if wanted and not is_compatible_version(about.__version__, wanted):
        return (
            f"it was made for spaCy {wanted}, and this is spaCy {about.__version__} ({text[:200]}). "
            "Get a version of the pipeline for this spaCy, or train it again."
        )
    return f"{type(error).__name__}: {text[:300]}. Copy or install the pipeline again."


def _warnings(place: Place, said: Description) -> tuple[str, ...]:
    if not said.wanted or is_compatible_version(about.__version__, said.wanted) is not False:
        return ()
    return (
        f"Pipeline {place.data} was made for spaCy {said.wanted}, and this is spaCy {about.__version__}: "
        "its suggestions may be worse than they should be.",
    )
