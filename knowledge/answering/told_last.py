"""What was told last, where a remark asks on it."""

import re
from dataclasses import replace

from knowledge import tuning
from knowledge.answering.attempts import Attempt, Attempts
from knowledge.answering.context import Context
from knowledge.answering.on_subject import AUDIENCE
from knowledge.answering.question import Question
from knowledge.answering.wording import quote
from knowledge.factsheet import Attribute
from knowledge.linguistics.text import folded
from knowledge.recognition.answer_types import AnswerType, holds
from knowledge.recognition.attributes import asked_attributes
from knowledge.retrieval.library import Library

# A remark of more words asks something of its own.
_REMARK = 2
_AT_PLACE = re.compile(r"\b(?:in|bei|im|an|auf|at) (?:der |den |dem |the )?[A-ZÄÖÜ]\w+")
_SINCE = re.compile(r"\b(?:seit|ab|since|from) (?:\w+ )?(?:(?:\d{1,2}\. )?\w+ )?(?:19|20)\d\d\b", re.IGNORECASE)
# 'Seit wann?' after 'führt seit August 2020 das WIK' asks of that.
SINCE_ALONE = re.compile(r"^(?:und |and )?(?:seit wann|ab wann|since when)(?: (?:denn|genau|das|schon))*\W*$")


class ToldLast:
    """Reads remarks on the passage or document that was told last."""

    def __init__(self, library: Library, attempts: Attempts) -> None:
        self._library = library
        self._attempts = attempts

    def again(self, asked: Question, context: Context) -> Attempt | None:
        """What was told last, where it holds what a short remark on it asks: 'wo?' after when and where something was,
        'und davon an Fraunhofer?'; None where it does not.
        """
        told = context.told[0] if context.told else None
        passage = self._library.passage(told.document, told.passage) if told is not None else None
        if passage is None or passage.fact is None or len(asked.content) > _REMARK or asked.introduces:
            return None
        programmes = tuple(key for key in passage.programmes if key == context.programme)
        found = self._attempts.of(asked, programmes, None, [asked.text], from_context=True, limit=tuning.CANDIDATES)
        hits = [hit for hit in found.hits if hit.passage.fact == passage.fact]
        if not hits or not self._holds(asked, quote(self._library, found.query, hits[0]).text):
            return None
        others = [hit for hit in found.hits if hit not in hits]
        return replace(found, hits=hits + others, confidence=tuning.TOLD_AGAIN)

    def _holds(self, asked: Question, said: str) -> bool:
        """Whether words hold all that a remark names, or the place or for whom it is, where no more is asked for."""
        if not asked.content:
            wanted = asked.asked[0].attribute if len(asked.asked) == 1 else None
            pattern = {Attribute.PLACE: _AT_PLACE, Attribute.ELIGIBILITY: AUDIENCE}.get(wanted) if wanted else None
            if SINCE_ALONE.match(folded(asked.text)):
                pattern = _SINCE
            if pattern is not None or asked.wanted is not AnswerType.NUMBER:
                return pattern is not None and bool(pattern.search(said))
            told = {one.attribute for one in asked_attributes(said)}
            return holds(said, asked.wanted) and any(one.attribute in told for one in asked.asked)
        stems = self._library.lexical.terms.stems(said, asked.lang)
        named = [self._library.lexical.terms.stems(word, asked.lang) for word in asked.content]
        is_of_type = asked.wanted is None or holds(said, asked.wanted)
        return asked.joining and is_of_type and all(one & stems for one in named)

    def document(self, context: Context) -> str | None:
        """Id of the document that the last answer quoted; None where it told a fact of a sheet."""
        told = context.told[0] if context.told else None
        passage = self._library.passage(told.document, told.passage) if told is not None else None
        return passage.document_id if passage is not None and passage.fact is None else None

    def on_document(self, asked: Question, document: str, previous: str) -> Attempt:
        """What a document tells of a remark on the question before."""
        return self._attempts.of(asked, (), previous, [f"{previous} {asked.text}", asked.text], document=document)

    def in_document(self, asked: Question, document: str, previous: str, found: Attempt) -> Attempt:
        """What the document talked about tells; what was found otherwise, where that is surer.

        What joins or points ('und die Kernstadt?', 'was hat das gekostet?') stays with it unless that is much surer.
        """
        within = self.on_document(asked, document, previous)
        if within.confidence < tuning.THRESHOLD:
            return found
        # 'Und was tut das Gartenamt?' may come to another one.
        needed = tuning.NEW_SUBJECT_LEAD if asked.referring or (asked.joining and len(asked.content) < 2) else 0.0
        return found if found.confidence > within.confidence + needed else within
