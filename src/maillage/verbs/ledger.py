"""`maillage ledger`: what went out, to whom, and what must be called back."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from maillage import tables
from maillage.study import ledger
from maillage.study.observations import replay
from maillage.verbs.opening import unlocked


@dataclass(frozen=True, slots=True)
class Sent:
    """A release of the ledger. `numbers`: how many rest on people, `repeated`: those of them that keep value and day of
    an earlier release; `form`: the exchange format, blank for a report. `affected`: how many of the people in it have
    withdrawn or been erased since; `again`: the day on which a later one to the same audience was built without them,
    blank where none was; `command`: what builds it again."""

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
    sent = [
        Sent(
            **{name: str(one.body[name]) for name in ("date", "audience", "to", "head")}, when=one.body["when"][:10],
            form=str(one.body.get("form", "")), repeated=(repeated := int(one.body.get("repeated", 0))),
            numbers=len(one.body["rows"]) + repeated, withheld=one.body["withheld"],
            exceptions=tuple(one.body["exceptions"]),
            affected=len(set(ledger.sources_of(study, one, sources["id"].to_list())) - standing),
            command=_command(path, one.body, study.settings.languages),
        )
        for one in found
    ]  # fmt: skip
    return [replace(one, again=_again(one, sent[at + 1 :])) for at, one in enumerate(sent)]


def _command(path: Path, body: Mapping[str, Any], langs: Sequence[str]) -> str:
    """The line to type that builds a release again: with its study, in all languages, in a folder for its audience."""
    audience, form, to = (str(body.get(name, "")) for name in ("audience", "form", "to"))
    words = ["export", form] if form else ["release"]
    words += ["--study", str(path), "--audience", audience]
    words += [] if form else ["--langs", ",".join(langs)] + (["--to", to] if to else [])
    return shlex.join(["maillage", *words, "--out", f"{words[0]}-{audience}"])


def _again(one: Sent, later: Sequence[Sent]) -> str:
    """When an affected release was built again, in the same form, without those who are gone."""
    built = [other.when for other in later
             if (other.audience, other.form) == (one.audience, one.form) and not other.affected]  # fmt: skip
    return built[0] if one.affected and built else ""
