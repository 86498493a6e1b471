"""The bot's messages in Block Kit, within Slack's limits (https://docs.slack.dev/reference/block-kit/blocks)."""

from dataclasses import dataclass
from typing import Any

from bot.channels.common.dispatch import Shown
from bot.channels.common.splitting import shorten, split_text
from bot.channels.common.turns import starters
from bot.channels.slack.jobs import ASKED, CHOICES, REASONS_INPUT, WORDS_INPUT
from bot.channels.slack.listing import listing_blocks
from bot.wording import origin_name, source_label, source_link, step_label
from knowledge.feedback import WORDS_LENGTH, Reason, Verdict
from knowledge.messages import LANGUAGES, Citation, Kind, Language, Message, Suggestion
from knowledge.texts import text

Block = dict[str, Any]

ASK = "lotse_ask"
UP = "lotse_up"
DOWN = "lotse_down"
REASON = "lotse_reason"

SECTION_LENGTH = 3_000
BUTTON_LENGTH = 75
VALUE_LENGTH = 2_000
FALLBACK_LENGTH = 3_000
BLOCKS = 40  # Slack takes 50
POST_LENGTH = 9_000  # all text of a message together; Slack refuses messages somewhere above 12,000
_BUTTONS = 5
_CHOICES = 25  # as many as Slack takes in one block


@dataclass(frozen=True)
class Post:
    """One message on Slack: its blocks, and its text for notifications and screen readers."""

    text: str
    blocks: list[Block]


def posts(message: Message, base: str, reference: str, shown: Shown) -> list[Post]:
    """A message as one or more posts; the last one has the buttons.

    `base` is the gateway's address, `reference` names the answer in its thumbs, which a verdict replaces.
    """
    lang = message.lang
    blocks = [_context(shown.asked) | {"block_id": ASKED}] if shown.asked else []
    if message.progress:
        blocks.append(_context(step_label(message.progress, lang)))
    blocks += [_plain(piece) for piece in split_text(message.lead or message.text, SECTION_LENGTH)]
    blocks += listing_blocks(message)
    for number, citation in enumerate(message.citations, 1):
        blocks += _citation(citation, number, lang, base, with_quote=message.lead is None)
    if message.suggestions:
        blocks += _offers(message, reference, shown.chosen)
    if message.may_be_judged:
        opinion = shown.opinion
        blocks.append(_context(_thanks(opinion.verdict, lang)) if opinion else _thumbs(reference, lang))
    return [Post(_fallback(message, index), group) for index, group in enumerate(_groups(blocks))]


def home() -> dict[str, Any]:
    """The home tab: who the bot is and questions to begin with, in both languages, German first."""
    blocks: list[Block] = []
    for number, lang in enumerate(LANGUAGES):
        if blocks:
            blocks.append({"type": "divider"})
        blocks.append({"type": "header", "text": _plain_text(text(lang, "channels.home_title"))})
        blocks.append(_plain(text(lang, "channels.home_text")))
        blocks.append(_suggestions(starters(lang), f"{number}_"))
    return {"type": "home", "blocks": blocks}


def reason_modal(reference: str, lang: Language) -> dict[str, Any]:
    """The modal that asks why an answer did not help."""
    return {
        "type": "modal",
        "callback_id": REASON,
        "private_metadata": reference,
        "title": _plain_text(text(lang, "feedback.title")),
        "submit": _plain_text(text(lang, "feedback.send")),
        "close": _plain_text(text(lang, "feedback.cancel")),
        "blocks": [
            {
                "type": "input",
                "block_id": REASONS_INPUT,
                "optional": True,
                "label": _plain_text(text(lang, "feedback.question")),
                "element": {"type": "checkboxes", "action_id": REASONS_INPUT, "options": _reasons(lang)},
            },
            {
                "type": "input",
                "block_id": WORDS_INPUT,
                "optional": True,
                "label": _plain_text(text(lang, "feedback.words")),
                "hint": _plain_text(text(lang, "feedback.hint")),
                "element": {
                    "type": "plain_text_input",
                    "action_id": WORDS_INPUT,
                    "multiline": True,
                    "max_length": WORDS_LENGTH,
                    "placeholder": _plain_text(text(lang, "feedback.example")),
                },
            },
        ],
    }


def _reasons(lang: Language) -> list[Block]:
    return [{"text": _plain_text(text(lang, f"feedback.{reason.value}")), "value": reason.value} for reason in Reason]


def _citation(citation: Citation, number: int, lang: Language, base: str, *, with_quote: bool) -> list[Block]:
    """A source with its quoted words, which stand in a list or table already and are not repeated below one."""
    pieces = split_text(citation.quote, SECTION_LENGTH) if with_quote else []
    quotes = [{"type": "rich_text_quote", "elements": [{"type": "text", "text": piece}]} for piece in pieces]
    label = f"[{number}] {source_label(citation, lang)}"
    line: list[Block] = [{"type": "link", "url": source_link(citation, base), "text": label}]
    for origin in citation.origins:
        original = text(lang, "channels.original", host=origin_name(origin))
        line += [{"type": "text", "text": " · "}, {"type": "link", "url": origin, "text": original}]
    source = {"type": "rich_text_section", "elements": line}
    groups = [*([quote] for quote in quotes[:-1]), [*quotes[-1:], source]]
    return [{"type": "rich_text", "elements": group} for group in groups]


def _offers(message: Message, reference: str, chosen: str | None) -> list[Block]:
    """What can be asked next, or the choices of a step; of one that was answered, its answer."""
    if message.kind is not Kind.CHOICE:
        return [_context(text(message.lang, "channels.suggestions")), _suggestions(message.suggestions)]
    if chosen is not None:
        return [_context(text(message.lang, "channels.chosen", question=chosen))]
    choices = _suggestions(message.suggestions, limit=_CHOICES) | {"block_id": f"{CHOICES}{reference}"}
    return [_context(text(message.lang, "channels.choices")), choices]


def _suggestions(suggestions: list[Suggestion], mark: str = "", limit: int = _BUTTONS) -> Block:
    buttons = [
        {
            "type": "button",
            "action_id": f"{ASK}_{mark}{index}",
            "text": _plain_text(shorten(suggestion.title, BUTTON_LENGTH)),
            "value": suggestion.payload[:VALUE_LENGTH],
        }
        for index, suggestion in enumerate(suggestions[:limit])
    ]
    return {"type": "actions", "elements": buttons}


def _thumbs(reference: str, lang: Language) -> Block:
    buttons = [
        {
            "type": "button",
            "action_id": action,
            "text": {"type": "plain_text", "text": f"{sign} {text(lang, f'feedback.{key}')}", "emoji": True},
            "accessibility_label": text(lang, f"feedback.{key}"),
            "value": reference,
        }
        for action, key, sign in ((UP, "up", "👍"), (DOWN, "down", "👎"))
    ]
    return {"type": "actions", "elements": buttons}


def _thanks(verdict: Verdict, lang: Language) -> str:
    return text(lang, f"feedback.thanks_{verdict}")


def _fallback(message: Message, index: int) -> str:
    """What notifications show: the beginning of the message, in the escapes of Slack's markup."""
    pieces = split_text(message.text, FALLBACK_LENGTH)
    shown = pieces[min(index, len(pieces) - 1)]
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _groups(blocks: list[Block]) -> list[list[Block]]:
    """The blocks in messages that Slack takes."""
    groups: list[list[Block]] = [[]]
    length = 0
    for block in blocks:
        size = _length(block)
        # Slack takes one table a message.
        is_second_table = block["type"] == "table" and any(other["type"] == "table" for other in groups[-1])
        if groups[-1] and (is_second_table or len(groups[-1]) >= BLOCKS or length + size > POST_LENGTH):
            groups.append([])
            length = 0
        groups[-1].append(block)
        length += size
    return groups


def _length(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_length(item) for item in value.values())
    if isinstance(value, list):
        return sum(_length(item) for item in value)
    return len(value) if isinstance(value, str) else 0


def _plain(words: str) -> Block:
    return {"type": "section", "text": _plain_text(words)}


def _context(words: str) -> Block:
    return {"type": "context", "elements": [_plain_text(shorten(words, SECTION_LENGTH))]}


def _plain_text(words: str) -> Block:
    """Words that Slack shows as they are: quotes must not turn bold or into emoji."""
    return {"type": "plain_text", "text": words, "emoji": False}
