"""Training of the dialogue model."""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from bot.processes.supervisor import dying_with
from knowledge.encoding import QUERY_ADAPTER
from knowledge.errors import StadtlotseError
from knowledge.settings import PROJECT, settings

CONFIG = PROJECT / "config.yml"
DOMAIN = PROJECT / "domain.yml"
_COMPONENTS = Path(__file__).parent.parent / "nlu"
_PACKAGES = ("rasa", "scikit-learn")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_STAMP = re.compile(r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\s+")


def dialogue_fingerprint(project: Path = PROJECT) -> str:
    """Hash of everything the dialogue model depends on: configuration, domain, training data, the operator's accepted
    examples, our components of the pipeline, the adapter of questions and Rasa's version. What these look up in fact
    sheets and word lists is not part of the model.

    `project` is the folder with config.yml, domain.yml and bot/data. Imports nothing heavy.
    """
    digest = hashlib.sha256()
    for package in _PACKAGES:
        digest.update(f"{package}=={version(package)}\n".encode())
    for path in (*sorted(_COMPONENTS.glob("*.py")), QUERY_ADAPTER):
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    training_data = sorted((project / "bot" / "data").rglob("*.yml"))
    for path in (project / "config.yml", project / "domain.yml", *training_data):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(project)} {content}\n".encode())
    accepted = settings().accepted_utterances
    if accepted.exists():
        digest.update(f"accepted {hashlib.sha256(accepted.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def train_dialogue(target: Path, project: Path = PROJECT) -> None:
    """Check the training data, train Rasa in a process of its own and put the model at `target` in one step.

    Raises `StadtlotseError` with Rasa's last words where it refuses the data or fails.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".training-") as folder:
        done = subprocess.run(  # noqa: S603  # our own command
            # A training that nobody waits for is of no use.
            [*dying_with(os.getpid()), *_command(project, Path(folder))],
            check=False,
            cwd=project,
            # Rasa's own temporary files go where the next build removes what a killed one left.
            env=os.environ | rasa_environment() | {"TMPDIR": str(Path(folder).resolve())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        model = Path(folder, "rasa.tar.gz")
        if done.returncode != 0 or not model.exists():
            raise StadtlotseError(f"Rasa could not train the dialogue: {_last_words(done.stdout)}")
        model.replace(target)


def rasa_environment() -> dict[str, str]:
    """What Rasa's processes need in their environment: no telemetry, no chatter of libraries, caches under `var`."""
    return {
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": str(settings().var / "cache" / "rasa"),
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
        "MPLCONFIGDIR": str(settings().var / "cache" / "matplotlib"),
    }


def _command(project: Path, folder: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "rasa", "train"),
        *("--config", str(project / CONFIG.name)),
        *("--domain", str(project / DOMAIN.name)),
        *("--data", str(project / "bot" / "data"), *_accepted()),
        *("--augmentation", "0"),  # stories are not strung together: rules and slots carry no memory of the ones before
        *("--out", str(folder), "--fixed-model-name", "rasa"),
    ]


def _accepted() -> list[str]:
    """The examples that the operator accepted, where there are any."""
    path = settings().accepted_utterances
    return [str(path)] if path.exists() else []


def _last_words(output: str) -> str:
    """The lines of Rasa's output that say what went wrong, on one line."""
    lines = [_STAMP.sub("", _COLOURS.sub("", line)).strip() for line in output.splitlines()]
    lines = [line for line in lines if line and "%|" not in line]
    telling = [line for line in lines if re.search(r"\b(ERROR|Error|Exception)\b|Error:|Exception:", line)]
    return " ".join((telling or lines or ["it said nothing."])[-3:])
