"""The envelope of a pushed event: CloudEvents 1.0 in the NL GOV profile, and no attribute more than is used.

`subject` and `dataref` of the profile are refused: the first could name a person, the second could hide content.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.interventions.words import Moment, check_record_id

_SOURCE = re.compile(r"urn:nld:(kvknr:[0-9]{8}|oin:[0-9]{20}):systeem:[a-z0-9-]{1,40}")


@lru_cache(maxsize=1_000)
def check_source(value: str) -> str:
    """A source names an organisation and its system. Raises `source`."""
    if not _SOURCE.fullmatch(value):
        raise PydanticCustomError("source", "urn:nld:kvknr:<8 digits>:systeem:<name>")
    return value


def is_source(value: object) -> bool:
    """Whether a value is written as a source."""
    return isinstance(value, str) and _SOURCE.fullmatch(value) is not None


def is_of(source: str, organisation: str) -> bool:
    """Whether a source is a system of this organisation (`kvknr:99990001`)."""
    return source.startswith(f"urn:nld:{organisation}:systeem:")


class Envelope(BaseModel):
    """The attributes of an event; `time` is the moment at which the sender recorded it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    specversion: Literal["1.0"]
    id: Annotated[str, AfterValidator(check_record_id)] = Field(description="Blijvende sleutel van het record")
    source: Annotated[str, AfterValidator(check_source)] = Field(description="Organisatie en systeem van de afzender")
    type: Annotated[str, StringConstraints(max_length=200)]
    time: Moment = Field(description="Moment van vastleggen in het EPD")
    data: dict[str, Any]
    datacontenttype: Literal["application/json", "application/json; charset=utf-8"] = "application/json"
    dataschema: Annotated[str, StringConstraints(max_length=500, pattern=r"^[a-z]+:[!-~]+$")] | None = None
    sequence: Annotated[str, StringConstraints(max_length=40, pattern=r"^[0-9A-Za-z]+$")] | None = None
    sequencetype: Annotated[str, StringConstraints(max_length=20, pattern=r"^[A-Za-z]+$")] | None = None
    traceparent: Annotated[str, StringConstraints(pattern=r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")] | None = None
    tracestate: Annotated[str, StringConstraints(max_length=512)] | None = None


CODES = {
    "specversion": "cloudevents-version",
    "source": "source",
    "time": "time",
    "datacontenttype": "data",
    "data_base64": "data",
}
"""The code for whatever is wrong with these attributes."""


def from_headers(headers: Iterable[tuple[bytes, bytes]], data: object) -> Mapping[str, object]:
    """The event of a request in binary mode: its `ce-` headers are the attributes, its body the data."""
    attributes: dict[str, object] = {"data": data}
    for name, value in headers:
        if name.startswith(b"ce-"):
            attributes[name[3:].decode("latin-1")] = unquote(value.decode("latin-1"))
    return attributes


def instant(moment: datetime) -> str:
    """A moment as answers tell it: RFC 3339, UTC."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
