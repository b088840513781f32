"""How an act comes in and what it answers: one cycle for every noun."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Generic, TypeVar, cast

from fastapi import Query
from pydantic import BaseModel, ConfigDict, JsonValue
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import Response

from shared.acts import Asked, Decision, Others, Written, fingerprint
from shared.administration.authority import OnAuthority
from shared.administration.running import Running
from shared.aggregate import Aggregate, E, State
from shared.auth.caller import Caller
from shared.auth.require import caller_of
from shared.clock import today
from shared.domain.findings import Finding, Severity
from shared.web.conditional import IdempotencyKey, IfMatch, etag
from shared.web.exchange import exchange_of, language_of

View = TypeVar("View", bound=BaseModel)

DryRun = Annotated[
    bool, Query(alias="dryRun", description="Alleen tonen wat er zou gebeuren; er wordt niets vastgelegd.")
]


class Recorded(BaseModel):
    """One event that was (or, in a dry run, would be) recorded."""

    type: str
    data: dict[str, JsonValue]


class Found(BaseModel):
    """What a rule has to say about an act that happens all the same (FLAG, INFO)."""

    code: str
    severity: Severity
    pointer: str
    message: str
    hint: str | None = None


class Effect(BaseModel):
    """What an act changes beside the thing itself; `before` and `after` null: not there."""

    kind: str
    key: str
    before: str | None
    after: str | None


class Done(BaseModel, Generic[View]):
    """The answer to an act: what was recorded and how it now stands.

    `token` is for `atLeast`; `recorded` is empty when there was nothing to do; `result` is null when the thing holds on
    no day. `findings` is what rules noticed; `effects` what changes, or in a dry run would change, elsewhere.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    token: str
    version: int
    dry_run: bool
    recorded: list[Recorded]
    result: View | None
    findings: list[Found] = []
    effects: list[Effect] = []


class Acting:
    """One act, as it was asked."""

    def __init__(
        self,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        if_match: IfMatch,
        authority: OnAuthority,
        dry_run: DryRun = False,
    ) -> None:
        self.caller: Caller = caller_of(request)
        self.running = cast("Running", request.app.state.running)
        self.key = key
        self.request = request
        self._response = response
        self._if_match = if_match
        self._authority = authority
        self.dry_run = dry_run

    async def do(
        self,
        aggregate: Aggregate[State | None, E],
        stream: str,
        body: BaseModel,
        decide: Callable[[State | None, Others], Decision[E]],
        view: Callable[[State, date], View],
        *,
        others: Sequence[str] = (),
        location: str | None = None,
        effects: Callable[[State | None, State | None], Sequence[Effect]] = lambda _before, _after: (),
    ) -> Done[View]:
        """Do it, and answer: 201 when something was recorded, else 200. `effects` compares before and after."""
        written = await self.running.acts.act(aggregate, stream, self._asked(body), decide, others)
        return self._answer(written, view, location, effects(written.before, written.state))

    def _asked(self, body: BaseModel) -> Asked:
        return Asked(
            organisation=self.caller.organisation,
            content=fingerprint(self.request.url.path, body.model_dump(mode="json", by_alias=True)),
            key=self.key,
            if_match=self._if_match,
            dry_run=self.dry_run,
            traceparent=exchange_of(self.request.scope).traceparent,
            authority=self._authority,
        )

    def _answer(
        self,
        written: Written[State | None, E],
        view: Callable[[State, date], View],
        location: str | None,
        effects: Sequence[Effect],
    ) -> Done[View]:
        if not written.dry_run:
            self.running.wrote(written.vector)
            self._response.headers["ETag"] = etag(written.version)
        self._response.status_code = 201 if written.events and not written.dry_run else 200
        if location and self._response.status_code == 201:
            self._response.headers["Location"] = f"{self.request.app.state.base}{location}"
        return Done(
            token=self.running.tokens.seal(written.vector),
            version=written.version,
            dry_run=written.dry_run,
            recorded=[Recorded(type=event.full_type(), data=_data(event)) for event in written.events],
            result=None if written.state is None else view(written.state, today(self.running.clock)),
            findings=[_found(one, language_of(self.request.scope)) for one in written.findings],
            effects=list(effects),
        )


def _found(finding: Finding, language: str) -> Found:
    return Found(
        code=finding.code,
        severity=finding.severity,
        pointer=finding.pointer,
        message=finding.text.in_(language),
        hint=finding.hint.in_(language) if finding.hint else None,
    )


def _data(event: BaseModel) -> dict[str, JsonValue]:
    return event.model_dump(mode="json", by_alias=True)
