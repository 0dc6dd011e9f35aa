"""The manifest of a release: what it is, from which state of which study, and the hash of every file."""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from maillage.publish.gate import Release

NAME = "manifest.json"
SEAL = "manifest_sha256"


def manifest(release: Release, files: Mapping[str, bytes]) -> bytes:
    """manifest.json for the files of a release (path -> bytes)."""
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
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return sealed(described)


def sealed(described: Mapping[str, Any]) -> bytes:
    """The bytes of a manifest; its last key is the hash of everything before it, so that it cannot change unseen."""
    content = {key: value for key, value in described.items() if key != SEAL}
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, indent=1).encode()).hexdigest()
    return (json.dumps({**content, SEAL: digest}, ensure_ascii=False, indent=1) + "\n").encode()
