"""Who said what: what everybody can have answered, given all that a release claims and who was interviewed.

The attacker knows the neighbours' part: place and class of each person. Unknown is who answered a question and who
said what; people of one place and class are interchangeable. One system of whole numbers a question and answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from attacker_claims import LEAST, Claim
from attacker_register import Register
from attacker_solver import Sum, System, total

from maillage.pack import Pack

Cell = tuple[str, str]  # place, class
ALL = "ALL"
SMALL, MARGIN = 10, 3
MEAN_ERROR = 0.0501


@dataclass(frozen=True, slots=True)
class Known:
    """People by cell, and the groups they belong to: group -> cells. `others`: place -> sources that are no people."""

    people: Mapping[Cell, int]
    areas: Mapping[str, tuple[Cell, ...]]
    classes: Mapping[str, tuple[Cell, ...]]
    others: Mapping[str, int]

    def size(self, cells: Sequence[Cell]) -> int:
        """How many people these cells hold."""
        return sum(self.people[cell] for cell in cells)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the attacker knows for certain of a group below all: that `none` said it, that `all` did, or how many."""

    answer: str
    group: str
    size: int
    kind: str
    count: int


def known(study: Path, register: Register, pack: Pack) -> Known:
    """From who was interviewed."""
    heard = [row for row in register.people if row["kind"] == "interview" and row["consent"] != "none"]
    zones = yaml.safe_load((study / "study.yml").read_text("utf-8"))["zones"]
    people: dict[Cell, int] = {}
    for row in heard:
        cell = (row["place"], row["stakeholder"])
        people[cell] = people.get(cell, 0) + 1
    areas: dict[str, list[Cell]] = {}
    classes: dict[str, list[Cell]] = {}
    for cell in people:
        for area in _areas(cell[0], zones):
            areas.setdefault(area, []).append(cell)
        for name in _classes(cell[1], pack):
            classes.setdefault(name, []).append(cell)
    others: dict[str, int] = {}
    for row in register.people:
        for area in _areas(row["place"], zones) if row["kind"] != "interview" else ():
            others[area] = others.get(area, 0) + 1
    for area in areas:
        others[area] = others.get(area, 0) + 5  # papers that anybody can read
    return Known(people, {k: tuple(v) for k, v in areas.items()}, {k: tuple(v) for k, v in classes.items()}, others)


def _areas(place: str, zones: Mapping[str, Mapping[str, Sequence[str]]]) -> list[str]:
    chain = [place, *([place[:4]] if len(place) > 4 else []), place[:2], ALL]
    return [*chain, *(f"zone:{name}" for name, zone in zones.items() if place[:4] in zone["places"])]


def _classes(stakeholder: str, pack: Pack) -> list[str]:
    names = (stakeholder, *(pack.attribute("stakeholders", stakeholder, key) for key in ("class", "family")))
    return [name for name in names if name]


@dataclass(slots=True)
class Question:
    """The system of one question: A how many answered, S how many said it, by cell and level of place.

    elsewhere: whether people may have spoken of another place than theirs; then a cell has an unknown for each level.
    """

    who: Known
    elsewhere: bool = False
    system: System = field(default_factory=System)

    def level(self, area: str) -> str:
        """How large an area is; people who speak of another place count only from where both lie in it."""
        if not self.elsewhere or area in (ALL, "XA"):
            return ALL
        return "zone" if area.startswith("zone:") else f"{len(area)}"

    def count(self, what: str, cells: Sequence[Cell], level: str = ALL) -> dict[str, float]:
        """The sum of `what` over cells; below ALL one unknown a district, since classes count at ALL alone."""
        units = cells if level == ALL else sorted({(cell[0], "") for cell in cells})
        return total(self.number(what, unit, level) for unit in units)

    def number(self, what: str, unit: Cell, level: str) -> str:
        """The unknown of a cell or district, inside that of the next level, never more than answered."""
        name = f"{what}|{unit}|{level}"
        if name in self.system.index:
            return name
        cells = [cell for cell in self.who.people if cell == unit or (not unit[1] and cell[0] == unit[0])]
        self.system.number(name, self.who.size(cells))
        if level != ALL:
            following = {"6": "4", "4": "zone"}.get(level)
            larger = [self.number(what, unit, following)] if following else [self.number(what, c, ALL) for c in cells]
            self.at_most({name: 1}, total(larger))
        if not what.startswith("A"):
            market = what.partition(":")[2]
            self.at_most({name: 1}, {self.number(f"A:{market}" if market else "A", unit, level): 1})
        return name

    def at_most(self, small: Sum, large: Sum, more: float = 0) -> None:
        """small <= large + more."""
        self.system.between(minus(small, large), high=more)

    def share(self, item: Claim, asked: Sum, said: Sum, size: int) -> None:
        """What a claim says of how many answered and how many of them said so."""
        if item.reason is not None:
            if item.reason == "too_few_informants":
                self.system.between(asked, high=LEAST - 1)
            return
        self.system.between(asked, item.n[0], size if item.n[1] is None else item.n[1])
        self.system.between(said, item.k[0], size if item.k[1] is None else item.k[1])
        if item.word == "more":
            self.system.between(minus(twice(said), asked), low=3)
        if item.word == "half":
            small = size < SMALL
            self.system.between(minus(said, {k: v * (0.5 if small else 0.6) for k, v in asked.items()}), high=1)


def minus(a: Sum, b: Sum) -> dict[str, float]:
    """The difference of two sums."""
    out = dict(a)
    for name, weight in b.items():
        out[name] = out.get(name, 0) - weight
    return out


def twice(a: Sum) -> dict[str, float]:
    """Twice a sum."""
    return {name: 2 * weight for name, weight in a.items()}


def shares(claims: Mapping[str, Claim], who: Known, measure: str, *, elsewhere: bool = False) -> Iterator[
    tuple[str, Question]
]:  # fmt: skip
    """One system for each answer of a measure by place (`links`, `factors`, `needs`)."""
    ids = [ident.split("/") for ident in claims if ident.startswith(f"{measure}/")]
    for answer in sorted({parts[2] for parts in ids}):
        asked = Question(who, elsewhere)
        for area, cells in who.areas.items():
            level = asked.level(area)
            said, base = asked.count("S", cells, level), asked.count("A", cells, level)
            if item := claims.get(f"{measure}/{area}/{answer}"):
                asked.share(item, base, said, who.size(cells))
        if measure == "links":
            _by_class(claims, asked, answer)
            _about(claims, asked, answer)
            _pairs(claims, asked, answer)
        yield f"{measure}/{answer}", asked


def _by_class(claims: Mapping[str, Claim], asked: Question, answer: str) -> None:
    for name, cells in asked.who.classes.items():
        if item := claims.get(f"links_by_class/{name}/{answer}"):
            asked.share(item, asked.count("A", cells), asked.count("S", cells), asked.who.size(cells))


def _about(claims: Mapping[str, Claim], asked: Question, answer: str) -> None:
    """Whoever speaks about a place: its own people and an unknown number of others."""
    for area, cells in asked.who.areas.items():
        item, rest = claims.get(f"links_about/{area}/{answer}"), asked.who.size(asked.who.areas[ALL])
        if item and asked.elsewhere and asked.level(area) != ALL:
            more, of_them = (asked.system.number(f"{what} elsewhere|{area}", rest) for what in "AS")
            asked.at_most({of_them: 1}, {more: 1})
            level = asked.level(area)
            asked.share(item, asked.count("A", cells, level) | {more: 1}, asked.count("S", cells, level) | {of_them: 1},
                        rest)  # fmt: skip
        elif item:
            asked.share(item, asked.count("A", cells), asked.count("S", cells), asked.who.size(cells))


def _pairs(claims: Mapping[str, Claim], asked: Question, answer: str) -> None:
    """A tie between two actors is a tie of its type; a tie of a type is one between some two."""
    pairs = sorted({ident.split("/")[2] for ident in claims
                    if ident.startswith("links_pair/") and ident.endswith(f"/{answer}")})  # fmt: skip
    for area, cells in asked.who.areas.items():
        level = asked.level(area)
        for pair in pairs:
            item = claims.get(f"links_pair/{area}/{pair}/{answer}")
            said = asked.count(f"Q {pair}", cells, level)
            if item:
                asked.share(item, asked.count("A", cells, level), said, asked.who.size(cells))
        for name in asked.count("S", cells, level):
            own = [name.replace("S|", f"Q {pair}|", 1) for pair in pairs]
            asked.at_most({name: 1}, total(own))
            for one in own:
                asked.at_most({one: 1}, {name: 1})


def markets(
    claims: Mapping[str, Claim], who: Known, names: Sequence[str], *, rated: bool = True, active: bool = True
) -> Question:
    """All markets in one system: who says each is present, who rates it, how many markets anybody names in a place.

    rated: whether the attacker may rely on the guide, by which only who says that a market is there rates it, and so on
    which ids exist at all. active: whether the numbers of markets named are used.
    """
    asked = Question(who)
    for area, cells in who.areas.items():
        for name in names:
            base, said = asked.count(f"A:{name}", cells), asked.count(f"S:{name}", cells)
            if item := claims.get(f"markets/{area}/{name}"):
                asked.share(item, base, said, who.size(cells))
            if rated:
                _rated(claims, asked, area, name)
        if active:
            _active(claims, asked, area, names)
    return asked


def _rated(claims: Mapping[str, Claim], asked: Question, area: str, market: str) -> None:
    """Only who says that a market is there is asked how grave it is; few who answered and none are listed alike."""
    cells = asked.who.areas[area]
    if not any(ident.startswith("severity/") and ident.endswith(f"/{market}") for ident in claims):
        return
    rated = asked.count(f"R:{market}", cells)
    for cell in cells:
        asked.at_most({asked.number(f"R:{market}", cell, ALL): 1}, {asked.number(f"S:{market}", cell, ALL): 1})
    item = claims.get(f"severity/{area}/{market}")
    if item is None:
        asked.system.between(rated, high=0)
        return
    few = LEAST - 1 if area == ALL else asked.who.size(cells)  # in a place, whatever forbids a mean and none are alike
    ranges = {"too_few_informants": (0, few), "too_few_for_mean": (LEAST, SMALL - 1)}
    low, high = ranges.get(item.reason or "", (1, asked.who.size(cells)))
    asked.system.between(rated, max(low, item.n[0]), high if item.n[1] is None else min(high, item.n[1]))
    if item.mean is None:
        return
    points = {asked.system.number(f"points:{market}|{cell}", 5 * asked.who.people[cell]): cell for cell in cells}
    for name, cell in points.items():
        one = asked.number(f"R:{market}", cell, ALL)
        asked.at_most({one: 1}, {name: 1})
        asked.at_most({name: 1}, {one: 5})
    for sign in (1, -1):
        limit = dict.fromkeys(rated, sign * (item.mean + sign * MEAN_ERROR))
        asked.at_most(dict.fromkeys(points, sign), limit)


def _active(claims: Mapping[str, Claim], asked: Question, area: str, names: Sequence[str]) -> None:
    """So many markets are named by at least one source: where somebody names one it is among them. Of a place without
    how many name any it is a floor."""
    item = claims.get(f"active_markets/{area}")
    if item is None or item.mean is None:
        return
    cells = asked.who.areas[area]
    named = {name: asked.system.number(f"named:{name}|{area}", 1) for name in names}
    for name, flag in named.items():
        asked.at_most(asked.count(f"S:{name}", cells), {flag: asked.who.size(cells)})
    floor = area != ALL and item.n[1] is None
    asked.system.between(total(named.values()), item.mean, len(names) if floor else item.mean)
    every = total(name for market in names for name in asked.count(f"S:{market}", cells))
    asked.system.between(every, low=item.n[0] - asked.who.others.get(area, 0))


def verdicts(label: str, asked: Question, *, what: str = "S", base: str = "A") -> list[Verdict]:
    """Groups below all of whom the attacker knows that none said it, that all did, or a count too small to be said."""
    who, everyone = asked.who, asked.who.areas[ALL]
    groups = {**{f"place {name}": (cells, asked.level(name)) for name, cells in who.areas.items()},
              **{f"class {name}": (cells, ALL) for name, cells in who.classes.items()},
              **{f"{cell[1]} in {cell[0]}": ((cell,), ALL) for cell in who.people}}  # fmt: skip
    groups = {name: item for name, item in groups.items() if len(item[0]) < len(everyone)}
    said = [asked.count(what, cells, level) for cells, level in groups.values()]
    rest = [minus(asked.count(base, cells, level), asked.count(what, cells, level)) for cells, level in groups.values()]
    answered = [asked.count(base, cells, level) for cells, level in groups.values()]
    whole, other = asked.count(what, everyone), minus(asked.count(base, everyone), asked.count(what, everyone))
    (all_said, all_other), ranges = _split(asked.system.ranges([whole, other, *said, *rest], answered), 2)
    found: list[Verdict] = []
    for (name, (cells, _)), s, r, a in zip(groups.items(), *_thirds(ranges), strict=True):
        size = who.size(cells)
        if s == (0, 0) and all_said != (0, 0):
            found.append(Verdict(label, name, size, "none", 0))
        elif r == (0, 0) and a[0] > 0 and all_other != (0, 0):
            found.append(Verdict(label, name, size, "all", s[1]))
        elif s[0] == s[1] > 0 and (size < SMALL or s[0] < MARGIN or 0 < r[1] < MARGIN):
            found.append(Verdict(label, name, size, "exact", s[0]))
    return found


Ranges = list[tuple[int, int]]


def _split(ranges: Ranges, at: int) -> tuple[Ranges, Ranges]:
    return ranges[:at], ranges[at:]


def _thirds(ranges: Ranges) -> tuple[Ranges, Ranges, Ranges]:
    third = len(ranges) // 3
    return ranges[:third], ranges[third : 2 * third], ranges[2 * third :]
