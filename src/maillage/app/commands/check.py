"""`maillage check` on the command line."""

from datetime import datetime

import click

from maillage.app.options import Session, common, in_words
from maillage.verbs.check import check, trust

CLEAN = {"en": "Nothing to mend.", "fr": "Rien à corriger."}

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("check")
@click.option("--trust-this-copy", "trusted", is_flag=True, help="it is the newest / elle est la plus récente")
@click.option("--today", type=DAY, help="a date: what is past its day / une date : ce qui est échu  [2027-06-30]")
@common
def command(session: Session, trusted: bool, today: datetime | None) -> int:
    """Find what is wrong and say how to mend it / trouver ce qui ne va pas et comment le corriger."""
    for item in trust(session.study) if trusted else ():
        click.echo(in_words(item, session.lang), err=True)
    findings = check(session.study, today=today.date().isoformat() if today else None)
    if not findings:
        session.say(CLEAN[session.lang])
    return session.findings(findings)
