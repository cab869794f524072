"""Small real spaCy pipelines, components that misbehave, and projects, for the tests of suggestions."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import spacy

from annotator.domain.articles import Article
from annotator.domain.codec.records import Record
from annotator.domain.label_file import parse_label_set
from annotator.places import resource
from annotator.storage.bulk import Item, write_articles
from annotator.storage.project import Project
from annotator.suggest.trust import content_digest, trust

NAMES = {
    "Lavrov": "PERSON",
    "Kuleba": "PERSON",
    "Ukraine": "GPE",
    "NATO": "ORG",
    "שלום": "LOC",
    "القاهرة": "GPE",
}

_ODD = """
import os, signal, subprocess, sys, time
from spacy.language import Language

@Language.component("noisy")
def noisy(doc):
    print("noise on standard output")
    os.write(1, b'["read", 1, []]\\n')
    subprocess.run([sys.executable, "-c", "print('noise of a grandchild')"], check=True)
    assert sys.stdin.read() == ""
    return doc

@Language.component("killer")
def killer(doc):
    if "deadly" in doc.text:
        print("last words", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    return doc

@Language.component("raiser")
def raiser(doc):
    if "faulty" in doc.text:
        raise ValueError("no such word")
    return doc

@Language.component("sleeper")
def sleeper(doc):
    if "sleepy" in doc.text:
        time.sleep(600)
    return doc

@Language.factory("needy")
def needy(nlp, name):
    import a_package_nobody_has

@Language.factory("fatal")
def fatal(nlp, name):
    os.kill(os.getpid(), signal.SIGKILL)

@Language.component("scored")
def scored(doc):
    for entity, score in zip(doc.ents, (0.5, 1.5, float("nan"))):
        entity._.score = score
        entity._.name = "Sergei " + entity.text
    return doc
"""
_ODD_NAMES = ("noisy", "killer", "raiser", "sleeper", "needy", "fatal", "scored")


def make_pipeline(
    folder: Path,
    *components: str,
    names: dict[str, str] = NAMES,
    version: str = "1.0",
    name: str = "names",
    trusted: bool = True,
) -> Path:
    """Save a pipeline that finds `names`, followed by components that only their names are needed of.

    The person who runs the tests has allowed it to run, unless not `trusted`.
    """
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": label, "pattern": [{"TEXT": word}]} for word, label in names.items()]
    )
    nlp.add_pipe("sentencizer")
    nlp.meta["name"], nlp.meta["version"] = name, version
    nlp.to_disk(folder)
    add_components(folder, components)
    if trusted:
        trust(content_digest(folder), str(folder))
    return folder


def add_components(folder: Path, components: Sequence[str]) -> None:
    """Write components into a saved pipeline's configuration, whether or not their code is here."""
    path = folder / "config.cfg"
    config = path.read_text(encoding="utf-8").replace(
        '"sentencizer"]', ",".join(['"sentencizer"', *(f'"{each}"' for each in components)]) + "]"
    )
    tables = "".join(f'\n[components.{each}]\nfactory = "{each}"\n' for each in components)
    path.write_text(config + tables, encoding="utf-8")


def alter_meta(folder: Path, **fields: object) -> None:
    """Change what a saved pipeline says of itself."""
    path = folder / "meta.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | fields), encoding="utf-8")


def install_pipeline(site: Path, package: str, code: str = "") -> Path:
    """Make a folder like site-packages with a pipeline of names, as `spacy package` lays it out; returns it.

    `code` runs when the package is imported. Nobody has allowed that.
    """
    lang, _, name = package.partition("_")
    root, info = site / package, site / f"{package}-1.0.dist-info"
    root.mkdir(parents=True)
    make_pipeline(root / f"{lang}_{name}-1.0", name=name, trusted=False)
    shutil.copy(root / f"{lang}_{name}-1.0" / "meta.json", root / "meta.json")
    (root / "__init__.py").write_text(
        f"{code}\nfrom pathlib import Path\nfrom spacy.util import load_model_from_init_py\n"
        "def load(**overrides):\n    return load_model_from_init_py(__file__, **overrides)\n",
        encoding="utf-8",
    )
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text(f"[spacy_models]\n{package} = {package}\n", encoding="utf-8")
    return site


def install_odd_components(site: Path) -> str:
    """Make a folder like site-packages with the misbehaving components; returns the PYTHONPATH to it."""
    info = site / "odd-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "odd.py").write_text(_ODD, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n", encoding="utf-8")
    points = "".join(f"{each} = odd:{each}\n" for each in _ODD_NAMES)
    (info / "entry_points.txt").write_text(f"[spacy_factories]\n{points}", encoding="utf-8")
    return os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])


def project_of(path: Path, texts: Sequence[str]) -> Project:
    """Make a project of the news label set with an article for each text."""
    labels = parse_label_set(resource("labels", "news.toml").read_text(encoding="utf-8"))
    project = Project.create(path, labels)
    add_articles(project, texts)
    return project


def add_articles(project: Project, texts: Sequence[str]) -> list[int]:
    """Add articles with the zones found in them; returns their ids."""
    articles = [Article.of(text) for text in texts]
    with project.writing() as db:
        write_articles(db, [Item(Record(article)) for article in articles])
    return [article.id for article in articles]
