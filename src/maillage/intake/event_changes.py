"""What became of the events of a data set from one pull to the next: rows added, changed and deleted, by their id."""

from dataclasses import dataclass

import polars as pl

from maillage import tables
from maillage.errors import Finding, finding

SHOWN, TOLD = 20, 10  # ids named, changed rows told in full
NOT_CONTENT = ("id", "table", "admin0", "admin1", "admin2", "admin3")


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of events that are new, gone, or not as before; `columns`: how many changed in each column; `told`: the
    first changed rows in words.
    """

    added: list[str]
    changed: list[str]
    deleted: list[str]
    columns: dict[str, int]
    told: list[str]

    @property
    def count(self) -> int:
        """How many rows differ."""
        return len(self.added) + len(self.changed) + len(self.deleted)


def changes(before: pl.DataFrame, after: pl.DataFrame) -> Changes:
    """Compare two tables `events` by id, in what the study uses of them."""
    compared = [name for name in tables.table("events").names if name not in NOT_CONTENT]
    both = before.join(after, on="id", suffix=" now")
    differs = both.with_columns(pl.col(name).ne_missing(pl.col(f"{name} now")).alias(f"{name}?") for name in compared)
    changed = differs.filter(pl.any_horizontal(f"{name}?" for name in compared)).sort("id")
    return Changes(
        added=after.join(before, on="id", how="anti")["id"].sort().to_list(),
        changed=changed["id"].to_list(),
        deleted=before.join(after, on="id", how="anti")["id"].sort().to_list(),
        columns={name: count for name in compared if (count := int(changed[f"{name}?"].sum()))},
        told=[_told(row, compared) for row in changed.head(TOLD).iter_rows(named=True)],
    )


def _told(row: dict[str, object], compared: list[str]) -> str:
    """`4711 (deaths 3 → 5, precision 2 → 1)`."""
    parts = [f"{name} {_word(row[name])} → {_word(row[f'{name} now'])}" for name in compared if row[f"{name}?"]]
    return f"{row['id']} ({', '.join(parts)})"


def _word(value: object) -> str:
    return "-" if value is None else str(value)[:60]


def findings(found: Changes, file: str) -> list[Finding]:
    """The changes in words, one finding a kind."""
    out = [
        finding(code, file=file, value=len(ids), ids=", ".join(ids[:SHOWN]) + (" …" if len(ids) > SHOWN else ""))
        for code, ids in (("events_added", found.added), ("events_deleted", found.deleted))
        if ids
    ]
    if found.changed:
        columns = ", ".join(f"{name} {count}" for name, count in found.columns.items())
        told = "; ".join(found.told) + (" …" if len(found.changed) > TOLD else "")
        out.append(finding("events_changed", file=file, value=len(found.changed), columns=columns, told=told))
    return out
