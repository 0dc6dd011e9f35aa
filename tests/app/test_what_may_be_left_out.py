"""What a row may leave out: the answer where the quantity says it, one end of a flow, the unit beside a currency."""

import json
from pathlib import Path

import polars as pl
from made_study import Command

HEAD = (
    "id,source,kind,question,answer,place,actor,good,from_place,via,to_place,low,high,central,unit,currency,per,"
    "finding,group,reason\n"
)


def observed(say: Command, study: Path, *rows: dict[str, str]) -> tuple[int, list[tuple[str, str, int, str]]]:
    """Exit code and (code, level, line, field) of each finding, of rows given by their filled columns."""
    names = HEAD.strip().split(",")
    lines = [",".join({"source": "d1", "question": row["kind"], **row}.get(name, "") for name in names) for row in rows]
    file = study.parent / "rows.csv"
    file.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    done = say("observe", file, "--coder", "ana", "--study", study, "--json")
    found = json.loads(done.out)
    assert all(item["message"] and item["remedy"] for item in found)
    return done.code, [(item["code"], item["level"], item["line"], item["field"]) for item in found]


def computed(say: Command, study: Path) -> dict[str, dict[str, str]]:
    assert say("run", "--study", study).code == 0
    frame = pl.read_csv(study / "out" / "estimates.csv", infer_schema=False)
    return {row["id"]: row for row in frame.to_dicts()}


def test_a_flow_with_one_end_counts_and_one_without_any_is_refused(study: Path, say: Command) -> None:
    flow = {"kind": "flow", "good": "gold"}
    known = observed(say, study, {**flow, "from_place": "Gao"}, {**flow, "to_place": "Kidal", "good": "arms"})
    assert known == (0, [])
    ids = computed(say, study).keys()
    assert {"flows/gold/ML07/unstated", "flows/arms/unstated/ML08"} <= ids
    refused = observed(say, study, flow, {**flow, "via": "Gao"})
    assert refused == (1, [("flow_ends", "error", 2, "to_place"), ("flow_ends", "error", 3, "to_place")])


def test_an_end_that_nobody_named_reads_as_words_in_the_report(study: Path, say: Command) -> None:
    observed(say, study, {"kind": "flow", "good": "gold", "from_place": "Gao"})
    out = study.parent / "release"
    assert say("release", "--study", study, "--audience", "team", "--langs", "fr", "--out", out).code == 0
    page = (out / "report.fr.html").read_text("utf-8")
    assert "Gao → lieu non précisé" in page
    assert "→ unstated" not in page


def test_an_amount_is_answer_enough_for_a_levy(study: Path, say: Command) -> None:
    levy = {"kind": "levy", "place": "Gao", "per": "month", "currency": "XOF"}
    assert observed(say, study, {**levy, "low": "100", "high": "200"}) == (0, [])
    row = computed(say, study)["levies/ML07/levies/unstated/month"]
    assert (row["status"], float(row["low"]), float(row["high"]), row["answer"]) == ("ok", 100, 200, None)
    assert observed(say, study, levy) == (1, [("answer_missing", "error", 2, "answer")])
    figure = {"kind": "figure", "central": "3", "currency": "XOF"}
    assert observed(say, study, figure) == (1, [("answer_missing", "error", 2, "answer")])


def test_a_currency_is_the_unit_of_a_figure(study: Path, say: Command) -> None:
    figure = {"kind": "figure", "answer": "fiu_amount", "place": "Gao", "central": "7"}
    assert observed(say, study, figure) == (1, [("unit_missing", "error", 2, "unit")])
    assert observed(say, study, {**figure, "currency": "XOF"}) == (0, [])
    row = computed(say, study)["figures/ML07/fiu_amount/unstated"]
    assert (float(row["value"]), row["unit"]) == (7, "XOF")


def test_a_contest_without_a_reason_is_warned_of(study: Path, say: Command) -> None:
    review = {"kind": "review", "finding": "levies/ML07/gold/miner/week", "group": "elders"}
    rows = [{**review, "answer": "contest"}, {**review, "answer": "contest", "reason": "seen"},
            {**review, "answer": "confirm"}]  # fmt: skip
    assert observed(say, study, *rows) == (0, [("review_reason", "warning", 2, "reason")])
