"""`maillage check` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.verbs.check import check, trust

CLEAN = {"en": "Nothing to mend.", "fr": "Rien à corriger."}


@click.command("check")
@click.option("--trust-this-copy", "trusted", is_flag=True, help="it is the newest / elle est la plus récente")
@common
def command(session: Session, trusted: bool) -> int:
    """Find what is wrong and say how to mend it / trouver ce qui ne va pas et comment le corriger."""
    if trusted:
        trust(session.study)
    findings = check(session.study)
    if not findings:
        session.say(CLEAN[session.lang])
    return session.findings(findings)
