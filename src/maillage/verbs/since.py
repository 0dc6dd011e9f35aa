"""What became, in a release, of the numbers on people that earlier ones to the same audience told."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from maillage.publish.earlier import Earlier, Told
from maillage.publish.gate import Release


@dataclass(frozen=True, slots=True)
class Since:
    """Numbers on people that were told before: `kept` with their value and its day, `worded`: now in words instead of
    counts, `withheld`: now not told. `withdrew`: whether somebody in them has withdrawn since."""

    kept: int = 0
    worded: int = 0
    withheld: int = 0
    withdrew: bool = False


def since(earlier: Sequence[Earlier], release: Release, chosen: Set[str] = frozenset()) -> Since:
    """A release beside those of the ledger to the same audience, the oldest first; the newest that told a number
    counts for it. chosen: numbers that the lead wants coarser, which is no matter of who came or went."""
    same = [one for one in earlier if one.audience == release.audience]
    told: dict[str, Told] = {name: number for one in same for name, number in one.told.items() if name not in chosen}
    rows = {row["id"]: row for row in release.estimates.iter_rows(named=True) if row["id"] in told}
    return Since(
        kept=int(release.estimates["released"].is_not_null().sum()),
        worded=sum(bool(row["band"]) and told[name].row.get("k") is not None for name, row in rows.items()),
        withheld=sum(row["status"] == "withheld" for row in rows.values()) + len(told.keys() - rows.keys()),
        withdrew=any(one.withdrawn for one in same),
    )
