"""Which devices had a log in a study when this computer first saw that folder, kept outside every study.

As a known_hosts file of ssh does: who was there when we met is taken as known, who comes later is asked about once
(`devices`). Losing this file means meeting everybody anew, never losing an entry.
"""

import contextlib
import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from maillage.study import disk
from maillage.study.keys import configuration_folder

FILE = "devices-met.json"


def met(study: Path, ids: Collection[str]) -> frozenset[str] | None:
    """The devices that were there at first sight, None where there was none; `ids`: what the logs call the study."""
    known = _all()
    lists = [known[key] for key in _keys(study, ids) if key in known]
    return frozenset(str(one) for devices in lists for one in devices) if lists else None


def meet(study: Path, ids: Collection[str], devices: Collection[str]) -> None:
    """Remember these devices as those that were there; what is remembered already stands."""
    known = _all()
    fresh = {key: sorted(devices) for key in _keys(study, ids) if key not in known}
    if fresh:
        _write({**known, **fresh})


def start(study: Path, study_id: str, logs: Iterable[Path]) -> None:
    """Take note of whose logs lie there, before this computer enters for the first time."""
    if met(study, [study_id]) is None:
        meet(study, [study_id], [said for path in logs if (said := _signer(path))])


def mark(said: Mapping[str, Any]) -> str:
    """A device as it is remembered, from the genesis of its log."""
    return " ".join(str(said.get(name)) for name in ("coder", "device", "public_key"))


def _signer(path: Path) -> str:
    try:
        said = json.loads(path.read_bytes().partition(b"\n")[0])["data"]
    except (ValueError, KeyError, TypeError):
        return ""
    return mark(said) if isinstance(said, dict) else ""


def forget(study: Path, study_id: str) -> None:
    """Meet this folder anew."""
    known = _all()
    if known.pop(_keys(study, [study_id])[0], None) is not None:
        _write(known)


def _keys(study: Path, ids: Collection[str]) -> list[str]:
    return [f"{one} {study.resolve()}" for one in sorted(ids)]


def _all() -> dict[str, Any]:
    try:
        known = json.loads((configuration_folder() / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(known: dict[str, Any]) -> None:
    path = configuration_folder() / FILE
    with contextlib.suppress(OSError):  # a folder that may not be written costs the memory, not the work
        disk.make_folder(path.parent)
        disk.replace(path, json.dumps(known, sort_keys=True).encode())
