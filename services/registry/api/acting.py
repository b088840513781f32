"""An act on the registry: what it rests on is looked up at the head, and a code that is nearly right gets a hint."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from services.registry.api.hints import whole_site, with_hints
from services.registry.api.reach import Reach
from services.registry.known import Known
from shared.administration.acting import Acting as SharedActing
from shared.administration.acting import Done, View
from shared.aggregate import Aggregate, E, State
from shared.asking import Decision
from shared.auth.caller import Caller
from shared.auth.require import require
from shared.clock import today
from shared.domain.findings import Refused

__all__ = ["PLAN_WRITER", "PROGRAMME_ADMIN", "REGISTRY_ADMIN", "Act", "Acting", "Done"]

REGISTRY_ADMIN = Depends(require("registry-admin"))
"""Who may record schools, providers, people and assignments."""
PLAN_WRITER = Depends(require("registry-admin", "programme-admin", "school", "municipal-account-holder"))
"""Who may record what a school plans: also the school itself, and the municipality where it stands."""
PROGRAMME_ADMIN = Depends(require("registry-admin", "programme-admin"))
"""Who may apply programmes and record who takes part."""


class Acting(SharedActing):
    """One act, as it was asked."""

    async def reach(self) -> Reach:
        """How far the caller's care reaches, by a copy that holds what was written here."""
        await self.running.caught_up(None)
        return Reach(self.caller, self.running.directory, today(self.running.clock))

    async def do_known(
        self,
        aggregate: Aggregate[State | None, E],
        stream: str,
        body: BaseModel,
        decide: Callable[[State | None, Known], Decision[E]],
        view: Callable[[State, date], View],
        *,
        others: Sequence[str] = (),
        location: str | None = None,
    ) -> Done[View]:
        """Do it with what is known of other streams. Refusals get a hint where a code is near."""
        region, day, own = self.caller.region, today(self.running.clock), _own(self.caller)
        if isinstance(site := getattr(body, "site", None), str):
            whole_site(site, "/site", self.running.directory)
        try:
            return await self.do(
                aggregate,
                stream,
                body,
                lambda state, found: decide(state, Known(found, region, day, *own)),
                view,
                others=others,
                location=location,
            )
        except Refused as refused:
            raise with_hints(refused, body, self.running.directory) from None


def _own(caller: Caller) -> tuple[frozenset[str], frozenset[str]]:
    """The schools and municipalities that somebody's role, beside a region, lets act."""
    schools = caller.schools if caller.has("school") else frozenset()
    return schools, caller.municipalities if caller.has("municipal-account-holder") else frozenset()


Act = Annotated[Acting, Depends()]
"""`acting: Act` on a route that also has one of the rules above."""
