"""`maillage vault` on the command line."""

import os
from pathlib import Path

import click

from maillage.app.asking import agreed, can_ask
from maillage.app.options import Session, common
from maillage.app.recall import recalls
from maillage.errors import MaillageError, finding
from maillage.verbs import vault
from maillage.verbs.names import enter, shown

WORDS = {
    "en": {
        "passphrase": "Passphrase",
        "new": "A passphrase for this computer (four words or more)",
        "paper": "Recovery key from the paper",
        "key": "Your public key. Give this line to whoever leads the study:\n{key}",
        "made": "The vault is made for {people}.",
        "write": (
            "Write this recovery key on paper NOW, keep it apart from the laptops. It is shown once and "
            "stored nowhere:\n\n    {paper}\n"
        ),
        "open": "The vault is open: {count} informants. It closes by itself {minutes} minutes after the last use.",
        "locked": "The vault is locked.",
        "was": "The vault was locked already.",
        "people": (
            "Generation {generation}. Opened by: {people}, and the recovery key.\nInformants: {count}; "
            "erased: {erased}."
        ),
        "changed": "From now on the vault is opened by {people}. What somebody copied before stays with them.",
        "ask": (
            "Destroy the key of {source}, and with it the transcript, {passages} passage(s) and {statements} "
            "statement(s)? Nobody can bring them back."
        ),
        "kept": "Nothing was erased.",
        "lost": (
            "{passages} passage(s) and {statements} statement(s) on it went with the key: nobody can read them any "
            "more, and the log keeps only that they were made."
        ),
        "named": "{count} name(s) kept in the vault. Delete the list yourself: {file}",
        "no_names": "The vault holds no names.",
        "erased": (
            "{source} is erased in this copy: the key is destroyed. Every other copy (laptops, USB keys, "
            "backups) still holds it until it is merged with this one or destroyed."
        ),
        "back": "You can open the vault again with your own passphrase.",
        "note": "Kept closed as {name}. Only an unlocked vault can read it. Delete the original yourself: {file}",
        "none": "No field notes wait.",
    },
    "fr": {
        "passphrase": "Phrase secrète",
        "new": "Une phrase secrète pour cet ordinateur (quatre mots ou plus)",
        "paper": "Clé de secours inscrite sur le papier",
        "key": "Votre clé publique. Donnez cette ligne à qui dirige l'étude :\n{key}",
        "made": "Le coffre est fait pour {people}.",
        "write": (
            "Recopiez MAINTENANT cette clé de secours sur papier et gardez-la loin des ordinateurs. Elle "
            "n'est montrée qu'une fois et n'est enregistrée nulle part :\n\n    {paper}\n"
        ),
        "open": (
            "Le coffre est ouvert : {count} informateurs. Il se referme seul {minutes} minutes après le "
            "dernier usage."
        ),
        "locked": "Le coffre est fermé.",
        "was": "Le coffre était déjà fermé.",
        "people": (
            "Génération {generation}. Ouvert par : {people}, et par la clé de secours.\nInformateurs : "
            "{count} ; effacés : {erased}."
        ),
        "changed": "Désormais le coffre est ouvert par {people}. Ce que quelqu'un a copié auparavant lui reste.",
        "ask": (
            "Détruire la clé de {source}, et avec elle la transcription, {passages} passage(s) et {statements} "
            "énoncé(s) ? Personne ne pourra les rétablir."
        ),
        "kept": "Rien n'a été effacé.",
        "lost": (
            "{passages} passage(s) et {statements} énoncé(s) qui en dépendaient sont partis avec la clé : plus "
            "personne ne peut les lire, et le journal garde seulement qu'ils ont été faits."
        ),
        "named": "{count} nom(s) conservé(s) dans le coffre. Supprimez vous-même la liste : {file}",
        "no_names": "Le coffre ne contient aucun nom.",
        "erased": (
            "{source} est effacé dans cette copie : la clé est détruite. Toute autre copie (ordinateurs, "
            "clés USB, sauvegardes) la contient encore tant qu'elle n'est pas fusionnée avec celle-ci ou "
            "détruite."
        ),
        "back": "Vous pouvez de nouveau ouvrir le coffre avec votre propre phrase secrète.",
        "note": (
            "Gardée scellée sous le nom {name}. Seul un coffre ouvert peut la lire. Supprimez vous-même "
            "l'original : {file}"
        ),
        "none": "Aucune note de terrain n'attend.",
    },
}  # fmt: skip

COLON = {"en": ": ", "fr": " : "}


@click.group("vault")
def command() -> None:
    """Keep informants apart, closed / garder les informateurs à part, scellés."""


def _say(session: Session, word: str, **facts: object) -> None:
    session.say(WORDS[session.lang][word].format(**facts))


def _ask(session: Session, key: str = "passphrase", *, twice: bool = False) -> vault.Ask:
    def asked() -> str:
        try:
            return click.prompt(WORDS[session.lang][key], hide_input=True, confirmation_prompt=twice, err=True)
        except click.Abort as none:
            raise MaillageError("passphrase_none") from none

    return asked


@command.command("key")
@common
def key(session: Session) -> int:
    """Make or show this computer's public key / créer ou montrer la clé publique de cet ordinateur."""
    public = vault.key(_ask(session, "new", twice=True))
    if session.json:
        session.data({"key": public})
    else:
        _say(session, "key", key=public)
    return 0


@command.command("create")
@click.option("--person", "people", multiple=True, help="NAME=age1..., somebody else / une autre personne")
@click.option("--coder", help="your name in the study / votre nom dans l'étude")
@common
def create(session: Session, people: tuple[str, ...], coder: str | None) -> int:
    """Make the vault of a study, for two people or more / créer le coffre, pour deux personnes au moins."""
    made = vault.create(session.study, people, coder)
    if session.json:
        session.data({"people": list(made.people), "recovery": made.paper})
        return 0
    code = session.findings(made.findings)
    _say(session, "made", people=", ".join(made.people))
    _say(session, "write", paper=made.paper)
    return code


@command.command("unlock")
@click.option("--minutes", default=15.0, show_default=True, help="until it closes by itself / avant fermeture")
@click.option("--coder", help="your name in the study / votre nom dans l'étude")
@common
def unlock(session: Session, minutes: float, coder: str | None) -> int:
    """Open the vault for the commands that follow / ouvrir le coffre pour les commandes suivantes."""
    opened = vault.unlock(session.study, _ask(session), minutes=minutes, coder=coder)
    _say(session, "open", count=len(opened.ring.sources), minutes=f"{minutes:g}")
    waits = vault.waiting(session.study)
    return session.findings([finding("erasure_waits", file="log", value=", ".join(waits))]) if waits else 0


@command.command("lock")
@common
def lock(session: Session) -> int:
    """Close it at once / le fermer tout de suite."""
    _say(session, "locked" if vault.lock() else "was")
    return 0


@command.command("people")
@click.option("--add", multiple=True, help="NAME=age1...")
@click.option("--remove", multiple=True, help="NAME")
@click.option("--coder", help="your name in the study / votre nom dans l'étude")
@common
def people(session: Session, add: tuple[str, ...], remove: tuple[str, ...], coder: str | None) -> int:
    """Who opens the vault; let people in and out / qui ouvre le coffre ; ajouter ou retirer des personnes."""
    if add or remove:
        now = vault.change(session.study, add, remove, _ask(session), coder)
        _say(session, "changed", people=", ".join(sorted(now.ring.people)))
        return 0
    known, wrong = vault.people(session.study)
    if wrong and (code := session.findings(wrong)):
        return code
    if session.json:
        session.data({"generation": known.generation, "people": list(known.people),
                      "informants": sorted(known.informants), "erased": sorted(known.erased)})  # fmt: skip
    else:
        left = len(known.informants.keys() - known.erased)
        names = ", ".join(known.people) or "-"
        _say(session, "people", generation=known.generation, people=names, count=left, erased=len(known.erased))
    return 0


@command.command("erase")
@click.argument("source")
@click.option("--why", required=True, help="reason, kept in the log in clear / motif, gardé en clair dans le journal")
@click.option("--coder", help="your name in the study / votre nom dans l'étude")
@click.option("--yes", is_flag=True, help="destroy without a question / détruire sans question")
@common
def erase(session: Session, source: str, why: str, coder: str | None, *, yes: bool) -> int:
    """Destroy what one informant said / détruire ce qu'a dit un informateur."""

    def sure(lost: vault.Lost) -> bool:
        return yes or _sure(session, source, lost)

    lost = vault.erase(session.study, source, why, _ask(session), coder, agreed=sure)
    if lost is None:
        _say(session, "kept")
        return 1
    _say(session, "erased", source=source)
    _say(session, "lost", passages=lost.passages, statements=lost.statements)
    recalls(session)
    return 0


def _sure(session: Session, source: str, lost: vault.Lost) -> bool:
    """The answer of the person at the screen. Raises MaillageError `erasure_unasked` where nobody sits there."""
    if not can_ask(session):
        raise MaillageError("erasure_unasked", source=source)
    words = WORDS[session.lang]["ask"]
    return agreed(words.format(source=source, passages=lost.passages, statements=lost.statements), session.lang)


@command.command("recover")
@click.option("--coder", help="your name in the study / votre nom dans l'étude")
@common
def recover(session: Session, coder: str | None) -> int:
    """Come in again by the key on paper / rentrer par la clé sur papier."""
    paper = os.environ.get("MAILLAGE_RECOVERY") or _ask(session, "paper")()
    vault.recover(session.study, paper, coder)
    _say(session, "back")
    return 0


@command.command("read")
@click.argument("name")
@click.option("--clear", is_flag=True, help="of an interview: as it was said / d'un entretien : tel que dit")
@click.option("--coder", help="your name in the study / votre nom dans l'étude")
@common
def read(session: Session, name: str, clear: bool, coder: str | None) -> int:
    """Print a table of `run` or an interview / afficher une table de `run` ou un entretien."""
    click.echo(vault.read(session.study, name, _ask(session), coder, clear=clear).decode("utf-8"), nl=False)
    return 0


@command.command("names")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--coder", help="your name in the study / votre nom dans l'étude")
@common
def names(session: Session, file: Path | None, coder: str | None) -> int:
    """Keep names that no text may hold, or show them / garder les noms qu'aucun texte ne doit contenir, ou les voir."""
    if file is not None:
        entered = enter(session.study, file, _ask(session), coder)
        if entered.findings:
            return session.findings(entered.findings)
        _say(session, "named", count=entered.count, file=file)
        return 0
    known = shown(session.study, _ask(session), coder)
    if session.json:
        session.data([{"name": one.name, "pseudonym": one.pseudonym, "source": one.source} for one in known])
        return 0
    for one in known:
        click.echo(f"{one.pseudonym}{COLON[session.lang]}{one.name}")
    if not known:
        _say(session, "no_names")
    return 0


@command.command("note")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@common
def note(session: Session, file: Path) -> int:
    """Close a field note that this computer cannot read again / sceller une note que cet ordinateur ne peut relire."""
    kept = vault.note(session.study, file)
    _say(session, "note", name=kept.name, file=file)
    return 0


@command.command("notes")
@click.option("--coder", help="your name in the study / votre nom dans l'étude")
@common
def notes(session: Session, coder: str | None) -> int:
    """Read the field notes that wait / lire les notes de terrain en attente."""
    found = vault.notes(session.study, _ask(session), coder)
    if session.json:
        session.data([{"file": path.name, **body} for path, body in found])
        return 0
    for path, body in found:
        session.say(f"{path.name}{COLON[session.lang]}{body.get('name')}\n{body.get('text')}\n")
    if not found:
        _say(session, "none")
    return 0
