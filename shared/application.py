"""The application of a service that checks who calls: what all services start with, before what is their own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from shared.auth.keys import Keys
from shared.auth.remote import RemoteKeys
from shared.auth.verifier import Verifier
from shared.clock import Clock
from shared.settings import Settings
from shared.web.app import create_service_app

Open = Callable[[FastAPI, AsyncExitStack], Awaitable[None]]
"""Opens what a service needs and puts it on `app.state`; the stack closes it in reverse order."""


def create_application(
    service: str,
    settings: Settings,
    clock: Clock,
    keys: Keys | None,
    open_: Open,
    **options: Any,  # as `create_service_app` takes them
) -> FastAPI:
    """The application; `keys` None: those of the configured issuer, fetched at start (tests bring their own)."""
    client = httpx.AsyncClient()
    remote = RemoteKeys(f"{settings.issuer}/jwks", client)
    verifier = Verifier(keys or remote, settings.issuer, settings.audience, clock)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(client)
            if keys is None:
                await remote.start()
            await open_(app, stack)
            yield

    return create_service_app(service, settings, clock, lifespan=lifespan, verifier=verifier, **options)
