"""On which loopback port Rasa answers: the configured one, or another since a second Rasa took over."""

from knowledge.releases.release import write_durably
from knowledge.settings import Settings

_FILE = "rasa.port"


def dialogue_port(settings: Settings) -> int:
    """The port to send turns to."""
    try:
        return int((settings.var / _FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return settings.rasa_port


def set_dialogue_port(settings: Settings, port: int) -> None:
    """Send new turns to another port, from one moment to the next."""
    settings.var.mkdir(parents=True, exist_ok=True)
    write_durably(settings.var / _FILE, str(port))


def reset_dialogue_port(settings: Settings) -> None:
    """Send turns to the configured port again."""
    (settings.var / _FILE).unlink(missing_ok=True)
