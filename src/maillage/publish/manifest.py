"""The manifest of a release: what it is, from which state of which study, the hash of every file, who vouches for it.

The signature covers everything in the manifest but its own value and the seal, and so, through their hashes, every
file. For the team it is that of the device that built the release, for everybody else that of the study's releases,
which names nobody. In older releases it does not cover what stands beside it, which is the name of the device.
"""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from maillage.publish.gate import Release
from maillage.signing import Signer, release_signer, signed

NAME = "manifest.json"
SEAL, SIGNATURE = "manifest_sha256", "signature"
DEVICE, VALUE = "device", "value"
MESSAGE = b"maillage release 2\n"  # so that the signature of a release is no signature of anything else
OLDER = b"maillage release 1\n"  # before the signature covered the name of the device


def manifest(release: Release, files: Mapping[str, bytes], signer: Signer | None = None) -> bytes:
    """manifest.json for the files of a release (path -> bytes); without a `signer` the study's releases sign."""
    settings = release.settings
    statuses = release.estimates["status"].value_counts().sort("status")
    described = {
        "format": 1,
        "study": settings.id,
        "title": dict(settings.title),
        "synthetic": settings.synthetic,
        "status": settings.status,
        "audience": release.audience,
        "languages": list(release.langs),
        "date": release.date,
        "head": release.head,
        "pack": {"id": release.pack.id, "version": release.pack.version},
        "boundary_version": settings.boundary_version,
        "maillage": version("maillage"),
        "estimates": dict(statuses.iter_rows()),
        "withheld": release.withheld.height,
        "coarsened": release.coarsened,
        "exceptions": release.exceptions,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    by = signer or release_signer(settings.id)
    about = {"algorithm": "ed25519", "key": by.public, **({DEVICE: by.device} if by.device else {})}
    described[SIGNATURE] = about
    return sealed({**described, SIGNATURE: {**about, VALUE: by.sign(_message(described))}})


def signature_holds(described: Mapping[str, Any]) -> bool | None:
    """Whether the signature of a manifest is good, in the form of today or of before; None where it has none."""
    if not isinstance(described.get(SIGNATURE), dict):
        return None
    return _holds(described, _message(described)) or _older_holds(described)


def device(described: Mapping[str, Any]) -> str:
    """The device that a manifest names as its signer; blank where it names none."""
    told = described.get(SIGNATURE)
    return str(told.get(DEVICE) or "") if isinstance(told, dict) else ""


def device_signed(described: Mapping[str, Any]) -> bool:
    """Whether the signature of a manifest covers the name of the device, so that nobody can write another there."""
    return isinstance(described.get(SIGNATURE), dict) and _holds(described, _message(described))


def _holds(described: Mapping[str, Any], message: bytes) -> bool:
    told = described[SIGNATURE]
    return told.get("algorithm") == "ed25519" and signed(str(told.get("key")), message, str(told.get(VALUE)))


def _older_holds(described: Mapping[str, Any]) -> bool:
    """Whether the signature is good in the form of older releases, beside which nothing but a device could stand."""
    known = described[SIGNATURE].keys() <= {"algorithm", "key", VALUE, DEVICE}
    bare = {key: value for key, value in described.items() if key != SIGNATURE}
    return known and _holds(described, OLDER + _signable(bare))


def _message(described: Mapping[str, Any]) -> bytes:
    """What is signed: everything but the value of the signature and the seal."""
    about = {key: value for key, value in described[SIGNATURE].items() if key != VALUE}
    return MESSAGE + _signable({**described, SIGNATURE: about})


def _signable(content: Mapping[str, Any]) -> bytes:
    """A manifest without its seal in an order of its own."""
    bare = {key: value for key, value in content.items() if key != SEAL}
    return json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sealed(described: Mapping[str, Any]) -> bytes:
    """The bytes of a manifest; its last key is the hash of everything before it, so that it cannot change unseen."""
    content = {key: value for key, value in described.items() if key != SEAL}
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, indent=1).encode()).hexdigest()
    return (json.dumps({**content, SEAL: digest}, ensure_ascii=False, indent=1) + "\n").encode()
