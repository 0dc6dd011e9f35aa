"""Attacks on the annex: from it and the data of a public release nothing about a few people can be worked out."""

import dataclasses
import re
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_release import AUDIENCES, TIE, by_hand

from maillage.blocks import Literal
from maillage.estimate import stack
from maillage.evidence import Evidence, Results
from maillage.measure.coverage import sample, saturation
from maillage.publish import reporting
from maillage.publish.gate import Release, clear
from maillage.publish.view import view
from small_evidence import evidence

T = 5
CLASSES = ("transporter", "artisanal_miner", "magistrate", "prosecutor", "association", "religious_leader")
REASONS = ("fear", "distrust", "no_time")
YEARS = ("2023-04-11", "2024-02", "2024-03-09")


def made(classes: list[int], refused: list[int], *, silent: int = 0) -> Evidence:
    """So many people heard of each class, so many refusing for each reason; the first `silent` answer nothing."""
    lines = ["id | kind | place | consent | stakeholder | refusal | date | language | quotes"]
    people = [CLASSES[at] for at, count in enumerate(classes) for _ in range(count)]
    for number, stakeholder in enumerate(people):
        date, language = YEARS[number % len(YEARS)], "tmh" if number < 2 else "fr"
        quotes = "yes" if number % 4 == 0 else "no"
        lines.append(f"P{number} | interview | EX01 | anonymous | {stakeholder} | | {date} | {language} | {quotes}")
    reasons = [REASONS[at] for at, count in enumerate(refused) for _ in range(count)]
    lines += [f"R{number} | interview | EX01 | none | trader | {reason} | 2024 | |"
              for number, reason in enumerate(reasons)]  # fmt: skip
    told = ["id | source | kind | question | answer | actor | other"]
    told += [f"P{number}_s | P{number} | {TIE}" for number in range(silent, len(people))]
    return evidence("\n".join(told), "\n".join(lines), audiences=AUDIENCES)


def measured(given: Evidence) -> Results:
    """The measures that the annex tells of, and nothing else: attacks need many studies."""
    return dataclasses.replace(by_hand(given, []), estimates=stack([sample(given), saturation(given)]))


def public(given: Evidence) -> Release:
    return clear(measured(given), audience="public", langs=("en",))


def annex(release: Release) -> dict[str, str]:
    found = reporting.entries(view(release, "en"))
    return {each.item.code: "".join(span.text for span in each.spans) for each in found}


@given(
    classes=st.lists(st.integers(0, 9), min_size=len(CLASSES), max_size=len(CLASSES)),
    refused=st.lists(st.integers(0, 7), min_size=3, max_size=3),
    silent=st.integers(0, 6),
)
@settings(max_examples=12, deadline=None)
def test_no_small_group_follows_from_what_is_published(classes: list[int], refused: list[int], silent: int) -> None:
    known = made(classes, refused, silent=silent)
    release = public(known)
    traces = {row["id"]: row["trace"] for row in measured(known).estimates.iter_rows(named=True)}
    source = {f"P{number}_s": f"P{number}" for number in range(sum(classes))}
    shown = [
        frozenset(source.get(item, item.removeprefix("source:")) for item in traces[row["id"]])
        for row in release.estimates.filter(pl.col("kind") == "coverage").iter_rows(named=True)
        if row["n"] is not None and row["status"] == "ok"
    ]
    everybody = frozenset(source.values())  # who reads the annex may know how many were heard from elsewhere
    groups = sorted({group for group in shown if group}, key=lambda group: (len(group), sorted(group)))
    for whole in [*groups, everybody]:
        inside = [group for group in groups if group < whole]
        for many in range(1, min(3, len(inside)) + 1):
            for parts in combinations(inside, many):
                if sum(map(len, parts)) == len(frozenset().union(*parts)):
                    assert len(whole.difference(*parts)) not in range(1, T), (whole, parts)
    assert all(len(group) >= T for group in groups)


@given(refused=st.lists(st.integers(0, 7), min_size=3, max_size=3))
@settings(max_examples=8, deadline=None)
def test_refusals_are_told_of_everybody_together_from_five_on(refused: list[int]) -> None:
    release = public(made([6, 6, 0, 0, 0, 0], refused))
    total = sum(refused)
    counted = release.estimates.filter(pl.col("missing").is_not_null() & (pl.col("kind") == "coverage"))
    expected = [] if 0 < total < T else [("sample/ALL/ALL", total)]
    assert counted.select("id", "missing").rows() == expected
    said = annex(release)["coreq_13"]
    words = {"fear": "fear", "distrust": "distrust", "no_time": "no time"}
    for reason, count in zip(REASONS, refused, strict=True):
        assert (words[reason] in said) == (count >= T and total - count >= T)
    assert not re.search(r"\(\d+\)", said)


def test_a_language_a_year_or_a_quote_of_a_few_is_not_named() -> None:
    said = annex(public(made([6, 6, 0, 0, 0, 0], [0, 0, 0])))
    assert "Languages of the interviews: French." in said["srqr_11"]
    assert "2024. Named only from 5" in said["srqr_10"].split("Years of the interviews: ")[1]
    assert "2023" not in " ".join(said.values()), "four people were heard that year"
    assert not re.search(r"20\d\d-\d\d", " ".join(said.values()))
    assert "Given by" not in said["coreq_29"], "three of twelve"


def test_fewer_than_five_people_are_not_counted_at_all() -> None:
    release = public(made([4, 0, 0, 0, 0, 0], [2, 0, 0]))
    said = annex(release)
    assert said["coreq_12"] == said["coreq_13"] == "Withheld to protect the people interviewed."
    row = release.estimate("sample/ALL/ALL")
    assert row is not None
    assert not any(row[name] is not None for name in ("value", "n", "planned", "missing"))


def test_who_gave_no_answer_does_not_follow_from_code_coverage() -> None:
    row = public(made([6, 6, 0, 0, 0, 0], [0, 0, 0], silent=1)).estimate("saturation/ALL")
    assert row is not None
    assert (row["status"], row["answer"], row["n"], row["low"], row["high"]) == ("ok", "reached", None, None, None)


@pytest.mark.parametrize(
    ("audience", "said"), [("public", "Fewer than 5"), ("partners", "4 people"), ("team", "4 peo")]
)
def test_each_audience_has_its_threshold(audience: str, said: str) -> None:
    release = clear(measured(made([6, 6, 0, 0, 0, 0], [4, 0, 0])), audience=audience, langs=("en",))
    assert annex(release)["coreq_13"].startswith(said)


def test_counts_of_the_log_leave_enough_people_on_either_side() -> None:
    """Two of twelve coded twice: neither is how many said, nor who."""
    known = made([6, 6, 0, 0, 0, 0], [0, 0, 0])
    second = known.observations.filter(pl.col("source").is_in(["P0", "P1"])).with_columns(
        id=pl.format("{}~bo", "id"), coder=pl.lit("bo")
    )
    codings = pl.concat([known.observations.with_columns(coder=pl.lit("ana")), second])
    release = public(dataclasses.replace(known, codings=codings))
    (entry,) = (each for each in reporting.entries(view(release, "en")) if each.item.code == "coreq_24")
    assert [span.text for span in entry.spans if isinstance(span, Literal)] == ["2"], "coders, and nothing else"


@pytest.mark.parametrize(
    ("gone", "audience", "text"),
    [
        ((0, 0), "team", ""),
        ((1, 2), "team", " Withdrew afterwards and counted as refusals: 1; erased at their wish: 2."),
        ((1, 2), "public", ""),
        ((0, 4), "public", ""),
        ((3, 6), "public", " 9 people withdrew or were erased afterwards."),
        ((2, 6), "public", ""),
    ],
)
def test_who_withdrew_or_was_erased_is_counted_where_it_may_be_said(
    gone: tuple[int, int], audience: str, text: str
) -> None:
    """Three refused in all: where two of them withdrew, one refused at first, which must not follow."""
    known = made([6, 6, 0, 0, 0, 0], [1, 1, 1])
    texts = [
        annex(clear(measured(dataclasses.replace(known, gone=one)), audience=audience, langs=("en",)))["coreq_13"]
        for one in ((0, 0), gone)
    ]
    assert texts[1] == texts[0] + text


def test_the_guide_that_was_recorded_is_named_and_another_is_not() -> None:
    known = made([6, 6, 0, 0, 0, 0], [0, 0, 0])
    used = dataclasses.replace(known, guides=(("nexus 1.0", ("fr", "en")),))
    assert (
        annex(public(used))["coreq_17"] == annex(public(known))["coreq_17"] + " Recorded as used: nexus 1.0 (fr, en)."
    )
