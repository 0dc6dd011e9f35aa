"""The study of Mali: the log holds the coding, the files are those received, the numbers are what the sources say."""

import csv
import hashlib
import html
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

import known
from maillage.evidence import Results
from maillage.publish.references import REFERENCE, ById, Declared, parse
from maillage.study.folder import open_study
from maillage.study.observations import replay

STUDY = Path(__file__).parent.parent.parent / "studies" / "mali"
CARDS = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted((STUDY / "tables").glob("*.yml"))}
CODING = ("observations.csv", "observations-figures.csv")
UNCODED = {
    *(f"C{n:03}" for n in (1, 2, 3, 6, 13, 18, 24, 25, 36, 102, 106, 119, 130)),
    *(f"C{n:03}" for n in (*range(27, 34), *range(150, 160))),
}
# Raw files that no card names: figures.csv was coded, the other two were looked up in.
WITHOUT_CARD = {
    "published-figures/figures.csv": "ddc1fe7b41b1d7de6cce93b8bb89530fe4605659042c2b539fa6c7fae8b65af3",
    "ocha-mali/codps_2018_adm1.csv": "494b8ef3c8d19d0ff45055c68be4795c82583de03b4118138ea34a6af51be184",
    "views-cm/country_list.csv": "427ed71755990c62463714c4ed6185abdc4418ef2fa3bc14fb54cfc0ce200fc3",
}


@cache
def results() -> Results:
    return known.measured("mali")


def estimate(ident: str) -> dict[str, Any]:
    return results().estimates.row(by_predicate=pl.col("id") == ident, named=True)


def rows(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader((STUDY / path).read_text("utf-8").splitlines()))


def coded() -> list[dict[str, str]]:
    return [row for name in CODING for row in rows(f"coding/{name}")]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def written(value: Any) -> str:
    """A replayed value as a coder would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def same(told: dict[str, str]) -> dict[str, str]:
    return {key: f"{float(value):g}" if re.fullmatch(r"[0-9.]+", value) else value for key, value in told.items()}


def test_the_log_replays_to_the_coding_cell_by_cell() -> None:
    kept = {row["id"]: row for row in replay(open_study(STUDY)).observations.iter_rows(named=True)}
    wanted = {row["id"]: {key: value for key, value in row.items() if value} for row in coded()}
    assert len(wanted) == len(coded())
    told = {
        ident: {key: written(row[key]) for key in row if key not in ("coder", "entry") and row[key] not in (None, [])}
        for ident, row in kept.items()
    }
    assert {ident: same(row) for ident, row in told.items()} == {ident: same(row) for ident, row in wanted.items()}


def test_the_log_is_one_and_holds_the_sources() -> None:
    assert len(list((STUDY / "log").iterdir())) == 1
    assert set(results().evidence.sources["id"]) == {row["id"] for row in rows("coding/sources.csv")}


def test_every_claim_is_coded_or_named_in_the_readme_as_not_coded() -> None:
    done = {re.sub("[a-z]$", "", row["id"]) for row in rows("coding/observations.csv")}
    assert done | UNCODED == {f"C{n:03}" for n in range(1, 160)}
    assert not done & UNCODED
    for name in ("README.md", "README.fr.md"):
        table = re.findall(r"^\| (C\d[^|]*)\|", (STUDY / name).read_text("utf-8"), re.MULTILINE)
        told = [part.strip() for cell in table for part in cell.split(",")]
        spans = [part.split("-") for part in told]
        ids = [f"C{n:03}" for first, *last in spans for n in range(int(first[1:]), int((last or [first])[-1][1:]) + 1)]
        assert Counter(ids) == Counter(UNCODED), name


def test_published_figures_are_coded_once_and_those_of_the_study_not_again() -> None:
    figures = {row["id"]: row for row in rows("raw/published-figures/figures.csv")}
    done = {row["id"]: row for row in rows("coding/observations-figures.csv")}
    repeated = {f"PF{n:03}" for n in range(1, 7)}
    assert set(figures) - set(done) == repeated
    assert {figures[ident]["address"] for ident in repeated} == {"seed"}
    for ident in set(figures) - repeated:
        low, high = figures[ident]["value_low"], figures[ident]["value_high"]
        told = [float(done[ident][name]) for name in ("low", "central", "high") if done[ident][name]]
        assert min(told) == float(low), ident
        assert (done[ident]["open_high"] == "yes") == (not high), ident
        assert not high or max(told) == float(high), ident


def test_clusters_join_the_sources_that_repeat_each_other() -> None:
    clusters: dict[str, set[str]] = {}
    for row in rows("coding/sources.csv"):
        if row["cluster"]:
            clusters.setdefault(row["cluster"], set()).add(row["id"])
    assert clusters == {
        "centif-2018": {"allafrica-2018", "maliweb-2018"},
        "enact-2023": {"polity-2023"},
        "unodc-drugs": {"unodc-press-2023", "unodc-press-2024", "unodc-cannabis-2023"},
    }
    for ident in ("figures/ML/fiu_amount/2016", "figures/sahel/cocaine_seized/2022"):
        row = estimate(ident)
        assert (row["n"], row["clusters"], row["value"], row["low"] < row["high"]) == (2, 1, None, True)


def test_wording_and_stage_are_kept() -> None:
    by_id = {row["id"]: row for row in coded()}
    assert by_id["C067"]["polarity"] == "absent"
    assert by_id["C090a"]["modality"] == "hypothesised"
    assert {row["modality"] for row in coded() if row["answer"] in ("arrests", "seizures")} == {"alleged"}
    assert {row["stage"] for row in coded() if row.get("stage")} == {"investigation"}
    words = {row["word"]: (row["low"], row["open_high"]) for row in coded() if row["source"] == "unodc-unicri"}
    assert words["several"] == ("3", "yes")
    assert words["numerous"] == ("5", "yes")
    assert words["more than a dozen"] == ("13", "yes")
    assert words["thousands"] == ("1000", "yes")


@pytest.mark.parametrize("name", sorted(CARDS))
def test_each_file_is_the_one_its_card_describes(name: str) -> None:
    card = CARDS[name]
    assert sha256(STUDY / card["file"]) == card["sha256"]
    assert card["licence"]
    assert card["source"]


def test_every_raw_file_is_described_and_unchanged() -> None:
    named = {card["file"].removeprefix("raw/") for card in CARDS.values()} | set(WITHOUT_CARD)
    raw = STUDY / "raw"
    files = {path.relative_to(raw).as_posix() for path in raw.rglob("*") if path.is_file()}
    notes = {name for name in files if name.endswith("LICENSE-NOTE.md")}
    assert files - notes <= named
    assert {name.split("/")[0] for name in files} == {name.split("/")[0] for name in notes}
    assert {name: sha256(raw / name) for name in WITHOUT_CARD} == WITHOUT_CARD


def test_the_derived_population_is_the_file_with_menaka_taken_out_of_gao() -> None:
    regions = {row["admin1Pcode"]: int(row["T_TL"]) for row in rows("raw/ocha-mali/codps_2018_adm1.csv")}
    cercles = {row["admin2Pcode"]: int(row["T_TL"]) for row in rows("raw/ocha-mali/codps_2018_adm2.csv")}
    wanted = {**regions, "ML10": cercles["ML0704"], "ML07": regions["ML07"] - cercles["ML0704"]}
    wanted["ML"] = sum(regions.values())
    assert {row["place"]: int(row["value"]) for row in rows("tables/population.csv")} == wanted


def test_the_derived_food_security_is_the_sum_of_the_rows_in_use() -> None:
    sums: Counter[tuple[str, str]] = Counter()
    periods = {"Jan-May": "2023-01/2023-05", "Jun-Aug": "2023-06/2023-08"}
    for row in rows("raw/cadre-harmonise/ch_2014_2023_mli_bfa_ner_mrt.csv"):
        kept = (row["adm0_pcod3"], row["usethisperiod"], row["exercise_year"]) == ("MLI", "Y", "2023")
        if kept and row["reference_label"] in periods:
            code = "ML10" if row["adm2_pcod2"] == "ML0704" else row["adm2_pcod2"][:4]
            for place in (code, "ML"):
                sums[place, periods[row["reference_label"]]] += round(float(row["phase35"]))
    told = {(row["place"], row["period"]): int(row["value"]) for row in rows("tables/food_security.csv")}
    assert told == dict(sums)


def test_the_published_share_of_gao() -> None:
    row = estimate("published/ML07/coopetition/unodc-unicri")
    assert (row["value"], row["k"], row["n"], row["status"]) == (0.6, None, None, "ok")
    assert row["feasible"] == "3/5;6/10;9/15;12/20;15/25;18/30;21/35"


def test_levies_keep_their_range_and_its_meaning() -> None:
    row = estimate("levies/ML/gold/unstated/week")
    assert [row[key] for key in ("low", "high", "currency", "per", "meaning", "direction", "value")] == [
        5000.0, 250_000.0, "XOF", "week", "spread", "to_group", None,
    ]  # fmt: skip
    fee = estimate("levies/ML/levies/unstated/operation")
    assert (fee["low"], fee["high"], fee["direction"]) == (200_000.0, 500_000.0, "by_group")
    total = estimate("levy_totals/ML/gold")
    assert (total["status"], total["reason"]) == ("not_computable", "number_of_payers")


def test_gold_leaves_gao_and_kidal_for_three_places() -> None:
    legs = results().estimates.filter(measure="flows", good="gold").select("place", "to").rows()
    assert set(legs) == {(a, b) for a in ("ML07", "ML08") for b in ("BF", "NE", "ML09")} | {("ML09", "southwest_asia")}


def test_events_end_in_2020_and_counts_are_floors() -> None:
    rows_of_events = results().estimates.filter(measure="events", place="ML")
    assert max(rows_of_events["period"].drop_nulls().to_list()) == "2020-12"
    assert set(rows_of_events["meaning"]) == {"floor"}
    assert results().evidence.events.height == 891


def test_every_number_that_is_one_rests_on_something() -> None:
    bare = results().estimates.filter((pl.col("status") == "ok") & (pl.col("trace").list.len() == 0))
    assert bare["id"].to_list() == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_number_of_the_narrative_is_an_estimate_or_declared(lang: str, mali_release: Path) -> None:
    """No digit is typed by hand, and each reference is on the page as what it is."""
    text = (STUDY / "narrative" / f"{lang}.md").read_text("utf-8")
    assert not re.search(r"\d", re.sub(r"^[0-9]+\. ", "", REFERENCE.sub("", text), flags=re.MULTILINE))
    ids = set(results().estimates["id"])
    page = html.unescape((mali_release / f"report.{lang}.html").read_text("utf-8"))
    published = set(pl.read_csv(mali_release / "data" / "estimates.csv", infer_schema=False)["id"])
    for match in REFERENCE.finditer(text):
        reference = parse(match.group(1))
        if isinstance(reference, Declared):
            assert f'<data class="literal" data-source="{reference.source}"' in page
        else:
            assert isinstance(reference, ById)
            assert reference.id in ids & published
            assert re.search(rf'<data class="estimate"[^>]*data-estimate="{re.escape(reference.id)}"', page)


@pytest.mark.parametrize(
    ("lang", "said", "never"),
    [
        ("en", ("Vulnerability as a whole: no area has a score.",
          "as given for 2018, the highest in January 2023–May 2023 is Ménaka",
          "hard living conditions (a part of vulnerability, which", ">No: it does not beat the simple guesses"),
         ("Tombouctou", "What the scores of vulnerability", "cannot be told apart at the top", ">Strengths<")),
        ("fr", ("dans l’ensemble : aucune unité n’a de score.", "conditions de vie difficiles (volet de l’indice"),
         ("impossible de départager en tête", ">Forces<")),
    ],
)  # fmt: skip
def test_the_report_names_parts_shares_and_places_for_what_they_are(
    lang: str, said: tuple[str, ...], never: tuple[str, ...], mali_release: Path
) -> None:
    text = html.unescape((mali_release / f"report.{lang}.html").read_text("utf-8"))
    plain = re.sub("[\u00a0\u202f]", " ", text)
    assert [sentence for sentence in said if sentence not in plain] == []
    assert [sentence for sentence in never if sentence in plain] == []


def test_both_languages_give_the_same_numbers_in_the_same_order() -> None:
    texts = [(STUDY / "narrative" / f"{lang}.md").read_text("utf-8") for lang in ("en", "fr")]
    english, french = ([match.group(1).strip() for match in REFERENCE.finditer(text)] for text in texts)
    assert Counter(english) == Counter(french)
    shapes = [[part.count("\n\n") for part in re.split(r"^# ", text, flags=re.MULTILINE)] for text in texts]
    assert shapes[0] == shapes[1]
