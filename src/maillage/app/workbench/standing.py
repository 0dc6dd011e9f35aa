"""What is to be known at the top of every page: the vault, broken or branched logs, files that wait for a choice."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from maillage.errors import Finding
from maillage.labels import phrases
from maillage.study import log, vault
from maillage.study.check import check_copy
from maillage.study.folder import Study
from maillage.study.holder import held
from maillage.study.recall import Mark, mark, recalled
from maillage.verbs.opening import unlocked

NO_VAULT, LOCKED, UNLOCKED = "none", "locked", "unlocked"
BRANCH = "~"
SEEN: dict[Path, tuple[Mark, tuple[Finding, ...], int]] = {}


class Asked(Protocol):
    """A study and the language of the page."""

    study: Study
    lang: str


@dataclass(frozen=True, slots=True)
class Standing:
    """`vault`: none, locked, unlocked. `lines`: what is to be done, in words, worst first."""

    vault: str
    lines: Sequence[str]


def standing(asked: Asked) -> Standing:
    """The state of a study now. What the files say is looked at again only when one of them changed."""
    study, lang = asked.study, asked.lang
    found, unsealed = _seen(study)
    ordered = sorted(found, key=lambda item: item.level != "error")
    lines = [f"{item.message(lang)} {item.remedy(lang)}" for item in ordered if item.code != "entries_closed"]
    if unsealed:
        lines.append(phrases()["bench_state_unsealed"][lang].format(count=unsealed))
    branches = sorted(path.name for path in log.files(study.path) if BRANCH in path.name)
    if branches:
        lines.append(phrases()["bench_state_branch"][lang].format(files=", ".join(branches)))
    return Standing(vault_state(study), lines)


def vault_state(study: Study) -> str:
    """Whether there is a vault and its key is held."""
    if not vault.exists(study.path):
        return NO_VAULT
    return UNLOCKED if held() else LOCKED


def _seen(study: Study) -> tuple[tuple[Finding, ...], int]:
    """Findings of this copy, and entries after the last checkpoint of their log."""
    now = mark(study.path)
    kept = SEEN.get(study.path)
    if kept is None or kept[0] != now:
        found = {str(item): item for item in (*recalled(unlocked(study)).findings, *check_copy(study))}
        kept = (now, tuple(found.values()), sum(_open(path) for path in log.files(study.path)))
        SEEN[study.path] = kept
    return kept[1], kept[2]


def _open(path: Path) -> int:
    """Entries of a log that no checkpoint covers yet."""
    entries = log.read(path).entries
    return next((n for n, entry in enumerate(reversed(entries)) if entry.op == "checkpoint"), len(entries))
