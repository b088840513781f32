"""The form of every event that an aggregate decides on."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

TYPE_PREFIX = "nl.jeugdhulp-op-school."


class Event(BaseModel):
    """What happened, in the past tense, with the ids by which it will be counted.

    A subclass sets `TYPE`, the stored name without prefix (`school-registered.v1`): stored names are for ever.
    Payload keys are lowerCamelCase; unknown fields are refused; values are strict.
    """

    TYPE: ClassVar[str]

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        populate_by_name=True,
        ser_json_inf_nan="strings",
    )

    @classmethod
    def full_type(cls) -> str:
        """The stored name with its reverse-domain prefix."""
        return TYPE_PREFIX + cls.TYPE
