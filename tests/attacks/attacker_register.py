"""What the attacker looks for: everything private of a study, read from its folder; and where it shows in bytes."""

import csv
import getpass
import json
import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import attacker_bytes
from made_attacked import SECRET

PERSONAL = ("interview", "focus_group", "expert_meeting")
HEX = re.compile(rb"[0-9a-f]{32,64}")
MOMENT = re.compile(rb"\d{4}-\d\d-\d\d[T ](?!00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?\b)\d\d:\d\d")
PDF_MOMENT = re.compile(rb"D:\d{8}(?!000000)\d{6}")
FOLDERS = re.compile(rb"(?:/home/|/tmp/|/root\b|/Users/|/usr/|/var/|/work/|\b[A-Z]:\\\\?[A-Za-z])")
TEXT = re.compile(r"\.(html|csv|json|geojson|xml|rels)(>plain)?$|>text$|>properties$|>[a-z_]+$")
CELL = re.compile(r' (?:r|ref|sqref|topLeftCell|activeCell)="[A-Z]+\d+(?::[A-Z]+\d+)?"')  # places in a spreadsheet
WORDS = 6


@dataclass(frozen=True, slots=True)
class Register:
    """Of one study: `people` (rows of private sources), ids of log entries and statements, names, coders, interviewers,
    texts."""

    people: tuple[dict[str, str], ...]
    ids: frozenset[bytes]
    tokens: frozenset[str]
    names: frozenset[str]
    spoken: frozenset[str]


@cache
def register(study: Path) -> Register:
    """Read from the folder, not by the program."""
    raw = study / "coding" if (study / "coding").is_dir() else study / "raw"
    people = tuple(row for row in rows(raw / "sources.csv") if not _is_open(row))
    entries = [json.loads(line) for file in (study / "log").glob("*.jsonl") for line in file.read_bytes().splitlines()]
    ids = {str(entry[name]).encode() for entry in entries for name in ("id", "h", "prev")}
    said = [row for file in raw.glob("observations*.csv") for row in rows(file)]
    tokens = {row["id"] for row in people} | {row["id"] for row in said} | {str(entry["by"]) for entry in entries}
    tokens |= {row["interviewer"] for row in people if row.get("interviewer")}
    named = rows(raw / "identities.csv") if (raw / "identities.csv").is_file() else []
    names = {row[column] for row in named for column in ("name", "contact")}
    texts = [(study / row["locator"]).read_text("utf-8") for row in people if (study / row["locator"]).is_file()]
    return Register(people, frozenset(ids), frozenset(tokens), frozenset(names), frozenset(_runs("\n".join(texts))))


def rows(file: Path) -> list[dict[str, str]]:
    """A CSV file."""
    return list(csv.DictReader(file.read_text("utf-8").splitlines()))


def _is_open(row: Mapping[str, str]) -> bool:
    return row["kind"] in ("document", "dataset") and row["sensitivity"] in ("", "low")


def _runs(text: str) -> Iterator[str]:
    """Every run of so many words, folded; what the interviewer asks is in the guide."""
    for line in text.splitlines()[2:]:
        told = re.findall(r"\w+", line.casefold()) if not line.startswith("Q.") else []
        yield from (" ".join(told[at : at + WORDS]) for at in range(len(told) - WORDS + 1))


def found(content: Mapping[str, bytes], known: Register) -> Iterator[str]:
    """What of the register shows in which layer of which file."""
    machine = [name for name in (socket.gethostname(), getpass.getuser()) if len(name) > 5]
    words = [word.lower().encode() for word in (SECRET, *machine, *known.names)]
    for where, raw in attacker_bytes.opened(content):
        readable = TEXT.search(where) is not None
        low = raw.lower()
        hits = {word for word in words if word in low}
        hits |= {hit.group() for pattern in (MOMENT, PDF_MOMENT) for hit in pattern.finditer(raw)}
        hits |= {hit.group() for hit in FOLDERS.finditer(raw)} if readable else set()
        hits |= {hit for hit in HEX.findall(raw) if hit.strip(b"0")} & known.ids
        yield from (f"{where}: {hit.decode('latin-1')}" for hit in sorted(hits))
        if readable:
            text = raw.decode("utf-8", "replace")
            yield from _spoken(where, CELL.sub("", text) if "worksheets" in where else text, known)


def _spoken(where: str, text: str, known: Register) -> Iterator[str]:
    words = set(re.findall(r"[\w-]+", text))
    yield from (f"{where}: {token}" for token in sorted(words & known.tokens))
    days = {row["date"] for row in known.people if len(row["date"]) == 10}
    yield from (f"{where}: day {day}" for day in sorted(words & days))
    told = re.findall(r"\w+", re.sub(r"<[^>]*>", " ", text).casefold())
    runs = {" ".join(told[at : at + WORDS]) for at in range(len(told) - WORDS + 1)}
    yield from (f"{where}: words {run}" for run in sorted(runs & known.spoken))
