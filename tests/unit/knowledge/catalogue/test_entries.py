"""Whether a fact sheet matches, how it stands on a day, and in which order entries are shown."""

from datetime import date
from typing import Any

import pytest

from knowledge.catalogue.criteria import PROGRAMMES, Criteria, Going
from knowledge.catalogue.entries import Entry, Standing, entry, in_order
from knowledge.factsheet import FactSheet, Level, Municipality, SheetKind
from tests.unit.knowledge.samples import raw_fact, raw_sheet

TODAY = date(2026, 5, 1)


def made(key: str = "demo", deadline: str | None = None, state: str = "running", **changes: Any) -> Entry:
    """An entry of a made-up sheet, with a deadline where one is given."""
    facts = [raw_fact()]
    if deadline:
        quantities = [{"kind": "deadline", "date": deadline}]
        facts.append(raw_fact(id="DEM-02", attribute="deadline", quantities=quantities))
    status = {"state": state, "text": {"de": "Stand.", "en": "State."}, "as_of": "2026"}
    raw = raw_sheet(key=key, kind="funding programme", status=status, facts=facts)
    return entry(FactSheet.model_validate(raw | changes), TODAY)


@pytest.mark.parametrize(
    ("deadline", "state", "standing"),
    [
        ("2026-05-01", "running", Standing.OPEN),
        ("2026-04-30", "running", Standing.PASSED),
        ("2026-04-30", "unknown", Standing.PASSED),
        (None, "running", Standing.RUNNING),
        (None, "unknown", Standing.UNKNOWN),
        ("2027-01-01", "ended", Standing.ENDED),
    ],
)
def test_standing_follows_the_last_deadline_and_the_state(deadline: str | None, state: str, standing: Standing) -> None:
    assert made(deadline=deadline, state=state).standing is standing


def test_the_latest_of_several_deadlines_counts() -> None:
    facts = [
        raw_fact(id=f"DEM-0{number}", attribute="deadline", quantities=[{"kind": "deadline", "date": day}])
        for number, day in ((1, "2027-03-01"), (2, "2021-03-14"))
    ]
    found = made(facts=facts)
    assert found.deadline is not None and (found.deadline.fact, found.standing) == ("DEM-01", Standing.OPEN)


def test_what_is_open_comes_first_and_what_has_passed_or_ended_last() -> None:
    entries = [
        made("a", state="ended"),
        made("b", "2020-01-01"),
        made("c", state="unknown"),
        made("d"),
        made("e", "2026-12-31"),
    ]
    assert [one.key for one in in_order(entries)] == ["e", "d", "c", "b", "a"]


def test_programmes_of_the_land_come_before_all_others() -> None:
    own = made("own", "2020-01-01", level="Land", laender=["HE"])
    assert [one.key for one in in_order([made("nationwide"), own], ["HE"])] == ["own", "nationwide"]


@pytest.mark.parametrize(
    ("criteria", "changes", "matches"),
    [
        (Criteria(laender=("HE",)), {"level": "Land", "laender": ["HE"]}, True),
        (Criteria(laender=("HE",)), {"level": "Land", "laender": ["BY"]}, False),
        (Criteria(laender=("HE",)), {"level": "Bund", "laender": []}, True),
        (Criteria(laender=("HE",)), {"level": "Kommune", "laender": []}, False),
        (Criteria(levels=frozenset({Level.EU})), {"level": "Bund"}, False),
        (Criteria(topics=("water",)), {"sectors": ["Abwasser"]}, True),
        (Criteria(topics=("water",)), {"sectors": ["Energie"]}, False),
        (Criteria(topics=("broadband",)), {"sectors": ["Internet der Dinge"]}, False),
        (Criteria(others=("strassenbeleuchtung",)), {"sectors": ["Straßenbeleuchtung"]}, True),
        (Criteria(others=("hundeparks",)), {"sectors": ["Energie"]}, False),
        (Criteria(kinds=frozenset({SheetKind.STANDARD})), {}, False),
        (Criteria(kinds=PROGRAMMES), {"kind": "initiative"}, True),
    ],
)
def test_criteria_are_held_against_the_sheet(criteria: Criteria, changes: dict[str, Any], matches: bool) -> None:
    assert made(**changes).matches(criteria) is matches


def test_municipalities_match_only_where_a_fact_names_them() -> None:
    wanted = Criteria(municipality=Municipality.COUNTY)
    fact = raw_fact()["id"]
    assert made(applicants=[{"kinds": ["county"], "fact": fact}]).matches(wanted)
    assert not made(applicants=[{"kinds": ["small town"], "fact": fact}]).matches(wanted)
    assert not made().matches(wanted)


@pytest.mark.parametrize(
    ("going", "deadline", "state", "matches"),
    [
        (Going.OPEN, "2026-12-31", "unknown", True),
        (Going.OPEN, None, "running", False),
        (Going.RUNNING, "2020-01-01", "running", True),
        (Going.RUNNING, None, "unknown", False),
        (Going.ENDED, "2020-01-01", "running", True),
        (Going.ENDED, None, "running", False),
    ],
)
def test_open_needs_a_deadline_to_come_and_running_a_sheet_that_says_so(
    going: Going, deadline: str | None, state: str, matches: bool
) -> None:
    assert made(deadline=deadline, state=state).matches(Criteria(going=going)) is matches


def test_a_sheet_may_only_refer_to_facts_it_has() -> None:
    with pytest.raises(ValueError, match="there is no fact DEM-99"):
        made(aims=[{"purpose": "strategy", "fact": "DEM-99"}])
