"""Modules of the chat page that have corners of their own, run in the browser that runs them."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

OpenPage = Callable[..., Page]

SEGMENTS = """async ([text, quotes]) => {
  const { segments } = await import("./static/quotes.js");
  return segments(text, quotes.map((quote) => ({ quote }))).map(({ text, numbers }) => [text, numbers]);
}"""
READ = """async (chunks) => {
  const { readEvents } = await import("./static/events.js");
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new Uint8Array(chunk));
      controller.close();
    },
  });
  const events = [];
  for await (const event of readEvents(body)) events.push([event.name, event.data]);
  return events;
}"""


@pytest.mark.parametrize(
    ("text", "quotes", "expected"),
    [
        ("Laut Bericht: Rund 50.", ["Rund 50."], [["Laut Bericht: ", []], ["Rund 50.", [1]]]),
        ("A eins. B zwei.", ["B zwei.", "A eins."], [["A eins.", [2]], [" ", []], ["B zwei.", [1]]]),
        ("A eins. B zwei.", ["A eins. B zwei.", "B zwei."], [["A eins. B zwei.", [1, 2]]]),
        ("eins zwei drei", ["eins zwei", "zwei drei"], [["eins zwei", [1]], [" drei", [2]]]),
        ("50 (fünfzig)\nEuro", ["50 (fünfzig) Euro"], [["50 (fünfzig)\nEuro", [1]]]),
        ("Nichts davon.", ["anderswo", "  "], [["Nichts davon.", []]]),
    ],
    ids=["own words before", "out of order", "one within the other", "overlapping", "wrapped", "not in the text"],
)
def test_quoted_words_are_found(open_page: OpenPage, text: str, quotes: list[str], expected: list[Any]) -> None:
    assert open_page().evaluate(SEGMENTS, [text, quotes]) == expected


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_events_are_read_however_they_are_cut(open_page: OpenPage, size: int) -> None:
    stream = 'event: typing\r\ndata: {}\r\n\r\n: waiting\n\nevent: message\ndata: {"text":\ndata: "Köln"}\n\n'.encode()
    chunks = [list(stream[at : at + size]) for at in range(0, len(stream), size)]
    assert open_page().evaluate(READ, chunks) == [["typing", {}], ["", None], ["message", {"text": "Köln"}]]
