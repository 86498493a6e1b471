"""Handing over to people: whom to talk to, and passing the conversation on where the person agrees."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import Answering
from actions.conversation import AWAITS, CONSENT, WAY, intent_of, language_of, remember, remembered, send, text_of
from knowledge.answering.contacts import MAIL_ADDRESS, Contact, Contacts
from knowledge.answering.context import Context
from knowledge.messages import Citation, Handover, Kind, Language, Message, Suggestion
from knowledge.recognition.attributes import asks_for_contact
from knowledge.texts import text


class NameContact(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Says whom to talk to about what the conversation is about, and offers to pass it on."""

    def __init__(self, answering: Answering, contacts: Contacts) -> None:
        self._answering = answering
        self._contacts = contacts

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_name_contact"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Name the configured office, else what the programme itself names."""
        lang, context = await language_of(tracker), remembered(tracker)
        contact = contact_for(self._contacts, context, text_of(tracker))
        subject = await self._answering.programme_name(context.programme, lang) if context.programme else None
        ways = _ways(tracker, contact)
        citations: list[Citation] = []
        if contact is not None:
            lines = _about(contact, subject, lang)
        else:
            lines = [text(lang, "handover.none")]
            citations = await self._answering.contacts_named_by(context.programme, lang) if context.programme else []
        if citations and subject:
            lines += [text(lang, "handover.none_programme", subject=subject), *(one.quote for one in citations)]
        if ways:
            lines.append(text(lang, "handover.ways"))
        message = _message(lines, lang, [_button(way, lang) for way in ways], citations)
        send(dispatcher, message, is_private=True)
        events = remember(context.model_copy(update={"language": lang}), message)
        return [*events, SlotSet(AWAITS, WAY if "mail" in ways else None)]


class AskConsent(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Asks whether the conversation may be sent, and says to whom and what."""

    def __init__(self, contacts: Contacts) -> None:
        self._contacts = contacts

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_ask_consent"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Ask for a yes; an address in what the person said is where the office is to reply."""
        lang, context = await language_of(tracker), remembered(tracker)
        if context.programme and tracker.get_slot(AWAITS) != WAY and asks_for_contact(text_of(tracker)):
            return [FollowupAction("action_answer")]  # 'E-Mail?' of the programme that is talked about
        contact = contact_for(self._contacts, context, text_of(tracker))
        if contact is None or "mail" not in _ways(tracker, contact):
            return _cannot_send(dispatcher, tracker, contact, lang)
        address = MAIL_ADDRESS.search(text_of(tracker))
        reply_to = address[0] if address else context.reply_to
        lines = [
            text(lang, "handover.consent", office=contact.office_in(lang), email=contact.email),
            text(lang, "handover.consent_reply_to" if reply_to else "handover.consent_no_reply", address=reply_to),
        ]
        buttons = [Suggestion(title=words, payload=words) for words in _yes_and_no(lang)]
        message = _message(lines, lang, buttons, kind=Kind.CHOICE)
        send(dispatcher, message, is_private=True)
        kept = context.model_copy(update={"language": lang, "contact": contact.key, "reply_to": reply_to})
        return [*remember(kept, message), SlotSet(AWAITS, CONSENT)]


class SendConversation(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Has the gateway send the conversation after a yes; after a no nothing is sent."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_send_conversation"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Ask the gateway to send what was agreed on, exactly as the question for consent said."""
        lang, context = await language_of(tracker), remembered(tracker)
        agreed = intent_of(tracker) == "affirm" and context.contact
        message = _message([text(lang, "handover.sending" if agreed else "handover.dropped")], lang, [])
        handover = Handover(contact=context.contact, reply_to=context.reply_to) if agreed and context.contact else None
        send(dispatcher, message, handover=handover, is_private=True)
        return remember(context.model_copy(update={"contact": None, "reply_to": ""}), message)


class SaveConversation(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Offers the conversation as a file, where it can be had as one."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_save_conversation"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Show the button that saves it."""
        lang = await language_of(tracker)
        has_file = "file" in _offered_ways(tracker)
        buttons = [_button("file", lang)] if has_file else []
        message = _message([text(lang, "handover.file" if has_file else "handover.no_file")], lang, buttons)
        send(dispatcher, message, is_private=True)
        return remember(remembered(tracker), message)


def contact_for(contacts: Contacts, context: Context, words: str) -> Contact | None:
    """The office for what the person says now, else for what the conversation is about, else for everything."""
    named = next((contact for contact in contacts.contacts if contact.is_about(words)), None)
    return named or contacts.of(context.programme, context.question or "")


def _cannot_send(
    dispatcher: CollectingDispatcher, tracker: Tracker, contact: Contact | None, lang: Language
) -> list[dict[str, Any]]:
    lines = [text(lang, "handover.no_mail")]
    ways = _ways(tracker, contact)
    if contact is not None:
        lines += _about(contact, None, lang)
    if ways:
        lines.append(text(lang, "handover.file"))
    message = _message(lines, lang, [_button(way, lang) for way in ways])
    send(dispatcher, message, is_private=True)
    return remember(remembered(tracker), message)


def _about(contact: Contact, subject: str | None, lang: Language) -> list[str]:
    office = contact.office_in(lang)
    return [
        text(lang, "handover.office_about", subject=subject, office=office)
        if subject
        else text(lang, "handover.office", office=office),
        *([text(lang, "handover.email", email=contact.email)] if contact.email else []),
        *([text(lang, "handover.telephone", telephone=contact.telephone)] if contact.telephone else []),
        *([text(lang, "handover.hours", hours=getattr(contact.hours, lang))] if contact.hours else []),
    ]


def _ways(tracker: Tracker, contact: Contact | None) -> list[str]:
    """In which ways the conversation can be passed on to an office: 'mail', 'file'."""
    can_mail = contact is not None and contact.email is not None
    return [way for way in _offered_ways(tracker) if way != "mail" or can_mail]


def _offered_ways(tracker: Tracker) -> list[str]:
    ways = (tracker.latest_message.get("metadata") or {}).get("handover")
    return [way for way in ways if way in ("mail", "file")] if isinstance(ways, list) else []


def _button(way: str, lang: Language) -> Suggestion:
    words = text(lang, "handover.send" if way == "mail" else "handover.save")
    return Suggestion(title=words, payload=words, does="ask" if way == "mail" else "save")


def _yes_and_no(lang: Language) -> tuple[str, str]:
    return text(lang, "handover.yes"), text(lang, "handover.no")


def _message(
    lines: list[str],
    lang: Language,
    buttons: list[Suggestion],
    citations: list[Citation] | None = None,
    kind: Kind = Kind.TEXT,
) -> Message:
    return Message(
        kind=kind, text="\n".join(lines), lang=lang, suggestions=buttons, citations=citations or [], confidence=1.0
    )
