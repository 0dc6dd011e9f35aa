"""Trends of events in a report: both p stand there, and a rise or fall is told only where both are small."""

from typing import Any

import pytest
from made_release import by_hand, study

from maillage.labels import phrases
from maillage.publish.gate import clear
from maillage.publish.report_spread import SPREAD
from maillage.publish.view import view


def trend(place: str, slope: float, tau: float, p: float, corrected: float | None) -> list[dict[str, Any]]:
    """The rows of one area; no corrected p where its variance was not positive."""
    parts = {"": slope, "/tau": tau, "/p": p} | ({} if corrected is None else {"/p_autocorrelated": corrected})
    return [
        {"id": f"event_trends/{place}{tail}", "measure": "event_trends", "kind": "spread", "place": place,
         "unit_of_analysis": "event", "n": 10, "period": "2011/2020", "value": value, "unit": "p", "trace": []}
        for tail, value in parts.items()
    ]  # fmt: skip


CASES = [
    (3.0, 0.8, 0.001, 0.02, "trend_rises"),
    (-3.0, -0.8, 0.001, 0.05, "trend_falls"),
    (3.0, 0.8, 0.001, 0.06, "trend_unshown"),  # years that resemble each other made the first p small
    (3.0, 0.8, 0.06, 0.01, "trend_unshown"),
    (3.0, 0.8, 0.001, None, "trend_unshown"),
]


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(("slope", "tau", "p", "corrected", "told"), CASES)
def test_a_trend_is_told_where_both_p_are_small(
    slope: float, tau: float, p: float, corrected: float | None, told: str, lang: str
) -> None:
    made = by_hand(study({}), trend("EX01", slope, tau, p, corrected))
    table = SPREAD["event_trends"](view(clear(made, audience="team", langs=("en", "fr")), lang))
    assert table is not None
    said = phrases()
    cells = ["".join(span.text for span in cell) for cell in table.rows[0]]
    found = dict(zip(table.columns, cells, strict=True))
    assert found[said["head_trend"][lang]] == said[told][lang]
    assert (said["head_p_autocorrelated"][lang] in found) == (corrected is not None)
    if corrected is not None:
        assert found[said["head_p_autocorrelated"][lang]] == f"{corrected:.3f}".replace(
            ".", "," if lang == "fr" else "."
        )
    assert said["table_event_trends_note"][lang] in table.note.replace("\u2019", "'")
