"""`maillage release` on the command line."""

import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from maillage.app.options import Session, audience_name, common, in_words
from maillage.app.recall import recalls
from maillage.publish.gate import Release
from maillage.verbs.release import Beside, release

DONE = {
    "en": "The release for {audience} is in {out}: {ok} numbers{withheld}.\nOpen in a browser:",
    "fr": "La diffusion ({audience}) est dans {out} : {ok} nombres{withheld}.\nÀ ouvrir dans un navigateur :",
}
WITHHELD = {
    "en": "; {count} more are listed as withheld, with few people behind them or nobody",
    "fr": " ; {count} autres sont listés comme non publiés, qu'il y ait peu de personnes derrière eux ou aucune",
}
SINCE = {
    "en": (
        "Held against the earlier releases to {audience}: {kept} numbers on people keep the value and day of an "
        "earlier one, {worded} are in words now, {withheld} told before are withheld: {why}, and a number brought up "
        "to date beside the old one would be the answer of those few (docs/gate.md)."
    ),
    "fr": (
        "Au regard des diffusions antérieures ({audience}) : {kept} nombres sur des personnes gardent la valeur et le "
        "jour d'une diffusion antérieure, {worded} se disent désormais en mots, {withheld} qui étaient dits ne le sont "
        "plus : {why}, et un nombre mis à jour à côté de l'ancien livrerait la réponse de ces quelques-unes "
        "(docs/gate.fr.md)."
    ),
}
WHY = {
    "en": {True: "somebody in them has withdrawn", False: "few people make the difference"},
    "fr": {True: "quelqu'un s'en est retiré", False: "peu de personnes font la différence"},
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
    beside: list[Beside] = []
    with Console(stderr=True, quiet=not sys.stderr.isatty()).status("") as status:
        cleared = release(session.study, out, audience=audience, langs=wanted, to=to, preview=preview,
                          step=status.update, told=beside.append)  # fmt: skip
    _tell(session, cleared, out, beside[0])
    if preview and not session.json:
        session.say(PREVIEWED[session.lang])
    recalls(session)
    return 0


def _tell(session: Session, cleared: Release, out: Path, beside: Beside) -> None:
    """What was built, then, for the team alone, what holds no longer and what changed beside earlier releases."""
    ok = int((cleared.estimates["status"] == "ok").sum())
    if session.json:
        session.data({"out": str(out), "ok": ok, "withheld": cleared.withheld.height, "head": cleared.head,
                      "since": asdict(beside.since), "lapsed": [item.value for item in beside.lapsed]})  # fmt: skip
    else:
        _built(session, cleared, out, ok)
    for item in beside.lapsed:
        click.echo(in_words(item, session.lang), err=True)
    since = beside.since
    if since.kept or since.worded or since.withheld:
        name, why = audience_name(cleared.audience, session.lang), WHY[session.lang][since.withdrew]
        session.say(SINCE[session.lang].format(audience=name, why=why, **asdict(since)))


def _built(session: Session, cleared: Release, out: Path, ok: int) -> None:
    count = cleared.withheld.height
    withheld = WITHHELD[session.lang].format(count=count) if count else ""
    session.say(
        DONE[session.lang].format(
            audience=audience_name(cleared.audience, session.lang), out=out, ok=ok, withheld=withheld
        )
    )
    for lang in cleared.langs:
        session.say(f"  {(out / f'report.{lang}.html').resolve().as_uri()}")
