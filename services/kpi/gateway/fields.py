"""Fields of the schema."""

from collections.abc import Callable
from typing import TypeVar, cast

import strawberry

F = TypeVar("F", bound=Callable[..., object])


def field(resolver: F) -> F:
    """A field that is resolved by this method; the method's docstring is its description in the schema."""
    return cast("F", strawberry.field(resolver=resolver, description=resolver.__doc__))
