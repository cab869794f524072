"""The choices of a project about its suggestions, as a person makes them."""

from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path

from annotator.domain.choices import Choices, Thresholds
from annotator.domain.errors import GestureRefused, PipelineError, ProjectError
from annotator.domain.frozen import frozen
from annotator.domain.labels import Kind, LabelSet
from annotator.services.showing import may_change
from annotator.services.suggesting import DEFAULT_PIPELINE, named_thresholds
from annotator.storage import choices as stored
from annotator.storage.certainty import keep_certainty
from annotator.storage.project import Project
from annotator.suggest import finding, trust
from annotator.suggest.labels import known_as

__all__ = [
    "Offer",
    "allow",
    "choices_of",
    "choose",
    "kept_pipeline",
    "named_thresholds",
    "names_of",
    "offer",
    "offers",
    "refuse_unknown",
    "usual_name",
    "with_labels",
    "with_thresholds",
]


@frozen
class Offer:
    """A pipeline that can be chosen: `pipeline` as Choices has it, and what it says of itself.

    `labels` and `thresholds` are under the pipeline's own names. `fault` says for people why it cannot be
    used, "" if nothing is known against it.
    """

    pipeline: str
    title: str
    labels: tuple[str, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    fault: str = ""


def choices_of(project: Project) -> Choices:
    """The project's choices under the names that its labels have now."""
    return _named_now(project.labelset, stored.choices_of(project.db))


def choose(project: Project, choices: Choices, *, by: str) -> None:
    """Keeps an annotator's choices in the project.

    ProjectError names a label that its label set does not have. When suggestions are seen is changed by leads
    only, once the project has any: else GestureRefused.
    """
    refuse_unknown(project.labelset, choices)
    before = stored.choices_of(project.db)
    if choices.showing != before.showing and not may_change(project, by):
        raise GestureRefused("Only a lead of this project changes when suggestions are seen.")
    changed = choices.thresholds != before.thresholds
    with project.writing() as db:
        stored.write_choices(db, choices, by=by)
        if changed:
            keep_certainty(db)


def kept_pipeline(name: str) -> str:
    """A pipeline as a project keeps it: "" for the built-in one, a folder by its whole path.

    Raises PipelineError if there is none.
    """
    place = finding.place_of(name)
    if place.built_in and name == DEFAULT_PIPELINE:
        return ""
    return name if place.built_in or place.package else str(place.root)


def offers(chosen: str = "") -> list[Offer]:
    """The built-in pipeline, the installed ones, and the folder that is chosen if one is."""
    names = ["", *(name for name in finding.installed() if name != DEFAULT_PIPELINE)]
    return [offer(name) for name in (names if chosen in names else [*names, chosen])]


def offer(pipeline: str) -> Offer:
    """What is known of one pipeline before any of its code is run."""
    try:
        place = finding.place_of(pipeline or DEFAULT_PIPELINE)
        said = finding.describe(place)
    except PipelineError as error:
        return Offer(pipeline, Path(pipeline).name, fault=str(error))
    return Offer(pipeline, f"{said.name} {said.version}".strip(), said.labels, said.thresholds)


def allow(digest: str, folder: str) -> None:
    """Keeps in the person's configuration that the pipeline of this content may run its code."""
    trust.trust(digest, folder)


def names_of(labelset: LabelSet) -> list[str]:
    """What a pipeline's label can become in a project: its entity labels, then its polarities."""
    return [label.name for label in (*labelset.entities, *labelset.polarities)]


def usual_name(labelset: LabelSet, label: str) -> str | None:
    """What a pipeline's label becomes if the project chooses nothing; None if that is not known."""
    ever = [*labelset.names_ever(Kind.ENTITY), *labelset.names_ever(Kind.POLARITY)]
    known = known_as(label, ever)
    return _now(labelset, known) if known else None


def with_labels(choices: Choices, labels: Mapping[str, str]) -> Choices:
    """The choices with more names for labels."""
    return replace(choices, labels={**choices.labels, **labels})


def with_thresholds(choices: Choices, labelset: LabelSet, scores: Mapping[str, float]) -> Choices:
    """The choices with more thresholds; ProjectError for a label or score that is none."""
    entities, stances = dict(choices.thresholds.entities), dict(choices.thresholds.stances)
    polarities = {label.name for label in labelset.polarities}
    for label, score in scores.items():
        (stances if label in polarities else entities)[label] = score
    try:
        return replace(choices, thresholds=Thresholds(entities, stances))
    except ValueError as error:
        raise ProjectError(f"A threshold cannot be set: {error}. Give one from 0 to 1.") from error


def refuse_unknown(labelset: LabelSet, choices: Choices) -> None:
    """Raises ProjectError for a label or polarity of the choices that the label set does not have."""
    names = names_of(labelset)
    wanted = [
        *(name for name in choices.labels.values() if name),
        *choices.thresholds.entities,
        *choices.thresholds.stances,
    ]
    for name in wanted:
        if name not in names:
            raise ProjectError(
                f"The label set “{labelset.name}” has no label {name}. It has {', '.join(names)}."
            )


def _named_now(labelset: LabelSet, choices: Choices) -> Choices:
    """Choices made under earlier names; those for labels that are gone are left out."""
    labels = {theirs: _now(labelset, name) or "" if name else "" for theirs, name in choices.labels.items()}
    entities, stances = (
        {
            known.name: score
            for name, score in scores.items()
            if (known := labelset.now(kind, name)) is not None and known.offered
        }
        for kind, scores in (
            (Kind.ENTITY, choices.thresholds.entities),
            (Kind.POLARITY, choices.thresholds.stances),
        )
    )
    return replace(choices, labels=labels, thresholds=Thresholds(entities, stances))


def _now(labelset: LabelSet, name: str) -> str | None:
    """What a label of either kind is called now; None for one that is no longer offered."""
    known = labelset.now(Kind.ENTITY, name) or labelset.now(Kind.POLARITY, name)
    return known.name if known is not None and known.offered else None
