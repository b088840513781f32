"""Is the process alive, and can it do its work: `/livez` and `/readyz`."""

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shared.web.routing import router

Check = Callable[[], Awaitable[str | None]]
"""Gives None when all is well, else one word or sentence that says what is not."""

CHECK_SECONDS = 2.0


def register_check(app: FastAPI, name: str, check: Check) -> None:
    """Let `/readyz` depend on this check from now on."""
    app.state.checks[name] = check


def health_routes() -> APIRouter:
    """The two probes, open to anyone; they tell the names of checks and nothing else."""
    routes = router(tags=["health"])

    @routes.get("/livez", summary="Leeft het proces?")
    async def livez() -> dict[str, str]:
        """The process runs and answers."""
        return {"status": "ok"}

    @routes.get("/readyz", summary="Kan de dienst werken?", responses={503: {"description": "Not ready"}})
    async def readyz(request: Request) -> Response:
        """Every registered check passes: database with safe settings, feeds caught up."""
        checks: dict[str, Check] = request.app.state.checks
        verdicts = await asyncio.gather(*(_verdict(check) for check in checks.values()))
        told = {name: verdict or "ok" for name, verdict in zip(checks, verdicts, strict=True)}
        ready = not any(verdicts)
        return JSONResponse({"status": "ok" if ready else "unavailable", "checks": told}, 200 if ready else 503)

    return routes


async def _verdict(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except Exception as failure:
        return type(failure).__name__
