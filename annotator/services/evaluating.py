"""Evaluation: what a pipeline proposes, held against gold labels."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

from annotator.agreement.alignment import Compared, compare
from annotator.agreement.differences import Difference, differences
from annotator.agreement.scores import Scores, score
from annotator.domain.articles import Article
from annotator.domain.choices import SuggestionKind, Thresholds
from annotator.domain.errors import PipelineError
from annotator.domain.frozen import frozen
from annotator.domain.marks import Mark, Stance
from annotator.domain.suggestions import Run, Suggestion
from annotator.services.choices import choices_of, kept_pipeline
from annotator.services.gold_file import Gold, GoldArticle, read_gold
from annotator.services.importing import Progress
from annotator.services.suggesting import LeftOut, Suggesting, process_for
from annotator.storage.choices import thresholds_of
from annotator.storage.faults import explained
from annotator.storage.project import Project
from annotator.storage.runs import last_run, stored_suggestions
from annotator.storage.suggestions import was_read
from annotator.suggest.client import GivenUp, Request


@frozen
class Judged:
    """One article: its gold and the pipeline's marks side by side."""

    article: Article
    compared: Compared


@frozen
class Evaluation:
    """What came of it.

    `unread` are articles for which the run has nothing, with the reason; `hidden` counts suggestions below
    their thresholds, `unknown` proposals under labels that the label set does not have.
    """

    gold: Gold
    run: Run
    stored: bool
    judged: tuple[Judged, ...]
    scores: Scores
    unread: tuple[LeftOut, ...] = ()
    hidden: int = 0
    unknown: Mapping[str, int] = field(default_factory=dict)

    def mistakes(self) -> Iterator[tuple[Article, Difference]]:
        """Every error with its article, in the order of the gold file and of the text."""
        for each in self.judged:
            for difference in differences(each.compared):
                yield each.article, difference


def evaluate(
    project: Project,
    gold: Path,
    *,
    pipeline: str | None = None,
    stored: bool = False,
    everything: bool = False,
    processes: int = 1,
    progress: Progress | None = None,
    notice: Callable[[str], None],
) -> Evaluation:
    """Has the texts of a gold file read, and scores what is proposed; nothing is kept in the project.

    The texts need not be in the project: it gives the label set, its choices about pipelines, and the zones
    of the articles it has. With `stored` the suggestions that are in the project count instead, those of the
    run that read last (of `pipeline`, if given). What thresholds hide is left out unless `everything`.

    Raises FormatError for a gold file in which nothing counts, PipelineError if the pipeline cannot be
    loaded or there is no run, and ProjectError for faults of the project.
    """
    with explained(project.path):
        wanted = read_gold(project, gold)
        reading = _Stored(project, pipeline) if stored else _Anew(project, pipeline, processes, notice)
        judged: list[Judged] = []
        unread: list[LeftOut] = []
        for done, outcome in enumerate(reading.read(wanted.articles, everything=everything), 1):
            if isinstance(outcome, LeftOut):
                unread.append(outcome)
            else:
                judged.append(outcome)
            if progress:
                progress(done, len(wanted.articles))
    assert reading.run is not None
    places = {article_id: n for n, article_id in enumerate(wanted.articles)}
    judged.sort(key=lambda each: places[each.article.id])
    labels = [label.name for label in project.labelset.labels]
    scores = score([each.compared for each in judged], labels=labels)
    return Evaluation(
        gold=wanted,
        run=reading.run,
        stored=stored,
        judged=tuple(judged),
        scores=scores,
        unread=tuple(unread),
        hidden=reading.hidden,
        unknown=dict(reading.unknown),
    )


class _Anew:
    """Reads with a pipeline now. `run` is known once the first article is asked for."""

    def __init__(
        self, project: Project, pipeline: str | None, processes: int, notice: Callable[[str], None]
    ) -> None:
        choices = choices_of(project)
        if pipeline is not None:
            choices = replace(choices, pipeline=kept_pipeline(pipeline))
        self._suggesting = Suggesting(project, choices)
        self._processes = processes
        self._notice = notice
        self.run: Run | None = None
        self.hidden = 0

    @property
    def unknown(self) -> Counter[str]:
        return self._suggesting.unknown

    def read(self, articles: Mapping[int, GoldArticle], *, everything: bool) -> Iterator[Judged | LeftOut]:
        suggesting = self._suggesting
        requests = (Request(each.article.id, each.article.text, each.zones) for each in articles.values())
        with process_for(suggesting.choices, notice=self._notice, processes=self._processes) as client:
            ready = client.start().result()
            self.run = suggesting.run_of(ready)
            thresholds = Thresholds() if everything else suggesting.thresholds(ready)
            with contextlib.closing(client.suggest(requests)) as outcomes:
                for outcome in outcomes:
                    gold = articles[outcome.article_id]
                    if isinstance(outcome, GivenUp):
                        yield LeftOut(gold.article.id, gold.article.title, outcome.why)
                    else:
                        suggestions = suggesting.reading(outcome).suggestions
                        shown = _shown(suggestions, thresholds)
                        self.hidden += len(suggestions) - len(shown)
                        yield _judged(gold, shown)


class _Stored:
    """Takes the suggestions that the run which read last has left in the project."""

    def __init__(self, project: Project, pipeline: str | None) -> None:
        self._db = project.db
        self.unknown: Counter[str] = Counter()
        self.hidden = 0
        self.run = last_run(project.db, pipeline)
        if self.run is None:
            whose = f" by {pipeline}" if pipeline else ""
            raise PipelineError(
                f"{project.path} has no suggestions{whose}; annotator suggest makes some, "
                "or leave out --stored to have the articles read now."
            )

    def read(self, articles: Mapping[int, GoldArticle], *, everything: bool) -> Iterator[Judged | LeftOut]:
        assert self.run is not None
        thresholds = Thresholds() if everything else thresholds_of(self._db, self.run.id)
        for gold in articles.values():
            article = gold.article
            if not gold.known:
                yield LeftOut(article.id, article.title, "it is not in the project; import it")
            elif not was_read(self._db, article.id, self.run.id):
                yield LeftOut(article.id, article.title, f"{self.run.pipeline} has not read it; suggest")
            else:
                suggestions = stored_suggestions(self._db, article.id, self.run.id)
                shown = _shown(suggestions, thresholds)
                self.hidden += len(suggestions) - len(shown)
                yield _judged(gold, shown)


def _shown(suggestions: Sequence[Suggestion], thresholds: Thresholds) -> list[Mark]:
    return [
        each.mark
        for each in suggestions
        if each.score is None or each.score >= thresholds.of(_kind(each.mark), each.mark.label)
    ]


def _kind(mark: Mark) -> SuggestionKind:
    return "stance" if isinstance(mark, Stance) else "entity"


def _judged(gold: GoldArticle, found: Iterable[Mark]) -> Judged:
    return Judged(gold.article, compare(gold.article.text, gold.marks, found, gold.zones))
