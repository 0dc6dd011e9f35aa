"""`maillage quote` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.errors import MaillageError
from maillage.verbs.quoting import approve, propose

PROPOSED = {
    "en": "Quote {id} proposed by {coder}; it goes out once another coder approves it.",
    "fr": "Citation {id} proposée par {coder} ; elle sort une fois approuvée par quelqu'un d'autre.",
}
APPROVED = {"en": "Quote {id} approved.", "fr": "Citation {id} approuvée."}


@click.command("quote")
@click.argument("name")
@click.option("--source", help="whose words / de qui")
@click.option("--en", "english", help="the words in English / les mots en anglais")
@click.option("--fr", "french", help="the words in French / les mots en français")
@click.option("--verbatim", is_flag=True, help="word for word; else a paraphrase / mot pour mot ; sinon reformulé")
@click.option("--approve", "approved", is_flag=True, help="it gives nobody away / elle ne trahit personne")
@click.option("--coder", help="who says so / qui le dit")
@common
def command(session: Session, name: str, *, verbatim: bool, approved: bool, **said: str | None) -> int:
    """Quote an informant, or approve a quote / citer un informateur, ou approuver une citation."""
    source, coder = said["source"], said["coder"]
    texts = {lang: text for lang, text in (("en", said["english"]), ("fr", said["french"])) if text}
    if approved == bool(source) or (approved and texts):
        raise MaillageError("quote_words", exit_code=2)
    if approved:
        approve(session.study, name, coder=coder)
        session.say(APPROVED[session.lang].format(id=name))
        return 0
    entry = propose(session.study, name, str(source), texts=texts, verbatim=verbatim, coder=coder)
    if session.json:
        session.data({"id": name, "entry": entry})
    session.say(PROPOSED[session.lang].format(id=name, coder=coder or "-"))
    return 0
