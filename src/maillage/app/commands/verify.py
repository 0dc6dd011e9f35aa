"""`maillage verify` on the command line."""

from pathlib import Path

import click

from maillage.app.options import Session, common
from maillage.verbs.verify import verify

SOUND = {"en": "Everything is as it was written.", "fr": "Tout est tel qu'écrit."}


@click.command("verify")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@common
def command(session: Session, folder: Path | None) -> int:
    """Check a study or a release against its hashes / vérifier une étude ou une diffusion."""
    findings = verify(folder or session.study)
    if not findings:
        session.say(SOUND[session.lang])
    return session.findings(findings)
