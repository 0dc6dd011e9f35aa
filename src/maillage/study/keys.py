"""The key of this device: ed25519, made at the first append in the user's configuration folder, never in a study."""

import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from maillage.signing import configuration_folder, signed
from maillage.study import disk

__all__ = ["Device", "configuration_folder", "device", "signed"]


@dataclass(frozen=True, slots=True)
class Device:
    """This device: a random name of eight hex digits, its signing key, the public key in 64 hex digits."""

    name: str
    key: Ed25519PrivateKey
    public: str

    def sign(self, message: bytes) -> str:
        """Signature of `message`, hex."""
        return self.key.sign(message).hex()


def device() -> Device:
    """This device's name and key, made on first use (file readable by its user only)."""
    return _device(configuration_folder())


def present() -> str | None:
    """The public key of this device, None where none was made yet."""
    return device().public if (configuration_folder() / "device.key").is_file() else None


@cache
def _device(folder: Path) -> Device:
    path = folder / "device.key"
    if not path.exists():
        disk.make_folder(folder)
        with disk.alone(folder / "device.lock"):
            _make(path)
    name, secret = path.read_text("ascii").split()
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    return Device(name, key, key.public_key().public_bytes_raw().hex())


def _make(path: Path) -> None:
    """Whole or not at all; a second program that waited finds the first one's key."""
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        text = f"{secrets.token_hex(4)} {key.private_bytes_raw().hex()}\n"
        disk.replace(path, text.encode(), mode=0o600)
