"""Tables on how violence spreads: trends and turns, near repeats and clusters, variety, forecasts put to the test."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from maillage import numbers
from maillage.blocks import Cell, Number, Table, Text
from maillage.measure_settings import settings
from maillage.publish import cells, rates
from maillage.publish.charts import timeline as t
from maillage.publish.nesting import distinct
from maillage.publish.report_tables import table
from maillage.publish.view import Row, View, capital, words

SCORES = ("ours", "conflictology", "last_observed", "zero")
CHANCE = 0.05


def trends(seen: View) -> Table | None:
    """One row an area: events a year more each year, tau, p, and from which month on there were more or fewer."""
    rows = {row["id"]: row for row in seen.rows("event_trends")}
    plain = sorted((row for name, row in rows.items() if name.count("/") == 1), key=lambda row: _level(row, seen))
    lines = [
        [words(seen.place(row["place"])), cells.bare(row, seen.labels),
         *(cells.bare(rows.get(f"{row['id']}/{part}"), seen.labels) for part in ("tau", "p", "p_autocorrelated")),
         _claim(row["id"], rows, seen), _turns(row["place"], seen)]
        for row in plain
    ]  # fmt: skip
    heads = ("place", "slope", "tau", "p", "p_autocorrelated", "trend", "turns")
    return table("event_trends", heads, lines, seen, note=True)


def _claim(name: str, rows: Mapping[str, Row], seen: View) -> Cell:
    """A rise or fall only where p is 0.05 or less both without and with the correction for autocorrelation."""
    tau, *both = (rows.get(f"{name}/{part}", {}).get("value") for part in ("tau", "p", "p_autocorrelated"))
    if tau is None or any(p is None or p > CHANCE for p in both):
        return words(seen.labels.phrase("trend_unshown"))
    return words(seen.labels.phrase("trend_rises" if tau > 0 else "trend_falls"))


def _level(row: Row, seen: View) -> tuple[bool, object]:
    return (seen.levels.get(row["place"]) != "admin0", numbers.order(seen.place(row["place"])))


def _turns(place: str, seen: View) -> Cell:
    """`January 2017: from 3.6 to 12.2 events a month`, one after the other."""
    rows = {row["id"]: row for row in seen.rows("event_changes", place=place)}
    told: list[Cell] = []
    for name, row in rows.items():
        before = rows.get(f"{name}/before")
        if before is None:
            continue
        month = numbers.date(row["period"], seen.lang)
        start = Text(seen.labels.phrase("turn_month", month=month))
        told.append((start, *cells.bare(before, seen.labels), Text(" → "), *cells.bare(row, seen.labels)))
    parted = [(Text(seen.say("then")), *cell) if order else cell for order, cell in enumerate(told)]
    return tuple(span for cell in parted for span in cell)


def nearness(seen: View) -> Table | None:
    """Near repeats, the strongest cluster, and which kinds of violence stand side by side."""
    rows: list[Sequence[Cell]] = []
    for measure in ("near_repeats", "event_cluster"):
        found = {row["id"]: row for row in seen.rows(measure)}
        name = f"{measure}/ALL"
        if name in found:
            rows.append([
                words(_what(measure, found, seen)), words(_span(found[name], seen)),
                cells.bare(found[name], seen.labels),
                *(cells.bare(found.get(f"{name}/{part}"), seen.labels) for part in ("expected", "p")),
            ])  # fmt: skip
    heads = ("pattern", "period", "found", "by_chance", "p")
    facts = {"years": rates.population(seen, "population", seen.levels) or seen.say("period_unstated")}
    return table("event_nearness", heads, rows, seen, note=True, facts=facts)


def _what(measure: str, found: Mapping[str, Row], seen: View) -> str:
    inside = [row["place"] for row in found.values() if row["place"] != "ALL"]
    places = numbers.listed((seen.place(place) for place in inside), seen.lang)
    chosen = settings(measure, seen.release.pack.measures[measure])
    told = {key: seen.number(value) for key, value in chosen.items()}
    return seen.labels.phrase(f"pattern_{measure}", places=places, **told)


def _span(row: Row, seen: View) -> str:
    return numbers.date(row["period"], seen.lang) if row["period"] else ""


def beside(seen: View) -> Table | None:
    """Of what kind the nearest event is, one row a kind."""
    rows = seen.rows("co_located")
    kinds = sorted({row["actor"] for row in rows})
    found = {(row["actor"], row["other"]): row for row in rows}
    lines = [
        [words(_kind(one, seen)), *(cells.bare(found.get((one, other)), seen.labels) for other in kinds)]
        for one in kinds
    ]
    if not lines:
        return None
    heads = [seen.labels.phrase("head_kind_of_event"), *(_kind(kind, seen) for kind in kinds)]
    note = seen.labels.phrase("table_co_located_note", period=_span(rows[0], seen))
    return Table("table-co-located", seen.labels.phrase("table_co_located"), heads, lines, note=note,
                 align=["left", *("right" for _ in kinds)])  # fmt: skip


def _kind(kind: str, seen: View) -> str:
    return capital(cells.event_kind(kind, seen.labels))


def variety(seen: View) -> Table | None:
    """Effective numbers of markets of each area, and what equal effort would find."""
    rows = {row["id"]: row for row in seen.rows("market_variety", status="ok")}
    places = dict.fromkeys(row["place"] for row in rows.values())
    parts = ("q0", "q1", "q2", "rarefied")
    lines = [
        [words(seen.place(place)),
         *(cells.bare(rows.get(f"market_variety/{place}/{part}"), seen.labels) for part in parts)]
        for place in places
    ]  # fmt: skip
    return table("market_variety", ("place", "kinds_q0", "kinds_q1", "kinds_q2", "rarefied"), lines, seen, note=True)


def overlaps(seen: View) -> Table | None:
    """Actors named in the same markets, those most alike first."""
    rows = {row["id"]: row for row in seen.rows("market_overlap", status="ok")}
    plain = [row for name, row in rows.items() if not name.endswith("/morisita_horn")]
    lines = [
        [words(" – ".join(seen.code("actors", row[key]) for key in ("actor", "other"))),
         cells.bare(row, seen.labels), cells.bare(rows.get(f"{row['id']}/morisita_horn"), seen.labels)]
        for row in sorted(plain, key=lambda row: (-row["value"], row["id"]))
    ]  # fmt: skip
    return table("market_overlap", ("pair", "schoener", "morisita_horn"), lines, seen, note=True)


def forecasts(seen: View) -> Table | None:
    """Scores of our forecast and of three baselines, and the verdict."""
    rows = distinct("forecasts", seen)
    scores = {row["answer"]: row for row in rows if row["answer"] in SCORES}
    lines = [
        [words(seen.labels.phrase(f"forecast_{way}")), cells.bare(scores[way], seen.labels)]
        for way in SCORES if way in scores
    ]  # fmt: skip
    lines += [
        [words(seen.labels.phrase("forecast_verdict")), _verdict(row, seen)]
        for row in rows if row["answer"] is None
    ]  # fmt: skip
    return table("forecasts", ("way", "score"), lines, seen, note=True)


def _verdict(row: Row, seen: View) -> Cell:
    """The forecast, or no: the number that opens says why there is none."""
    if row["reason"] == "forecast_not_better":
        return (Number(row["id"], seen.labels.phrase("forecast_no"), None),)
    return cells.whole(row, seen.labels)


def precision(seen: View) -> Table | None:
    """How many events are placed precisely enough, and how many hot spots are left with stricter choices."""
    rows = seen.rows("place_precision")
    lines = [
        [words(seen.labels.phrase(f"precision_{row['answer']}")),
         cells.counted_of(row, seen.labels) if row["k"] is not None else cells.bare(row, seen.labels)]
        for row in rows
    ]  # fmt: skip
    return table("place_precision", ("choice", "kept"), lines, seen, note=True)


def _sourced(make: Callable[[View], Table | None], kind: str = "events") -> Callable[[View], Table | None]:
    """A table with whose data it is made of, and where they end, in its note."""

    def made(seen: View) -> Table | None:
        found = make(seen)
        card = next((card for card in seen.release.cards if kind in (card.kind, card.name)), None)
        if found is None or card is None:
            return found
        last = card.coverage[1] if card.coverage else ""
        line = t.source_line(seen, card, last) if last else seen.source(kind)
        return replace(found, note=f"{found.note} {line}")

    return made


SPREAD: Mapping[str, Callable[[View], Table | None]] = {
    "event_trends": _sourced(trends), "event_nearness": _sourced(nearness), "co_located": _sourced(beside),
    "market_variety": variety, "market_overlap": overlaps, "forecasts": _sourced(forecasts, "deaths"),
    "place_precision": _sourced(precision),
}  # fmt: skip
