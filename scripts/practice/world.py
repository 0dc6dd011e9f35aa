"""Ondalie, a country that does not exist: its places, who was to be heard there, and what is planted in it."""

from collections.abc import Mapping

from practice.chance import Chance

COUNTRY, ABROAD = "XA", {"XB": ("Marivie", "Marivia"), "XC": ("Tellurie", "Telluria")}
COUNTRY_NAMES = ("Ondalie", "Ondalia")
REGIONS = {"XA01": "Nordonde", "XA02": "Ambronde", "XA03": "Valonde", "XA04": "Sudonde"}
DISTRICTS = {  # name, interviews held, people who refused
    "XA0101": ("Quartzel", 6, 1),
    "XA0102": ("Vellorane", 5, 0),
    "XA0201": ("Brumaille", 5, 0),
    "XA0202": ("Tissombre", 5, 1),
    "XA0301": ("Ocrelande", 4, 0),
    "XA0302": ("Selivar", 4, 1),
    "XA0303": ("Galdune", 3, 0),
    "XA0401": ("Perlonde", 4, 0),
    "XA0402": ("Ambrezel", 3, 0),
}
ZONES = {"north": ("XA01",), "centre": ("XA02", "XA03"), "south": ("XA04",)}
ENGLISH = ("XA0303", "XA0401", "XA0402")  # interviews held in English
MARKETS = ("gold", "arms", "cattle_theft")
LINKS = ("cooperation", "coopetition", "competition", "confrontation", "coexistence")
UNUSED_LINK = "unknown"
CLASSES = {  # group of the person: the class above it, its family
    "artisanal_miner": ("economic_actor", "economy"),
    "transporter": ("economic_actor", "economy"),
    "trader": ("economic_actor", "economy"),
    "herder_farmer": ("economic_actor", "economy"),
    "prosecutor": ("magistrate", "authorities"),
    "police_gendarmerie": ("security_forces", "authorities"),
    "elected_official": ("state_local_authority", "authorities"),
    "traditional_chief": ("community_religious_leader", "communities"),
    "religious_leader": ("community_religious_leader", "communities"),
    "association": ("civil_society", "communities"),
    "womens_group": ("women_youth_group", "communities"),
    "youth_group": ("women_youth_group", "communities"),
}
CODERS = {"kori": 0.02, "lune": 0.10, "sable": 0.25}  # share of codes that each gets wrong, in order of precedence
DOUBLE_CODED = ("link", "presence", "severity", "trend", "state_presence_level")
ERASED = "I17"
SOUTH_WEST = (-30, -4)  # the corner of the country, in the middle of an ocean


def areas(place: str) -> list[str]:
    """A place, the places above it, its zone and ALL; a place abroad counts for itself and ALL."""
    if place in ABROAD:
        return [place, "ALL"]
    region = place[:4]
    chain = [place, *([region] if place != region and len(place) > 4 else []), COUNTRY] if place != COUNTRY else [place]
    zones = [f"zone:{name}" for name, members in ZONES.items() if region in members]
    return [*chain, *zones, "ALL"]


def groups(stakeholder: str) -> list[str]:
    """What a person counts for: own group, class, family."""
    return [stakeholder, *CLASSES[stakeholder]] if stakeholder in CLASSES else []


def planted_shares(seed: int) -> Mapping[tuple[str, str], float]:
    """How likely somebody who is asked in a region says that a market is present: what intervals have to cover."""
    chance = Chance(seed, "shares")
    return {(region, market): 0.1 + 0.8 * chance.share() for region in REGIONS for market in MARKETS}


def planted_links(seed: int) -> Mapping[str, Mapping[str, float]]:
    """How likely each type of link is said, by region."""
    chance = Chance(seed, "links")
    return {region: {name: 0.1 + chance.share() for name in LINKS} for region in REGIONS}


def corners(seed: int) -> Mapping[str, list[tuple[float, float]]]:
    """Outlines: every district is a square with shifted corners that its neighbours share, a region its districts."""
    chance = Chance(seed, "corners")
    west, south = SOUTH_WEST
    layout = [["XA0101", "XA0102", "XA0102"], ["XA0201", "XA0202", "XA0202"], ["XA0301", "XA0302", "XA0303"],
              ["XA0401", "XA0402", "XA0402"]]  # fmt: skip
    points = {
        (x, y): (round(west + x + (chance.share() - 0.5) * 0.4, 3), round(south + y + (chance.share() - 0.5) * 0.4, 3))
        for x in range(4)
        for y in range(5)
    }
    found: dict[str, list[tuple[float, float]]] = {}
    for turn, row in enumerate(layout):
        y = 3 - turn
        for code in dict.fromkeys(row):
            first, last = row.index(code), len(row) - row[::-1].index(code)
            found[code] = _ring(points, first, last, y)
        found[row[0][:4]] = _ring(points, 0, 3, y)
    outline = [(x, 0) for x in range(4)] + [(3, y) for y in range(1, 5)]
    outline += [(x, 4) for x in range(2, -1, -1)] + [(0, y) for y in range(3, -1, -1)]
    found[COUNTRY] = [points[corner] for corner in outline]
    return found


def _ring(
    points: Mapping[tuple[int, int], tuple[float, float]], first: int, last: int, y: int
) -> list[tuple[float, float]]:
    below = [(x, y) for x in range(first, last + 1)]
    above = [(x, y + 1) for x in range(last, first - 1, -1)]
    return [points[corner] for corner in (*below, *above, (first, y))]


def middle(ring: list[tuple[float, float]]) -> tuple[float, float]:
    """A point well inside an outline of `corners`."""
    kept = ring[:-1]
    return sum(x for x, _ in kept) / len(kept), sum(y for _, y in kept) / len(kept)
