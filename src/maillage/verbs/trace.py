"""`maillage trace`: from a number to the statements, sources and log entries behind it."""

import dataclasses
from pathlib import Path
from typing import Any

from maillage import tables
from maillage.evidence import Results
from maillage.labels import Labels, phrases
from maillage.pack import Pack
from maillage.run import Trace, run
from maillage.run import trace as behind
from maillage.study.folder import Study
from maillage.verbs.opening import unlocked

SHOWN = ("value", "low", "high", "interval", "unit", "k", "n", "missing", "feasible", "status", "reason", "method",
         "confidence")  # fmt: skip
CODES = ("source_kinds", "kinds", "polarity", "modality", "status_answers")


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


def lines(found: Trace, lang: str, pack: Pack) -> list[str]:
    """A trace for people: the number and its columns, then a line a statement, in words of `lang`."""
    labels = Labels(lang, pack, None)
    columns = [
        f"  {labels.phrase(f'trace_{name}', value=_said(name, found.estimate[name], labels))}"
        for name in SHOWN if found.estimate[name] is not None
    ]  # fmt: skip
    told: list[str] = []
    for item in found.behind:
        source = " ".join(filter(None, (item.source, _word(item.kind, labels), item.grade)))
        where = item.locator or (f"{item.passage[0]}-{item.passage[1]}" if item.passage else "")
        said = ", ".join(_word(code, labels) for code in item.said.split())
        told.append(
            f"{'+' if item.counts == 'for' else ' '} {item.id} | {said} | {source} | {where} | {item.entry or ''}"
        )
    return [str(found.estimate["id"]), *columns, *told]


def _said(name: str, value: Any, labels: Labels) -> str:
    """The value of a column; a code by its label."""
    reason = f"reason_{value}"
    if name == "unit":
        return labels.unit(value)
    if name == "reason" and reason in phrases():
        return labels.phrase(reason)
    return labels.code(name, value) if name in ("status", "confidence") else str(value)


def _word(code: str, labels: Labels) -> str:
    """The label of a code of a statement, whatever list it is from; what is none, a number or a date, as it is."""
    house = tables.codes()
    names = [name for name in (*CODES, *labels.pack.lists) if code in (house.get(name) or labels.pack.codes(name))]
    question = labels.pack.questions.get(code)
    return labels.code(names[0], code) if names else question.label[labels.lang] if question else code
