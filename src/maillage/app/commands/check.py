"""`maillage check` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.verbs.check import check

CLEAN = {"en": "Nothing to mend.", "fr": "Rien à corriger."}


@click.command("check")
@common
def command(session: Session) -> int:
    """Find what is wrong and say how to mend it / trouver ce qui ne va pas et comment le corriger."""
    findings = check(session.study)
    if not findings:
        session.say(CLEAN[session.lang])
    return session.findings(findings)
