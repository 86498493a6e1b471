"""A report as one HTML file that needs nothing else: no scripts, no other files."""

from datetime import date
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from bot.reporting.charts import FILLS, PATTERNS, Bar, columns, rows
from bot.reporting.report import OUTCOMES, Period, Split, UsageReport
from bot.reporting.wording import Wording
from knowledge.messages import Language

_BARS = 15
"""How many bars a picture of programmes or documents has; the table below it has all."""


def html_report(report: UsageReport, lang: Language, today: date) -> str:
    """The page."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files(__package__).joinpath("report.html").read_text(encoding="utf-8"))
    said = Wording(lang)
    return template.render(
        report=report,
        lang=lang,
        t=said.text,
        day=said.day,
        seconds=said.seconds,
        reason=said.reason,
        place=said.place,
        forced=said.forced,
        today=today,
        outcomes=OUTCOMES,
        fills=FILLS,
        patterns=Markup(PATTERNS),  # noqa: S704  # our own
        over_time=_over_time(report, said),
        splits=[
            ("by_channel", _labelled(report.by_channel, said)),
            ("by_language", _labelled(report.by_language, said)),
            ("by_programme", _labelled(report.by_programme, said)),
        ],
        split_chart=lambda name, splits: _split_chart(name, splits, said),
        cited_chart=_cited_chart(report, said),
        latency_chart=_latency_chart(report, said),
        worst=sorted((use for use in report.most_cited if use.disliked), key=lambda use: -use.disliked),
        period_label=said.day,
    )


def _over_time(report: UsageReport, said: Wording) -> Markup:
    most = max(report.periods, key=lambda period: period.total)
    description = said.text(
        "over_time_description",
        asked=report.asked,
        since=said.day(report.since),
        until=said.day(report.until),
        day=said.day(most.day),
        most=most.total,
    )
    return columns([_column(period, said) for period in report.periods], said.text("over_time"), description)


def _column(period: Period, said: Wording) -> Bar:
    return Bar(said.short_day(period.day), [(name, period.outcomes[name]) for name in OUTCOMES])


def _labelled(splits: list[Split], said: Wording) -> list[Split]:
    return [split.model_copy(update={"label": said.label(split)}) for split in splits]


def _split_chart(name: str, splits: list[Split], said: Wording) -> Markup:
    shown = splits[:_BARS]
    parts = (said.text("split_part", label=one.label, asked=one.asked, unanswered=one.unanswered) for one in shown)
    bars = [
        Bar(one.label, [("answer", one.answered), ("abstention", one.unanswered), ("error", one.failed)])
        for one in shown
    ]
    return rows(bars, said.text(name), said.text("split_description", names="; ".join(parts)))


def _cited_chart(report: UsageReport, said: Wording) -> Markup:
    shown = report.most_cited[:_BARS]
    parts = (said.text("cited_part", title=use.title, count=use.cited) for use in shown)
    bars = [Bar(use.title, [("plain", use.cited)]) for use in shown]
    return rows(bars, said.text("most_cited"), said.text("most_cited_description", names="; ".join(parts)))


def _latency_chart(report: UsageReport, said: Wording) -> Markup:
    bars, parts = [], []
    for one in report.latency:
        median, p95 = said.number(one.median), said.number(one.p95)
        parts.append(said.text("latency_part", stage=said.text(one.stage), median=median, p95=p95))
        for name, value in (("median", one.median), ("p95", one.p95)):
            label = f"{said.text(one.stage)}, {said.text(name)}"
            bars.append(Bar(label, [("answer" if name == "median" else "choice", value)], said.seconds(value)))
    return rows(bars, said.text("latency"), said.text("latency_description", names="; ".join(parts)))
