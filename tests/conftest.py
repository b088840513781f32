"""What every test may ask for."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings

from shared.clock import FrozenClock

# How long a machine takes says nothing of whether the code is right.
settings.register_profile("jos", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("jos")

pytest_plugins = ["tests.fixtures.auth", "tests.fixtures.kafka", "tests.fixtures.postgres", "tests.fixtures.services"]


@pytest.fixture
def clock() -> FrozenClock:
    """Stands still on 5 July 2022, noon in Amsterdam, just after the half year that the page is about."""
    return FrozenClock(datetime(2022, 7, 5, 10, tzinfo=UTC))
