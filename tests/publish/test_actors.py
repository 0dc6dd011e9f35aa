"""Named actors outside the team: by name only where they may be, small ones by their kind, thin ties of no place."""

import dataclasses
from pathlib import Path

import polars as pl
import pytest
from made_release import released, study

from maillage import pack as packs
from maillage import run
from maillage.errors import MaillageError
from maillage.evidence import Evidence
from maillage.intake.load import load_tables
from maillage.publish import actors
from maillage.publish.gate import clear
from small_evidence import settings

TABLE = """code,name,name_fr,kind,person,members,public_record,signed,designation,date
katiba,Katiba X,Katiba X,terrorist_group,,many,,,UN,2018
cell,The Cell,La Cellule,terrorist_group,,few,,,,
boss,Somebody,Quelqu'un,smuggler,yes,,yes,bo,,
known,Somebody Known,Connu,smuggler,yes,,yes,ana,,
"""


def written(folder: Path, text: str = TABLE) -> Path:
    (folder / "tables").mkdir()
    (folder / "tables" / "actors.csv").write_text(text, "utf-8")
    (folder / "tables" / "actors.yml").write_text("kind: actors\nfile: tables/actors.csv\n", "utf-8")
    return folder


@pytest.fixture
def named(tmp_path: Path) -> packs.Pack:
    return packs.load("nexus", written(tmp_path))


def of(pack: packs.Pack, actor: str, other: str, k: int, n: int = 12) -> Evidence:
    """Of n people in the second region k tell of a tie; their tie names these two."""
    made = study({"EX02": (k, n)}, lead="ana")
    renamed = made.observations.with_columns(
        actor=made.observations["actor"].replace({"terrorist_group": actor}),
        other=made.observations["other"].replace({"smuggler": other}),
    )
    return dataclasses.replace(made, pack=pack, observations=renamed)


def test_the_table_becomes_codes_with_the_class_of_their_kind(named: packs.Pack) -> None:
    assert named.label("actors", "cell", "fr") == "La Cellule"
    assert named.attribute("actors", "katiba", "class") == "armed"
    assert packs.load("nexus").codes("actors") == named.codes("actors")[:-4]
    assert actors.private(named, "ana") == {"cell": "terrorist_group", "boss": "smuggler"}


@pytest.mark.parametrize(("actor", "other", "seen"), [
    ("katiba", "known", "katiba~known"), ("cell", "known", "known~terrorist_group"),
    ("katiba", "boss", "katiba~smuggler"), ("cell", "boss", "smuggler~terrorist_group"),
])  # fmt: skip
def test_small_groups_and_persons_go_by_their_kind(named: packs.Pack, actor: str, other: str, seen: str) -> None:
    made = of(named, actor, other, 6)
    merged = actors.merged(made, "ana")
    assert (merged is None) == (seen == f"{actor}~{other}")
    estimates = released(merged or made).estimates
    pairs = {ident.split("/")[2] for ident in estimates.filter(measure="links_pair")["id"]}
    assert pairs == {seen}
    text = estimates.write_csv()
    assert not [code for code in ("cell", "boss") if f"{code}," in text or f"/{code}" in text or f"~{code}" in text]


def test_the_gate_lets_nobody_private_pass_by_another_way(named: packs.Pack) -> None:
    results = run.measure_all(of(named, "cell", "boss", 6), date="2024-06-01")
    with pytest.raises(MaillageError) as refused:
        clear(results, audience="public", langs=("en",))
    assert refused.value.code == "actor_private"
    assert clear(results, audience="team", langs=("en",)).estimates.height


@pytest.mark.parametrize(("k", "told"), [(4, False), (5, True)])
def test_a_thin_tie_of_a_named_group_is_told_of_no_place(named: packs.Pack, k: int, told: bool) -> None:
    release = released(of(named, "katiba", "smuggler", k))
    pairs = release.estimates.filter(measure="links_pair")
    status = dict(pairs.select("place", "status").iter_rows())
    assert (status["EX02"] == "ok") == told
    assert status["ALL"] == "ok"


@pytest.mark.parametrize("k", [0, 1, 4])
def test_a_thin_tie_of_a_named_group_is_withheld_alike_where_few_tell_of_it_or_nobody(
    named: packs.Pack, k: int
) -> None:
    """That nobody says so is no less of an answer: twelve people in one place, of whom k name the group."""
    made = of(named, "katiba", "smuggler", k)
    beside = study({"EX01": (6, 12)}, lead="ana")
    tied = beside.observations.with_columns(actor=beside.observations["actor"].replace({"terrorist_group": "katiba"}))
    both = dataclasses.replace(
        made, sources=pl.concat([made.sources, beside.sources]), observations=pl.concat([made.observations, tied])
    )
    rows = released(both).estimates.filter(pl.col("measure") == "links_pair")
    row = rows.row(by_predicate=pl.col("id") == "links_pair/EX02/katiba~smuggler/cooperation", named=True)
    assert (row["status"], row["reason"], row["band"]) == ("withheld", "too_few_informants", None)
    listed = set(rows.filter(status="withheld")["place"])
    assert listed == {"EX02"}, "the other place has six who say so"


def test_kinds_alone_are_as_before() -> None:
    assert actors.merged(study({"EX02": (6, 12)}), "ana") is None


def test_what_is_wrong_with_the_table_is_named(tmp_path: Path) -> None:
    wrong = ("katiba,Twice,,smuggler", "Bad Code,Bad,,smuggler", "smuggler,Taken,,smuggler", "x,X,,nothing")
    rows = TABLE + "".join(f"{row},,,,,,\n" for row in wrong)
    found = load_tables(written(tmp_path, rows), settings(), {}).findings
    told = sorted((item.code, item.row, item.level) for item in found if item.file == "actors.csv")
    assert told == [
        ("actor_code", 5, "error"), ("actor_code", 6, "error"), ("actor_code", 7, "error"),
        ("actor_designation", 2, "warning"), ("code_unknown", 8, "error"),
    ]  # fmt: skip
