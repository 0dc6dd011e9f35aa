"""`maillage codes` on the command line."""

import click

from maillage import pack as packs
from maillage.app.options import Session, common
from maillage.study.folder import SETTINGS, open_study
from maillage.verbs.codes import codes


@click.command("codes")
@click.option("--list", "name", help="one list only, as link_types / une seule liste, comme link_types")
@click.option(
    "--pack", default="nexus", show_default=True, help="pack, outside a study / référentiel, hors d'une étude"
)
@common
def command(session: Session, name: str | None, pack: str) -> int:
    """List all codes with their labels / lister tous les codes et leurs libellés."""
    inside = (session.study / SETTINGS).is_file()
    rows = codes(open_study(session.study).pack if inside else packs.load(pack), name)
    if session.json:
        session.data(rows)
        return 0
    for row in rows:
        session.say(f"{row['list']:<18} {row['code']:<28} {row[session.lang]}")
    return 0
