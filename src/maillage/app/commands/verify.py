"""`maillage verify` on the command line."""

from pathlib import Path

import click

from maillage.app.options import Session, common
from maillage.verbs.verify import verify

SOUND = {"en": "Everything is as it was written.", "fr": "Tout est tel qu'écrit."}


AS_PRINTED = {
    "en": "Every figure is as the release printed it.",
    "fr": "Chaque chiffre est tel que la diffusion l'a imprimé.",
}


@click.command("verify")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--release",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="release that an edited report came from / diffusion dont vient un rapport modifié",
)
@common
def command(session: Session, path: Path | None, release: Path | None) -> int:
    """Check a study, a release or an edited report / vérifier une étude, une diffusion ou un rapport modifié."""
    findings = verify(path or session.study, release)
    if not findings:
        told = AS_PRINTED if path is not None and path.is_file() else SOUND
        session.say(told[session.lang])
    return session.findings(findings)
