"""Damage of any sort, anywhere: always an error for people, never our own, and what is salvaged is sound."""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from annotator.domain.errors import ProjectError
from annotator.storage import queries
from annotator.storage.check import check
from annotator.storage.journal import Journal
from annotator.storage.project import Project
from annotator.storage.queue_search import queue_ids
from annotator.storage.salvage import salvage
from tests.storage.samples import ALICE, BOB, add, make

PAGE = 4096


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a project of some forty pages with work in it."""
    project, ids = make(tmp_path_factory.mktemp("whole") / "p.annot", 40)
    journal = Journal(project, project.annotator_id("Ann"))
    for article_id in ids:
        add(journal, article_id, ALICE)
    project.close()
    return project.path.read_bytes()


def damaged(whole: bytes, pick: random.Random) -> bytes:
    content = bytearray(whole)
    at = pick.randrange(len(content))
    match pick.choice(("flipped", "zeroed", "cut", "overwritten")):
        case "flipped":
            for _ in range(pick.randint(1, 40)):
                content[pick.randrange(len(content))] ^= 1 << pick.randrange(8)
        case "zeroed":
            content[at // PAGE * PAGE : at // PAGE * PAGE + PAGE] = bytes(PAGE)
        case "cut":
            del content[at:]
        case _:
            content[at : at + 2000] = pick.randbytes(min(2000, len(content) - at))
    return bytes(content)


@pytest.mark.parametrize("seed", range(60))
def test_damage_is_told_and_what_is_salvaged_is_sound(whole: bytes, path: Path, seed: int) -> None:
    path.write_bytes(damaged(whole, random.Random(seed)))
    for look in (check, label):
        with suppress(ProjectError):
            look(path)
    target = path.with_name("salvaged.annot")
    try:
        salvage(path, target)
    except ProjectError:
        assert not target.exists()
    else:
        assert check(target).problems == ()


def label(path: Path) -> None:
    """Read every article, and make a gesture."""
    with Project.open(path) as project:
        with project.writing() as db:
            ann = project.annotator_id("Ann")
            ids = queue_ids(db, ann)
            for article_id in ids:
                queries.shown(db, article_id, ann)
                queries.article(db, article_id)
        if ids:
            add(Journal(project, ann), ids[0], BOB)
