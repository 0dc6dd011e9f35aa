"""`maillage sync` on the command line."""

import click

from maillage.app.commands.merge import asking, show
from maillage.app.options import Session, common
from maillage.verbs.sync import sync

SENT = {
    "en": {True: "Sent.", False: "Nothing to send."},
    "fr": {True: "Envoyé.", False: "Rien à envoyer."},
}


@click.command("sync")
@click.argument("remote", required=False)
@click.option("--coder", help="who merges / qui fusionne")
@click.option("--confirm-device", "confirm", is_flag=True, help="new computers are their coders' / ordinateurs connus")
@common
def command(session: Session, remote: str | None, coder: str | None, *, confirm: bool) -> int:
    """Merge with a copy on a git server, and send / fusionner avec une copie sur un serveur git, et envoyer."""
    done = sync(session.study, remote, coder=coder, ask=asking(session, confirm=confirm))
    code = 0
    if done.union is not None:
        code = show(session, done.union, sent=done.sent)
    elif session.json:
        session.data({"sent": done.sent})
    session.say(SENT[session.lang][done.sent])
    return code
