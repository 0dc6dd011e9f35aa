"""Rounds of repeated assessments as `study.yml` states them: a name, its months, its label, the version asked with."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from maillage.errors import Finding, finding

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
KEYS = {"period", "label", "pack_version"}
DAY = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
PERIOD = re.compile(rf"{DAY}(/{DAY})?\Z")


def odd(told: Mapping[Any, Any], file: str, is_text: Callable[[Any], bool]) -> Iterator[Finding]:
    """Rounds that cannot be one, and those that share a month with a round before them.

    is_text: whether a value is a text, or one in each language of the study.
    """
    spans: dict[str, tuple[str, str]] = {}
    for name, entry in told.items():
        period = str(_part(entry, "period") or "")
        if not isinstance(name, str) or not NAME.match(name) or not _is_round(entry, period, is_text):
            shown = period if isinstance(entry, dict) and set(entry) == {"period"} else entry
            yield finding("settings_round", file=file, field=f"rounds.{name}", value=f"{name}: {shown}")
            continue
        first, _, last = period.partition("/")
        span = (f"{first}-01"[:7], f"{last or first}-12"[:7])
        met = [other for other, (start, end) in spans.items() if start <= span[1] and span[0] <= end]
        if met:
            yield finding("settings_rounds_meet", file=file, field=f"rounds.{name}", value=name, other=met[0])
        spans[name] = span


def periods(told: Mapping[str, Any]) -> dict[str, str]:
    """Round -> its months, in the order of time."""
    found = {name: str(_part(entry, "period")) for name, entry in told.items()}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def labels(told: Mapping[str, Any]) -> dict[str, Any]:
    """Round -> its label (a text, or one a language), of those that have one."""
    return {name: entry["label"] for name, entry in told.items() if isinstance(entry, dict) and "label" in entry}


def versions(told: Mapping[str, Any]) -> dict[str, str]:
    """Round -> the version of the pack it was asked with, of those that state one."""
    return {name: str(entry["pack_version"]) for name, entry in told.items()
            if isinstance(entry, dict) and "pack_version" in entry}  # fmt: skip


def is_period(text: str) -> bool:
    """A date, or two in order."""
    first, _, last = text.partition("/")
    return bool(PERIOD.match(text)) and (not last or first <= last or first.startswith(last))


def _part(entry: Any, key: str) -> Any:
    """A part of a round; a period alone is one too."""
    return entry.get(key) if isinstance(entry, dict) else entry if key == "period" else None


def _is_round(entry: Any, period: str, is_text: Callable[[Any], bool]) -> bool:
    if not is_period(period):
        return False
    if not isinstance(entry, dict):
        return True
    version = entry.get("pack_version", "")
    fits = set(entry) <= KEYS and isinstance(version, str | int | float)
    return fits and is_text(entry.get("label", "")) and not isinstance(version, bool)
