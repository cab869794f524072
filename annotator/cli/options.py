"""Options that verbs of the command line share, and those that are given as NAME=VALUE."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.domain.frozen import frozen

if TYPE_CHECKING:
    from annotator.domain.choices import Choices, Showing
    from annotator.storage.project import Project

ProjectPath = Annotated[
    Path, typer.Argument(metavar="PROJECT", help="The project file, NAME.annot.", readable=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]

_SHOWN = {"entities": "entity", "stances": "stance"}


@frozen
class Changes:
    """What the options of `suggest` change in a project's choices; what is not given stays as it is."""

    pipeline: str | None = None
    stances: bool | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)

    @property
    def other_suggestions(self) -> bool:
        """Whether something was asked for that is not just another threshold."""
        return self.pipeline is not None or self.stances is not None or bool(self.labels)

    def applied(self, project: "Project") -> "Choices":
        from annotator.services import choices as service

        choices = service.choices_of(project)
        if self.pipeline is not None:
            choices = replace(choices, pipeline=service.kept_pipeline(self.pipeline))
        if self.stances is not None:
            choices = replace(choices, stances=self.stances)
        choices = service.with_labels(choices, self.labels)
        choices = service.with_thresholds(choices, project.labelset, self.thresholds)
        service.refuse_unknown(project.labelset, choices)
        return choices


def pairs_of(given: Sequence[str], option: str) -> dict[str, str]:
    """The values of an option that is given as NAME=VALUE."""
    pairs: dict[str, str] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise typer.BadParameter(f"{text!r} is not of the form NAME=VALUE", param_hint=option)
        pairs[name.strip()] = value.strip()
    return pairs


def showing_of(pairs: Mapping[str, str], seed: int | None) -> "Callable[[Showing], Showing] | None":
    """What the options change in when suggestions are seen; None if they change nothing."""
    from annotator.domain.choices import When

    values: dict[str, Any] = {"seed": seed} if seed is not None else {}
    for kind, when in pairs.items():
        if kind not in _SHOWN or when not in list(When):
            said = f"{kind}={when} is not one of entities=WHEN and stances=WHEN, WHEN {', '.join(When)}"
            raise typer.BadParameter(said, param_hint="--show")
        values[_SHOWN[kind]] = When(when)
    return partial(replace, **values) if values else None


def scores_of(pairs: Mapping[str, str]) -> dict[str, float]:
    try:
        return {label: float(score) for label, score in pairs.items()}
    except ValueError as error:
        raise typer.BadParameter(f"{error}; give a score like .5", param_hint="--threshold") from error
