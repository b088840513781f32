"""Versions of what is read and written: `ETag`, `If-Match`, `If-None-Match`, `Idempotency-Key`."""

import re
from typing import Annotated

from fastapi import Depends, Header
from starlette.requests import Request

from shared.domain.texts import Text
from shared.web.problems import Problem, error

_VERSION = re.compile(r'"(\d{1,18})"')
_KEY = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def etag(version: int | str) -> str:
    """The ETag of a version of a stream (a number) or of a document (a text without quotes)."""
    return f'"{version}"'


async def read_if_match(
    if_match: Annotated[str | None, Header(description="De ETag die u las; `*` voor welke dan ook.")] = None,
) -> int | None:
    """The stream version that `If-Match` names; None for no header and for `*`. Raises 400 for another form."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _VERSION.fullmatch(if_match.strip())
    if found is None:
        hint = Text('een ETag zoals "3"', 'an ETag such as "3"')
        raise Problem(None, "format", [error("format", "/header/if-match", hint)])
    return int(found[1])


IfMatch = Annotated[int | None, Depends(read_if_match)]
"""`if_match: IfMatch`: the version a change is based on."""


def require_if_match(request: Request) -> None:
    """Raise 428 where a change must say what it is based on."""
    if "if-match" not in request.headers:
        raise Problem(None, "precondition-required")


def not_modified(request: Request, tag: str) -> bool:
    """Whether the reader has this version already, so that 304 is enough."""
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in given.split(",")}


async def read_idempotency_key(
    idempotency_key: Annotated[
        str | None, Header(description="Een eigen sleutel: dezelfde aanvraag nog eens verandert niets.")
    ] = None,
) -> str | None:
    """The client's own key of this request. Raises 400 for another form than letters, digits and `._:-`."""
    if idempotency_key is None:
        return None
    if _KEY.fullmatch(idempotency_key) is None:
        hint = Text("1 tot 128 letters, cijfers en ._:-", "1 to 128 letters, digits and ._:-")
        raise Problem(None, "format", [error("format", "/header/idempotency-key", hint)])
    return idempotency_key


IdempotencyKey = Annotated[str | None, Depends(read_idempotency_key)]
"""`key: IdempotencyKey`: the same key again finds what was made the first time."""
