"""What is typed on the page of labels and not saved: kept in a file, until it is saved or taken back."""

import json
from collections.abc import Collection
from dataclasses import fields, replace
from pathlib import Path

from annotator.domain.frozen import frozen
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.places import typed_labels
from annotator.storage.durable import drafted, files_explained


@frozen
class Draft:
    """What somebody typed and did not save: the label as it was, and as they want it.

    The name of `label` is "" where a new one was being made.
    """

    label: Label
    typed: Label

    @property
    def key(self) -> tuple[Kind, str]:
        return self.label.kind, self.label.name

    def on(self, now: Label) -> Label:
        """The label of now with what was typed; what nobody typed may have changed since."""
        changed = {
            field.name: getattr(self.typed, field.name)
            for field in fields(Label)
            if getattr(self.typed, field.name) != getattr(self.label, field.name)
        }
        return replace(now, **changed)


def kept(project: Path) -> list[Draft]:
    """What was kept for a project; nothing where the file is missing or holds something else."""
    try:
        content = json.loads(typed_labels(project).read_text(encoding="utf-8"))
        pairs = LabelSet.from_dict({"name": "", "version": 1, "labels": content["labels"]}).labels
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [Draft(*pair) for pair in zip(pairs[::2], pairs[1::2], strict=False)]


def keep(project: Path, drafts: Collection[Draft]) -> None:
    """Keeps these of a project and no others; AnnotatorError where that cannot be written."""
    path = typed_labels(project)
    with files_explained(path):
        if not drafts:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
    labels = tuple(label for draft in drafts for label in (draft.label, draft.typed))
    content = {"project": str(project), "labels": LabelSet("", 1, labels).to_dict()["labels"]}
    with drafted(path) as part:
        part.write_text(json.dumps(content, indent=1), encoding="utf-8")
