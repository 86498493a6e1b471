"""What is said to the bot itself: yes and no, and who it is."""

from knowledge.linguistics.text import folded, words
from knowledge.linguistics.words import word_list

_SAID = frozenset(map(folded, word_list("yes_and_no")))
_NOTED = frozenset(map(folded, word_list("noted")))
_ADDRESSES = frozenset(map(folded, word_list("addresses")))


def says_yes_or_no(said: str) -> bool:
    """Whether a German or English remark has a word of agreement or refusal in it, or is one word alone."""
    told = [folded(word) for word in words(said)]
    return len(told) < 2 or not _SAID.isdisjoint(told)


def addresses_bot(said: str) -> bool:
    """Whether a German or English remark speaks to the bot or of what it is."""
    return not _ADDRESSES.isdisjoint(folded(word) for word in words(said))


def takes_note(said: str) -> bool:
    """Whether a remark does no more than take note ('ok', 'alles klar'), and agrees to nothing."""
    told = [folded(word) for word in words(said)]
    return bool(told) and _NOTED.issuperset(told)
