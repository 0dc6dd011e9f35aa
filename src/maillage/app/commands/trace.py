"""`maillage trace` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.study.folder import open_study
from maillage.verbs.trace import lines, record, trace_path


@click.command("trace")
@click.argument("estimate_id", metavar="ESTIMATE-ID")
@common
def command(session: Session, estimate_id: str) -> int:
    """From a number to the statements behind it / d'un nombre aux énoncés qui le fondent."""
    found = trace_path(session.study, estimate_id)
    if session.json:
        session.data(record(found))
    for line in () if session.json else lines(found, session.lang, open_study(session.study).pack):
        session.say(line)
    return 0
