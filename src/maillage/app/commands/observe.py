"""`maillage observe` on the command line."""

from pathlib import Path

import click

from maillage.app.options import Session, common
from maillage.verbs.observe import observe

DONE = {
    "en": "{file}: {entered} statement(s) entered, {changed} changed, {same} known already.",
    "fr": "{file} : {entered} énoncé(s) saisi(s), {changed} modifié(s), {same} déjà connu(s).",
}
REFUSED = {"en": "{file}: nothing was entered.", "fr": "{file} : rien n'a été saisi."}


@click.command("observe")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--coder", required=True, help="pseudonym of the coder / pseudonyme du codeur")
@common
def command(session: Session, file: Path, coder: str) -> int:
    """Enter coded observations from a table / saisir des observations codées depuis une table."""
    done = observe(session.study, file, coder=coder)
    code = session.findings(done.findings)
    counts = {"file": done.file, "entered": done.entered, "changed": done.changed, "same": done.same}
    session.say((REFUSED if done.refused else DONE)[session.lang].format(**counts))
    return code
