"""The question log as a report reads it: what was asked, what came of it, what people thought of it."""

import json
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timezone

from bot.gateway.feedback import opinion_of
from bot.gateway.questions import CITATIONS, Cited
from bot.gateway.retention import has_table
from bot.gateway.state import connect
from bot.reporting.span import Span
from knowledge.feedback import Opinion
from knowledge.settings import Settings

_QUERY = """
SELECT question.*, citations, stages FROM question LEFT JOIN answer ON answer.reference = question.reference
WHERE asked_at >= ? AND asked_at < ? ORDER BY asked_at, question.reference
"""
_WITHOUT_ANSWERS = """
SELECT question.*, NULL AS citations, NULL AS stages FROM question WHERE asked_at >= ? AND asked_at < ?
ORDER BY asked_at, reference
"""


@dataclass(frozen=True)
class Asked:
    """A logged question with its answer's sources, the seconds of each stage, and what was thought of it."""

    reference: str
    text: str
    outcome: str
    confidence: float
    release: str
    channel: str
    lang: str
    at: datetime
    seconds: float
    citations: list[Cited] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    opinion: Opinion | None = None


def asked(settings: Settings, span: Span) -> list[Asked]:
    """The questions of a span in the order they were asked, none where nothing was logged yet."""
    if not settings.state.exists():
        return []
    limits = [moment.astimezone(timezone.utc).isoformat(timespec="minutes") for moment in (span.begin, span.end)]
    with closing(connect(settings.state)) as connection:
        if not has_table(connection, "question"):
            return []
        opinions = (
            {row["question"]: opinion_of(row) for row in connection.execute("SELECT * FROM opinion")}
            if has_table(connection, "opinion")
            else {}
        )
        query = _QUERY if has_table(connection, "answer") else _WITHOUT_ANSWERS
        rows = connection.execute(query, limits).fetchall()
    return [
        Asked(
            reference=row["reference"],
            text=row["text"],
            outcome=row["outcome"],
            confidence=row["confidence"],
            release=row["release"],
            channel=row["channel"],
            lang=row["lang"],
            at=datetime.fromisoformat(row["asked_at"]),
            seconds=row["seconds"],
            citations=CITATIONS.validate_json(row["citations"]) if row["citations"] else [],
            stages=json.loads(row["stages"]) if row["stages"] else {},
            opinion=opinions.get(row["reference"]),
        )
        for row in rows
    ]
