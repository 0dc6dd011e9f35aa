"""Where two people corrected, withdrew or decided the same thing differently, not knowing of each other."""

from collections.abc import Sequence

from maillage.errors import Finding, finding
from maillage.study.entries import Entry, canonical

SCOPE = ("source", "question", "market", "actor", "other", "place")


def conflicts(entries: Sequence[Entry]) -> list[Finding]:
    """Two standing answers to one entry, or to one question between coders; both are kept, the later counts.

    One of them retracted or superseded, the conflict is over.
    """
    gone = {entry.of for entry in entries if entry.op in ("retract", "supersede")}
    said = [entry for entry in entries if entry.id not in gone]
    return [*_corrections(said), *_decisions(said)]


def _corrections(entries: Sequence[Entry]) -> list[Finding]:
    touched: dict[str, dict[bytes, Entry]] = {}
    for entry in entries:
        if entry.op in ("retract", "supersede") and entry.of:
            said = canonical({"op": entry.op, "data": dict(entry.data) if entry.op == "supersede" else {}})
            touched.setdefault(entry.of, {})[said] = entry
    return [
        finding("merge_conflict", file="log", value=of, coders=_names(list(ways.values())))
        for of, ways in sorted(touched.items())
        if len(ways) > 1
    ]


def _decisions(entries: Sequence[Entry]) -> list[Finding]:
    touched: dict[tuple[str, ...], dict[tuple[str, ...], Entry]] = {}
    for entry in entries:
        if entry.kind == "decision" and entry.op in ("assert", "supersede"):
            key = tuple(str(entry.data.get(name) or "") for name in SCOPE)
            touched.setdefault(key, {})[tuple(sorted(entry.data.get("observations") or ()))] = entry
    return [
        finding("decision_conflict", file="log", value=key[0], question=key[1], coders=_names(list(ways.values())))
        for key, ways in sorted(touched.items())
        if len({entry.by for entry in ways.values()}) > 1
    ]


def _names(entries: Sequence[Entry]) -> str:
    return ", ".join(sorted({entry.by for entry in entries}))
