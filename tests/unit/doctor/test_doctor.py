"""`stadtlotse doctor`, and what the platforms are told about the app."""

import json
import os
import subprocess
import sys
import zipfile

import jsonschema
import pytest
from PIL import Image

from knowledge.settings import PROJECT
from tests import slack, teams

DATA = PROJECT / "tests" / "data"


def run(*arguments, **variables):
    """The command with these variables: exit code, output, errors."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STADTLOTSE_")}
    command = [sys.executable, "-m", "bot.cli", *arguments]
    done = subprocess.run(command, env=clean | variables, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("variables", "sentences"),
    [
        ({"STADTLOTSE_SLACK_APP_TOKEN": "xapp-1"}, ["STADTLOTSE_SLACK_BOT_TOKEN is missing"]),
        ({"STADTLOTSE_SLACK_BOT_TOKEN": "secret-1"}, ["must begin with xoxb-", "STADTLOTSE_SLACK_SIGNING_SECRET"]),
        ({"STADTLOTSE_TEAMS_APP_ID": "secret-1"}, ["APP_ID is no GUID", "TENANT_ID is missing", "exactly one of"]),
        (
            {
                "STADTLOTSE_TEAMS_APP_ID": teams.APP,
                "STADTLOTSE_TEAMS_TENANT_ID": teams.TENANT,
                "STADTLOTSE_TEAMS_CERTIFICATE_FILE": "/nowhere.pfx",
            },
            ["CERTIFICATE_FILE names is not there"],
        ),
        ({"STADTLOTSE_TEAMS_LOCAL": "secret-1"}, ["STADTLOTSE_TEAMS_LOCAL cannot be read"]),
        ({"STADTLOTSE_TEAMS_LOCAL": "true", "STADTLOTSE_HOST": "0.0.0.0"}, ["development on 127.0.0.1"]),
        ({"STADTLOTSE_PUBLIC_URL": "http://lotse.example"}, ["must begin with https://"]),
    ],
)
def test_the_doctor_names_what_is_wrong_without_showing_it(tmp_path, variables, sentences):
    code, out, err = run("doctor", "--json", STADTLOTSE_VAR=str(tmp_path), **variables)
    assert code == 1
    wrong = [finding["sentence"] for finding in json.loads(out) if finding["state"] == "wrong"]
    for sentence in sentences:
        assert any(sentence in said for said in wrong)
    assert "secret-1" not in out
    assert err == ""


@pytest.mark.parametrize("variables", [{"STADTLOTSE_SLACK_BOT_TOKEN": "x"}, {"STADTLOTSE_TEAMS_LOCAL": "perhaps"}])
def test_the_gateway_does_not_start_with_a_mistake(tmp_path, variables):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STADTLOTSE_")}
    done = subprocess.run(
        [sys.executable, "-m", "bot.gateway"],
        env=clean | {"STADTLOTSE_VAR": str(tmp_path)} | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert next(iter(variables)) in done.stderr


async def test_the_doctor_makes_a_round_trip_when_asked_to(tmp_path):
    import asyncio

    microsoft, salesforce = teams.TeamsServer(tmp_path), slack.SlackServer()
    await microsoft.start()
    await salesforce.server.start_server()
    variables = {
        **microsoft.variables,
        "STADTLOTSE_VAR": str(tmp_path),
        "STADTLOTSE_SLACK_BOT_TOKEN": "xoxb-1",
        "STADTLOTSE_SLACK_APP_TOKEN": "xapp-1",
        "STADTLOTSE_SLACK_API_URL": salesforce.api_url,
    }
    _, out, _ = await asyncio.to_thread(run, "doctor", "--live", "--json", **variables)
    live = {finding["check"]: finding for finding in json.loads(out) if finding["check"].endswith(" live")}
    await microsoft.close()
    await salesforce.server.close()
    assert {finding["state"] for finding in live.values()} == {"ok"}
    assert "Stadt" in live["slack live"]["sentence"]
    assert microsoft.token_requests == 1
    assert [method for method, _ in salesforce.calls] == ["auth.test", "apps.connections.open"]


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("arguments", [[], ["--http"]])
def test_slacks_manifest_passes_its_schema(lang, arguments):
    code, out, _ = run("slack", "manifest", "--lang", lang, *arguments, STADTLOTSE_PUBLIC_URL="https://lotse.example")
    manifest = json.loads(out)
    assert code == 0
    schema = json.loads((DATA / "slack-manifest-1.schema.json").read_text())
    jsonschema.Draft7Validator(schema).validate(manifest)
    assert manifest["settings"]["socket_mode_enabled"] is not bool(arguments)
    assert len(manifest["display_information"]["long_description"]) >= 174


def test_the_teams_package_passes_its_schema(tmp_path):
    path = tmp_path / "app.zip"
    variables = {"STADTLOTSE_TEAMS_APP_ID": teams.APP, "STADTLOTSE_PUBLIC_URL": "https://lotse.example"}
    code, _, err = run("teams", "package", "--out", str(path), **variables)
    assert (code, err) == (0, "")
    with zipfile.ZipFile(path) as package:
        manifest = json.loads(package.read("manifest.json"))
        schema = json.loads((DATA / "teams-manifest-1.19.schema.json").read_text())
        jsonschema.Draft4Validator(schema).validate(manifest)
        further = json.loads((DATA / "teams-localization-1.19.schema.json").read_text())
        for language in manifest["localizationInfo"]["additionalLanguages"]:
            jsonschema.validators.validator_for(further)(further).validate(json.loads(package.read(language["file"])))
        for icon, size in (("color", 192), ("outline", 32)):
            with Image.open(package.open(manifest["icons"][icon])) as image:
                assert image.size == (size, size)
        assert manifest["localizationInfo"]["additionalLanguages"]
    assert manifest["bots"][0]["botId"] == teams.APP


def test_a_package_without_an_address_is_refused_in_a_sentence(tmp_path):
    code, _, err = run("teams", "package", "--out", str(tmp_path / "app.zip"), STADTLOTSE_TEAMS_APP_ID=teams.APP)
    assert code == 1
    assert "STADTLOTSE_PUBLIC_URL" in err
    assert err.count("\n") == 1
