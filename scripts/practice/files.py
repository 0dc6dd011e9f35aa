"""Everything the study is entered from, as bytes: the same for a seed, on every computer, on every day."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from practice import alpha, coders, counting, events, people, said, texts
from practice.said import Row
from practice.world import ABROAD, COUNTRY, COUNTRY_NAMES, DISTRICTS, ERASED, REGIONS, corners

TRUTH = ("state", "id", "k", "n", "value", "low", "high", "confidence")
CARDS = {
    "places": ("Invented places of Ondalia", "Lieux inventés d'Ondalie", ""),
    "abroad": ("Invented countries around it", "Pays inventés alentour", ""),
    "plan": ("Invented sampling plan", "Plan d'échantillonnage inventé", ""),
    "events": ("Invented events", "Événements inventés", "coverage: {from: 2022-01-01, to: 2024-12-31}\n"),
}


def made(seed: int) -> dict[str, bytes]:
    """Path below the study's folder -> content."""
    sources = people.sources(seed)
    statements = said.statements(seed, sources)
    who = coders.assignments(sources)
    by_coder = coders.coded(seed, statements, who)
    settled = coders.decisions(statements, by_coder)
    told = {
        source["id"]: texts.transcript(seed, source, [row for row in statements if row["source"] == source["id"]])
        for source in sources
        if source["consent"] != "none"
    }
    marked = {
        coder: texts.passages(told, rows, coder, whole_turns=coder == coders.SECOND) for coder, rows in by_coder.items()
    }
    files: dict[str, bytes] = {
        "raw/places.geojson": _geojson(seed),
        "raw/abroad.csv": table(("code", "name", "name_fr", "name_en", "level"), _abroad()),
        "raw/plan.csv": table(("place", "stakeholder", "planned"), people.plan(seed)),
        "raw/events.csv": table(events.COLUMNS, events.events(seed)),
        "coding/sources.csv": table(people.COLUMNS, sources),
        "coding/identities.csv": table(("source", "name", "contact"), people.identities(seed)),
        "coding/assignments.csv": table(("source", "coder", "blind", "done"), who),
        "coding/decisions.csv": table(("source", "question", "market", "observations", "reason"), settled),
        "coding/passages.csv": table(texts.PASSAGES, [row for rows in marked.values() for row in rows]),
        "truth.csv": table(TRUTH, truth(seed, sources, by_coder, settled)),
    }
    files |= {f"raw/{name}.yml": card(name) for name in CARDS}
    for coder, rows in by_coder.items():
        files[f"coding/observations.{coder}.csv"] = table(said.COLUMNS, _with_spans(rows, marked[coder]))
    return files | {f"texts/{name}.txt": one.text.encode() for name, one in told.items()}


MADE_UP = 'source: {en: "made up for this study", fr: "inventé pour cette étude"}'


def card(name: str) -> bytes:
    """The card of a table: that it is invented, and by whom."""
    english, french, more = CARDS[name]
    kind = "places" if name == "abroad" else name
    title = f'title: {{en: "{english}", fr: "{french}"}}'
    return f"kind: {kind}\n{title}\n{MADE_UP}\nlicence: Apache-2.0\n{more}".encode()


def table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A CSV file; columns that no row uses are left out."""
    used = [name for name in columns if any(row.get(name) not in (None, "") for row in rows)] if rows else list(columns)
    out = io.StringIO()
    writer = csv.DictWriter(out, used, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: "" if row.get(name) is None else row.get(name) for name in used} for row in rows)
    return out.getvalue().encode()


def _with_spans(rows: Sequence[Row], marked: Sequence[Mapping[str, str]]) -> list[Row]:
    return [row | {"start": place["start"], "end": place["end"]} for row, place in zip(rows, marked, strict=True)]


def truth(
    seed: int, sources: Sequence[Mapping[str, str]], by_coder: Mapping[str, Sequence[Row]],
    settled: Sequence[Mapping[str, str]],
) -> list[dict[str, Any]]:  # fmt: skip
    """What must come out: as coded, after arbitration, and as coded once one informant is erased.

    The later states list only what differs from `coded`; a row with nothing but its id says that the number is gone.
    """
    homes = {source["id"]: source["place"] for source in sources}
    left = [source for source in sources if source["id"] != ERASED]
    kept = {coder: [row for row in rows if row["source"] != ERASED] for coder, rows in by_coder.items()}
    first = coders.FIRST
    coded = [
        *counting.counted(by_coder[first], sources, seed),
        *alpha.agreement(by_coder, homes),
        *events.counted(seed),
    ]
    after = [*counting.counted(coders.arbitrated(by_coder, settled), sources, seed), *alpha.agreement(by_coder, homes)]
    erased = [*counting.counted(kept[first], left, seed), *alpha.agreement(kept, homes)]
    base = {item["id"]: item for item in coded}
    rows = [{"state": "coded", **item} for item in coded]
    for state, items in (("arbitrated", after), ("erased", erased)):
        found = {item["id"]: item for item in items}
        rows += [{"state": state, **item} for name, item in found.items() if base.get(name) != item]
        gone = [name for name in base if name not in found and not name.startswith(("events/", "deaths/"))]
        rows += [{"state": state, "id": name} for name in gone]
    return [_rounded(row) for row in rows]


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
        for name, value in row.items()
    }


def _abroad() -> list[dict[str, str]]:
    return [{"code": code, "name": french, "name_fr": french, "name_en": english, "level": "country"}
            for code, (french, english) in ABROAD.items()]  # fmt: skip


def _geojson(seed: int) -> bytes:
    outlines = corners(seed)
    known = {
        COUNTRY: {"name": COUNTRY_NAMES[0], "name_en": COUNTRY_NAMES[1], "level": "admin0"},
        **{code: {"name": name, "level": "admin1", "parent": COUNTRY} for code, name in REGIONS.items()},
        **{code: {"name": name, "level": "admin2", "parent": code[:4]} for code, (name, *_) in DISTRICTS.items()},
    }
    features = [
        {"type": "Feature", "properties": {"code": code, **facts},
         "geometry": {"type": "Polygon", "coordinates": [outlines[code]]}}
        for code, facts in known.items()
    ]  # fmt: skip
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'.encode()
