"""Which releases rest on people who withdrew or were erased: said where that happens, and after each release."""

from maillage.app.options import Session
from maillage.errors import MaillageError
from maillage.verbs.gate import history

WORDS = {
    "en": {
        "again": (
            "Attention: the release of {date} ({audience}) rests on people who withdrew since. Build it again, "
            "maillage release --audience {audience}, and call the old one back."
        ),
        "back": (
            "Attention: the release of {date} ({audience}) rests on people who withdrew since; it was built again on "
            "{again}. Call the old one back."
        ),
        "closed": "Which releases rest on people who withdrew is closed; open the vault, then: maillage ledger.",
    },
    "fr": {
        "again": (
            "Attention : la diffusion du {date} ({audience}) repose sur des personnes qui se sont retirées depuis. "
            "Produisez-la de nouveau, maillage release --audience {audience}, et rappelez l'ancienne."
        ),
        "back": (
            "Attention : la diffusion du {date} ({audience}) repose sur des personnes qui se sont retirées depuis ; "
            "elle a été produite de nouveau le {again}. Rappelez l'ancienne."
        ),
        "closed": (
            "Les diffusions qui reposent sur des personnes retirées sont scellées ; ouvrez le coffre, puis : maillage "
            "ledger."
        ),
    },
}


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
    for one in found:
        told = words["back" if one.again else "again"]
        session.say(told.format(date=one.date, audience=one.audience, again=one.again))
