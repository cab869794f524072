"""An evaluation in words and numbers: the table for people, and the object for programs."""

import textwrap
from collections.abc import Mapping

from annotator.agreement.bootstrap import LEVEL
from annotator.agreement.scores import ALL, DEFINITIONS, Figure, Score, Scores, Share
from annotator.services.evaluating import Evaluation
from annotator.services.suggesting import unknown_labels
from annotator.services.wording import counted

_WIDTH = 80  # characters of a terminal's line
_HEAD = ("", "P", "R", "F1", f"F1, {LEVEL:.0%}", "right", "found", "gold")


def to_dict(evaluation: Evaluation) -> dict[str, object]:
    """As `--json` prints it: every figure with its interval, and what it rests on."""
    gold = evaluation.gold
    return {
        "pipeline": evaluation.run.pipeline,
        "version": evaluation.run.version,
        "stored": evaluation.stored,
        "gold": str(gold.path),
        "gold_articles": len(gold.articles),
        "in_project": _known(evaluation),
        "repeated": gold.repeated,
        "unfinished": gold.unfinished,
        "below_threshold": evaluation.hidden,
        "unknown_labels": dict(evaluation.unknown),
        "unread": [
            {"article": str(each.article_id), "title": each.title, "why": each.why}
            for each in evaluation.unread
        ],
        "faults": [fault.to_dict() for fault in gold.faults],
        **evaluation.scores.to_dict(),
    }


def lines(evaluation: Evaluation) -> list[str]:
    """The report for people: what was compared, the tables, what did not count."""
    return [_compared(evaluation), *table(evaluation.scores), *_left_out(evaluation)]


def table(scores: Scores) -> list[str]:
    """The figures in aligned columns, with what they mean."""
    said: list[str] = []
    if scores.strict:
        said += _section("Entities, strict", DEFINITIONS["strict"], scores.strict)
        said += _section("Entities, overlap", DEFINITIONS["overlap"], scores.overlap)
    if scores.found:
        said += _section("Stances, found", DEFINITIONS["found"], {ALL: scores.found})
        said += [_part(name, share) for name, share in scores.parts.items()]
        said += _section("Stances, whole", DEFINITIONS["whole"], scores.whole)
    if not scores.strict and not scores.found:
        said += ["", "Nothing is scored: gold has no mark outside zones in the articles that were read."]
    elif not scores.found or not scores.strict:
        said += ["", f"Gold has no {'stances' if scores.strict else 'entities'}: they are not scored."]
    return [
        *said,
        "",
        f"Intervals: {scores.resamples:,} resamples of {counted(scores.articles, 'article')}, "
        f"seed {scores.seed}; a dash is undefined.",
    ]


def _compared(evaluation: Evaluation) -> str:
    gold, run = evaluation.gold, evaluation.run
    suggestions = "stored suggestions" if evaluation.stored else "suggestions"
    return (
        f"{run.pipeline} {run.version}, {suggestions} for {counted(evaluation.scores.articles, 'article')} "
        f"of {gold.path} ({_known(evaluation):,} of its {len(gold.articles):,} are in the project)."
    )


def _known(evaluation: Evaluation) -> int:
    return sum(each.known for each in evaluation.gold.articles.values())


def _section(title: str, meaning: str, rows: Mapping[str, Score]) -> list[str]:
    said = textwrap.wrap(f"{title}: {meaning}.", _WIDTH, subsequent_indent="  ")
    return ["", *said, _row(_HEAD), *(_score(label, row) for label, row in rows.items())]


def _score(label: str, score: Score) -> str:
    figures = (score.precision, score.recall, score.f1)
    counts = (score.counts.right, score.counts.found, score.counts.wanted)
    return _row((label, *map(_value, figures), _interval(score.f1), *(f"{count:,}" for count in counts)))


def _part(name: str, share: Share) -> str:
    figure = share.figure
    what = f"{name} right"
    return f"  {what:<14} {_value(figure):>5}  {_interval(figure)}  {share.right:,} of {share.of:,} found"


def _row(cells: tuple[str, ...]) -> str:
    label, precision, recall, f1, interval, *counts = cells
    numbers = f"{precision:>5}  {recall:>5}  {f1:>5}  {interval:<12}"
    return f"  {label:<14} {numbers}  {'  '.join(f'{count:>6}' for count in counts)}"


def _value(figure: Figure) -> str:
    return "–" if figure.value is None else _short(figure.value)


def _interval(figure: Figure) -> str:
    low, high = figure.interval.low, figure.interval.high
    return "–" if low is None or high is None else f"[{_short(low)}, {_short(high)}]"


def _short(value: float) -> str:
    """`.812`; `1.00` for one."""
    return "1.00" if value >= 0.9995 else f"{value:.3f}".removeprefix("0")


def _left_out(evaluation: Evaluation) -> list[str]:
    gold = evaluation.gold
    said = []
    if gold.repeated:
        said.append(f"{counted(gold.repeated, 'gold record')} repeated a text; its first one counts.")
    if gold.unfinished:
        said.append(f"{counted(gold.unfinished, 'gold record')} not marked as done did not count.")
    if evaluation.hidden:
        said.append(
            f"{counted(evaluation.hidden, 'suggestion')} below the thresholds did not count; --all has them."
        )
    if evaluation.unknown:
        said.append(unknown_labels(evaluation.run.pipeline, evaluation.unknown))
    said += [f"Not compared: {each.title}: {each.why}." for each in evaluation.unread]
    return said
