"""What a larger area only repeats is said once, for the smallest place it is said of."""

from made_release import by_hand

from maillage.publish.gate import Release, clear
from maillage.publish.nesting import distinct, inside
from maillage.publish.view import view
from small_evidence import evidence

SOURCES = "id | kind | sensitivity\nD1 | document | low\nD2 | document | low"
ROWS = "id | source | kind | question\no1 | D1 | levy | levy\no2 | D2 | levy | levy"


def levy(ident: str, unit: str, amount: float, *, trace: str = "o1") -> dict[str, object]:
    _, place, market, base, per = ident.partition("@")[0].split("/")
    about = {"id": ident, "place": place, "market": market, "base": base, "per": per, "unit": unit, "currency": unit}
    amounts = {"low": amount, "high": amount, "value": amount, "n": 1, "trace": [trace]}
    return {"measure": "levies", "kind": "amounts", **about, **amounts}


def released(*rows: dict[str, object]) -> Release:
    return clear(by_hand(evidence(ROWS, SOURCES), rows), audience="public", langs=("en",))


def kept(*rows: dict[str, object]) -> list[str]:
    return [row["id"] for row in distinct("levies", view(released(*rows), "en"))]


def test_the_smallest_place_stays() -> None:
    rows = [levy(f"levies/{place}/gold/site/week", "XOF", 5) for place in ("ALL", "EX", "EX01", "EX0101")]
    assert kept(*rows) == ["levies/EX0101/gold/site/week"]


def test_an_area_with_a_number_of_its_own_stays() -> None:
    assert kept(levy("levies/EX/gold/site/week", "XOF", 7), levy("levies/EX01/gold/site/week", "XOF", 5)) == [
        "levies/EX/gold/site/week",
        "levies/EX01/gold/site/week",
    ]


def test_a_second_unit_is_known_by_its_unit_and_not_by_what_follows_its_id() -> None:
    """Below, the unit is the only one and carries the plain id; above it is the second."""
    above = [levy("levies/EX/gold/herd/unstated", "XOF", 9), levy("levies/EX/gold/herd/unstated@share", "share", 0.1)]
    assert kept(*above, levy("levies/EX01/gold/herd/unstated", "share", 0.1)) == [
        "levies/EX/gold/herd/unstated",
        "levies/EX01/gold/herd/unstated",
    ]


def test_two_places_beside_each_other_both_stay() -> None:
    assert len(kept(*(levy(f"levies/{place}/gold/site/week", "XOF", 5) for place in ("EX01", "EX02")))) == 2


def test_everything_is_inside_all() -> None:
    assert inside(view(released(), "en"))["ALL"] == {"EX", "EX01", "EX02", "EX0101", "EX0102"}
