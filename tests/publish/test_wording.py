"""What a reader is told: a per cent never without what it is of, in any form an analyst may ask for."""

import pytest

import known
from maillage.publish import wording
from maillage.publish.gate import Release
from maillage.publish.view import view


@pytest.fixture(scope="module")
def release() -> Release:
    return known.released("first-steps", "team")


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("form", ["words", "value", "range"])
def test_a_share_is_told_with_its_counts(release: Release, lang: str, form: str) -> None:
    seen = view(release, lang)
    published = [wording.say(row, seen.labels, form) for row in seen.rows("published", status="ok")]
    assert published
    assert all("60" in text and "10" in text for text in published), published
    shares = seen.rows("links", status="ok")
    assert shares
    for row in shares:
        text = wording.say(row, seen.labels, form)
        assert "%" not in text
        assert str(row["n"]) in text


@pytest.mark.parametrize(("lang", "family"), [("fr", "autorités"), ("en", "authorities")])
def test_a_family_of_people_has_its_label(release: Release, lang: str, family: str) -> None:
    seen = view(release, lang)
    row = dict.fromkeys(release.estimates.columns) | {"kind": "shares", "measure": "links_by_class"}
    union = seen.labels.code("stakeholders", "transporter")
    for code, word in (("authorities", family), ("transporter", union)):
        assert wording.label({**row, "group": code}, seen.labels).endswith(f": {word}")
        assert wording.answer({**row, "measure": "sample", "answer": code}, seen.labels) == word


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_figure_names_its_market_where_there_are_several_and_says_what_is_of_a_source(lang: str) -> None:
    seen = view(known.released("mali", "team"), lang)
    rows = seen.rows("figures")
    told = {row["id"]: wording.subject(row, rows, seen.labels) for row in rows}
    assert seen.labels.code("markets", "cocaine") in told["figures/ML/court_cases/2024"]
    assert told["figures/ML/gold_exports/2015"] == seen.labels.code("figures", "gold_exports")
    assert told["figures/ML/interviews/2024"].endswith(seen.labels.code("figures", "interviews"))
    assert told["figures/ML/interviews/2024"] != seen.labels.code("figures", "interviews")


def test_a_levy_on_no_good_in_particular_is_named_by_its_form_and_base() -> None:
    row = next(row for row in known.released("mali", "public").estimates.iter_rows(named=True)
               if row["id"].startswith("levies/ML/levies/head_unspecified"))  # fmt: skip
    told = [wording.label(row, view(known.released("mali", "public"), lang).labels) for lang in ("en", "fr")]
    assert told[0] == "levies and fees: forced zakat, per head (person or animal: not said), Mali"
    assert told[1].startswith("prélèvements et rémunérations\u00a0: zakat forcée, par tête")
