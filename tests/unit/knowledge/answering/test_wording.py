"""How messages are put together."""

from knowledge.answering.wording import listed_and_answered
from knowledge.messages import Cell, Citation, Item, Kind, Message, Row, Suggestion, Table, with_items, with_table


def cited(*titles: str) -> list[Citation]:
    return [Citation(title=title, url=f"/sources/{title}/1?quote=0-1", quote="Q") for title in titles]


def listed() -> Message:
    items = [Item(title="MPSC", details=[Cell(text="läuft", citations=[1])]), Item(title="KTS")]
    lead = "Ich kenne 2 Programme:"
    return Message(
        kind=Kind.ANSWER, text=with_items(lead, items), lead=lead, lang="de", items=items, citations=cited("list"),
        confidence=1.0,
    )  # fmt: skip


def test_an_answer_beside_a_list_stands_before_it_with_its_source() -> None:
    offered = [Suggestion(title="mehr", payload="mehr")]
    more = Message(
        kind=Kind.ANSWER, text="Die Quote ist 65 Prozent.", lang="de", citations=cited("fact"), suggestions=offered,
        confidence=0.9,
    )  # fmt: skip
    both = listed_and_answered(listed(), more)
    assert (
        both.text.startswith("Die Quote ist 65 Prozent.") and both.lead is not None and both.text.startswith(both.lead)
    )
    assert [item.title for item in both.items] == ["MPSC", "KTS"]
    assert [one.title for one in both.citations] == ["list", "fact"] and both.suggestions == offered


def test_a_table_beside_a_list_follows_it_and_cites_its_own_sources() -> None:
    table = Table(
        caption="Fristen", header=["MPSC", "KTS"], rows=[Row(head="Frist", cells=[Cell(text="2021", citations=[1])])]
    )
    table.rows[0].cells.append(Cell(text="unbekannt"))
    lead = "Im Vergleich, nur Frist:"
    more = Message(
        kind=Kind.ANSWER, text=with_table(lead, table), lead=lead, lang="de", table=table, citations=cited("fact"),
        confidence=1.0,
    )  # fmt: skip
    both = listed_and_answered(listed(), more)
    assert both.table is not None and both.items == [] and "1. MPSC" in both.text and lead in both.text
    [cell, _] = both.table.rows[0].cells
    assert [both.citations[number - 1].title for number in cell.citations] == ["fact"]
