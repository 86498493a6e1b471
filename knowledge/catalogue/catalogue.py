"""The catalogue of a library: answers what several fact sheets together answer."""

from collections import Counter
from datetime import date

from knowledge.catalogue.comparison import compared
from knowledge.catalogue.criteria import FUNDING
from knowledge.catalogue.events import events_shown
from knowledge.catalogue.listing import Listing
from knowledge.catalogue.phrases import brief_name
from knowledge.catalogue.recommending import Profile, recommended
from knowledge.catalogue.requests.reading import read_request
from knowledge.catalogue.requests.request import Request, Wanted
from knowledge.catalogue.shown import Shown
from knowledge.catalogue.topics import TOPICS, topics_of
from knowledge.messages import Language
from knowledge.retrieval.library import Library
from knowledge.texts import text


class Catalogue:
    """Lists, counts, compares and recommends from the fact sheets of one release as they stand today."""

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

    def by_itself(self, request: Request, asked: str, lang: Language) -> str:
        """A request as it would be asked by itself, for remarks to limit it: 'wer zahlt mehr?' after a comparison leans
        on what it compares.
        """
        if request.wanted is not Wanted.COMPARISON or read_request(asked, self._library.names) is not None:
            return asked
        *firsts, last = [brief_name(self._library.sheets[key], lang) for key in request.programmes]
        return text(lang, "catalogue.ask_comparison_question", first=", ".join(firsts), second=last)

    def recommended(self, profile: Profile, lang: Language) -> Shown:
        """What fits a municipality, the best first."""
        return recommended(self._library, profile, lang, date.today())

    def topics(self, limit: int) -> list[str]:
        """The topics on which there are most offers to apply for, by key."""
        offers = (sheet for sheet in self._library.sheets.values() if sheet.kind in FUNDING or sheet.aims)
        counts = Counter(topic for sheet in offers for topic in topics_of(tuple(sheet.sectors)))
        return [topic for topic in TOPICS if topic in dict(counts.most_common(limit))]

    def names_programme(self, text: str) -> bool:
        """Whether a text names a programme by its own name, without a slip."""
        return any(mention.exact and mention.primary for mention in self._library.names.mentions(text))
