"""Answering what a word means: from the document that says it, else from the glossary, else not at all."""

from dataclasses import replace

from knowledge import tuning
from knowledge.answering.attempts import Attempt, finding
from knowledge.answering.choice import Answered, Choice
from knowledge.answering.context import Context
from knowledge.answering.definitions import definition, explained_term, explains, meaning_asked
from knowledge.answering.following import joins, without_joint
from knowledge.answering.lookup import Lookup
from knowledge.answering.question import Question
from knowledge.answering.wording import abstention, answer_message, quote
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, words
from knowledge.messages import Language, Message
from knowledge.retrieval.library import Library

# As sure as this is what was found for a word whose meaning it does not tell; below what is told.
_NOT_EXPLAINED = tuning.THRESHOLD - 0.01


class Explaining:
    """Says what words mean."""

    def __init__(self, library: Library, lookup: Lookup) -> None:
        self._library = library
        self._lookup = lookup

    def message(self, asked: Question, choice: Choice, context: Context) -> Message | None:
        """What a word means, or that it is not known; None where something else is asked or `choice` answers it.

        A word is none of those whose meaning is asked here where it is the own name of a programme.
        """
        term = explained_term(asked.text)
        if term is None and context.question and meaning_asked(context.question) and joins(asked.text):
            term = without_joint(asked.text)  # 'und Eigenanteil?'
        if term is None or asked.named_itself or choice.request is not None:
            return None
        wants_meaning = meaning_asked(asked.text) is not None
        best = next(iter(choice.attempts), None)
        is_answered = best is not None and choice.answered in (Answered.FACT, Answered.PASSAGE)
        if is_answered and best is not None and not wants_meaning:
            if explains(quote(self._library, best.query, best.hits[0]).text, term):
                return None
        elif (explaining := self._lookup.explaining(asked, term)) is not None:
            return answer_message([finding(self._library, explaining)])
        said = definition(term, asked.lang)
        if said is None and is_answered and best is not None and wants_meaning:
            if self._is_headed(best, term):
                return None
            unsure = replace(best, confidence=min(best.confidence, _NOT_EXPLAINED))
            return abstention(finding(self._library, unsure), ())
        return said

    def _is_headed(self, best: Attempt, term: str) -> bool:
        """Whether what was found stands under a heading that is the term and no more, and so is about nothing else."""
        passage = best.hits[0].passage
        above = (self._library.document(passage).title, *passage.headings[-1:])
        wanted = self._stems(term, best.query.lang)
        return bool(wanted) and any(wanted == self._stems(one, passage.lang) for one in above)

    def _stems(self, text: str, lang: Language) -> frozenset[str]:
        stems = self._library.lexical.terms.stems
        return frozenset(stem for word in words(text) if folded(word) not in STOPWORDS for stem in stems(word, lang))
