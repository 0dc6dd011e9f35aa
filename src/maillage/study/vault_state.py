"""What can be seen of a vault while it is locked: whether its keyring is there, and whether the log knows it."""

from pathlib import Path

from maillage.errors import Finding, MaillageError, finding
from maillage.study import keyring, log, vault
from maillage.study.vault import FOLDER, RING, exists, read_known


def present(study: Path) -> bool:
    """As `exists`; a keyring that the log names and that is gone is no study without a vault.

    Raises MaillageError `keyring_gone`.
    """
    if not exists(study) and read_known(study).rings:
        raise MaillageError("keyring_gone", file=RING)
    return exists(study)


def check(study: Path) -> list[Finding]:
    """What is wrong with a vault as far as one can see while it is locked."""
    told, found = vault.known([entry for path in log.files(study) for entry in log.read(path).entries]), list[Finding]()
    if not exists(study):
        return [finding("keyring_gone", file=RING)] if told.rings else []
    mark = keyring.fingerprint((study / FOLDER / RING).read_bytes())
    if mark not in told.rings:
        found.append(finding("keyring_unknown", file=RING))
    elif told.rings[mark] < told.generation:
        found.append(finding("keyring_old", file=RING, generation=told.rings[mark], newest=told.generation))
    return found
