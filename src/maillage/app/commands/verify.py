"""`maillage verify` on the command line."""

from pathlib import Path

import click

from maillage.app.options import Session, common
from maillage.errors import has_errors
from maillage.publish.verify import publisher
from maillage.verbs.verify import verify

SOUND = {"en": "Everything is as it was written.", "fr": "Tout est tel qu'écrit."}


SIGNED = {
    "en": "Signed with the key {key}; compare it with what the publisher told you, or give it with --key.",
    "fr": "Signé avec la clé {key} ; comparez-la à celle que vous a donnée qui publie, ou indiquez-la avec --key.",
}
PINNED = {"en": "Signed with the key you gave ({key}).", "fr": "Signé avec la clé que vous avez donnée ({key})."}
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
@click.option("--key", help="public key of the publisher / clé publique de qui publie")
@common
def command(session: Session, path: Path | None, release: Path | None, key: str | None) -> int:
    """Check a study, a release or an edited report / vérifier une étude, une diffusion ou un rapport modifié."""
    checked = path or session.study
    findings = verify(checked, release, key)
    if not findings:
        session.say((AS_PRINTED if checked.is_file() else SOUND)[session.lang])
    signer = publisher(checked)
    if signer and not has_errors(findings) and not session.json:
        session.say((PINNED if key else SIGNED)[session.lang].format(key=signer))
    return session.findings(findings)
