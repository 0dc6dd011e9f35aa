"""`maillage guide` on the command line."""

from pathlib import Path

import click

from maillage.app.options import Session, common
from maillage.verbs.guide import guide, record

RECORDED = {
    "en": {True: "Recorded as the guide in use.", False: "Recorded already."},
    "fr": {True: "Consigné comme guide utilisé.", False: "Déjà consigné."},
}


@click.command("guide")
@click.option("--format", "form", default="docx", show_default=True, help="docx, xlsform, md")
@click.option("--langs", default="fr,en", show_default=True, help="languages / langues")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("guide"), show_default=True, help="folder / dossier"
)
@click.option("--pack", help="a pack instead of a study / un cadre d'analyse au lieu d'une étude")
@click.option("--record", "kept", is_flag=True, help="enter it as the guide in use / le consigner comme utilisé")
@click.option("--coder", help="who records it / qui le consigne")
@common
def command(
    session: Session, form: str, langs: str, out: Path, pack: str | None, coder: str | None, *, kept: bool
) -> int:
    """Write the interview guide or its form / écrire le guide d'entretien ou son formulaire."""
    chosen = [lang.strip() for lang in langs.split(",")]
    if kept and pack:
        raise click.UsageError("--record, --pack")
    written = [str(path) for path in guide(session.study, out, format=form, langs=chosen, pack=pack)]
    if kept:
        fresh = record(session.study, format=form, langs=chosen, coder=coder)
        session.say(RECORDED[session.lang][fresh])
    if session.json:
        session.data({"files": written})
    for path in () if session.json else written:
        session.say(path)
    return 0
