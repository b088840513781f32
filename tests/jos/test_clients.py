"""The demo's clients."""

import json
from pathlib import Path

from jos.demo.clients import EHR, everyone, make_clients
from jos.demo.schools import PROVIDERS, SCHOOLS
from jos.installation import Installation
from shared.issuer.clients import Clients
from shared.issuer.secrets import matches


def test_the_issuer_knows_every_client_and_no_secret_is_in_its_file(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    make_clients(installation)
    secrets = json.loads(installation.client_secrets.read_text())
    known = Clients(installation.clients)
    assert installation.client_secrets.stat().st_mode & 0o077 == 0
    assert secrets.keys() == {who.id for who in everyone()}
    client = known.find(EHR)
    assert client is not None
    assert client.secret_hash is not None
    assert matches(secrets[EHR], client.secret_hash)
    assert not any(secret in installation.clients.read_text() for secret in secrets.values())


def test_making_them_again_keeps_their_secrets(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    make_clients(installation)
    first = installation.client_secrets.read_text(), installation.clients.read_text()
    make_clients(installation)
    assert (installation.client_secrets.read_text(), installation.clients.read_text()) == first


def test_every_provider_and_every_school_has_a_client_of_its_own() -> None:
    organisations = [who.organisation for who in everyone()]
    assert {provider.code for provider in PROVIDERS} <= set(organisations)
    assert {f"brin:{school.brin}" for school in SCHOOLS} <= set(organisations)
