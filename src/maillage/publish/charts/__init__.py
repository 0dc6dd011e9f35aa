"""The charts of a report by the name its outline gives them; each returns None where there is nothing to draw."""

from collections.abc import Callable

from maillage.blocks import Figure
from maillage.publish import maps
from maillage.publish.charts import (
    actions,
    coercion,
    deaths,
    events,
    factors,
    figures,
    flows,
    indicators,
    levies,
    links,
    markets,
    pairs,
    places,
    published,
    sample,
    spots,
)
from maillage.publish.gate import Release

Chart = Callable[[Release, str], Figure | None]

CHARTS: dict[str, Chart] = {
    "overview_map": maps.overview_map,
    "events_map": maps.events_map,
    "events_years": events.events_years,
    "deaths_months": deaths.deaths_months,
    "indicators_distance": indicators.indicators_distance,
    "indicators_food": indicators.indicators_food,
    "indicators_mpi": indicators.indicators_mpi,
    "new_places": places.new_places,
    "hot_spots": spots.hot_spots,
    "actions": actions.actions,
    "factors": factors.factors,
    "coercion": coercion.coercion,
    "figures": figures.figures,
    "flows_map": flows.flows_map,
    "levies": levies.levies,
    "links_network": pairs.links_network,
    "links_types": links.links_types,
    "markets_matrix": markets.markets_matrix,
    "published_shares": published.published_shares,
    "sample": sample.sample,
}
