"""Labels that come in with files: a new version of the label set within an import's transaction."""

from dataclasses import replace

from annotator.domain.labels import LabelSet
from annotator.storage.label_migration import make_current
from annotator.storage.project import Project, add_labelset
from annotator.storage.ulid import now_ms

_OP = "INSERT INTO op(id,annotator_id,at,kind,article_id,undoes,summary) VALUES(?,?,?,'labels',NULL,NULL,?)"


def grow_label_set(project: Project, labelset: LabelSet, annotator: str) -> LabelSet:
    """Lets a label set with more labels hold, as a gesture of an annotator, in the open transaction.

    Returns it under its new number. If the transaction ends without being saved, `project.reload_labels` is
    due.
    """
    db, held = project.db, project.labelset
    (newest,) = db.execute("SELECT max(version) FROM labelset").fetchone()
    grown = replace(labelset, version=max(newest, held.version) + 1)
    names = [label.name for label in grown.labels if held.find(label.kind, label.name) is None]
    op_id = project.new_id()
    said = f"add the label{'s' * (len(names) > 1)} {', '.join(names)} of imported files"
    db.execute(_OP, (op_id, project.annotator_id(annotator), now_ms(), said))
    add_labelset(db, grown, held.id)
    make_current(db, grown.id, op_id)
    project.reload_labels()
    return grown
