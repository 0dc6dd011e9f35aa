"""From what people call a place to its code."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import polars as pl

from maillage.errors import Finding, finding
from maillage.intake.values import clean, fold

ZONE = "zone:"
CODE = re.compile(r"(?!(ALL|unstated)\Z)[^/;~@:,\x00-\x1f]+\Z")  # the signs that part codes in the ids of numbers


def unresolved(facts: Mapping[str, Any], **where: Any) -> Finding:
    """The finding on a name that `Gazetteer.resolve` gave no code for; `where`: file, line, row, field, value."""
    rest = {key: item for key, item in facts.items() if key != "code"}
    return finding(str(facts["code"]), **where, **rest)


class Gazetteer:
    """The places of a study by code, name and alias.

    `resolve` takes a code or a name whatever its case, accents, hyphens or Unicode form. A name that fits
    several places resolves only where they lie one in the other: then the highest wins (Gao the region, not the town).
    """

    def __init__(
        self, places: pl.DataFrame, zones: Iterable[str] = (), aliases: Iterable[tuple[str, str]] = ()
    ) -> None:
        columns = places.select("code", "name", "name_en", "name_fr", "parent", "level").to_dicts()
        self._parent: dict[str, str | None] = {row["code"]: row["parent"] for row in columns}
        self._level: dict[str, str] = {row["code"]: row["level"] for row in columns}
        self._name: dict[str, str] = {row["code"]: row["name"] for row in columns}
        self._code: dict[str, str] = {code.casefold(): code for code in self._parent}
        self._zones = {fold(zone): zone for zone in zones}
        self._names: dict[str, list[str]] = {}
        self._near: dict[str, list[str]] = {}  # a slip of a whole column stands in every row of it
        for row in columns:
            for name in {fold(row[key]) for key in ("name", "name_en", "name_fr") if row[key]}:
                self._names.setdefault(name, []).append(row["code"])
        for alias, code in aliases:
            if code in self._parent and code not in self._names.setdefault(fold(alias), []):
                self._names[fold(alias)].append(code)

    def resolve(self, text: str, level: str | None = None) -> tuple[str | None, Mapping[str, str]]:
        """(code, {}) or (None, facts): facts hold `code` of the problem and what its sentence names."""
        known = self._code.get(clean(text).casefold())
        if known is not None:
            return known, {}
        if clean(text).casefold().startswith(ZONE):
            zone = self._zones.get(fold(clean(text)[len(ZONE) :]))
            zones = ", ".join(sorted(self._zones.values())) or "-"
            return (f"{ZONE}{zone}", {}) if zone else (None, {"code": "zone_unknown", "zones": zones})
        found = [code for code in self._names.get(fold(text), []) if level is None or self._level[code] == level]
        if len(found) == 1:
            return found[0], {}
        if found:
            highest = [code for code in found if all(other == code or self._inside(other, code) for other in found)]
            if highest:
                return highest[0], {}
            return None, {"code": "place_ambiguous", "codes": ", ".join(sorted(found))}
        return None, {"code": "place_unknown", "nearest": ", ".join(self.nearest(text)) or "-"}

    def nearest(self, text: str) -> list[str]:
        """Up to three places whose name or code looks like `text`, as `Name (CODE)`."""
        if text not in self._near:
            self._near[text] = self._look_alike(text)
        return self._near[text]

    def _look_alike(self, text: str) -> list[str]:
        names = get_close_matches(fold(text), list(self._names), n=3, cutoff=0.6)
        codes = get_close_matches(text, list(self._parent), n=3, cutoff=0.7)
        shown = [f"{self._name[code]} ({code})" for code in (self._names[name][0] for name in names)]
        return (shown + [code for code in codes if not any(f"({code})" in item for item in shown)])[:3]

    def _inside(self, inner: str, outer: str) -> bool:
        seen: set[str] = set()
        above = self._parent.get(inner)
        while above and above not in seen:
            if above == outer:
                return True
            seen.add(above)
            above = self._parent.get(above)
        return False
