"""What is declined whatever the documents say: orders to the bot, texts to write, advice, private data."""

import re
from enum import Enum

from knowledge.linguistics.text import folded


class OutOfScope(str, Enum):
    """Why a question is declined before anything is looked up."""

    OTHER = "out_of_scope"
    INSTRUCTION = "instruction"
    REQUEST = "request"
    DECISION = "decision"
    ADVICE = "advice"
    PRIVATE = "private"
    INSULT = "insult"


OF_INTENTS = {
    "out_of_scope": OutOfScope.OTHER,
    "instruct_bot": OutOfScope.INSTRUCTION,
    "request_text": OutOfScope.REQUEST,
    "ask_advice": OutOfScope.ADVICE,
    "ask_private_data": OutOfScope.PRIVATE,
    "insult": OutOfScope.INSULT,
}
"""Why the dialogue's intents are declined, unless the knowledge base answers them surely even so."""


# Patterns over folded text (lower case, umlauts written out), German and English together.
_INSTRUCTION = re.compile(
    r"</?\w+>|\bsystem ?-?prompt|\bprompt\b|\bneue regel|\bnew rule"
    r"|\b(?:ignorier|vergiss|missachte|ignore|disregard|forget)\w*\b.{0,40}\b(?:regel|anweisung|vorgabe|quelle"
    r"|anleitung|instruction|rule|source|previous|above|everything|alles)"
    r"|\b(?:bestaetige|antworte nur|sag einfach|gib zu|tu so|du bist (?:jetzt|nun)|confirm that"
    r"|pretend|you are now|act as)\b"
    r"|;\s*--|\b(?:drop table|delete from|insert into|union select|select \*)"
)
_REQUEST = re.compile(
    r"\b(?:schreibe?|verfasse?|dichte?|erfinde?|programmiere?|formuliere?|entwirf|write|compose|invent|draft)"
    r" (?:mir|uns|bitte|mal|doch|me|us|a|an|our|einen?|ein|das|den|die|the)\b"
)
_PRIVATE = re.compile(
    r"\b(?:privat\w*|home) (?:\w+ )?(?:nummer|telefon\w*|handy\w*|adresse|anschrift|mail|e-mail"
    r"|phone|number|address|email)\b"
    r"|\b(?:handynummer|privatnummer|privatadresse|wohnadresse|geburtsdatum|kontodaten|personalakte)"
    r" (?:von|der|des|vom)\b"
    r"|\bwo wohnt\b|\bwhere does (?:\w+ ){1,3}live\b|\b(?:verheiratet|is (?:\w+ ){1,3}married)\b"
)
_ADVICE = re.compile(
    r"\b(?:rechtsberatung|verklagen|klage einreichen|rechtlich belangen|widerspruch einlegen|legal advice|sue)\b"
)
_DECISION = re.compile(
    r"\b(?:wir|uns|unsere?|ich|mein\w*|gemeinde|stadt)\b.{0,60}\b(?:ganz sicher|sicher|garantiert|bestimmt"
    r"|auf jeden fall|definitiv)\b.{0,30}\?"
    r"|\b(?:wird|wuerde)\b.{0,20}\b(?:unser|unsere|mein)\b.{0,20}\bantrag\b.{0,60}\b(?:bewilligt|genehmigt|durchkommen)"
    r"|\b(?:will|would) (?:we|our \w+)\b.{0,40}\b(?:definitely|certainly|surely|guaranteed|for sure)\b"
    r"|\b(?:guarantee|promise|garantier\w*|versprech\w*)\b.{0,60}\b(?:antrag|geld|foerderung|grant|funding|money|zusage"
    r"|bewilligung)"
)


_PATTERNS = (
    (OutOfScope.INSTRUCTION, _INSTRUCTION),
    (OutOfScope.REQUEST, _REQUEST),
    (OutOfScope.ADVICE, _ADVICE),
    (OutOfScope.DECISION, _DECISION),
    (OutOfScope.PRIVATE, _PRIVATE),
)


def out_of_scope(question: str) -> OutOfScope | None:
    """Why a question is to be declined whatever the documents say, or None where they may answer it."""
    text = folded(question)
    return next((reason for reason, pattern in _PATTERNS if pattern.search(text)), None)
