"""How long things are kept: what is past its day, by the last entry of the log or a day that is named."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from maillage import tables
from maillage.errors import Finding, finding
from maillage.evidence import Evidence
from maillage.study import log

KEPT = {
    "documents": "documents/*", "register": "vault/names-*.age", "transcripts": "vault/*~*.age",
    "field_notes": "vault/field-*.age", "vault": "vault/*.age", "log": "log/*.jsonl", "out": "out/*",
}  # fmt: skip
KEYRINGS = "keyring~"
FIRST = re.compile(rb'\{"at":"([0-9]{4}-[0-9]{2}-[0-9]{2})')


def dates(evidence: Evidence) -> Mapping[str, str]:
    """What is kept until when: what study.yml says, then the cards of tables (`keep_until`); a card wins."""
    cards = {card.name: card.keep_until for card in evidence.cards if card.keep_until}
    return {**evidence.study.care.retention, **cards}


def check(path: Path, evidence: Evidence, today: str | None = None) -> Iterator[Finding]:
    """What is past its day and still there, and dates of things that the study does not know.

    today: a date; by default the day of the last entry of the log, so that a check does not change with the clock.
    """
    today = today or last_day(path)
    cards = {card.name for card in evidence.cards}
    for what, until in sorted(dates(evidence).items()):
        if what not in KEPT and what not in cards and what not in tables.names():
            known = ", ".join([*KEPT, *sorted(cards)])
            yield finding("retention_unknown", file="study.yml", field=f"retention.{what}", value=what, known=known)
        elif is_past(until, today) and _is_there(path, evidence, what):
            yield finding(
                "retention_past", file=f"tables/{what}.yml" if what in cards else "study.yml", field=what, value=what,
                until=until, today=today,
            )  # fmt: skip


def is_past(until: str, today: str) -> bool:
    """Whether a day is over; a month or a year ends with its last day."""
    return bool(today) and today[: len(until)] > until


def last_day(path: Path) -> str:
    """The day of the last entry of all logs; blank where there is none."""
    lines = (file.read_bytes().rstrip(b"\n").rpartition(b"\n")[2] for file in log.files(path))
    return max((match[1].decode() for line in lines if (match := FIRST.match(line))), default="")


def _is_there(path: Path, evidence: Evidence, what: str) -> bool:
    if what in KEPT:
        return any(not file.name.startswith(KEYRINGS) for file in path.glob(KEPT[what]))
    held = getattr(evidence, what, None)
    return held is None or held.height > 0
