"""What the gateway counts and measures, for Prometheus."""

from collections.abc import Sequence

from aiohttp import web
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.gateway.errors import ApiError, ErrorCode
from bot.gateway.requests import is_from_this_machine
from knowledge.feedback import Opinion, Reason
from knowledge.messages import Kind, Reply

ERROR = "error"
RETRIEVAL = "retrieval"
_STAGES = ("gateway", "dialogue", RETRIEVAL)
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
# A turn of several messages counts as the first of these that is among them.
_RANK = (Kind.ANSWER, Kind.ABSTENTION, Kind.CHOICE, Kind.TEXT)


class Metrics:
    """Metrics of one gateway, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._turns = Counter(
            "stadtlotse_turns",
            "Turns by what came of them",
            ["kind"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "stadtlotse_turn_seconds",
            "Seconds that a turn spent in each stage",
            ["stage"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._feedback = Counter(
            "stadtlotse_feedback",
            "Answers by the verdict on them; a changed verdict counts again",
            ["verdict"],
            registry=self._registry,
        )
        self._reasons = Counter(
            "stadtlotse_feedback_reasons",
            "Reasons for which answers did not help",
            ["reason"],
            registry=self._registry,
        )
        self._handovers = Counter(
            "stadtlotse_handovers",
            "Conversations that people had sent to an office, by what came of it",
            ["outcome"],
            registry=self._registry,
        )
        for outcome in ("sent", "not_sent", "uncertain"):
            self._handovers.labels(outcome)
        for verdict in ("up", "down"):
            self._feedback.labels(verdict)
        for reason in Reason:
            self._reasons.labels(reason.value)
        for kind in (*(kind.value for kind in _RANK), ERROR):
            self._turns.labels(kind)
        for stage in _STAGES:
            self._seconds.labels(stage)

    def answered(self, replies: Sequence[Reply], total: float, round_trip: float) -> None:
        """Count an answered turn that took `total` seconds, `round_trip` of them in Rasa and the action server."""
        kinds = {reply.message.kind for reply in replies}
        self._turns.labels(next(kind for kind in _RANK if kind in kinds).value).inc()
        retrieval = sum(reply.seconds.get(RETRIEVAL, 0.0) for reply in replies)
        for stage, seconds in zip(
            _STAGES,
            (total - round_trip, round_trip - retrieval, retrieval),
            strict=True,
        ):
            self._seconds.labels(stage).observe(max(0.0, seconds))

    def failed(self) -> None:
        """Count a turn that nobody answered."""
        self._turns.labels(ERROR).inc()

    def judged(self, opinion: Opinion, before: Opinion | None) -> None:
        """Count what somebody thinks of an answer, as far as it was not thought `before`."""
        if before is None or before.verdict != opinion.verdict:
            self._feedback.labels(opinion.verdict).inc()
        for reason in opinion.reasons - (before.reasons if before else frozenset()):
            self._reasons.labels(reason.value).inc()

    def handed_over(self, outcome: str) -> None:
        """Count a conversation that was to be sent to an office."""
        self._handovers.labels(outcome).inc()

    def exposition(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self._registry)


METRICS = web.AppKey("metrics", Metrics)


async def get_metrics(request: web.Request) -> web.Response:
    """`GET /metrics`, for callers on this machine that come without a proxy."""
    if not is_from_this_machine(request):
        raise ApiError(ErrorCode.FORBIDDEN)
    return web.Response(
        body=request.app[METRICS].exposition(),
        headers={"Content-Type": CONTENT_TYPE_LATEST},
    )
