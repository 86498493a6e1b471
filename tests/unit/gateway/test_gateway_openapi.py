"""The API's description: valid, and true."""

import json

import jsonschema
import pytest
from openapi_spec_validator import validate_spec

from bot.gateway.routes import ROUTES


@pytest.fixture
async def document(gateway):
    """The served document."""
    response = await gateway.get("/api/openapi.json")
    assert response.status == 200
    return await response.json()


async def test_the_document_is_valid(document):
    assert document["openapi"].startswith("3.1")
    validate_spec(document)


async def test_every_address_of_the_api_is_described(document):
    served = {(route.path, route.method.lower()) for route in ROUTES if route.path.startswith("/api/")}
    described = {
        (path, method) for path, item in document["paths"].items() for method in item if method != "parameters"
    }
    assert served - {("/api/openapi.json", "get")} <= described


async def test_responses_are_what_the_document_says(gateway, begin, document, channel):
    channel.seconds = {"retrieval": 0.1}
    address = await begin(gateway)
    answered = await gateway.post(address, json={"text": "Frage"})
    checks = [
        ("ConversationCreated", await gateway.post("/api/conversations", json={})),
        ("Messages", answered),
        ("Transcript", await gateway.get(address)),
        ("ErrorBody", await gateway.post(address, json={})),
        ("Readiness", await gateway.get("/readyz")),
        ("Health", await gateway.get("/healthz")),
    ]
    for name, response in checks:
        schema = {
            "$ref": f"#/components/schemas/{name}",
            "components": document["components"],
        }
        jsonschema.Draft202012Validator(schema).validate(json.loads(await response.text()))
