"""`maillage guide` on the command line."""

from pathlib import Path

import click

from maillage.app.options import Session, common
from maillage.verbs.guide import guide


@click.command("guide")
@click.option("--format", "form", default="docx", show_default=True, help="docx, xlsform, md")
@click.option("--langs", default="fr,en", show_default=True, help="languages / langues")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("guide"), show_default=True, help="folder / dossier"
)
@click.option("--pack", help="a pack instead of a study / un cadre d'analyse au lieu d'une étude")
@common
def command(session: Session, form: str, langs: str, out: Path, pack: str | None) -> int:
    """Write the interview guide or its form / écrire le guide d'entretien ou son formulaire."""
    chosen = [lang.strip() for lang in langs.split(",")]
    written = [str(path) for path in guide(session.study, out, format=form, langs=chosen, pack=pack)]
    if session.json:
        session.data({"files": written})
    for path in () if session.json else written:
        session.say(path)
    return 0
