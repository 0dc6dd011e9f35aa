"""The words of a study in one language: labels of codes, places and measures, sentences with slots."""

import re
import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from maillage import shipped, tables
from maillage.estimate import UNSTATED
from maillage.measure_settings import settings
from maillage.numbers import number, single, spaced
from maillage.pack import Pack

FOLDER = Path(__file__).parent / "phrases"
SLOT = re.compile(r"\{([a-z]+)(?::([^{}]*\|[^{}]*))?\}")


@cache
def phrases() -> Mapping[str, Mapping[str, str]]:
    """All sentences of `phrases/*.yml`: key -> {en, fr}."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        for key, entry in (shipped.read(path) or {}).items():
            assert key not in found, f"{path.name}: {key} stands in two files"
            found[key] = {lang: spaced(text, lang) for lang, text in entry.items()}
    return found


class _Agreeing(string.Formatter):
    """Slots whose form is `one|many`: the word alone, in the number that the language wants."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        """As everywhere, but for such slots."""
        return (
            agreeing(format_spec, value, self._lang)
            if "|" in format_spec
            else str(super().format_field(value, format_spec))
        )


def agreeing(forms: str, value: object, lang: str) -> str:
    """Of `one|many` the form that goes with a number, given as such or as it is printed."""
    one, _, many = forms.partition("|")
    return one if single(value if isinstance(value, int | float) else str(value), lang) else many


def sentence(key: str, lang: str, **facts: object) -> str:
    """A sentence with its slots filled; `{n:person|people}` is the word that agrees with the number n."""
    text = phrases()[key][lang]
    return _Agreeing(lang).vformat(text, (), facts) if "|" in text else text.format(**facts)


class Labels:
    """Words in `lang`; `places` is the table of that name (None where no place is spoken of).

    rounds: the rounds of a study in the order of time, each with its label by language, or with none.
    """

    def __init__(
        self, lang: str, pack: Pack, places: pl.DataFrame | None, zones: Mapping[str, Mapping[str, str]] | None = None,
        rounds: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:  # fmt: skip
        self.lang, self.pack, self.rounds = lang, pack, rounds or {}
        self._zones = zones or {}
        self._places: dict[str, str] = {}
        if places is not None:
            name = pl.coalesce(f"name_{lang}", "name")
            self._places = dict(places.select("code", name.alias("label")).iter_rows())

    def code(self, name: str, code: str | None) -> str:
        """The label of a code of a list, of the house or of the pack."""
        if code is None:
            return ""
        core = tables.codes().get(name)
        if core is not None and code in core:
            return core[code][self.lang]
        return self.pack.label(name, code, self.lang)

    def place(self, code: str | None) -> str:
        """The name of a place, a zone or of all places together."""
        if code is None:
            return ""
        if code == "ALL":
            return self.phrase("all_places")
        if code == UNSTATED:
            return self.phrase("chart_place_unstated")
        if code.startswith("zone:"):
            zone = code.removeprefix("zone:")
            label = self._zones.get(zone) or self.pack.lookups.get("zones", {}).get(zone)
            return label[self.lang] if label else zone
        return self._places.get(code) or code

    def round(self, name: str) -> str:
        """What a round is called; two with `~` between them, from the one to the other."""
        if "~" in name:
            return " → ".join(map(self.round, name.split("~")))
        return self.rounds.get(name, {}).get(self.lang) or self.phrase("round_named", name=name)

    def head(self, name: str) -> str:
        """The head of a column: a sentence of `phrases`; of a round (`@` before its name), what it is called."""
        if not name.startswith("@"):
            return self.phrase(f"head_{name}")
        said = self.round(name[1:])
        said = self.phrase("head_change", rounds=said) if "~" in name else said
        return said[:1].upper() + said[1:]

    def phrase(self, key: str, **facts: object) -> str:
        """A sentence of `phrases` with its slots filled."""
        return sentence(key, self.lang, **facts)

    def measure(self, name: str) -> str:
        """The label of a measure of the pack, or of what is decided from all measures."""
        spec = self.pack.measures.get(name) or self.pack.indices.get(name)
        if spec:
            return spec["label"][self.lang]
        return self.phrase(f"measure_{name}") if f"measure_{name}" in phrases() else name

    def about(self, name: str) -> str:
        """What a measure of the pack says and does not say, its slots filled: `{km}`, `{days:day|days}`."""
        spec = self.pack.measures.get(name) or self.pack.indices.get(name)
        if not spec:
            return self.phrase(f"about_{name}")
        chosen = settings(name, spec)

        def filled(slot: re.Match[str]) -> str:
            key, forms = slot.groups()
            if key not in chosen:
                return slot.group()
            return agreeing(forms, chosen[key], self.lang) if forms else number(chosen[key], self.lang)

        return SLOT.sub(filled, spec["about"][self.lang])

    def unit(self, code: str | None, value: float | None = None) -> str:
        """The label of a unit, in the singular after a value that wants it, else in the plural."""
        one = self.pack.attribute("units", code, "one") if value is not None and single(value, self.lang) else None
        return one[self.lang] if one else self.code("units", code) if code else ""
