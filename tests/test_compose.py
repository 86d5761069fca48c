"""What is deployed is what was tested: docker-compose.yml, the Dockerfile and the Procfile agree."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
import yaml

from crmsync.data_folder import ROOT
from crmsync.demo import procfile

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PRODUCT = ["web", "worker", "beat", "migrate"]
SIMULATORS = ["salesforce-simulator", "hubspot-simulator"]

SETTINGS = (ROOT / "crmsync" / "settings.py").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()

# Read by others than settings.py: the data folder (which lives outside of a deployment), compose,
# gunicorn.
NOT_SETTINGS = {"POSTGRES_PASSWORD", "FORWARDED_ALLOW_IPS"}


def test_it_starts_the_product_and_its_two_servers() -> None:
    assert set(SERVICES) == {*PRODUCT, *SIMULATORS, "db", "redis"}


def test_only_the_demo_profile_adds_the_simulators() -> None:
    assert {name for name in SERVICES if "profiles" in SERVICES[name]} == set(SIMULATORS)
    assert all(SERVICES[name]["profiles"] == ["demo"] for name in SIMULATORS)


@pytest.mark.parametrize("process", ["web", "worker", "beat"])
def test_the_commands_are_the_procfiles(process: str) -> None:
    assert shlex.split(SERVICES[process]["command"]) == procfile()[process]


def test_the_procfile_names_nothing_that_compose_does_not_run() -> None:
    assert set(procfile()) == {"web", "worker", "beat"}


def test_the_images_own_command_is_the_console() -> None:
    command = re.search(r"^CMD (.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert command is not None
    assert json.loads(command[1]) == procfile()["web"]


@pytest.mark.parametrize("process", ["web", "worker", "beat"])
def test_nothing_starts_before_the_database_is_up_to_date(process: str) -> None:
    needs = SERVICES[process]["depends_on"]
    assert needs["migrate"] == {"condition": "service_completed_successfully"}
    assert needs["redis"] == {"condition": "service_healthy"}
    assert SERVICES["migrate"]["depends_on"]["db"] == {"condition": "service_healthy"}


def test_what_others_wait_for_says_whether_it_is_healthy() -> None:
    assert all("healthcheck" in SERVICES[name] for name in ("db", "redis", "web", "worker"))


@pytest.mark.parametrize("name", PRODUCT)
def test_the_product_gets_its_settings_from_the_env_file_and_no_secret_is_written_here(
    name: str,
) -> None:
    service = SERVICES[name]
    assert service["env_file"] == ".env"
    assert set(service["environment"]) == {"DATABASE_URL", "REDIS_URL"}
    assert "${POSTGRES_PASSWORD:?" in service["environment"]["DATABASE_URL"]


def test_every_name_that_compose_sets_or_asks_for_is_known() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    given = {name for service in PRODUCT for name in SERVICES[service]["environment"]}
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", text))
    assert given <= _settings()
    assert asked <= _examples()


def test_every_name_in_the_example_is_a_setting() -> None:
    assert _examples() - NOT_SETTINGS <= _settings()


@pytest.mark.parametrize("crm", ["salesforce", "hubspot"])
def test_a_simulator_has_one_address_for_browsers_and_containers(crm: str) -> None:
    service = SERVICES[f"{crm}-simulator"]
    (host,) = service["networks"]["default"]["aliases"]
    port = shlex.split(service["command"])[-3]
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"#{crm.upper()}_LOGIN_URL=http://{host}:{port}\n" in EXAMPLE


def test_the_example_gives_away_no_key() -> None:
    for name in ("SECRET_KEY", "CREDENTIAL_KEYS", "POSTGRES_PASSWORD"):
        assert re.search(rf"^{name}=$", EXAMPLE, re.MULTILINE)


def _settings() -> set[str]:
    return set(re.findall(r'(?:env\.\w+|secret)\(\s*"(\w+)"', SETTINGS))


def _examples() -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
