"""The schema: made once, executed with documents that were read within limits before."""

from collections.abc import Iterator

import strawberry
from graphql import DocumentNode, GraphQLError, GraphQLSchema
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult

from services.kpi.gateway.plan import Plan
from services.kpi.gateway.query import Query
from services.kpi.gateway.reader import Reader


class _AlreadyRead(SchemaExtension):
    """The document was parsed and validated before, or found as it was; nothing is left to do."""

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = (self.execution_context.root_value or {})["document"]
        self.execution_context.validation_rules = ()
        yield


class _Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Errors are noted where they are shown, by kind alone: their texts may hold what was sent (G-28)."""


SCHEMA = _Schema(
    query=Query,
    extensions=[_AlreadyRead],
    config=StrawberryConfig(disable_field_suggestions=True),
)


def core() -> GraphQLSchema:
    """The schema as graphql-core knows it."""
    return SCHEMA._schema


async def execute(text: str, document: DocumentNode, planned: Plan, reader: Reader) -> ExecutionResult:
    """Run an operation of a document."""
    return await SCHEMA.execute(
        text,
        variable_values=planned.variables,
        context_value=reader,
        root_value={"document": document},
        operation_name=planned.operation,
    )
