"""`maillage coverage` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.verbs.coverage import coverage, lines, record


@click.command("coverage")
@common
def command(session: Session) -> int:
    """Who was heard, and whom to hear next / qui a été entendu, et qui entendre ensuite."""
    found = coverage(session.study)
    if session.json:
        session.data(record(found))
    for line in () if session.json else lines(found, session.lang):
        session.say(line)
    return 0
