"""`maillage vault names`: take the names that no text may hold into the vault, or show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from maillage.errors import Finding, finding
from maillage.intake.pseudonyms import registered
from maillage.intake.rows import read_csv
from maillage.study import register, vault
from maillage.study.folder import open_study
from maillage.study.observations import replay
from maillage.study.register import Named
from maillage.study.sealing import INFORMANTS
from maillage.verbs.entering import coder_of
from maillage.verbs.vault import Ask, opened


@dataclass(frozen=True, slots=True)
class Entered:
    """How many names were kept, or what is wrong with the list; then nothing was."""

    count: int
    findings: tuple[Finding, ...] = ()


def enter(path: Path, file: Path, ask: Ask, coder: str | None = None) -> Entered:
    """Keep the names of a table: name, and pseudonym or source (an informant, whose id is the pseudonym then).

    Findings hold rows, never names. Raises MaillageError `vault_locked`, `vault_missing`.
    """
    study = open_study(path)
    me = coder_of(study, coder)
    now = opened(study, me, ask)
    table = read_csv(file)
    if table.findings or not {"name"} < {*table.names} <= {"name", "pseudonym", "source"}:
        return Entered(0, tuple(table.findings) or (finding("names_table", file=file.name),))
    sources = replay(study, now.ring.sources).sources
    heard = {name for name, kind in sources.select("id", "kind").iter_rows() if kind in INFORMANTS}
    named = [_named(row.values) for row in table.rows]
    wrong = tuple(
        finding("names_row", file=file.name, line=row.line, row=row.number)
        for row, one in zip(table.rows, named, strict=True)
        if not registered([(one.name, one.pseudonym)]) or not one.pseudonym or (one.source and one.source not in heard)
    )
    if wrong:
        return Entered(0, wrong)
    now = vault.informants(now, me, sorted({one.source for one in named if one.source}))
    fresh = [one for one in dict.fromkeys(named) if one not in register.names(now)]
    if fresh:
        register.enter(study, fresh)
    return Entered(len(fresh))


def _named(row: Mapping[str, str]) -> Named:
    source = row.get("source", "")
    return Named(row["name"], row.get("pseudonym", "") or source, source)


def shown(path: Path, ask: Ask, coder: str | None = None) -> list[Named]:
    """Every name that the vault holds. Raises MaillageError `vault_locked`."""
    study = open_study(path)
    return register.names(opened(study, coder_of(study, coder), ask))
