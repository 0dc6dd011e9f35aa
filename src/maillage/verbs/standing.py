"""The entries of all logs that count today, by kind: what a verb needs that goes over whole entries, not tables."""

from dataclasses import dataclass, field

from maillage.errors import Finding
from maillage.study import log
from maillage.study.entries import Entry
from maillage.study.folder import Study
from maillage.study.undoing import without_undone


@dataclass(slots=True)
class Standing:
    """What the logs hold: ids ever used, entries that count by kind in the order of the logs, sources gone."""

    ids: set[str] = field(default_factory=set[str])
    away: set[str] = field(default_factory=set[str])
    kinds: dict[str, list[Entry]] = field(default_factory=dict[str, list[Entry]])
    damage: tuple[Finding, ...] = ()

    def of(self, kind: str) -> list[Entry]:
        """The entries of a kind that count."""
        return self.kinds.get(kind, [])


def standing(study: Study) -> Standing:
    """Read the logs of a study; what is retracted, superseded or of a withdrawn or erased source does not count."""
    logs = [log.read(path) for path in log.files(study.path)]
    entries = [entry for item in logs for entry in item.entries]
    said = without_undone(entries)
    gone = {entry.of for entry in said if entry.op in ("retract", "supersede")}
    away = {entry.of for entry in said if entry.op in ("withdraw", "erase")}
    kinds: dict[str, list[Entry]] = {}
    for entry in said:
        if entry.op in ("assert", "supersede") and entry.id not in gone:
            source = entry.data.get("id") if entry.kind == "source" else entry.data.get("source")
            if source is None or source not in away:
                kinds.setdefault(entry.kind, []).append(entry)
    ids = {entry.id for entry in entries}
    return Standing(ids, {str(name) for name in away}, kinds, tuple(item.damage for item in logs if item.damage))
