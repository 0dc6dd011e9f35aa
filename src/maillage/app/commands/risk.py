"""`maillage risk` on the command line."""

import sys

import click
from rich.console import Console
from rich.table import Column, Table

from maillage.app.options import Session, common
from maillage.verbs import risk as verb


@click.command("risk")
@click.option("--as", "reader", required=True, help="neighbour, state, armed_group, journalist")
@click.option("--audience", default="public", show_default=True, help="public, partners")
@common
def command(session: Session, reader: str, audience: str) -> int:
    """What a reader could work out of the release / ce qu'un lecteur pourrait déduire de la diffusion."""
    with Console(stderr=True, quiet=not sys.stderr.isatty()).status("") as status:
        found = verb.risk(session.study, reader, audience=audience, step=status.update)
    if session.json:
        session.data(verb.record(found))
        return 0
    for line in verb.summary(found, session.lang):
        session.say(line)
    table = Table(*(Column(head, overflow="fold") for head in verb.heads(session.lang)), show_lines=True)
    for row in verb.table(found, session.lang):
        table.add_row(*row)
    if found.people:
        Console(markup=False, highlight=False).print(table)
    return 0
