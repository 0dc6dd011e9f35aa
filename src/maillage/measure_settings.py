"""What a pack may set of a measure: `settings` of its entry in `measures.yml`, the usual values and their bounds.

near_repeats: {kind: spread, what: near_repeats, settings: {km: 50, days: 30}, ...}
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from maillage.errors import Finding, finding

FILE = "measures.yml"


class Setting(NamedTuple):
    """The value of a setting where a pack says nothing, what it may be at least and at most, and whether whole."""

    usual: float
    least: float
    most: float
    whole: bool = True


# draws: with fewer than 19 no p can be 0.05. years of the scan: its memory grows with their square.
SETTINGS: Mapping[str, Mapping[str, Setting]] = {
    "near_repeats": {
        "km": Setting(25, 0.1, 500, whole=False),
        "days": Setting(14, 1, 366),
        "years": Setting(3, 1, 50),
        "draws": Setting(199, 19, 9_999),
    },
    "event_cluster": {"years": Setting(10, 2, 20), "draws": Setting(99, 19, 9_999)},
    "co_located": {"years": Setting(3, 1, 50)},
}


def settings(name: str, spec: Mapping[str, Any]) -> dict[str, float]:
    """The settings of a measure of the pack, by name: its own (checked when the pack was read), else the usual ones."""
    told: Mapping[str, float] = spec.get("settings") or {}
    known = SETTINGS.get(_what(name, spec), {})
    return {key: int(value) if known[key].whole else float(value)
            for key, value in ({key: known[key].usual for key in known} | dict(told)).items()}  # fmt: skip


def differing(name: str, spec: Mapping[str, Any]) -> str:
    """What the pack set otherwise, as part of the method of a number: `, km=50`; nothing where all is as usual."""
    known = SETTINGS.get(_what(name, spec), {})
    return "".join(f", {key}={value:g}" for key, value in settings(name, spec).items() if value != known[key].usual)


def check_settings(measures: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """What is wrong with the settings of the measures of a pack."""
    for name, spec in measures.items():
        told = spec.get("settings")
        if told is None:
            continue
        if not isinstance(told, dict):
            yield finding("pack_shape", file=FILE, field=f"{name}.settings")
            continue
        known = SETTINGS.get(_what(name, spec), {})
        for key, value in told.items():
            field = f"{name}.settings.{key}"
            if key not in known:
                yield finding("pack_setting_unknown", file=FILE, field=field, settings=", ".join(known) or "-")
            elif not _fits(value, known[key]):
                least, most, given = f"{known[key].least:g}", f"{known[key].most:g}", "-" if value is None else value
                yield finding("pack_setting", file=FILE, field=field, value=given, least=least, most=most)


def _what(name: str, spec: Mapping[str, Any]) -> str:
    return str(spec.get("what", name))


def _fits(value: object, setting: Setting) -> bool:
    """Whether a value is a number within the bounds; yes and no are no numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return setting.least <= value <= setting.most and (not setting.whole or value == int(value))
