"""Finds pipelines and reads what they say of themselves, without running any of their code.

No spaCy here: the window lists pipelines, and the child asks whether one may run before it loads anything.
"""

import json
import re
from collections.abc import Mapping
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from annotator.domain.choices import Thresholds
from annotator.domain.errors import PipelineError
from annotator.domain.frozen import frozen
from annotator.places import resource

# The group of entry points in which every package made by `spacy package` lists itself.
_INSTALLED = "spacy_models"
# What `spacy train` writes when nobody gave a name or a version.
_NO_NAME, _NO_VERSION = ("", "pipeline"), ("", "0.0.0")
# Components that label words, sentences or texts.
_NOT_SPANS = frozenset(
    ("tagger", "morphologizer", "parser", "senter", "textcat", "textcat_multilabel", "trainable_lemmatizer")
)


@frozen
class Place:
    """Where a pipeline is: the folder that holds all of it, the one with config.cfg, the package it is.

    `root` and `data` are the same but in a package, which has its code above its data.
    """

    root: Path
    data: Path
    package: str | None = None
    built_in: bool = False


@frozen
class Description:
    """What a pipeline's meta.json says; `version` is "" where nobody gave one.

    `labels` are those it says it proposes, in its order; `wanted` is the spaCy it was made for.
    """

    name: str
    version: str
    wanted: str
    labels: tuple[str, ...]
    thresholds: Thresholds


def place_of(name: str) -> Place:
    """Where the pipeline of a built-in name, a folder or an installed package is.

    Raises PipelineError that says where it was looked for and what to do.
    """
    built_in = resource("pipelines", name)
    if re.fullmatch(r"\w+", name) and built_in.is_dir():
        return Place(built_in, built_in, built_in=True)
    path = Path(name).expanduser()
    if path.is_dir():
        return _checked(Place(path.resolve(), path.resolve()))
    if path.exists():
        raise PipelineError(f"{path} is a file, not a pipeline. Give the folder that holds its config.cfg.")
    if path.name != name:
        raise PipelineError(f"There is no pipeline folder {path}. Check the path.")
    package = name.replace("-", "_")
    spec = find_spec(package) if package.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise PipelineError(
            f"There is no pipeline {name}: it is not built in, not an installed package and not a folder. "
            f"Install it (python -m spacy download {name}) or give the path of its folder."
        )
    root = Path(next(iter(spec.submodule_search_locations)))
    return _checked(Place(root, _data_of(root), package))


def describe(place: Place) -> Description:
    """The pipeline's own description; PipelineError if it is no use."""
    path = place.data / "meta.json"
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(meta, dict):
            raise ValueError("it holds no JSON object")
        ours = meta.get("annotator") or {}
        return Description(
            _name(meta, place.data),
            "" if (version := str(meta.get("version") or "")) in _NO_VERSION else version,
            str(meta.get("spacy_version") or ""),
            tuple(_labels(meta)),
            Thresholds.from_dict(ours.get("thresholds") or {}),
        )
    except (OSError, ValueError, TypeError, AttributeError) as error:
        why = " ".join(str(error).split())
        raise PipelineError(f"{path} cannot be read: {why}. Copy or install the pipeline again.") from error


def installed() -> list[str]:
    """The names of the spaCy pipelines that are installed as packages."""
    return sorted({point.name for point in entry_points(group=_INSTALLED)})


def _data_of(root: Path) -> Path:
    """The folder with config.cfg in a package: `lang_name-version`, as `spacy package` lays it out."""
    found = sorted(path.parent for path in root.glob(f"{root.name}-*/config.cfg"))
    return found[-1] if found else root


def _checked(place: Place) -> Place:
    missing = [name for name in ("config.cfg", "meta.json") if not (place.data / name).is_file()]
    if missing:
        raise PipelineError(
            f"{place.data} is not a spaCy pipeline: it has no {' and no '.join(missing)}. "
            "Give the folder that holds both (spacy train writes it as model-best)."
        )
    return place


def _name(meta: Mapping[str, Any], folder: Path) -> str:
    """`lang_name` as spaCy names packages; a pipeline that was never named goes by its folder's name."""
    name = str(meta.get("name") or "")
    return folder.name if name in _NO_NAME else f"{meta.get('lang', 'xx')}_{name}"


def _labels(meta: Mapping[str, Any]) -> dict[str, None]:
    """The labels of the components that propose spans, each once."""
    found: dict[str, None] = {}
    for component, labels in (meta.get("labels") or {}).items():
        if component not in _NOT_SPANS and isinstance(labels, list):
            found |= dict.fromkeys(str(label) for label in labels if label)
    return found
