"""Finds and loads a pipeline: the built-in one, an installed package, or a folder. Child process only."""

import hashlib
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy import about
from spacy.language import Language
from spacy.util import is_compatible_version, is_package

from annotator.domain.errors import PipelineError
from annotator.places import resource
from annotator.suggest import components  # noqa: F401  registers what the built-in pipeline is made of

# What `spacy train` writes when nobody gave a version: it says nothing.
_NO_VERSION = ("", "0.0.0")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pipeline and who it is; `warnings` are for people."""

    nlp: Language
    pipeline: str
    version: str
    warnings: tuple[str, ...] = ()


def load(name: str) -> Loaded:
    """The pipeline of a built-in name, an installed package or a folder.

    Raises PipelineError that says which pipeline, where it was looked for, and what to do.
    """
    folder = _folder(name)
    source = str(folder) if folder else name
    meta = _meta(folder) if folder else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # spaCy's own are about versions, which are told below
        try:
            nlp = spacy.load(folder or name.replace("-", "_"))
        except Exception as error:  # a pipeline is other people's code and data: whatever it raises is told
            raise PipelineError(f"Pipeline {source} cannot be loaded: {_fault(error, meta)}") from error
    meta = meta or dict(nlp.meta)
    return Loaded(nlp, _name(meta, folder), _version(meta, folder), _warnings(source, meta))


def _folder(name: str) -> Path | None:
    """The folder a name stands for, None if it is an installed package."""
    built_in = resource("pipelines", name)
    if re.fullmatch(r"\w+", name) and built_in.is_dir():
        return built_in
    path = Path(name).expanduser()
    if path.is_dir():
        if not (path / "config.cfg").is_file() or not (path / "meta.json").is_file():
            raise PipelineError(
                f"{path} is not a spaCy pipeline: it has no config.cfg with a meta.json beside it. "
                "Give the folder that holds them (spacy train writes it as model-best)."
            )
        return path.resolve()
    if path.exists():
        raise PipelineError(f"{path} is a file, not a pipeline. Give the folder that holds its config.cfg.")
    if path.name != name:
        raise PipelineError(f"There is no pipeline folder {path}. Check the path.")
    if not is_package(name):
        raise PipelineError(
            f"There is no pipeline {name}: it is not built in, not an installed package and not a folder. "
            f"Install it (python -m spacy download {name}) or give the path of its folder."
        )
    return None


def _meta(folder: Path) -> dict[str, object]:
    """The pipeline's own description; PipelineError if it is no use or for another spaCy."""
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PipelineError(
            f"{folder / 'meta.json'} cannot be read: {error}. Copy the pipeline again."
        ) from error
    if not isinstance(meta, dict):
        raise PipelineError(f"{folder / 'meta.json'} does not describe a pipeline. Copy the pipeline again.")
    wanted = str(meta.get("spacy_version", ""))
    major = re.search(r"\d+", wanted)
    if major and major[0] != about.__version__.split(".")[0]:
        raise PipelineError(
            f"Pipeline {folder} was made for spaCy {wanted}, and this is spaCy {about.__version__}. "
            "Get a version of the pipeline for this spaCy, or train it again."
        )
    return meta


def _fault(error: Exception, meta: dict[str, object]) -> str:
    """What went wrong and what to do, from what spaCy raised."""
    text = " ".join(str(error).split())
    if isinstance(error, ModuleNotFoundError):
        return f"it needs the Python package {error.name}, which is not installed. Install {error.name}."
    if factory := re.search(r"Can't find factory for '([^']+)'", text):
        return (
            f"its component {factory[1]} comes from code that is not installed. "
            f"Install the package that provides {factory[1]}."
        )
    wanted = str(meta.get("spacy_version", ""))
    if wanted and not is_compatible_version(about.__version__, wanted):
        return (
            f"it was made for spaCy {wanted}, and this is spaCy {about.__version__} ({text[:200]}). "
            "Get a version of the pipeline for this spaCy, or train it again."
        )
    return f"{type(error).__name__}: {text[:300]}. Copy or install the pipeline again."


def _name(meta: dict[str, object], folder: Path | None) -> str:
    """`lang_name` as spaCy names packages; a pipeline that was never named goes by its folder's name."""
    name = str(meta.get("name") or "")
    if name in ("", "pipeline") and folder:
        return folder.name
    return f"{meta.get('lang', 'xx')}_{name}"


def _version(meta: dict[str, object], folder: Path | None) -> str:
    """The stated version; a folder without one goes by its content: trained again, it is a new run."""
    version = str(meta.get("version") or "")
    if version not in _NO_VERSION or folder is None:
        return version or "0.0.0"
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"0.0.0+{digest.hexdigest()[:12]}"


def _warnings(source: str, meta: dict[str, object]) -> tuple[str, ...]:
    wanted = str(meta.get("spacy_version", ""))
    if not wanted or is_compatible_version(about.__version__, wanted) is not False:
        return ()
    return (
        f"Pipeline {source} was made for spaCy {wanted}, and this is spaCy {about.__version__}: "
        "its suggestions may be worse than they should be.",
    )
