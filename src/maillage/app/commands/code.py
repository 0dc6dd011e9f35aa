"""`maillage code` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.verbs.coding import code

DONE = {
    "en": {
        "added": "{id} added.", "changed": "{id} changed.", "retired": "{id} retired.", "same": "{id} known already.",
    },
    "fr": {
        "added": "{id} ajouté.", "changed": "{id} modifié.", "retired": "{id} mis hors d'usage.",
        "same": "{id} déjà connu.",
    },
}  # fmt: skip


@click.command("code")
@click.argument("id")
@click.option("--label-en", help="label in English / libellé en anglais")
@click.option("--label-fr", help="label in French / libellé en français")
@click.option("--parent", help="code it is part of / code dont il fait partie")
@click.option("--definition-en", help="definition in English / définition en anglais")
@click.option("--definition-fr", help="definition in French / définition en français")
@click.option("--retire", is_flag=True, help="nobody gives it any more / plus personne ne l'attribue")
@click.option("--coder", help="who enters / qui saisit")
@common
def command(session: Session, id: str, retire: bool, coder: str | None, **said: str | None) -> int:
    """Add, change or retire a code of the study / ajouter, modifier ou mettre hors d'usage un code de l'étude."""
    done = code(session.study, id, said, retire=retire, coder=coder)
    if session.json:
        session.data({"id": id, "done": done})
    session.say(DONE[session.lang][done].format(id=id))
    return 0
