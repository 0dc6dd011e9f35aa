"""`maillage new` on the command line."""

import getpass
import re
from datetime import UTC, datetime
from pathlib import Path

import click

from maillage.app.options import Session, common
from maillage.verbs.new import Start, new

DONE = {
    "en": "{folder} is ready. Next: maillage add places.csv --study {folder} --as places",
    "fr": "{folder} est prêt. Ensuite : maillage add places.csv --study {folder} --as places",
}


def first_coder() -> str:
    """The user's name as a coder's name."""
    return re.sub(r"[^a-z0-9_-]", "", getpass.getuser().lower())[:32] or "coder"


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--pack", default="nexus", show_default=True, help="analytical framework / cadre d'analyse")
@click.option("--langs", default="fr,en", show_default=True, help="languages of the report / langues du rapport")
@click.option("--country", required=True, help="ISO code, as ML / code ISO, comme ML")
@click.option("--coder", help="pseudonym of the first coder / pseudonyme du premier codeur")
@click.option("--period", help="year the study speaks of / année dont parle l'étude")
@click.option("--title", help="title of the study / titre de l'étude")
@common
def command(session: Session, folder: Path, pack: str, langs: str, country: str, **more: str | None) -> int:
    """Start a study that checks clean / commencer une étude qui passe le contrôle."""
    start = Start(
        pack=pack,
        langs=[lang.strip() for lang in langs.split(",")],
        country=country.upper(),
        coder=more["coder"] or first_coder(),
        period=more["period"] or str(datetime.now(UTC).year),
        title=more["title"],
    )
    written = new(folder, start)
    if session.json:
        session.data({"folder": str(folder), "files": [str(path) for path in written]})
    session.say(DONE[session.lang].format(folder=folder))
    return 0
