"""Keys fetched from an issuer: fresh, not asked for too often, and not trusted for ever."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from joserfc.jwk import ECKey

from shared.auth.errors import KeysUnavailable
from shared.auth.remote import FRESH_SECONDS, RETRY_SECONDS, TRUSTED_SECONDS, RemoteKeys


class Published:
    """An issuer that publishes what it is told to, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.seconds = 0.0
        self.status = 200
        self.entries = [self.key("one")]

    @staticmethod
    def key(kid: str) -> dict[str, object]:
        return dict(ECKey.generate_key("P-256", {"kid": kid}).as_dict(private=False))

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.status == 0:
            raise httpx.ConnectError("away")
        return httpx.Response(self.status, json={"keys": self.entries}, headers={"Location": "http://elsewhere"})


@pytest.fixture
async def published() -> Published:
    return Published()


@pytest.fixture
async def remote(published: Published) -> AsyncIterator[RemoteKeys]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(published)) as client:
        keys = RemoteKeys("http://issuer/jwks", client, now=lambda: published.seconds)
        await keys.start()
        yield keys


async def test_a_known_key_is_found_without_asking_again(remote: RemoteKeys, published: Published) -> None:
    assert await remote.find("one") is not None
    await remote.refresh()
    assert published.asked == 1


async def test_g24_a_withdrawn_key_is_gone_within_five_minutes(remote: RemoteKeys, published: Published) -> None:
    """G-24: keys are fetched anew long before five minutes are over, and the generation tells the verifier."""
    before = remote.generation
    published.entries = [published.key("two")]
    published.seconds = FRESH_SECONDS
    await remote.refresh()
    assert FRESH_SECONDS < 300
    assert await remote.find("one") is None
    assert remote.generation > before


async def test_a_new_key_is_found_at_once_but_strange_names_do_not_make_us_ask_all_the_time(
    remote: RemoteKeys, published: Published
) -> None:
    published.entries = [*published.entries, published.key("two")]
    published.seconds = RETRY_SECONDS
    assert await remote.find("two") is not None
    for number in range(50):
        assert await remote.find(f"strange-{number}") is None
    assert published.asked == 2


@pytest.mark.parametrize("status", [0, 500, 302])
async def test_an_issuer_that_is_away_is_believed_for_an_hour_and_no_longer(
    remote: RemoteKeys, published: Published, status: int
) -> None:
    published.status = status
    published.seconds = TRUSTED_SECONDS - 1
    await remote.refresh()
    assert await remote.find("one") is not None
    published.seconds = TRUSTED_SECONDS
    with pytest.raises(KeysUnavailable):
        await remote.refresh()
    published.status, published.seconds = 200, TRUSTED_SECONDS + RETRY_SECONDS
    await remote.refresh()
    assert await remote.find("one") is not None


async def test_a_weak_or_private_key_is_left_out_and_the_others_hold(remote: RemoteKeys, published: Published) -> None:
    private: dict[str, object] = dict(ECKey.generate_key("P-256", {"kid": "private"}).as_dict(private=True))
    published.entries = [*published.entries, private]
    published.seconds = FRESH_SECONDS
    await remote.refresh()
    assert await remote.find("one") is not None
    assert await remote.find("private") is None


Answer = Callable[[httpx.Request], httpx.Response]


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: httpx.Response(200, text="no JSON"),
        lambda _: httpx.Response(200, json=[]),
        lambda _: httpx.Response(200, json={"keys": 5}),
        lambda _: httpx.Response(200, content=b"x" * 100_000),
        lambda _: httpx.Response(404),
    ],
)
async def test_without_keys_nothing_starts(answer: Answer) -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        with pytest.raises(KeysUnavailable):
            await RemoteKeys("http://issuer/jwks", client).start(0.2)
