"""`maillage head` on the command line."""

from pathlib import Path

import click

from maillage.app.options import Session, common
from maillage.verbs.head import countersign, heads

DONE = {"en": "{count} head(s) countersigned.", "fr": "{count} tête(s) contresignée(s)."}
STUDY = {"en": "Head of the study: {head}", "fr": "Tête de l'étude : {head}"}


@click.command("head")
@click.option(
    "--countersign", "file", type=click.Path(path_type=Path), help="a partner's heads / têtes d'un partenaire"
)
@click.option("--coder", help="who countersigns / qui contresigne")
@common
def command(session: Session, file: Path | None, coder: str | None) -> int:
    """Show the head of each log, or countersign a partner's / montrer la tête de chaque journal, ou contresigner."""
    if file is not None:
        done = countersign(session.study, file.read_text("utf-8", errors="replace"), coder=coder)
        session.say(DONE[session.lang].format(count=done.signed))
        return session.findings(done.findings)
    study, logs = heads(session.study)
    if session.json:
        session.data({"head": study, "logs": [{"log": one.log, "size": one.size, "head": one.head} for one in logs]})
        return 0
    click.echo(STUDY[session.lang].format(head=study[:16]))
    for one in logs:
        click.echo(f"\n{one.note}", nl=False)
    return 0
