"""`maillage gate` on the command line."""

from dataclasses import asdict

import click

from maillage.app import held_back
from maillage.app.asking import agreed, can_ask
from maillage.app.options import Session, audience_name, common
from maillage.errors import MaillageError
from maillage.verbs import exceptions, gate, risk
from maillage.verbs.exceptions import Exposes

WORDS = {
    "en": {
        "chosen": "Signed: from the next release to {audience} on, {id} is said as {rung}.",
        "excepted": "Signed: from the next release to {audience} on, {id} leaves as computed, and is counted there.",
        "exposes": (
            "For the team's eyes only: behind {id} stand {people} people. People that a neighbour, who knows who was "
            "heard, can tell from all others heard: {alone} of them."
        ),
        "follows": "With it, it follows from all shares together what these people said, or how many of them said it:",
        "safe": "From all shares together it still follows of nobody what they said.",
        "ask": "Sign that {id} leaves all the same ({audience})?",
        "unsigned": "Nothing was signed.",
    },
    "fr": {
        "chosen": "Signé : dès la prochaine diffusion ({audience}), {id} est dit comme {rung}.",
        "excepted": "Signé : dès la prochaine diffusion ({audience}), {id} sort tel que calculé. Cela y est compté.",
        "exposes": (
            "Pour l'équipe seulement : derrière {id} se trouvent {people} personnes. Personnes qu'un voisin, qui sait "
            "qui a été entendu, distingue de toutes les autres entendues : {alone} d'entre elles."
        ),
        "follows": "Avec lui, on déduit de toutes les parts ce qu'ont dit ces personnes, ou combien l'ont dit :",
        "safe": "De toutes les parts réunies, on ne déduit toujours de personne ce qu'il a dit.",
        "ask": "Signer que {id} sort quand même ({audience}) ?",
        "unsigned": "Rien n'a été signé.",
    },
}
AUDIENCE = click.option("--audience", default="public", show_default=True, help="public, partners")
WHY = click.option("--why", required=True, help="the reason / la raison")
CODER = click.option("--coder", help="who signs: the study lead / qui signe : la direction de l'étude")


class Proposing(click.Group):
    """A group that shows the proposals where no other word is said."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As a group does, with `show` in front where no command is named."""
        named = bool(args) and (args[0] in self.commands or args[0] in ("-h", "--help"))
        return super().parse_args(ctx, args if named else ["show", *args])


@click.group("gate", cls=Proposing)
def command() -> None:
    """What the gate holds back; choose a rung, sign an exception / ce que le contrôle retient ; choisir, excepter."""


@command.command("show")
@AUDIENCE
@click.option("--all", "every", is_flag=True, help="number by number / nombre par nombre")
@click.option("--of", help="an id, a measure or a place / un identifiant, une mesure ou un lieu")
@common
def show(session: Session, audience: str, of: str | None, *, every: bool) -> int:
    """What is held back or coarser, and where it is published / ce qui n'est pas publié ou l'est ailleurs."""
    found, signed = gate.proposals(session.study, audience, of=of), gate.signed_by_lead(session.study)
    if session.json:
        session.data({"audience": audience, "proposals": [asdict(one) for one in found],
                      "signed": [asdict(one) for one in signed]})  # fmt: skip
        return 0
    held_back.title(session, found, audience, of)
    if every or of:
        held_back.one_by_one(session, found)
    else:
        held_back.grouped(session, found)
    held_back.explained(session, found)
    held_back.signed(session, signed, exceptions.lapsed_entries(session.study))
    return 0


@command.command("choose")
@click.argument("id")
@click.argument("rung")
@AUDIENCE
@WHY
@CODER
@common
def choose(session: Session, id: str, rung: str, audience: str, why: str, coder: str | None) -> int:
    """Publish ID as RUNG: a coarser id, `band` or `withheld` / publier ID comme RUNG."""
    gate.choose(session.study, id, rung, audience=audience, why=why, coder=coder)
    return _done(session, "chosen", id=id, rung=rung, audience=audience)


@command.command("except")
@click.argument("id")
@AUDIENCE
@WHY
@CODER
@click.option("--preview", is_flag=True, help="say whom it exposes, sign nothing / dire qui elle expose sans signer")
@click.option("--yes", is_flag=True, help="sign without a question / signer sans question")
@common
def let_through(
    session: Session, id: str, audience: str, why: str, coder: str | None, *, preview: bool, yes: bool
) -> int:  # fmt: skip
    """Let ID leave as it was computed, against the rules / laisser sortir ID tel que calculé, contre les règles."""
    seen: list[Exposes] = []

    def sign(found: Exposes) -> bool:
        seen.append(found)
        _warn(session, found)
        return not preview and (yes or _asked(session, id, audience))

    signed = exceptions.let_through(session.study, id, audience=audience, why=why, coder=coder, agreed=sign)
    facts = {"id": id, "audience": audience, "people": seen[0].people, "alone": seen[0].alone, "signed": bool(signed)}
    if signed:
        return _done(session, "excepted", **facts)
    if session.json:
        session.data(facts)
    session.say(WORDS[session.lang]["unsigned"])
    return 0 if preview else 1


def _asked(session: Session, id: str, audience: str) -> bool:
    """The answer of the person at the screen. Raises MaillageError `exception_unasked` where nobody sits there."""
    if not can_ask(session):
        raise MaillageError("exception_unasked", id=id)
    name = audience_name(audience, session.lang)
    return agreed(WORDS[session.lang]["ask"].format(id=id, audience=name), session.lang)


def _warn(session: Session, found: Exposes) -> None:
    """Whom an exception exposes, on the screen of the team, before it is signed."""
    words = WORDS[session.lang]
    told = [words["exposes"].format(id=found.id, people=found.people, alone=found.alone)]
    told.append(words["follows" if found.follows else "safe"])
    told += [line for one in found.follows for line in risk.worked_out(one, session.lang)[:1]]
    for line in told:
        click.echo(line, err=True)


def _done(session: Session, word: str, **facts: object) -> int:
    if session.json:
        session.data(facts)
    name = audience_name(str(facts["audience"]), session.lang)
    session.say(WORDS[session.lang][word].format(**facts | {"audience": name}))
    return 0
