"""The key of this device: ed25519, made at the first append in the user's configuration folder, never in a study."""

import os
import secrets
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from maillage.study import disk


@dataclass(frozen=True, slots=True)
class Device:
    """This device: a random name of eight hex digits, its signing key, the public key in 64 hex digits."""

    name: str
    key: Ed25519PrivateKey
    public: str

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


def signed(public: str, message: bytes, signature: str) -> bool:
    """Whether `signature` (hex) over `message` is by the key `public` (hex)."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
