"""Rounds of repeated assessments: which of them a statement belongs to."""

from collections.abc import Mapping

from maillage.measure.stated import months


def round_of(period: str | None, rounds: Mapping[str, str]) -> str | None:
    """The round (name -> period) that a period lies in whole, by month; None where it lies in none."""
    span = months(period)
    if span is None:
        return None
    spans = {name: months(told) or (0, -1) for name, told in rounds.items()}
    return next((name for name, (first, last) in spans.items() if first <= span[0] and span[1] <= last), None)
