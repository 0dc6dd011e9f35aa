"""`maillage export` on the command line."""

from pathlib import Path

import click

from maillage.app.options import Session, common
from maillage.verbs.export import export


@click.command("export")
@click.argument("form", metavar="csv|xlsx|parquet|gpkg|charts|ftm|i2|pole|graphml|qdpx|qdc|xlsform")
@click.option("--audience", default="public", show_default=True, help="public, partners, team")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("export"), show_default=True, help="folder / dossier"
)
@common
def command(session: Session, form: str, audience: str, out: Path) -> int:
    """Write an exchange format / écrire un format d'échange."""
    written = [str(path) for path in export(session.study, out, form=form, audience=audience)]
    if session.json:
        session.data({"files": written})
    for path in () if session.json else written:
        session.say(path)
    return 0
