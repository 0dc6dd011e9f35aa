"""Who was heard and what was read: 39 interviews, 3 refusals, 2 focus groups, a meeting, cases and documents."""

from practice.assessed import interviewers
from practice.chance import Chance
from practice.world import CLASSES, DISTRICTS, ENGLISH

COLUMNS = ("id", "kind", "title", "stakeholder", "place", "date", "language", "sex", "age_band", "reliability",
           "cluster", "consent", "refusal", "use", "quotes", "sensitivity", "locator", "note",
           "interviewer")  # fmt: skip
CLUSTERS = {"I03": "drivers", "I04": "drivers", "I08": "drivers", "I13": "well_talk", "I14": "well_talk", "I15": "well_talk"}  # fmt: skip
USES = {"research": 0.5, "research;partners": 0.3, "research;partners;justice": 0.2}
GRADES = {"A": 0.15, "B": 0.35, "C": 0.3, "D": 0.1, "E": 0.04, "F": 0.06}
PAPERS = (
    ("D01", "document", "Annual review of Ondalia (invented)", "XA0101", "2024-02", "en", "B", "", "low"),
    ("D02", "document", "L'Écho de Brumaille (inventé)", "XA0201", "2024-03", "fr", "C", "press", "low"),
    ("D03", "document", "Le Courrier d'Ondalie (inventé)", "XA0201", "2024-03", "fr", "C", "press", "low"),
    ("D04", "document", "Note d'une association (inventée)", "XA0202", "2024-04", "fr", "D", "", "moderate"),
    ("C01", "judicial", "Affaire inventée no 1", "XA0101", "2023-11", "fr", "A", "", "high"),
    ("C02", "judicial", "Affaire inventée no 2", "XA0202", "2024-01", "fr", "A", "", "high"),
    ("C03", "judicial", "Invented case no 3", "XA0401", "2024-05", "en", "B", "", "high"),
)
MEETINGS = (
    ("F01", "focus_group", "womens_group", "XA0101", "2024-05", "fr", "B"),
    ("F02", "focus_group", "youth_group", "XA0401", "2024-06", "en", "C"),
    ("M01", "expert_meeting", "association", "XA0202", "2024-06", "fr", "B"),
)


def sources(seed: int) -> list[dict[str, str]]:
    """All sources as rows of sources.csv: interviews, refusals, meetings, papers."""
    chance = Chance(seed, "people")
    classes = chance.shuffled(list(CLASSES))
    heard: list[dict[str, str]] = []
    refused: list[dict[str, str]] = []
    for place, (_, held, refusals) in DISTRICTS.items():
        heard += [_person(chance, f"I{len(heard) + 1 + n:02}", place, classes, len(heard) + n) for n in range(held)]
        refused += [_refusal(chance, f"R{len(refused) + 1:02}", place, classes) for _ in range(refusals)]
    held = interviewers(seed, heard)
    heard = [person | {"interviewer": held[person["id"]]} for person in heard]
    return [*heard, *refused, *map(_meeting, MEETINGS), *map(_paper, PAPERS)]


def _row(**values: str) -> dict[str, str]:
    return {name: values.get(name, "") for name in COLUMNS}


def _person(chance: Chance, name: str, place: str, classes: list[str], turn: int) -> dict[str, str]:
    named = chance.happens(0.15)
    return _row(
        id=name,
        kind="interview",
        stakeholder=classes[turn % len(classes)],
        place=place,
        date=f"2024-{chance.between(3, 6):02}-{chance.between(1, 28):02}",
        language="en" if place in ENGLISH else "fr",
        sex=chance.weighed({"male": 0.6, "female": 0.4}),
        age_band=chance.one(("18-34", "35-54", "55+")),
        reliability=chance.weighed(GRADES),
        cluster=CLUSTERS.get(name, ""),
        consent="attributed" if named else "anonymous",
        use=chance.weighed(USES),
        quotes="yes" if named or chance.happens(0.3) else "no",
        sensitivity=chance.weighed({"moderate": 0.7, "high": 0.3}),
        locator=f"documents/{name}.txt",
    )


def _refusal(chance: Chance, name: str, place: str, classes: list[str]) -> dict[str, str]:
    return _row(
        id=name,
        kind="interview",
        stakeholder=chance.one(classes),
        place=place,
        date=f"2024-{chance.between(3, 6):02}",
        language="en" if place in ENGLISH else "fr",
        consent="none",
        refusal=chance.one(("fear", "distrust", "no_time", "not_allowed")),
        quotes="no",
        sensitivity="moderate",
        note="asked, and refused: nothing was recorded",
    )


def _meeting(fields: tuple[str, ...]) -> dict[str, str]:
    name, kind, stakeholder, place, date, language, grade = fields
    return _row(id=name, kind=kind, stakeholder=stakeholder, place=place, date=date, language=language,
                reliability=grade, consent="anonymous", use="research", quotes="no", sensitivity="moderate",
                locator=f"documents/{name}.txt")  # fmt: skip


def _paper(fields: tuple[str, ...]) -> dict[str, str]:
    name, kind, title, place, date, language, grade, cluster, sensitivity = fields
    return _row(id=name, kind=kind, title=title, place=place, date=date, language=language, reliability=grade,
                cluster=cluster, sensitivity=sensitivity, locator=f"documents/{name}.txt")  # fmt: skip


def plan(seed: int) -> list[dict[str, str]]:
    """The sampling plan: who was asked, and in each region one more class that nobody was found for."""
    wanted: dict[tuple[str, str], int] = {}
    for row in sources(seed):
        if row["kind"] == "interview":
            wanted[row["place"], row["stakeholder"]] = wanted.get((row["place"], row["stakeholder"]), 0) + 1
    for place in ("XA0102", "XA0202", "XA0303", "XA0402"):
        free = next(name for name in CLASSES if (place, name) not in wanted)
        wanted[place, free] = 1
    return [{"place": place, "stakeholder": name, "planned": str(n)} for (place, name), n in sorted(wanted.items())]


def identities(seed: int) -> list[dict[str, str]]:
    """Who the informants are, for the exercises with the vault. The people are invented, and their names say so."""
    heard = [row for row in sources(seed) if row["kind"] == "interview" and row["consent"] != "none"]
    return [
        {"source": row["id"], "name": f"Nobody-Number-{int(row['id'][1:])}", "contact": f"000-{row['id'][1:]}"}
        for row in heard
    ]
