"""Dates, numbers and names of a report in its language."""

from datetime import date

from bot.reporting.report import NONE_NAMED, DislikedSource, ForcedRelease, Split
from knowledge.messages import Language
from knowledge.texts import section, text

_QUESTIONS = 5
"""Questions that are named."""


class Wording:
    """Says things in one language."""

    def __init__(self, lang: Language) -> None:
        self._lang: Language = lang

    def text(self, key: str, **values: object) -> str:
        """A text of the report."""
        return text(self._lang, f"report.{key}", **values)

    def day(self, day: date) -> str:
        """A day, such as '27.11.2026'."""
        return day.strftime("%d.%m.%Y") if self._lang == "de" else day.isoformat()

    def short_day(self, day: date) -> str:
        """A day below a bar."""
        return day.strftime("%d.%m.") if self._lang == "de" else day.strftime("%m-%d")

    def number(self, value: float) -> str:
        """Seconds as far as they matter."""
        said = f"{value:.3f}" if value < 0.1 else f"{value:.2f}"
        return said.replace(".", ",") if self._lang == "de" else said

    def seconds(self, value: float) -> str:
        """A time, such as '0,15 s'."""
        return self.text("seconds", seconds=self.number(value))

    def reason(self, reason: str) -> str:
        """Why an answer did not help."""
        return self.text("outdated_reason" if reason == "outdated" else reason)

    def label(self, split: Split) -> str:
        """The name of a channel, language or programme."""
        if split.name == NONE_NAMED:
            return self.text("no_programme")
        return split.label if split.label != split.name else section(self._lang, "report").get(split.name, split.name)

    def forced(self, forced: ForcedRelease) -> str:
        """That a release went live by force, why, and what it broke."""
        shown = ", ".join(forced.broken[:_QUESTIONS]) + (" …" if len(forced.broken) > _QUESTIONS else "")
        return self.text("forced", reason=forced.reason, broken=shown or self.text("no_question"))

    def place(self, source: DislikedSource) -> str:
        """Title, heading, page and date of a source."""
        page = self.text("page", page=source.page) if source.page else ""
        as_of = self.text("as_of", date=source.as_of) if source.as_of else self.text("no_as_of")
        return ", ".join(part for part in (source.title, source.heading or "", page, as_of) if part)
