"""Long texts in pieces that a platform takes."""

from knowledge.linguistics.text import sentences


def split_text(text: str, limit: int) -> list[str]:
    """`text` in pieces of at most `limit` characters that end where a sentence ends, or a word, where they can.

    Nothing but white space between pieces is lost.
    """
    pieces: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        end = _sentence_end(rest, limit) or _word_end(rest, limit) or limit
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*pieces, rest] if rest else pieces


def shorten(text: str, limit: int) -> str:
    """`text`, cut to `limit` characters with an ellipsis where it is longer."""
    if len(text) <= limit:
        return text
    return text[: (_word_end(text, limit - 1) or limit - 1)].rstrip() + "…"


def _sentence_end(text: str, limit: int) -> int:
    # One sentence more than fits must be seen, or the last boundary would look like the end of the text.
    ends = [end for _, end in sentences(text[: 2 * limit]) if end <= limit and end < len(text)]
    return ends[-1] if ends else 0


def _word_end(text: str, limit: int) -> int:
    return max(0, *(text.rfind(blank, 0, limit + 1) for blank in (" ", "\n", "\t")))
