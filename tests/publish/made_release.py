"""Small studies for the gate: so many people in a place, so many of them say so; results made by hand where needed."""

import copy
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from maillage import run, tables
from maillage.estimate import collect, row
from maillage.evidence import Audience, Evidence, Results
from maillage.publish.gate import Release, clear
from small_evidence import evidence

AUDIENCES = {"public": Audience(5), "partners": Audience(3), "team": Audience(0)}
TIE = "link | link | cooperation | terrorist_group | smuggler"
DENIED = "link | link | denied | | "


def sources(people: Mapping[str, int], more: str = "") -> str:
    """So many interviews a place, ids `EX0101_1` and on; `more`: further rows (id | kind | place | consent | ...)."""
    lines = ["id | kind | place | consent | sensitivity | cluster | stakeholder"]
    lines += [
        f"{place}_{number} | interview | {place} | anonymous | | | transporter"
        for place, count in people.items()
        for number in range(1, count + 1)
    ]
    return "\n".join([*lines, *more.strip().splitlines()])


def told(said: Mapping[str, tuple[int, int]], more: str = "") -> str:
    """Of n people in a place, k tell of cooperation and the others deny any link."""
    lines = [
        "id | source | kind | question | answer | actor | other | place | market | low | high | unit | per | base | good | from_place | to_place"
    ]
    lines += [
        f"{place}_{number}_s | {place}_{number} | {TIE if number <= k else DENIED} | {place} | | | | | | | | | "
        for place, (k, n) in said.items()
        for number in range(1, n + 1)
    ]
    return "\n".join([*lines, *more.strip().splitlines()])


def study(said: Mapping[str, tuple[int, int]], *, rows: str = "", more: str = "", **settings: Any) -> Evidence:
    """Evidence in which k of n people of each place tell of cooperation; `rows`, `more`: statements and sources."""
    people = {place: n for place, (_, n) in said.items()}
    given = {"audiences": AUDIENCES} | settings
    return evidence(told(said, rows), sources(people, more), **given)


def released(made: Evidence, audience: str = "public") -> Release:
    """The whole way: measured, then through the gate."""
    return clear(run.measure_all(made, date="2024-06-01"), audience=audience, langs=("en",))


def by_hand(made: Evidence, estimates: Sequence[Mapping[str, Any]], **tables_: Any) -> Results:
    """Results with these estimates (and tables) and nothing else."""
    empty = {name: tables.empty(name) for name in ("findings", "priorities", "routes")}
    return Results(
        collect([row(**item) for item in estimates]), **(empty | tables_), evidence=made, head="", date="2024-06-01"
    )


def share(ident: str, k: int, asked: Sequence[str], **more: Any) -> dict[str, Any]:
    """An estimate of k out of these statements."""
    measure, place, *rest = ident.split("/")
    made = {
        "id": ident, "measure": measure, "kind": "shares", "place": place, "answer": rest[-1], "k": k, "n": len(asked),
        "value": k / len(asked), "unit": "share", "trace": list(asked), "counted": list(asked)[:k], "missing": 0,
    }  # fmt: skip
    return made | more


def one(release: Release, ident: str) -> dict[str, Any]:
    """One estimate of a release."""
    found = release.estimate(ident)
    assert found is not None, ident
    return dict(found)


def crowd(count: int, place: str = "EX01", prefix: str = "P") -> Evidence:
    """A study of so many people with one statement each, `P1_s` and on."""
    lines = ["id | kind | place | consent | stakeholder"]
    lines += [f"{prefix}{i} | interview | {place} | anonymous | transporter" for i in range(1, count + 1)]
    rows = ["id | source | kind | question | answer | actor | other"]
    rows += [f"{prefix}{i}_s | {prefix}{i} | {TIE}" for i in range(1, count + 1)]
    return evidence("\n".join(rows), "\n".join(lines), audiences=AUDIENCES)


def statements(count: int, first: int = 1) -> list[str]:
    """Ids of the statements of `crowd`."""
    return [f"P{i}_s" for i in range(first, first + count)]


def with_sources(made: Evidence, **changes: pl.Expr) -> Evidence:
    """The evidence with other values in the table of sources."""
    return dataclasses.replace(made, sources=made.sources.with_columns(**changes))


def doctored(release: Release, **changes: Any) -> Release:
    """A release with other numbers, as no code of the package can make one."""
    made = copy.copy(release)
    for name, value in changes.items():
        object.__setattr__(made, name, value)
    return made
