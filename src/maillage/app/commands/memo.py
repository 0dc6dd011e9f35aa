"""`maillage memo` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.verbs.coding import memo

DONE = {"en": "Memo kept: {id}", "fr": "Mémo gardé : {id}"}


@click.command("memo")
@click.argument("text")
@click.option("--about", help="id of a source, statement, passage or code / identifiant")
@click.option("--title", help="title / titre")
@click.option("--coder", help="who writes / qui écrit")
@common
def command(session: Session, text: str, **more: str | None) -> int:
    """Write a memo / écrire un mémo."""
    made = memo(session.study, text, about=more["about"], coder=more["coder"], title=more["title"])
    if session.json:
        session.data({"id": made})
    session.say(DONE[session.lang].format(id=made))
    return 0
