"""`maillage devices` on the command line."""

import click

from maillage.app.asking import agreed, can_ask
from maillage.app.options import Session, common
from maillage.study.devices import Device
from maillage.verbs.devices import confirm, listed

WORDS = {
    "en": {
        "own": "this computer", "by": "confirmed by {names}", "met": "known from the start", "no": "NOT CONFIRMED",
        "since": "since {day}, key {key}", "none": "No log yet.", "done": "{name} is confirmed.",
        "was": "{name} was confirmed already.", "colon": ": ",
        "ask": "{coder} enters from a computer that is not known here ({name}, key {key}).\nHave you asked {coder}, "
        "by another way than this copy, and is it theirs?",
    },
    "fr": {
        "own": "cet ordinateur", "by": "confirmé par {names}", "met": "connu depuis le début", "no": "NON CONFIRMÉ",
        "since": "depuis le {day}, clé {key}", "none": "Aucun journal pour l'instant.", "done": "{name} est confirmé.",
        "was": "{name} était déjà confirmé.", "colon": " : ",
        "ask": "{coder} saisit depuis un ordinateur qui n'est pas connu ici ({name}, clé {key}).\nAvez-vous demandé à "
        "{coder}, par une autre voie que cette copie, et est-ce le sien ?",
    },
}  # fmt: skip


@click.command("devices")
@click.argument("action", required=False, type=click.Choice(["confirm"]))
@click.argument("names", nargs=-1, metavar="[CODER.DEVICE]...")
@click.option("--coder", help="who confirms; the first coder otherwise / qui confirme ; sinon le premier codeur")
@common
def command(session: Session, action: str | None, names: tuple[str, ...], coder: str | None) -> int:
    """Whose computers have a log here; confirm one / quels ordinateurs ont un journal ici ; en confirmer un."""
    words = WORDS[session.lang]
    for name in names if action else ():
        fresh = confirm(session.study, name, coder=coder)
        session.say(words["done" if fresh else "was"].format(name=name))
    if names:
        return 0
    there = listed(session.study)
    if session.json:
        session.data([_record(one) for one in there])
        return 0
    for one in there:
        day = words["since"].format(day=one.since, key=one.signer.key)
        click.echo(f"{one.signer.name}{words['colon']}{_state(one, session.lang)} ({day})")
    if not there:
        session.say(words["none"])
    return 0


def question(one: Device, session: Session) -> bool:
    """Ask on the screen whether a device is its coder's; with --json, or where nobody sits there, the answer is no."""
    who = one.signer
    asked = WORDS[session.lang]["ask"].format(coder=who.coder, name=who.name, key=who.key)
    return can_ask(session) and agreed(asked, session.lang)


def _state(one: Device, lang: str) -> str:
    words = WORDS[lang]
    if one.own:
        return words["own"]
    if one.confirmed and one.by:
        return words["by"].format(names=", ".join(one.by))
    return words["met" if one.confirmed else "no"]


def _record(one: Device) -> dict[str, object]:
    who = one.signer
    return {"coder": who.coder, "device": who.device, "public_key": who.public, "since": one.since,
            "confirmed": one.confirmed, "own": one.own, "by": list(one.by)}  # fmt: skip
