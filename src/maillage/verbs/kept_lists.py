"""What a release told as lists, as the ledger keeps it: entries as they were told, people by their place in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from maillage import tables
from maillage.publish.standing import Entry, Lists
from maillage.study.ledger import LISTS


def written(lists: Lists, place: Mapping[str, int]) -> dict[str, Any]:
    """The lists for the ledger; what was not told is left out. place: source id -> where it stands among the people."""
    found: dict[str, Any] = {}
    for name in LISTS:
        told: Mapping[str, Entry] | None = getattr(lists, name)
        if told is not None:
            found[name] = [_entry({**entry.row, "id": ident}, entry.asked, place) for ident, entry in told.items()]
    return found


def read(body: Mapping[str, Any], people: Sequence[str]) -> Lists:
    """The lists of a record; those that an older version did not write down are None. people: whom its marks name."""
    columns = [name for name in tables.table("routes").names if name != "trace"]
    routes = _read(body, "routes", people)
    return Lists(
        None if routes is None else {
            ident: Entry({**dict.fromkeys(columns), **entry.row}, entry.asked) for ident, entry in routes.items()
        },
        _read(body, "reported", people),
    )  # fmt: skip


def _read(body: Mapping[str, Any], name: str, people: Sequence[str]) -> dict[str, Entry] | None:
    if name not in body:
        return None
    return {row["shown"]["id"]: Entry(row["shown"], _people(row["asked"], people)) for row in body[name]}


def _people(places: Sequence[int], people: Sequence[str]) -> frozenset[str]:
    return frozenset(people[at] for at in places)


def _entry(row: Mapping[str, Any], asked: frozenset[str], place: Mapping[str, int]) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if value is not None}
    return {"shown": shown, "asked": sorted(place[name] for name in asked)}
