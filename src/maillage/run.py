"""The whole computation on one page: load -> check -> measure -> decide; and the way back from a number.

Pure but for loading. The module can be called: `maillage.run(study)` is `maillage.run.run(study)`.
"""

import difflib
import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import polars as pl

from maillage import onename
from maillage.decide.priorities import priorities
from maillage.errors import Finding, MaillageError, has_errors
from maillage.estimate import stack
from maillage.evidence import Evidence, Results
from maillage.intake.load import load_tables
from maillage.measure import KINDS
from maillage.measure import published as published_shares
from maillage.measure.brokerage import standing
from maillage.measure.composite_rows import indices
from maillage.measure.confidence import findings, with_confidence
from maillage.measure.contradictions import contradictions
from maillage.measure.flows import routes
from maillage.measure.index_rounds import by_round
from maillage.measure.steadiness import orders, steadiness
from maillage.study.check import check_evidence, check_log
from maillage.study.folder import Study
from maillage.study.observations import Replay, replay
from maillage.uncollected import uncollected

Step = Callable[[str], None]
importlib.import_module("numpy.ma")  # polars asks for it at the first array: better as the program starts than in a run


@dataclass(frozen=True, slots=True)
class Behind:
    """One statement, event, source or indicator row behind a number; `counts`: for (makes k) or base (makes n)."""

    id: str
    counts: str
    source: str
    kind: str
    grade: str | None
    locator: str | None
    passage: tuple[int, int] | None
    said: str
    entry: str | None


@dataclass(frozen=True, slots=True)
class Trace:
    """A number and everything it rests on."""

    estimate: Mapping[str, Any]
    finding: Mapping[str, Any] | None
    behind: tuple[Behind, ...]


def _quiet(name: str) -> None:
    """Nobody watches."""


def load(study: Study) -> tuple[Evidence, list[Finding]]:
    """Logs and tables of a study as evidence, with what is wrong with them. Nothing is raised."""
    evidence, _, found = _loaded(study)
    return evidence, found


def _loaded(study: Study) -> tuple[Evidence, Replay, list[Finding]]:
    known = replay(study)
    read = load_tables(study.path, study.settings, study.pack.lookups)
    evidence = Evidence(
        study=study.settings,
        pack=study.pack,
        sources=known.sources,
        observations=known.observations,
        codings=known.codings,
        passages=known.coded.passages,
        codebook=known.coded.codebook,
        memos=known.coded.memos,
        assignments=known.coded.assignments,
        decisions=known.coded.decisions,
        gone=_gone(known),
        guides=_guides(known),
        quotes=known.coded.quotes,
        approvals=known.coded.approvals,
        places=read.places,
        zones=read.zones,
        plan=read.plan,
        events=read.events,
        indicators=read.indicators,
        outlines=read.outlines,
        cards=read.cards,
    )
    evidence = onename.merged(evidence)
    return evidence, known, [*known.findings, *read.findings, *published_shares.problems(evidence)]


def _gone(known: Replay) -> tuple[int, int]:
    """How many people who were interviewed withdrew, and how many were erased since."""
    asked = known.sources.filter(pl.col("kind") == "interview")["id"]
    return len(set(asked) & set(known.withdrawn)), len(known.erased)


def _guides(known: Replay) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The guides that entries of kind `guide` name: pack and version, languages; each once."""
    said = [entry.data for entry in known.standing if entry.kind == "guide"]
    whole = [body for body in said if isinstance(body.get("languages"), list)]
    return tuple(
        sorted({(f"{body.get('pack')} {body.get('version')}", tuple(map(str, body["languages"]))) for body in whole})
    )


@uncollected()
def run(study: Study, *, by_period: bool = False, step: Step = _quiet) -> Results:
    """Everything a study gives. Raises MaillageError `study_findings` with all errors where it does not check clean,
    `vault_locked` where informants cannot be read: a number that leaves them out would be a wrong one.

    by_period: further estimates by year (`links/P/TYPE@2024`). step: told the name of each measure as it starts.
    """
    step("load")
    evidence, known, problems = _loaded(study)
    if known.closed:
        raise MaillageError("vault_locked")
    problems = [*check_log(study.path, study.settings.id), *problems, *check_evidence(evidence)]
    if has_errors(problems):
        raise MaillageError("study_findings", findings=problems, count=len(problems))
    return measure_all(evidence, head=known.head, date=known.date, by_period=by_period, step=step)


def measure_all(
    evidence: Evidence, *, head: str = "", date: str = "", by_period: bool = False, step: Step = _quiet
) -> Results:
    """All measures of the pack, then findings, then actions. Pure: equal evidence gives equal bytes."""
    frames: list[pl.DataFrame] = []
    for name, spec in sorted(evidence.pack.measures.items()):
        if spec["kind"] in KINDS:
            step(name)
            frames.append(KINDS[spec["kind"]](evidence, name, {**spec, "by_period": by_period}))
    step("indices")
    measured = stack(frames)
    measured = stack([measured, indices(evidence, measured), by_round(evidence, measured)])
    step("findings")
    found = findings(evidence, measured)
    measured = with_confidence(measured, found)
    step("priorities")
    ranked, numbers = priorities(evidence, measured, found)
    return Results(
        stack([measured, numbers]), found, ranked, routes(evidence), evidence, head, date,
        steadiness=steadiness(evidence, measured), orders=orders(evidence, measured), brokers=standing(evidence),
        contradictions=contradictions(evidence, measured, found),
    )  # fmt: skip


def trace(results: Results, estimate_id: str) -> Trace:
    """The statements behind a number: passage, source (its pseudonymous id, kind and grade), log entry.

    Raises MaillageError `estimate_unknown` naming the nearest ids.
    """
    rows = results.estimates.filter(pl.col("id") == estimate_id)
    if rows.is_empty():
        nearest = difflib.get_close_matches(estimate_id, results.estimates["id"].to_list(), n=3, cutoff=0.3)
        raise MaillageError("estimate_unknown", value=estimate_id, nearest=", ".join(nearest) or "-")
    row = rows.row(0, named=True)
    finding = results.findings.filter(pl.col("id") == estimate_id)
    return Trace(row, None if finding.is_empty() else finding.row(0, named=True), _behind(results.evidence, row))


def _behind(evidence: Evidence, row: Mapping[str, Any]) -> tuple[Behind, ...]:
    """What each id of a trace stands for, in the order of the trace."""
    counted = set(row["counted"] or ())
    wanted = row["trace"] or []
    told = evidence.coded.filter(pl.col("id").is_in(wanted))
    statements = {item["id"]: item for item in told.iter_rows(named=True)}
    sources = {item["id"]: item for item in evidence.sources.iter_rows(named=True)}
    found: list[Behind] = []
    for ident in wanted:
        counts = "for" if ident in counted else "base"
        if ident in statements:
            found.append(_statement(statements[ident], sources[statements[ident]["source"]], counts))
        else:
            kind, _, rest = ident.partition(":")
            source = sources.get(rest)
            entry = source["entry"] if source else None
            name, _, said = rest.partition(":")
            found.append(Behind(ident, counts, rest if source else name, kind, None, None, None, said, entry))
    return tuple(found)


def _statement(item: Mapping[str, Any], source: Mapping[str, Any], counts: str) -> Behind:
    told = (item["question"], item["answer"], item["polarity"], item["modality"])
    passage = None if item["start"] is None else (item["start"], item["end"])
    return Behind(
        id=item["id"],
        counts=counts,
        source=source["id"],
        kind=source["kind"],
        grade=source["reliability"],
        locator=item["locator"],
        passage=passage,
        said=" ".join(part for part in told if part),
        entry=item["entry"],
    )


class _Callable(ModuleType):
    """A module that computes when it is called, so that `maillage.run` is both the page and the verb."""

    def __call__(self, study: Study, *, by_period: bool = False, step: Step = _quiet) -> Results:
        """As `run`."""
        return run(study, by_period=by_period, step=step)


sys.modules[__name__].__class__ = _Callable
