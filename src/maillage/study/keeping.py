"""The one way statements go into a log: what rests on an informant is closed to that informant's key first."""

from collections.abc import Sequence
from dataclasses import replace

from maillage.errors import MaillageError
from maillage.study import log, sealing, vault
from maillage.study.entries import Draft
from maillage.study.folder import Study
from maillage.study.sealing import INFORMANTS
from maillage.study.vault import Known, Open


def keep(study: Study, coder: str, drafts: Sequence[Draft], *, opened: Open | None = None) -> list[str]:
    """Enter `drafts` as `log.append` does, sealed where study.yml or a vault asks for it.

    A new informant needs a key, and so the vault (`opened`, or the key the study was opened with); statements on a
    known one need only the public key that the log holds. Raises MaillageError `vault_missing`, `vault_locked`,
    `source_erased` and those of the log.
    """
    if study.settings.sealed != "informants":
        return log.append(study, coder, drafts)
    told = vault.read_known(study.path)
    heard = [str(draft.data["id"]) for draft in drafts if _is_informant(draft)]
    gone = sorted(told.erased & {*heard, *(str(draft.data.get("source")) for draft in drafts)})
    if gone:
        raise MaillageError("source_erased", sources=", ".join(gone))
    new = [source for source in heard if source not in told.informants]
    if new:
        if not vault.exists(study.path):
            raise MaillageError("vault_missing")
        if opened is None and study.key is not None:
            opened = vault.unlock(study, study.key, coder=coder)
        if opened is None:
            raise MaillageError("vault_locked")
        vault.informants(opened, coder, new)
        told = vault.read_known(study.path)
    return log.append(study, coder, [_closed(draft, told) for draft in drafts])


def _is_informant(draft: Draft) -> bool:
    return draft.kind == "source" and draft.op in ("assert", "supersede") and draft.data.get("kind") in INFORMANTS


def _closed(draft: Draft, told: Known) -> Draft:
    """The draft as the log may hold it. A reason for a correction can quote somebody, so it is closed too."""
    source = str(draft.data.get("id") if draft.kind == "source" else draft.data.get("source"))
    public = told.informants.get(source)
    if public is None or draft.op not in ("assert", "supersede", "retract", "withdraw"):
        return draft
    body = {**draft.data, **({"why": draft.why} if draft.why else {})}
    named = {"blob": str(body["blob"])} if "blob" in body else {}  # of a closed file: it must be seen while locked
    return replace(draft, data={}, why=None, sealed=sealing.sealed(body, source, public) | named)
