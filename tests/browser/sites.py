"""Another site with a page that shows the chat: its own style sheet for everything, and a strict policy."""

import threading
from collections.abc import Iterator
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


@contextmanager
def site(port: int, bot: str) -> Iterator[str]:
    """Serves the page at `/?…`, where the query holds the element's attributes; gives the site's address."""
    policy = f"default-src 'none'; script-src 'self' {bot}; style-src 'self'; connect-src {bot}; base-uri 'none'"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            found = {"/style.css": ("text/css", STYLE), "/keys.js": ("text/javascript", KEYS)}.get(path)
            kind, text = found or ("text/html", page(bot, query))
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header(
                "Content-Security-Policy", f"{policy}; require-trusted-types-for 'script'; trusted-types 'none'"
            )
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def page(bot: str, query: str) -> str:
    """The page, its element with the attributes that the query holds."""
    given = parse_qsl(query, keep_blank_values=True)
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in given)
    return PAGE.format(bot=bot, lang=dict(given).get("language", "de"), attributes=attributes)
