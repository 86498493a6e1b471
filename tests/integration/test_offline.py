"""No request leaves the machine when text is embedded. The guard is an audit hook: it sees every socket of Python."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

GUARD = """
import ipaddress, json, os, sys

attempts = []

def is_local(host):
    if host in (None, "", b"", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host if isinstance(host, str) else host.decode()).is_loopback
    except ValueError:
        return False

def guard(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not is_local(host):
        attempts.append(f"{event} {host}")
        raise OSError(f"the guard refuses {host}")

sys.addaudithook(guard)
"""
EMBED = """
from knowledge.encoding.embedding import Embedder
from knowledge.errors import StadtlotseError
from knowledge.settings import settings

try:
    embedder = Embedder.load(settings())
    result = [*embedder.embed_queries(["Frage"]).shape, *embedder.embed_passages(["Text", "text"]).shape]
except StadtlotseError as error:
    result = str(error)
print(json.dumps({"result": result, "attempts": attempts}))
"""
IMPORT_FIRST = "import huggingface_hub.constants\nassert not huggingface_hub.constants.HF_HUB_OFFLINE\n"
WITHOUT_WAITING = "import time\ntime.sleep = lambda seconds: None\n"  # between the attempts of the hub's client
ASK_A_HOST = """
import socket, urllib.request
for ask in (
    lambda: urllib.request.urlopen("http://example.org/", timeout=5),
    lambda: socket.create_connection(("192.0.2.1", 80), timeout=5),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
):
    try:
        ask()
    except OSError:
        pass
print(json.dumps({"attempts": attempts}))
"""


def guarded(script: str, cache: Path, **variables: str) -> "dict[str, object]":
    """What `script` prints, run with a guard on its sockets, an empty Hugging Face cache and only these `variables`."""
    inherited = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("HF_", "TRANSFORMERS_", "STADTLOTSE_", "HUGGINGFACE_")) and "proxy" not in name.lower()
    }  # fmt: skip
    process = subprocess.run(
        [sys.executable, "-c", GUARD + script],
        env=inherited | {"HF_HOME": str(cache)} | variables, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    answer: dict[str, object] = json.loads(process.stdout.splitlines()[-1])
    return answer


def test_the_guard_sees_requests(tmp_path: Path) -> None:
    assert guarded(ASK_A_HOST, tmp_path)["attempts"] == [
        "socket.getaddrinfo example.org", "socket.getaddrinfo 192.0.2.1", "socket.sendto 192.0.2.1",
    ]  # fmt: skip


@pytest.mark.parametrize("first", ["", IMPORT_FIRST])
def test_the_default_model_asks_nobody(tmp_path: Path, model_folder: Path, first: str) -> None:
    answer = guarded(first + EMBED, tmp_path, STADTLOTSE_VAR=str(model_folder.parent.parent))
    assert answer == {"result": [1, 384, 2, 384], "attempts": []}


def test_even_an_operator_who_allows_downloads_needs_none_for_the_default_model(
    tmp_path: Path, model_folder: Path
) -> None:
    variables = {"STADTLOTSE_VAR": str(model_folder.parent.parent), "HF_HUB_OFFLINE": "0"}
    assert guarded(EMBED, tmp_path, **variables) == {"result": [1, 384, 2, 384], "attempts": []}


def test_a_hub_model_is_not_downloaded_unasked(tmp_path: Path) -> None:
    answer = guarded(EMBED, tmp_path, STADTLOTSE_EMBEDDING_MODEL="intfloat/multilingual-e5-base")
    assert answer["attempts"] == []
    assert "neither a folder nor downloaded" in str(answer["result"])


def test_a_hub_model_is_asked_for_when_the_operator_allows_it(tmp_path: Path) -> None:
    variables = {"STADTLOTSE_EMBEDDING_MODEL": "intfloat/multilingual-e5-base", "HF_HUB_OFFLINE": "0"}
    answer = guarded(WITHOUT_WAITING + EMBED, tmp_path, **variables)
    assert "socket.getaddrinfo huggingface.co" in str(answer["attempts"])
    assert "cannot be downloaded" in str(answer["result"])
