"""What a span of the question log amounts to."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from pydantic import BaseModel, Field

from bot.gateway.questions import ERROR, STAGES, Cited
from bot.reporting.groups import UnansweredGroup
from bot.reporting.log import Asked
from bot.reporting.shelf import Shelf
from bot.reporting.span import Span
from knowledge.document import Document
from knowledge.messages import Kind, Language
from knowledge.releases.release import Forced

OUTCOMES = (Kind.ANSWER.value, Kind.CHOICE.value, Kind.ABSTENTION.value, ERROR)
NONE_NAMED = ""
OUTDATED_MONTHS = 24
_DAILY_UP_TO = 62
"""Days up to which a span is counted by days rather than weeks."""
_DAYS_A_MONTH = 30.44


class Period(BaseModel):
    """A day, or a week by its first day, and how many questions of each outcome were asked."""

    day: date
    outcomes: dict[str, int]

    @property
    def total(self) -> int:
        """All questions of it."""
        return sum(self.outcomes.values())


class Split(BaseModel):
    """How the questions of one channel, language or programme came out."""

    name: str = Field(description="Its key; empty for questions that name no programme")
    label: str
    asked: int
    answered: int
    unanswered: int
    failed: int
    disliked: int


class Latency(BaseModel):
    """Seconds that questions took in one stage, or in all."""

    stage: str
    n: int
    median: float
    p95: float
    longest: float


class DislikedSource(BaseModel):
    """A passage that an answer quoted which did not help."""

    document: str
    title: str
    path: str | None = Field(description="File it was read from; None where the current release has it no more")
    page: int | None
    heading: str | None
    as_of: str | None = Field(description="Its date ('Stand') when it was quoted")
    as_of_now: str | None = Field(description="Its date in the current release")
    quote: str
    still_there: bool = Field(description="Whether the current release still says the same in the same place")


class ForcedRelease(BaseModel):
    """That an answer came from a release that went live by force."""

    reason: str
    broken: list[str] = Field(description="Ids of the evaluation questions that it answers worse")


class Disliked(BaseModel):
    """An answer that somebody did not find helpful."""

    reference: str
    question: str
    day: date
    reasons: list[str]
    words: str
    outcome: str
    release: str
    forced: ForcedRelease | None = Field(None, description="How its release, or one that it was built upon, went live")
    sources: list[DislikedSource]


class DocumentUse(BaseModel):
    """A document and how often answers cited it."""

    id: str
    title: str
    path: str
    kind: str
    as_of: str | None
    cited: int = Field(description="Questions whose answer cited it")
    disliked: int = Field(description="Those of them that did not help")


class UsageReport(BaseModel):
    """All figures of a span; questions and words of people are masked."""

    since: date
    until: date
    release: str | None = Field(description="The current release, whose documents are counted")
    asked: int
    outcomes: dict[str, int]
    liked: int
    disliked: int
    periods: list[Period]
    is_weekly: bool
    by_channel: list[Split]
    by_language: list[Split]
    by_programme: list[Split]
    unanswered: list[UnansweredGroup]
    disliked_answers: list[Disliked]
    most_cited: list[DocumentUse]
    never_cited: list[DocumentUse]
    outdated: list[DocumentUse] = Field(description="Documents whose date is too long ago, the most cited first")
    undated: list[DocumentUse] = Field(description="Documents that give no date, the most cited first")
    outdated_months: int
    latency: list[Latency]
    without_sources: int = Field(description="Answers whose sources were not logged, as before they were")


def usage_report(
    questions: Sequence[Asked],
    span: Span,
    shelf: Shelf,
    unanswered: list[UnansweredGroup],
    lang: Language,
    outdated_months: int = OUTDATED_MONTHS,
) -> UsageReport:
    """Sum up the questions of a span; `unanswered` are its groups of questions without an answer."""
    uses = _uses(questions, shelf)
    is_weekly = len(span.days) > _DAILY_UP_TO
    before = (span.last - timedelta(days=round(outdated_months * _DAYS_A_MONTH))).isoformat()
    by_use = sorted(uses, key=lambda use: (-use.cited, use.title.casefold()))
    dates = {document.id: document.date for document in shelf.documents.values()}
    return UsageReport(
        since=span.first,
        until=span.last,
        release=shelf.release,
        asked=len(questions),
        outcomes=_outcomes(questions),
        liked=sum(_verdict(one) == "up" for one in questions),
        disliked=sum(_verdict(one) == "down" for one in questions),
        periods=_periods(questions, span, is_weekly),
        is_weekly=is_weekly,
        by_channel=_splits(questions, lambda one: [one.channel], lambda key: key),
        by_language=_splits(questions, lambda one: [one.lang], lambda key: key),
        by_programme=_splits(
            questions,
            lambda one: shelf.programmes(one) or [NONE_NAMED],
            lambda key: shelf.programme_name(key, lang) if key else "",
        ),
        unanswered=unanswered,
        disliked_answers=[_disliked(one, shelf) for one in questions if _verdict(one) == "down"],
        most_cited=[use for use in by_use if use.cited],
        never_cited=[use for use in by_use if not use.cited],
        outdated=[use for use in by_use if (known := dates.get(use.id)) and _ends(known) < before],
        undated=[use for use in by_use if use.id in dates and dates[use.id] is None and use.kind == "document"],
        outdated_months=outdated_months,
        latency=_latency(questions),
        without_sources=sum(one.outcome == Kind.ANSWER.value and not one.citations for one in questions),
    )


def _verdict(question: Asked) -> str | None:
    return question.opinion.verdict if question.opinion else None


def _outcomes(questions: Iterable[Asked]) -> dict[str, int]:
    counts = Counter(one.outcome for one in questions)
    return {outcome: counts[outcome] for outcome in OUTCOMES}


def _periods(questions: Sequence[Asked], span: Span, is_weekly: bool) -> list[Period]:
    def begin(day: date) -> date:
        return max(span.first, day - timedelta(days=day.weekday())) if is_weekly else day

    of_period: dict[date, list[Asked]] = {begin(day): [] for day in span.days}
    for one in questions:
        of_period.setdefault(begin(one.at.astimezone().date()), []).append(one)
    return [Period(day=day, outcomes=_outcomes(some)) for day, some in sorted(of_period.items())]


def _splits(questions: Sequence[Asked], keys: Callable[[Asked], list[str]], label: Callable[[str], str]) -> list[Split]:
    of_key: dict[str, list[Asked]] = defaultdict(list)
    for one in questions:
        for key in keys(one):
            of_key[key].append(one)
    splits = [
        Split(
            name=key,
            label=label(key),
            asked=len(some),
            answered=sum(one.outcome in (Kind.ANSWER.value, Kind.CHOICE.value) for one in some),
            unanswered=sum(one.outcome == Kind.ABSTENTION.value for one in some),
            failed=sum(one.outcome == ERROR for one in some),
            disliked=sum(_verdict(one) == "down" for one in some),
        )
        for key, some in of_key.items()
    ]
    return sorted(splits, key=lambda split: (split.name == NONE_NAMED, -split.asked, split.label.casefold()))


def _disliked(question: Asked, shelf: Shelf) -> Disliked:
    opinion = question.opinion
    return Disliked(
        reference=question.reference,
        question=shelf.masked(question.text),
        day=question.at.astimezone().date(),
        reasons=sorted(opinion.reasons) if opinion else [],
        words=shelf.masked(opinion.words) if opinion else "",
        outcome=question.outcome,
        release=question.release,
        forced=_forced(shelf.forced(question.release)),
        sources=[_source(cited, shelf) for cited in question.citations],
    )


def _forced(forced: Forced | None) -> ForcedRelease | None:
    return ForcedRelease(reason=forced.reason, broken=forced.broken) if forced else None


def _source(cited: Cited, shelf: Shelf) -> DislikedSource:
    document, passage = shelf.documents.get(cited.document), shelf.passage(cited)
    return DislikedSource(
        document=cited.document,
        title=cited.title,
        path=document.path if document else None,
        page=cited.page,
        heading=cited.heading,
        as_of=cited.as_of,
        as_of_now=(passage.as_of if passage else None) or (document.as_of if document else None),
        quote=cited.quote,
        still_there=passage is not None and cited.quote in passage.text,
    )


def _uses(questions: Sequence[Asked], shelf: Shelf) -> list[DocumentUse]:
    """How often each file was cited, a fact sheet's two languages together."""
    cited, disliked = Counter[str](), Counter[str]()
    titles: dict[str, str] = {}
    for one in questions:
        files = {_file(source.document, shelf) for source in one.citations}
        titles.update({_file(source.document, shelf): source.title for source in one.citations})
        cited.update(files)
        if _verdict(one) == "down":
            disliked.update(files)
    first: dict[str, Document] = {}
    for document in shelf.documents.values():
        first.setdefault(document.path, document)
    known = [_use(document, cited[path], disliked[path]) for path, document in first.items()]
    gone = [path for path in cited if path not in first]
    return known + [
        DocumentUse(
            id=path, title=titles[path], path="", kind="gone", as_of=None, cited=cited[path], disliked=disliked[path]
        )
        for path in gone
    ]


def _use(document: Document, cited: int, disliked: int) -> DocumentUse:
    return DocumentUse(
        id=document.id,
        title=document.title,
        path=document.path,
        kind=document.kind,
        as_of=document.as_of,
        cited=cited,
        disliked=disliked,
    )


def _file(document_id: str, shelf: Shelf) -> str:
    document = shelf.documents.get(document_id)
    return document.path if document else document_id


def _latency(questions: Sequence[Asked]) -> list[Latency]:
    answered = [one for one in questions if one.outcome != ERROR]
    found = [_of_stage("total", [one.seconds for one in answered])]
    found += [_of_stage(stage, [one.stages[stage] for one in answered if stage in one.stages]) for stage in STAGES]
    return [one for one in found if one.n]


def _of_stage(stage: str, seconds: list[float]) -> Latency:
    ordered = sorted(seconds)
    return Latency(
        stage=stage,
        n=len(ordered),
        median=_percentile(ordered, 50),
        p95=_percentile(ordered, 95),
        longest=ordered[-1] if ordered else 0.0,
    )


def _percentile(ordered: Sequence[float], share: int) -> float:
    """The smallest value that so many percent do not exceed."""
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)] if ordered else 0.0


def _ends(iso: str) -> str:
    """The last day that a date may mean, for comparing: '2023' is not before '2023-06-01'."""
    return iso + "-12-31"[len(iso) - 4 :] if len(iso) == 4 else f"{iso}-31" if len(iso) == 7 else iso
