"""Every code stands in the one list, in Dutch and English, and every list is used."""

import re
from pathlib import Path

from pydantic import BaseModel

from services.interventions import codes
from services.interventions.catalogue import EVENT_TYPES
from services.interventions.codes import CODE_LISTS, Code


def test_every_code_has_a_dutch_and_an_english_label() -> None:
    for one in CODE_LISTS.lists.values():
        assert one.title.nl and one.title.en
        for code, label in one.codes.items():
            assert re.fullmatch(r"[A-Z][A-Z0-9_]*", code), code
            assert label.nl and label.en, code


def test_every_list_is_the_type_of_a_field_or_the_kind() -> None:
    named = {
        mark.list for one in vars(codes).values() for mark in getattr(one, "__metadata__", ()) if isinstance(mark, Code)
    }
    assert named | {"KIND"} == CODE_LISTS.lists.keys()


def test_the_kinds_are_those_of_the_models() -> None:
    kinds = {getattr(one.pushed, "KIND", None) for one in EVENT_TYPES.values()} - {None}
    assert kinds == set(CODE_LISTS.lists["KIND"].codes)


def test_models_name_no_code_themselves() -> None:
    """A field with codes of its own would be a second list."""
    for one in EVENT_TYPES.values():
        for type_ in one.pushed.__mro__:
            if issubclass(type_, BaseModel) and type_.__module__.startswith("services.interventions"):
                source = Path(str(__import__(type_.__module__, fromlist=["x"]).__file__)).read_text(encoding="utf-8")
                assert "Literal[" not in source, type_.__module__
