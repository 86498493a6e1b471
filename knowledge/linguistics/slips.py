"""What is no slip of the pen, however few letters differ."""

from knowledge.linguistics.text import folded
from knowledge.linguistics.words import word_list

_HEADS = tuple(map(folded, word_list("compound_heads")))


def is_another_compound(word: str, name: str) -> bool:
    """Whether a folded word ends in one that a name does not end in: 'digitalamt' is no slip for 'digitalpakt'."""
    return any(word.removesuffix("s").endswith(head) and not name.endswith(head) for head in _HEADS)
