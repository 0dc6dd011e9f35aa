"""What is left of somebody who withdrew, and how it can be destroyed."""

from dataclasses import dataclass
from pathlib import Path

from maillage.study import vault
from maillage.study.filenames import text_file
from maillage.study.folder import open_study
from maillage.study.observations import Replay, replay

PEOPLE = {"interview", "focus_group", "expert_meeting"}


@dataclass(frozen=True, slots=True)
class Left:
    """`files`: what of a source still lies in the folder, as it was given; `sealed`: whether what it said is closed to
    a key that can be destroyed. Otherwise the log keeps it in clear."""

    files: tuple[str, ...]
    sealed: bool


def left_of(path: Path, source: str) -> Left | None:
    """What is left of a source, None where it is no person."""
    study = open_study(path)
    told = [entry.data for entry in replay(study).entries if entry.kind == "source" and entry.data.get("id") == source]
    sealed = vault.exists(study.path)
    if not sealed and not any(data.get("kind") in PEOPLE for data in told):
        return None
    names = [text_file(study.path, source).relative_to(study.path).as_posix()]
    names += [str(data[name]) for data in told for name in ("locator", "original") if name in data]
    there = sorted({name for name in names if _is_inside(study.path, name)})
    return Left(tuple(there), sealed)


def _is_inside(study: Path, name: str) -> bool:
    """Whether a name is that of a file of the folder; a log may name anything."""
    file = (study / name).resolve()
    return file.is_relative_to(study.resolve()) and file.is_file()


def away(known: Replay) -> set[str]:
    """The sources that withdrew, or were erased."""
    return {str(entry.of) for entry in known.entries if entry.op in ("withdraw", "erase")}
