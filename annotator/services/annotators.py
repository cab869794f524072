"""Who labels: the name offered first, and an annotator's id in a project."""

import getpass
import os

from annotator.storage.project import Project

# The id that reads as someone who has done nothing yet; no annotator has it.
NOBODY = ""


def default_annotator() -> str:
    """The system user's name; "annotator" where the system does not say."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such variable, no such user, no user database
        name = os.environ.get("USERNAME", "")
    return name.strip() or "annotator"


def annotator_id(project: Project, name: str) -> str:
    """The annotator's id, made on first use; NOBODY for a new name in a project that can only be read."""
    name = name.strip()
    if project.read_only is not None and name not in project.annotators():
        return NOBODY
    return project.annotator_id(name)
