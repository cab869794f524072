"""An annotator's id in a project."""

from annotator.storage.project import Project
from annotator.storage.queries import NOBODY


def annotator_id(project: Project, name: str) -> str:
    """The annotator's id, made on first use; NOBODY for a new name in a project that can only be read."""
    if project.read_only is not None and name.strip() not in project.annotators():
        return NOBODY
    return project.annotator_id(name)
