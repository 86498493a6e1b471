"""What is looked for: a question as the search takes it."""

from dataclasses import dataclass, field

from knowledge.filters import NO_WISH, Filter, Wish
from knowledge.indexing.vectors import Vectors
from knowledge.messages import Language
from knowledge.recognition.answer_types import AnswerType
from knowledge.recognition.attributes import Asked


@dataclass(frozen=True)
class Query:
    """What to look for."""

    text: str
    lang: Language
    embeddings: Vectors = field(repr=False)
    """One row for each wording of the query; a passage counts by its nearest."""
    previous: str | None = None
    """The question before, where this one leans on it."""
    previous_share: float = 1.0
    """How much its words count, of what they count at most."""
    programmes: frozenset[str] = frozenset()
    """Keys of the programmes it is about; none where it names none."""
    named_itself: bool = False
    """Whether it means the programmes themselves rather than something of theirs whose name stands for them."""
    asked: tuple[Asked, ...] = ()
    wanted: AnswerType | None = None
    """The type of answer that is asked for; None where it may be of any."""
    wants_profile: bool = False
    """Whether it asks what a programme is, and nothing else."""
    wants_standing: bool = False
    """Whether it asks if a programme still goes on."""
    ignored_words: frozenset[str] = frozenset()
    """Folded words that name the programme or where to look and so need not stand in a passage."""
    filter: Filter | None = None
    """What passages may answer; None where all may."""
    document: str | None = None
    """Id of the document that alone may answer, where a conversation stays with one; None where any may."""
    wish: Wish = NO_WISH
    """What passages are preferred or, where it is strict, alone wanted."""
