"""`maillage risk` on the command line."""

import sys

import click
from rich.console import Console
from rich.table import Column, Table

from maillage.app.options import Session, common
from maillage.verbs import risk as verb

THROUGH = 3  # ids, which are long
FRENCH = {"voisin": "neighbour", "etat": "state", "état": "state", "groupe_arme": "armed_group",
          "groupe_armé": "armed_group", "journaliste": "journalist"}  # fmt: skip


@click.command("risk")
@click.option(
    "--as",
    "reader",
    required=True,
    help="neighbour/voisin, state/etat, armed_group/groupe_arme, journalist/journaliste",
)
@click.option("--audience", default="public", show_default=True, help="public, partners")
@common
def command(session: Session, reader: str, audience: str) -> int:
    """What a reader could work out of the release / ce qu'un lecteur pourrait déduire de la diffusion."""
    with Console(stderr=True, quiet=not sys.stderr.isatty()).status("") as status:
        found = verb.risk(session.study, FRENCH.get(reader.casefold(), reader), audience=audience, step=status.update)
    if session.json:
        session.data(verb.record(found))
        return 0
    for line in verb.summary(found, session.lang):
        session.say(line)
    heads = [
        Column(head, overflow="fold", ratio=2 if at == THROUGH else 1)
        for at, head in enumerate(verb.heads(session.lang))
    ]
    table = Table(*heads, show_lines=True, expand=True)
    for row in verb.table(found, session.lang):
        table.add_row(*row)
    if found.people:
        Console(markup=False, highlight=False).print(table)
    return 0
