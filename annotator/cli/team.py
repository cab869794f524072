"""The verbs of work done by several people: handing articles out, and bringing the work together."""

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.options import Json, ProjectPath, pairs_of
from annotator.cli.output import end, notice, progress_bar, tell


def merge(
    project: ProjectPath,
    others: Annotated[
        list[Path], typer.Argument(metavar="OTHER...", help="Files of annotators; only read.", readable=False)
    ],
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="THEIRS=OURS", help="What a label becomes that PROJECT does not have."),
    ] = None,
    apart: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=NEW", help="NAME there is not NAME here: bring in as NEW."),
    ] = None,
    known: Annotated[
        bool, typer.Option("--known", help="Leave out articles that PROJECT does not have.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring annotators' work together. Each file comes in whole or not at all; a backup is made before."""
    from annotator.services.merging import Terms, merge
    from annotator.services.projects import open_project

    terms = Terms(
        new_articles=not known,
        labels=pairs_of(map_ or [], "--map"),
        apart=pairs_of(apart or [], "--apart"),
    )
    with open_project(project) as opened, progress_bar("Merging", hidden=as_json) as progress:
        report = merge(opened, others, terms=terms, progress=progress)
    if as_json or any(not file.error for file in report.files):
        tell(report.to_dict(), report.lines(), as_json=as_json)
    for file in report.files:
        if file.error:
            notice(*file.lines())
    end(failed=report.failed)


def hand_out(
    project: ProjectPath,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where the files are written.", readable=False)
    ],
    to: Annotated[str, typer.Option("--to", metavar="A,B,C", help="Who labels.")],
    overlap: Annotated[
        float, typer.Option(metavar="SHARE", help="The share of the articles that everyone gets, 0 to 1.")
    ] = 0.2,
    seed: Annotated[int, typer.Option(metavar="N", help="Another one draws other articles.")] = 0,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Leave out articles that somebody has finished already.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Share the articles out that nobody was given: a project file for everyone, as many words for each."""
    from annotator.services.handout import hand_out
    from annotator.services.projects import open_project

    with open_project(project) as opened, progress_bar("Handing out", hidden=as_json) as progress:
        report = hand_out(
            opened,
            folder,
            to.split(","),
            overlap=overlap,
            seed=seed,
            unfinished=unfinished,
            told=progress,
        )
    tell(report.to_dict(), report.lines(), as_json=as_json)
