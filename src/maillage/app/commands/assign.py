"""`maillage assign` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.verbs.assign import assign

LINE = {
    "en": {True: "{source}: {coder}, blind", False: "{source}: {coder}"},
    "fr": {True: "{source} : {coder}, en aveugle", False: "{source} : {coder}"},
}
DONE = {
    "en": "{count} source(s) assigned, {twice} of them to two coders.",
    "fr": "{count} source(s) attribuée(s), dont {twice} à deux codeurs.",
}


@click.command("assign")
@click.argument("sources", nargs=-1)
@click.option("--to", multiple=True, help="a coder, again for each; all otherwise / un codeur, à répéter ; sinon tous")
@click.option(
    "--double", type=int, default=0, show_default=True, help="per cent coded twice / pour cent codés deux fois"
)
@click.option("--open", "shown", is_flag=True, help="the two see each other's codes / les deux voient leurs codes")
@click.option("--coder", help="who assigns / qui attribue")
@common
def command(
    session: Session, sources: tuple[str, ...], to: tuple[str, ...], double: int, shown: bool, coder: str | None
) -> int:
    """Say who codes which source / dire qui code quelle source."""
    works = assign(session.study, sources, to=to, double=double, blind=not shown, coder=coder)
    if session.json:
        session.data([{"source": work.source, "coder": work.coder, "blind": work.blind} for work in works])
        return 0
    for work in works:
        click.echo(LINE[session.lang][work.blind].format(source=work.source, coder=work.coder))
    count = len({work.source for work in works})
    click.echo(DONE[session.lang].format(count=count, twice=len(works) - count))
    return 0
