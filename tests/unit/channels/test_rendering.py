"""The same message on every platform: nothing is lost, nothing is made up, and the platforms' limits are kept."""

import html
import io
import json

import pytest
from rich.console import Console

from bot.channels.common.dispatch import NOTHING, Shown
from bot.channels.slack import blocks
from bot.channels.teams import cards
from bot.cli.rendering import print_message
from knowledge.messages import (
    Cell,
    Citation,
    Item,
    Kind,
    Message,
    Progress,
    Row,
    Suggestion,
    Table,
    with_items,
    with_table,
)
from knowledge.retrieval.citing import shown_date
from knowledge.texts import text

BASE = "https://lotse.example"
SENTENCE = "Der Antrag ist bis zum Ende des Jahres bei der Bewilligungsstelle zu stellen. "


def citation(number, **fields):
    """A citation with everything a source can say."""
    return Citation(
        **{
            "title": f"Dokument {number}",
            "url": f"/sources/doc-{number}/{number}?quote=0-{number}",
            "page": number,
            "heading": f"Abschnitt {number}",
            "as_of": f"2024-0{number}",
            "quote": f"Zitat {number} mit * Stern, <Klammern> & [Zeichen].",
            "origins": [f"https://www.quelle{number}.example/pfad"],
            **fields,
        }
    )


ITEMS = [
    Item(title="Erstes *Programm*", details=[Cell(text="läuft & gilt <überall>", citations=[1])]),
    Item(title="Zweites", details=[Cell(text="beendet", citations=[2]), Cell(text="Frist: 3. Mai 2021")], is_past=True),
]
TABLE = Table(
    caption="Vergleich von A und B",
    header=["A", "B"],
    rows=[
        Row(
            head="Quote", cells=[Cell(text="65 Prozent [brutto]", citations=[1]), Cell(text="dazu ist nichts bekannt")]
        ),
        Row(head="Frist", cells=[Cell(text="keine", citations=[1, 2]), Cell(text="Ende Mai", citations=[2])]),
    ],
)
LONG_TABLE = Table(
    caption="Langer Vergleich",
    header=["A", "B", "C"],
    rows=[
        Row(head=f"Zeile {row}", cells=[Cell(text=(SENTENCE * 8).strip(), citations=[column]) for column in (1, 2, 3)])
        for row in range(12)
    ],
)


def listed(items, *numbers):
    """A message that lists items."""
    lead = f"Ich kenne {len(items)}:"
    sources = [citation(number) for number in numbers]
    text = with_items(lead, items)
    return Message(kind=Kind.ANSWER, text=text, lead=lead, lang="de", items=items, citations=sources, confidence=1)


def tabled(table, *numbers):
    """A message that holds a table."""
    sources = [citation(number) for number in numbers]
    text = with_table("Im Vergleich:", table)
    return Message(
        kind=Kind.ANSWER, text=text, lead="Im Vergleich:", lang="de", table=table, citations=sources, confidence=1
    )


MESSAGES = {
    "list": listed(ITEMS, 1, 2),
    "long list": listed(ITEMS * 8, 1, 2),
    "table": tabled(TABLE, 1, 2),
    "long table": tabled(LONG_TABLE, 1, 2, 3),
    "step": Message(
        kind=Kind.CHOICE,
        text="In welchem Land?",
        lang="de",
        progress=Progress(step=1, of=4, label="Land"),
        suggestions=[Suggestion(title=f"Land {number}", payload=f"Land {number}") for number in range(18)],
        confidence=1,
    ),
    "answer": Message(
        kind=Kind.ANSWER,
        text="Zu: MPSC\nZitat 1 mit * Stern, <Klammern> & [Zeichen].",
        lang="de",
        citations=[citation(1), citation(2)],
        suggestions=[
            Suggestion(title="Frist", payload="Bis wann läuft MPSC?"),
            Suggestion(title="Wer", payload="Wer?"),
        ],
        confidence=0.9,
    ),
    "English answer without page, heading and date": Message(
        kind=Kind.ANSWER,
        text="It is 65 %.",
        lang="en",
        citations=[citation(3, page=None, heading=None, as_of=None, origins=[], lang="en")],
        confidence=0.8,
    ),
    "abstention": Message(
        kind=Kind.ABSTENTION,
        text="Das weiß ich nicht.",
        lang="de",
        suggestions=[Suggestion(title="MPSC", payload="Was ist MPSC?")],
        confidence=0.1,
    ),
    "choice": Message(
        kind=Kind.CHOICE,
        text="Welches Land?",
        lang="de",
        suggestions=[Suggestion(title="NRW", payload="NRW"), Suggestion(title="Hessen", payload="Hessen")],
        confidence=1,
    ),
    "text": Message(kind=Kind.TEXT, text="Guten Tag!", lang="de", confidence=1),
    "long answer": Message(
        kind=Kind.ANSWER,
        text=(SENTENCE * 150).strip(),
        lang="de",
        citations=[citation(number, quote=(SENTENCE * 60).strip()) for number in range(1, 9)],
        confidence=0.9,
    ),
}


def leaves(value, name=None):
    """All texts under a name in nested JSON, or all texts."""
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str) and name in (None, key):
                yield item
            yield from leaves(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, name)


def on_web(message):
    """The message as the page gets it."""
    shown = message.model_dump(mode="json")
    links = [BASE + found["url"] for found in shown["citations"]]
    return " ".join(leaves(shown)), links, [offered["payload"] for offered in shown["suggestions"]]


def on_terminal(message):
    """The message as `stadtlotse chat` prints it, which shows titles of questions and no quotes beside the text."""
    console = Console(file=io.StringIO(), width=10_000)
    print_message(console, message, BASE)
    printed = console.file.getvalue()
    links = [line.strip() for line in printed.splitlines() if line.strip().startswith(BASE)]
    return printed, links, None


def on_slack(message):
    """The message in Block Kit."""
    shown = [block for post in blocks.posts(message, BASE, "ref", NOTHING) for block in post.blocks]
    words = " ".join(leaves([block for block in shown if block["type"] != "actions"], "text"))
    links = [link for link in leaves(shown, "url") if link.startswith(BASE)]
    buttons = [element for block in shown if block["type"] == "actions" for element in block["elements"]]
    return words, links, [button["value"] for button in buttons if button["action_id"].startswith(blocks.ASK)]


def on_teams(message):
    """The message as text and cards."""
    activities = [post.activity() for post in cards.posts(message, BASE, "ref", NOTHING)]
    bodies = [attachment.content["body"] for activity in activities for attachment in activity.attachments or []]
    words = " ".join([html.unescape(activity.text or "") for activity in activities] + list(leaves(bodies, "text")))
    links = [link for link in leaves(bodies, "url") if link.startswith(BASE)]
    return words, links, list(leaves(bodies, "question"))[::2]  # each has a fallback


@pytest.mark.parametrize("platform", [on_web, on_terminal, on_slack, on_teams])
@pytest.mark.parametrize("name", MESSAGES)
def test_every_platform_says_the_same(name, platform):
    message = MESSAGES[name]
    words, links, questions = platform(message)
    flat = " ".join(words.split())
    for line in (message.lead or message.text).splitlines():
        for sentence in line.split(". "):
            assert sentence in flat
    for item in message.items:
        assert item.title in flat
        assert all(detail.text in flat for detail in item.details)
    for cell in [cell for row in (message.table.rows if message.table else []) for cell in row.cells]:
        assert all(sentence in flat for sentence in cell.text.split(". "))
        assert platform is on_web or all(f"[{number}]" in flat for number in cell.citations)
    if message.progress and platform is not on_web:
        assert "Schritt 1 von 4: Land" in flat
    for found in message.citations:
        assert found.title in flat
        as_of = shown_date(found.as_of, message.lang) if found.as_of and platform is not on_web else found.as_of
        for said in (found.heading, as_of):
            assert said is None or said in flat
        if found.page and platform is not on_web:
            assert text(message.lang, "channels.page", page=found.page) in flat
        if platform in (on_slack, on_teams) and message.lead is None:
            assert all(sentence in flat for sentence in found.quote.split(". "))
    assert links == [BASE + found.url for found in message.citations]
    if questions is not None:
        assert questions == [offered.payload for offered in message.suggestions]
    else:
        assert all(offered.title in flat for offered in message.suggestions)


@pytest.mark.parametrize("name", MESSAGES)
def test_slack_gets_what_it_takes(name):
    for post in blocks.posts(MESSAGES[name], BASE, "r" * 20, Shown(asked="Frage: " + "x" * 1_000)):
        assert len(post.blocks) <= 50
        assert len(post.text) <= 4_000
        assert len(json.dumps(post.blocks, ensure_ascii=False)) <= 13_000
        for block in post.blocks:
            match block["type"]:
                case "section":
                    assert 0 < len(block["text"]["text"]) <= 3_000
                case "table":
                    assert len(block["rows"]) <= 100
                    assert sum(each["type"] == "table" for each in post.blocks) == 1
                case "actions":
                    assert len(block["elements"]) <= 25
                    assert len({element["action_id"] for element in block["elements"]}) == len(block["elements"])
                    assert all(len(element["text"]["text"]) <= 75 for element in block["elements"])
                    assert all(len(element["value"]) <= 2_000 for element in block["elements"])


@pytest.mark.parametrize("name", MESSAGES)
def test_teams_gets_what_it_takes(name):
    for post in cards.posts(MESSAGES[name], BASE, "r" * 20, Shown(asked="Frage: " + "x" * 1_000)):
        activity = post.activity().model_dump(mode="json", by_alias=True, exclude_none=True)
        assert len(json.dumps(activity, ensure_ascii=False).encode()) <= cards.MESSAGE_BYTES
        for attachment in activity.get("attachments", []):
            assert attachment["content"]["version"] == "1.5"


def test_the_text_alone_says_what_a_list_or_table_shows():
    for message in (listed(ITEMS, 1, 2), tabled(TABLE, 1, 2)):
        assert message.text.startswith(message.lead)
        assert all(item.title in message.text for item in message.items)
        for row in message.table.rows if message.table else []:
            assert all(
                f"{head}: {cell.text}" in message.text for head, cell in zip(TABLE.header, row.cells, strict=True)
            )


def test_thumbs_stand_below_answers_alone():
    for name, message in MESSAGES.items():
        last = blocks.posts(message, BASE, "ref", NOTHING)[-1]
        has_thumbs = blocks.UP in json.dumps(last.blocks)
        assert has_thumbs == (message.kind in (Kind.ANSWER, Kind.ABSTENTION)), name
        activity = cards.posts(message, BASE, "ref", NOTHING)[-1]
        assert ('"vote"' in json.dumps(activity.card)) == has_thumbs, name
