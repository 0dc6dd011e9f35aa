"""`maillage vault`: make it, open and close it, change its people, erase an informant, take in field notes."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from maillage.blank import reason
from maillage.errors import Finding, MaillageError, finding
from maillage.study import age, disk, holder, identity, log, recall, vault, vault_files, vault_state
from maillage.study.filenames import text_file
from maillage.study.folder import Study, open_study
from maillage.study.observations import replay, whose
from maillage.study.sealing import INFORMANTS
from maillage.study.vault import Known, Open
from maillage.verbs.entering import coder_of
from maillage.verbs.texts import text_in_clear, text_of

Ask = Callable[[], str]
OUT = "out"  # where `maillage run` writes in clear


@dataclass(frozen=True, slots=True)
class Lost:
    """How much rested on an informant who was erased."""

    passages: int
    statements: int


@dataclass(frozen=True, slots=True)
class Made:
    """A new vault: the recovery key, to be shown once and written on paper, and what is to be said of it."""

    paper: str
    people: tuple[str, ...]
    findings: tuple[Finding, ...]


def key(ask: Ask) -> str:
    """This person's public key, made now (with a passphrase) unless they have one.

    Raises MaillageError `passphrase_short`.
    """
    if identity.secret_file().is_file():
        return identity.public_key()
    return identity.make(_passphrase(ask))


def create(path: Path, people: Sequence[str], coder: str | None) -> Made:
    """Make the vault of a study for the person at this computer and `people` (NAME=age1...).

    Raises MaillageError `identity_missing`, `person_wrong`, `vault_alone`, `vault_exists`.
    """
    study = open_study(path)
    me = coder_of(study, coder)
    everybody = {me: identity.public_key(), **_people(people)}
    clear = _in_clear(study)
    paper = vault.create(study, me, everybody)
    said = (finding("clear_informants", file="log", count=clear),) if clear else ()
    return Made(paper, tuple(sorted(everybody)), said)


def unlock(path: Path, ask: Ask, *, minutes: float, coder: str | None = None) -> Open:
    """Open the vault and hold the key in memory for the commands that follow.

    Raises MaillageError `identity_missing`, `passphrase_wrong`, `vault_missing`, `keyring_closed`.
    """
    study = open_study(path)
    _needs_vault(study)
    secret = _secret(ask)
    opened = vault.unlock(study, secret, coder=coder_of(study, coder))
    holder.hold(secret, minutes)
    return opened


def lock() -> bool:
    """Forget the key and what was read with it; whether one was held."""
    recall.forget()
    return holder.release()


def opened(study: Study, coder: str, ask: Ask | None = None) -> Open:
    """The vault, by the key that is held, by MAILLAGE_PASSPHRASE, or by asking.

    Raises MaillageError `vault_missing`, `vault_locked`.
    """
    _needs_vault(study)
    secret = holder.held()
    if secret is None and (ask is not None or "MAILLAGE_PASSPHRASE" in os.environ):
        secret = _secret(ask or (lambda: ""))
    if secret is None:
        raise MaillageError("vault_locked")
    return vault.unlock(study, secret, coder=coder)


def waiting(path: Path) -> list[str]:
    """The informants whose erasure waits until somebody confirms the device that says so (`devices`)."""
    return sorted(vault.read_known(open_study(path).path).waiting)


def people(path: Path) -> tuple[Known, list[Finding]]:
    """What is known of a vault without opening it, and what is wrong with its keyring.

    Raises MaillageError `vault_missing`, `keyring_gone`."""
    study = open_study(path)
    _needs_vault(study)
    return vault.read_known(study.path), vault_state.check(study.path)


def change(path: Path, add: Sequence[str], remove: Sequence[str], ask: Ask, coder: str | None = None) -> Open:
    """Let people in and out. Raises MaillageError `person_wrong`, `person_unknown`, `vault_alone`, `vault_locked`."""
    study = open_study(path)
    me = coder_of(study, coder)
    now = opened(study, me, ask)
    unknown = [name for name in remove if name not in now.ring.people]
    if unknown:
        raise MaillageError("person_unknown", value=", ".join(unknown), people=", ".join(sorted(now.ring.people)))
    left = {name: text for name, text in now.ring.people.items() if name not in remove}
    return vault.change_people(now, me, {**left, **_people(add)})


def _agreed(_: Lost) -> bool:
    """Whoever calls this from a program has agreed."""
    return True


def erase(
    path: Path, source: str, why: str, ask: Ask, coder: str | None = None, *, agreed: Callable[[Lost], bool] = _agreed
) -> Lost | None:
    """Destroy what one informant said, in this copy. What went with the key, None where nothing was destroyed.

    agreed: is told what would go, and whether to destroy it is what it answers.
    Raises MaillageError `reason_missing`, `source_no_key`, `vault_locked`.
    """
    reason(why, "why")
    study = open_study(path)
    me = coder_of(study, coder)
    now = opened(study, me, ask)
    if source not in now.ring.sources:
        raise MaillageError("source_no_key", source=source)  # before anybody is asked
    known = replay(study, now.ring.sources)
    about = [table.filter(table["source"] == source).height for table in (known.coded.passages, known.codings)]
    lost = Lost(*about)
    if not agreed(lost):
        return None
    computed = [file for file in (study.path / OUT).glob("*") if file.is_file()]
    for file in (text_file(study.path, source), *computed):
        disk.remove(file)  # of a time when the study did not seal
    vault.erase(now, me, source, why)
    return lost


def recover(path: Path, paper: str, name: str | None = None) -> Open:
    """Let the person at this computer in again by the key on paper.

    Raises MaillageError `identity_wrong`, `identity_missing`, `keyring_closed`.
    """
    study = open_study(path)
    me = coder_of(study, name)
    now = vault.unlock(study, identity.recovered(paper), coder=me)
    return vault.change_people(now, me, {**now.ring.people, me: identity.public_key()})


def read(path: Path, name: str, ask: Ask, coder: str | None = None, *, clear: bool = False) -> bytes:
    """A table that `maillage run` kept in the vault, or the text of an interview by its source.

    clear: as it was said, with the names. Raises MaillageError `vault_locked`, `vault_file_missing`, and those of
    `texts.text_of`.
    """
    study = open_study(path)
    key = opened(study, coder_of(study, coder), ask).key
    study = replace(study, key=key)
    known = replay(study)
    if name not in known.sources["id"] and name not in known.erased:
        return vault_files.results(study, name, key)
    return (text_in_clear if clear else text_of)(study, name, known=known)[0].encode()


def note(path: Path, file: Path) -> Path:
    """Close a field note on a computer that has no secret key; only an unlocked vault reads it again."""
    study = open_study(path)
    return vault_files.note(study, {"name": file.name, "text": file.read_text("utf-8")})


def notes(path: Path, ask: Ask, coder: str | None = None) -> list[tuple[Path, Mapping[str, object]]]:
    """The field notes that wait, opened."""
    study = open_study(path)
    return list(vault_files.notes(opened(study, coder_of(study, coder), ask)))


def _needs_vault(study: Study) -> None:
    """Refuse before a passphrase is asked for nothing."""
    if not vault_state.present(study.path):
        raise MaillageError("vault_missing")


def _secret(ask: Ask) -> str:
    identity.public_key()  # where there is no key, say so before asking
    return identity.unlock(_passphrase(ask))


def _passphrase(ask: Ask) -> str:
    return os.environ.get("MAILLAGE_PASSPHRASE") or ask()


def _people(named: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in named:
        name, _, public = text.partition("=")
        if not name.strip() or not age.is_public(public):
            raise MaillageError("person_wrong", value=text)
        found[name.strip()] = public.strip()
    return found


def _in_clear(study: Study) -> int:
    """Entries of informants that the log holds unsealed: a log is never rewritten."""
    entries = [entry for path in log.files(study.path) for entry in log.read(path).entries]
    heard = {
        str(entry.data.get("id"))
        for entry in entries
        if entry.kind == "source" and entry.data.get("kind") in INFORMANTS
    }
    return sum(entry.sealed is None and whose(entry) in heard for entry in entries)
