"""The practice study: what was planted comes out, exactly where it is exact, within its interval where it is not."""

import csv
import dataclasses
import hashlib
import math
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import known
from folders import ROOT, STUDIES
from maillage import run
from maillage.errors import has_errors
from maillage.evidence import Results
from maillage.measure.agreement import alpha
from maillage.measure.shares import interval
from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.study.observations import replay
from maillage.verbs.check import check
from maillage.verbs.standing import standing
from maillage.verbs.worklist import arbitrate, worklist
from practice import alpha as planted_alpha
from practice import assessed, big, coders, files, people, said
from practice.world import CODERS, ERASED, REGIONS, planted_shares

STUDY, SEED = STUDIES / "practice", 77
SCRIPT = ROOT / "scripts" / "make_practice.py"
NUMBERS = ("k", "n", "value", "low", "high")
WORDED = ("links", "markets")  # the measures whose confidence is worked out a second time
MEASURES = ("links", "coercion", "markets", "severity", "trend", "factors", "needs", "items", "levies", "levy_totals",
            "flows", "sample", "agreement", "events", "deaths")  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((STUDY / name).read_text("utf-8").splitlines()))


@cache
def truth(state: str) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in rows("truth.csv") if row["state"] == state}


@cache
def results() -> Results:
    return known.measured("practice")


def table(results: Results) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in results.estimates.iter_rows(named=True)}


def differences(found: Mapping[str, Mapping[str, Any]], planted: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Every planted number that did not come out."""
    for ident, wanted in planted.items():
        if not any(value for name, value in wanted.items() if name not in ("state", "id")):
            if ident in found and found[ident]["k"]:
                yield f"{ident} should be gone"
            continue
        if ident not in found:
            yield f"{ident} is missing"
            continue
        for name in NUMBERS:
            if wanted[name] and (found[ident][name] is None or abs(found[ident][name] - float(wanted[name])) > 1e-6):
                yield f"{ident}: {name} is {found[ident][name]}, planted {wanted[name]}"
        if ident.split("/")[0] in WORDED and (found[ident]["confidence"] or "") != wanted["confidence"]:
            yield f"{ident}: {found[ident]['confidence']}, planted {wanted['confidence']}"


@pytest.mark.parametrize("measure", MEASURES)
def test_what_was_planted_comes_out(measure: str) -> None:
    planted = {ident: row for ident, row in truth("coded").items() if ident.split("/")[0] == measure}
    assert len(planted) > 0
    assert list(differences(table(results()), planted)) == []


def test_every_planted_number_is_compared() -> None:
    assert {ident.split("/")[0] for ident in truth("coded")} == set(MEASURES)
    assert {ident.partition("@")[2] for ident in truth("coded")} == {"", *assessed.ROUNDS}
    assert len(truth("coded")) > 800


def test_no_area_and_no_type_of_link_is_left_out_of_the_truth() -> None:
    found = {ident for ident, row in table(results()).items() if row["measure"] in WORDED and row["status"] == "ok"}
    assert found == {ident for ident in truth("coded") if ident.split("/")[0] in WORDED}


def test_after_arbitration_the_numbers_are_what_people_said() -> None:
    """The decisions name the statements that count, question by question of a source."""
    before = results().evidence
    decided = {(row["source"], row["question"], row["market"] or None) for row in rows("coding/decisions.csv")}
    chosen = [name for row in rows("coding/decisions.csv") for name in row["observations"].split(";")]
    asked = zip(*(before.codings[name].to_list() for name in ("source", "question", "market")), strict=True)
    open_still = [key not in decided for key in asked]
    first = pl.Series(open_still) & (before.codings["coder"] == "kori")
    arbitrated = before.codings.filter(first | pl.col("id").is_in(chosen))
    after = run.measure_all(dataclasses.replace(before, observations=arbitrated.sort("id")))
    assert len(truth("arbitrated")) > 10
    assert list(differences(table(after), truth("coded") | truth("arbitrated"))) == []


def test_differences_arbitrated_one_by_one_give_the_same(tmp_path: Path) -> None:
    """As a lead does it: the work list, a decision with its reason for each difference, and the study run again."""
    study = shutil.copytree(STUDY, tmp_path / "practice")
    reasons = {name: row["reason"] for row in rows("coding/decisions.csv") for name in row["observations"].split(";")}
    for one in worklist(study, coder="kori").differences:
        said = [name for answer in one.answers for name in answer["observations"]]
        chosen = [name for name in said if name in reasons]
        assert arbitrate(study, one.id, chosen, reason=reasons[chosen[0]], coder="kori") == sorted(chosen)
    assert worklist(study, coder="kori").differences == ()
    assert not has_errors(check(study))
    assert list(differences(table(run.run(open_study(study))), truth("coded") | truth("arbitrated"))) == []


def test_the_decisions_give_back_what_was_said() -> None:
    sources = people.sources(SEED)
    statements = said.statements(SEED, sources)
    by_coder = coders.coded(SEED, statements, coders.assignments(sources))
    answers = {row["id"][1:]: row["answer"] for row in statements}
    slips = [row for row in by_coder["kori"] if row["answer"] != answers[row["id"][1:]]]
    settled = coders.arbitrated(by_coder, coders.decisions(statements, by_coder))
    assert slips
    assert {row["id"][1:]: row["answer"] for row in settled} == answers


def test_what_is_left_when_one_informant_is_erased(tmp_path: Path) -> None:
    study = open_study(shutil.copytree(STUDY, tmp_path / "practice"))
    log.append(study, "kori", [Draft("erase", "source", of=ERASED, why="asked for it")])
    assert replay(study).erased == (ERASED,)
    assert len(truth("erased")) > 50
    assert list(differences(table(run.run(study)), truth("coded") | truth("erased"))) == []


def test_the_generator_gives_the_files_of_the_study() -> None:
    made = files.made(SEED)
    for name, content in made.items():
        kept = STUDY / name.replace("texts/", "documents/")
        assert kept.read_bytes() == content, name
        if name.startswith("texts/"):
            assert (STUDY / name.replace("texts/", "documents/original/")).read_bytes() == content
    there = {path.relative_to(STUDY).as_posix() for folder in ("raw", "coding") for path in (STUDY / folder).iterdir()}
    assert there == {name for name in made if name.startswith(("raw/", "coding/"))}


def test_the_generator_depends_on_nothing_but_its_seed(tmp_path: Path) -> None:
    for place, seed in (("one", SEED), ("two", SEED), ("other", SEED + 1)):
        command = [sys.executable, SCRIPT, "--files", tmp_path / place, "--seed", str(seed)]
        env = os.environ | {"PYTHONHASHSEED": str(len(place)), "LC_ALL": "C", "TZ": "Asia/Tokyo"}
        subprocess.run(command, check=True, env=env)
    content = {
        place: {path.relative_to(tmp_path / place): path.read_bytes() for path in (tmp_path / place).rglob("*.*")}
        for place in ("one", "two", "other")
    }
    assert content["one"] == content["two"]
    assert content["one"] == {Path(name): raw for name, raw in files.made(SEED).items()}
    assert content["other"] != content["one"]


def test_the_logs_hold_what_the_tables_say() -> None:
    known = replay(open_study(STUDY))
    for coder in CODERS:
        wanted = rows(f"coding/observations.{coder}.csv")
        found = known.codings.filter(pl.col("coder") == coder).sort("id")
        for name in ("id", "source", "question", "answer", "polarity", "actor", "other", "market"):
            told = [row[name] or None for row in sorted(wanted, key=lambda row: row["id"])]
            assert found[name].to_list() == told, name
    entered = {(entry.by, entry.data["source"], entry.data["start"], entry.data["end"], entry.data["code"])
               for entry in standing(open_study(STUDY)).of("passage")}  # fmt: skip
    passages = rows("coding/passages.csv")
    assert entered == {(p["coder"], p["source"], int(p["start"]), int(p["end"]), p["code"]) for p in passages}


def test_passages_stand_where_they_are_said_to_stand() -> None:
    spans = {row["id"]: row for name in CODERS for row in rows(f"coding/observations.{name}.csv")}
    for row in rows("coding/passages.csv"):
        raw = (STUDY / "documents" / f"{row['source']}.txt").read_bytes()
        text, start, end = raw.decode(), int(row["start"]), int(row["end"])
        assert hashlib.sha256(raw).hexdigest() == row["sha256"]
        assert unicodedata.is_normalized("NFC", text)
        assert (spans[row["id"][1:]]["start"], spans[row["id"][1:]]["end"]) == (row["start"], row["end"])
        assert 0 <= start < end <= len(text)
        marked = text[start:end]
        assert "\n" not in marked
        assert text[start - 1] in " \n"
        assert text[end] in " \n"
        if row["coder"] == "lune":
            assert text[start - 1] == text[end] == "\n"
    assert any("🙂" in (STUDY / "documents" / f"I{n:02}.txt").read_text("utf-8") for n in range(1, 40))


def test_the_study_is_clean_and_says_what_it_is() -> None:
    assert check(STUDY) == []
    study = open_study(STUDY).settings
    assert study.synthetic
    assert all("SYNTH" in text for text in study.title.values())
    for path in (STUDY / "documents").glob("*.txt"):
        assert "SYNTH" in path.read_text("utf-8").splitlines()[0]


def test_who_was_heard() -> None:
    sources = rows("coding/sources.csv")
    heard = [row for row in sources if row["kind"] == "interview" and row["consent"] != "none"]
    assert len(heard) == 39
    assert {row["language"] for row in heard} == {"fr", "en"}
    assert {row["consent"] for row in sources if row["kind"] == "interview"} == {"none", "anonymous", "attributed"}
    assert {row["use"] for row in heard} == {"research", "research;partners", "research;partners;justice"}
    assert all(row["refusal"] for row in sources if row["consent"] == "none")
    assert {row["source"] for row in rows("coding/observations.kori.csv")} == {
        row["id"] for row in sources if row["consent"] != "none"
    }


def test_every_interview_was_held_by_one_of_the_two_who_worked_there() -> None:
    sources = rows("coding/sources.csv")
    held = {row["id"]: row["interviewer"] for row in sources if row["interviewer"]}
    assert held.keys() == {row["id"] for row in sources if row["kind"] == "interview" and row["consent"] != "none"}
    for region, team in assessed.TEAMS.items():
        there = {row["id"] for row in sources if row["place"].startswith(region)}
        assert {who for ident, who in held.items() if ident in there} == set(team)


@pytest.mark.parametrize("market", ["gold", "arms", "cattle_theft"])
def test_counts_without_one_interviewer_are_counted_again(market: str) -> None:
    """Least and most k/n of the presence of a market over those left when one interviewer is left out."""
    held = {row["id"]: row["interviewer"] for row in rows("coding/sources.csv")}
    told = {row["source"]: row["answer"] == "present" and row["polarity"] in ("", "present")
            for row in rows("coding/observations.kori.csv") if row["question"] == "presence" and row["market"] == market
            and row["answer"] not in ("not_asked", "no_answer") and held[row["source"]]}  # fmt: skip
    left = [[yes for who, yes in told.items() if held[who] != out] for out in set(held.values()) - {""}]
    shares = sorted((sum(said) / len(said), sum(said), len(said)) for said in left)
    (found,) = results().steadiness.filter(id=f"markets/ALL/{market}").iter_rows(named=True)
    assert found["interviewer_least"] == "{}/{}".format(*shares[0][1:])
    assert found["interviewer_most"] == "{}/{}".format(*shares[-1][1:])


def test_levels_lie_around_the_planted_means_and_their_change() -> None:
    """Of 200 studies the mean answer of each region, item and round, beside what was planted for that seed."""
    off: list[float] = []
    changes: dict[str, list[float]] = {item: [] for item in assessed.ITEMS}
    for seed in range(300, 500):
        sources, means = people.sources(seed), assessed.planted_levels(seed)
        homes = {row["id"]: (row["place"][:4], row["date"]) for row in sources}
        given: dict[tuple[str, str, str], list[int]] = {}
        for row in assessed.levels(seed, sources):
            region, date = homes[row["source"]]
            given.setdefault((region, row["question"], assessed.round_of(date)), []).append(int(row["answer"]))
        off += [answer - means[key] for key, answers in given.items() for answer in answers]
        for region in REGIONS:
            for item, found in changes.items():
                both = [given.get((region, item, name)) for name in assessed.ROUNDS]
                found += [sum(both[1]) / len(both[1]) - sum(both[0]) / len(both[0])] if both[0] and both[1] else []
    assert sum(off) / len(off) == pytest.approx(0, abs=0.03)
    for item, (_, change) in assessed.ITEMS.items():
        assert sum(changes[item]) / len(changes[item]) == pytest.approx(change, abs=0.06)


def test_a_score_by_round_is_that_of_the_planted_answers() -> None:
    """Living conditions of Nordonde, counted plainly: who names poverty, and hardship from 1 to 5, each by 10."""
    homes = {row["id"]: row for row in rows("coding/sources.csv") if row["interviewer"]}
    scores: dict[str, float] = {}
    for name in assessed.ROUNDS:
        there = {who: row["date"] for who, row in homes.items() if row["place"].startswith("XA01")}
        here = {who for who, date in there.items() if assessed.round_of(date) == name}
        told = [row for row in rows("coding/observations.kori.csv") if row["source"] in here]
        asked = {row["source"] for row in told if row["question"] == "factor"}
        poor = {row["source"] for row in told if row["answer"] == "economic_precarity"}
        levels = [int(row["answer"]) for row in told if row["question"] == "hardship_level"]
        scores[name] = 10 * (len(poor) / len(asked) + (sum(levels) / len(levels) - 1) / 4) / 2
        assert table(results())[f"vulnerability/XA01/living_conditions@{name}"]["value"] == pytest.approx(scores[name])
    change = table(results())["index_change/living_conditions/XA01/first~second"]
    assert change["value"] == pytest.approx(scores["second"] - scores["first"])
    assert 0 < change["low"] < change["value"] < change["high"], "the planted rise is clear"
    assert table(results())["index_change/vulnerability/XA04/first~second"]["reason"] == "round_items"


def test_the_contradiction_in_tissombre_stands_in_the_findings() -> None:
    found = results().findings.row(by_predicate=pl.col("id") == "links/XA0202/confrontation", named=True)
    assert found["contradiction"]
    assert (found["for"] > 0, found["against"] > 0) == (True, True)


@pytest.mark.parametrize("question", ["link", "presence"])
def test_alpha_is_what_the_error_rates_let_one_expect(question: str) -> None:
    sources = people.sources(SEED)
    statements, who = said.statements(SEED, sources), coders.assignments(sources)
    expected = planted_alpha.expected_alpha(question, statements, who)
    found = table(results())[f"agreement/{question}"]
    assert found["low"] <= expected <= found["high"]
    homes = {source["id"]: source["place"] for source in sources}
    again: list[float] = []
    for seed in range(1000, 1150):  # the same statements, coded anew: on average alpha is the expected one
        units = planted_alpha.units(question, coders.coded(seed, statements, who), homes)
        again.append(alpha([[unit.get(coder) for unit in units] for coder in CODERS]))
    assert sum(again) / len(again) == pytest.approx(expected, abs=0.015)


@pytest.mark.parametrize("coder", CODERS)
def test_coders_err_at_their_stated_rate(coder: str) -> None:
    sources = people.sources(SEED)
    statements, who = said.statements(SEED, sources), coders.assignments(sources)
    answers = {row["id"][1:]: row["answer"] for row in statements}
    wrong = total = 0
    for seed in range(2000, 2100):
        could = [row for row in coders.coded(seed, statements, who)[coder] if coders.errs(row)]
        wrong += sum(row["answer"] != answers[row["id"][1:]] for row in could)
        total += len(could)
    rate = CODERS[coder]
    assert abs(wrong / total - rate) < 4 * math.sqrt(rate * (1 - rate) / total)


def covered(seeds: range, method: str) -> tuple[int, int]:
    """How often the interval of a market's share in a region holds the planted share, of how many."""
    inside = every = 0
    for seed in seeds:
        shares, sources = planted_shares(seed), people.sources(seed)
        homes = {source["id"]: source["place"][:4] for source in sources if source["kind"] == "interview"}
        counts = {key: [0, 0] for key in shares}
        for row in said.statements(seed, sources):
            asked = row["question"] == "presence" and row["answer"] not in ("not_asked", "no_answer")
            if asked and row["source"] in homes:
                count = counts[homes[row["source"]], row["market"]]
                count[0] += row["answer"] == "present"
                count[1] += 1
        for key, (k, n) in counts.items():
            low, high = interval(k, n, method=method)
            inside += low <= shares[key] <= high
            every += 1
    assert every == len(seeds) * len(REGIONS) * 3
    return inside, every


@pytest.mark.parametrize("method", ["wilson", "jeffreys"])
def test_intervals_cover_what_was_planted_in_a_hundred_studies(method: str) -> None:
    inside, every = covered(range(1, 101), method)
    assert inside / every == pytest.approx(0.95, abs=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["wilson", "jeffreys"])
def test_intervals_cover_what_was_planted_within_two_per_cent(method: str) -> None:
    inside, every = covered(range(1, 501), method)
    assert inside / every == pytest.approx(0.95, abs=0.02)


@pytest.mark.slow
def test_a_large_project_has_the_size_asked_for() -> None:
    project = big.project(20, 30_001, 500, 4)
    texts = dict(project.sources.select("guid", "text").iter_rows())
    assert (len(texts), sum(map(len, texts.values())), project.passages.height) == (20, 30_001, 500)
    for source, start, end in project.passages.select("source", "start", "end").iter_rows():
        assert 0 <= start < end <= len(texts[source])
    assert project.passages.equals(big.project(20, 30_001, 500, 4).passages)
