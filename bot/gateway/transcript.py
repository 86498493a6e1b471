"""A conversation as plain text, for a file and for mail."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.gateway.conversations import StoredTurn
from bot.wording import source_label, source_link
from knowledge.messages import Language, Message
from knowledge.texts import text

_FORMATS: dict[Language, str] = {"de": "%d.%m.%Y, %H:%M", "en": "%d %B %Y, %H:%M"}


def transcript(turns: Sequence[StoredTurn], base: str, lang: Language) -> str:
    """Everything that was said, with the sources; `base` is the gateway's address, for their links."""
    parts = [text(lang, "handover.transcript_title")]
    parts += ["\n".join(_lines(turn, base, lang)) for turn in turns]
    parts.append(text(lang, "handover.transcript_end"))
    return "\n\n".join(parts) + "\n"


def _lines(turn: StoredTurn, base: str, lang: Language) -> Iterator[str]:
    yield f"[{_local(turn.at).strftime(_FORMATS[lang])}]"
    yield f"{text(lang, 'handover.transcript_question')} {turn.text}"
    for message in turn.messages or []:
        yield f"{text(lang, 'handover.transcript_bot')} {message.text}"
        yield from _sources(message, base, lang)
    if not turn.messages:
        yield text(lang, "handover.transcript_unanswered")


def _sources(message: Message, base: str, lang: Language) -> Iterator[str]:
    for number, citation in enumerate(message.citations, 1):
        yield f"  [{number}] {source_label(citation, lang)}"
        yield f"      {source_link(citation, base)}"


def _local(moment: datetime) -> datetime:
    """The moment as the clock of this machine shows it."""
    return moment.astimezone()
