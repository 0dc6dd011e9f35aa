"""A person's key for the vault: an age identity in their configuration folder, under a passphrase, never in a study.

The passphrase is brought to NFC first, so that one typed on a Mac opens what was made on Windows.
"""

import unicodedata
from pathlib import Path

from maillage.errors import MaillageError
from maillage.study import age
from maillage.study.disk import make_folder, replace
from maillage.study.keys import configuration_folder

SHORTEST = 12


def secret_file() -> Path:
    """Where this person's secret lies, closed under their passphrase."""
    return configuration_folder() / "identity.age"


def public_file() -> Path:
    """Where their public key lies."""
    return configuration_folder() / "identity.pub"


def make(passphrase: str) -> str:
    """Make this person's key and return the public one. Raises MaillageError `identity_exists`, `passphrase_short`."""
    if secret_file().exists():
        raise MaillageError("identity_exists", file=secret_file().name)
    words = _normal(passphrase)
    if len(words) < SHORTEST:
        raise MaillageError("passphrase_short", least=SHORTEST)
    secret, public = age.make()
    make_folder(secret_file().parent)
    replace(public_file(), f"{public}\n".encode())
    replace(secret_file(), age.close_with_words(secret.encode(), words), mode=0o600)
    return public


def public_key() -> str:
    """This person's public key. Raises MaillageError `identity_missing`, `recipient_wrong`."""
    if not public_file().is_file():
        raise MaillageError("identity_missing")
    return recipient(public_file().read_text("ascii"))


def unlock(passphrase: str) -> str:
    """The secret key, in memory only. Raises MaillageError `identity_missing`, `passphrase_wrong`."""
    if not secret_file().is_file():
        raise MaillageError("identity_missing")
    plain = age.unclose_with_words(secret_file().read_bytes(), _normal(passphrase))
    if plain is None:
        raise MaillageError("passphrase_wrong")
    return plain.decode("ascii")


def recipient(text: str) -> str:
    """A public key as somebody wrote it. Raises MaillageError `recipient_wrong`."""
    if not age.is_public(text):
        raise MaillageError("recipient_wrong", value=text.strip())
    return text.strip()


def recovered(text: str) -> str:
    """A secret key as copied from paper. Raises MaillageError `identity_wrong`."""
    if age.public(text) is None:
        raise MaillageError("identity_wrong")
    return text.strip().upper()


def _normal(passphrase: str) -> str:
    return unicodedata.normalize("NFC", passphrase)
