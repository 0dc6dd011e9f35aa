"""Where the studies of the repository lie, and one hash over a folder."""

import hashlib
from pathlib import Path

STUDIES = Path(__file__).parent.parent / "studies"


def folder_hash(folder: Path) -> str:
    """One hash over names and bytes of everything below a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
