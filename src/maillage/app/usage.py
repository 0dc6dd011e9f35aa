"""Words of a command that cannot be read: click's complaints as problems of our own, in the user's language.

Click words them in English, whatever the user speaks; what it knows of them (which option, which values) is put into
sentences of the catalogue instead.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError, NoSuchCommand

from maillage.errors import MaillageError

SHOWN = {"en": "Usage: {line}", "fr": "Usage : {line}"}
PIECES = {"fr": {"COMMAND [ARGS]...": "COMMANDE [ARGUMENTS]..."}}
QUOTED, BRACKETED = re.compile(r"(['\"])(.*)\1 (?:is|does)", re.DOTALL), re.compile(r"\((.*)\)", re.DOTALL)


def show(problem: click.ClickException, lang: str) -> int:
    """Say on standard error what is wrong and how the command is written; the exit code."""
    if isinstance(problem, NoArgsIsHelpError):
        problem.show()
        return problem.exit_code
    ctx = problem.ctx if isinstance(problem, click.UsageError) else None
    if ctx is not None:
        click.echo(_usage(ctx, lang), err=True)
    click.echo(in_words(problem).text(lang), err=True)
    return problem.exit_code


def in_words(problem: click.ClickException) -> MaillageError:
    """The problem of the catalogue that click's is."""
    ctx = problem.ctx if isinstance(problem, click.UsageError) else None
    command = ctx.command_path if ctx else "maillage"
    match problem:
        case NoSuchCommand():
            near = _near(problem.command_name, _commands(ctx))
            return MaillageError("usage_command", command=command, value=problem.command_name, near=near)
        case click.NoSuchOption():
            near = _near(problem.option_name, _options(ctx))
            return MaillageError("usage_option", command=command, value=problem.option_name, near=near)
        case click.BadOptionUsage():
            code = "usage_value_none" if "does not take" in problem.message else "usage_value_missing"
            return MaillageError(code, command=command, value=problem.option_name)
        case click.MissingParameter():
            return MaillageError("usage_missing", command=command, value=_name(problem))
        case click.BadParameter():
            return _bad_value(problem, command)
        case _:
            return _other(problem, command)


def _bad_value(problem: click.BadParameter, command: str) -> MaillageError:
    """A value that its parameter does not take."""
    kind = problem.param.type if problem.param else None
    quoted = QUOTED.search(problem.message)
    facts: dict[str, Any] = {
        "command": command,
        "field": _name(problem),
        "value": quoted[2] if quoted else problem.message,
    }
    if isinstance(kind, click.Choice):
        return MaillageError("usage_choice", **facts, known=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.IntRange):
        return MaillageError("usage_between", **facts, low=kind.min, high=kind.max)
    if isinstance(kind, click.types.IntParamType):
        return MaillageError("usage_number", **facts)
    if isinstance(kind, click.Path):
        return MaillageError("usage_file" if kind.file_okay else "usage_folder", **facts)
    return MaillageError("usage_other", command=command, value=problem.message)


def _other(problem: click.ClickException, command: str) -> MaillageError:
    extra = BRACKETED.search(problem.message)
    if extra and problem.message.startswith("Got unexpected extra"):
        return MaillageError("usage_extra", command=command, value=extra[1])
    return MaillageError("usage_other", command=command, value=problem.message.rstrip("."))


def _name(problem: click.BadParameter) -> str:
    """How the user writes the parameter: an option with its dashes, an argument in capitals."""
    param = problem.param
    if param is None:
        return ""
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name


def _commands(ctx: click.Context | None) -> list[str]:
    return ctx.command.list_commands(ctx) if ctx and isinstance(ctx.command, click.Group) else []


def _options(ctx: click.Context | None) -> list[str]:
    """The options of a command, each by its longest name."""
    params = ctx.command.get_params(ctx) if ctx else []
    return [max(one.opts, key=len) for one in params if isinstance(one, click.Option) and not one.hidden]


def _near(name: str, known: Sequence[str]) -> str:
    """What somebody may have meant; all there is where nothing comes near."""
    return ", ".join(get_close_matches(name, known) or known)


def _usage(ctx: click.Context, lang: str) -> str:
    """The line that shows how the command is written."""
    pieces = [PIECES.get(lang, {}).get(piece, piece) for piece in ctx.command.collect_usage_pieces(ctx)]
    return SHOWN[lang].format(line=" ".join([ctx.command_path, *pieces]))
