"""`maillage arbitrate` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.errors import MaillageError
from maillage.verbs.worklist import arbitrate

DONE = {"en": "{work}: decided; counts: {ids}.", "fr": "{work} : tranché ; compte : {ids}."}
NOTHING = {"en": "nothing", "fr": "rien"}


@click.command("arbitrate")
@click.argument("work")
@click.option(
    "--choose", multiple=True, help="a coder or a statement, again for more / un codeur ou un énoncé, à répéter"
)
@click.option("--none", "nobody", is_flag=True, help="nobody is right / personne n'a raison")
@click.option("--reason", required=True, help="why / pourquoi")
@click.option("--coder", help="who decides / qui tranche")
@common
def command(session: Session, work: str, choose: tuple[str, ...], nobody: bool, reason: str, coder: str | None) -> int:
    """Decide where coders differ / trancher là où les codeurs diffèrent."""
    if bool(choose) == nobody:
        raise MaillageError("usage_either", exit_code=2, value="--choose, --none")
    ids = arbitrate(session.study, work, choose, reason=reason, coder=coder)
    if session.json:
        session.data({"work": work, "observations": ids})
    session.say(DONE[session.lang].format(work=work, ids=", ".join(ids) or NOTHING[session.lang]))
    return 0
