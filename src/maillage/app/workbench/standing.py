"""What is to be known at the top of every page: the vault, broken or branched logs, files that wait for a choice."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from maillage.errors import Finding
from maillage.labels import Labels, sentence
from maillage.publish import sensitive
from maillage.study import keys, log, vault
from maillage.study.check import check_copy
from maillage.study.folder import Study
from maillage.study.holder import held, watched
from maillage.study.recall import Mark, forget_in, mark, recalled
from maillage.verbs.opening import unlocked

NO_VAULT, LOCKED, UNLOCKED = "none", "locked", "unlocked"
MINUTES = 15
OPENED: dict[Path, float] = {}  # minutes after the last use until the vault locks itself, where this program opened it
BRANCH = "~"
TAIL = 4096


@dataclass(frozen=True, slots=True)
class _Seen:
    mark: Mark
    copy: tuple[Finding, ...]


SEEN: dict[Path, _Seen] = {}


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
        lines.append(sentence("bench_state_unsealed", lang, count=unsealed))
    branches = sorted(path.name for path in log.files(study.path) if BRANCH in path.name)
    if branches:
        lines.append(sentence("bench_state_branch", lang, files=", ".join(branches)))
    return Standing(vault_state(study), [*lines, *_warned(asked)])


def _warned(asked: Asked) -> list[str]:
    """What in this study could hurt people if it got out."""
    settings = asked.study.settings
    told = sensitive.banner(settings, Labels(asked.lang, asked.study.pack, None, settings.zone_labels))
    return [told] if told else []


def vault_state(study: Study) -> str:
    """Whether there is a vault and its key is held. What was read with it is forgotten when the holder forgets it."""
    if not vault.exists(study.path):
        return NO_VAULT
    if not held():
        return LOCKED
    forget_in(OPENED.get(study.path, MINUTES))
    return UNLOCKED


def shut(study: Path) -> bool:
    """Whether there is a vault and its key is not held; asking this keeps no vault open longer."""
    return vault.exists(study) and not watched()


def _seen(study: Study) -> tuple[list[Finding], int]:
    """Findings of this copy, and entries after the last checkpoint of their log."""
    now = mark(study.path)
    kept = SEEN.get(study.path)
    if kept is None or not _grew_here(kept.mark, now):
        kept = _Seen(now, tuple(check_copy(study)))
    SEEN[study.path] = _Seen(now, kept.copy)
    found = {str(item): item for item in (*kept.copy, *recalled(unlocked(study)).findings)}
    return list(found.values()), sum(_open(path) for path in log.files(study.path))


def _grew_here(before: Mark, now: Mark) -> bool:
    """Whether nothing changed but that logs of this computer grew: their writer looked at what was there before."""
    own, sizes = f".{keys.device().name}.jsonl", {name: (size, node) for name, size, _, node in before}
    if [one[0] for one in before] != [one[0] for one in now]:
        return False
    return all(
        one in before or (one[0].endswith(own) and one[1] > sizes[one[0]][0] and one[3] == sizes[one[0]][1])
        for one in now
    )


def _open(path: Path) -> int:
    """Entries of a log that no checkpoint covers yet; a log that ends with one, as all do, is not read for that."""
    with path.open("rb") as file:
        file.seek(-min(TAIL, path.stat().st_size), os.SEEK_END)
        last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    if b'"op":"checkpoint"' in last:
        return 0
    entries = log.read(path).entries
    return next((n for n, entry in enumerate(reversed(entries)) if entry.op == "checkpoint"), len(entries))
