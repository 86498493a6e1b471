"""The bot's messages as text and Adaptive Cards, within Teams' limits."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from microsoft_agents.activity import Activity, Attachment
from microsoft_agents.activity.entity import AIEntity, ClientCitation, ClientCitationAppearance
from pydantic import Field

from bot.channels.common.dispatch import Shown
from bot.channels.common.splitting import shorten, split_text
from bot.channels.teams.jobs import ASK, REASON, VOTE
from bot.channels.teams.listing import listing_elements
from bot.wording import origin_name, source_label, source_link, step_label
from knowledge.feedback import WORDS_LENGTH, Reason
from knowledge.messages import Citation, Kind, Language, Message
from knowledge.texts import text

Card = dict[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"
# Teams takes about 28 KB for a message with its cards; the text and one card stay well below it together.
MESSAGE_BYTES = 28_000
TEXT_LENGTH = 4_000
CARD_BYTES = 14_000
QUOTE_LENGTH = 4_000
BUTTON_LENGTH = 42  # longer ones are cut off where a narrow card ends
_CITATIONS = 10
_ABSTRACT_LENGTH = 160
_NAME_LENGTH = 80
_SUGGESTIONS = 6
_ORIGINS = 2
_VERSION = "1.5"
_SUMMARY_LENGTH = 200
# Around the number of a source until the text is escaped: characters for private use, which no text has.
_OPEN, _CLOSE = "\ue000", "\ue001"
_BRACKETS = {ord(_OPEN): "[", ord(_CLOSE): "]"}
_MARKS = re.compile(f" {_OPEN}[0-9]+{_CLOSE}")
_MARKUP = re.compile(r"[&<>*_~`\[\]#|\\]")
_LIST = re.compile(r"^\s*(?:[0-9]+[.)]|[-+=])")


class _Cited(AIEntity):
    """Microsoft's entity for citations without its label "AI generated", which would not be true: the bot quotes."""

    additional_type: list[str] = Field(default_factory=list, exclude=True)


@dataclass(frozen=True)
class Post:
    """One message in Teams: its text, its card where it has one, and where the words in it come from."""

    text: str
    card: Card | None
    citations: tuple[ClientCitation, ...] = ()
    lang: Language = "de"

    def activity(self) -> Activity:
        """The message as Teams takes it."""
        activity = Activity(type="message", text=_as_markdown(self.text), text_format="markdown", locale=self.lang)
        if self.text:
            activity.summary = shorten(_MARKS.sub("", self.text), _SUMMARY_LENGTH)
        if self.card is not None:
            activity.attachments = [Attachment(content_type=CARD, content=self.card)]
        if self.citations:
            activity.entities = [_Cited(citation=list(self.citations))]
        return activity


def posts(message: Message, base: str, reference: str, shown: Shown) -> list[Post]:
    """A message as one or more posts; the last one has the buttons.

    `base` is the gateway's address, `reference` names the answer in its buttons.
    """
    words, citations = _cited(message, base) if message.lead is None else (message.lead, ())
    if message.progress:
        words = f"{step_label(message.progress, message.lang)}\n\n{words}"
    if shown.asked:
        words = f"{shown.asked}\n\n{words}"
    pieces = split_text(words, TEXT_LENGTH)
    cards = _cards(message, base, reference, shown)
    plain = [Post(piece, None, lang=message.lang) for piece in pieces[:-1]]
    last = Post(pieces[-1] if pieces else "", cards[0] if cards else None, citations, message.lang)
    further = [Post("", card, lang=message.lang) for card in cards[1:]]
    return [*plain, last, *further]


def _cited(message: Message, base: str) -> tuple[str, tuple[ClientCitation, ...]]:
    """The text with the numbers of its sources behind the quoted words, and the sources as Teams shows them."""
    words = message.text
    claims: list[ClientCitation] = []
    for number, citation in enumerate(message.citations[:_CITATIONS], 1):
        mark = f" {_OPEN}{number}{_CLOSE}"
        at = words.find(citation.quote)
        if at >= 0:
            end = at + len(citation.quote)
            words = words[:end] + mark + words[end:]
        else:
            words += mark
        appearance = ClientCitationAppearance(
            name=shorten(citation.title, _NAME_LENGTH),
            url=source_link(citation, base),
            abstract=shorten(citation.quote, _ABSTRACT_LENGTH),
        )
        claims.append(ClientCitation(position=number, appearance=appearance))
    return words, tuple(claims)


def _as_markdown(words: str) -> str:
    """Words that Teams shows as they are, with their line breaks and the numbers of sources.

    Teams shows numbers of sources in Markdown alone, where "Bürger*innen" would turn half a sentence italic. What is
    written as a character reference is no markup.
    """
    lines = [_LIST.sub(_reference, _MARKUP.sub(_reference, line)) for line in words.splitlines()]
    return "\n\n".join(line for line in lines if line.strip()).translate(_BRACKETS)


def _reference(match: re.Match[str]) -> str:
    return match[0][:-1] + f"&#{ord(match[0][-1])};"


def _cards(message: Message, base: str, reference: str, shown: Shown) -> list[Card]:
    lang = message.lang
    elements = listing_elements(message)
    if message.lead is not None and message.citations:
        elements.append(_small(text(lang, "channels.sources")))
    for number, citation in enumerate(message.citations, 1):
        if message.lead is None:
            elements += _quotation(citation, number, lang, base)
        else:  # its words stand in the list or table above, which may have dozens of sources
            elements.append(_source_line(citation, number, lang, base))
    if message.suggestions:
        elements += _suggestions(message, reference, shown.chosen)
    if message.may_be_judged:
        elements += _verdict(reference, lang, shown)
    return [_card(group, message) for group in _groups(elements)]


def _card(body: list[Card], message: Message) -> Card:
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": _VERSION,
        "lang": message.lang,
        "fallbackText": shorten(message.text, TEXT_LENGTH),
        "body": body,
    }


def _quotation(citation: Citation, number: int, lang: Language, base: str) -> list[Card]:
    """A source with its quoted words."""
    label = _run(f"[{number}] {source_label(citation, lang)}", size="Small", isSubtle=True)
    links = [_open(title, url) for title, url in _links(citation, text(lang, "channels.open_source"), lang, base)]
    items: list[list[Card]] = [[_run(piece)] for piece in split_text(citation.quote, QUOTE_LENGTH)] or [[]]
    items[-1] += [label, {"type": "ActionSet", "actions": links}]
    return [{"type": "Container", "style": "emphasis", "items": group} for group in items]


def _source_line(citation: Citation, number: int, lang: Language, base: str) -> Card:
    """A source in one line, whose words are links."""
    title = f"[{number}] {source_label(citation, lang)}"
    inlines: list[Card] = []
    for words, url in _links(citation, title, lang, base):
        if inlines:
            inlines.append({"type": "TextRun", "text": " · ", "size": "Small"})
        inlines.append({"type": "TextRun", "text": words, "size": "Small", "selectAction": _open(words, url)})
    return {"type": "RichTextBlock", "spacing": "Small", "inlines": inlines}


def _links(citation: Citation, title: str, lang: Language, base: str) -> Iterator[tuple[str, str]]:
    """Where a source can be read: on its page under this title, and where it comes from."""
    yield title, source_link(citation, base)
    for origin in citation.origins[:_ORIGINS]:
        yield text(lang, "channels.original", host=origin_name(origin)), origin


def _open(title: str, url: str) -> Card:
    return {"type": "Action.OpenUrl", "title": shorten(title, BUTTON_LENGTH), "url": url}


def _suggestions(message: Message, reference: str, chosen: str | None) -> list[Card]:
    """Buttons for what can be asked next, or for all choices of a step, six a row as Teams shows them.

    Of a step that was answered its choice is left, of other suggestions those that were not chosen.
    """
    is_choice = message.kind is Kind.CHOICE
    offered = message.suggestions[: None if is_choice else _SUGGESTIONS]
    left = [suggestion for suggestion in offered if suggestion.payload != chosen]
    if chosen is not None and (is_choice or not left):
        return [_small(text(message.lang, "channels.chosen", question=chosen))]
    actions = [
        _execute(suggestion.title, {"do": ASK, "answer": reference, "question": suggestion.payload})
        for suggestion in left
    ]
    rows = [actions[at : at + _SUGGESTIONS] for at in range(0, len(actions), _SUGGESTIONS)]
    label = text(message.lang, "channels.choices" if is_choice else "channels.suggestions")
    return [_small(label), *({"type": "ActionSet", "actions": row} for row in rows)]


def _verdict(reference: str, lang: Language, shown: Shown) -> list[Card]:
    opinion = shown.opinion
    if opinion is None:
        actions = [
            _execute(
                f"{sign} {text(lang, f'feedback.{verdict}')}", {"do": VOTE, "verdict": verdict, "answer": reference}
            )
            for verdict, sign in (("up", "👍"), ("down", "👎"))
        ]
        return [_small(text(lang, "feedback.helpful")), {"type": "ActionSet", "actions": actions}]
    thanks = _small(text(lang, f"feedback.thanks_{opinion.verdict}"))
    if opinion.verdict == "up" or opinion.reasons or opinion.words:
        return [thanks]
    return [thanks, *_reason_form(reference, lang)]


def _reason_form(reference: str, lang: Language) -> list[Card]:
    choices = [{"title": text(lang, f"feedback.{reason.value}"), "value": reason.value} for reason in Reason]
    return [
        {
            "type": "Input.ChoiceSet",
            "id": "reasons",
            "isMultiSelect": True,
            "style": "expanded",
            "wrap": True,
            "label": text(lang, "feedback.question"),
            "choices": choices,
        },
        {
            "type": "Input.Text",
            "id": "words",
            "isMultiline": True,
            "maxLength": WORDS_LENGTH,
            "label": text(lang, "feedback.words"),
            "placeholder": text(lang, "feedback.hint"),
        },
        {"type": "ActionSet", "actions": [_execute(text(lang, "feedback.send"), {"do": REASON, "answer": reference})]},
    ]


def _execute(title: str, data: dict[str, str]) -> Card:
    """A button that older clients press as `Action.Submit`; both bring the same data."""
    shared: Card = {"title": shorten(title, BUTTON_LENGTH), "data": data}
    if len(title) > BUTTON_LENGTH:
        shared["tooltip"] = title
    return {
        "type": "Action.Execute",
        "verb": data["do"],
        **shared,
        "fallback": {"type": "Action.Submit", **shared},
    }


def _groups(elements: list[Card]) -> list[list[Card]]:
    """The elements in cards that Teams takes."""
    groups: list[list[Card]] = []
    size = CARD_BYTES
    for element in elements:
        bytes_ = len(json.dumps(element, ensure_ascii=False).encode())
        if size + bytes_ > CARD_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(element)
        size += bytes_
    return groups


def _run(words: str, **look: Any) -> Card:
    """Words that a card shows as they are: a TextBlock would take asterisks and brackets for markup."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": words, **look}]}


def _small(words: str) -> Card:
    return {"type": "TextBlock", "text": words, "wrap": True, "size": "Small", "isSubtle": True, "spacing": "Medium"}
