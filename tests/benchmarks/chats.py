"""The chat beside others, each with the same conversation: `python -m tests.benchmarks chats --packages DIR`.

DIR is a folder in which this was run: `npm install deep-chat botframework-webchat @carbon/ai-chat react@18 react-dom@18
punycode esbuild`. Each chat stands alone on a page of this machine, in Chromium. Prints what is sent (zipped) and asked
for until the conversation is seen, when that is on a slow 4G line (medians of runs in turns), what axe-core finds in
light and dark at a desk and on a phone, what a strict policy forbids, and whether a window of 320 pixels needs sideways
scrolling.
Set IBM_TELEMETRY_DISABLED=true before: the last of the three else tells its maker of the installation.
"""

import argparse
import gzip
import json
import mimetypes
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

from knowledge.messages import Citation, Kind, Message, Suggestion
from knowledge.settings import PROJECT
from tests.processes import eventually, free_ports, process, status

_QUESTION = "Wie hoch ist die Förderquote?"
_ANSWER = "Der Bund trägt 65 Prozent der förderfähigen Ausgaben."
_SOURCE = "Merkblatt Modellprojekte"
_NEXT = ("Wer darf das beantragen?", "Bis wann?")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Lets a page load scripts and data from this machine, and its own style sheets; nothing written into the page itself.
_LOCAL = "'self' http://127.0.0.1:*"
_POLICY = (
    f"default-src 'none'; script-src {_LOCAL}; connect-src {_LOCAL}; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'"
)
# What Lighthouse takes for slow 4G.
_LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 750_000 / 8}
_PATIENCE_MILLISECONDS = 60_000
_RUNS = 5
_LOOKS = [
    {"viewport": size, "color_scheme": scheme}
    for size in ({"width": 1200, "height": 800}, {"width": 390, "height": 844})
    for scheme in ("light", "dark")
]

_PAGE = """<!doctype html><html lang="de"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Stadt Beispiel</title>
<link rel="icon" href="data:,"><script type="module" src="{entry}"></script></head>
<body><main><h1>Stadt Beispiel</h1></main></body></html>"""

_ENTRIES = {
    "deep-chat": """
import "deep-chat";
const chat = document.createElement("deep-chat");
chat.history = [
  { role: "user", text: QUESTION }, { role: "ai", text: `${ANSWER}\\n\\n[${SOURCE}](/source)` },
  { role: "ai", html: NEXT.map((one) => `<button class="deep-chat-suggestion-button">${one}</button>`).join("") },
];
chat.connect = { url: "/ask" };
document.body.append(chat);
""",
    "botframework-webchat": """
import { renderWebChat } from "botframework-webchat";
const time = new Date().toISOString();
const bot = { id: "bot", role: "bot" };
const activities = [
  { type: "message", id: "1", timestamp: time, from: { id: "user", role: "user" }, text: QUESTION },
  { type: "message", id: "2", timestamp: time, from: bot, text: `${ANSWER}\\n\\n[${SOURCE}](/source)`,
    suggestedActions: { actions: NEXT.map((one) => ({ type: "imBack", title: one, value: one })), to: [] } },
];
const line = (...values) => ({
  subscribe(observer, ...rest) {
    const next = typeof observer === "function" ? observer : observer.next.bind(observer);
    values.forEach((value) => setTimeout(() => next(value)));
    return { unsubscribe() {} };
  },
  [Symbol.observable ?? "@@observable"]() { return this; },
});
const box = document.createElement("div");
box.style.height = "600px";
document.querySelector("main").append(box);
renderWebChat({ locale: "de-DE", userID: "user", directLine: {
  activity$: line(...activities), connectionStatus$: line(0, 1, 2), postActivity: () => line("3"), end() {} } }, box);
""",
    "@carbon/ai-chat": """
import "@carbon/ai-chat/dist/es/web-components/cds-aichat-container/index.js";
const time = new Date().toISOString();
const options = NEXT.map((label) => ({ label, value: { input: { text: label } } }));
const generic = [
  { response_type: "text", text: `${ANSWER}\\n\\n[${SOURCE}](/source)` },
  { response_type: "option", title: "Weiter", options },
];
const chat = document.createElement("cds-aichat-container");
Object.assign(chat, { openChatByDefault: true, locale: "de", messaging: {
  customSendMessage: async () => {},
  customLoadHistory: async () => [
    { time, message: { id: "1", input: { message_type: "text", text: QUESTION }, history: { timestamp: time } } },
    { time, message: { id: "2", output: { generic }, history: { timestamp: time } } },
  ],
} });
document.body.append(chat);
""",
}


@contextmanager
def _site(folder: Path) -> Iterator[str]:
    """A folder as a site that zips what it sends; `/strict/…` is the same under a strict policy."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            is_strict = path.startswith("/strict/")
            file = folder / path.removeprefix("/strict").lstrip("/")
            found = file.is_file()
            body = gzip.compress(file.read_bytes() if found else b"", 6)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", mimetypes.guess_type(file.name)[0] or "text/plain")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            if is_strict:
                self.send_header("Content-Security-Policy", _POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@contextmanager
def _gateway(folder: Path, origin: str) -> Iterator[str]:
    """Our own gateway; what it would have to ask the dialogue, the page's requests are answered with here."""
    (port,) = free_ports(1)
    variables = {"STADTLOTSE_VAR": str(folder), "STADTLOTSE_PORT": str(port), "STADTLOTSE_WIDGET_ORIGINS": origin}
    command = [sys.executable, "-m", "bot.gateway"]
    with process(command, os.environ | variables, PROJECT, folder / "gateway.log"):
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: status(f"{url}/healthz") == 200)
        yield url


def _bundle(packages: Path, folder: Path) -> None:
    """Put each chat and its conversation together, as who builds a site would."""
    words = {"QUESTION": _QUESTION, "ANSWER": _ANSWER, "SOURCE": _SOURCE, "NEXT": _NEXT}
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in words.items())
    for name, source in _ENTRIES.items():
        place = folder / name.replace("/", "-")
        entry = packages / f"entry-{place.name}.js"
        imports, rest = source.strip().split("\n", 1)
        entry.write_text(f"{imports}\n{constants}{rest}", encoding="utf-8")
        options = ["--bundle", "--minify", "--splitting", "--format=esm", "--log-level=error", f"--outdir={place}"]
        subprocess.run([packages / "node_modules/.bin/esbuild", entry, "--entry-names=main", *options], check=True)
        entry.unlink()
        (place / "index.html").write_text(_PAGE.format(entry="main.js"), encoding="utf-8")


def _our_page(folder: Path, gateway: str) -> None:
    place = folder / "stadtlotse"
    place.mkdir()
    page = _PAGE.format(entry=f"{gateway}/widget.js").replace("</main>", "</main><stadtlotse-chat></stadtlotse-chat>")
    (place / "index.html").write_text(page, encoding="utf-8")


def _answer_for_the_dialogue(page: Page) -> None:
    """The conversation of the last visit, from here."""
    message = Message(
        kind=Kind.ANSWER,
        text=_ANSWER,
        lang="de",
        citations=[Citation(title=_SOURCE, url="/sources/merkblatt/1", quote=_ANSWER)],
        suggestions=[Suggestion(title=one, payload=one) for one in _NEXT],
        confidence=1,
    )
    turn = {"id": "1", "text": _QUESTION, "state": "answered", "messages": [message.model_dump(mode="json")]}
    page.add_init_script("localStorage.setItem('stadtlotse.conversation', '\"1\"');")
    page.add_init_script("sessionStorage.setItem('stadtlotse.open', '1');")

    def fulfil(route: Route, body: object) -> None:
        route.fulfill(json=body, headers={"Access-Control-Allow-Origin": "*"})

    transcript = {"lang": "de", "turns": [turn], "ready": True}
    page.route("**/api/conversations/*/messages", lambda route: fulfil(route, transcript))


def _seen(page: Page, url: str) -> float:
    """Open a page and wait for the answer and what it offers; milliseconds."""
    begun = time.perf_counter()
    page.goto(url)
    if "stadtlotse" in url and page.viewport_size and page.viewport_size["width"] < 640:
        page.locator("stadtlotse-chat .launcher").click()  # on a phone it does not open by itself
    page.get_by_text(_NEXT[0]).first.wait_for(timeout=_PATIENCE_MILLISECONDS)
    return (time.perf_counter() - begun) * 1000


def _sent(browser: Browser, name: str, url: str) -> dict[str, Any]:
    """What one visit on a slow line takes."""
    page = _opened(browser, name, _LOOKS[0])
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", _LINE)
    sent: list[float] = []
    asked: list[str] = []
    line.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    line.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    seen = _seen(page, url)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
    page.context.close()
    asked = [one for one in asked if not one.startswith(("data:", "blob:"))]
    return {
        "conversation seen, ms": seen,
        "first paint, ms": paint or 0,
        "KB": sum(sent) / 1024,
        "requests": len(asked),
        "hosts beside": sorted({urlsplit(one).hostname or "" for one in asked} - {"127.0.0.1"}),
    }


def _looked_at(browser: Browser, name: str, site: str, screens: Path) -> dict[str, Any]:
    """What axe-core finds, at most of all looks, and how a narrow window and a strict policy do."""
    address = f"{site}/{name}/index.html"
    found: dict[str, int] = {}
    for number, look in enumerate(_LOOKS):
        page = _opened(browser, name, look)
        _seen(page, address)
        page.wait_for_timeout(1_000)
        page.screenshot(path=screens / f"{name}-{number}.png")
        for rule in Axe().run(page, options={"runOnly": {"type": "tag", "values": _RULES}}).response["violations"]:
            found[rule["id"]] = max(found.get(rule["id"], 0), len(rule["nodes"]))
        page.context.close()
    page = _opened(browser, name, {"viewport": {"width": 320, "height": 640}})
    _seen(page, address)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.screenshot(path=screens / f"{name}-narrow.png")
    page.context.close()
    figures = {"axe: elements by rule": found, "sideways scrolling at 320": wide}
    return figures | _under_policy(browser, name, f"{site}/strict/{name}/index.html")


def _under_policy(browser: Browser, name: str, url: str) -> dict[str, Any]:
    page = _opened(browser, name, _LOOKS[0])
    page.add_init_script(
        "window.forbidden = []; addEventListener('securitypolicyviolation', "
        "(event) => window.forbidden.push(event.effectiveDirective));"
    )
    page.goto(url)
    try:
        page.get_by_text(_NEXT[0]).first.wait_for(timeout=10_000)
        is_seen = True
    except Exception:
        is_seen = False
    forbidden: list[str] = page.evaluate("window.forbidden")
    page.context.close()
    return {"seen under a strict policy": is_seen, "forbidden by it": {one: forbidden.count(one) for one in forbidden}}


def _opened(browser: Browser, name: str, look: dict[str, Any]) -> Page:
    page = browser.new_context(**{"locale": "de-DE", "reduced_motion": "reduce", **look}).new_page()
    # Answering requests here slows all others down, so that it is turned on for each chat.
    page.route("**/nowhere", lambda route: route.abort())
    if name == "stadtlotse":
        _answer_for_the_dialogue(page)
    return page


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print one JSON line a chat."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks chats")
    parser.add_argument("--packages", type=Path, required=True, help="where npm installed the others")
    parser.add_argument("--screens", type=Path, help="folder for pictures of what was measured")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary, "site")
        folder.mkdir()
        screens = chosen.screens or Path(temporary)
        _bundle(chosen.packages.resolve(), folder)
        with _site(folder) as site, _gateway(Path(temporary), site) as gateway:
            _our_page(folder, gateway)
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            names = ["stadtlotse", *(name.replace("/", "-") for name in _ENTRIES)]
            visits: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
            for _ in range(_RUNS):
                for name in names:
                    visits[name].append(_sent(browser, name, f"{site}/{name}/index.html"))
            for name in names:
                numbers = ("conversation seen, ms", "first paint, ms", "KB", "requests")
                medians = {key: round(statistics.median(one[key] for one in visits[name])) for key in numbers}
                hosts = sorted({host for one in visits[name] for host in one["hosts beside"]})
                rest = {"hosts beside": hosts} | _looked_at(browser, name, site, screens)
                print(json.dumps({"chat": name} | medians | rest), flush=True)
            browser.close()
