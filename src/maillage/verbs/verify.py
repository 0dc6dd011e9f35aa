"""`maillage verify`: a study or a release, held against its hashes and signatures."""

from pathlib import Path

from maillage.errors import Finding, MaillageError
from maillage.publish.manifest import NAME
from maillage.publish.verify import verify as verify_release
from maillage.study.check import check_log
from maillage.study.folder import SETTINGS, open_study


def verify(folder: Path) -> list[Finding]:
    """Findings on a release folder or a study folder. Raises MaillageError `nothing_to_verify`."""
    if (folder / NAME).is_file():
        return verify_release(folder)
    if (folder / SETTINGS).is_file():
        return check_log(folder, open_study(folder).settings.id)
    raise MaillageError("nothing_to_verify", folder=folder)
