"""`maillage ledger` on the command line."""

from dataclasses import asdict

import click

from maillage.app.options import Session, common
from maillage.verbs.gate import history

WORDS = {
    "en": {
        "row": "{date} {audience}{to}: {numbers} numbers on people, {withheld} withheld; state {head}; built {when}",
        "to": " (to {to})",
        "exceptions": "    exceptions by the study lead: {ids}",
        "affected": (
            "    must be built again (maillage release --audience {audience}) and this one called back: people in it "
            "withdrew or were erased since: {count}"
        ),
        "again": (
            "    to be called back: people in it withdrew or were erased since: {count}; built again without them on "
            "{again}"
        ),
        "none": "No release has gone out that rests on people.",
    },
    "fr": {
        "row": (
            "{date} {audience}{to} : {numbers} nombres sur des personnes, {withheld} non publiés ; état {head} ; "
            "produit {when}"
        ),
        "to": " (pour {to})",
        "exceptions": "    exceptions de la direction de l'étude : {ids}",
        "affected": (
            "    à produire de nouveau (maillage release --audience {audience}), et celle-ci à rappeler ; personnes "
            "qui s'en sont retirées ou ont été effacées depuis : {count}"
        ),
        "again": (
            "    à rappeler ; personnes qui s'en sont retirées ou ont été effacées depuis : {count} ; produite de "
            "nouveau sans elles le {again}"
        ),
        "none": "Aucune diffusion reposant sur des personnes n'est sortie.",
    },
}


@click.command("ledger")
@common
def command(session: Session) -> int:
    """What went out, when, to whom, and what must be built again / ce qui est sorti, quand, pour qui."""
    found = history(session.study)
    if session.json:
        session.data([asdict(one) for one in found])
        return 0
    words = WORDS[session.lang]
    for one in found:
        told = asdict(one) | {"head": one.head[:16], "to": words["to"].format(to=one.to) if one.to else ""}
        session.say(words["row"].format(**told))
        if one.exceptions:
            session.say(words["exceptions"].format(ids=", ".join(one.exceptions)))
        if one.affected:
            line = words["again" if one.again else "affected"]
            session.say(line.format(count=one.affected, audience=one.audience, again=one.again))
    if not found:
        session.say(words["none"])
    return 0
