"""`maillage verify` on the command line."""

from collections.abc import Sequence
from pathlib import Path

import click

from maillage.app.options import Session, common
from maillage.errors import Finding, has_errors
from maillage.publish.verify import publisher
from maillage.verbs.verify import verify

SOUND = {"en": "Everything is as it was written.", "fr": "Tout est tel qu'écrit."}
LACKING = {
    "en": "What is here is as it was written, but this computer has seen more here. What is missing: {count}",
    "fr": "Ce qui est ici est tel qu'écrit, mais il manque de ce que cet ordinateur y a vu. Ce qui manque : {count}",
}
GONE = ("log_gone", "ledger_gone")
UNSIGNED = {
    "en": "Every file is as its list says, but nobody signed the list: whoever could write to this folder may have "
    "changed both.",
    "fr": "Chaque fichier est tel que le dit la liste, mais personne n'a signé la liste : qui pouvait écrire dans ce "
    "dossier a pu modifier les deux.",
}
UNNAMED = {
    "en": "Everything is as it was signed, but the name of the device beside the signature, which it does not cover.",
    "fr": "Tout est tel que signé, sauf le nom de l'ordinateur inscrit à côté de la signature, qu'elle ne couvre pas.",
}
CHANGED = {"en": "Not as it was written. What is wrong: {count}", "fr": "Pas tel qu'écrit. Ce qui ne va pas : {count}"}
NOT_AS_PRINTED = {
    "en": "Not every figure is as the release printed it. What differs: {count}",
    "fr": "Tous les chiffres ne sont pas tels que la diffusion les a imprimés. Ce qui diffère : {count}",
}
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
    if not (findings and session.json):  # the list says it to a machine
        session.say(_result(findings, session.lang, report=checked.is_file()))
    signer = publisher(checked)
    if signer and not has_errors(findings) and not session.json:
        session.say((PINNED if key else SIGNED)[session.lang].format(key=signer))
    return session.findings(sorted(findings, key=_weight))


def _weight(item: Finding) -> tuple[bool, bool]:
    """The worst first: errors, then what is gone, then other warnings."""
    return item.level != "error", item.code not in GONE


def _result(findings: Sequence[Finding], lang: str, *, report: bool) -> str:
    """The outcome in a sentence, before what it rests on."""
    wrong = sum(item.level == "error" for item in {str(item): item for item in findings}.values())
    if wrong:
        return (NOT_AS_PRINTED if report else CHANGED)[lang].format(count=wrong)
    gone = sum(item.code in GONE for item in findings)
    if gone:
        return LACKING[lang].format(count=gone)
    if any(item.code == "release_unsigned" for item in findings):
        return UNSIGNED[lang]
    if any(item.code == "device_unsigned" for item in findings):
        return UNNAMED[lang]
    return (AS_PRINTED if report else SOUND)[lang]
