"""Yes and no in a few words."""

from knowledge.linguistics.text import folded, words
from knowledge.linguistics.words import word_list

_SAID = frozenset(map(folded, word_list("yes_and_no")))


def says_yes_or_no(said: str) -> bool:
    """Whether a German or English remark has a word of agreement or refusal in it, or is one word alone."""
    told = [folded(word) for word in words(said)]
    return len(told) < 2 or not _SAID.isdisjoint(told)
