"""Routes of a report: told whole or composed by the study, with the places in order; single legs are no routes."""

import pytest
from made_release import AUDIENCES, released

from maillage.labels import phrases
from maillage.publish.report_tables import TABLES
from maillage.publish.view import view
from small_evidence import evidence

HEAD = "source | kind | question | good | from_place | via | to_place"
DOCUMENTS = "id | kind\nD1 | document\nD2 | document"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_composed_route_is_told_from_one_that_somebody_described(lang: str) -> None:
    rows = """
D1 | flow | flow | gold | EX01 | | EX02
D2 | flow | flow | gold | EX02 | | EX
D1 | flow | flow | arms | EX | EX01 | EX02
"""
    release = released(evidence(HEAD + rows, DOCUMENTS, audiences=AUDIENCES))
    table = TABLES["routes"](view(release, lang))
    assert table is not None
    said = phrases()
    found = {row[1][0].text: tuple(cell[0].text for cell in row[2:]) for row in table.rows}
    told, composed = (said[f"route_{name}"][lang] for name in ("told", "composed"))
    one, several = (said[f"route_{name}"][lang] for name in ("single", "several"))
    assert found == {"Exemplie \u2192 Amont \u2192 Plaine": (told, one),
                     "Amont \u2192 Plaine \u2192 Exemplie": (composed, several)}  # fmt: skip
    assert said["table_routes_note"][lang] in table.note


def test_legs_alone_make_no_table() -> None:
    release = released(evidence(f"{HEAD}\nD1 | flow | flow | gold | EX01 | | EX02", DOCUMENTS, audiences=AUDIENCES))
    assert TABLES["routes"](view(release, "en")) is None
