"""Cards: what a data set is, whose it is, and how its columns become ours. Nobody edits data by hand.

A card `tables/<name>.yml` holds kind, file, title, source, licence, pulled, sha256, coverage, notes and, where the
columns are not ours:

    map:    {our column: their column, other: {const: value}, date: {parts: [year, month, day]}}
    melt:   {their column: {indicator: code, unit: unit, low: column, high: column, scale: 0.01}}
    rename: {our column: {their value: our value}}
    filter: {their column: value or [values]}
    precision: their column or a number       drop: [our value of place]
    projected: {indicator: [periods that the source foresaw and did not observe]}
    gives_way: true (of places: what another table says of the same place counts)

Where a file replaced an earlier pull of the same data, `earlier` lists those: pulled, sha256, and how many rows the
next one added, changed and deleted.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from maillage import plain_yaml
from maillage.errors import Finding, finding
from maillage.evidence import Card
from maillage.intake import values

KINDS = ("places", "zones", "plan", "events", "indicators", "aliases", "actors", "units")
KEYS = {
    "kind",
    "file",
    "title",
    "source",
    "licence",
    "pulled",
    "sha256",
    "coverage",
    "notes",
    "attribution",
    "keep_until",
    "earlier",
}
OPTIONS = {"map", "melt", "rename", "filter", "precision", "drop", "derived", "period", "projected", "gives_way"}


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
        if not inside(study, file):
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
        raw = plain_yaml.read_file(path)
    except (UnicodeDecodeError, yaml.YAMLError) as problem:
        return None, [finding("card_yaml", file=path.name, line=plain_yaml.line_of(problem))]
    if not isinstance(raw, dict):
        return None, [finding("card_yaml", file=path.name, line=1)]
    problems = check_card(raw, path.name)
    if raw.get("kind") not in KINDS:
        problems.append(
            finding("card_kind", file=path.name, field="kind", value=raw.get("kind"), kinds=", ".join(KINDS))
        )
    if problems:
        return None, problems
    return make_card(path.stem, raw), []


def check_card(raw: Mapping[Any, Any], file: str) -> list[Finding]:
    """Keys a card does not have, and values a key cannot have."""
    known = ", ".join(sorted(KEYS | OPTIONS))
    unknown = [str(key) for key in raw if key not in KEYS | OPTIONS]
    odd = [(key, raw[key]) for key, fits in SHAPES.items() if raw.get(key) is not None and not fits(raw[key])]
    return [
        *(finding("card_key", file=file, field=key, known=known) for key in unknown),
        *(finding("card_value", file=file, field=key, value=value) for key, value in odd),
    ]


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float | date)


def _is_words(value: Any) -> bool:
    return isinstance(value, str)


def _is_text(value: Any) -> bool:
    """A text, or texts by language."""
    return isinstance(value, str) or (isinstance(value, dict) and all(isinstance(text, str) for text in value.values()))


def _is_map(value: Any) -> bool:
    """Our column: theirs, a constant, or a date in parts."""
    return isinstance(value, dict) and all(_is_scalar(theirs) or _is_made(theirs) for theirs in value.values())


def _is_made(theirs: Any) -> bool:
    if not isinstance(theirs, dict) or len(theirs) != 1:
        return False
    parts: Any = theirs.get("parts")
    return _is_scalar(theirs.get("const")) or (_is_list(parts) and 0 < len(parts) <= 3)


def _is_melt(value: Any) -> bool:
    if not isinstance(value, dict) or not value:
        return False
    specs = list(value.values())
    return all(isinstance(spec, dict) and spec.keys() <= MELTED and "indicator" in spec
               and all(_is_scalar(item) for item in spec.values())
               and isinstance(spec.get("scale", 1), int | float) for spec in specs)  # fmt: skip


def _is_rename(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(pairs, dict) and all(_is_scalar(new) for new in pairs.values()) for pairs in value.values()
    )


def _is_filter(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_scalar(kept) or _is_list(kept) for kept in value.values())


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(_is_scalar(item) for item in value)


def _is_coverage(value: Any) -> bool:
    """The first and the last date, in order."""
    if not isinstance(value, dict) or value.keys() != {"from", "to"}:
        return False
    first, last = str(value["from"]), str(value["to"])
    return bool(values.date(first) and values.date(last)) and (first <= last or first.startswith(last))


def _is_earlier(value: Any) -> bool:
    """Pulls that were replaced: their day and hash, and what came of it."""
    return isinstance(value, list) and all(isinstance(pull, dict) and pull.keys() <= EARLIER for pull in value)


def _is_precision(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, int) and 1 <= value <= 7)


MELTED = {"indicator", "unit", "low", "high", "scale"}
EARLIER = {"pulled", "sha256", "added", "changed", "deleted"}
SHAPES: Mapping[str, Callable[[Any], bool]] = {
    "title": _is_text, "notes": _is_text, "attribution": _is_text, "derived": _is_text,
    "source": _is_text, "licence": _is_text, "file": _is_words,
    "sha256": lambda value: bool(re.fullmatch("[0-9a-f]{64}", str(value))),
    "pulled": lambda value: values.date(str(value)) is not None, "coverage": _is_coverage, "map": _is_map,
    "melt": _is_melt, "rename": _is_rename, "filter": _is_filter, "precision": _is_precision, "drop": _is_list,
    "projected": lambda value: isinstance(value, dict) and all(map(_is_list, value.values())),
    "gives_way": lambda value: isinstance(value, bool),
    "earlier": _is_earlier, "period": _is_scalar, "keep_until": lambda value: values.date(str(value)) is not None,
}  # fmt: skip


def make_card(name: str, raw: Mapping[str, Any]) -> Card:
    """A card from its mapping."""
    title, coverage = raw.get("title") or name, raw.get("coverage")
    return Card(
        name=name,
        kind=raw["kind"],
        file=str(raw.get("file") or f"tables/{name}.csv"),
        title=_texts(title),
        source=_text(raw.get("source")),
        licence=_text(raw.get("licence")),
        pulled=str(raw["pulled"]) if raw.get("pulled") else None,
        sha256=raw.get("sha256"),
        coverage=(str(coverage["from"]), str(coverage["to"])) if coverage else None,
        notes=_texts(raw.get("notes") or {}),
        keep_until=str(raw.get("keep_until") or ""),
        options={key: raw[key] for key in OPTIONS if raw.get(key) is not None},
        credit={key: raw[key] for key in ("source", "licence") if isinstance(raw.get(key), dict)},
    )


def _text(value: Any) -> str:
    """A text; of several, the English one or else the first."""
    return str((value.get("en") or next(iter(value.values()), "")) if isinstance(value, dict) else value or "")


def _texts(value: str | Mapping[str, str]) -> Mapping[str, str]:
    """A text by language; one text stands for both."""
    return {"en": value, "fr": value} if isinstance(value, str) else value


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


def digest(content: bytes) -> str:
    """Hash of bytes, hex."""
    return hashlib.sha256(content).hexdigest()


def sha256(path: Path) -> str:
    """Hash of a file's bytes, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inside(study: Path, file: Path) -> bool:
    """Whether a file really lies in the study: no way out by `..`, absolute paths or links."""
    return file.resolve().is_relative_to(study.resolve())
