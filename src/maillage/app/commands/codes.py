"""`maillage codes` on the command line."""

import click

from maillage import pack as packs
from maillage.app.options import Session, common
from maillage.study.folder import SETTINGS, open_study
from maillage.verbs.codes import codes, together

HEAD = f"{'passages':>8}  {'sources':>8}"
NONE = {
    "en": "No two codes meet on a passage of one coder.",
    "fr": "Aucun passage d'un même codeur ne porte deux codes.",
}


@click.command("codes")
@click.option("--list", "name", help="one list only, as link_types / une seule liste, comme link_types")
@click.option(
    "--pack", default="nexus", show_default=True, help="pack, outside a study / référentiel, hors d'une étude"
)
@click.option("--together", "met", is_flag=True, help="codes that meet on passages / codes qui se rencontrent")
@common
def command(session: Session, name: str | None, pack: str, met: bool) -> int:
    """List all codes with their labels / lister tous les codes et leurs libellés."""
    if met:
        return _together(session)
    inside = (session.study / SETTINGS).is_file()
    rows = codes(open_study(session.study).pack if inside else packs.load(pack), name)
    if session.json:
        session.data(rows)
        return 0
    for row in rows:
        session.say(f"{row['list']:<18} {row['code']:<28} {row[session.lang]}")
    return 0


def _together(session: Session) -> int:
    rows = together(session.study)
    if session.json:
        session.data(rows)
        return 0
    session.say(HEAD if rows else NONE[session.lang])
    for row in rows:
        session.say(f"{row['pairs']:>8}  {row['sources']:>8}  {row['code']} + {row['other']}")
    return 0
