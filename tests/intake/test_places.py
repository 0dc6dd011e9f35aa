"""Places of several tables: which row counts where two speak of the same place."""

from pathlib import Path

import pytest

from maillage.intake.cards import make_card
from maillage.intake.places import Atlas, read_places

LENT = """code,name,name_en,name_fr,level,lat,lon
ML,Mali,Mali,Mali,admin0,17,-4
DZ,Algeria,Algeria,Algérie,country,28,1
"""
OWN = """code,name,level,parent,lat,lon
ML,République du Mali,country,,,
DZ,Algérie,country,,27.5,2
ML07,Gao,admin1,ML,,
"""


def read(folder: Path, own: str, *, gives_way: bool = True) -> tuple[Atlas, list[str]]:
    lent, table = folder / "countries.csv", folder / "a.csv"
    lent.write_text(LENT, "utf-8")
    table.write_text(own, "utf-8")
    cards = [make_card("a", {"kind": "places"}), make_card("countries", {"kind": "places", "gives_way": gives_way})]
    atlas, found = read_places([(table, cards[0]), (lent, cards[1])])
    return atlas, [f"{each.code} {each.file}:{each.line}" for each in found]


def test_the_countries_of_a_new_study_give_way_to_its_own_table(tmp_path: Path) -> None:
    atlas, found = read(tmp_path, OWN)
    assert not found
    mali = atlas.records["ML"]
    assert mali == {"code": "ML", "name": "République du Mali", "level": "country", "lat": 17.0, "lon": -4.0}
    algeria = atlas.records["DZ"]
    assert (algeria["name"], algeria["name_en"], algeria["lat"]) == ("Algérie", "Algeria", 27.5)
    assert atlas.where["ML"]["file"] == "a.csv"


@pytest.mark.parametrize("row", ["ml,Mali,admin0", "ML,Mali,admin0\nML,Mali,country"])
def test_what_gives_way_hides_no_slip_of_the_study(tmp_path: Path, row: str) -> None:
    assert read(tmp_path, f"code,name,level\n{row}\n")[1] == [f"place_twice a.csv:{1 + len(row.splitlines())}"]


def test_two_tables_of_the_study_may_not_differ(tmp_path: Path) -> None:
    found = read(tmp_path, "code,name,level\nML,République du Mali,admin0\n", gives_way=False)[1]
    assert [each.split()[0] for each in found] == ["place_twice"]
