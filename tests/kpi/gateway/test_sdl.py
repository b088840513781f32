"""The schema as a file."""

from graphql import build_schema

from services.kpi.gateway.documents import Documents
from services.kpi.gateway.sdl import sdl
from tests.kpi.gateway.test_figures import PAGES, TILE, WHOLE
from tests.kpi.gateway.test_jos_figures import PAGE


def test_the_file_is_a_schema_by_which_the_documented_queries_are_valid() -> None:
    documents = Documents(build_schema(sdl()))
    for query in (TILE, WHOLE, PAGES, PAGE):
        assert documents.read(query)


def test_it_is_the_same_every_time_and_has_no_way_to_change_anything() -> None:
    assert sdl() == sdl()
    schema = build_schema(sdl())
    assert schema.mutation_type is None
    assert schema.subscription_type is None


def test_every_field_at_the_top_says_what_it_is() -> None:
    query = build_schema(sdl()).query_type
    assert query is not None
    assert all(field.description for field in query.fields.values())
