"""What may stand around the chat: another site with its own styles and a strict policy; a proxy with a path."""

import http.client
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

STYLE = """
html { font-size: 62.5%; }
* { color: red !important; letter-spacing: 3px; text-transform: uppercase !important; line-height: 4 !important; }
div, p, button, dialog, textarea, ul, li, section, stadtlotse-chat {
  display: inline !important; position: static !important; width: 90px !important; font-size: 40px !important;
  background: lime !important; border: 9px dashed blue !important; opacity: 0.4 !important;
  visibility: hidden !important;
}
body, main, h1, a, input { visibility: visible !important; }
main { height: 3000px; }
"""
KEYS = "window.keys = []; document.addEventListener('keydown', (event) => window.keys.push(event.key));"
PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stadt Beispiel</title><link rel="stylesheet" href="style.css"><script src="keys.js"></script>
<script type="module" src="{bot}/widget.js"></script></head>
<body><main><h1>Stadt Beispiel</h1><a href="#top">Startseite</a></main>
<stadtlotse-chat {attributes}></stadtlotse-chat></body></html>
"""


class _Quiet(BaseHTTPRequestHandler):
    """A handler that writes no log."""

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        """Send a whole response."""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _listening(port: int, handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def site(port: int, bot: str) -> Iterator[str]:
    """Serves the page at `/?…`, where the query holds the element's attributes; gives the site's address."""
    policy = f"default-src 'none'; script-src 'self' {bot}; style-src 'self'; connect-src {bot}; base-uri 'none'"
    strict = ("Content-Security-Policy", f"{policy}; require-trusted-types-for 'script'; trusted-types 'none'")

    class Handler(_Quiet):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            found = {"/style.css": ("text/css", STYLE), "/keys.js": ("text/javascript", KEYS)}.get(path)
            kind, text = found or ("text/html", page(bot, query))
            self.answer(200, [("Content-Type", f"{kind}; charset=utf-8"), strict], text.encode())

    with _listening(port, Handler) as address:
        yield address


@contextmanager
def proxy(
    port: int, bot: str, path: str, passes: Callable[[int, str], bool] | None = None, seconds: float = 0
) -> Iterator[str]:
    """Passes on what is asked below a path, as a town's web server does; gives the chat page's address there.

    Answers are held back until they are whole. Where `passes` is given, events are passed on one by one, as long apart
    as `seconds` says; at one of which, by the number of its answer and its text, it says False, the line is cut.
    """
    answers: list[str] = []

    class Handler(_Quiet):
        def do_GET(self) -> None:
            if not self.path.startswith(path):
                self.answer(404, [], b"")
                return
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length) if length else None
            headers = {name: value for name, value in self.headers.items() if name != "Connection"}
            request = urllib.request.Request(f"{bot}/{self.path[len(path) :]}", body, headers, method=self.command)
            try:
                with urllib.request.urlopen(request, timeout=60) as response:
                    if passes and response.headers.get_content_type() == "text/event-stream":
                        self._pass_events(response)
                    else:
                        self._pass(response.status, response.headers.items(), response.read())
            except urllib.error.HTTPError as error:
                with error:
                    self._pass(error.code, error.headers.items(), error.read())

        do_POST = do_DELETE = do_GET

        def _pass(self, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
            own = ("content-length", "transfer-encoding", "connection", "date", "server")
            self.answer(status, [(name, value) for name, value in headers if name.lower() not in own], body)

        def _pass_events(self, response: http.client.HTTPResponse) -> None:
            answers.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            event = b""
            for line in response:
                event += line
                if line != b"\n":
                    continue
                if not passes or not passes(len(answers), event.decode()):
                    return
                self.wfile.write(event)
                event = b""
                time.sleep(seconds)

    with _listening(port, Handler) as address:
        yield f"{address}{path}"


def page(bot: str, query: str) -> str:
    """The page, its element with the attributes that the query holds."""
    given = parse_qsl(query, keep_blank_values=True)
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in given)
    return PAGE.format(bot=bot, lang=dict(given).get("language", "de"), attributes=attributes)
