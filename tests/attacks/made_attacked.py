"""Two invented studies to be attacked: a small one full of unique people, a large one; and the register of each.

Everything private bears a word of its own (`SECRET` and what begins with it), so that a search of bytes can find it.
"""

import csv
import io
import json
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.study.log import append
from maillage.verbs.add import Request, add
from maillage.verbs.observe import observe

SECRET = "qzmark"
CODER = f"{SECRET}coder"
COMER, LEAVER = "p05", "p22"  # of `middle`: who is heard after a first release, who withdraws after a second
COUNTRY = "XA"
MARKETS = ("gold", "arms", "cattle_theft")
LINKS = ("cooperation", "coopetition", "competition", "confrontation", "coexistence")
PAIRS = (("smuggler", "terrorist_group"), ("gold_trader", "non_state_armed_group"), ("arms_trafficker", "militia"))
FACTORS = ("isolation", "porous_borders", "weak_state_presence", "corruption")
NEEDS = ("road", "water", "work", "school")
STATEMENTS = ("id", "source", "kind", "question", "answer", "polarity", "modality", "actor", "other", "market", "role",
              "content", "coerced", "good", "from_place", "to_place", "low", "high", "currency", "unit", "base", "per",
              "meaning", "note")  # fmt: skip
SOURCES = ("id", "kind", "title", "stakeholder", "place", "date", "language", "sex", "age_band", "reliability",
           "cluster", "consent", "use", "quotes", "sensitivity", "locator", "note")  # fmt: skip
SETTINGS = """id: {name}
title: {{en: "Attacked {name} (SYNTHETIC)", fr: "Attaquée {name} (SYNTHÉTIQUE)"}}
languages: [fr, en]
countries: [XA]
period: "2024"
pack: nexus
pack_version: "1.0"
boundary_version: "invented 1"
seed: 5
coders: [{coder}]
audiences:
  public: {{threshold: 5}}
  partners: {{threshold: 3}}
  team: {{threshold: 0}}
zones:
  north: {{places: [XA01], label: {{en: north, fr: nord}}}}
  rest: {{places: [{rest}], label: {{en: the rest, fr: le reste}}}}
key_findings: [links/ALL/coopetition, markets/XA01/gold]
sealed: none
synthetic: true
status: draft
"""
NARRATIVE = {
    "en": "# Key findings {#key_findings}\n\n1. Say that gold is traded in the north: {{ markets/XA01/gold | words }}.\n",
    "fr": "# Constats clés {#key_findings}\n\n1. Disent que l'or se vend au nord : {{ markets/XA01/gold | words }}.\n",
}

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class World:
    """Who lives where and what they say: `people` (rows of sources), `said` (rows of observations), by district."""

    name: str
    districts: Mapping[str, int]
    people: tuple[Row, ...]
    said: tuple[Row, ...]

    def but(self, *gone: str) -> "World":
        """The same without some people."""
        people = tuple(row for row in self.people if row["id"] not in gone)
        said = tuple(row for row in self.said if row["source"] not in gone)
        return World(self.name, self.districts, people, said)

    def shuffled(self, seed: int) -> "World":
        """The same people, entered in another order."""
        order = random.Random(seed)
        people, said = list(self.people), list(self.said)
        order.shuffle(people)
        order.shuffle(said)
        return World(self.name, self.districts, tuple(people), tuple(said))


@dataclass(frozen=True, slots=True)
class Target:
    """What is attacked: a study and every file of its public release."""

    name: str
    study: Path
    public: dict[str, bytes]


def small() -> World:
    """Fourteen people: roles that are unique, one woman in a place, a shared origin, a place where all say the same."""
    districts = {"XA0101": 6, "XA0102": 1, "XA0201": 5, "XA0202": 2}
    roles = ["elected_official", "judge", "traditional_chief", "religious_leader", "association", "media_research",
             "prosecutor", "womens_group", "youth_group", "trader", "herder_farmer", "transporter",
             "artisanal_miner", "chamber_of_commerce"]  # fmt: skip
    women = {"p03", "p07"}
    chance = random.Random(11)
    people = [
        _person(chance, name, place, roles[turn], sex="female" if name in women else "male",
                cluster=f"{SECRET}well" if name in ("p01", "p02", "p04") else "")
        for turn, (name, place) in enumerate(_homes(districts))
    ]  # fmt: skip
    said: list[Row] = []
    for row in people:
        alike = row["place"] == "XA0201"
        said += _alike() if alike else _answers(chance, row)
        said[-1]["note"] = f"{SECRET} said by {row['title']}"
        for item in said:
            item.setdefault("source", row["id"])
    said.append(_levy("p07", "forced_zakat", 2000, 9000))
    said.append(_levy("p01", "site_access", 500, 700))
    return World("small", districts, (*people, *_papers()), _numbered(said))


def large() -> World:
    """A hundred and fifty people in eight districts, of seven classes, who differ by district in what they say."""
    districts = {"XA0101": 40, "XA0102": 25, "XA0103": 12, "XA0201": 30, "XA0202": 15, "XA0203": 7, "XA0301": 13,
                 "XA0302": 8}  # fmt: skip
    classes = ("state_local_authority", "magistrate", "security_forces", "community_religious_leader", "civil_society",
               "women_youth_group", "economic_actor")  # fmt: skip
    chance = random.Random(23)
    people = [_person(chance, name, place, chance.choice(classes), sex=chance.choice(("male", "female")))
              for name, place in _homes(districts)]  # fmt: skip
    lean = {place: [chance.random() for _ in range(20)] for place in districts}
    said: list[Row] = []
    for row in people:
        said += [item | {"source": row["id"]} for item in _answers(chance, row, lean[row["place"]])]
    return World("large", districts, (*people, *_papers()), _numbered(said))


def middle() -> World:
    """Forty people in six districts, of four classes; one of them comes late, another withdraws."""
    districts = {"XA0101": 10, "XA0102": 7, "XA0201": 8, "XA0202": 6, "XA0301": 5, "XA0302": 4}
    classes = ("state_local_authority", "civil_society", "women_youth_group", "economic_actor")
    chance = random.Random(37)
    people = [_person(chance, name, place, classes[turn % 4], sex=chance.choice(("male", "female")))
              for turn, (name, place) in enumerate(_homes(districts))]  # fmt: skip
    said = [item | {"source": row["id"]} for row in people for item in _answers(chance, row)]
    return World("middle", districts, (*people, *_papers()), _numbered(said))


def _homes(districts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    places = [place for place, count in districts.items() for _ in range(count)]
    yield from ((f"p{turn:02}", place) for turn, place in enumerate(places, 1))


def _person(chance: random.Random, name: str, place: str, stakeholder: str, *, sex: str, cluster: str = "") -> Row:
    return {
        "id": name, "kind": "interview", "title": f"{SECRET} Person {name}", "stakeholder": stakeholder, "place": place,
        "date": f"2024-{chance.randint(3, 6):02}-{chance.randint(1, 28):02}", "language": "fr", "sex": sex,
        "age_band": chance.choice(("18-34", "35-54", "55+")), "reliability": chance.choice("BBCD"), "cluster": cluster,
        "consent": "anonymous", "use": "research", "quotes": "yes", "sensitivity": "high",
        "locator": f"documents/{SECRET}-{name}.txt", "note": f"{SECRET} contact 000-{name}",
    }  # fmt: skip


def _papers() -> tuple[Row, ...]:
    paper = {"id": "d1", "kind": "document", "title": "Invented annual review", "place": "XA0101", "date": "2024-02",
             "language": "en", "reliability": "B", "sensitivity": "low", "locator": "documents/d1.txt"}  # fmt: skip
    closed = paper | {"id": "d2", "title": f"{SECRET} closed note", "sensitivity": "high",
                      "locator": f"documents/{SECRET}.txt"}  # fmt: skip
    return (paper, closed)


def _answers(chance: random.Random, row: Mapping[str, str], lean: Sequence[float] | None = None) -> list[Row]:
    """What one person says: links or none, each market, factors, needs, one item of a scale."""
    lean = lean or [0.5] * 20
    found: list[Row] = []
    named = [name for turn, name in enumerate(LINKS) if chance.random() < 0.6 * lean[turn]]
    if chance.random() < 0.9:
        for name in named:
            pair = chance.choice(PAIRS)
            found.append(
                _row("link", "link", name, actor=pair[1], other=pair[0], content=chance.choice(("money", "passage")))
            )
        found += [] if named else [_row("link", "link", "denied", polarity="", modality="")]
    for turn, market in enumerate(MARKETS):
        found += _market(chance, market, lean[5 + turn])
    found += [_row("factor", "factor", name) for turn, name in enumerate(FACTORS) if chance.random() < lean[9 + turn]]
    found += [_row("need", "need", name) for turn, name in enumerate(NEEDS) if chance.random() < lean[14 + turn]]
    found.append(_row("item", "state_presence_level", str(chance.randint(1, 5)), polarity="", modality=""))
    return found


def _market(chance: random.Random, market: str, lean: float) -> Iterator[Row]:
    if chance.random() < 0.1:
        return
    if chance.random() >= lean:
        yield _row("market", "presence", "denied", polarity="", modality="", market=market)
        return
    yield _row("market", "presence", "present", market=market)
    if chance.random() < 0.8:
        yield _row("market", "severity", str(chance.randint(1, 5)), polarity="", modality="", market=market)


def _alike() -> list[Row]:
    """What everybody says in the place where all say the same."""
    return [
        _row("link", "link", "coopetition", actor="non_state_armed_group", other="gold_trader"),
        _row("market", "presence", "present", market="gold"),
        _row("market", "presence", "denied", polarity="", modality="", market="arms"),
        _row("factor", "factor", "corruption"),
        _row("need", "need", "water"),
        _row("item", "state_presence_level", "1", polarity="", modality=""),
    ]


def _levy(source: str, form: str, low: int, high: int) -> Row:
    more = {"low": str(low), "high": str(high), "currency": "XOF", "unit": "XOF", "base": "miner", "per": "week"}
    return _row("levy", "levy", form, actor="terrorist_group", market="gold", good="gold", meaning="spread", **more) | {
        "source": source
    }


def _row(kind: str, question: str, answer: str, **more: str) -> Row:
    return {"kind": kind, "question": question, "answer": answer, "polarity": "present", "modality": "asserted"} | more


def _numbered(said: Sequence[Row]) -> tuple[Row, ...]:
    paper = _row("link", "link", "cooperation", actor="terrorist_group", other="smuggler", source="d1")
    return tuple(row | {"id": f"{SECRET}{turn:05}"} for turn, row in enumerate([*said, paper], 1))


def entered(world: World, folder: Path) -> Path:
    """The study of a world in a folder whose name is a secret too, entered as an analyst would."""
    study = folder / f"{SECRET}-{world.name}"
    shutil.rmtree(study, ignore_errors=True)
    for name in ("raw", "narrative", "tables", "log", "documents"):
        (study / name).mkdir(parents=True)
    rest = ", ".join(sorted({place[:4] for place in world.districts} - {"XA01"}))
    (study / "study.yml").write_text(SETTINGS.format(name=world.name, coder=CODER, rest=rest), "utf-8")
    for lang, text in NARRATIVE.items():
        (study / "narrative" / f"{lang}.md").write_text(text, "utf-8")
    (study / "raw" / "places.geojson").write_text(_outlines(world.districts), "utf-8")
    (study / "raw" / "places.yml").write_text(
        "kind: places\ntitle: {en: Invented places, fr: Lieux inventés}\nsource: made up\nlicence: Apache-2.0\n",
        "utf-8",
    )
    add(study, study / "raw" / "places.geojson", Request(card=study / "raw" / "places.yml"))
    tell(study, world.people, world.said)
    return study


def tell(study: Path, people: Sequence[Row], said: Sequence[Row]) -> None:
    """Further people and what they say."""
    for name, columns, rows in (("sources", SOURCES, people), ("observations", STATEMENTS, said)):
        (study / "raw" / f"{name}.csv").write_text(_table(columns, rows), "utf-8")
    add(study, study / "raw" / "sources.csv", Request(kind="sources", coder=CODER))
    found = observe(study, study / "raw" / "observations.csv", coder=CODER)
    assert not [item for item in found.findings if item.level == "error"], found.findings


def withdraw(study: Path, source: str) -> None:
    """A person takes back what they said."""
    append(open_study(study), CODER, [Draft("withdraw", "source", of=source, why="asked for it")])


def _table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _outlines(districts: Mapping[str, int]) -> str:
    """Every district a square degree, every region the row of its districts."""
    regions = sorted({place[:4] for place in districts})
    width = max(sum(place.startswith(region) for place in districts) for region in regions)
    features = [_area(COUNTRY, "Ondalie", "admin0", "", (0, 0, width, len(regions)))]
    for y, region in enumerate(regions):
        own = sorted(place for place in districts if place.startswith(region))
        features.append(_area(region, f"Region {region}", "admin1", COUNTRY, (0, y, width, y + 1)))
        edges = [*range(len(own)), width]
        features += [_area(place, f"District {place}", "admin2", region, (edges[x], y, edges[x + 1], y + 1))
                     for x, place in enumerate(own)]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features})


def _area(code: str, name: str, level: str, parent: str, box: tuple[int, int, int, int]) -> dict[str, object]:
    west, south, east, north = box
    ring = [[-30 + x, -4 + y] for x, y in ((west, south), (east, south), (east, north), (west, north), (west, south))]
    facts = {"code": code, "name": name, "level": level} | ({"parent": parent} if parent else {})
    return {"type": "Feature", "properties": facts, "geometry": {"type": "Polygon", "coordinates": [ring]}}
