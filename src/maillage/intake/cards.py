"""Cards: what a data set is, whose it is, and how its columns become ours. Nobody edits data by hand.

A card `tables/<name>.yml` holds kind, file, title, source, licence, pulled, sha256, coverage, notes and, where the
columns are not ours:

    map:    {our column: their column, other: {const: value}, date: {parts: [year, month, day]}}
    melt:   {their column: {indicator: code, unit: unit, low: column, high: column, scale: 0.01}}
    rename: {our column: {their value: our value}}
    filter: {their column: value or [values]}
    precision: their column or a number       drop: [our value of place]
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from maillage.errors import Finding, finding
from maillage.evidence import Card

KINDS = ("places", "zones", "plan", "events", "indicators", "aliases", "actors")
KEYS = {"kind", "file", "title", "source", "licence", "pulled", "sha256", "coverage", "notes", "attribution"}
OPTIONS = {"map", "melt", "rename", "filter", "precision", "drop", "derived", "period"}


def read_cards(study: Path) -> tuple[list[Card], list[Finding]]:
    """All cards of a study, by name."""
    cards: list[Card] = []
    problems: list[Finding] = []
    for path in sorted((study / "tables").glob("*.yml")):
        card, wrong = read_card(path)
        problems += wrong
        if card is None:
            continue
        file = study / card.file
        if not _inside(study, file):
            problems.append(finding("card_path", file=path.name, field="file", value=card.file))
        elif not file.is_file():
            problems.append(finding("card_file_missing", file=path.name, field="file", value=card.file))
        else:
            if card.sha256 and card.sha256 != sha256(file):
                problems.append(finding("card_hash", file=path.name, field="sha256", value=card.file))
            cards.append(card)
    return cards, problems


def read_card(path: Path) -> tuple[Card | None, list[Finding]]:
    """One card, or what is wrong with it."""
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except (UnicodeDecodeError, yaml.YAMLError) as problem:
        mark = getattr(problem, "problem_mark", None)
        return None, [finding("card_yaml", file=path.name, line=int(mark.line) + 1 if mark else None)]
    if not isinstance(raw, dict):
        return None, [finding("card_yaml", file=path.name, line=1)]
    known = ", ".join(sorted(KEYS | OPTIONS))
    problems = [finding("card_key", file=path.name, field=str(k), known=known) for k in raw if k not in KEYS | OPTIONS]
    if raw.get("kind") not in KINDS:
        problems.append(
            finding("card_kind", file=path.name, field="kind", value=raw.get("kind"), kinds=", ".join(KINDS))
        )
    if problems:
        return None, problems
    return make_card(path.stem, raw), []


def make_card(name: str, raw: Mapping[str, Any]) -> Card:
    """A card from its mapping."""
    title, coverage = raw.get("title") or name, raw.get("coverage")
    return Card(
        name=name,
        kind=raw["kind"],
        file=str(raw.get("file") or f"tables/{name}.csv"),
        title={"en": title, "fr": title} if isinstance(title, str) else title,
        source=str(raw.get("source") or ""),
        licence=str(raw.get("licence") or ""),
        pulled=str(raw["pulled"]) if raw.get("pulled") else None,
        sha256=raw.get("sha256"),
        coverage=(str(coverage["from"]), str(coverage["to"])) if coverage else None,
        notes=raw.get("notes") or {},
        options={key: raw[key] for key in OPTIONS if key in raw},
    )


def card_text(raw: Mapping[str, Any]) -> str:
    """A card as YAML, keys in reading order."""
    order = [
        "kind",
        "file",
        "title",
        "source",
        "licence",
        "pulled",
        "sha256",
        "coverage",
        "map",
        "melt",
        "rename",
        "filter",
    ]
    keys = [key for key in order if raw.get(key)] + [key for key in raw if key not in order]
    return yaml.safe_dump({key: raw[key] for key in keys}, allow_unicode=True, sort_keys=False, width=110)


def sha256(path: Path) -> str:
    """Hash of a file's bytes, hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _inside(study: Path, file: Path) -> bool:
    """Whether a file really lies in the study: no way out by `..`, absolute paths or links."""
    return file.resolve().is_relative_to(study.resolve())
