"""Walks a pydantic model along the place of an error: which parts are keys of the JSON, and which names fit there."""

from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

Place = tuple[int | str, ...]
"""Where pydantic found something: keys, indexes, and in between the names of union members and validators."""


def path_of(model: object, place: Place) -> tuple[list[int | str], list[str]]:
    """The place as keys and indexes of the JSON itself, and the field names that exist where its last key stands.

    Names of union members and of validators, which pydantic puts into a place, are left out. Without a model (None)
    every part counts.
    """
    path: list[int | str] = []
    here, names = [model], []
    for index, part in enumerate(place):
        models = list(_models(here))
        names = [name for one in models for name in _names(one)]
        deeper = list(_step(here, part))
        if deeper:
            here = deeper
        elif model is not None and index < len(place) - 1:
            continue
        path.append(part)
    return path, names


def _step(annotations: Sequence[object], part: int | str) -> Iterator[object]:
    for annotation in annotations:
        for one in _flat(annotation):
            if isinstance(part, int):
                yield from _items(one)
            elif isinstance(one, type) and issubclass(one, BaseModel):
                yield from (field.annotation for name, field in _fields(one) if name == part)
            elif _origin(one) in (dict, Mapping):
                yield get_args(one)[1]


def _items(annotation: object) -> Iterator[object]:
    if _origin(annotation) in (list, tuple, set, frozenset, Sequence):
        yield from (argument for argument in get_args(annotation) if argument is not ...)


def _flat(annotation: object) -> Iterator[object]:
    """A union's members, and what is behind `Annotated`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _flat(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for member in get_args(annotation):
            yield from _flat(member)
    elif hasattr(annotation, "__value__"):
        yield from _flat(annotation.__value__)
    else:
        yield annotation


def _models(annotations: Sequence[object]) -> Iterator[type[BaseModel]]:
    for annotation in annotations:
        for one in _flat(annotation):
            if isinstance(one, type) and issubclass(one, BaseModel):
                yield one


def _names(model: type[BaseModel]) -> list[str]:
    return [name for name, _ in _fields(model)]


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """The fields under the names that the JSON uses."""
    for name, field in model.model_fields.items():
        yield field.alias or name, field


def _origin(annotation: object) -> object:
    origin = get_origin(annotation)
    return Sequence if getattr(origin, "__name__", "") == "Sequence" else origin
