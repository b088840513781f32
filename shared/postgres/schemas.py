"""What stands in a database before its migrations run: schemas, and who may do what in them."""

from shared.postgres.roles import GATEWAY, VAULT, visitors


def create(database: str, template: str | None) -> str:
    """The statement that makes a database; a fresh one sorts by code point, on every machine alike."""
    if template is not None:
        return f"create database {database} template {template} strategy file_copy"
    return (
        f"create database {database} template template0 encoding 'UTF8'"
        " locale 'C' locale_provider builtin builtin_locale 'C.UTF-8'"
    )


def admit(database: str, name: str) -> str:
    """Who may connect: the roles of the service, nobody else. (A copy does not inherit this from its template.)"""
    return f"""
        revoke all on database {database} from public;
        grant connect on database {database} to {", ".join(visitors(name))};
    """


def furnish(name: str) -> str:
    """The schemas of a database, and what its roles get by default on what its owner makes there later."""
    owner, app = f"{name}_owner", f"{name}_app"
    statements = f"""
        create extension if not exists btree_gist schema public;
        revoke create on schema public from public;
        alter default privileges for role {owner} revoke execute on functions from public;
        create schema if not exists app authorization {owner};
        grant usage on schema app to {app};
        alter default privileges for role {owner} in schema app
            grant select, insert, update, delete on tables to {app};
        alter default privileges for role {owner} in schema app grant usage on sequences to {app};
        alter default privileges for role {owner} in schema app grant execute on functions to {app};
    """
    if name != VAULT:
        # In these nothing is granted by default: their own migrations say who may do what.
        statements += f"""
            create schema if not exists log authorization {owner};
            grant usage on schema log to {app}, {name}_feed, {name}_append;
            create schema if not exists kafka authorization {owner};
            grant usage on schema kafka to {app};
        """
    if name == "kpi":
        statements += f"""
            grant usage on schema app to {GATEWAY};
            alter default privileges for role {owner} in schema app grant execute on functions to {GATEWAY};
        """
    return statements
