"""The verbs of the command line: each wires services together and says what came of it."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from annotator import __version__
from annotator.cli import exchange, labels, team
from annotator.cli.options import Changes, Json, ProjectPath, pairs_of, scores_of, showing_of
from annotator.cli.output import end, notice, progress_bar, tell, with_trust
from annotator.domain.errors import AnnotatorError, ProjectLocked

if TYPE_CHECKING:
    from annotator.domain.choices import Showing

_app = typer.Typer(
    name="annotator",
    help="Turn news articles into training data. With a PROJECT alone, or nothing, the window opens.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Trust = Annotated[bool, typer.Option("--trust", help="Allow the pipeline to run its code, now and later.")]
Processes = Annotated[int, typer.Option(metavar="N", min=1, help="Child processes to read with.")]

_INTERRUPTED = 130  # what typer makes of Ctrl+C, without a word
# The tables whose rows `check` counts aloud.
_CHECKED = {"article": "article", "suggestion": "suggestion", "op": "gesture"}


class Page(StrEnum):
    START = "start"
    LABEL = "label"
    DASHBOARD = "dashboard"
    NAMES = "names"
    REVIEW = "review"
    LABELSET = "labelset"
    KEYS = "keys"
    SETTINGS = "settings"
    HISTORY = "history"
    IMPORT = "import"
    EXPORT = "export"


class ThemeName(StrEnum):
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


def application(arguments: Sequence[str]) -> NoReturn:
    """Runs one verb and exits with its code; errors meant for people and KeyboardInterrupt pass through."""
    try:
        _app(args=list(arguments), prog_name="annotator")
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            raise KeyboardInterrupt from None
        raise
    sys.exit(0)


@_app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if version:
        print(f"annotator {__version__}")
        raise typer.Exit


@_app.command(epilog="Example:  annotator demo --at ~/try")
def demo(
    at: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the sample; default: your data folder.")
    ] = None,
    no_window: Annotated[
        bool, typer.Option("--no-window", help="Only make the sample and print its path.")
    ] = False,
) -> None:
    """Make the sample project, or reopen it, and open its window."""
    from annotator.services import projects

    if not no_window:
        from annotator.ui.app import require_display

        require_display()
    path = projects.demo(at)
    with suppress(ProjectLocked):  # another window shows it already; this one will say so
        _suggest(path, quiet=True)
    if no_window:
        print(path)
        return
    from annotator.ui.app import run

    raise typer.Exit(run(path))


@_app.command(epilog="Example:  annotator new talks.annot")
def new(
    project: ProjectPath,
    labels: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="The label set; default: news.", readable=False)
    ] = None,
) -> None:
    """Make an empty project."""
    from annotator.services import projects

    projects.create(project, labels).close()
    print(f"Made {project}. Next: annotator import {project} FILE...")


_app.command("import", epilog='Example:  annotator import talks.annot articles/ "more/*.jsonl"')(
    exchange.import_
)


@_app.command(epilog="Example:  annotator suggest talks.annot --pipeline en_core_web_sm")
def suggest(
    project: ProjectPath,
    pipeline: Annotated[
        str | None,
        typer.Option(metavar="NAME|DIR", help="An installed spaCy pipeline or a folder; en_news at first."),
    ] = None,
    stances: Annotated[
        bool | None,
        typer.Option("--with-stances/--without-stances", help="Add en_news's stances to another pipeline."),
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="THEIRS=OURS", help="What a label becomes; THEIRS= leaves it out."),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL=SCORE", help="Show suggestions of a label from this score, 0 to 1."),
    ] = None,
    show: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND=WHEN",
            help="When annotators see entities or stances: always, after (their own pass), or sample: "
            "never in a blind sample of 10 %.",
        ),
    ] = None,
    blind_seed: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, max=2**32 - 1, help="Draws the blind sample; 1 at first."),
    ] = None,
    trust: Trust = False,
    processes: Processes = 1,
    as_json: Json = False,
) -> None:
    """Let a pipeline suggest marks for the articles it has not read yet.

    Pipeline, stances, labels, thresholds and when they are seen are kept in the project; the window goes on
    with them.
    """
    showing = showing_of(pairs_of(show or [], "--show"), blind_seed)
    changes = Changes(
        pipeline, stances, pairs_of(map_ or [], "--map"), scores_of(pairs_of(threshold or [], "--threshold"))
    )
    _suggest(project, changes=changes, showing=showing, trust=trust, processes=processes, as_json=as_json)


_app.command(epilog="Example:  annotator export talks.annot out.jsonl --of annotator:ana --status done")(
    exchange.export
)
_app.command(epilog="Example:  annotator formats")(exchange.formats)
_app.command(epilog="Example:  annotator hand-out talks.annot out/ --to ana,ben")(team.hand_out)
_app.command(epilog="Example:  annotator merge talks.annot out/*.annot")(team.merge)
_app.command(epilog="Example:  annotator labels talks.annot --export labels.toml")(labels.labels)


@_app.command(epilog="Example:  annotator evaluate talks.annot --gold gold.jsonl --errors wrong.jsonl")
def evaluate(
    project: ProjectPath,
    gold: Annotated[
        Path, typer.Option("--gold", metavar="FILE.jsonl", help="What is right.", readable=False)
    ],
    pipeline: Annotated[
        str | None,
        typer.Option(metavar="NAME|DIR", help="Which pipeline; default: the project's."),
    ] = None,
    stored: Annotated[
        bool, typer.Option("--stored", help="Score the suggestions in the project; read nothing anew.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Score suggestions below their thresholds, too.")
    ] = False,
    errors: Annotated[
        Path | None,
        typer.Option("--errors", metavar="OUT.jsonl", help="Write what is wrong, to open it in the window."),
    ] = None,
    trust: Trust = False,
    processes: Processes = 1,
    as_json: Json = False,
) -> None:
    """Score suggestions against gold labels: precision, recall, F1. Changes nothing in the project."""
    from annotator.services import evaluation_report
    from annotator.services.error_list import write_errors
    from annotator.services.evaluating import Evaluation, evaluate
    from annotator.services.projects import open_project
    from annotator.services.wording import counted
    from annotator.storage.project import Access

    if errors is not None and errors.exists() and gold.exists() and errors.samefile(gold):
        raise AnnotatorError(f"--errors {errors} would overwrite the gold file; give another name.")
    with open_project(project, Access.READ) as opened:

        def read() -> Evaluation:
            with progress_bar("Reading", hidden=as_json) as progress:
                return evaluate(
                    opened,
                    gold,
                    pipeline=pipeline,
                    stored=stored,
                    everything=everything,
                    processes=processes,
                    progress=progress,
                    notice=notice,
                )

        done = with_trust(read, trust=trust)
    tell(evaluation_report.to_dict(done), evaluation_report.lines(done), as_json=as_json)
    if errors is not None:
        count = write_errors(errors, done.run, done.mistakes())
        notice(
            f"Wrote {counted(count, 'error')} to {errors}. "
            f"annotator {project} --errors {errors} shows them in articles that are in the project."
        )
    for fault in done.gold.faults:
        notice(str(fault))
    end(failed=bool(done.gold.faults or (done.unread and not stored)))


@_app.command(epilog="Example:  annotator agreement talks.annot --annotators ana,ben")
def agreement(
    project: ProjectPath,
    annotators: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="Whom to compare; default: all who have finished something."),
    ] = None,
    as_json: Json = False,
) -> None:
    """How far annotators agree on the articles that several have finished. Changes nothing in the project."""
    from annotator.services import agreement_report
    from annotator.services.agreement import Agreement
    from annotator.services.projects import open_project
    from annotator.storage.project import Access

    names = [name.strip() for name in annotators.split(",")] if annotators is not None else None
    with open_project(project, Access.READ) as opened:
        service = Agreement(opened, names)
        dashboard = service.read()
        articles = service.by_article(dashboard)
        # The review is of all annotators.
        review = "" if annotators else agreement_report.review_of(dashboard, service.audited())
    content = agreement_report.to_dict(dashboard, articles) if as_json else {}
    said = [] if as_json else agreement_report.lines(dashboard, articles, review=review)
    tell(content, said, as_json=as_json)


@_app.command(epilog="Example:  annotator check broken.annot --save-readable rescued.annot")
def check(
    project: ProjectPath,
    save_readable: Annotated[
        Path | None,
        typer.Option(
            metavar="NEW",
            help="If the file is damaged, save what can still be read to a new project.",
            readable=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Look the file over: integrity, log against state, offsets. Changes nothing in it."""
    from annotator.services import projects
    from annotator.services.wording import counted

    report = projects.look_over(project)
    counts = [counted(report.counts.get(table, 0), word) for table, word in _CHECKED.items()]
    if report.clean:
        lines = [f"{project} is sound: {', '.join(counts)}."]
    else:
        lines = [f"{project} has problems:", *(f"  {problem}" for problem in report.problems)]
    content = {"clean": report.clean, "problems": report.problems, "counts": report.counts}
    if report.clean or save_readable is None:
        tell(content, lines, as_json=as_json)
        end(failed=not report.clean)
        return
    done = projects.save_readable(project, save_readable)
    saved = done.saved.get("article", 0)
    lines.append(f"Saved what is readable to {save_readable}: {saved:,} article{'s' * (saved != 1)}.")
    tell(content | {"saved": done.saved, "refused": done.refused}, lines, as_json=as_json)


@_app.command(epilog="Example:  annotator shot talks.annot label.png --theme dark --size 1440x900")
def shot(
    project: ProjectPath,
    out: Annotated[Path, typer.Argument(metavar="OUT.png", readable=False)],
    page: Annotated[Page, typer.Option(help="The page to draw.")] = Page.LABEL,
    theme: Annotated[ThemeName, typer.Option(help="The theme to draw it in.")] = ThemeName.LIGHT,
    size: Annotated[str, typer.Option(metavar="WxH", help="Window size in pixels.")] = "1440x900",
    font_size: Annotated[
        float | None, typer.Option(metavar="PT", help="Size of the articles' text in points.")
    ] = None,
    chrome_size: Annotated[
        float | None,
        typer.Option(metavar="PT", help="Size of all other text in points; 20 is twice the usual."),
    ] = None,
    article: Annotated[int, typer.Option(metavar="N", min=1, help="Which article, in file order.")] = 1,
    annotator: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose labels; default: yours.")
    ] = None,
) -> None:
    """Draw the window of a project to a picture; needs no display."""
    from annotator.storage.faults import explained
    from annotator.ui.shot import shot as draw

    width, cross, height = size.lower().partition("x")
    if not (
        cross
        and width.isdecimal()
        and height.isdecimal()
        and 200 <= int(width) <= 8000
        and 200 <= int(height) <= 8000
    ):
        raise typer.BadParameter(
            f"{size!r} is not a size like 1440x900 (each from 200 to 8000)", param_hint="--size"
        )
    with explained(project):
        draw(
            project,
            out,
            page=str(page),
            theme=str(theme),
            size=(int(width), int(height)),
            font_size=font_size,
            chrome_size=chrome_size,
            article=article,
            annotator=annotator,
        )
    print(f"Drew {out}")


def _suggest(
    project: Path,
    *,
    changes: Changes | None = None,
    showing: "Callable[[Showing], Showing] | None" = None,
    trust: bool = False,
    processes: int = 1,
    as_json: bool = False,
    quiet: bool = False,
) -> None:
    from annotator.services.projects import open_project
    from annotator.services.showing import change
    from annotator.services.suggesting import DEFAULT_PIPELINE, SuggestReport, suggest_all, unknown_labels

    changes = changes or Changes()
    with open_project(project) as opened:
        choices = changes.applied(opened)
        if showing is not None:
            change(opened, showing(choices.showing))

        def read() -> SuggestReport:
            name = choices.pipeline or DEFAULT_PIPELINE
            with progress_bar(f"Reading with {name}", hidden=as_json) as progress:
                return suggest_all(
                    opened,
                    choices=choices,
                    forward=changes.other_suggestions,
                    processes=processes,
                    progress=progress,
                    notice=notice,
                )

        report = with_trust(read, trust=trust)
    if not quiet:
        tell(report.to_dict(), report.lines(), as_json=as_json)
    if as_json and report.unknown:
        notice(unknown_labels(report.run.pipeline, report.unknown))
    end(failed=bool(report.failed))
