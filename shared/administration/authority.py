"""On whose authority an act is done, and why: two headers, codes and references only (never a name or a text)."""

from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Header
from starlette.requests import Request

from shared.asking import Authority
from shared.auth.require import caller_of
from shared.domain.personal import personal_data
from shared.web.problems import Problem, error


class Reason(StrEnum):
    """Why an act is done (*reden*)."""

    AGREED = "AGREED"
    DECIDED = "DECIDED"
    REQUESTED = "REQUESTED"
    NOTICE = "NOTICE"
    CORRECTION = "CORRECTION"
    LAW = "LAW"


async def read_authority(
    request: Request,
    act_authority: Annotated[
        str | None,
        Header(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{1,63}$",
            description="Kenmerk van het besluit of mandaat waarop dit rust, bijvoorbeeld `besluit-2026/114`.",
        ),
    ] = None,
    act_reason: Annotated[Reason | None, Header(description="Waarom dit wordt vastgelegd.")] = None,
) -> Authority:
    """Who acts: the account, the decision named in `Act-Authority` (else the roles), and the reason.

    Raises 400 `personal-data` where the reference looks like a person's.
    """
    caller = caller_of(request)
    if act_authority is not None and personal_data(act_authority, days=False):
        raise Problem(None, "personal-data", [error("personal-data", "/header/act-authority")])
    return Authority(caller.client_id, act_authority or ",".join(sorted(caller.roles)), act_reason)


OnAuthority = Annotated[Authority, Depends(read_authority)]
"""`authority: OnAuthority`: kept with every event of the act, and shown in `/history`."""
