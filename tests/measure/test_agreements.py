"""Agreement of a study's coders: units, codes, levels, pairs, work list, overlap of passages, what stays as it was."""

import dataclasses
import random
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from maillage import run
from maillage.estimate import rng
from maillage.evidence import Evidence
from maillage.measure.agreement import alpha, alpha_interval
from maillage.measure.agreements import agreement, by_pair, disagreements, overlap
from maillage.study.folder import open_study
from maillage.study.observations import replay
from maillage.study.settling import settled
from small_evidence import evidence, table

STUDIES = Path(__file__).parent.parent.parent / "studies"
SOURCES = "id | kind | place | consent\n" + "\n".join(f"I{n} | interview | EX0101 | anonymous" for n in range(1, 41))
HEAD = "id | coder | source | kind | question | answer | place | market | actor | other | polarity | modality\n"


def coded(rows: str, sources: str = SOURCES) -> Evidence:
    """Evidence whose codings are `rows`; ana stands before bo, bo before cy."""
    codings = table(HEAD + rows, "observations")
    base = evidence("", sources)
    return dataclasses.replace(base, codings=codings, observations=settled(codings, ("ana", "bo", "cy")))


def doubly(pairs: list[tuple[str, str]], *, question: str = "link", kind: str = "link", market: str = "") -> str:
    """Row texts: what ana and bo say of each of many interviews."""
    rows = [
        f"{coder[0]}{n} | {coder} | I{n} | {kind} | {question} | {said} | | {market} | | | | "
        for n, pair in enumerate(pairs, 1)
        for coder, said in zip(("ana", "bo"), pair, strict=True)
        if said
    ]
    return "\n".join(rows)


def found(made: Evidence) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in agreement(made, "agreement", {}).iter_rows(named=True)}


COOP, COMP = "cooperation", "competition"
TWELVE = [(COOP, COOP)] * 5 + [(COMP, COMP)] * 4 + [(COOP, COMP), (COMP, COOP), ("denied", COOP)]


# --- the estimate -----------------------------------------------------------------------------------------


def test_alpha_of_a_question_with_its_interval_and_trace() -> None:
    row = found(coded(doubly(TWELVE)))["agreement/link"]
    codes = [list(coder) for coder in zip(*TWELVE, strict=True)]
    assert row["value"] == pytest.approx(alpha(codes))
    assert (row["low"], row["high"]) == alpha_interval(codes, seed=rng(7, "agreement/link"))
    assert (row["k"], row["n"], row["missing"], row["interval"]) == (9, 12, 0, "bootstrap95")
    assert (row["status"], row["reason"], row["place"], row["answer"]) == ("ok", None, "ALL", "link")
    assert (len(row["trace"]), len(row["counted"])) == (24, 18)
    assert {"a10", "b10"}.isdisjoint(row["counted"])


def test_the_order_of_rows_and_columns_of_the_log_does_not_matter() -> None:
    made = coded(doubly(TWELVE))
    for seed in range(3):
        turned = dataclasses.replace(made, codings=made.codings.sample(fraction=1, shuffle=True, seed=seed))
        assert agreement(turned, "agreement", {}).equals(agreement(made, "agreement", {}))


def test_one_coder_or_nothing_coded_twice_is_no_row() -> None:
    assert found(coded(doubly([(COOP, ""), (COMP, "")]))) == {}
    assert found(coded(doubly([(COOP, ""), ("", COMP)]))) == {}
    assert found(evidence("", SOURCES)) == {}


def test_mali_has_one_coder_and_no_row() -> None:
    study = open_study(STUDIES / "mali")
    known = replay(study)
    made = dataclasses.replace(evidence("", SOURCES), codings=known.codings, sources=known.sources)
    assert known.codings.height > 100
    assert found(made) == {}


def test_one_category_has_no_alpha_and_few_units_no_interval() -> None:
    row = found(coded(doubly([(COOP, COOP)] * 12)))["agreement/link"]
    assert (row["value"], row["status"], row["reason"]) == (None, "not_computable", "one_category")
    assert (row["k"], row["n"]) == (12, 12)
    few = found(coded(doubly(TWELVE[3:])))["agreement/link"]
    assert (few["n"], few["low"], few["interval"], few["reason"], few["status"]) == (9, None, None, "few_units", "ok")
    assert few["value"] is not None


def test_a_unit_is_source_place_market_and_pair() -> None:
    rows = """
        a1 | ana | I1 | link | link | cooperation | | gold | smuggler | terrorist_group | |
        b1 | bo | I1 | link | link | cooperation | EX0101 | gold | terrorist_group | smuggler | |
        a2 | ana | I1 | link | link | competition | | arms | smuggler | terrorist_group | |
        b2 | bo | I1 | link | link | cooperation | | arms | smuggler | terrorist_group | |
        a3 | ana | I2 | link | link | competition | | | smuggler | terrorist_group | |
        b3 | bo | I2 | link | link | competition | EX0102 | | smuggler | terrorist_group | |
        a4 | ana | I3 | link | link | competition | | | smuggler | | |
        b4 | bo | I3 | link | link | competition | | | | smuggler | |
    """
    row = found(coded(rows.strip()))["agreement/link"]
    assert (row["k"], row["n"], row["missing"]) == (2, 3, 2)
    assert row["value"] == pytest.approx(alpha([[COOP, COMP, COMP], [COOP, COOP, COMP]]))
    assert row["counted"] == ["a1", "a4", "b1", "b4"]


def test_polarity_and_several_answers_make_the_code_and_modality_does_not() -> None:
    rows = """
        a1 | ana | I1 | link | link | cooperation | | | | | present | alleged
        b1 | bo | I1 | link | link | cooperation | | | | | | asserted
        a2 | ana | I2 | link | link | cooperation | | | | | absent |
        b2 | bo | I2 | link | link | cooperation | | | | | |
        a3 | ana | I3 | link | link | cooperation | | | | | |
        a4 | ana | I3 | link | link | competition | | | | | |
        b3 | bo | I3 | link | link | competition | | | | | |
        b4 | bo | I3 | link | link | cooperation | | | | | |
        c1 | ana | I4 | share | link | cooperation | | | | | |
        c2 | bo | I4 | share | link | competition | | | | | |
    """
    row = found(coded(rows.strip()))["agreement/link"]
    assert (row["k"], row["n"]) == (2, 3)
    assert row["counted"] == ["a1", "a3", "a4", "b1", "b3", "b4"]


def test_the_level_of_the_pack_counts() -> None:
    pairs = [("1", "1"), ("2", "3"), ("5", "4"), ("3", "3"), ("1", "2"), ("4", "4"), ("no_answer", "3")]
    row = found(coded(doubly(pairs, question="severity", kind="market", market="gold")))["agreement/severity"]
    first, second = ([int(pair[side]) for pair in pairs[:-1]] for side in (0, 1))
    assert row["value"] == pytest.approx(alpha([first, second], level="ordinal"))
    assert row["value"] != pytest.approx(alpha([first, second]))
    assert (row["n"], row["method"]) == (6, "alpha v1, ordinal")
    trends = [("down", "stable"), ("up", "up"), ("stable", "stable"), ("down", "down")]
    row = found(coded(doubly(trends, question="trend", kind="market", market="gold")))["agreement/trend"]
    assert row["value"] == pytest.approx(alpha([[0, 2, 1, 0], [1, 2, 1, 0]], level="ordinal"))


def test_several_answers_on_a_scale_are_averaged() -> None:
    rows = doubly([("3", "4"), ("1", "1"), ("5", "5")], question="severity", kind="market", market="gold")
    rows += "\nx | ana | I1 | market | severity | 4 | | gold | | | | "
    assert found(coded(rows))["agreement/severity"]["value"] == pytest.approx(
        alpha([[3.5, 1, 5], [4, 1, 5]], level="ordinal")
    )


def test_somebody_who_refused_is_not_compared() -> None:
    refused = SOURCES.replace("I1 | interview | EX0101 | anonymous", "I1 | interview | EX0101 | none")
    assert found(coded(doubly(TWELVE), refused))["agreement/link"]["n"] == 11


def test_three_coders_and_by_pair() -> None:
    rows = doubly(TWELVE) + "\n" + "\n".join(
        f"c{n} | cy | I{n} | link | link | {COOP if n % 2 else COMP} | | | | | | " for n in range(1, 7)
    )  # fmt: skip
    made = coded(rows)
    assert found(made)["agreement/link"]["n"] == 12
    pairs = by_pair(made)
    assert pairs.select("question", "coder", "other", "n").rows() == [
        ("link", "ana", "bo", 12), ("link", "ana", "cy", 6), ("link", "bo", "cy", 6),
    ]  # fmt: skip
    first = pairs.row(0, named=True)
    assert first["percent"] == pytest.approx(9 / 12)
    assert first["alpha"] > first["kappa"] > 0
    alike = by_pair(coded(doubly([(COOP, COOP)] * 3))).row(0, named=True)
    assert (alike["percent"], alike["alpha"], alike["kappa"]) == (1.0, None, None)


def test_a_second_coder_changes_no_other_number() -> None:
    both = run.measure_all(coded(doubly([(first, second) for first, second in TWELVE]))).estimates
    alone = run.measure_all(coded(doubly([(first, "") for first, _ in TWELVE]))).estimates
    assert both.filter(pl.col("kind") != "agreement").equals(alone)
    assert both.height == alone.height + 1


# --- work list --------------------------------------------------------------------------------------------


def test_disagreements_are_a_work_list() -> None:
    rows = (
        doubly([(COOP, COOP), (COOP, COMP)])
        + """
        a8 | ana | I1 | link | link | competition | | gold | | | |
        a9 | ana | I9 | link | link | competition | | | | | |
        a7 | ana | I1 | need | need | road | | | | | |
    """.rstrip()
    )
    made = coded(rows)
    work = disagreements(made.codings, made.sources).to_dicts()
    assert [(item["question"], item["source"], item["market"], item["place"]) for item in work] == [
        ("link", "I1", "gold", "EX0101"), ("link", "I2", None, "EX0101"),
    ]  # fmt: skip
    assert work[0]["answers"] == [
        {"coder": "ana", "answer": COMP, "observations": ["a8"]}, {"coder": "bo", "answer": None, "observations": []},
    ]  # fmt: skip
    assert [answer["answer"] for answer in work[1]["answers"]] == [COOP, COMP]
    assert disagreements(made.codings)["place"].to_list() == [None, None]
    assert disagreements(evidence("", SOURCES).codings).is_empty()


def test_the_work_list_of_first_steps() -> None:
    known = replay(open_study(STUDIES / "first-steps"))
    work = disagreements(known.codings, known.sources)
    assert work.select("question", "source").rows() == [("link", "I01"), ("link", "I04")]


# --- passages -----------------------------------------------------------------------------------------------


def passages(*rows: tuple[str, int, int, str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["source", "start", "end", "code", "coder"], orient="row")


def test_overlap_in_characters_and_passages() -> None:
    made = passages(
        ("I1", 0, 10, "gold", "ana"), ("I1", 5, 15, "gold", "ana"), ("I1", 40, 50, "gold", "ana"),
        ("I1", 10, 30, "gold", "bo"), ("I1", 10, 30, "levy", "bo"), ("I2", 0, 9, "gold", "ana"),
    )  # fmt: skip
    gold, levy = overlap(made, {"I1": 100}).to_dicts()
    assert gold == {
        "code": "gold", "coder": "ana", "other": "bo", "sources": 1, "passages": 3, "other_passages": 1, "met": 1,
        "other_met": 1, "both": 5, "either": 40, "share": 0.125,
        "kappa": pytest.approx(1 - 100 * 35 / (25 * 80 + 20 * 75)),
    }  # fmt: skip
    assert (levy["both"], levy["either"], levy["passages"], levy["met"], levy["kappa"]) == (0, 20, 0, 0, 0.0)
    assert overlap(made)["kappa"].to_list() == [None, None]
    assert overlap(passages(("I1", 0, 10, "gold", "ana"))).is_empty()


def test_touching_is_not_overlapping_and_the_same_is_all() -> None:
    apart = overlap(passages(("I1", 0, 10, "gold", "ana"), ("I1", 10, 20, "gold", "bo"))).row(0, named=True)
    assert (apart["both"], apart["met"], apart["other_met"]) == (0, 0, 0)
    same = overlap(passages(("I1", 0, 10, "gold", "ana"), ("I1", 0, 10, "gold", "bo")), {"I1": 50}).row(0, named=True)
    assert (same["share"], same["kappa"], same["met"]) == (1.0, 1.0, 1)


def test_overlap_is_what_counting_characters_gives() -> None:
    rng_ = random.Random(4)
    rows = [
        (f"I{rng_.randrange(3)}", start, start + rng_.randrange(1, 12), rng_.choice("ab"), rng_.choice(["ana", "bo"]))
        for start in (rng_.randrange(60) for _ in range(40))
    ]
    marked = {
        (code, coder): {(source, at) for source, start, end, c, who in rows if (c, who) == (code, coder)
                        for at in range(start, end)}
        for code in "ab" for coder in ("ana", "bo")
    }  # fmt: skip
    for row in overlap(passages(*rows)).iter_rows(named=True):
        first, second = marked[row["code"], "ana"], marked[row["code"], "bo"]
        assert (row["both"], row["either"]) == (len(first & second), len(first | second))


@pytest.mark.slow
def test_a_hundred_thousand_codings_take_less_than_a_second() -> None:
    rng_ = random.Random(1)
    spans = [
        (
            f"D{n % 1000}",
            at := rng_.randrange(17_000),
            at + 150,
            f"c{rng_.randrange(60)}",
            rng_.choice(["ana", "bo", "cy"]),
        )
        for n in range(100_000)
    ]
    made = passages(*spans)
    begun = time.process_time()
    assert overlap(made, {f"D{n}": 17_700 for n in range(1000)}).height == 180
    assert time.process_time() - begun < 2  # of both cores together
    coded_twice = pl.DataFrame({
        "id": [f"o{n}" for n in range(100_000)], "source": [f"I{n // 2 % 1000}" for n in range(100_000)],
        "coder": ["ana" if n % 2 else "bo" for n in range(100_000)], "kind": "market", "question": "presence",
        "market": [f"m{n // 2000}" for n in range(100_000)],
        "answer": [rng_.choice(["present", "present", "absent"]) for _ in range(100_000)],
    })  # fmt: skip
    blank = table(HEAD, "observations")
    sources = table("id | kind\n" + "\n".join(f"I{n} | interview" for n in range(1000)), "sources")
    study = dataclasses.replace(
        evidence("", SOURCES), sources=sources, codings=pl.concat([blank, coded_twice], how="diagonal")
    )
    begun = time.process_time()
    assert found(study)["agreement/presence"]["n"] == 50_000
    assert time.process_time() - begun < 3
