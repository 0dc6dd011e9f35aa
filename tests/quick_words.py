"""Passphrases that take a moment instead of a second: the age file format with the least work that is allowed.

The work of a passphrase is there to cost time, once for each of the hundred times that tests lock and unlock. What
comes out is a file like any other, read by the library itself (age-encryption.org/v1, section "scrypt recipient").
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LABEL, LEAST, CHUNK = b"age-encryption.org/v1/scrypt", 1, 65536


def close_with_words(plain: bytes, passphrase: str) -> bytes:
    """`plain` (shorter than a chunk) under a passphrase."""
    assert len(plain) < CHUNK
    salt, key, nonce = secrets.token_bytes(16), secrets.token_bytes(16), secrets.token_bytes(16)
    wrap = hashlib.scrypt(passphrase.encode(), salt=LABEL + salt, n=2**LEAST, r=8, p=1, dklen=32)
    body = _text(ChaCha20Poly1305(wrap).encrypt(bytes(12), key, None))
    head = f"age-encryption.org/v1\n-> scrypt {_text(salt)} {LEAST}\n{body}\n---".encode()
    mac = hmac.digest(_derived(key, b"", b"header"), head, "sha256")
    last = bytes(11) + b"\x01"
    sealed = ChaCha20Poly1305(_derived(key, nonce, b"payload")).encrypt(last, plain, None)
    return head + b" " + _text(mac).encode() + b"\n" + nonce + sealed


def _derived(key: bytes, salt: bytes, about: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=about).derive(key)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")
