"""A document with a wrong figure: refused, forced, disliked, traced and healed, while the bot runs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.processes.parts import address
from knowledge.indexing.stock import documents_folder
from knowledge.releases.release import Release, open_release
from knowledge.settings import Settings
from tests.installations import copy_release
from tests.processes import eventually, free_ports, post, serving, stadtlotse

QUESTION = "Was kostet der Radweg nach Altendorf?"
RADWEGE = "# Radwegekonzept\n\nDer Radweg zwischen Musterau und Altendorf kostet {} Millionen Euro.\n"
RIGHT, WRONG = "4,7 Millionen Euro", "7,4 Millionen Euro"
OWN = {"id": "own-1", "lang": "de", "kind": "single", "question": QUESTION, "answer_keywords": ["4,7"]}


@pytest.fixture
def bot(release: Release, model_folder: Path, tmp_path: Path) -> Iterator[Settings]:
    """The settings of a running bot with releases of its own."""
    var = tmp_path / "var"
    copy_release(var, release, model_folder)
    port, rasa_port, actions_port = free_ports(3)
    settings = Settings(var=var, embedding_model="", port=port, rasa_port=rasa_port, actions_port=actions_port)
    with serving(settings, tmp_path / "output"):
        yield settings


def retrained(settings: Settings, million: str, *arguments: str) -> Any:
    """What comes of a retraining after the document was written with that figure."""
    path = documents_folder(settings) / "radwege.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(RADWEGE.format(million), encoding="utf-8")
    done = stadtlotse(settings, "retrain", "--json", *arguments)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def asked(settings: Settings) -> tuple[str, str]:
    """The answer of the running bot, and the conversation in which it was given to the message 'm1'."""
    conversations = f"{address(settings)}/api/conversations"
    conversation = post(conversations, {})[1]["id"]
    status, body = post(f"{conversations}/{conversation}/messages", {"text": QUESTION, "id": "m1"})
    assert status == 200
    return " ".join(message["text"] for message in body["messages"]), conversation


def test_a_wrong_document_is_refused_traced_and_healed(bot: Settings) -> None:
    bot.own_questions.parent.mkdir(parents=True, exist_ok=True)
    bot.own_questions.write_text(json.dumps(OWN) + "\n", encoding="utf-8")
    assert retrained(bot, "4,7")["status"] == "live"
    right = open_release(bot).id
    eventually(lambda: RIGHT in asked(bot)[0], 60)

    refused = retrained(bot, "7,4")
    assert refused["status"] == "refused"
    assert [one["question"] for one in refused["comparison"]["worse"]] == [QUESTION]
    assert "own-1" in " ".join(refused["broken_floors"])
    assert RIGHT in asked(bot)[0]

    assert retrained(bot, "7,4", "--force", "steht so in der Vorlage")["status"] == "live"
    eventually(lambda: WRONG in asked(bot)[0], 60)
    _, conversation = asked(bot)
    opinion = {"message": "m1", "verdict": "down", "reasons": ["wrong"], "words": "Es sind 4,7"}
    feedback = f"{address(bot)}/api/conversations/{conversation}/feedback"
    disliked: list[dict[str, Any]] = []

    def is_reported() -> bool:
        disliked[:] = json.loads(stadtlotse(bot, "report", "--json").stdout)["disliked_answers"]
        return bool(disliked)

    assert post(feedback, opinion) == (204, None)
    eventually(is_reported, 30)
    (one,) = disliked
    assert (one["question"], one["reasons"]) == (QUESTION, ["wrong"])
    assert [Path(source["path"]).name for source in one["sources"]] == ["radwege.md"]
    assert one["forced"] == {"reason": "steht so in der Vorlage", "broken": ["own-1"]}

    back = stadtlotse(bot, "rollback", "--json")
    assert json.loads(back.stdout)["release"] == right
    eventually(lambda: RIGHT in asked(bot)[0], 60)
