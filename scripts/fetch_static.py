"""Bring the one script of others that the workbench needs: htmx, from a wheel checked by its hash.

python scripts/fetch_static.py    writes src/maillage/app/static/vendor/ (git-ignored, shipped in the wheel)
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements" / "static.lock"
VENDOR = ROOT / "src" / "maillage" / "app" / "static" / "vendor"
WANTED = {"/htmx-4.min.js": "htmx.min.js", "/licenses/LICENSE": "htmx.LICENSE.txt"}


def fetch(folder: Path) -> Path:
    """The wheel of the lock file, its hash checked, without what it depends on."""
    words = ["download", "-q", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    subprocess.run([sys.executable, "-m", "pip", *words, "-r", str(LOCK), "-d", str(folder)], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def main() -> None:
    """Copy what is wanted, and nothing else."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(fetch(Path(folder))) as wheel:
        for ending, name in WANTED.items():
            (member,) = (item for item in wheel.namelist() if item.endswith(ending))
            (VENDOR / name).write_bytes(wheel.read(member))


if __name__ == "__main__":
    main()
