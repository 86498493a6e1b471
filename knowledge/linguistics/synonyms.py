"""Words that staff use for the same thing; a question with one finds passages with the others."""

from knowledge.linguistics.text import folded
from knowledge.linguistics.words import word_groups

_BY_WORD: dict[str, tuple[str, ...]] = {}
for _group in word_groups("synonyms"):
    _words = tuple(map(folded, _group))
    for _word in _words:
        _BY_WORD[_word] = tuple(dict.fromkeys((*_BY_WORD.get(_word, ()), *_words)))


def synonyms(word: str) -> tuple[str, ...]:
    """Folded words that mean about the same as a word, itself left out; none for most."""
    own = folded(word)
    return tuple(other for other in _BY_WORD.get(own, ()) if other != own)
