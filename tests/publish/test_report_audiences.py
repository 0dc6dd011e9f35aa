"""The report on a study of interviews for every audience: each table that one of them reads has its words."""

import pytest

import known
from maillage.blocks import Table
from maillage.publish import report


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(("audience", "totals"), [("public", False), ("partners", True), ("team", True)])
def test_every_audience_has_its_report(audience: str, lang: str, totals: bool) -> None:
    made = report.document(known.released("practice", audience), {}, lang)
    tables = {block.id for section in made.sections for block in section.blocks if isinstance(block, Table)}
    assert ("table-totals" in tables) == totals
