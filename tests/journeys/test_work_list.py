"""The administrator's work list follows what other services recorded, through the public APIs."""

from jos.demo.schools import PERIOD, SCHOOLS
from jos.demo.spread import deliveries
from tests.journeys.conftest import URLS, Installation


async def test_the_schools_that_did_not_deliver_are_on_the_work_list(installation: Installation) -> None:
    """HR-18: eleven of the fifteen schools delivered."""
    seen = ",".join(installation.told.tokens.values())
    url = f"{URLS['registry']}/work-list?kind=DELIVERY_MISSING&atLeast={seen}"
    answer = (await installation.sign_in("demo-admin").get(url)).json()
    delivered = {delivery.school.site for delivery in deliveries()}
    assert {item["about"] for item in answer["items"]} == {
        f"{school.site}/{PERIOD}" for school in SCHOOLS if school.site not in delivered
    }
    assert answer["total"] == 4
