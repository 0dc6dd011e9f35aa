"""What an action answers: a need only where it was voiced, a factor never as a need, held places beside the risk."""

import pytest
from made_release import doctored

import known
from maillage.blocks import Gap, Table
from maillage.labels import phrases
from maillage.publish import answers, brief, report, report_gaps, report_tables
from maillage.publish.charts import actions
from maillage.publish.gate import Release
from maillage.publish.typography import signed
from maillage.publish.view import view

LANGS = ("en", "fr")


@pytest.fixture(scope="module")
def release() -> Release:
    return known.released("mali")


def test_a_need_without_a_place_gets_none(release: Release) -> None:
    seen = view(release, "en")
    told = answers.needs("R1", seen)
    assert told.startswith("Protection of people: the north and the south. Voiced without a place: ")
    assert all(word in told.partition("Voiced")[2] for word in ("schools", "health care", "roads", "water"))
    assert answers.needs("R2", seen) == "Voiced without a place: information and justice."
    assert "country" not in "".join(answers.needs(code, seen) for code in release.pack.actions)


def test_a_factor_is_no_voiced_need(release: Release) -> None:
    seen = view(release, "en")
    assert "north" not in answers.needs("R9", seen)
    assert "Bourem" in answers.factors("R9", seen)
    assert "Sangha" not in answers.needs("R6", seen)
    assert answers.factors("R6", seen, placed=True) == "Forum for dialogue: Sangha (Mopti)."
    assert "Named without a place: exclusion" in answers.factors("R6", seen)


@pytest.mark.parametrize("lang", LANGS)
def test_an_action_has_what_its_sub_actions_have(release: Release, lang: str) -> None:
    seen = view(release, lang)
    for code, spec in release.pack.actions.items():
        for sub in spec["sub_actions"]:
            for name in ("needs", "factors"):
                below, above = answers._spoken(sub, name, seen), answers._spoken(code, name, seen)
                assert all(places <= above[about] for about, places in below.items())
    assert "Sangha" in answers.factors("R1", seen)
    assert "Sangha" in answers.factors("R1f", seen)


@pytest.mark.parametrize("lang", LANGS)
def test_the_chart_of_actions_has_what_sub_actions_have(release: Release, lang: str) -> None:
    figure = actions.actions(release, lang)
    assert figure is not None
    seen = view(release, lang)
    cells = {row[0][0].text[:2]: ["".join(span.text for span in cell) for cell in row[1:]] for row in figure.table.rows}
    livelihoods = seen.labels.code("factors", "livelihoods")
    centre = list(figure.table.columns).index(seen.place("zone:centre").capitalize()) - 1
    assert livelihoods in cells["R1"][centre]
    assert livelihoods in cells["R9"][centre]
    assert phrases()["chart_not_aimed"][lang] not in "".join(cells["R1"])
    for code, spec in release.pack.actions.items():
        told = {about for sub in (code, *spec["sub_actions"]) for about in answers._spoken(sub, "needs", seen)}
        assert all(seen.labels.code("needs", about) in cells[code][0] for about in told)


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_the_same_of_all_actions_is_said_once(release: Release, lang: str) -> None:
    seen = view(release, lang)
    table, rank = report_tables.actions(seen), report_tables.unranked(seen)
    assert table is not None
    assert rank is not None
    assert phrases()["head_rank"][lang] not in table.columns
    assert phrases()["reason_criteria_unanswered"][lang] in "".join(span.text for span in rank.spans)


@pytest.mark.parametrize("lang", LANGS)
def test_missing_levies_name_the_market_where_others_are_known(release: Release, lang: str) -> None:
    seen = view(release, lang)
    (gap,) = [block for block in report_gaps.gaps(seen) if isinstance(block, Gap)
              and block.missing == phrases()["reason_amount_unstated"][lang]]  # fmt: skip
    assert seen.labels.code("markets", "migrant_smuggling") in gap.spans[0].text


def test_what_the_release_holds_back_is_no_evidence(release: Release) -> None:
    gone = release.estimates.filter(~release.estimates["id"].str.starts_with("needs/zone:"))
    seen = view(doctored(release, estimates=gone), "en")
    assert "north" not in answers.needs("R1", seen)


def _rows(table: Table | None) -> dict[str, list[str]]:
    assert table is not None
    return {row[0][0].text[:2]: ["".join(span.text for span in cell) for cell in row] for row in table.rows
            if not row[0][0].text[2].isalpha()}  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_brief_and_report_tell_the_same_of_an_action(release: Release, lang: str) -> None:
    seen = view(release, lang)
    long = {code: [signed(cell, lang) for cell in row] for code, row in _rows(report_tables.actions(seen)).items()}
    made = brief.brief(report.document(release, {}, lang), release)
    short = _rows(next(block for section in made.sections for block in section.blocks if isinstance(block, Table)))
    assert list(long) == list(short) == list(release.pack.actions)
    for code, (head, needs, factors, risk) in short.items():
        assert signed(answers.actors(code, seen), lang) in head
        assert signed(answers.actors(code, seen), lang) in long[code][0]
        assert needs in {*long[code], ""}
        assert [cell for cell in long[code] if cell.startswith(factors)]  # the report adds those without a place
        assert risk in long[code][-1]


@pytest.mark.parametrize("lang", LANGS)
def test_actions_that_can_cost_lives_say_the_risk_that_stays_and_where_not(release: Release, lang: str) -> None:
    seen = view(release, lang)
    for code, spec in release.pack.actions.items():
        told = answers.risk(code, seen)
        assert bool(told) == bool(spec.get("asks"))
        if told:
            assert phrases()[f"residual_{spec['screen']['residual']}"][lang] in told
            assert seen.labels.phrase("risk_stop", text=spec["screen"]["stop"][lang]) in told
            assert "Gao" in told
            assert "Kidal" in told
    free = release.estimates.filter(~release.estimates["id"].str.starts_with("control/"))
    assert "Kidal" not in answers.risk("R3", view(doctored(release, estimates=free), lang))


def test_no_text_states_a_level_that_the_screen_does_not(release: Release) -> None:
    for spec in release.pack.actions.values():
        assert "risk stays" not in spec["harm"]["en"].replace("Some risk stays", "")


@pytest.mark.parametrize("lang", LANGS)
def test_no_action_and_no_part_of_one_seems_to_be_without_risk(release: Release, lang: str) -> None:
    seen = view(release, lang)
    long = report_tables.actions(seen)
    assert long is not None
    assert all(row[-1][0].text for row in long.rows)
    made = brief.brief(report.document(release, {}, lang), release)
    (short,) = [block for part in made.sections for block in part.blocks if isinstance(block, Table)]
    assert all(row[3][0].text for row in short.rows)


def test_places_held_or_under_coercion_are_ruled_out_with_what_lies_in_them(release: Release) -> None:
    seen = view(release, "en")
    told = answers.risk("R3", seen)
    assert "Gao and Kidal, Bourem (Gao) included." in told
    assert "Ruled out until checked: Timbuktu." in told
    assert "Bourem" not in answers.risk("R8", seen)
    assert "coercion attributed to: terrorist group" in answers.ruled_out(seen)


def test_a_gap_beside_other_amounts_is_one_of_some_statements(release: Release) -> None:
    seen = view(release, "en")
    (gap,) = [block for block in report_gaps.gaps(seen) if isinstance(block, Gap)
              and block.missing == phrases()["reason_amount_unstated"]["en"]]  # fmt: skip
    text = gap.spans[0].text
    assert "gold: whole country, for some statements only" in text
    assert "migrant smuggling: Gao and Timbuktu" in text
    assert "cocaine transit: whole country" in text


@pytest.mark.parametrize("lang", LANGS)
def test_who_held_no_interview_is_told_so_and_has_no_column_of_nobody(release: Release, lang: str) -> None:
    seen = view(release, lang)
    links = report_tables.links(seen)
    assert links is not None
    assert phrases()["head_interviewed"][lang] not in links.columns
    assert phrases()["head_sources"][lang] in links.columns
    assert phrases()["reason_no_interviews"][lang] in [gap.missing for gap in report_gaps.gaps(seen)
                                                       if isinstance(gap, Gap)]  # fmt: skip
