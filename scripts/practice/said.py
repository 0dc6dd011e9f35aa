"""What everybody says: the planted statements, one row each, before any coder has heard them."""

from collections.abc import Iterator, Mapping, Sequence

from practice.assessed import levels
from practice.chance import Chance
from practice.world import LINKS, MARKETS, planted_links, planted_shares

COLUMNS = ("id", "source", "start", "end", "kind", "question", "answer", "place", "polarity", "modality", "stage", "actor",
           "other", "market", "content", "coerced", "good", "from_place", "via", "to_place", "mode", "low", "central",
           "high", "unit", "base", "currency", "per", "meaning", "percent", "note")  # fmt: skip
PAIRS = (("terrorist_group", "smuggler"), ("non_state_armed_group", "gold_trader"), ("militia", "arms_trafficker"))
CONTENTS = ("money", "logistics", "protection", "information", "passage", "money;logistics")
FACTORS = ("isolation", "porous_borders", "weak_state_presence", "corruption", "economic_precarity", "social_cohesion")
NEEDS = ("road", "water", "work", "school", "justice")
FIRM = {"asserted": 0.7, "hedged": 0.15, "alleged": 0.1, "hypothesised": 0.05}
CONTRADICTED = {"I17": "present", "I18": "present", "I19": "absent"}  # confrontation in Tissombre, and its denial
ELSEWHERE = {"I02": "XA0102", "I24": "XA0201", "I35": "XA0301"}  # who speaks of links in another place
LEVIES = (  # who tells, and between which amounts; the range that all of them span is what is planted
    {"place": "XA0101", "who": ("I01", "I02", "I05", "I06"), "low": 2000, "high": 15000, "market": "gold", "good": "gold",
     "answer": "site_access", "base": "miner", "per": "week"},
    {"place": "XA0202", "who": ("I18", "I19", "I21"), "low": 1000, "high": 5000, "market": "", "good": "",
     "answer": "right_of_passage", "base": "vehicle", "per": "passage"},
    {"place": "XA0301", "who": ("I22", "I23", "I25"), "low": 500, "high": 2500, "market": "cattle_theft", "good": "cattle",
     "answer": "forced_zakat", "base": "head_of_livestock", "per": "year"},
    {"place": "XA0401", "who": ("I33", "I34"), "low": 50000, "high": 50000, "market": "", "good": "",
     "answer": "intermediary_fee", "base": "operation", "per": "operation"},
)  # fmt: skip
PAYERS = {"place": "XA0101", "market": "gold", "low": 100, "high": 300}
FLOWS = (  # good, way, who tells
    ("gold", ("XA0101", "XA0201", "XB"), ("I01", "I03", "I12")),
    ("gold", ("XA0101", "XA0201"), ("I06",)),
    ("arms", ("XC", "XA0401", "XA0302"), ("I34", "I27")),
    ("cattle", ("XA0301", "XA0402"), ("I22", "I38", "I23")),
)
MEETING_LINKS = (  # source, type, modality
    ("F01", "cooperation", "asserted"), ("F02", "competition", "hedged"), ("M01", "confrontation", "asserted"),
)  # fmt: skip
PAPER_LINKS = (  # source, type, modality, stage
    ("D01", "cooperation", "asserted", ""), ("D02", "cooperation", "alleged", ""), ("D03", "cooperation", "alleged", ""),
    ("D04", "confrontation", "asserted", ""), ("C01", "cooperation", "asserted", "final"),
    ("C02", "confrontation", "alleged", "charge"), ("C03", "competition", "asserted", "judgment"),
)  # fmt: skip

Row = dict[str, str]


def statements(seed: int, sources: Sequence[Mapping[str, str]]) -> list[Row]:
    """All statements of all sources that consented, in the order of the sources, last the levels; ids k0001 ..."""
    rows: list[Row] = []
    for source in sources:
        if source["kind"] == "interview" and source["consent"] != "none":
            rows += [statement | {"source": source["id"]} for statement in _interview(seed, source)]
        elif source["kind"] != "interview":
            rows += [statement | {"source": source["id"]} for statement in _other(source["id"])]
    rows += [_row(**level) for level in levels(seed, sources)]
    return [row | {"id": f"k{number:04}"} for number, row in enumerate(rows, 1)]


def _row(**values: str) -> Row:
    return {name: values.get(name, "") for name in COLUMNS}


def _interview(seed: int, source: Mapping[str, str]) -> Iterator[Row]:
    chance = Chance(seed, f"said/{source['id']}")
    yield from _links(seed, source, chance)
    for market in MARKETS:
        yield from _market(seed, source, market, chance)
    if chance.happens(0.8):
        yield _row(kind="item", question="state_presence_level", answer=str(chance.between(1, 4)))
    for factor in dict.fromkeys(chance.one(FACTORS) for _ in range(2)):
        yield _row(kind="factor", question="factor", answer=factor)
    yield _row(kind="need", question="need", answer=chance.one(NEEDS))
    yield from _levies(source["id"])
    yield from _flows(source["id"])


def _links(seed: int, source: Mapping[str, str], chance: Chance) -> Iterator[Row]:
    """The tie between armed and criminal actors; sources of one origin repeat what the origin says."""
    echo = Chance(seed, f"origin/{source['cluster']}") if source["cluster"] else chance
    name, firm = echo.weighed(planted_links(seed)[source["place"][:4]]), chance.weighed(FIRM)
    first, second = chance.one(PAIRS), chance.one(PAIRS)
    content = chance.one(CONTENTS) if chance.happens(0.4) else ""
    quiet, more, forced = chance.share(), chance.happens(0.2), chance.happens(0.15)
    other_name, place = chance.one(LINKS), ELSEWHERE.get(source["id"], "")
    polarity = chance.weighed({"present": 0.88, "absent": 0.06, "mixed": 0.06})
    if source["id"] in CONTRADICTED:
        name, polarity, firm, quiet, place = "confrontation", CONTRADICTED[source["id"]], "asserted", 1.0, ""
    if quiet < 0.16 and not source["cluster"]:
        answer = "denied" if quiet < 0.06 else "no_answer" if quiet < 0.12 else "not_asked"
        yield _row(kind="link", question="link", answer=answer)
        return
    tie = {"kind": "link", "question": "link", "place": place}
    yield _row(**tie, answer=name, polarity=polarity, modality=firm, actor=first[0], other=first[1], content=content)
    if more and second != first:
        yield _row(**tie, answer=other_name, polarity="present", modality="asserted", actor=second[0], other=second[1])
    if forced:
        yield _row(kind="link", question="link", answer="cooperation", polarity="present", modality="asserted",
                   actor="terrorist_group", other="community", coerced="yes")  # fmt: skip


def _market(seed: int, source: Mapping[str, str], market: str, chance: Chance) -> Iterator[Row]:
    """One market: each person asked says it is present with the planted probability, apart from all others."""
    about = {"kind": "market", "market": market}
    present, quiet = chance.happens(planted_shares(seed)[source["place"][:4], market]), chance.share()
    silent, level, way = (
        chance.one(("absent", "absent", "absent", "denied", "not_observed")),
        chance.share(),
        chance.share(),
    )
    if quiet < 0.13:
        yield _row(**about, question="presence", answer="no_answer" if quiet < 0.05 else "not_asked")
        return
    firm = chance.weighed({"asserted": 0.8, "hedged": 0.1, "alleged": 0.1})
    told = silent in ("denied", "not_observed") and not present
    yield _row(**about, question="presence", answer="present" if present else silent,
               polarity="" if told else "present", modality="" if told else firm)  # fmt: skip
    if present and level < 0.8:
        yield _row(**about, question="severity", answer=str(1 + int(level / 0.8 * 5)))
    if present and way < 0.7:
        yield _row(**about, question="trend", answer=("down", "stable", "up", "up")[int(way / 0.7 * 4)])


def _levies(source: str) -> Iterator[Row]:
    for levy in LEVIES:
        if source not in levy["who"]:
            continue
        turn, last = levy["who"].index(source), len(levy["who"]) - 1
        step = (levy["high"] - levy["low"]) // (2 * last) // 100 * 100
        low, high = levy["low"] + turn * step, levy["high"] - (last - turn) * step
        fields = {name: str(levy[name]) for name in ("market", "good", "answer", "base", "per")}
        amount = {"central": str(low)} if low == high else {"low": str(low), "high": str(high), "meaning": "spread"}
        actor = "livestock_intermediary" if levy["answer"] == "intermediary_fee" else "terrorist_group"
        yield _row(kind="levy", question="levy", actor=actor, currency="XOF", unit="XOF", **fields, **amount)


def _flows(source: str) -> Iterator[Row]:
    for good, way, who in FLOWS:
        if source in who:
            alleged = "alleged" if who.index(source) == 2 else "asserted"
            yield _row(kind="flow", question="flow", good=good, from_place=way[0], via=";".join(way[1:-1]),
                       to_place=way[-1], modality=alleged, mode="road")  # fmt: skip


def _other(source: str) -> Iterator[Row]:
    """Meetings and papers: evidence, never respondents."""
    pair = {"actor": "terrorist_group", "other": "smuggler"}
    for name, answer, firm, stage in (*((*item, "") for item in MEETING_LINKS), *PAPER_LINKS):
        if name == source:
            yield _row(kind="link", question="link", answer=answer, polarity="present", modality=firm, stage=stage,
                       **pair)  # fmt: skip
    if source in ("F01", "D01", "C03"):
        market = "arms" if source == "C03" else "gold"
        yield _row(kind="market", question="presence", answer="present", polarity="present", modality="asserted",
                   market=market)  # fmt: skip
    if source == "D01":
        yield _row(kind="share", question="link", answer="cooperation", percent="60")
        yield _row(kind="figure", question="figure", answer="payers", market=PAYERS["market"], low=str(PAYERS["low"]),
                   high=str(PAYERS["high"]), unit="persons", meaning="uncertainty")  # fmt: skip
