"""The age file format (Valsorda and Cottle, age-encryption.org/v1) behind five small functions; keys are text.

The only place that touches the library, which has no type hints.
"""

from collections.abc import Sequence
from typing import Any

import pyrage

_age: Any = pyrage
_x25519: Any = _age.x25519
GUESSES, TOO_MUCH = 8, "Excessive work"


def make() -> tuple[str, str]:
    """A new secret key and its public key."""
    key = _x25519.Identity.generate()
    return str(key), str(key.to_public())


def public(secret: str) -> str | None:
    """The public key of a secret one; None where that is no secret key."""
    try:
        return str(_x25519.Identity.from_str(secret.strip().upper()).to_public())
    except _age.IdentityError:
        return None


def is_public(text: str) -> bool:
    """Whether a text is a public key."""
    try:
        _x25519.Recipient.from_str(text.strip())
    except _age.RecipientError:
        return False
    return True


def close(plain: bytes, recipients: Sequence[str]) -> bytes:
    """`plain` for these public keys."""
    return _age.encrypt(plain, [_x25519.Recipient.from_str(text) for text in recipients])


def unclose(raw: bytes, secret: str) -> bytes | None:
    """What was closed; None where this key does not open it or the bytes were changed."""
    try:
        return _age.decrypt(raw, [_x25519.Identity.from_str(secret)])
    except _age.DecryptError:
        return None


def close_with_words(plain: bytes, passphrase: str) -> bytes:
    """`plain` under a passphrase (scrypt; takes seconds on purpose)."""
    return _age.passphrase.encrypt(plain, passphrase)


def unclose_with_words(raw: bytes, passphrase: str) -> bytes | None:
    """What was closed under a passphrase; None where it is another one or the bytes were changed.

    The library refuses work that it guesses this machine to be too slow for, and it guesses anew each time: on a busy
    machine a right passphrase can be refused. So it is asked again.
    """
    for _ in range(GUESSES):
        try:
            return _age.passphrase.decrypt(raw, passphrase)
        except _age.DecryptError as problem:
            if TOO_MUCH not in str(problem):
                return None
    return None
