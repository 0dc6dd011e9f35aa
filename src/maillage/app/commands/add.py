"""`maillage add` on the command line."""

from pathlib import Path

import click

from maillage.app.options import Session, common
from maillage.errors import MaillageError
from maillage.verbs.add import Request, add
from maillage.verbs.entering import Outcome
from maillage.verbs.tables import Kept
from maillage.verbs.transcripts import Imported

DONE = {
    "en": "{file} ({kind}): {entered} entered, {changed} changed, {same} known already.",
    "fr": "{file} ({kind}) : {entered} saisi(s), {changed} modifié(s), {same} déjà connu(s).",
}
KEPT = {
    "en": "{file} ({kind}): kept in tables/ with its card.",
    "fr": "{file} ({kind}) : conservé dans tables/ avec sa fiche.",
}
PULLED = {
    "en": "{file} ({kind}): kept in tables/ with its card, pulled on {pulled}.",
    "fr": "{file} ({kind}) : conservé dans tables/ avec sa fiche, extrait le {pulled}.",
}
SAME = {"en": "{file} ({kind}): known already.", "fr": "{file} ({kind}) : déjà connu."}
LOGGED = ("sources", "document", "interview", "form", "qda")
REPLACED = {
    "en": "    Replaced: {name} name(s), {phone} phone number(s), {email} e-mail address(es), {id} other number(s).",
    "fr": "    Remplacés : {name} nom(s), {phone} téléphone(s), {email} adresse(s), {id} autre(s) numéro(s).",
}
WORDS = {
    "en": "    Words to look at (on this screen only): {words}",
    "fr": "    Mots à regarder (sur cet écran seulement) : {words}",
}
KINDS = ("name", "phone", "email", "id")
REFUSED = {"en": "{file}: nothing was entered.", "fr": "{file} : rien n'a été saisi."}


@click.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--as",
    "kind",
    help="sources, places, zones, plan, events, indicators, aliases, actors, units, interview, document, form, qda",
)
@click.option("--map", "card", type=click.Path(path_type=Path), help="card of the file / fiche du fichier")
@click.option("--coder", help="who enters; the first coder otherwise / qui saisit ; sinon le premier codeur")
@click.option("--yes", "confirmed", is_flag=True, help="enter what changed (form, events) / saisir les changements")
@click.option("--withdraw-missing", "withdraw", is_flag=True, help="form: who is gone withdraws / absents retirés")
@click.option("--source", help="interview: its source / entretien : sa source")
@click.option("--pulled", help="events: day of the pull / événements : jour de l'extraction")
@click.option("--replace", help="events: table they are a new version of / table remplacée")
@click.option("--check-names", is_flag=True, help="interview: list unknown names / lister les noms inconnus")
@common
def command(session: Session, files: tuple[Path, ...], **said: str | Path | bool | None) -> int:
    """Add sources, places, zones, events, indicators / ajouter sources, lieux, zones, événements, indicateurs."""
    request = Request(**said)  # pyright: ignore[reportArgumentType]  click gives each option its type
    if request.source and len(files) > 1:
        raise MaillageError("transcript_one_source", exit_code=2)
    done = [add(session.study, file, request) for file in files]
    code = session.findings([item for outcome in done for item in outcome.findings])
    for outcome in done:
        for line in (_sentence(outcome, session.lang), *_heard(outcome, session.lang)):
            session.say(line)
    return code


def _heard(done: Outcome, lang: str) -> list[str]:
    """What was replaced in a transcript, by kind, and the words that were asked for."""
    if not isinstance(done, Imported) or done.refused:
        return []
    lines = [REPLACED[lang].format(**{kind: done.replaced.get(kind, 0) for kind in KINDS})]
    return [*lines, *([WORDS[lang].format(words=", ".join(done.words))] if done.words else [])]


def _sentence(done: Outcome, lang: str) -> str:
    facts = {"file": done.file, "kind": done.kind, "entered": done.entered, "changed": done.changed, "same": done.same}
    kept = PULLED if isinstance(done, Kept) and done.pulled else KEPT
    facts["pulled"] = done.pulled if isinstance(done, Kept) else ""
    words = REFUSED if done.refused else DONE if done.kind in LOGGED else kept if done.entered else SAME
    return words[lang].format(**facts)
