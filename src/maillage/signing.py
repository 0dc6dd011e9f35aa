"""Who publishes: the ed25519 key of a study's releases, and whether a signature is good.

The key is made at the first release, in the user's configuration folder, and belongs to the study and not to a person:
what it signs says that two releases come from the same publisher, and not who built them.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Signer:
    """A signing key and its public half in 64 hex digits; `device`: the name of the computer, where it is told."""

    key: Ed25519PrivateKey = field(repr=False)
    device: str = ""

    @property
    def public(self) -> str:
        """The public key, hex."""
        return self.key.public_key().public_bytes_raw().hex()

    def secret(self, name: str) -> bytes:
        """A secret of 32 bytes for one purpose, from which neither the key nor that of another purpose follows."""
        return hmac.digest(self.key.private_bytes_raw(), f"maillage {name}".encode(), "sha256")

    def sign(self, message: bytes) -> str:
        """Signature of `message`, hex."""
        return self.key.sign(message).hex()


def configuration_folder() -> Path:
    """Where the user's programs keep their settings; MAILLAGE_CONFIG names another place."""
    chosen = os.environ.get("MAILLAGE_CONFIG")
    return _path(chosen) if chosen else _usual()


@cache
def _path(name: str) -> Path:
    return Path(name)


def _usual() -> Path:
    """Where the system wants it."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", str(Path.home()))) / "maillage"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "maillage"
    return Path(os.environ.get("XDG_CONFIG_HOME", str(Path.home() / ".config"))) / "maillage"


def key_file(study: str) -> Path:
    """Where the key of a study's releases lies; its name is made from the study's id, which may hold any sign."""
    return configuration_folder() / "releases" / f"{hashlib.sha256(study.encode()).hexdigest()[:32]}.key"


def release_signer(study: str) -> Signer:
    """The key of a study's releases, made on first use (file readable by its user only)."""
    path = key_file(study)
    if not path.exists():
        _make(path)
    return Signer(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii").strip())))


def known_key(study: str) -> str | None:
    """The public key of a study's releases where this user has one."""
    return release_signer(study).public if key_file(study).exists() else None


def _make(path: Path) -> None:
    """Whole or not at all; a second program that comes later finds the first one's key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()


def signed(public: str, message: bytes, signature: str) -> bool:
    """Whether `signature` (hex) over `message` is by the key `public` (hex)."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
