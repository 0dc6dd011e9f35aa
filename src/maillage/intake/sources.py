"""Sources from a table."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from maillage.errors import Finding, finding
from maillage.evidence import Card
from maillage.intake.frames import read_frame, rows_of
from maillage.intake.records import Reader, Record
from maillage.intake.rows import read_csv

CONSENT_NEEDED = {"interview", "focus_group", "expert_meeting"}


def read_sources(path: Path, reader: Reader, card: Card) -> tuple[list[Record], list[Finding]]:
    """Sources of a table, its columns as its card says, and everything wrong with it."""
    if card.options or path.suffix.lower() == ".parquet":
        frame, found = read_frame(path, card)
        records, problems = reader.read(rows_of(path.name, frame, found), "sources")
    else:
        records, problems = reader.read(read_csv(path), "sources")
    seen: set[str] = set()
    latest = (date.today() + timedelta(days=1)).isoformat()  # somewhere it is tomorrow already
    for record in records:
        where: dict[str, Any] = {"file": path.name, "line": record.line, "row": record.number}
        name = record.data.get("id", "")
        if name and name in seen:
            problems.append(finding("id_twice", **where, field="id", value=name))
        seen.add(name)
        told = str(record.data.get("date") or "")
        if told[:10] > latest[: len(told)]:
            problems.append(finding("date_to_come", **where, field="date", value=told))
        if record.data.get("kind") in CONSENT_NEEDED and not record.data.get("consent"):
            problems.append(finding("consent_blank", **where, field="consent", value=name))
    return records, problems
