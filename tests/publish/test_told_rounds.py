"""Scores by round at the gate and on the page: no round of few, none that follows from the others, one list for all."""

import dataclasses
from functools import cache

import polars as pl
import pytest

import known
from made_rounds import ROUNDS, asked
from maillage import run
from maillage.blocks import Block, Paragraph, Table
from maillage.publish import report
from maillage.publish.gate import Release, clear
from maillage.publish.view import view
from maillage.publish.walk import spans_of
from maillage.publish.wording import label, rung

SCORE, CHANGE = "vulnerability/EX01", "index_change/vulnerability/EX01/spring~autumn"
LABELS = {"spring": {"en": "spring visit", "fr": "visite de printemps"},
          "autumn": {"en": "autumn visit", "fr": "visite d'automne"}}  # fmt: skip


@cache
def released(audience: str, few: int = 12, many: int = 12, version: str = "1") -> Release:
    """Two regions; `few` people of the first in spring, `many` in autumn, twelve of the other each time."""
    made = asked({"EX01": few, "EX02": 12}, {"EX01": many, "EX02": 12}, round_labels=LABELS,
                 round_versions={"spring": version})  # fmt: skip
    return clear(run.measure_all(made, date="2024-12-01"), audience=audience, langs=("en", "fr"))


def told(release: Release) -> dict[str, str]:
    """Scores by round and changes: why there is none, or that there is one."""
    rows = release.estimates.filter(pl.col("id").str.contains("@(spring|autumn)|index_change"))
    rows = rows.filter(pl.col("kind") == "index")
    return dict(rows.select("id", pl.coalesce("reason", "status")).iter_rows())


def blocks(release: Release, lang: str) -> list[Block]:
    return [block for section in report.document(release, {}, lang).sections for block in section.blocks]


def table(release: Release, lang: str, name: str) -> Table | None:
    return next((block for block in blocks(release, lang)
                 if isinstance(block, Table) and block.id == f"table-{name}"), None)  # fmt: skip


def cells(made: Table) -> list[list[str]]:
    return [[plain("".join(span.text for span in cell)) for cell in row] for row in made.rows]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2019", "'")


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_two_large_rounds_are_told_in_whole_numbers(audience: str) -> None:
    release = released(audience)
    for ident in (f"{SCORE}@spring", f"{SCORE}@autumn", CHANGE):
        row = release.estimates.row(by_predicate=pl.col("id") == ident, named=True)
        assert (row["status"], row["n"]) == ("ok", None)
        told = [row[name] for name in ("value", "low", "high")]
        assert told == list(map(round, told))


@pytest.mark.parametrize("audience", ["public", "partners"])
@pytest.mark.parametrize("few", [0, 2, 9])
def test_a_small_round_takes_the_large_one_with_it(audience: str, few: int) -> None:
    """All rounds together may be told: less the large one they would be the small one."""
    found = told(released(audience, few))
    own = {ident: why for ident, why in found.items() if "EX01" in ident}
    assert set(own.values()) == {"too_few_informants"} if few else set(own.values()) <= {"too_few_informants", "ok"}
    assert audience == "public" or found["vulnerability/EX02@spring"] == "ok", (
        "the public reads some of its parts in words"
    )
    assert told(released("team", few))[f"{SCORE}@autumn"] == "ok"


def test_people_of_no_round_do_not_follow_from_the_rounds() -> None:
    """Three of the first region were asked between the rounds."""
    made = asked({"EX01": 12}, {"EX01": 15})
    between = pl.col("id").is_in([f"autumn_EX01_{at}" for at in range(3)])
    date = pl.when(between).then(pl.lit("2024-07-01")).otherwise("date").alias("date")
    made = dataclasses.replace(made, sources=made.sources.with_columns(date))
    release = clear(run.measure_all(made, date="2024-12-01"), audience="public", langs=("en",))
    assert set(told(release).values()) == {"too_few_informants"}


@pytest.mark.parametrize("few", [0, 2, 9])
def test_the_list_is_the_same_whoever_was_asked(few: int) -> None:
    found, plain_list = set(told(released("public", few))), set(told(released("public")))
    assert found == plain_list
    first, second = ({ident.replace(place, "") for ident in found if place in ident} for place in ("EX01", "EX02"))
    assert first == second


def test_that_versions_differ_is_told_to_everybody() -> None:
    """It stands in study.yml, and rests on nobody."""
    found = told(released("public", version="0.9"))
    assert {why for ident, why in found.items() if ident.startswith("index_change")} == {"round_versions"}
    assert found[f"{SCORE}@spring"] == "ok"


def test_a_round_that_is_held_back_is_read_of_all_rounds_together() -> None:
    release = released("public", 9)
    row = release.estimates.row(by_predicate=pl.col("id") == f"{SCORE}@autumn", named=True)
    assert row["rung"] == SCORE
    assert rung(row, view(release, "en").labels) == "Amont, all years together"


HEAD = {"en": "Change, spring visit → autumn visit", "fr": "Évolution, visite de printemps → visite d'automne"}
APART = {"en": ["no score", "not comparable: 12 elements are known in one round only"],
         "fr": ["pas de score", "non comparables : 12 éléments ne sont connus que dans une vague"]}  # fmt: skip
HELD = {"en": "withheld from this audience", "fr": "ne sont pas publiés pour ce public"}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_team_reads_each_round_its_change_and_what_cannot_be_compared(lang: str) -> None:
    made = table(released("team", 2), lang, "rounds_vulnerability")
    assert made is not None
    assert HEAD[lang] in list(map(plain, made.columns))
    rows = {tuple(row[:2]): row[2:] for row in cells(made)}
    label = {"en": "vulnerability", "fr": "vulnérabilité"}[lang]
    assert [rows["Amont", label][at] for at in (0, 2)] == APART[lang]
    assert rows["Plaine", label][2].endswith({"en": ": no clear change", "fr": " : pas d'évolution nette"}[lang])
    assert rows["Plaine", label][3] == "12 → 12"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_may_not_be_told_of_any_area_is_said_once(lang: str) -> None:
    release = known.released("practice")
    assert table(release, lang, "rounds_vulnerability") is None
    told = [plain("".join(span.text for span in spans_of(block))) for block in blocks(release, lang)
            if isinstance(block, Paragraph)]  # fmt: skip
    assert sum(HELD[lang] in text for text in told) == 1


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_levels_stand_by_place_and_round_under_the_names_of_the_rounds(lang: str) -> None:
    team = table(known.released("practice", "team"), lang, "items")
    assert team is not None
    first, second = {"en": ("First visit", "Second visit"), "fr": ("Première visite", "Seconde visite")}[lang]
    assert list(team.columns)[-2:] == [first, second]
    item = {"en": "Economic hardship", "fr": "Précarité économique"}[lang]
    rows = {tuple(row[:2]): row[2:] for row in cells(team)}
    assert (
        rows[item, "Nordonde"]
        == {
            "en": ["3.6 (2 to 5; 11)", "3.2 (2 to 4; 5)", "4.0 (2 to 5; 6)"],
            "fr": ["3,6 (de 2 à 5 ; 11)", "3,2 (de 2 à 4 ; 5)", "4,0 (de 2 à 5 ; 6)"],
        }[lang]
    )
    assert rows[item, "Galdune"][1] == {"en": "no answer", "fr": "aucune réponse"}[lang]
    public = table(known.released("practice"), lang, "items")
    assert public is not None
    shown = {tuple(row[:2]): row[2:] for row in cells(public)}
    assert (item, "Nordonde") not in shown, "eleven answered: their mean is withheld, and nothing else is to be read"
    assert shown[item, {"en": "Ondalia", "fr": "Ondalie"}[lang]] == {
        "en": ["3.5 (38)", "3.3 (15)", "3.6 (23)"], "fr": ["3,5 (38)", "3,3 (15)", "3,6 (23)"]}[lang]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_number_of_a_round_is_called_by_the_name_of_the_round(lang: str) -> None:
    release = released("team")
    labels, rows = view(release, lang).labels, {row["id"]: row for row in release.estimates.iter_rows(named=True)}
    spring, autumn = (LABELS[name][lang] for name in ROUNDS)
    for ident in (f"{SCORE}@spring", "items/EX01/cohesion_level@spring"):
        assert plain(label(rows[ident], labels)).endswith(f"Amont, {spring}")
    assert plain(label(rows[CHANGE], labels)).endswith(f"Amont, {spring} → {autumn}")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_says_that_versions_differ(lang: str) -> None:
    for name in ("items", "rounds_vulnerability"):
        made = table(released("team", version="0.9"), lang, name)
        assert made is not None
        assert {"en": "spring visit: 0.9", "fr": "visite de printemps : 0.9"}[lang] in plain(made.note)


def test_rounds_are_named_in_the_order_of_time() -> None:
    assert list(released("team").settings.named_rounds) == list(ROUNDS)
