"""`maillage risk`: what somebody who knows something already could work out of the release as it would go out."""

from collections.abc import Callable, Sequence, Set
from dataclasses import asdict
from pathlib import Path
from typing import Any

from maillage import numbers, run
from maillage.errors import MaillageError
from maillage.evidence import Results
from maillage.labels import phrases, sentence
from maillage.publish.earlier import Earlier, held
from maillage.publish.exposure import KEYS, Exposed, Exposure, exposure
from maillage.publish.rules import rules
from maillage.publish.together import fixed_counts
from maillage.publish.worked_out import WorkedOut
from maillage.study import ledger
from maillage.study.folder import Study
from maillage.verbs import gate
from maillage.verbs.opening import unlocked

AUDIENCES = ("public", "partners")
SHOWN = 10


def risk(path: Path, reader: str, *, audience: str, step: Callable[[str], None]) -> Exposure:
    """Compute the study, clear the release for `audience` in memory, and read it as `reader` would. Writes nothing.

    Raises MaillageError `reader_unknown`, `risk_audience`, and those of `maillage.run` and the gate.
    """
    if reader not in KEYS:
        raise MaillageError("reader_unknown", exit_code=2, value=reader, readers=", ".join(KEYS))
    if audience not in AUDIENCES:
        raise MaillageError("risk_audience", exit_code=2, value=audience)
    study = unlocked(path)
    results = gate.by_kind(study, run.run(study, step=step), audience)
    step("risk")
    return read(study, results, reader, audience=audience)


def read(
    study: Study, results: Results, reader: str, *, audience: str, tried: Set[str] = frozenset()
) -> Exposure:  # fmt: skip
    """What `reader` gets out of the release of these results. tried: ids let through as if that were signed."""
    evidence = results.evidence
    release, kept = gate.cleared(study, results, audience=audience, langs=evidence.study.languages, tried=tried)
    before = gate.earlier(study, evidence) if kept else []
    return exposure(
        results, release, reader, fixed=fixed_counts(held(before, audience), rules(evidence, audience), evidence),
        exceptions=_excepted(study, before, audience, kept["exceptions"] if kept else ()),
    )  # fmt: skip


def _excepted(
    study: Study, before: Sequence[Earlier], audience: str, now: Sequence[str]
) -> dict[str, set[str]]:  # fmt: skip
    """By id of a number, the names of its counts that left against the rules, in this release and in earlier ones."""
    found = {ident: {ident} for ident in now}
    numbered = [record for record in ledger.records(study) if record.body["rows"]] if before else []
    seen = [record for record, one in zip(numbered, before, strict=True) if one in held([one], audience)]
    for at, record in enumerate(seen):
        for ident in record.body["exceptions"]:
            found.setdefault(ident, set()).add(f"{ident}#{at}")
    return found


def record(found: Exposure) -> dict[str, Any]:
    """The outcome as `--json` prints it."""
    return {
        "reader": found.reader,
        "audience": found.audience,
        "knows": list(KEYS[found.reader]),
        "numbers": found.numbers,
        "against": list(found.against),
        "worked_out": [asdict(one) for one in found.worked_out],
        "people": [_record(one, found.numbers) for one in found.people],
    }


def _record(one: Exposed, whole: int) -> dict[str, Any]:
    return {
        "source": one.source, "alike": one.alike, "alone": one.alone, "sure": round(one.sure, 4), "said": one.said,
        "asked": one.asked, "through": list(one.through),
        "coarsening_loses": list(one.lost), "share_lost": round(len(one.lost) / whole, 4) if whole else 0.0,
    }  # fmt: skip


def summary(found: Exposure, lang: str) -> list[str]:
    """The outcome in words: what the reader knows, what follows, what speaks of the reader."""
    said = {"audience": phrases()[f"audience_{found.audience}"][lang], "count": numbers.number(found.numbers, lang, 0)}
    lines = [_say("risk_title", lang, **said), _say(f"risk_knows_{found.reader}", lang)]
    if found.worked_out:
        lines.append(_say("risk_worked_out", lang, count=len(found.worked_out)))
        lines += [line for one in found.worked_out[:SHOWN] for line in worked_out(one, lang)]
        more = len(found.worked_out) - SHOWN
        lines += [_say("risk_more", lang, count=more)] if more > 0 else []
    else:
        lines.append(_say("risk_nothing", lang))
    if found.against:
        named = ", ".join(found.against[:SHOWN])
        lines.append(_say("risk_against", lang, count=len(found.against), ids=named))
    few = sum(one.alike == 1 for one in found.people)
    lines.append(_say("risk_unique", lang, count=few, people=len(found.people)))
    return lines


def worked_out(one: WorkedOut, lang: str) -> list[str]:
    """One statement with its people, and what lets it be worked out."""
    cause = ("exception" if one.exceptions else "release") + ("_out" if one.earlier else "")
    why = _say(f"risk_by_{cause}", lang, ids=numbers.between(lang).join(one.exceptions))
    return [_say("risk_of", lang, statement=one.statement, people=numbers.between(lang).join(one.people)), why]


def heads(lang: str) -> list[str]:
    """Heads of the table of people."""
    return [_say(f"risk_head_{name}", lang) for name in ("source", "alike", "sure", "through", "lost")]


def table(found: Exposure, lang: str) -> list[list[str]]:
    """The people closest to being told, the closest first; those of whom the same is to be said stand together."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for one in found.people:
        source, *said = _row(one, found.numbers, lang)
        rows.setdefault(tuple(said), []).append(source)
    return [[numbers.between(lang).join(sources), *said] for said, sources in list(rows.items())[:SHOWN]]


def _row(one: Exposed, whole: int, lang: str) -> list[str]:
    alone = _say("risk_alone", lang) if one.alone else ""
    sure = _say("risk_sure", lang, said=one.said, n=one.asked) if one.sure else "-"
    lost = (
        _say("risk_lost", lang, count=len(one.lost), share=numbers.percent(len(one.lost) / whole, lang))
        if whole
        else "-"
    )
    return [one.source, f"{one.alike}{alone}", sure, "\n".join(one.through) or "-", lost]


def _say(key: str, lang: str, **facts: object) -> str:
    return sentence(key, lang, **facts)
