"""Copies of the studies of the repository, which no test may change, and one hash over a folder."""

import atexit
import hashlib
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
DERIVED = shutil.ignore_patterns("ledger", "out", ".cache")


def _copied() -> Path:
    """The studies as they are in the repository, without what releases left beside them."""
    folder = Path(tempfile.mkdtemp(prefix="maillage-studies-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return shutil.copytree(ROOT / "studies", folder / "studies", ignore=DERIVED)


STUDIES = _copied()


def folder_hash(folder: Path) -> str:
    """One hash over names and bytes of everything below a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
