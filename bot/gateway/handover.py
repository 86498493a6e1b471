"""Sending a conversation to an office: once for each time that the person agreed, whatever happens meanwhile."""

import logging
from typing import Literal

from bot.gateway.conversations import Conversation, Conversations
from bot.gateway.mail import Mailer, NotSentError, UncertainError
from bot.gateway.metrics import Metrics
from bot.gateway.state import StateFile, now
from bot.gateway.transcript import transcript
from knowledge.answering.contacts import Contact, Contacts
from knowledge.document import Group
from knowledge.messages import Handover, Kind, Language, Message
from knowledge.texts import text

logger = logging.getLogger(__name__)

Outcome = Literal["sent", "not_sent", "uncertain"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS handover (
    conversation TEXT NOT NULL, turn TEXT NOT NULL, contact TEXT NOT NULL, outcome TEXT NOT NULL,
    begun_at TEXT NOT NULL, PRIMARY KEY (conversation, turn)
) WITHOUT ROWID;
"""
_BEGUN = "begun"


class Handovers:
    """Sends conversations and remembers which were sent."""

    def __init__(
        self,
        state: StateFile,
        conversations: Conversations,
        metrics: Metrics,
        contacts: Contacts,
        mailer: Mailer | None,
        base: str,
    ) -> None:
        self._state = state
        self._connection = state.connection
        self._conversations = conversations
        self._metrics = metrics
        self._contacts = contacts
        self._mailer = mailer
        self._base = base

    async def send(self, conversation_id: str, turn_id: str, wanted: Handover, lang: Language) -> Message:
        """Send the conversation so far to the office that the person agreed to; what there is to say of it."""
        contact = self._contacts.of_key(wanted.contact)
        if contact is None or contact.email is None or self._mailer is None:
            logger.error("A conversation could not be sent: the contact %s or mail is not configured", wanted.contact)
            self._metrics.handed_over("not_sent")
            return _said("not_sent", lang, contact)
        if not await self._state.call(self._begin, conversation_id, turn_id, contact.key):
            return _said("uncertain", lang, contact)
        outcome = await self._hand_in(self._mailer, contact, conversation_id, turn_id, wanted.reply_to, lang)
        await self._state.call(self._end, conversation_id, turn_id, outcome)
        self._metrics.handed_over(outcome)
        return _said(outcome, lang, contact)

    async def left_open(self, conversation: Conversation, turn_id: str) -> list[Message]:
        """What there is to say where an earlier process began to send a conversation and did not come to the end."""
        found = await self._state.call(self._find, conversation.id, turn_id)
        if found is None:
            return []
        key, outcome = found
        known: Outcome = "sent" if outcome == "sent" else "not_sent" if outcome == "not_sent" else "uncertain"
        return [_said(known, conversation.lang, self._contacts.of_key(key))]

    async def _hand_in(
        self, mailer: Mailer, contact: Contact, conversation_id: str, turn_id: str, reply_to: str, lang: Language
    ) -> Outcome:
        turns = await self._conversations.turns(conversation_id)
        reader: Group = next((turn.reader for turn in turns if turn.id == turn_id), "public")
        turns = [turn.shown_to(reader, lang) for turn in turns if turn.id != turn_id]
        answerable = text(lang, "handover.mail_reply_to" if reply_to else "handover.mail_no_reply", address=reply_to)
        body = "\n\n".join((text(lang, "handover.mail_intro"), answerable, transcript(turns, self._base, lang)))
        subject = text(lang, "handover.mail_subject")
        try:
            await mailer.send(contact.email or "", subject, body, lang=lang, reply_to=reply_to)
        except NotSentError as error:
            logger.error("A conversation could not be sent to %s: %s", contact.key, error)
            return "not_sent"
        except UncertainError as error:
            logger.error("Whether a conversation was sent to %s is not known: %s", contact.key, error)
            return "uncertain"
        return "sent"

    def _begin(self, conversation_id: str, turn_id: str, contact: str) -> bool:
        with self._connection:
            begun = self._connection.execute(
                "INSERT INTO handover VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (conversation_id, turn_id, contact, _BEGUN, now()),
            )
        return begun.rowcount == 1

    def _end(self, conversation_id: str, turn_id: str, outcome: Outcome) -> None:
        with self._connection:
            self._connection.execute(
                "UPDATE handover SET outcome = ? WHERE conversation = ? AND turn = ?",
                (outcome, conversation_id, turn_id),
            )

    def _find(self, conversation_id: str, turn_id: str) -> tuple[str, str] | None:
        query = "SELECT contact, outcome FROM handover WHERE conversation = ? AND turn = ?"
        row = self._connection.execute(query, (conversation_id, turn_id)).fetchone()
        return (row["contact"], row["outcome"]) if row else None


def _said(outcome: Outcome, lang: Language, contact: Contact | None) -> Message:
    office = contact.office_in(lang) if contact else text(lang, "handover.the_office")
    reach = contact.email if contact and contact.email else ""
    words = text(lang, f"handover.{outcome}", office=office, email=reach)
    return Message(kind=Kind.TEXT, text=words, lang=lang, confidence=1.0)
