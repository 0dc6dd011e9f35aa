"""`maillage retract` on the command line."""

import shlex

import click

from maillage.app.options import Session, common
from maillage.app.recall import recalls
from maillage.verbs.coding import retract
from maillage.verbs.withdrawing import left_of

DONE = {
    "en": {"source": "{id} is withdrawn: nothing it says counts any more.", "": "{id} is taken back."},
    "fr": {"source": "{id} est retirée : rien de ce qu'elle dit ne compte plus.", "": "{id} est retiré."},
}
LEFT = {
    "en": {
        "files": "What it said still lies in this folder: {files}. To destroy that, delete these files in every copy "
        "of the "
        "study.",
        "sealed": "To destroy what it said as well: {command}",
        "clear": "What was entered of it stays readable in the log of every copy: this study has no vault, so no "
        "command can destroy that. If the person asks for it, make the study anew without them (maillage new, then "
        "maillage vault "
        "create) and destroy every copy of this one.",
    },
    "fr": {
        "files": "Ce qu'elle a dit se trouve encore dans ce dossier : {files}. Pour le détruire, supprimez ces "
        "fichiers dans "
        "chaque copie de l'étude.",
        "sealed": "Pour détruire aussi ce qu'elle a dit : {command}",
        "clear": "Ce qui en a été saisi reste lisible dans le journal de chaque copie : cette étude n'a pas de coffre, "
        "aucune commande ne peut donc le détruire. Si la personne le demande, refaites l'étude sans elle (maillage "
        "new, puis "
        "maillage vault create) et détruisez chaque copie de celle-ci.",
    },
}


@click.command("retract")
@click.argument("id")
@click.option("--why", required=True, help="the reason / la raison")
@click.option("--coder", help="who takes it back / qui le retire")
@common
def command(session: Session, id: str, why: str, coder: str | None) -> int:
    """Take back a statement, passage, memo or decision, or withdraw a source / retirer un énoncé ou une source."""
    kind = retract(session.study, id, why=why, coder=coder)
    words = DONE[session.lang]
    if session.json:
        session.data({"id": id, "kind": kind})
    session.say((words.get(kind) or words[""]).format(id=id))
    if kind == "source":
        _left(session, id)
        recalls(session)
    return 0


def _left(session: Session, source: str) -> None:
    """What is left of a person who withdrew, and what would destroy it."""
    left, words = left_of(session.study, source), LEFT[session.lang]
    if left is None:
        return
    if left.files:
        session.say(words["files"].format(files=", ".join(left.files)))
    command = shlex.join(["maillage", "vault", "erase", source, "--why", "...", "--study", str(session.study)])
    session.say(words["sealed" if left.sealed else "clear"].format(command=command))
