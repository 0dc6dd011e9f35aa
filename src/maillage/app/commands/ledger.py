"""`maillage ledger` on the command line."""

from dataclasses import asdict

import click

from maillage.app.options import Session, audience_name, common, in_words
from maillage.app.recall import HEAD, repeated
from maillage.verbs.exceptions import lapsed_now
from maillage.verbs.export import TIES
from maillage.verbs.ledger import Sent, history

WORDS = {
    "en": {
        "row": (
            "{date} {audience}{to}{form}: {numbers} numbers on people{repeated}, {withheld} withheld; state {head}; "
            "built {when}"
        ),
        "ties": "{date} {audience}{to}{form}: ties between actors; state {head}; built {when}",
        "repeated": " ({repeated} of them with value and day of an earlier release)",
        "form": ", export {form}",
        "to": " (to {to})",
        "exceptions": "    exceptions by the study lead: {ids}",
        "affected": (
            "    must be built again and this one called back: people in it withdrew or were erased since: {count}\n"
            "        {command}"
        ),
        "same": (
            "    must be built again and this one called back: people in it withdrew or were erased since: {count}; "
            "what the command above builds replaces it too"
        ),
        "again": (
            "    to be called back: people in it withdrew or were erased since: {count}; built again without them on "
            "{again}"
        ),
        "none": "No release has gone out that rests on people.",
        "lapsed": "Exceptions that hold no longer:",
    },
    "fr": {
        "row": (
            "{date} {audience}{to}{form} : {numbers} nombres sur des personnes{repeated}, {withheld} non publiés ; "
            "état {head} ; diffusion produite le {when}"
        ),
        "ties": "{date} {audience}{to}{form} : liens entre acteurs ; état {head} ; diffusion produite le {when}",
        "repeated": " (dont {repeated} gardent la valeur et le jour d'une diffusion antérieure)",
        "form": ", export {form}",
        "to": " (pour {to})",
        "exceptions": "    exceptions de la direction de l'étude : {ids}",
        "affected": (
            "    à produire de nouveau, et celle-ci à rappeler ; personnes qui s'en sont retirées ou ont été effacées "
            "depuis : {count}\n        {command}"
        ),
        "same": (
            "    à produire de nouveau, et celle-ci à rappeler ; personnes qui s'en sont retirées ou ont été effacées "
            "depuis : {count} ; ce que produit la commande ci-dessus la remplace aussi"
        ),
        "again": (
            "    à rappeler ; personnes qui s'en sont retirées ou ont été effacées depuis : {count} ; produite de "
            "nouveau sans elles le {again}"
        ),
        "none": "Aucune diffusion reposant sur des personnes n'est sortie.",
        "lapsed": "Exceptions qui ne valent plus :",
    },
}


@click.command("ledger")
@common
def command(session: Session) -> int:
    """What went out, when, to whom, and what must be built again / ce qui est sorti, quand, pour qui."""
    found = history(session.study)
    lapsed = lapsed_now(session.study)
    if session.json:
        numbers = {item.value for item in lapsed}
        session.data([asdict(one) | {"lapsed": [name for name in one.exceptions if name in numbers]} for one in found])
        return 0
    words = WORDS[session.lang]
    typed: set[str] = set()
    for one in found:
        _say(session, one, typed)
    if not found:
        session.say(words["none"])
    if lapsed:
        session.say(words["lapsed"])
    for item in lapsed:
        session.say(in_words(item, session.lang))
    return 0


def _say(session: Session, one: Sent, typed: set[str]) -> None:
    """A release: what it was, what the lead let through, what is to be done; `typed`: commands that stand above."""
    words = WORDS[session.lang]
    facts = {name: words[name].format(**{name: said}) if said else "" for name, said in
             (("to", one.to), ("form", one.form), ("repeated", one.repeated))}  # fmt: skip
    told = asdict(one) | facts | {"head": one.head[:HEAD], "audience": audience_name(one.audience, session.lang)}
    session.say(words["ties" if one.form in TIES else "row"].format(**told))
    if one.exceptions:
        session.say(words["exceptions"].format(ids=", ".join(one.exceptions)))
    if one.affected:
        line = words["again" if one.again else repeated(one, typed) or "affected"]
        session.say(line.format(count=one.affected, command=one.command, again=one.again))
