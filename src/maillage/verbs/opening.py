"""Open a study for a command: with the key of its vault where that is held or given, so that informants can be read."""

import os
from dataclasses import replace
from pathlib import Path

from maillage.errors import MaillageError
from maillage.study import holder, identity, vault
from maillage.study.folder import Study, open_study
from maillage.study.observations import Replay, replay


def unlocked(study: Study | Path | str) -> Study:
    """The study, with the key that `maillage vault unlock` holds or that MAILLAGE_PASSPHRASE opens.

    Raises MaillageError of opening a study, and `passphrase_wrong`.
    """
    study = study if isinstance(study, Study) else open_study(study)
    if study.key is not None or not vault.exists(study.path):
        return study
    key = holder.held()
    words = os.environ.get("MAILLAGE_PASSPHRASE")
    if key is None and words:
        key = identity.unlock(words)
    return replace(study, key=key)


def whole(study: Study) -> Replay:
    """The study's logs, for work that must see every entry. Raises MaillageError `vault_locked`."""
    known = replay(study)
    if known.closed:
        raise MaillageError("vault_locked")
    return known
