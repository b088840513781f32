"""What the tests of contracts over HTTP need."""

import pytest


@pytest.fixture(scope="session")
def needed() -> tuple[str, ...]:
    return ("registry", "contracts", "kpi")
