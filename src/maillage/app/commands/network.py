"""`maillage network` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.verbs.network import QUESTIONS, Asked, lines, network

NOTHING = {"en": "No tie answers that.", "fr": "Aucun lien n'y répond."}


@click.command("network", help=f"Ties between actors / liens entre acteurs: {', '.join(QUESTIONS)}.")
@click.argument("question")
@click.argument("words", nargs=-1)
@click.option("--steps", type=int, help="ego: how far; paths: longest / jusqu'où ; chemin le plus long")
@click.option("--market", help="only ties of a market / liens d'un seul marché")
@click.option("--place", help="only ties told of an area, by its code / liens d'une seule zone, par son code")
@common
def command(
    session: Session, question: str, words: tuple[str, ...], steps: int | None, market: str | None, place: str | None
) -> int:
    """Ties between actors / liens entre acteurs."""
    table = network(session.study, question, Asked(words, steps, market, place))
    if session.json:
        session.data(table.to_dicts())
    elif table.is_empty():
        session.say(NOTHING[session.lang])
    else:
        for line in lines(table):
            session.say(line)
    return 0
