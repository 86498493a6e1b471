"""Coming back to what was quoted: where it stands, more of it, the same in the other language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.answering.context import Context, Told
from knowledge.document import Passage
from knowledge.factsheet import UNDATED
from knowledge.linguistics.text import sentences
from knowledge.messages import Citation, Kind, Language, Message
from knowledge.retrieval.citing import citation, shown_date
from knowledge.retrieval.library import Library
from knowledge.retrieval.selection import Quote, is_furniture
from knowledge.retrieval.suggestions import further_questions
from knowledge.texts import text

# What a document says next is quoted up to so many words.
_WORDS = 60
_MORE = 2
_ENGLISH = "-en"


@dataclass(frozen=True)
class _Piece:
    passage: Passage
    quote: Quote


class Retelling:
    """Messages from a release's passages by their place alone, without a search."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def sources(self, told: Sequence[Told], lang: Language) -> Message:
        """Where the words that were quoted stand: title, page or heading, date, with the citations once more."""
        citations = [self._citation(piece) for piece in self._pieces(told)]
        if not citations:
            return _short(lang, "answer.nothing_told")
        lines = dict.fromkeys(_stands_in(one, lang) for one in citations)
        return Message(kind=Kind.ANSWER, text="\n".join(lines), lang=lang, citations=citations, confidence=1.0)

    def again(self, told: Sequence[Told], lang: Language, opening: str) -> Message:
        """What was quoted, after an opening sentence; facts in the language asked for, documents in their own."""
        said = [one for one in told if not one.further] or told
        pieces = [self._in_language(piece, lang) for piece in self._pieces(said)]
        return self._message(pieces, lang, opening, confidence=1.0)

    def more(self, context: Context, lang: Language) -> Message:
        """What the sources say beyond what was told of the subject; that there is no more, where there is none."""
        known = {(_german(one.document), one.passage) for one in [*context.told, *context.told_before]}
        pieces = [self._in_language(one, lang) for one in self._beyond(context.told, known, lang)][:_MORE]
        sheet = self._library.sheets.get(context.programme or "")
        if pieces:
            message = self._message(pieces, lang, text(lang, "answer.more"), confidence=1.0)
        elif context.told or sheet is not None:
            message = _short(lang, "answer.no_more")
        else:
            return _short(lang, "answer.nothing_to_add")
        facts = [one.passage.fact for one in pieces if one.passage.fact]
        return message.model_copy(update={"suggestions": further_questions(sheet, lang, facts) if sheet else []})

    def _beyond(self, told: Sequence[Told], known: set[tuple[str, int]], lang: Language) -> Iterator[_Piece]:
        """Further facts of a sheet, those on the same attribute first; of a document the passages that follow."""
        for first in self._pieces(told[:1]):
            passages = [
                one
                for one in self._library.passages(first.passage.document_id)
                if (_german(one.document_id), one.id) not in known and one.text not in first.passage.text
            ]
            if first.passage.fact is not None:
                same = [one for one in passages if one.attribute == first.passage.attribute]
                others = [one for one in passages if one.attribute != first.passage.attribute and one.id > 1]
                later = sorted(others, key=lambda one: one.id < first.passage.id)
                yield from (_Piece(one, Quote(one.text, 0, len(one.text))) for one in [*same, *later])
            else:
                yield from self._rest(first)
                following = (one for one in passages if one.id > first.passage.id)
                yield from (_Piece(one, _opening(one.text, 0)) for one in following)

    def _rest(self, piece: _Piece) -> Iterator[_Piece]:
        """What the passage itself says after the words that were quoted."""
        if piece.passage.text[piece.quote.end :].strip():
            yield _Piece(piece.passage, _opening(piece.passage.text, piece.quote.end))

    def _message(self, pieces: Sequence[_Piece], lang: Language, opening: str, *, confidence: float) -> Message:
        lines = [opening]
        for piece in pieces:
            if piece.passage.lang != lang:
                lines.append(text(lang, f"answer.original_{piece.passage.lang}"))
            lines.append(piece.quote.text)
        citations = [self._citation(piece) for piece in pieces]
        return Message(
            kind=Kind.ANSWER if pieces else Kind.TEXT,
            text="\n".join(line for line in lines if line),
            lang=lang,
            citations=citations,
            confidence=confidence,
        )

    def _pieces(self, told: Sequence[Told]) -> list[_Piece]:
        """What was told, as far as this release still has it."""
        found: list[_Piece] = []
        for one in told:
            passage = self._library.passage(one.document, one.passage)
            if passage is not None and one.end <= len(passage.text):
                found.append(_Piece(passage, Quote(passage.text[one.start : one.end], one.start, one.end)))
        return found

    def _in_language(self, piece: _Piece, lang: Language) -> _Piece:
        """The same fact in the other language; a document's words stay as they are."""
        if piece.passage.fact is None or piece.passage.lang == lang:
            return piece
        own = _german(piece.passage.document_id)
        other = self._library.passage(own if lang == "de" else f"{own}{_ENGLISH}", piece.passage.id)
        return _Piece(other, Quote(other.text, 0, len(other.text))) if other is not None else piece

    def _citation(self, piece: _Piece) -> Citation:
        document = self._library.document(piece.passage)
        return citation(document, piece.passage, piece.quote.start, piece.quote.end)


def _opening(passage: str, start: int) -> Quote:
    """The first sentences after a place, up to a length."""
    spans = [
        (begin, end) for begin, end in sentences(passage) if begin >= start and not is_furniture(passage[begin:end])
    ]
    if not spans:
        return Quote(
            passage[start:].strip(), start + len(passage[start:]) - len(passage[start:].lstrip()), len(passage)
        )
    first, last = spans[0]
    for _, end in spans[1:]:
        if len(passage[first:end].split()) > _WORDS:
            break
        last = end
    return Quote(passage[first:last], first, last)


def _german(document: str) -> str:
    return document.removesuffix(_ENGLISH)


def _stands_in(source: Citation, lang: Language) -> str:
    if source.page is not None:
        place = text(lang, "answer.stands_page", page=source.page)
    else:
        place = text(lang, "answer.stands_heading", heading=source.heading) if source.heading else ""
    known = source.as_of if source.as_of != UNDATED else None
    as_of = text(lang, "answer.stands_as_of", as_of=shown_date(known, lang)) if known else ""
    return text(lang, "answer.stands_in", title=source.title, place=place, as_of=as_of)


def _short(lang: Language, key: str) -> Message:
    return Message(kind=Kind.TEXT, text=text(lang, key), lang=lang, confidence=1.0)
