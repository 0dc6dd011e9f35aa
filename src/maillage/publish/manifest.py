"""The manifest of a release: what it is, from which state of which study, the hash of every file, who vouches for it.

The signature covers everything in the manifest but itself and the seal, and so, through their hashes, every file. For
the team it is that of the device that built the release, for everybody else that of the study's releases, which names
nobody.
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
MESSAGE = b"maillage release 1\n"  # so that the signature of a release is no signature of anything else


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
    told = {"device": by.device} if by.device else {}
    signature = {"algorithm": "ed25519", "key": by.public, **told, "value": by.sign(_message(described))}
    return sealed({**described, SIGNATURE: signature})


def signature_holds(described: Mapping[str, Any]) -> bool | None:
    """Whether the signature of a manifest is good; None where it has none."""
    told = described.get(SIGNATURE)
    if not isinstance(told, dict):
        return None
    key, value = str(told.get("key")), str(told.get("value"))
    return told.get("algorithm") == "ed25519" and signed(key, _message(described), value)


def _message(described: Mapping[str, Any]) -> bytes:
    """What is signed: everything but the signature and the seal, in an order of its own."""
    content = {key: value for key, value in described.items() if key not in (SEAL, SIGNATURE)}
    return MESSAGE + json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sealed(described: Mapping[str, Any]) -> bytes:
    """The bytes of a manifest; its last key is the hash of everything before it, so that it cannot change unseen."""
    content = {key: value for key, value in described.items() if key != SEAL}
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, indent=1).encode()).hexdigest()
    return (json.dumps({**content, SEAL: digest}, ensure_ascii=False, indent=1) + "\n").encode()
