"""Which releases rest on people who withdrew or were erased: said where that happens, and after each release."""

from maillage.app.options import Session, audience_name
from maillage.errors import MaillageError
from maillage.verbs.ledger import Sent, history

WORDS = {
    "en": {
        "again": (
            "Attention: the release of {date} to {audience}{more} rests on people who withdrew since. Call it back, "
            "and build it again:\n    {command}"
        ),
        "same": (
            "Attention: the release of {date} to {audience}{more} rests on people who withdrew since. Call it back; "
            "what the command above builds replaces it too."
        ),
        "back": (
            "Attention: the release of {date} to {audience}{more} rests on people who withdrew since; it was built "
            "again on {again}. Call the old one back."
        ),
        "more": " ({form}{to}state {head}, built on {when})",
        "form": "export {form}, ",
        "to": "for {to}, ",
        "closed": "Which releases rest on people who withdrew is closed; open the vault, then: maillage ledger.",
    },
    "fr": {
        "again": (
            "Attention : la diffusion du {date}, {audience}{more}, repose sur des personnes qui se sont retirées "
            "depuis. Rappelez-la, et produisez-la de nouveau :\n    {command}"
        ),
        "same": (
            "Attention : la diffusion du {date}, {audience}{more}, repose sur des personnes qui se sont retirées "
            "depuis. Rappelez-la ; ce que produit la commande ci-dessus la remplace aussi."
        ),
        "back": (
            "Attention : la diffusion du {date}, {audience}{more}, repose sur des personnes qui se sont retirées "
            "depuis ; elle a été produite de nouveau le {again}. Rappelez l'ancienne."
        ),
        "more": " ({form}{to}état {head}, produite le {when})",
        "form": "export {form}, ",
        "to": "pour {to}, ",
        "closed": (
            "Les diffusions qui reposent sur des personnes retirées sont scellées ; ouvrez le coffre, puis : maillage "
            "ledger."
        ),
    },
}
HEAD = 16  # letters of a state, enough to tell two apart


def recalls(session: Session) -> None:
    """Say which releases must be called back, and which of them built again."""
    words = WORDS[session.lang]
    try:
        found = [one for one in history(session.study) if one.affected]
    except MaillageError as problem:
        if problem.code != "vault_locked":
            raise
        session.say(words["closed"])
        return
    typed: set[str] = set()
    for one in found:
        told = words["back" if one.again else repeated(one, typed) or "again"]
        name = audience_name(one.audience, session.lang)
        session.say(told.format(date=one.date, audience=name, again=one.again, command=one.command,
                                more=_more(one, session.lang)))  # fmt: skip


def repeated(one: Sent, typed: set[str]) -> str:
    """`same` where the command that builds a release again stands above already, else blank; `typed`: those said."""
    if one.command in typed:
        return "same"
    typed.add(one.command)
    return ""


def _more(one: Sent, lang: str) -> str:
    """What tells a release from another of the same day and audience."""
    words = WORDS[lang]
    facts = {name: words[name].format(**{name: said}) if said else "" for name, said in
             (("form", one.form), ("to", one.to))}  # fmt: skip
    return words["more"].format(head=one.head[:HEAD], when=one.when, **facts)
