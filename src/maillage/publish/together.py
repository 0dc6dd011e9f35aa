"""All numbers of a release together, beside what each of its readers has of earlier ones."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from maillage.evidence import Evidence
from maillage.publish.earlier import Earlier, held
from maillage.publish.rules import Rules
from maillage.publish.unions import as_count, without_unions
from maillage.publish.unknowns import Count


def beside_all(
    decided: list[dict[str, Any]], known: Rules, evidence: Evidence, full: Mapping[str, Mapping[str, Any]], *,
    earlier: Sequence[Earlier], kept: Set[str],
) -> list[dict[str, Any]]:  # fmt: skip
    """The rows that give nobody away, to whoever has what this audience had before and to whoever has all of it.

    Both are asked: what partners can work out already is no matter of the next release to partners, but the public has
    not worked it out.
    """
    readers = [held(earlier, known.audience)]
    if len(readers[0]) < len(earlier):
        readers.append(list(earlier))
    for before in readers:
        decided = without_unions(decided, known, evidence, full, fixed=fixed_counts(before, known, evidence), kept=kept)
    return decided


def fixed_counts(earlier: Sequence[Earlier], known: Rules, evidence: Evidence) -> list[Count]:
    """The shares of earlier releases as counts that stand, whatever a new release says."""
    found: dict[tuple[Any, ...], Count] = {}
    for at, release in enumerate(earlier):
        for name, told in release.told.items():
            if told.row["kind"] != "shares" or not told.asked:
                continue
            number = {**told.row, "n": len(told.asked), "k": len(told.said)}
            mark = f"{name}#{at}"
            count = as_count(
                number | {"id": mark}, told.row, known, evidence, people=told.asked, said=told.said
            )  # fmt: skip
            found.setdefault((count.what, told.row["place"], told.row["period"], told.asked, count.told), count)
    return list(found.values())
