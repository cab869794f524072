"""What cannot be exported as asked, said before anything is read."""

from annotator.domain.errors import FormatError
from annotator.formats.contract import Format, Layout, check_options
from annotator.formats.registry import format_for, format_named, only_read
from annotator.services.export_choices import ExportChoices

SOFT = "soft"  # votes as soft labels, in lines of their own kind


def format_of(choices: ExportChoices, out: str) -> Format:
    """The format that was named, or that of the file's ending. Raises FormatError for what none writes."""
    if choices.format_name is None and (reader := only_read(out)) is not None:
        raise FormatError(f"{reader.title} can only be read: give {out} another ending, or say --format.")
    return format_named(choices.format_name or format_for(out))


def refuse(format_: Format, choices: ExportChoices, out: str) -> None:
    """Raises FormatError for choices that the format cannot meet."""
    if not format_.writes:
        raise FormatError(f"{format_.title} can only be read.")
    if not choices.with_text and not format_.stand_off:
        raise FormatError(f"{format_.title} needs the texts; jsonl can do without.")
    check_options(format_.name, format_.writing_options, choices.options)
    if out == "-" and (choices.split or format_.layout is Layout.FOLDER):
        needs = "A split needs files" if choices.split else f"{format_.title} needs a folder"
        raise FormatError(f"{needs}: give a name instead of - .")


def refuse_source(source: str, choices: ExportChoices) -> None:
    """Raises FormatError for choices that mean nothing for whose marks are exported."""
    if choices.decided and source in ("suggestions", "gold"):
        raise FormatError(
            f"--decided keeps annotators' marks that answer a suggestion, and there are none in {source}: "
            "use it with --of annotator:NAME or --of votes."
        )


def refuse_soft(choices: ExportChoices) -> None:
    """Raises FormatError for what soft labels cannot be: they are all votes of finished articles, by name."""
    asked = {
        f"--format {choices.format_name}": choices.format_name not in (None, "jsonl"),
        "--status": bool(choices.statuses),
        "--filter": bool(choices.filter),
        "--split": bool(choices.split),
        "--decided": choices.decided,
        "--no-rejected": not choices.rejected,
        "--pseudonyms": choices.pseudonyms,
        "--no-text": not choices.with_text,
        "--option": bool(choices.options),
    }
    refused = [name for name, said in asked.items() if said]
    if refused:
        raise FormatError(
            f"Soft labels are JSON Lines of all that two have finished: {', '.join(refused)} cannot be had "
            "with --of soft; --of votes can."
        )
