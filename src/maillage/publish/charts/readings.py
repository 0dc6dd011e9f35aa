"""An indicator region by region in words: values, periods, and what the title of its chart may say."""

from collections.abc import Sequence
from dataclasses import dataclass

from maillage import numbers
from maillage.labels import phrases
from maillage.publish import rates, wording
from maillage.publish.charts import timeline as t
from maillage.publish.view import Row, View

OLD = "older_than_max_age"


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one region: the latest estimate, the one of the period before, if any."""

    place: str
    row: Row
    before: Row | None

    @property
    def middle(self) -> float:
        """The value, or the middle of a range that has none."""
        return self.row["value"] if self.row["value"] is not None else (self.row["low"] + self.row["high"]) / 2

    @property
    def bounds(self) -> tuple[float, float]:
        """The interval, or twice the value where there is none."""
        low, high = self.row["low"], self.row["high"]
        return (self.middle if low is None else low), (self.middle if high is None else high)

    @property
    def old(self) -> bool:
        """Whether the value is older than the report accepts."""
        return self.row["reason"] == OLD


def number(seen: View, value: float, found: Sequence[Reading]) -> str:
    """A value as precisely as the largest of the chart is written."""
    if found[0].row["unit"] == "share":
        return numbers.percent(value, seen.lang)
    top = max(reading.bounds[1] for reading in found)
    return seen.number(value, 0 if top >= 20 else 1 if top >= 2 else 2)


def periods(seen: View, found: Sequence[Reading]) -> str:
    """The reference periods of some readings in words; what comes from outlines has none."""
    periods = sorted({reading.row["period"] for reading in found if reading.row["period"]})
    if not periods:
        return seen.say("indicator_timeless", version=seen.release.settings.boundary_version)
    return numbers.items([when(period, found, seen) for period in periods], seen.lang)


def when(period: str, found: Sequence[Reading], seen: View) -> str:
    """A reference period, and that what is of it was projected."""
    rows = [row for reading in found for row in (reading.row, reading.before) if row and row["period"] == period]
    foreseen = next(filter(None, (wording.foreseen(row, seen.labels) for row in rows)), "")
    return " ".join(filter(None, [numbers.date(period, seen.lang), foreseen]))


def title(seen: View, name: str, found: Sequence[Reading]) -> str:
    """What the values say: too old, one region only, all alike, or the first with those that cannot be told from it."""
    what = seen.say(f"{name}_what")
    fresh = [reading for reading in found if not reading.old]
    if not fresh:
        return seen.say("indicator_title_old", what=what, period=periods(seen, found[:1]))
    if len(fresh) == 1:
        return seen.say("indicator_title_one", what=what, place=seen.place(fresh[0].place))
    first = fresh[0]
    same = [reading for reading in fresh if reading.middle == first.middle]
    near = [reading for reading in fresh if reading not in same and _overlap(first, reading)]
    if len(same) + len(near) == len(fresh):
        return seen.say("indicator_title_alike", what=what)
    facts = {"what": what, "first": seen.places(reading.place for reading in same),
             "last": seen.places(reading.place for reading in fresh if reading.middle == fresh[-1].middle)}  # fmt: skip
    title = seen.say(f"{name}_title", **facts)
    if f"chart_{name}_title_projected" in phrases() and wording.foreseen(first.row, seen.labels):
        title = seen.say(f"{name}_title_projected", **facts)
    if near:
        return seen.say("indicator_title_near", title=title, places=seen.places(reading.place for reading in near))
    return _with_values(seen, title, fresh, same)


def _with_values(seen: View, title: str, fresh: Sequence[Reading], same: Sequence[Reading]) -> str:
    """Where no interval is known, the highest value with the one below it, so that their difference can be judged."""
    if any(t.ranged(reading.row) or not reading.row["period"] for reading in fresh):
        return title
    after = fresh[len(same)]
    second = seen.places(reading.place for reading in fresh if reading.middle == after.middle)
    values = {"value": number(seen, same[0].middle, fresh), "second": number(seen, after.middle, fresh)}
    return seen.say("indicator_title_values", title=title, next=second, **values)


def _overlap(one: Reading, other: Reading) -> bool:
    return one.bounds[0] <= other.bounds[1] and other.bounds[0] <= one.bounds[1]


def population_of(seen: View, code: str, leading: Sequence[Row]) -> str:
    """Of when the population is that an index of the pack divides an indicator by."""
    nodes = (entry for spec in seen.release.pack.indices.values() for entry in spec["nodes"].values())
    per = next(
        (str(entry["per"]) for entry in nodes if entry.get("from") == f"indicators/{code}" and "per" in entry), ""
    )
    return rates.population(seen, per, (row["place"] for row in leading))


def leading_by_share(seen: View, code: str) -> list[Row]:
    """Where an indicator is highest for its population, by the scores that an index of the pack makes of it."""
    for index, spec in seen.release.pack.indices.items():
        for node, entry in spec["nodes"].items():
            if entry.get("from") == f"indicators/{code}" and entry.get("per"):
                rows = seen.rows(index, answer=node, status="ok")
                most = max((row["value"] for row in rows), default=0.0)
                return [row for row in rows if most and row["period"] and row["value"] == most]
    return []
