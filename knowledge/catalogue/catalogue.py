"""The catalogue of a library: answers what several fact sheets together answer."""

from datetime import date

from knowledge.catalogue.comparison import compared
from knowledge.catalogue.events import events_shown
from knowledge.catalogue.listing import Listing
from knowledge.catalogue.recommending import Profile, recommended
from knowledge.catalogue.request import Request, Wanted
from knowledge.catalogue.shown import Shown
from knowledge.library import Library
from knowledge.messages import Language


class Catalogue:
    """Lists, counts, compares and recommends from the fact sheets of one release, as they stand on the day of asking."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def shown(self, request: Request, lang: Language) -> Shown:
        """The answer to a request; for guidance, what fits as far as the question itself says whom it is for."""
        today = date.today()
        match request.wanted:
            case Wanted.LIST:
                return Listing(self._library, today).listed(request.criteria, lang)
            case Wanted.COUNT:
                return Listing(self._library, today).counted(request.criteria, lang)
            case Wanted.COMPARISON:
                return compared(self._library, request.programmes, request.asked, lang, today)
            case Wanted.EVENTS | Wanted.EVENT_COUNT:
                counting = request.wanted is Wanted.EVENT_COUNT
                return events_shown(self._library, request.criteria, lang, counting=counting)
            case Wanted.GUIDANCE:
                return recommended(self._library, Profile.of(request.criteria), lang, today)
