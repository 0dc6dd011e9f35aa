"""All tables of a study, read through their cards."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from shapely.geometry.base import BaseGeometry

from maillage import pack as packs
from maillage import tables
from maillage.errors import Finding
from maillage.evidence import Card, Settings
from maillage.intake.cards import read_cards
from maillage.intake.events import concat_events, read_events
from maillage.intake.geometry import computed_indicators
from maillage.intake.indicators import read_indicators
from maillage.intake.names import Gazetteer
from maillage.intake.places import read_places
from maillage.intake.records import Reader
from maillage.intake.small import check_actors, read_aliases, read_plan, read_zones


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
    files = {card.name: (study / card.file, card) for card in cards}
    ordered = sorted(files)
    if candidate is not None:  # read last, so that what it repeats is told of it and not of what stands already
        name = candidate[1].name
        files[name], ordered = candidate, [*(known for known in ordered if known != name), name]
    by_kind: dict[str, list[tuple[Path, Card]]] = {}
    for path, card in (files[name] for name in ordered):
        by_kind.setdefault(card.kind, []).append((path, card))
    spelt = by_kind.get("aliases", [])
    atlas, problems = read_places(
        [*by_kind.get("places", []), *by_kind.get("units", [])], lambda known: read_aliases(spelt, lookups, known)[0]
    )
    found += problems
    places = atlas.table()
    aliases, problems = read_aliases(spelt, lookups, Gazetteer(places))
    found += problems
    pack = packs.load(settings.pack, study)
    zones, problems = read_zones(by_kind.get("zones", []), settings, Reader(pack, Gazetteer(places, (), aliases)))
    found += problems
    gazetteer = Gazetteer(places, zones["zone"].unique().to_list(), aliases)
    plan, problems = read_plan(by_kind.get("plan", []), Reader(pack, gazetteer))
    found += [*problems, *check_actors(by_kind.get("actors", []), Reader(pack, gazetteer))]
    events, indicators = [tables.empty("events")], [tables.empty("indicators")]
    if not light:
        for path, card in by_kind.get("events", []):
            frame, problems = read_events(path, card, outlines=atlas.outlines, places=places, gazetteer=gazetteer)
            events.append(frame)
            found += problems
        for path, card in by_kind.get("indicators", []):
            frame, problems = read_indicators(path, card, gazetteer, pack.indicators)
            indicators.append(frame)
            found += problems
        computed = computed_indicators(places, atlas.outlines, settings.countries)
        indicators.append(tables.build(computed, "indicators"))
    return Loaded(
        places=places, zones=zones, plan=plan, events=concat_events(events),
        indicators=pl.concat(indicators).sort("indicator", "place", "period"), outlines=atlas.outlines,
        cards=tuple(cards), gazetteer=gazetteer, findings=tuple(found),
    )  # fmt: skip
