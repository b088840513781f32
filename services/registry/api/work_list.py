"""What waits for an administrator (*werkvoorraad*)."""

from datetime import date
from typing import Annotated, cast

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from services.registry.codes import ProgrammeCode
from services.registry.elsewhere import Elsewhere
from services.registry.work_list import Task, TaskKind, tasks
from shared.administration.reading import Read, Reading
from shared.administration.running import reached
from shared.auth.require import require
from shared.feeds.follower import Follower
from shared.web.exchange import language_of
from shared.web.paging import AtLeast, Page
from shared.web.routing import router

routes = router(tags=["work-list"])

WORKER = Depends(require("registry-admin", "programme-admin", "contract-manager"))
"""Who has work here: the administrators of a region."""


class TaskView(BaseModel):
    """Something that waits: since which day it is so, what it is about, and where it is put right."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    kind: TaskKind
    since: date
    about: str
    programme: str | None
    site: str | None
    message: str
    path: str


@routes.get("/work-list", dependencies=[WORKER])
async def read_work_list(
    request: Request,
    reading: Read,
    at_least: AtLeast = None,
    kind: Annotated[TaskKind | None, Query()] = None,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
) -> Page[TaskView]:
    """Wat er op de dag wacht op de beheerders van uw regio, op volgorde van dag."""
    await reading.ready()
    await _caught_up(request, reading, at_least)
    elsewhere = cast("Elsewhere", request.app.state.elsewhere)
    found = tasks(reading.running.directory, elsewhere, reading.caller.region or "", reading.on)
    language = language_of(request.scope)
    items = [
        _shown(task, language) for task in found if kind in (None, task.kind) and programme in (None, task.programme)
    ]
    return Page(items=items, total=len(items))


async def _caught_up(request: Request, reading: Reading, at_least: str | None) -> None:
    """Half a work list would look like a whole one. Raises `Problem` (503) until contracts and kpi were read in."""
    asked = reading.running.tokens.at_least(at_least)
    followers = cast("dict[str, Follower]", request.app.state.elsewhere_followers)
    for log, follower in followers.items():
        await reached(follower, {place: number for place, number in asked.items() if place[0] == log})


def _shown(task: Task, language: str) -> TaskView:
    return TaskView(
        kind=task.kind,
        since=task.since,
        about=task.about,
        programme=task.programme,
        site=task.site,
        message=task.text.in_(language),
        path=task.path,
    )
