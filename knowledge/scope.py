"""Questions that no document can answer: orders to the bot, and predictions or advice in a person's own case."""

import re
from enum import Enum

from knowledge.text import folded


class OutOfScope(str, Enum):
    """Why a question is declined before anything is looked up."""

    INSTRUCTION = "instruction"
    DECISION = "decision"


# Patterns over folded text (lower case, umlauts written out), German and English together.
_INSTRUCTION = re.compile(
    r"</?\w+>|\bsystem ?-?prompt|\bprompt\b|\bneue regel|\bnew rule"
    r"|\b(?:ignorier|vergiss|missachte|ignore|disregard|forget)\w*\b.{0,40}\b(?:regel|anweisung|vorgabe|quelle"
    r"|anleitung|instruction|rule|source|previous|above|everything|alles)"
    r"|\b(?:bestaetige|antworte nur|sag einfach|gib zu|tu so|du bist (?:jetzt|nun)|confirm that"
    r"|pretend|you are now|act as)\b"
    r"|\b(?:schreibe?|verfasse?|dichte?|erfinde?|programmiere?|write|compose|invent) (?:mir|uns|bitte|mal"
    r"|doch|me|us|a|an|einen?|ein|das|den|the)\b"
    r"|;\s*--|\b(?:drop table|delete from|insert into|union select|select \*)"
)
_DECISION = re.compile(
    r"\b(?:wir|uns|unsere?|ich|mein\w*|gemeinde|stadt)\b.{0,60}\b(?:ganz sicher|sicher|garantiert|bestimmt"
    r"|auf jeden fall|definitiv)\b.{0,30}\?"
    r"|\b(?:wird|wuerde)\b.{0,20}\b(?:unser|unsere|mein)\b.{0,20}\bantrag\b.{0,60}\b(?:bewilligt|genehmigt|durchkommen)"
    r"|\b(?:rechtsberatung|verklagen|klage einreichen|rechtlich belangen|widerspruch einlegen|legal advice|sue)\b"
    r"|\b(?:will|would) (?:we|our \w+)\b.{0,40}\b(?:definitely|certainly|surely|guaranteed|for sure)\b"
    r"|\b(?:guarantee|promise|garantier\w*|versprech\w*)\b.{0,60}\b(?:antrag|geld|foerderung|grant|funding|money|zusage"
    r"|bewilligung)"
)


def out_of_scope(question: str) -> OutOfScope | None:
    """Why a question is to be declined whatever the documents say, or None where they may answer it."""
    text = folded(question)
    if _INSTRUCTION.search(text):
        return OutOfScope.INSTRUCTION
    if _DECISION.search(text):
        return OutOfScope.DECISION
    return None
