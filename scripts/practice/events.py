"""Invented violent events, each well inside the district it belongs to."""

from collections.abc import Iterator, Mapping, Sequence

from practice.chance import Chance
from practice.world import DISTRICTS, areas, corners, middle

COLUMNS = (
    "id",
    "date",
    "lat",
    "lon",
    "precision",
    "kind",
    "actor",
    "other",
    "deaths_low",
    "deaths",
    "deaths_high",
    "source",
)
KINDS = ("State-based violence", "Non-state violence", "One-sided violence")
YEARS = (2022, 2023, 2024)


def events(seed: int) -> list[dict[str, str]]:
    """Rows of events.csv."""
    return [row for _, row in _placed(seed)]


def _placed(seed: int) -> Iterator[tuple[str, dict[str, str]]]:
    chance, outlines = Chance(seed, "events"), corners(seed)
    number = 0
    for year in YEARS:
        for place in DISTRICTS:
            for _ in range(chance.between(0, 3)):
                number += 1
                x, y = middle(outlines[place])
                deaths = chance.between(0, 9)
                yield (
                    place,
                    {
                        "id": f"E{number:03}",
                        "date": f"{year}-{chance.between(1, 12):02}-{chance.between(1, 28):02}",
                        "lat": f"{y + (chance.share() - 0.5) * 0.2:.4f}",
                        "lon": f"{x + (chance.share() - 0.5) * 0.2:.4f}",
                        "precision": "1",
                        "kind": chance.one(KINDS),
                        "actor": "invented group 1",
                        "other": "invented group 2",
                        "deaths_low": str(max(deaths - chance.between(0, 2), 0)),
                        "deaths": str(deaths),
                        "deaths_high": str(deaths + chance.between(0, 4)),
                        "source": "invented",
                    },
                )


def counted(seed: int) -> list[dict[str, object]]:
    """Events and deaths by area and year."""
    found: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for place, row in _placed(seed):
        for area in areas(place):
            found.setdefault((area, row["date"][:4]), []).append(row)
    return [item for (area, year), rows in sorted(found.items()) for item in _of(area, year, rows)]


def _of(area: str, year: str, rows: Sequence[Mapping[str, str]]) -> Iterator[dict[str, object]]:
    yield {"id": f"events/{area}/{year}", "value": len(rows)}
    low, best, high = (sum(int(row[name]) for row in rows) for name in ("deaths_low", "deaths", "deaths_high"))
    yield {"id": f"deaths/{area}/{year}", "value": best, "low": low, "high": high}
