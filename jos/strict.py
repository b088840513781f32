"""Typer's commands, a little stricter: usage on stderr, and no option given twice."""

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from jos.exits import Exit


class StrictGroup(TyperGroup):
    """A group of commands that, given nothing, explains itself on stderr and ends with 2."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # typer's own Context is private
        """Raises `typer.Exit(2)` after the usage was written when no command was named."""
        if not args:
            typer.echo(ctx.get_help(), err=True)
            raise typer.Exit(Exit.USAGE)
        return super().parse_args(ctx, args)


class StrictCommand(TyperCommand):
    """A command that refuses the same option twice: nobody can tell which one was meant."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Ends with usage on stderr and exit code 2 for an option given twice."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        once = [p for p in order if p.param_type_name == "option" and not p.multiple]
        for parameter in once:
            if once.count(parameter) > 1:
                ctx.fail(f"Option '{parameter.opts[0]}' was given more than once.")
        return super().parse_args(ctx, args)
