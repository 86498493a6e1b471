"""Programmes that fit a municipality, the best first, with the reasons and how they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from knowledge.catalogue import phrases
from knowledge.catalogue.criteria import FUNDING, Criteria
from knowledge.catalogue.entries import Entry, entry
from knowledge.catalogue.shown import Shown, item, questions
from knowledge.catalogue.topics import topics_of
from knowledge.factsheet import Municipality, Purpose
from knowledge.messages import Cell, Kind, Language, Message, Suggestion, with_items
from knowledge.retrieval.citing import Citations
from knowledge.retrieval.library import Library
from knowledge.texts import text

MAX_ITEMS = 6
# What programmes for any digital project have among their topics.
_GENERAL = "digitalisation"
# What one reason counts in the order: a Land's own programme and one made for the topic are nearer than general ones.
_OWN, _NATIONWIDE, _ON_TOPIC, _ON_ANY_TOPIC, _OPEN_TO, _FOR = 2, 1, 2, 1, 1, 1


@dataclass(frozen=True)
class Profile:
    """Who looks for a programme, and for what; None where that is left open."""

    land: str | None = None
    municipality: Municipality | None = None
    topic: str | None = None
    purpose: Purpose | None = None

    @classmethod
    def of(cls, criteria: Criteria) -> "Profile":
        """As much of a profile as the criteria of a question tell."""
        land = criteria.laender[0] if criteria.laender else None
        return cls(land, criteria.municipality, criteria.topics[0] if criteria.topics else None)

    def said(self, lang: Language) -> list[str]:
        """What is known of it, in words."""
        known = [phrases.land_name(self.land, lang)] if self.land else []
        if self.municipality:
            known.append(phrases.municipality_name(self.municipality, lang))
        if self.topic:
            known.append(phrases.topic_names([self.topic], lang))
        return [*known, phrases.purpose_name(self.purpose, lang)] if self.purpose else known


def recommended(library: Library, profile: Profile, lang: Language, today: date) -> Shown:
    """The programmes that fit a profile, most reasons first; those with a passed deadline, marked so, last.

    Each comes with what speaks for it and what its sheet is silent on. What a sheet rules out is not among them.
    """
    entries = [entry(sheet, today) for sheet in library.sheets.values()]
    chosen = sorted((one for one in entries if _may_fit(one, profile)), key=lambda one: _rank(one, profile))[:MAX_ITEMS]
    citations = Citations(library, lang)
    items = [item(one, citations, lang, list(_reasons(one, profile, citations, lang))) for one in chosen]
    lead = _lead(chosen, profile, lang)
    message = Message(
        kind=Kind.ANSWER if items else Kind.ABSTENTION,
        text=with_items(lead, items),
        lead=lead,
        lang=lang,
        items=items,
        citations=citations.found,
        suggestions=[*questions(chosen, lang), _again(lang)],
        confidence=1.0,
    )
    return Shown(message, [one.key for one in chosen])


def _may_fit(one: Entry, profile: Profile) -> bool:
    """Whether nothing in its sheet rules it out: another Land, other applicants alone, another topic."""
    sheet = one.sheet
    is_offer = sheet.kind in FUNDING or any(aim.purpose is profile.purpose for aim in sheet.aims)
    in_land = profile.land is None or one.is_nationwide or one.is_of([profile.land])
    ruled_out = any(each.only and profile.municipality not in each.kinds for each in sheet.applicants)
    topics = topics_of(tuple(sheet.sectors))
    on_topic = profile.topic is None or not topics.isdisjoint({profile.topic, _GENERAL})
    return is_offer and in_land and on_topic and not (profile.municipality and ruled_out)


def _rank(one: Entry, profile: Profile) -> tuple[bool, int, int, str]:
    sheet = one.sheet
    topics = topics_of(tuple(sheet.sectors))
    score = 0
    if profile.land:
        score += _OWN if one.is_of([profile.land]) else _NATIONWIDE
    if profile.topic:
        score += _ON_TOPIC if profile.topic in topics else _ON_ANY_TOPIC
    score += _OPEN_TO * any(profile.municipality in each.kinds for each in sheet.applicants)
    score += _FOR * any(aim.purpose is profile.purpose for aim in sheet.aims)
    return one.standing.is_past, -score, one.standing, sheet.name.de.casefold()


def _reasons(one: Entry, profile: Profile, citations: Citations, lang: Language) -> Iterator[Cell]:
    """What speaks for a programme, each reason with the fact it rests on, and what is not known of it."""
    sheet = one.sheet
    if profile.topic:
        topics = topics_of(tuple(sheet.sectors))
        topic = profile.topic if profile.topic in topics else _GENERAL
        said = text(lang, "guidance.reason_topic", name=phrases.topic_names([topic], lang))
        yield Cell(text=said, citations=[citations.profile(one.key)])
    if profile.municipality:
        name = phrases.municipality_name(profile.municipality, lang)
        fact = next((each.fact for each in sheet.applicants if profile.municipality in each.kinds), None)
        key = "reason_municipality" if fact else "silent_municipality"
        cited = [citations.fact(one.key, fact)] if fact else []
        yield Cell(text=text(lang, f"guidance.{key}", name=name), citations=cited)
    if profile.purpose:
        name = phrases.purpose_name(profile.purpose, lang)
        fact = next((aim.fact for aim in sheet.aims if aim.purpose is profile.purpose), None)
        key = "reason_purpose" if fact else "silent_purpose"
        cited = [citations.fact(one.key, fact)] if fact else []
        yield Cell(text=text(lang, f"guidance.{key}", name=name), citations=cited)


def _lead(chosen: list[Entry], profile: Profile, lang: Language) -> str:
    said = " · ".join(profile.said(lang))
    about = text(lang, "guidance.by", said=said) if said else text(lang, "guidance.by_nothing")
    if not chosen:
        return f"{about} {text(lang, 'guidance.none')}"
    past = sum(one.standing.is_past for one in chosen)
    key = "order" if not past else "order_all_past" if past == len(chosen) else "order_past_last"
    lines = [about, text(lang, f"guidance.{key}")]
    if profile.topic and not any(profile.topic in topics_of(tuple(one.sheet.sectors)) for one in chosen):
        lines.append(text(lang, "guidance.no_own_topic", name=phrases.topic_names([profile.topic], lang)))
    return " ".join([*lines, text(lang, "guidance.decided_elsewhere")])


def _again(lang: Language) -> Suggestion:
    question = text(lang, "catalogue.ask_guidance_question")
    return Suggestion(title=text(lang, "guidance.again"), payload=question)
