"""Reading a request's body: its kind, its size, its text, its model."""

from collections.abc import Collection
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from shared.domain.texts import Text
from shared.strict_json import Malformed, parse
from shared.web.problems import FieldError, Problem, error
from shared.web.schema_errors import field_errors

MAX_BODY = 64 * 1024
"""Bytes of a body where nothing else is said."""

T = TypeVar("T")


def media_type(request: Request, allowed: Collection[str]) -> str:
    """The request's media type, one of `allowed`. Raises the 415, which lists them."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    charset = parameters.strip().lower().replace('"', "")
    if kind not in allowed or charset not in ("", "charset=utf-8", "charset=utf8"):
        raise Problem(None, "media-type", headers={"Accept": ", ".join(allowed)})
    return kind


def too_large(limit: int) -> Problem:
    """The 413 that tells the limit in bytes."""
    told = Text(f"Hoogstens {limit} bytes.", f"At most {limit} bytes.")
    return Problem(None, "too-large", detail=told)


async def read_body(request: Request, limit: int = MAX_BODY) -> bytes:
    """The body, of at most `limit` bytes. Raises the 413 as soon as it is known to be larger."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise too_large(limit)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def parse_json(raw: bytes) -> object:
    """The JSON value in a body. Raises the 400 (413 when it is too wide) that says what is wrong with it."""
    try:
        return parse(raw)
    except Malformed as malformed:
        raise Problem(None, malformed.code, [error(malformed.code)]) from None


def parse_object(raw: bytes) -> dict[str, object]:
    """The JSON object in a body. Raises the 400 that says what is wrong with it."""
    value = parse_json(raw)
    if not isinstance(value, dict):
        raise Problem(None, "not-an-object", [error("not-an-object")])
    return value


def read_model(raw: bytes, adapter: TypeAdapter[T], model: object) -> tuple[T | None, list[FieldError]]:
    """The body as its model, read strictly, and everything that is wrong with it. Raises the 400 for bad JSON."""
    parse_json(raw)
    try:
        return adapter.validate_json(raw, strict=True), []
    except ValidationError as problem:
        return None, field_errors(problem.errors(include_url=False), model)
