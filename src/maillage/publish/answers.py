"""What an action answers, and where: needs that were voiced, factors it acts on, places where it must not be done.

A need is voiced by somebody; a factor is only named. The two are never mixed, and what has no place gets none. An
action has what its sub-actions have. Brief and report read the same words here.
"""

from collections.abc import Iterable, Mapping, Set
from itertools import chain
from typing import Any

from maillage import numbers
from maillage.publish import harm
from maillage.publish.charts import marks
from maillage.publish.nesting import all_located, inside
from maillage.publish.view import View, capital

MOST = 2  # exact places named; more are said by their zones
WHOLE = "ALL"
Groups = Mapping[str, set[str]]  # place -> groups
Spoken = Mapping[str, set[str]]  # code of a need or factor -> places (none: voiced without a place)


def needs(code: str, seen: View) -> str:
    """Needs voiced that an action answers, with where; those without a place are said to have none."""
    return _told(_spoken(code, "needs", seen), "needs", seen)


def factors(code: str, seen: View, *, placed: bool = False) -> str:
    """Factors an action acts on, which are no voiced need; `placed`: only those told of a place."""
    every = _spoken(code, "factors", seen)
    return _told({code: places for code, places in every.items() if places or not placed}, "factors", seen)


def support(code: str, seen: View) -> str:
    """Where somebody supports the recommendation itself; blank where nobody does."""
    found = marks.marks(seen, "needs")
    rows = [
        row for row in seen.priorities.get(code, ()) if any(item.endswith(f"/{code}") for item in row["evidence"] or [])
    ]
    told = {item.split("/")[1] for row in rows for item in row["evidence"] or []
            if item.endswith(f"/{code}") and item in found and found[item].state != marks.WITHHELD}  # fmt: skip
    if not told:
        return ""
    places = {place for place in told if _is_place(place, seen, zones=True)}
    if not places:
        return seen.labels.phrase("answers_supported_bare")
    return seen.labels.phrase("answers_supported", places=_where(places, seen))


def actors(code: str, seen: View) -> str:
    """By whom an action is to be done; blank where the pack does not say."""
    who: Any = spec(code, seen).get("by_whom") or {}
    return str(who.get(seen.lang, ""))


def risk(code: str, seen: View) -> str:
    """The risk that stays with an action that asks for what can cost lives, when it must not be done, and where.

    By whom a place is held stands once elsewhere (`ruled_out`).
    """
    screen = harm.screens(seen.release.settings, seen.release.pack).get(code)
    if not screen:
        return ""
    phrase = seen.labels.phrase
    told = [phrase("risk_stays", level=phrase(f"residual_{screen['residual']}"))]
    stop = (spec(code, seen).get("screen") or {}).get("stop") or {}
    told += [phrase("risk_stop", text=stop[seen.lang])] if stop.get(seen.lang) else []
    held, forced = _stops(seen)
    return " ".join([*told, *_stopped("risk_held_short", held, code, seen),
                     *_stopped("risk_forced_short", forced, code, seen)])  # fmt: skip


def actions_of(seen: View) -> Iterable[tuple[str, Mapping[str, Any], str]]:
    """Code, what the pack says of it and, of a sub-action, the action it is a part of."""
    for code, about in seen.release.pack.actions.items():
        yield code, about, ""
        yield from ((sub, below, code) for sub, below in (about.get("sub_actions") or {}).items())


def could_go_wrong(code: str, above: str, seen: View) -> str:
    """What could go wrong and when not to act; a sub-action that has no words of its own has those of its action."""
    told = [spec(code, seen).get("harm", {}).get(seen.lang, ""), risk(code, seen)]
    own = " ".join(filter(None, told))
    return own or (seen.labels.phrase("risk_as", code=above) if above and could_go_wrong(above, "", seen) else "")


def zones(codes: Iterable[str], seen: View) -> str:
    """What the zones are that actions are told of; blank where they are told of none."""
    return zoned({place for code in codes for place in _speaking(code, seen)}, seen)


def zoned(spoken: Set[str], seen: View) -> str:
    """What each of these zones takes in, as the study reads them."""
    members: dict[str, set[str]] = {}
    for zone, place in seen.release.zones.iter_rows():
        members.setdefault(f"zone:{zone.removeprefix('zone:')}", set()).add(place)
    phrase = seen.labels.phrase
    told = [phrase("brief_zone", zone=seen.place(zone), places=seen.places(members[zone]))
            for zone in members if zone in spoken]  # fmt: skip
    return phrase("brief_zones", zones=numbers.between(seen.lang).join(told)) if told else ""


def ruled_out(seen: View) -> str:
    """Where a group is said to hold the place, then where it is only said to force people, and by whom."""
    held, forced = _stops(seen)
    said: list[str] = []
    for key, found in (("risk_held", held), ("risk_forced", forced)):
        for actor in sorted({actor for actors in found.values() for actor in actors}):
            places = seen.places(place for place, actors in found.items() if actor in actors)
            said.append(seen.labels.phrase(key, places=places, actor=seen.labels.code("actors", actor)))
    return " ".join(said)


def _stops(seen: View) -> tuple[Groups, Groups]:
    """The places that a group is said to hold, and the others in which people are said to be forced.

    Who is forced answers to somebody who can punish: an action that can cost lives waits there until somebody looks.
    """
    held, forced = _groups("control", seen), _groups("coercion", seen)
    return held, {place: actors for place, actors in forced.items() if place not in held}


def _groups(measure: str, seen: View) -> Groups:
    found: dict[str, set[str]] = {}
    for mark in marks.marks(seen, measure).values():
        if mark.row is not None and mark.state in marks.TOLD and _is_place(mark.row["place"], seen):
            found.setdefault(mark.row["place"], set()).add(mark.row["actor"])
    return found


def _stopped(key: str, places: Groups, code: str, seen: View) -> list[str]:
    """Where not to act; smaller places that speak for the action and lie there are named."""
    if not places:
        return []
    areas, names = inside(seen), all_located(places, seen)
    below = {place for area in places for place in areas.get(area, ())} & _speaking(code, seen)
    if below:
        names = seen.labels.phrase("risk_places", places=names, below=all_located(below, seen))
    return [seen.labels.phrase(key, places=names)]


def _speaking(code: str, seen: View) -> set[str]:
    """The places of which a need or factor is told that speaks for an action."""
    return {place for name in ("needs", "factors") for places in _spoken(code, name, seen).values() for place in places}


def _spoken(code: str, measure: str, seen: View) -> Spoken:
    """Code of a need or factor -> places in which a number of this release stands for it."""
    family = {code, *(spec(code, seen).get("sub_actions") or {})}
    found = marks.marks(seen, measure)
    told: dict[str, set[str]] = {}
    for row in chain.from_iterable(seen.priorities.get(action, ()) for action in sorted(family)):
        for item in row["evidence"] or []:
            name, place, about = item.split("/", 2)
            mark = found.get(item)
            if name != measure or mark is None or mark.state == marks.WITHHELD or about in seen.release.pack.actions:
                continue
            told.setdefault(about, set()).update({place} if _is_place(place, seen, zones=True) else ())
    return told


def _told(spoken: Spoken, name: str, seen: View) -> str:
    """`protection of people: the north and the south`, one sentence a set of places, those without a place last."""
    by_place: dict[str, list[str]] = {}
    for about, places in spoken.items():
        by_place.setdefault(_where(places, seen), []).append(seen.labels.code(name, about))
    bare = by_place.pop("", [])
    parts = [seen.labels.phrase("answers_at", what=numbers.listed(what, seen.lang), places=where)
             for where, what in sorted(by_place.items(), key=lambda item: numbers.order(item[0]))]  # fmt: skip
    parts += [seen.labels.phrase(f"answers_nowhere_{name}", what=numbers.listed(bare, seen.lang))] if bare else []
    return " ".join(capital(part) for part in parts)


def _where(places: set[str], seen: View) -> str:
    """The most exact places, or their zones where these are many."""
    areas = inside(seen)
    exact = {place for place in places if not areas.get(place, set()) & places}
    zones = {place for place in places if place.startswith("zone:")}
    return all_located(exact if len(exact) <= MOST or not zones else zones, seen) if places else ""


def _is_place(place: str | None, seen: View, *, zones: bool = False) -> bool:
    whole = place in (None, WHOLE, *seen.release.settings.countries)
    return not whole and (zones or not str(place).startswith("zone:"))


def spec(code: str, seen: View) -> Mapping[str, Any]:
    """An action or sub-action of the pack."""
    actions = seen.release.pack.actions
    below = (action.get("sub_actions") or {} for action in actions.values())
    return actions.get(code) or next((subs[code] for subs in below if code in subs), {})
