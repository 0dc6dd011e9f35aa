"""`maillage gate` on the command line."""

from dataclasses import asdict

import click

from maillage.app.options import Session, common
from maillage.labels import phrases
from maillage.study.signatures import CHOOSE
from maillage.verbs import gate

WORDS = {
    "en": {
        "team": "For the team's eyes only: what is held back from the {audience}, and why. Do not pass this list on.",
        "row": "{id}: {said}{reason}; {k} of {n}",
        "rung": "    published as {rung}",
        "others": "    may also be: {rungs}",
        "none": "    no coarser number is let out",
        "nothing": "Nothing is held back.",
        "choose": "{date} {by} chose {rung} for {number} ({audience}): {why}",
        "except": "{date} {by} lets {number} through to {audience}: {why}",
        "chosen": "Signed: from the next release to {audience} on, {id} is said as {rung}.",
        "excepted": "Signed: from the next release to {audience} on, {id} leaves as computed, and is counted there.",
    },
    "fr": {
        "team": "Pour l'équipe seulement : ce qui n'est pas publié ({audience}), et pourquoi. Ne pas transmettre.",
        "row": "{id} : {said}{reason} ; {k} sur {n}",
        "rung": "    publié comme {rung}",
        "others": "    peut aussi être : {rungs}",
        "none": "    aucun nombre moins fin ne sort",
        "nothing": "Aucun nombre n'est tenu à l'écart.",
        "choose": "{date} {by} a choisi {rung} pour {number} ({audience}) : {why}",
        "except": "{date} {by} laisse passer {number} vers {audience} : {why}",
        "chosen": "Signé : dès la prochaine diffusion ({audience}), {id} est dit comme {rung}.",
        "excepted": "Signé : dès la prochaine diffusion ({audience}), {id} sort tel que calculé. Cela y est compté.",
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
@common
def show(session: Session, audience: str) -> int:
    """What is held back or coarser, and where it is published / ce qui n'est pas publié ou l'est ailleurs."""
    found, signed = gate.proposals(session.study, audience), gate.signed_by_lead(session.study)
    if session.json:
        session.data({"audience": audience, "proposals": [asdict(one) for one in found],
                      "signed": [asdict(one) for one in signed]})  # fmt: skip
        return 0
    words = WORDS[session.lang]
    session.say(words["team"].format(audience=audience) if found else words["nothing"])
    for one in found:
        reason = f" ({_reason(one.reason, session.lang)})" if one.reason else ""
        said = phrases()["chart_cell_withheld" if one.said == "withheld" else f"gate_{one.said}"][session.lang]
        blank = {name: "?" if value is None else value for name, value in (("k", one.k), ("n", one.n))}
        session.say(words["row"].format(id=one.id, said=said, reason=reason, **blank))
        if one.rung:
            session.say(words["rung"].format(rung=one.rung))
        if others := [rung for rung in one.rungs if rung != one.rung]:
            session.say(words["others"].format(rungs=", ".join(others)))
        elif one.said == "withheld" and not one.rung:
            session.say(words["none"])
    for one in signed:
        session.say(words["choose" if one.what == CHOOSE else "except"].format(**asdict(one)))
    return 0


def _reason(code: str, lang: str) -> str:
    return phrases()[f"reason_{code}"][lang] if f"reason_{code}" in phrases() else code


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
@common
def let_through(session: Session, id: str, audience: str, why: str, coder: str | None) -> int:
    """Let ID leave as it was computed, against the rules / laisser sortir ID tel que calculé, contre les règles."""
    gate.let_through(session.study, id, audience=audience, why=why, coder=coder)
    return _done(session, "excepted", id=id, audience=audience)


def _done(session: Session, word: str, **facts: str) -> int:
    if session.json:
        session.data(facts)
    session.say(WORDS[session.lang][word].format(**facts))
    return 0
