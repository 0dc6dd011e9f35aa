"""`maillage ledger`: what went out, to whom, and what must be called back."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl

from maillage import tables
from maillage.name_forms import fold
from maillage.study import ledger
from maillage.study.observations import replay
from maillage.verbs.opening import unlocked

What = tuple[str, str, str]  # audience, exchange format, recipient
NO_NAME = re.compile(r"[\W_]+")  # what stays out of the name of a folder
LONGEST = 40  # letters of a recipient in it


@dataclass(frozen=True, slots=True)
class Sent:
    """A release of the ledger. `numbers`: how many rest on people, `repeated`: those of them that keep value and day of
    an earlier release; `form`: the exchange format, blank for a report. `affected`: how many of the people in it have
    withdrawn or been erased since; `again`: the day on which a later one to the same audience was built without them,
    blank where none was; `command`: what builds it again, the same for all of one audience, format and recipient."""

    date: str
    when: str
    audience: str
    to: str
    head: str
    form: str
    numbers: int
    repeated: int
    withheld: int
    exceptions: tuple[str, ...]
    affected: int
    command: str
    again: str = ""


def history(path: Path) -> list[Sent]:
    """The releases that went out, the oldest first, and which rest on consent that was withdrawn since."""
    study = unlocked(path)
    found = ledger.records(study)
    sources = replay(study).sources if found else tables.empty("sources")
    standing = set(sources.filter(pl.col("consent").fill_null("") != "none")["id"].to_list())
    folders = _folders([_what(one.body) for one in found])
    sent = [
        Sent(
            **{name: str(one.body[name]) for name in ("date", "audience", "to", "head")}, when=one.body["when"][:10],
            form=str(one.body.get("form", "")), repeated=(repeated := int(one.body.get("repeated", 0))),
            numbers=len(one.body["rows"]) + repeated, withheld=one.body["withheld"],
            exceptions=tuple(one.body["exceptions"]),
            affected=len(set(ledger.sources_of(study, one, sources["id"].to_list())) - standing),
            command=_command(path, _what(one.body), study.settings.languages, folders[_what(one.body)]),
        )
        for one in found
    ]  # fmt: skip
    return [replace(one, again=_again(one, sent[at + 1 :])) for at, one in enumerate(sent)]


def _what(body: Mapping[str, Any]) -> What:
    """Audience, exchange format and recipient of a record: what tells one release to build again from another."""
    return str(body["audience"]), str(body.get("form", "")), str(body.get("to", ""))


def _folders(every: Sequence[What]) -> dict[What, str]:
    """A folder of its own for each, so that one that is built again never replaces another."""
    folders: dict[What, str] = {}
    for audience, form, to in every:
        parts = ("export", form, audience) if form else ("release", audience)
        name = "-".join([*parts, *NO_NAME.sub(" ", fold(to)[:LONGEST]).split()])
        taken = set(folders.values())
        numbered = (name if n == 1 else f"{name}-{n}" for n in count(1))
        free = next(each for each in numbered if each not in taken)
        folders.setdefault((audience, form, to), free)
    return folders


def _command(path: Path, what: What, langs: Sequence[str], folder: str) -> str:
    """The line to type that builds a release again: with its study, in all languages, for the same people."""
    audience, form, to = what
    words = ["export", form] if form else ["release"]
    words += ["--study", str(path), "--audience", audience]
    words += [] if form else ["--langs", ",".join(langs)] + (["--to", to] if to else [])
    return shlex.join(["maillage", *words, "--out", folder])


def _again(one: Sent, later: Sequence[Sent]) -> str:
    """When an affected release was built again, in the same form, without those who are gone."""
    built = [other.when for other in later
             if (other.audience, other.form) == (one.audience, one.form) and not other.affected]  # fmt: skip
    return built[0] if one.affected and built else ""
