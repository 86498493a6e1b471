"""Which language a reader is addressed in."""

from aiohttp import web

from knowledge.messages import LANGUAGES, Language

CONVERSATION_LANGUAGE = web.RequestKey("conversation_language", str)


def language_of(request: web.Request) -> Language:
    """The language of the request's conversation, where it has one, else the one the browser prefers."""
    known = request.get(CONVERSATION_LANGUAGE)
    return _supported(known) if known else preferred(request.headers.get("Accept-Language", ""))


def chosen_language(request: web.Request) -> Language:
    """The language a `lang` parameter of the address names, else the one the browser prefers."""
    named = request.query.get("lang")
    return _supported(named) if named in LANGUAGES else language_of(request)


def preferred(header: str) -> Language:
    """The language an Accept-Language header likes best among ours; German where it names none of them."""
    best: Language = "de"
    best_weight = 0.0
    for item in header.split(","):
        tag, _, parameter = item.partition(";")
        weight = _weight(parameter)
        if weight > best_weight:
            for lang in LANGUAGES:
                if tag.strip().lower().partition("-")[0] == lang:
                    best, best_weight = lang, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _supported(value: str | None) -> Language:
    return next(lang for lang in LANGUAGES if lang == value)
