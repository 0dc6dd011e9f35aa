"""All tables of a study, read through their cards."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from shapely.geometry.base import BaseGeometry

from maillage import tables
from maillage.errors import Finding, finding
from maillage.evidence import Card, Settings
from maillage.intake.cards import read_cards
from maillage.intake.events import concat_events, read_events
from maillage.intake.frames import LINE, read_frame
from maillage.intake.geometry import computed_indicators
from maillage.intake.indicators import read_indicators
from maillage.intake.names import Gazetteer
from maillage.intake.places import read_places


@dataclass(frozen=True, slots=True)
class Loaded:
    """The tables of a study as the floors read them, and what is wrong with them."""

    places: pl.DataFrame
    zones: pl.DataFrame
    plan: pl.DataFrame
    events: pl.DataFrame
    indicators: pl.DataFrame
    outlines: Mapping[str, BaseGeometry]
    cards: tuple[Card, ...]
    gazetteer: Gazetteer
    findings: tuple[Finding, ...]


def load_tables(
    study: Path,
    settings: Settings,
    lookups: Mapping[str, Any],
    *,
    light: bool = False,
    candidate: tuple[Path, Card] | None = None,
) -> Loaded:
    """Read every table; problems are findings, nothing is raised and nothing written.

    `light` leaves out events and indicators: enough to resolve places when rows are entered. `candidate` is a file
    that is not in the study yet, read as if it were (in place of the table of its name, if there is one).
    """
    cards, found = read_cards(study)
    files = [(study / card.file, card) for card in cards if candidate is None or card.name != candidate[1].name]
    by_kind: dict[str, list[tuple[Path, Card]]] = {}
    for path, card in sorted([*files, *([candidate] if candidate else [])], key=lambda pair: pair[1].name):
        by_kind.setdefault(card.kind, []).append((path, card))
    atlas, problems = read_places(by_kind.get("places", []))
    found += problems
    places = atlas.table()
    aliases, problems = _aliases(by_kind.get("aliases", []), lookups)
    found += problems
    zones, problems = _zones(by_kind.get("zones", []), settings, Gazetteer(places, (), aliases))
    found += problems
    gazetteer = Gazetteer(places, zones["zone"].unique().to_list(), aliases)
    plan, problems = _plan(by_kind.get("plan", []), gazetteer)
    found += problems
    events, indicators = [tables.empty("events")], [tables.empty("indicators")]
    if not light:
        for path, card in by_kind.get("events", []):
            frame, problems = read_events(path, card, outlines=atlas.outlines, places=places, gazetteer=gazetteer)
            events.append(frame)
            found += problems
        for path, card in by_kind.get("indicators", []):
            frame, problems = read_indicators(path, card, gazetteer)
            indicators.append(frame)
            found += problems
        computed = computed_indicators(places, atlas.outlines, settings.countries)
        indicators.append(tables.build(computed, "indicators"))
    return Loaded(
        places=places, zones=zones, plan=plan, events=concat_events(events),
        indicators=pl.concat(indicators).sort("indicator", "place", "period"), outlines=atlas.outlines,
        cards=tuple(cards), gazetteer=gazetteer, findings=tuple(found),
    )  # fmt: skip


def _aliases(files: list[tuple[Path, Card]], lookups: Mapping[str, Any]) -> tuple[list[tuple[str, str]], list[Finding]]:
    """Other spellings of places: of the pack, then of the study."""
    found = [(str(alias), str(code)) for alias, code in (lookups.get("places") or {}).items()]
    problems: list[Finding] = []
    for path, card in files:
        frame, wrong = read_frame(path, card)
        problems += wrong or [
            finding("column_missing", file=path.name, line=1, field=name)
            for name in ("alias", "place")
            if name not in frame.columns
        ]
        if not wrong and {"alias", "place"} <= set(frame.columns):
            found += [(a, p) for a, p in frame.select("alias", "place").iter_rows() if a and p]
    return found, problems


def _zones(
    files: list[tuple[Path, Card]], settings: Settings, gazetteer: Gazetteer
) -> tuple[pl.DataFrame, list[Finding]]:
    """Zones of study.yml and of the tables, one row a member."""
    raw = [("study.yml", None, name, place) for name, members in settings.zones.items() for place in members]
    problems: list[Finding] = []
    for path, card in files:
        frame, wrong = read_frame(path, card)
        problems += wrong
        if not wrong and {"zone", "place"} <= set(frame.columns):
            raw += [
                (path.name, line, zone, place) for line, zone, place in frame.select(LINE, "zone", "place").iter_rows()
            ]
    rows: set[tuple[str, str]] = set()
    for file, line, zone, place in raw:
        code, facts = gazetteer.resolve(str(place or ""))
        if code is None or not zone:
            rest = {key: item for key, item in facts.items() if key != "code"}
            problem = facts.get("code", "value_missing")
            problems.append(finding(problem, file=file, line=line, field="place", value=place, **rest))
        else:
            rows.add((zone, code))
    return tables.build([{"zone": zone, "place": place} for zone, place in sorted(rows)], "zones"), problems


def _plan(files: list[tuple[Path, Card]], gazetteer: Gazetteer) -> tuple[pl.DataFrame, list[Finding]]:
    rows: list[dict[str, Any]] = []
    problems: list[Finding] = []
    for path, card in files:
        frame, wrong = read_frame(path, card)
        problems += wrong
        names = ("place", "stakeholder", "planned")
        lost = [name for name in names if name not in frame.columns]
        problems += (
            [finding("column_missing", file=path.name, line=1, field=name) for name in lost] if not wrong else []
        )
        if wrong or lost:
            continue
        for line, place, stakeholder, planned in frame.select(LINE, *names).iter_rows():
            code, facts = gazetteer.resolve(str(place or ""))
            if code is None:
                rest = {key: item for key, item in facts.items() if key != "code"}
                problems.append(finding(facts["code"], file=path.name, line=line, field="place", value=place, **rest))
            elif not str(planned or "").isdigit():
                problems.append(
                    finding("integer_unreadable", file=path.name, line=line, field="planned", value=planned)
                )
            else:
                rows.append({"place": code, "stakeholder": stakeholder, "planned": int(planned)})
    return tables.build(rows, "plan"), problems
