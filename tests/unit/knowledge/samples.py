"""Fact sheets, documents and passages that tests write down in a line."""

from copy import deepcopy
from typing import Any

from knowledge.document import Document, Passage
from knowledge.factsheet import FactSheet

# Texts of very different lengths, in both languages, one of them empty.
PASSAGES = [
    "The deadline for applications is 31 March.",
    "Sensoren messen den Füllstand der Abfallbehälter. " * 20,
    "Die Förderquote beträgt 65 Prozent.",
    "",
    "Offene Daten werden im Portal der Stadt veröffentlicht. " * 4,
]
_FACT: dict[str, Any] = {
    "id": "DEMO-01",
    "label": {"de": "Förderquote", "en": "Funding rate"},
    "attribute": "funding rate",
    "status": "verified",
    "as_of": "2024-05-01",
    "value": {"de": "Die Quote beträgt 65 Prozent.", "en": "The rate is 65 per cent."},
    "sources": ["https://foerderung.example/quote"],
}
_CONFLICT: dict[str, Any] = {
    "id": "DEMO-02",
    "label": {"de": "Zahl der Städte", "en": "Number of cities"},
    "attribute": "selected",
    "status": "conflict",
    "as_of": "2024",
    "claims": [
        {"value": {"de": "acht Städte", "en": "eight cities"}, "sources": ["https://www.eins.example/liste"]},
        {"value": {"de": "neun Städte", "en": "nine cities"}, "sources": ["https://zwei.example/meldung"]},
    ],
}
_SHEET: dict[str, Any] = {
    "key": "demo",
    "name": {"de": "Demoprogramm", "en": "Demo programme"},
    "kind": "funding programme",
    "level": "Bund",
    "status": {"state": "running", "text": {"de": "Es läuft.", "en": "It is running."}, "as_of": "2024"},
    "facts": [_FACT, _CONFLICT],
}


def raw_sheet(**changes: Any) -> dict[str, Any]:
    """A valid fact sheet as it stands in its file, with some of its fields changed."""
    return deepcopy(_SHEET) | changes


def raw_fact(**changes: Any) -> dict[str, Any]:
    """A valid verified fact, with some of its fields changed; those that become None are left out."""
    return {name: value for name, value in (deepcopy(_FACT) | changes).items() if value is not None}


def raw_conflict(**changes: Any) -> dict[str, Any]:
    """A valid conflict, with some of its fields changed."""
    return deepcopy(_CONFLICT) | changes


def sheet(key: str, name: str, *others: str) -> FactSheet:
    """A fact sheet of a programme with these names."""
    return FactSheet.model_validate(raw_sheet(key=key, name={"de": name, "en": name}, aliases=list(others)))


def document(**changes: Any) -> Document:
    """A document, with some of its fields changed."""
    values = {
        "id": "bericht",
        "title": "Bericht",
        "lang": "de",
        "kind": "document",
        "path": "bericht.md",
        "sha256": "0",
    }
    return Document.model_validate(values | changes)


def passage(text: str, **changes: Any) -> Passage:
    """A passage with this text, with some of its fields changed."""
    values = {"document_id": "bericht", "id": 1, "text": text, "start": 0, "end": len(text), "lang": "de"}
    return Passage.model_validate(values | changes)
