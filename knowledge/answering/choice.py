"""Choosing an answer: what a question gets, and in which order that is decided.

1. What the bot does not do is declined.
2. What a suggestion of the bot promised, and what is asked under a filter, is looked up.
3. What several fact sheets answer together is listed, counted, compared or searched for step by step.
4. Else the best passage answers where it is sure to: a fact of a fact sheet, or a passage of a document.
5. Where it is not, the dialogue's view counts: what it takes for a search or a list becomes one.
6. Where the question lacks the programme that it is about, the bot asks back.
7. Else the bot says that it does not know.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from knowledge import tuning
from knowledge.answering.attempts import Attempt
from knowledge.answering.scope import OF_INTENTS, OutOfScope
from knowledge.catalogue.requests.reading import likely_request
from knowledge.catalogue.requests.request import Request, Wanted


class Answered(str, Enum):
    """With what a question is answered."""

    REFUSAL = "refusal"
    CATALOGUE = "catalogue"
    GUIDANCE = "guidance"
    FACT = "fact"
    PASSAGE = "passage"
    CLARIFICATION = "clarification"
    ABSTENTION = "abstention"


@dataclass(frozen=True)
class Choice:
    """With what a question is answered, and from what."""

    answered: Answered
    request: Request | None = None
    """What is wanted of the catalogue."""
    attempts: Sequence[Attempt] = field(default_factory=tuple)
    """What was looked up."""
    refused: OutOfScope | None = None
    options: Sequence[str] = ()
    """Keys of the programmes that it may be about."""


@dataclass(frozen=True)
class Signs:
    """What speaks for one answer or another, known before anything is looked up."""

    text: str
    refused: OutOfScope | None
    """What the question is refused for."""
    request: Request | None
    """What it wants of the catalogue by its words."""
    intent: str | None
    """What the dialogue takes it for."""
    names_programme: bool
    is_looked_up: bool
    """Whether a suggestion promised a fact or a filter was set."""
    of_land: Request | None = None
    """What is listed of a Land, where it names one and nothing else ('und in RLP?')."""
    asks_of_shown: bool = False
    """Whether it asks for something that one of several programmes has which were shown last, and says no more."""


# What the dialogue takes for a search or a list, where the words alone do not say so.
_BY_INTENT = {
    "find_funding": Wanted.GUIDANCE,
    "list_programmes": Wanted.LIST,
    "count_programmes": Wanted.COUNT,
    "list_workshops": Wanted.EVENTS,
    "inform": Wanted.GUIDANCE,
}


def choose(
    signs: Signs,
    look_up: Callable[[], Sequence[Attempt]],
    may_mean: Callable[[Attempt], Sequence[str]] = lambda attempt: (),
) -> Choice:
    """The answer that a question gets; `look_up` is called where it has to be searched for.

    `may_mean` tells which programmes a question may be about that names none, given what was found.
    """
    if signs.refused is not None:
        return Choice(Answered.REFUSAL, refused=signs.refused)
    if signs.request is not None and not signs.is_looked_up:
        return _of_catalogue(signs.request)
    attempts = look_up()
    best = attempts[0]
    if signs.asks_of_shown and len(options := may_mean(best)) > 1:
        return Choice(Answered.CLARIFICATION, attempts=attempts, options=options)
    if best.confidence >= tuning.THRESHOLD:
        is_fact = best.hits[0].passage.fact is not None
        return Choice(Answered.FACT if is_fact else Answered.PASSAGE, attempts=attempts)
    wanted = _BY_INTENT.get(signs.intent or "")
    likely = (
        likely_request(signs.text, wanted) if wanted and not (signs.names_programme or signs.is_looked_up) else None
    )
    if (listed := likely or signs.of_land) is not None:
        return _of_catalogue(listed)
    if len(options := may_mean(best)) > 1:
        return Choice(Answered.CLARIFICATION, attempts=attempts, options=options)
    refused = OF_INTENTS.get(signs.intent or "") if not signs.names_programme else None
    # What merely seems to be about something else may be a question on topics that nobody wrote a document on.
    if refused is OutOfScope.OTHER:
        refused = None
    return Choice(Answered.REFUSAL if refused else Answered.ABSTENTION, attempts=attempts, refused=refused)


def _of_catalogue(request: Request) -> Choice:
    is_guidance = request.wanted is Wanted.GUIDANCE
    return Choice(Answered.GUIDANCE if is_guidance else Answered.CATALOGUE, request=request)
