"""`maillage undo` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.verbs.coding import undo

DONE = {"en": "Undone: {op} of {kind}.", "fr": "Annulé : {op}, {kind}."}
WORDS = {
    "en": {"assert": "entry", "supersede": "correction", "retract": "retraction"},
    "fr": {"assert": "saisie", "supersede": "correction", "retract": "retrait"},
}
KINDS = {
    "en": {},
    "fr": {"observation": "énoncé", "memo": "mémo", "assignment": "attribution", "decision": "arbitrage"},
}


@click.command("undo")
@click.option("--coder", help="whose last entry / la dernière entrée de qui")
@common
def command(session: Session, coder: str | None) -> int:
    """Undo your last entry / annuler votre dernière entrée."""
    op, kind = undo(session.study, coder=coder)
    if session.json:
        session.data({"op": op, "kind": kind})
    shown = KINDS[session.lang].get(kind, kind)
    session.say(DONE[session.lang].format(op=WORDS[session.lang][op], kind=shown))
    return 0
