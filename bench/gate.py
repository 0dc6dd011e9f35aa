"""The gate on the practice study (39 interviews) and on a generated one of 400: time, and how much it still lets out.

`kept`: of the numbers on people that each pass the rules alone, the part that is still published when all are looked at
together; `exact`: of the shares that may be said as k of n, those that still are. Prints one JSON object.
"""

import dataclasses
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

STUDY = Path(__file__).parent.parent / "studies" / "practice"
SOURCES, SEED = 400, 20240601


def generated(evidence: Any) -> Any:
    """The practice study grown: people drawn from its interviews, each with another place and class of its own draw."""
    import polars as pl

    draw = random.Random(SEED)
    heard = evidence.sources.filter((pl.col("kind") == "interview") & (pl.col("consent") != "none"))
    people, places = heard.to_dicts(), heard["place"].to_list()
    classes = heard["stakeholder"].to_list()
    said = evidence.observations.partition_by("source", as_dict=True)
    sources, statements = [evidence.sources.filter(pl.col("kind") != "interview")], []
    for number in range(SOURCES):
        who = draw.choice(people)
        name, place = f"G{number:03}", draw.choice(places)
        row = {**who, "id": name, "place": place, "stakeholder": draw.choice(classes), "cluster": None}
        sources.append(pl.DataFrame([row], schema=evidence.sources.schema))
        mine = said.get((who["id"],))
        if mine is not None:
            kept = mine.filter(pl.Series([draw.random() < 0.9 for _ in range(mine.height)], dtype=pl.Boolean))
            statements.append(kept.with_columns(
                id=pl.format("{}~{}", "id", pl.lit(name)), source=pl.lit(name), place=pl.lit(None, pl.String)
            ))  # fmt: skip
    public = evidence.observations.filter(~pl.col("source").is_in(heard["id"].to_list()))
    return dataclasses.replace(
        evidence, sources=pl.concat(sources), observations=pl.concat([public, *statements]),
        codings=evidence.codings.clear(),
    )  # fmt: skip


def passed(results: Any, audience: str) -> dict[str, float]:
    from maillage.publish.gate import clear
    from maillage.publish.rules import decide, rests_on, rules, unseen

    known = rules(results.evidence, audience)
    alone = {
        row["id"]: decided for row in results.estimates.iter_rows(named=True)
        if known.behind(rests_on(row)) and not unseen(row, known) and (decided := decide(row, known))["status"] == "ok"
    }  # fmt: skip
    start, used = time.perf_counter(), time.process_time()
    release = clear(results, audience=audience, langs=("en",))
    spent, cpu = time.perf_counter() - start, time.process_time() - used
    shown = {row["id"]: row for row in release.estimates.iter_rows(named=True)}
    kept = [name for name in alone if name in shown and shown[name]["status"] == "ok"]
    exact = [name for name, row in alone.items() if row["kind"] == "shares" and row["k"] is not None]
    return {
        "s": spent, "cpu_s": cpu, "alone": len(alone), "published": len(kept), "kept": len(kept) / len(alone),
        "exact": sum(shown[name]["k"] is not None for name in exact) / max(1, len(exact)), "exact_alone": len(exact),
    }  # fmt: skip


def after_partners(results: Any) -> dict[str, float]:
    """A public release when partners have had theirs, which tells more: both are held against the new one."""
    from maillage.publish.earlier import Earlier, told
    from maillage.publish.gate import clear

    shown = clear(results, audience="partners", langs=("en",)).estimates.iter_rows(named=True)
    rows, people = told(results, "partners", shown)
    before = Earlier(results.date, "partners", rows, frozenset(), people)
    start, used = time.perf_counter(), time.process_time()
    release = clear(results, audience="public", langs=("en",), earlier=[before])
    spent, cpu = time.perf_counter() - start, time.process_time() - used
    return {"s": spent, "cpu_s": cpu, "withheld": release.withheld.height}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MAILLAGE_CONFIG"] = folder
        from maillage.run import measure_all, run
        from maillage.study.folder import open_study

        small = run(open_study(STUDY))
        large = measure_all(generated(small.evidence))
        result = {
            f"{name}_{audience}": passed(results, audience)
            for name, results in (("practice", small), (f"generated_{SOURCES}", large))
            for audience in ("public", "partners")
        }
        result["practice_public_after_partners"] = after_partners(small)
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
