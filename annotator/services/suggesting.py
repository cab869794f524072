"""Suggestions for a project: what a pipeline should read, and keeping what it proposes."""

import contextlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace

from annotator.domain.choices import Choices, Thresholds
from annotator.domain.frozen import frozen
from annotator.domain.labels import Kind, LabelSet
from annotator.domain.marks import Entity, Mark, Stance
from annotator.domain.suggestions import Run, Suggestion
from annotator.domain.text import sha256_of
from annotator.services.wording import counted
from annotator.storage.certainty import keep_certainty
from annotator.storage.choices import choices_of, offered_by, thresholds_of, write_choices, write_offered
from annotator.storage.faults import explained
from annotator.storage.project import Project
from annotator.storage.suggestions import Reading, bring_forward, store_readings, to_read, unread, was_read
from annotator.suggest.client import Answer, GivenUp, PipelineProcess, Proposal, Ready, Request
from annotator.suggest.labels import known_as

DEFAULT_PIPELINE = "en_news"

# Answers are kept in transactions of so many articles, or after so many seconds: a power cut costs no more
# than that, and a commit to disk for each article takes longer than a quick pipeline does to read it.
_ARTICLES = 64
_SECONDS = 1.0

Progress = Callable[[int, int | None], None]


@frozen
class LeftOut:
    """An article that the pipeline could not read, by id and title; `why` is for people."""

    article_id: int
    title: str
    why: str


@frozen
class SuggestReport:
    """What one pipeline did with a project.

    `articles` and `words` were read now, `skipped` articles before; `unknown` counts what was proposed under
    labels that the label set does not have, which is not kept.
    """

    run: Run
    articles: int = 0
    words: int = 0
    suggestions: int = 0
    skipped: int = 0
    failed: tuple[LeftOut, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def words_per_second(self) -> float:
        return self.words / self.seconds if self.seconds else 0.0

    def to_dict(self) -> dict[str, object]:
        return {
            "pipeline": self.run.pipeline,
            "version": self.run.version,
            "articles": self.articles,
            "suggestions": self.suggestions,
            "skipped": self.skipped,
            "failed": [
                {"article": str(each.article_id), "title": each.title, "why": each.why}
                for each in self.failed
            ],
            "unknown_labels": dict(self.unknown),
            "words": self.words,
            "words_per_second": round(self.words_per_second),
        }

    def lines(self) -> list[str]:
        """The report for people."""
        run = f"{self.run.pipeline} {self.run.version}"
        made = counted(self.suggestions, "suggestion")
        lines = [f"{run} read {counted(self.articles, 'article')} and made {made}."]
        if self.skipped:
            lines.append(f"{counted(self.skipped, 'article')} had been read before.")
        if self.unknown:
            lines.append(unknown_labels(self.run.pipeline, self.unknown))
        lines += [f"Not read: {each.title}: {each.why}" for each in self.failed]
        return lines


def unknown_labels(pipeline: str, counts: Mapping[str, int]) -> str:
    """Tells that proposals were left out because the label set has no such labels, and what to do."""
    labels = ", ".join(f"{label} ({count})" for label, count in sorted(counts.items()))
    example = min(counts)
    return (
        f"{pipeline} also proposes labels that this project's label set does not have, left out: {labels}. "
        f"Say what they are in “Suggestions from…”, or by --map {example}=LABEL."
    )


class Suggesting:
    """The suggestions of one project.

    `choices` are the project's unless others are given, which are kept in it as soon as their pipeline is
    there. With `forward` what the pipeline suggested before is shown again, whoever read after it. `run` is
    the pipeline that reads now, None until it has said which it is. `unknown` counts, since the start, what
    was proposed under labels that the label set does not have.
    """

    def __init__(self, project: Project, choices: Choices | None = None, *, forward: bool = False) -> None:
        self._project = project
        self._forward = forward
        self.choices = choices or choices_of(project.db)
        self._entities = project.labelset.names_ever(Kind.ENTITY)
        self._polarities = project.labelset.names_ever(Kind.POLARITY)
        self.run: Run | None = None
        self.unknown: Counter[str] = Counter()

    def begin(self, ready: Ready) -> None:
        """Takes note of which pipeline reads from now on; keeps the choices and the thresholds it offers."""
        self.run = self._run(ready.pipeline, ready.version)
        offered, kept = self._offered(ready), thresholds_of(self._project.db, self.run.id)
        stored = choices_of(self._project.db)
        # When they are seen is not for whoever reads to say: it may have been changed since this was made.
        choices = replace(self.choices, showing=stored.showing)
        before = (stored, offered_by(self._project.db, self.run.id))
        if self._project.read_only is None and (self._forward or before != (choices, offered)):
            with self._project.writing() as db:
                if self._forward:
                    bring_forward(db, self.run.id)
                write_choices(db, choices)
                write_offered(db, self.run.id, offered)
                if kept != self.thresholds(ready):
                    keep_certainty(db)

    def run_of(self, ready: Ready) -> Run:
        """The run that a pipeline's readings here belong to."""
        return self._run(ready.pipeline, ready.version)

    def thresholds(self, ready: Ready) -> Thresholds:
        """The least scores that are shown: the project's before those the pipeline offers."""
        return self.choices.thresholds.over(self._offered(ready))

    def wanted(self, article_id: int) -> Request | None:
        """What to ask about an article; None if it has been read, or if nothing can be kept."""
        if self._project.read_only is not None:
            return None
        if self.run and was_read(self._project.db, article_id, self.run.id):
            return None
        return self._request(article_id)

    def store(self, answer: Answer) -> int:
        """Keeps an answer and returns how many suggestions are new: none if that run had read the article."""
        return self._store([answer])

    def suggest_all(self, client: PipelineProcess, progress: Progress | None = None) -> SuggestReport:
        """Has every article read that the pipeline has not read yet.

        What is answered is kept, whatever ends the work: the next time only the rest is read. Raises
        PipelineError if the pipeline cannot be loaded.
        """
        ready = client.start().result()
        begun = time.monotonic()
        self.begin(ready)
        assert self.run is not None
        before = self.unknown.copy()
        words = dict(unread(self._project.db, self.run.id))
        (total,) = self._project.db.execute("SELECT count(*) FROM article").fetchone()
        failed: list[LeftOut] = []
        batch = _Batch(self._store)
        requests = (self._request(article_id) for article_id in words)
        with contextlib.closing(client.suggest(requests)) as outcomes:
            try:
                for done, outcome in enumerate(outcomes, 1):
                    if isinstance(outcome, GivenUp):
                        failed.append(self._left_out(outcome))
                    else:
                        batch.add(outcome)
                    if progress:
                        progress(done, len(words))
            finally:
                batch.store()
        return SuggestReport(
            run=self.run,
            articles=len(words) - len(failed),
            words=sum(words.values()) - sum(words[each.article_id] for each in failed),
            suggestions=batch.stored,
            skipped=total - len(words),
            failed=tuple(failed),
            unknown=self.unknown - before,
            seconds=time.monotonic() - begun,
        )

    def _request(self, article_id: int) -> Request:
        text, zones = to_read(self._project.db, article_id)
        return Request(article_id, text, zones)

    def _store(self, answers: Iterable[Answer]) -> int:
        """Keeps answers in one transaction."""
        readings = [self.reading(answer) for answer in answers]
        if not readings:
            return 0
        self.run = readings[-1].run
        with self._project.writing() as db:
            return store_readings(db, readings)

    def reading(self, answer: Answer) -> Reading:
        """The proposals whose labels the label set knows, each once, numbered in their order."""
        run = self._run(answer.pipeline, answer.version)
        known: dict[Proposal, None] = {}
        for proposal in answer.proposals:
            names = self._entities if proposal.kind == "entity" else self._polarities
            label = known_as(proposal.label, names, self.choices.labels)
            if label is None:
                self._count_unknown(proposal.label)
            else:
                known[replace(proposal, label=label)] = None
        suggestions = tuple(
            Suggestion(run.id, n, _mark(f"{run.id}:{n}", proposal), proposal.score)
            for n, proposal in enumerate(known)
        )
        return Reading(answer.article_id, run, suggestions)

    def _count_unknown(self, label: str) -> None:
        """Counts a label to be told of; not one that the project has chosen to leave out."""
        if self.choices.labels.get(label) != "":
            self.unknown[label] += 1

    def _run(self, pipeline: str, version: str) -> Run:
        """The run under the project's names for labels: with other names every article is read anew.

        What was left out is not in the file, and suggestions never change.
        """
        names = [*self._entities, *self._polarities]
        chosen = {
            label: name for label, name in self.choices.labels.items() if name != known_as(label, names)
        }
        if chosen:
            version += f"+labels.{sha256_of(json.dumps(chosen, sort_keys=True)).hex()[:8]}"
        return Run.of(pipeline, version)

    def _offered(self, ready: Ready) -> Thresholds:
        return named_thresholds(self._project.labelset, self.choices.labels, ready.thresholds)

    def _left_out(self, outcome: GivenUp) -> LeftOut:
        row = self._project.db.execute("SELECT title FROM article WHERE id=?", (outcome.article_id,))
        return LeftOut(outcome.article_id, str(row.fetchone()[0]), outcome.why)


class _Batch:
    """Answers on their way into the file, some at a time."""

    def __init__(self, store: Callable[[Iterable[Answer]], int]) -> None:
        self._store = store
        self._answers: list[Answer] = []
        self._since = time.monotonic()
        self.stored = 0

    def add(self, answer: Answer) -> None:
        self._answers.append(answer)
        if len(self._answers) >= _ARTICLES or time.monotonic() - self._since >= _SECONDS:
            self.store()

    def store(self) -> None:
        answers, self._answers = self._answers, []
        self.stored += self._store(answers)
        self._since = time.monotonic()


def suggest_all(
    project: Project,
    *,
    choices: Choices | None = None,
    forward: bool = False,
    processes: int = 1,
    progress: Progress | None = None,
    notice: Callable[[str], None],
) -> SuggestReport:
    """As Suggesting.suggest_all, by the pipeline of the choices, in processes of its own."""
    with explained(project.path):
        suggesting = Suggesting(project, choices, forward=forward)
        with process_for(suggesting.choices, notice=notice, processes=processes) as client:
            return suggesting.suggest_all(client, progress)


def process_for(choices: Choices, *, notice: Callable[[str], None], processes: int = 1) -> PipelineProcess:
    """The process of the pipeline that a project has chosen, not started."""
    return PipelineProcess(
        choices.pipeline or DEFAULT_PIPELINE, notice=notice, stances=choices.stances, processes=processes
    )


def named_thresholds(labelset: LabelSet, chosen: Mapping[str, str], offered: Thresholds) -> Thresholds:
    """A pipeline's thresholds under the project's names; the least where two labels become one."""

    def named(scores: Mapping[str, float], kind: Kind) -> dict[str, float]:
        names = labelset.names_ever(kind)
        found: dict[str, float] = {}
        for label, score in scores.items():
            name = known_as(label, names, chosen)
            if name and (known := labelset.now(kind, name)):
                found[known.name] = min(score, found.get(known.name, 1.0))
        return found

    return Thresholds(named(offered.entities, Kind.ENTITY), named(offered.stances, Kind.POLARITY))


def _mark(mark_id: str, proposal: Proposal) -> Mark:
    if proposal.kind == "entity":
        return Entity(mark_id, proposal.span, proposal.label, proposal.name)
    return Stance(mark_id, proposal.span, proposal.label, proposal.holder, proposal.target)
