"""Whether what the bot said is right."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from knowledge.evaluation.questions import KnownQuestion, Place
from knowledge.linguistics.text import folded
from knowledge.messages import Citation, Kind, Message

_ADDRESS = re.compile(r"/sources/([^/?]+)/")
_NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[A-Z]\.(?:\d+\.?)*)\s+")


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right and, where it is not, why."""

    reason: str | None
    """One clause; None where it is right."""
    right_page: bool | None
    """Whether a citation leads to a place where the answer stands; None where that is not known or asked."""

    @property
    def is_right(self) -> bool:
        """Whether it says what it should, or that it does not know what nobody can."""
        return self.reason is None


def judge(question: KnownQuestion, said: Sequence[Message], files: Mapping[str, str] | None) -> Verdict:
    """Judge what was said to a question.

    An unanswerable one must be declined without a citation, small talk answered as such. Every other must get an answer
    whose text, the words of citations not counted, holds each keyword or one of its alternatives and nothing forbidden.
    `files` gives the file that each document was read from by the document's id; without it the place of a citation is
    not judged. It is judged for right answers alone.
    """
    reason = _reason(question, said)
    places = question.places
    if reason is not None or files is None or not places or question.kind in ("unanswerable", "smalltalk"):
        return Verdict(reason, None)
    citations = [citation for message in said for citation in message.citations]
    return Verdict(None, any(_leads_to(citation, place, files) for citation in citations for place in places))


def holds(text: str, wording: str) -> bool:
    """Whether a text holds a wording from the beginning of a word, case ignored and numbers whole.

    '50' stands in neither '150' nor '2,50', 'Kommune' in 'Kommunen' but not in 'Großkommune'.
    """
    wording = " ".join(wording.casefold().split())
    before = r"(?<!\d)(?<!\d[.,])" if wording[:1].isdigit() else r"(?<!\w)" if wording[:1].isalpha() else ""
    after = r"(?![.,]?\d)" if wording[-1:].isdigit() else ""
    return re.search(before + re.escape(wording) + after, " ".join(text.casefold().split())) is not None


def _reason(question: KnownQuestion, said: Sequence[Message]) -> str | None:
    if not said:
        return "nothing was said"
    kinds = {message.kind for message in said}
    cited = any(message.citations for message in said)
    if question.kind == "smalltalk":
        return None if kinds == {Kind.TEXT} and not cited else "small talk was not answered as such"
    if question.kind == "unanswerable":
        return None if kinds == {Kind.ABSTENTION} and not cited else "it was not declined"
    if Kind.ANSWER not in kinds:
        return "it was declined" if Kind.ABSTENTION in kinds else "it was not answered"
    return _wording(question, said)


def _wording(question: KnownQuestion, said: Sequence[Message]) -> str | None:
    text = "\n".join(message.text for message in said)
    missing = [keyword for keyword in question.answer_keywords if not _told(question, keyword, text)]
    if missing:
        quotes = "\n".join(citation.quote for message in said for citation in message.citations)
        shown = all(_told(question, keyword, f"{text}\n{quotes}") for keyword in missing)
        return f"the answer lacks {', '.join(missing)}" + (", a cited quote has it" if shown else "")
    forbidden = [words for words in question.must_not_contain if holds(text, words)]
    return f"the answer says {', '.join(forbidden)}" if forbidden else None


def _told(question: KnownQuestion, keyword: str, text: str) -> bool:
    return any(holds(text, wording) for wording in (keyword, *question.answer_alternatives.get(keyword, ())))


def _leads_to(citation: Citation, place: Place, files: Mapping[str, str]) -> bool:
    address = _ADDRESS.search(citation.url)
    path = files.get(unquote(address[1])) if address else None
    if path is None or f"/{path}".endswith(f"/{place.file}") is False:
        return False
    if place.page is not None:
        return citation.page == place.page
    return place.heading is None or _heading(citation.heading or "") == _heading(place.heading)


def _heading(text: str) -> str:
    """A heading without its number, its case and the marks at its end."""
    return folded(" ".join(_NUMBERING.sub("", text.strip()).split()).rstrip(" :.?"))
