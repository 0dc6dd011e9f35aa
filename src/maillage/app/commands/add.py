"""`maillage add` on the command line."""

from pathlib import Path

import click

from maillage.app.options import Session, common
from maillage.verbs.add import Request, add
from maillage.verbs.entering import Outcome

DONE = {
    "en": "{file} ({kind}): {entered} entered, {changed} changed, {same} known already.",
    "fr": "{file} ({kind}) : {entered} saisi(s), {changed} modifié(s), {same} déjà connu(s).",
}
KEPT = {
    "en": "{file} ({kind}): kept in tables/ with its card.",
    "fr": "{file} ({kind}) : conservé dans tables/ avec sa fiche.",
}
SAME = {"en": "{file} ({kind}): known already.", "fr": "{file} ({kind}) : déjà connu."}
LOGGED = ("sources", "document", "form", "qda")
REFUSED = {"en": "{file}: nothing was entered.", "fr": "{file} : rien n'a été saisi."}


@click.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--as", "kind", help="sources, places, zones, plan, events, indicators, aliases, actors, document, form, qda"
)
@click.option("--map", "card", type=click.Path(path_type=Path), help="card of the file / fiche du fichier")
@click.option("--coder", help="who enters; the first coder otherwise / qui saisit ; sinon le premier codeur")
@click.option("--yes", "confirmed", is_flag=True, help="enter what changed in a form / saisir ce qui a changé")
@click.option("--withdraw-missing", "withdraw", is_flag=True, help="form: who is gone withdraws / absents retirés")
@common
def command(session: Session, files: tuple[Path, ...], **said: str | Path | bool | None) -> int:
    """Add sources, places, zones, events, indicators / ajouter sources, lieux, zones, événements, indicateurs."""
    request = Request(**said)  # pyright: ignore[reportArgumentType]  click gives each option its type
    done = [add(session.study, file, request) for file in files]
    code = session.findings([item for outcome in done for item in outcome.findings])
    for outcome in done:
        session.say(_sentence(outcome, session.lang))
    return code


def _sentence(done: Outcome, lang: str) -> str:
    facts = {"file": done.file, "kind": done.kind, "entered": done.entered, "changed": done.changed, "same": done.same}
    words = REFUSED if done.refused else DONE if done.kind in LOGGED else KEPT if done.entered else SAME
    return words[lang].format(**facts)
