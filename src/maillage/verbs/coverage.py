"""`maillage coverage`: who was planned, heard and refused, whether themes are exhausted, and whom to hear next."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from maillage import run
from maillage.evidence import Results
from maillage.labels import Labels
from maillage.measure.planning import Next, Slot, further, slots
from maillage.publish import wording
from maillage.verbs.keyed import key_findings
from maillage.verbs.opening import unlocked

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Coverage:
    """The sample of a study. `themes`: rows of `saturation`; `others`: key findings that no interview would help."""

    slots: tuple[Slot, ...]
    themes: tuple[Mapping[str, Any], ...]
    following: tuple[Next, ...]
    others: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    results: Results

    def by(self, part: Callable[[Slot], str | None]) -> dict[str | None, Slot]:
        """Margins: the slots added up by place or by class."""
        found: dict[str | None, list[Slot]] = {}
        for slot in self.slots:
            found.setdefault(part(slot), []).append(slot)
        return {name: total(each) for name, each in found.items()}


def coverage(path: Path) -> Coverage:
    """Read and measure a study. Raises MaillageError `study_findings`, `vault_locked`."""
    study = unlocked(path)
    results = run.run(study)
    keys = key_findings(path, results)
    told = results.findings.filter(pl.col("id").is_in(keys)).iter_rows(named=True)
    themes = results.estimates.filter(pl.col("measure") == "saturation").iter_rows(named=True)
    return Coverage(
        slots=tuple(slots(results.evidence)),
        themes=tuple(themes),
        following=tuple(further(results.evidence, results.estimates, results.findings, keys)),
        others=tuple((row["id"], row["would_help"]) for row in told if row["would_help"] not in (None, "interview")),
        keys=tuple(keys),
        results=results,
    )


def total(each: Sequence[Slot]) -> Slot:
    """Slots added up; planned where any of them is."""
    planned = [slot.planned for slot in each if slot.planned is not None]
    reasons: Counter[str] = Counter()
    for slot in each:
        reasons.update(slot.reasons)
    done, refused, left = (sum(getattr(slot, part) for slot in each) for part in ("done", "refused", "left"))
    return Slot(None, None, sum(planned) if planned else None, done, refused, left, dict(sorted(reasons.items())))


def record(found: Coverage) -> dict[str, Any]:
    """The coverage as `--json` prints it."""
    return {
        "total": _plain(total(found.slots)),
        "places": {name or "": _plain(slot) for name, slot in found.by(lambda slot: slot.place).items()},
        "classes": {name or "": _plain(slot) for name, slot in found.by(lambda slot: slot.stakeholder).items()},
        "slots": [_named(slot) for slot in found.slots],
        "saturation": [
            {key: row[key] for key in ("place", "answer", "value", "low", "high", "n")} for row in found.themes
        ],
        "next": [
            _named(item.slot) | {"helps": list(item.helps), "fragile": list(item.fragile), "themes": item.themes}
            for item in found.following
        ],
        "other_sources": [{"finding": ident, "would_help": kind} for ident, kind in found.others],
        "key_findings": list(found.keys),
    }


def _plain(slot: Slot) -> dict[str, Any]:
    counts = {"planned": slot.planned, "done": slot.done, "refused": slot.refused, "left": slot.left}
    return {**counts, "reasons": dict(slot.reasons)}


def _named(slot: Slot) -> dict[str, Any]:
    return {"place": slot.place, "stakeholder": slot.stakeholder, **_plain(slot)}


def lines(found: Coverage, lang: str) -> Iterator[str]:
    """The coverage in words."""
    evidence = found.results.evidence
    labels = Labels(lang, evidence.pack, evidence.places, evidence.study.zone_labels)
    whole = total(found.slots)
    key = "coverage_title" if whole.planned is not None else "coverage_no_plan"
    yield labels.phrase(key, done=whole.done, planned=whole.planned, refused=whole.refused)
    if found.slots:
        yield from _table(found, labels)
    if whole.reasons:
        reasons = (f"{labels.code('refusals', code)} ({count})" for code, count in whole.reasons.items())
        yield labels.phrase("coverage_reasons", reasons=", ".join(reasons))
    if found.themes:
        yield from ("", labels.phrase("coverage_themes"), *(f"  {_theme(row, labels)}" for row in found.themes))
    yield from _next_lines(found, labels)
    if found.others:
        yield from ("", labels.phrase("coverage_others"))
    for ident, kind in found.others:
        source = labels.phrase(f"would_help_{kind}")
        yield f"  {labels.phrase('coverage_other', finding=_finding(ident, found, labels), source=source)}"


def _table(found: Coverage, labels: Labels) -> Iterator[str]:
    """One row a place and class, then the margins, in columns that line up."""
    phrase = labels.phrase
    heads = [phrase(f"coverage_{name}") for name in ("place", "class", "planned", "done", "refused", "left")]
    rows = [
        _row(_place(slot.place, labels), labels.code("stakeholders", slot.stakeholder), slot, labels)
        for slot in found.slots
    ]
    every = phrase("coverage_total")
    places = [
        _row(_place(name, labels), every, slot, labels) for name, slot in found.by(lambda slot: slot.place).items()
    ]
    classes = found.by(lambda slot: slot.stakeholder).items()
    margins = [*places, *(_row(every, labels.code("stakeholders", name), slot, labels) for name, slot in classes)]
    blank = [""] * len(heads)
    body = [heads, *rows, blank, *margins]
    widths = [max(len(row[column]) for row in body) for column in range(len(heads))]
    yield ""
    for row in body:
        cells = [
            text.ljust(width) if at < 2 else text.rjust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _row(place: str, stakeholder: str, slot: Slot, labels: Labels) -> list[str]:
    planned = labels.phrase("coverage_unplanned") if slot.planned is None else str(slot.planned)
    return [place, stakeholder or "-", planned, str(slot.done), str(slot.refused), str(slot.left)]


def _place(code: str | None, labels: Labels) -> str:
    return labels.place(code) or "-"


def _theme(row: Mapping[str, Any], labels: Labels) -> str:
    at = "" if row["value"] is None else int(row["value"])
    return labels.phrase(f"coverage_{row['answer']}", place=labels.place(row["place"]), n=row["n"], at=at)


def _next_lines(found: Coverage, labels: Labels) -> Iterator[str]:
    yield from ("", labels.phrase("coverage_next"))
    if not found.keys:
        yield f"  {labels.phrase('coverage_no_keys')}"
    if not found.following:
        yield f"  {labels.phrase('coverage_next_none')}"
    for number, item in enumerate(found.following, 1):
        place, people = _place(item.slot.place, labels), labels.code("stakeholders", item.slot.stakeholder)
        yield f"  {number}. {people}, {place}"
        yield from (f"     - {reason}" for reason in _reasons(item, found, labels))


def _reasons(item: Next, found: Coverage, labels: Labels) -> Iterator[str]:
    """Why this interview, in the order in which it counts."""
    if item.helps:
        named = "; ".join(_finding(ident, found, labels) for ident in item.helps[:SHOWN])
        yield labels.phrase("coverage_helps", findings=named + ("; …" if len(item.helps) > SHOWN else ""))
    if item.fragile:
        yield labels.phrase("coverage_fragile", count=len(item.fragile))
    if item.themes in ("not_reached", "too_few"):
        yield labels.phrase(f"coverage_themes_{item.themes}")
    if item.slot.planned is None:
        yield labels.phrase("coverage_outside")
    else:
        yield labels.phrase("coverage_missing", left=item.slot.left, planned=item.slot.planned)
    if item.slot.refused:
        yield labels.phrase("coverage_way_in", count=item.slot.refused)


def _finding(ident: str, found: Coverage, labels: Labels) -> str:
    row = found.results.estimates.filter(pl.col("id") == ident).row(0, named=True)
    return wording.label(row, labels)
