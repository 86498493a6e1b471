"""What a question can want of the catalogue: a list, a count, a comparison, events, or guidance to what fits."""

from dataclasses import dataclass, field
from enum import Enum

from knowledge.catalogue.criteria import Criteria
from knowledge.recognition.attributes import Asked


class Wanted(str, Enum):
    """The sorts of requests."""

    LIST = "list"
    COUNT = "count"
    COMPARISON = "comparison"
    EVENTS = "events"
    EVENT_COUNT = "event count"
    GUIDANCE = "guidance"


MAX_COMPARED = 3


@dataclass(frozen=True)
class Request:
    """A question that several fact sheets together answer."""

    wanted: Wanted
    criteria: Criteria = field(default_factory=Criteria)
    programmes: tuple[str, ...] = ()
    """Keys of the programmes to be compared."""
    asked: tuple[Asked, ...] = ()
    """The attributes that a comparison is limited to."""
