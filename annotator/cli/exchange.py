"""The verbs that bring files in and write them: import, export, formats."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from annotator.cli.options import Json, ProjectPath, pairs_of
from annotator.cli.output import end, notice, progress_bar, tell
from annotator.domain.errors import AnnotatorError

if TYPE_CHECKING:
    from pathlib import Path

    from annotator.services.exchange import LabelChoices

Chosen = TypeVar("Chosen", bound=StrEnum)

Option = Annotated[
    list[str] | None,
    typer.Option("--option", metavar="NAME=VALUE", help="What only this format has; see annotator formats."),
]


class ImportAs(StrEnum):
    SUGGESTIONS = "suggestions"
    LABELS = "labels"
    GOLD = "gold"


class ModelsAs(StrEnum):
    SUGGESTIONS = "suggestions"
    LABELS = "labels"
    LEAVE_OUT = "leave-out"


def import_(
    project: ProjectPath,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, folders, zips, gz or globs.")],
    format_: Annotated[
        str | None,
        typer.Option("--format", metavar="F", help="A name of annotator formats; default: found out."),
    ] = None,
    annotator: Annotated[str | None, typer.Option(metavar="NAME", help="Whose labels they are.")] = None,
    as_: Annotated[ImportAs | None, typer.Option("--as", help="What the marks in the files are.")] = None,
    models: Annotated[
        ModelsAs, typer.Option(help="What marks become that a file says a model made.")
    ] = ModelsAs.SUGGESTIONS,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="OLD=NEW", help="What a label becomes; OLD= leaves it out."),
    ] = None,
    add_labels: Annotated[
        bool, typer.Option("--add-labels", help="Add labels that the label set lacks.")
    ] = False,
    leave_labels: Annotated[
        bool, typer.Option("--leave-labels", help="Leave out marks of labels that the label set lacks.")
    ] = False,
    offsets: Annotated[
        str | None,
        typer.Option(metavar="UNIT", help="How offsets are counted, like utf-16; default: found out."),
    ] = None,
    option: Option = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Take everything or, at the first fault, nothing.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would come in and how, change nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring articles in, with their marks. Bad records are named, good ones still come in."""
    from annotator.formats.offset_units import OffsetUnit
    from annotator.services.exchange import As, Choices, Models, import_files
    from annotator.services.projects import open_project

    choices = Choices(
        format_,
        annotator,
        As(as_) if as_ else None,
        Models(models),
        _label_choices(map_ or [], add=add_labels, leave=leave_labels),
        _chosen(offsets, OffsetUnit, "--offsets") if offsets else None,
        pairs_of(option or [], "--option"),
    )
    with (
        open_project(project) as opened,
        progress_bar("Importing", hidden=as_json, in_bytes=True) as progress,
    ):
        report = import_files(
            opened, files, choices=choices, strict=strict, dry_run=dry_run, progress=progress
        )
    tell(report.to_dict(), report.lines(), as_json=as_json)
    for fault in report.faults:
        print(f"annotator: {fault}", file=sys.stderr)
    end(failed=bool(report.faults))


def export(
    project: ProjectPath,
    out: Annotated[
        str, typer.Argument(metavar="OUT", help="The file or folder to write; - is standard output.")
    ],
    format_: Annotated[
        str | None,
        typer.Option("--format", metavar="F", help="One of annotator formats; default: by OUT, else jsonl."),
    ] = None,
    of: Annotated[
        str | None,
        typer.Option(
            metavar="WHAT",
            help="annotator:NAME, gold, votes (everyone's labels, a record each), soft (soft labels: who "
            "gave which, and shares that add up to 1), suggestions; default: the only annotator's.",
        ),
    ] = None,
    status: Annotated[
        str | None, typer.Option(metavar="done,...", help="Only articles with these statuses.")
    ] = None,
    filter_: Annotated[
        str, typer.Option("--filter", metavar="TERMS", help="Only articles that fit, as over the queue.")
    ] = "",
    split: Annotated[
        str | None,
        typer.Option(
            metavar="train=.8,dev=.1,test=.1", help="Write one file a part; near duplicates stay together."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Another one splits otherwise.")] = 0,
    decided: Annotated[bool, typer.Option("--decided", help="Only marks that answer a suggestion.")] = False,
    no_rejected: Annotated[
        bool, typer.Option("--no-rejected", help="Leave rejected suggestions out.")
    ] = False,
    pseudonyms: Annotated[
        bool, typer.Option("--pseudonyms", help="Call annotators annotator-1 and so on.")
    ] = False,
    no_text: Annotated[
        bool, typer.Option("--no-text", help="Leave the texts out; the marks fit a project that has them.")
    ] = False,
    option: Option = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written and lost, leave nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write labels, gold or suggestions as training data; what a format cannot carry is told."""
    from annotator.services.exchange import ExportChoices, Split, export, statuses_named
    from annotator.services.projects import open_project
    from annotator.storage.project import Access

    if out == "-" and as_json:
        raise AnnotatorError("--json and OUT - both want standard output: give a file name.")
    choices = ExportChoices(
        format_name=format_,
        of=of,
        statuses=statuses_named(status.split(",") if status else ()),
        filter=filter_,
        split=Split.parsed(split, seed),
        decided=decided,
        rejected=not no_rejected,
        pseudonyms=pseudonyms,
        with_text=not no_text,
        options=pairs_of(option or [], "--option"),
    )
    if of == "gold" and not dry_run:
        _settle(project, hidden=as_json or out == "-")
    with (
        open_project(project, Access.READ) as opened,
        progress_bar("Exporting", hidden=as_json or out == "-") as progress,
    ):
        report = export(opened, out, choices=choices, dry_run=dry_run, progress=progress)
    if out != "-":
        tell(report.to_dict(), report.lines(), as_json=as_json)
    else:
        for line in (*report.gold_told(), *report.losses_told()):
            notice(line)  # standard output holds the records themselves


def _settle(project: "Path", *, hidden: bool) -> None:
    """What all mark alike becomes gold before gold is written."""
    from annotator.services.settling import settle_all
    from annotator.ui import settings

    with progress_bar("Settling", hidden=hidden) as progress:
        settle_all(project, settings.load().labels_as(), progress)


def formats(as_json: Json = False) -> None:
    """List the formats, what each carries, and its options."""
    from annotator.services.format_table import format_rows, unloaded

    rows = format_rows()
    tell(
        {"formats": [row.to_dict() for row in rows], "broken": list(unloaded())},
        [line for row in rows for line in row.lines()],
        as_json=as_json,
    )
    for fault in unloaded():
        notice(fault)


def _label_choices(names: list[str], *, add: bool, leave: bool) -> "LabelChoices":
    from annotator.services.exchange import LabelChoices, Others

    if add and leave:
        raise typer.BadParameter("goes without --add-labels: choose one", param_hint="--leave-labels")
    others = Others.ADD if add else Others.LEAVE_OUT if leave else Others.REFUSE
    return LabelChoices(pairs_of(names, "--map"), others)


def _chosen(typed: str, choices: type[Chosen], option: str) -> Chosen:
    if typed not in list(choices):
        raise typer.BadParameter(f"{typed!r} is not one of {', '.join(choices)}", param_hint=option)
    return choices(typed)
