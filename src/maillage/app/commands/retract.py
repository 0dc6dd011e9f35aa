"""`maillage retract` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.app.recall import recalls
from maillage.verbs.coding import retract

DONE = {
    "en": {"source": "{id} is withdrawn: nothing it says counts any more.", "": "{id} is taken back."},
    "fr": {"source": "{id} est retirée : rien de ce qu'elle dit ne compte plus.", "": "{id} est retiré."},
}


@click.command("retract")
@click.argument("id")
@click.option("--why", required=True, help="the reason / la raison")
@click.option("--coder", help="who takes it back / qui le retire")
@common
def command(session: Session, id: str, why: str, coder: str | None) -> int:
    """Take back a statement, passage, memo or decision, or withdraw a source / retirer un énoncé ou une source."""
    kind = retract(session.study, id, why=why, coder=coder)
    words = DONE[session.lang]
    if session.json:
        session.data({"id": id, "kind": kind})
    session.say((words.get(kind) or words[""]).format(id=id))
    if kind == "source":
        recalls(session)
    return 0
