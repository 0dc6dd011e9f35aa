"""`maillage release` on the command line."""

import sys
from pathlib import Path

import click
from rich.console import Console

from maillage.app.options import Session, common
from maillage.app.recall import recalls
from maillage.publish.gate import Release
from maillage.verbs.release import release

DONE = {
    "en": "The release for {audience} is in {out}: {ok} numbers{withheld}.\nOpen in a browser:",
    "fr": "La diffusion ({audience}) est dans {out} : {ok} nombres{withheld}.\nÀ ouvrir dans un navigateur :",
}
WITHHELD = {
    "en": "; {count} more are listed as withheld, with few people behind them or nobody",
    "fr": " ; {count} autres sont listés comme non publiés, qu'il y ait peu de personnes derrière eux ou aucune",
}
PREVIEWED = {
    "en": "A preview, not to be passed on: the ledger does not keep it.",
    "fr": "Un aperçu, à ne pas transmettre : le registre ne le garde pas.",
}


@click.command("release")
@click.option("--audience", default="public", show_default=True, help="public, partners, team")
@click.option("--langs", help="as fr,en; default: those of the study / par défaut : celles de l'étude")
@click.option(
    "--out", type=click.Path(path_type=Path), help="folder / dossier; default / par défaut : release, preview"
)
@click.option("--to", default="", help="for whom, in the ledger / pour qui, au registre")
@click.option("--preview", is_flag=True, help="a try, not in the ledger / un essai, hors registre")
@common
def command(session: Session, audience: str, langs: str | None, out: Path | None, to: str, preview: bool) -> int:
    """Reports, data and manifest for an audience / rapports, données et manifeste pour un public."""
    wanted = [lang.strip() for lang in langs.split(",")] if langs else None
    out = out or Path("preview" if preview else "release")
    with Console(stderr=True, quiet=not sys.stderr.isatty()).status("") as status:
        cleared = release(
            session.study, out, audience=audience, langs=wanted, to=to, preview=preview, step=status.update
        )
    _tell(session, cleared, out)
    if preview and not session.json:
        session.say(PREVIEWED[session.lang])
    recalls(session)
    return 0


def _tell(session: Session, cleared: Release, out: Path) -> None:
    ok = int((cleared.estimates["status"] == "ok").sum())
    if session.json:
        session.data({"out": str(out), "ok": ok, "withheld": cleared.withheld.height, "head": cleared.head})
        return
    count = cleared.withheld.height
    withheld = WITHHELD[session.lang].format(count=count) if count else ""
    session.say(DONE[session.lang].format(audience=cleared.audience, out=out, ok=ok, withheld=withheld))
    for lang in cleared.langs:
        session.say(f"  {(out / f'report.{lang}.html').resolve().as_uri()}")
