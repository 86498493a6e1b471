"""What a conversation remembers of an answer: programme, thing of it, question, what was shown."""

from collections.abc import Sequence

from knowledge import tuning
from knowledge.answering.attempts import Attempt
from knowledge.answering.context import Context
from knowledge.answering.question import Question
from knowledge.catalogue.shown import Shown
from knowledge.indexing.passages import PROFILE
from knowledge.linguistics.ordinals import named_ordinals, ordinal_in
from knowledge.linguistics.text import folded, words
from knowledge.messages import Language
from knowledge.retrieval.library import Library
from knowledge.retrieval.search import Hit
from knowledge.texts import text


class Memory:
    """Makes what is to be remembered of what was found in a library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def after_found(self, asked: Question, attempt: Attempt, context: Context) -> Context:
        """What is left of a question that was looked up, whether `attempt` answers it or nothing was sure enough."""
        programme = _programme(asked, attempt, context)
        # What was not understood is nothing to build on.
        changes: dict[str, object] = {"language": asked.lang}
        is_shown = programme in context.shown
        if attempt.confidence >= tuning.THRESHOLD:
            wanted = [one.attribute for one in attempt.query.asked] or (context.asked if asked.leaning else [])
            changes |= {
                "question": _kept(asked, attempt),
                "missed": None,
                "asked": wanted,
                "shown": context.shown if is_shown else [],
            }
        else:
            changes |= {"question": None, "missed": asked.text}
        changes |= {"listed": context.listed if is_shown else [], "titles": context.titles if is_shown else []}
        changes |= {"focus": self._focus(asked, programme, context, attempt)}
        return context.about(programme).model_copy(update=changes)

    def _focus(self, asked: Question, programme: str | None, context: Context, attempt: Attempt) -> str:
        """The name of the thing of a programme that is talked about, of an earlier question if this one has none.

        An event that is told of is talked about, by whatever word it was asked for ('und der in Memmingen?').
        """
        mentions = [one for one in self._library.names.mentions(asked.text) if one.key == programme]
        if mentions:
            is_itself = any(self._library.names.is_own(one) for one in mentions)
            return "" if is_itself else " ".join(mentions[0].words)
        sheet = self._library.sheets.get(programme or "")
        if sheet is None:
            return context.focus if programme == context.programme else ""
        events = {folded(one) for event in sheet.events for one in (event.name.de, event.name.en)}
        tells_all = bool(attempt.hits) and attempt.hits[0].passage.attribute == PROFILE
        if asked.content and attempt.programme == programme and not tells_all:
            told = [name for name in events if name in folded(attempt.hits[0].passage.text)]
            if len(told) == 1:
                return told[0]
            if (thing := self._thing_told(attempt.hits[0], sheet.key)) is not None:
                return thing
            if context.focus in events and context.focus not in told:
                return ""  # something else is told of
        kind = text(asked.lang, f"answer.kind_{sheet.kind.value.replace(' ', '_')}")
        is_whole = folded(kind) in map(folded, words(asked.text))
        return context.focus if programme == context.programme and not is_whole else ""

    def _thing_told(self, hit: Hit, programme: str) -> str | None:
        """The one thing of a programme that a fact is labelled with ('DIN SPEC 91607'), as its name is typed."""
        fact = self._library.facts.get(hit.passage.fact or "")
        names = self._library.names.mentions(fact.label.de) if fact is not None else []
        things = [one for one in names if one.key == programme and not self._library.names.is_own(one)]
        return " ".join(things[0].words) if len(things) == 1 else None


def after_shown(context: Context, shown: Shown, lang: Language, question: str, listed: Sequence[str] = ()) -> Context:
    """What a conversation remembers after programmes were put before the reader, who had asked for what is `listed`."""
    only = shown.programmes[0] if len(shown.programmes) == 1 else None
    left = {"language": lang, "programme": only, "question": question, "asked": [], "shown": shown.programmes}
    titles = [item.title for item in shown.message.items]
    left |= {"listed": list(listed), "titles": titles if len(titles) > len(shown.programmes) else []}
    left |= {"focus": folded(shown.only) if shown.only else ""}
    return context.about(only).model_copy(update=left).after(shown.message)


def _kept(asked: Question, attempt: Attempt) -> str:
    """A question as later ones lean on it: with the round or stage that it took over from the one before it.

    'Motto?' after 'wie viele in der 2. Staffel' is on that one, and so is 'wie viele bewarben sich?' after it.
    """
    before = attempt.query.previous or ""
    taken = ordinal_in(before)
    told = named_ordinals(attempt.hits[0].passage.text)
    is_of_it = bool(taken) and named_ordinals(before) <= told and not named_ordinals(asked.text)
    return f"{asked.text.rstrip(' ?')} – {taken}" if is_of_it else asked.text


def _programme(asked: Question, attempt: Attempt, context: Context) -> str | None:
    """The programme that the conversation is about after this turn."""
    if asked.programmes and attempt.query.programmes and attempt.query.programmes.isdisjoint(asked.programmes):
        return context.programme  # what it says of those that are named
    if asked.programmes and (not attempt.programme or attempt.query.programmes):
        return asked.programmes[0]
    return attempt.programme or context.programme
