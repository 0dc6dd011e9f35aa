"""The vault: its state, opening and locking it, and field notes that are closed at once, unreadable here."""

import time
from pathlib import Path

from starlette.responses import Response

from maillage.app.workbench.standing import LOCKED, MINUTES, OPENED, UNLOCKED, vault_state
from maillage.app.workbench.visit import LOADED, Visit
from maillage.blank import reason
from maillage.study import recall, vault_files
from maillage.study.vault import read_known
from maillage.verbs import vault

CHOICES = (5, 15, 60)


def room(visit: Visit) -> Response:
    """The page."""
    state = vault_state(visit.study)
    told = read_known(visit.study.path)
    return visit.shown(
        "vault.html", people=told.people, informants=len(told.informants.keys() - told.erased),
        until=_until(visit, state), choices=CHOICES, minutes=MINUTES, here="vault", locked=LOCKED, unlocked=UNLOCKED,
    )  # fmt: skip


def _until(visit: Visit, state: str) -> str:
    """The time at which the vault locks itself if nobody does anything; blank where another program opened it."""
    minutes = OPENED.get(visit.study.path)
    if state != UNLOCKED or minutes is None:
        return ""
    then = time.localtime(time.time() + 60 * minutes)
    return visit.t("clock", hour=f"{then.tm_hour:02}", minute=f"{then.tm_min:02}")


def unlock(visit: Visit) -> Response:
    """Open the vault. Raises MaillageError of `verbs.vault.unlock`."""
    wished = visit.said.get("minutes", "")
    minutes = int(wished) if wished in map(str, CHOICES) else MINUTES
    vault.unlock(visit.place, lambda: visit.said.get("passphrase", ""), minutes=minutes, coder=visit.coder)
    OPENED[visit.study.path] = minutes
    return visit.anew("/vault")


def lock(visit: Visit) -> Response:
    """Close the vault and forget what was read with it."""
    close(visit.study.path)
    return visit.anew("/vault")


def close(study: Path) -> None:
    """Let the key go, and what was read with it."""
    vault.lock()
    recall.forget()
    OPENED.pop(study, None)
    LOADED.clear()


def leave(study: Path) -> None:
    """Close the vault that was opened here; one that another program opened is closed by that one."""
    if study in OPENED:
        close(study)


def paper(visit: Visit) -> Response:
    """The page on which a field note is written."""
    return visit.shown("note.html", here="note")


def close_note(visit: Visit) -> Response:
    """Close a note to the field key at once. Raises MaillageError `reason_missing`, `vault_missing`."""
    name, text = visit.said.get("name", "").strip(), visit.said.get("text", "")
    reason(text, visit.t("note_text"))
    path = vault_files.note(visit.study, {"name": f"{name or 'note'}.txt", "text": text})
    return visit.shown("note.html", kept=visit.t("note_closed", name=path.name), here="note")
