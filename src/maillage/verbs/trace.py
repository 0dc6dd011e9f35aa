"""`maillage trace`: from a number to the statements, sources and log entries behind it."""

import dataclasses
from pathlib import Path

from maillage.evidence import Results
from maillage.run import Trace, run
from maillage.run import trace as behind
from maillage.study.folder import Study
from maillage.verbs.opening import unlocked

SHOWN = ("value", "low", "high", "interval", "unit", "k", "n", "missing", "feasible", "status", "reason", "method",
         "confidence")  # fmt: skip


def trace(study: Study, results: Results, estimate_id: str) -> Trace:
    """What a number of `results` rests on. Raises MaillageError `estimate_unknown` naming the nearest ids."""
    assert study.settings.id == results.evidence.study.id, "results of another study"
    return behind(results, estimate_id)


def trace_path(path: Path, estimate_id: str) -> Trace:
    """The same for the study folder at `path`, computed anew."""
    study = unlocked(path)
    years = "@" in estimate_id
    return trace(study, run(study, by_period=years), estimate_id)


def record(found: Trace) -> dict[str, object]:
    """A trace as plain data, blank fields left out."""
    return {
        "estimate": {key: value for key, value in found.estimate.items() if value not in (None, [])},
        "finding": found.finding and {key: value for key, value in found.finding.items() if value not in (None, [])},
        "statements": [dataclasses.asdict(item) for item in found.behind],
    }


def lines(found: Trace) -> list[str]:
    """A trace for people: the number and its columns, then a line a statement."""
    columns = [f"  {name}: {found.estimate[name]}" for name in SHOWN if found.estimate[name] is not None]
    told: list[str] = []
    for item in found.behind:
        source = " ".join(part for part in (item.source, item.kind, item.grade) if part)
        where = item.locator or (f"{item.passage[0]}-{item.passage[1]}" if item.passage else "")
        mark = "+" if item.counts == "for" else " "
        told.append(f"{mark} {item.id} | {item.said} | {source} | {where} | {item.entry or ''}")
    return [str(found.estimate["id"]), *columns, *told]
