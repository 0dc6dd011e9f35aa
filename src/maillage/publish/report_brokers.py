"""Brokers beside the network: how many others each is tied to, its rank, and how far that rank moves."""

from maillage.blocks import Table
from maillage.publish.report_tables import Row, table
from maillage.publish.view import View, capital, words

HEADS = ("actor", "tied", "broker_rank", "broker_source", "broker_drop")


def brokers(seen: View) -> Table | None:
    """One row an actor that stands between others, the first rank first; None where nobody does or may be shown."""
    listed = list(seen.release.beside.brokers.iter_rows(named=True))
    last = len(listed)
    between = [row for row in listed if row["rank"] < max((other["rank"] for other in listed), default=0)]
    rows = [
        [
            words(capital(seen.labels.code("actors", row["actor"]))),
            words(seen.number(row["degree"], 0)),
            words(seen.number(row["rank"], 0)),
            words(_range(row, "source", seen, last)),
            words(_range(row, "drop", seen, last)),
        ]
        for row in between
    ]
    return table("brokers", HEADS, rows, seen, right=(1, 2), note=True)


def _range(row: Row, name: str, seen: View, last: int) -> str:
    """The ranks from the best to the worst; that no tie is left where both are last."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if low is None:
        return ""
    if low == high == last:
        return seen.labels.phrase("brokers_no_tie")
    if low == high:
        return seen.number(low, 0)
    return seen.labels.phrase("brokers_from_to", low=seen.number(low, 0), high=seen.number(high, 0))
