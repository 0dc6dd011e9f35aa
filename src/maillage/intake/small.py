"""The small tables of a study: zones, sampling plan, other spellings of places, named groups."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from maillage import pack as packs
from maillage import tables
from maillage.errors import Finding, finding
from maillage.evidence import Card, Settings
from maillage.intake.frames import LINE, ROW, read_frame, rows_of
from maillage.intake.names import CODE, Gazetteer, unresolved
from maillage.intake.records import Reader

PROTECTING = ("kind", "person", "members", "public_record", "signed")
Files = Sequence[tuple[Path, Card]]
Placed = tuple[dict[str, Any], dict[str, Any]]


def read_zones(files: Files, settings: Settings, reader: Reader) -> tuple[pl.DataFrame, list[Finding]]:
    """Zones of study.yml and of the tables, one row a member."""
    members, problems = _records(files, "zones", reader)
    found = {(row["zone"], row["place"]) for _, row in members if {"zone", "place"} <= row.keys()}
    named: list[tuple[dict[str, Any], str]] = [
        *(({"file": "study.yml", "field": f"zones.{name}"}, name) for name in settings.zones),
        *(({**where, "field": "zone"}, row["zone"]) for where, row in members if "zone" in row),
    ]
    problems += [finding("code_form", **where, value=name) for where, name in named if not CODE.match(name)]
    for name, places in settings.zones.items():
        for place in places:
            code, facts = reader.gazetteer.resolve(place)
            if code is None:
                problems.append(unresolved(facts, file="study.yml", field=f"zones.{name}", value=place))
            else:
                found.add((name, code))
    return tables.build([{"zone": zone, "place": place} for zone, place in sorted(found)], "zones"), problems


def read_plan(files: Files, reader: Reader) -> tuple[pl.DataFrame, list[Finding]]:
    """How many interviews are planned, by place and class of person."""
    rows, problems = _records(files, "plan", reader)
    seen: set[tuple[Any, Any]] = set()
    for where, data in rows:
        if data.get("planned", 0) < 0:
            problems.append(finding("count_range", **where, field="planned", value=data["planned"]))
        slot = data.get("place"), data.get("stakeholder")
        if None not in slot and slot in seen:
            problems.append(finding("plan_twice", **where, field="stakeholder", value=data["stakeholder"]))
        seen.add(slot)
    return tables.build([data for _, data in rows], "plan"), problems


def read_aliases(
    files: Files, lookups: Mapping[str, Any], gazetteer: Gazetteer
) -> tuple[list[tuple[str, str]], list[Finding]]:
    """Other spellings of places as (spelling, code): of the pack, then of the study."""
    found = [(str(alias), str(code)) for alias, code in (lookups.get("places") or {}).items()]
    rows, problems = _two_columns(files, ("alias", "place"))
    for where, alias, place in rows:
        code, facts = gazetteer.resolve(place)
        if code is None:
            problems.append(unresolved(facts, **where, field="place", value=place))
        else:
            found.append((alias, code))
    return found, problems


def check_actors(files: Files, reader: Reader) -> list[Finding]:
    """What is wrong with the tables of named groups: each needs a name and a kind of the pack."""
    rows, problems = _two_columns(files, ("name", "kind"))
    kinds = {code for code in reader.codes("actors") if not reader.pack.attribute("actors", code, "named")}
    known = sorted(kinds)
    wrong = [(where, kind) for where, _, kind in rows if kind not in kinds]
    facts: dict[str, Any] = {"list": "actors", "nearest": ", ".join(known[:5])}
    problems += [finding("code_unknown", **where, field="kind", value=kind, **facts) for where, kind in wrong]
    for path, card in files:
        problems += _check_groups(path, card, kinds)
    return problems


def _check_groups(path: Path, card: Card, kinds: set[str]) -> Iterator[Finding]:
    """Codes that are none or stand twice, and terrorist groups without who calls them so and since when."""
    frame, wrong = read_frame(path, card)
    if wrong or not {"name", "kind"} <= set(frame.columns):
        return
    seen: set[str] = set()
    coded = {row["code"]: row for row in frame.iter_rows(named=True) if row.get("code")}
    for row in frame.iter_rows(named=True):
        where: dict[str, Any] = {"file": path.name, "line": row[LINE], "row": row[ROW]}
        code = row.get("code")
        if code and (not packs.CODE.match(code) or code in seen or code in kinds):
            yield finding("actor_code", **where, field="code", value=code)
        seen.add(code or "")
        if row["kind"] == "terrorist_group" and not (row.get("designation") and row.get("date")):
            yield finding("actor_designation", **where, field="designation", value=row["name"])
        if row.get("same_as") and not _same(row, coded.get(row["same_as"])):
            yield finding("actor_same", **where, field="same_as", value=row["same_as"])


def _same(row: Mapping[str, Any], other: Mapping[str, Any] | None) -> bool:
    """Whether a row may count under another: a code of its own, no chain, and what protects one protects the other."""
    if other is None or not row.get("code") or row["code"] == other["code"] or other.get("same_as"):
        return False
    return all((row.get(name) or "") == (other.get(name) or "") for name in PROTECTING)


def _records(files: Files, name: str, reader: Reader) -> tuple[list[Placed], list[Finding]]:
    """(where, row) of all tables of a kind, checked against the dictionary."""
    rows: list[Placed] = []
    problems: list[Finding] = []
    for path, card in files:
        frame, wrong = read_frame(path, card)
        records, more = reader.read(rows_of(path.name, frame, wrong), name)
        rows += [({"file": path.name, "line": item.line, "row": item.number}, item.data) for item in records]
        problems += more
    return rows, problems


def _two_columns(files: Files, names: tuple[str, str]) -> tuple[list[tuple[dict[str, Any], str, str]], list[Finding]]:
    """(where, first, second) of tables that have two columns which must both be filled."""
    rows: list[tuple[dict[str, Any], str, str]] = []
    problems: list[Finding] = []
    for path, card in files:
        frame, wrong = read_frame(path, card)
        missing = [] if wrong else [name for name in names if name not in frame.columns]
        problems += [*wrong, *(finding("column_missing", file=path.name, line=1, field=name) for name in missing)]
        if wrong or missing:
            continue
        for line, row, *cells in frame.select(LINE, ROW, *names).iter_rows():
            where: dict[str, Any] = {"file": path.name, "line": line, "row": row}
            blank = [name for name, cell in zip(names, cells, strict=True) if not cell]
            problems += [finding("value_missing", **where, field=name) for name in blank]
            if not blank:
                rows.append((where, cells[0], cells[1]))
    return rows, problems
