"""`maillage open` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.app.workbench.launch import ADDRESS
from maillage.app.workbench.serve import serve
from maillage.errors import MaillageError

SAID = {
    "reads": {"en": "To read only. {address}", "fr": "En lecture seule. {address}"},
    "open": {
        "en": "The workbench is at {address}/ for your browser alone. Ctrl-C stops it.",
        "fr": "L'atelier est à l'adresse {address}/, pour votre seul navigateur. Ctrl-C l'arrête.",
    },
    "link": {
        "en": "Open this link yourself; it works once, so tell nobody:\n{address}",
        "fr": "Ouvrez vous-même ce lien ; il ne sert qu'une fois, ne le donnez à personne :\n{address}",
    },
}


@click.command("open")
@click.option("--coder", help="who works here / qui travaille ici")
@click.option("--port", type=click.IntRange(1, 65535), help="a port of this machine / un port de cette machine")
@click.option("--host", default=ADDRESS, hidden=True)
@click.option("--no-browser", is_flag=True, help="print the link / afficher le lien sans ouvrir de navigateur")
@common
def command(session: Session, coder: str | None, port: int | None, host: str, no_browser: bool) -> None:
    """Open the workbench in the browser / ouvrir l'atelier dans le navigateur."""
    if host != ADDRESS:
        raise MaillageError("host_refused", exit_code=2, host=host)

    def say(what: str, address: str) -> None:
        click.echo(SAID[what][session.lang].format(address=address), err=session.json)

    serve(session.study, coder=coder, lang=session.lang, port=port or 0, browser=not no_browser, say=say)
