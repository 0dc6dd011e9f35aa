"""Exports of Kobo and ODK: however they are written, the same submissions give the same statements."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from made_forms import (
    Layout,
    agreed,
    guide_map,
    key,
    kobo_csv,
    odk_csv,
    refused,
    standing,
    xlsx,
)
from maillage import pack as packs
from maillage.errors import Finding
from maillage.intake.form_export import read_export
from maillage.intake.form_map import read_map
from maillage.intake.forms import Submission, read_form
from maillage.intake.names import Gazetteer
from maillage.intake.records import Reader
from small_evidence import PLACES, table

READER = Reader(packs.load("nexus"), Gazetteer(table(PLACES, "places")))
RICH = [
    agreed(
        1, presence_gold="present", severity_gold="4", trend_gold="up", legitimacy_gold="denied",
        presence_arms="denied",
        presence_cattle_theft="not_asked", use=["research", "justice"], hardship_level="5",
        vulnerability_asked="answered", vulnerability=["corruption", "isolation"], needs_asked="no_answer",
        links_asked="answered",
        links=[
            {"links_actor": "terrorist_group", "links_other": "smuggler", "links_answer": "coopetition",
             "links_content": ["money", "passage"], "links_coerced": "no", "links_market": "gold",
             "links_period": "2024-06"},
            {"links_actor": "community", "links_other": "militia", "links_answer": "cooperation",
             "links_coerced": "yes", "links_place": "EX02"},
        ],
        levies_asked="answered",
        levies=[{"levies_answer": "forced_zakat", "levies_actor": "terrorist_group", "levies_market": "gold",
                 "levies_low": 0, "levies_high": 250000, "levies_currency": "XOF", "levies_base": "miner",
                 "levies_per": "week"}],
        flows_asked="answered",
        flows=[{"flows_good": "arms", "flows_from_place": "EX01", "flows_to_place": "EX02", "flows_mode": "road"}],
    ),
    refused(2),
    agreed(3, links_asked="denied", control_asked="not_observed", place="EX02"),
]  # fmt: skip


def read(file: Path, card: Path | None = None) -> tuple[list[Submission], list[Finding]]:
    told, wrong = read_map(card or guide_map(file.parent / "guide.yml"))
    assert told, [item.message("en") for item in wrong]
    export, found = read_export(file)
    if export is None:
        return [], found
    done, more = read_form(export, told, READER, standing())
    return done, [*found, *more]


def codes(found: list[Finding]) -> list[str]:
    return [item.code for item in found]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[Submission]:
    done, found = read(xlsx(tmp_path_factory.mktemp("forms") / "guide.xlsx", RICH))
    assert codes(found) == []
    return done


def test_a_submission_becomes_a_source_and_its_statements(expected: list[Submission]) -> None:
    one = expected[0]
    assert one.key == key(1)
    assert one.source == {"kind": "interview", "id": "I01", "place": "EX0101", "date": "2025-03",
                          "stakeholder": "trader",
                          "sex": "female", "age_band": "55+", "language": "fr", "consent": "anonymous",
                          "use": ["research", "justice"], "quotes": "no"}  # fmt: skip
    said = {row["id"]: row for row in one.observations}
    base = {"kind": "market", "market": "gold", "source": "I01"}
    assert said["I01.severity_gold"] == {**base, "id": "I01.severity_gold", "question": "severity", "answer": "4"}
    assert said["I01.links.1"] == {
        "id": "I01.links.1", "source": "I01", "kind": "link", "question": "link", "actor": "terrorist_group",
        "other": "smuggler", "answer": "coopetition", "content": ["money", "passage"], "coerced": "no",
        "market": "gold", "period": "2024-06"}  # fmt: skip
    assert said["I01.levies.1"]["low"] == "0"
    assert said["I01.levies.1"]["meaning"] == "spread"
    assert said["I01.flows.1"]["to_place"] == "EX02"
    assert {name for name in said if "vulnerability" in name} == {
        "I01.vulnerability.corruption",
        "I01.vulnerability.isolation",
    }


def test_not_asked_no_answer_denied_and_not_observed_come_back_apart(expected: list[Submission]) -> None:
    said = {row["id"]: row["answer"] for item in expected for row in item.observations if "answer" in row}
    assert said["I01.presence_cattle_theft"] == "not_asked"
    assert said["I01.needs"] == "no_answer"
    assert said["I01.presence_arms"] == "denied"
    assert said["I01.legitimacy_gold"] == "denied"
    assert said["I03.links"] == "denied"
    assert said["I03.control"] == "not_observed"
    assert "I01.presence_fuel" not in said
    assert "I01.links" not in said


def test_who_refuses_is_a_refusal_and_nothing_else(expected: list[Submission]) -> None:
    assert expected[1].source["consent"] == "none"
    assert expected[1].source["refusal"] == "fear"
    assert "use" not in expected[1].source
    assert expected[1].observations == ()


LAYOUTS = [
    Layout("en"), Layout("fr"), Layout("fr", groups=True), Layout(groups=True), Layout(choices="columns"),
    Layout(choices="joined"), Layout("fr", choices="columns"), Layout("en", choices="joined", groups=True),
    Layout("fr", choices="joined"), Layout(hxl=True), Layout("en", groups=True, hxl=True),
]  # fmt: skip


@pytest.mark.parametrize("how", LAYOUTS, ids=lambda how: f"{how.lang}-{how.groups}-{how.choices}-{how.hxl}")
def test_every_layout_gives_the_same(tmp_path: Path, how: Layout, expected: list[Submission]) -> None:
    done, found = read(xlsx(tmp_path / "guide.xlsx", RICH, how))
    assert codes(found) == []
    assert [(item.key, item.source, item.observations) for item in done] == [
        (item.key, item.source, item.observations) for item in expected
    ]
    assert [item.digest for item in done] == [item.digest for item in expected]


def test_odk_csv_with_its_repeats_gives_the_same(tmp_path: Path, expected: list[Submission]) -> None:
    done, found = read(odk_csv(tmp_path / "guide.csv", RICH))
    assert codes(found) == []
    assert [item.digest for item in done] == [item.digest for item in expected]


@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("lang", [None, "fr"])
def test_csv_of_kobo_has_no_repeats_and_the_rest_is_the_same(
    tmp_path: Path, delimiter: str, lang: str | None, expected: list[Submission]
) -> None:
    done, found = read(kobo_csv(tmp_path / "guide.csv", RICH, Layout(lang), delimiter))
    assert codes(found) == []
    plain = [row for row in expected[0].observations if row["kind"] not in ("link", "levy", "flow")]
    assert list(done[0].observations) == plain


def edited(path: Path, **cells: Any) -> Path:
    """Cells of the workbook set after the fact: `guide__B2="x"`."""
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        sheet, _, cell = place.rpartition("__")
        book[sheet][cell] = value
    book.save(path)
    return path


def column(path: Path, sheet: str, name: str) -> str:
    heads = {cell.value: cell.column_letter for cell in openpyxl.load_workbook(path)[sheet][1]}
    return heads[name]


def test_leading_zeros_stay(tmp_path: Path) -> None:
    for file in (
        xlsx(tmp_path / "guide.xlsx", [agreed(1, source_id="0012")]),
        kobo_csv(tmp_path / "guide.csv", [agreed(1, source_id="0012")]),
    ):
        done, found = read(file)
        assert codes(found) == []
        assert done[0].source["id"] == "0012"


def test_na_is_a_text_like_any_other_unless_the_mapping_says_blank(tmp_path: Path) -> None:
    file = kobo_csv(tmp_path / "guide.csv", [agreed(1, sex="NA", presence_gold="NA")])
    _, found = read(file)
    assert [(item.code, item.field, item.value) for item in found] == [
        ("code_unknown", "sex", "NA"),
        ("code_unknown", "presence_gold", "NA"),
    ]
    done, found = read(file, guide_map(tmp_path / "m.yml", **{"form: guide\n": "form: guide\nblank: [NA]\n"}))
    assert codes(found) == []
    assert "sex" not in done[0].source
    assert done[0].observations == ()


def test_zero_is_an_amount_and_blank_is_none(tmp_path: Path) -> None:
    levies = [{"levies_answer": "trade_tax", "levies_low": 0, "levies_currency": "XOF"}, {"levies_answer": "trade_tax"}]
    done, found = read(xlsx(tmp_path / "guide.xlsx", [agreed(1, levies_asked="answered", levies=levies)]))
    assert codes(found) == []
    assert [row.get("low") for row in done[0].observations] == ["0", None]


def test_a_choice_of_zeros_is_no_choice_and_blanks_are_none(tmp_path: Path) -> None:
    file = xlsx(
        tmp_path / "guide.xlsx", [agreed(1, needs_asked="answered", needs=["water"])], Layout(choices="columns")
    )
    edited(file, **{f"guide__{column(file, 'guide', 'needs/water')}2": "0"})
    done, found = read(file)
    assert codes(found) == []
    assert done[0].observations == ()
    edited(file, **{f"guide__{column(file, 'guide', 'needs/water')}2": "maybe"})
    assert codes(read(file)[1]) == ["form_choice_cell"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_formula_without_value_is_no_value(tmp_path: Path, kind: str) -> None:
    sub = [agreed(1, stakeholder="=SUM(A1:A3)")]
    file = (xlsx if kind == "xlsx" else kobo_csv)(tmp_path / f"guide.{kind}", sub)
    (item,) = read(file)[1]
    assert (item.code, item.field, item.value, item.line) == ("form_formula", "stakeholder", "=SUM(A1:A3)", 2)


def test_a_formula_that_nobody_reads_does_no_harm(tmp_path: Path) -> None:
    _, found = read(xlsx(tmp_path / "guide.xlsx", [agreed(1)], Layout(extra={"_sum": ["=1+1"]})))
    assert codes(found) == []


def test_points_on_the_map_are_left_out_and_told(tmp_path: Path) -> None:
    extra = {"gps": ["16.27173 -0.04473 250.0 4.5"], "_gps_latitude": ["16.27"], "_gps_longitude": ["-0.04"],
             "_geolocation": ["[16.27, -0.04]"], "photo": ["a.jpg"]}  # fmt: skip
    done, found = read(xlsx(tmp_path / "guide.xlsx", [agreed(1)], Layout(extra=extra)))
    assert [(item.code, item.value) for item in found] == [("form_points_left", "4"), ("form_columns_left", "1")]
    assert all(item.level == "warning" for item in found)
    assert "16.27" not in str(done) + str(found)


def test_a_point_in_a_question_that_is_read_is_refused(tmp_path: Path) -> None:
    _, found = read(xlsx(tmp_path / "guide.xlsx", [agreed(1, place="16.27173 -0.04473 250.0 4.5")]))
    assert codes(found)[0] == "form_geopoint"
    assert "16.27173 -0.04473" not in str(found)


def test_a_submission_that_does_not_say_whether_somebody_agreed_is_left_out(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "guide.xlsx", [agreed(1, consent="", presence_gold="present"), agreed(2)])
    done, found = read(file)
    assert [(item.code, item.level, item.value) for item in found] == [("form_consent_blank", "warning", key(1))]
    assert [item.key for item in done] == [key(2)]


def test_answers_of_somebody_who_refused_are_told_and_never_entered(tmp_path: Path) -> None:
    sub = refused(1, presence_gold="present", links_asked="answered", links=[{"links_answer": "unknown"}])
    done, found = read(xlsx(tmp_path / "guide.xlsx", [sub]))
    assert [(item.code, item.value, item.facts["count"]) for item in found] == [("form_refused_answers", "I01", 2)]
    assert done[0].observations == ()


def test_repeats_find_their_submission_by_key_even_when_rows_were_sorted(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "guide.xlsx", RICH)
    book = openpyxl.load_workbook(file)
    sheet = book["links"]
    at = column(file, "links", "_parent_index")
    for cell in (sheet[f"{at}2"], sheet[f"{at}3"]):
        cell.value = "3"
    book.save(file)
    assert [row["source"] for item in read(file)[0] for row in item.observations if ".links." in row["id"]] == [
        "I01",
        "I01",
    ]


def test_repeats_find_their_submission_by_index_where_the_key_is_not_there(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "guide.xlsx", RICH)
    book = openpyxl.load_workbook(file)
    for name in book.sheetnames[1:]:
        heads = [cell.value for cell in book[name][1]]
        book[name].delete_cols(heads.index("_submission__uuid") + 1)
    book.save(file)
    done, found = read(file)
    assert codes(found) == []
    assert [item.digest for item in done] == [item.digest for item in read(xlsx(file, RICH))[0]]


def test_a_row_of_no_submission_is_an_error(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "guide.xlsx", RICH)
    edited(file, **{f"links__{column(file, 'links', '_submission__uuid')}3": key(77)})
    (item,) = read(file)[1]
    assert (item.code, item.file, item.line, item.value) == ("form_orphan", "guide.xlsx [links]", 3, key(77))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"_uuid": ""}, "form_key_blank"),
        ({"_uuid": key(1)}, "form_key_twice"),
        ({"source_id": "I01"}, "form_source_twice"),
    ],
)
def test_two_submissions_are_told_apart(tmp_path: Path, change: dict[str, str], code: str) -> None:
    _, found = read(xlsx(tmp_path / "guide.xlsx", [agreed(1), agreed(2, **change)]))
    assert codes(found) == [code]
    assert found[0].line == 3


def test_no_key_no_entry(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "guide.xlsx", [agreed(1)])
    edited(file, **{f"guide__{column(file, 'guide', '_uuid')}1": "uid"})
    assert codes(read(file)[1]) == ["form_columns_left", "form_key_column"]


def test_what_is_written_beside_other_is_the_answer(tmp_path: Path) -> None:
    for lang in (None, "en", "fr"):
        file = xlsx(tmp_path / "guide.xlsx", [agreed(1, language="other", language_other="snk")], Layout(lang))
        done, found = read(file)
        assert codes(found) == []
        assert done[0].source["language"] == "snk"


def test_an_unknown_code_names_the_question_and_the_line_of_the_export(tmp_path: Path) -> None:
    sub = agreed(2, links_asked="answered", links=[{"links_answer": "friendship"}])
    (item,) = read(xlsx(tmp_path / "guide.xlsx", [agreed(1), sub]))[1]
    assert (item.code, item.file, item.line, item.row, item.field, item.value) == (
        "code_unknown", "guide.xlsx [links]", 2, 1, "links_answer", "friendship")  # fmt: skip


def test_what_cannot_be_true_is_found_as_in_any_table(tmp_path: Path) -> None:
    levies = [{"levies_answer": "trade_tax", "levies_low": 9, "levies_high": 5, "levies_currency": "XOF"}]
    (item,) = read(xlsx(tmp_path / "guide.xlsx", [agreed(1, levies_asked="answered", levies=levies)]))[1]
    assert (item.code, item.field) == ("bounds_order", "levies_low")


def test_days_are_cut_to_months_and_dates_of_excel_are_dates(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "guide.xlsx", [agreed(1)])
    book = openpyxl.load_workbook(file)
    cell = book["guide"][f"{column(file, 'guide', 'month')}2"]
    cell.value, cell.number_format = 45730, "DD/MM/YYYY"
    book.save(file)
    done, found = read(file)
    assert codes(found) == []
    assert done[0].source["date"] == "2025-03"
