"""The verb of label sets: what the labels of a project are, and another set from a file, or to one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.options import Json, ProjectPath, pairs_of
from annotator.cli.output import tell
from annotator.domain.errors import AnnotatorError

if TYPE_CHECKING:
    from annotator.services.labelsets import Fate, LabelSets


def labels(
    project: ProjectPath,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="F.toml", help="Write them to a file.", readable=False)
    ] = None,
    import_: Annotated[
        Path | None,
        typer.Option("--import", metavar="F.toml", help="Take the labels of a file instead.", readable=False),
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="OURS=NEW", help="What a label becomes; OURS= keeps it, retired."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what --import would do; do nothing.")
    ] = False,
    annotator: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose change it is, to undo; default: yours.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the labels with their marks; or write them to a file, or take another set from one.

    Labels of the same name, or of a former name, become one. The others are kept, retired, unless --map says
    what they become.
    """
    if export is not None and import_ is not None:
        raise AnnotatorError("--export and --import cannot go together: export first.")
    if import_ is None and (map_ or dry_run):
        raise AnnotatorError("--map and --dry-run go with --import F.toml.")
    from annotator.services.labelsets import LabelSets
    from annotator.services.projects import open_project
    from annotator.storage.project import Access

    writes = import_ is not None and not dry_run
    with open_project(project, Access.WRITE if writes else Access.READ) as opened:
        service = LabelSets(opened, annotator or _own_name())
        if import_ is not None:
            content, lines = _take(service, import_, pairs_of(map_ or [], "--map"), dry_run=dry_run)
        else:
            content, lines = _listed(service)
        if export is not None:
            service.write(export)
            lines = [f"Wrote {service.held.name}, version {service.held.version}, to {export}"]
    tell(content, lines, as_json=as_json)


def _own_name() -> str:
    from annotator.ui import settings

    return settings.load().labels_as()


def _listed(service: "LabelSets") -> tuple[dict[str, Any], list[str]]:
    held, uses = service.held, service.uses()
    content: dict[str, Any] = held.to_dict()
    lines = [f"{held.name}, version {held.version}"]
    wide = max(len(label.name) for label in held.labels)
    for entry, label in zip(content["labels"], held.labels, strict=True):
        use = uses.get((label.kind, label.name))
        entry["marks"] = use.marks if use else 0
        state = (
            "" if label.offered else f"  split into {', '.join(label.into)}" if label.into else "  retired"
        )
        lines.append(f"  {label.name:{wide}}  {label.key or ' '}  {entry['marks']:>9,}{state}")
    return content, lines


def _take(
    service: "LabelSets", path: Path, chosen: dict[str, str], *, dry_run: bool
) -> tuple[dict[str, Any], list[str]]:
    from annotator.domain.label_changes import Fate, replaced
    from annotator.services.wording import counted

    other = service.read(path)
    known = {label.name for label in service.held.labels}
    for name in chosen:
        if name not in known:
            raise AnnotatorError(f"--map {name}: this project has no label {name}.")
    fates = [
        Fate(fate.label, (chosen[fate.label.name] or None) if fate.label.name in chosen else fate.to)
        for fate in service.fates(other)
    ]
    change = replaced(service.held, other, fates)
    uses = service.uses()
    lines = []
    for fate in fates:
        use = uses.get((fate.label.kind, fate.label.name))
        lines.append(_fate_said(fate, counted(use.marks if use else 0, "mark")))
    if not dry_run:
        service.apply(change)
    said = "Nothing was changed." if dry_run else f"The labels are at version {service.held.version} now."
    content = {
        "name": other.name,
        "version": service.held.version,
        "labels": {fate.label.name: fate.to for fate in fates},
        "changed": not dry_run,
    }
    return content, [*lines, said]


def _fate_said(fate: "Fate", marks: str) -> str:
    if fate.to is None:
        return f"  {fate.label.name}: kept, retired ({marks})"
    same = fate.to == fate.label.name
    return f"  {fate.label.name}: {'stays' if same else f'becomes {fate.to}'} ({marks})"
