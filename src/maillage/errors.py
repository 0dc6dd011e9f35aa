"""Every problem a user can meet: a stable code, a sentence and a remedy in both languages, and where it is.

The sentences live in `errors/<floor>.yml`, one entry a code:

    place_unknown:
      level: error            # or warning
      en: "“{value}” is not a place of this study."
      fr: "« {value} » n'est pas un lieu de cette étude."
      remedy_en: "Use a code or a name of tables/places.csv; nearest: {nearest}."
      remedy_fr: "Employez un code ou un nom de tables/places.csv ; les plus proches : {nearest}."
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from maillage import shipped

Level = Literal["error", "warning"]
FOLDER = Path(__file__).parent / "errors"


class _Facts(dict[str, object]):
    """Facts of a sentence; one that is missing prints a question mark instead of hiding the problem."""

    def __missing__(self, key: str) -> str:
        return "?"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All entries of `errors/*.yml`: code -> level, en, fr, remedy_en, remedy_fr."""
    entries: dict[str, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        for code, entry in (shipped.read(path) or {}).items():
            assert code not in entries, f"{path.name}: {code} stands in two files"
            entries[code] = entry
    return entries


def _sentence(code: str, key: str, facts: dict[str, object]) -> str:
    """A sentence with its facts; one that is given in both languages (en, fr) in that of the sentence."""
    lang = key.removeprefix("remedy_")
    told = {name: fact[lang] if isinstance(fact, Mapping) else fact for name, fact in facts.items()}
    return catalogue()[code][key].format_map(_Facts(told))


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place of one file.

    `line` is the physical line (the header is 1), `row` the data row from 1; both None where a file has no rows.
    """

    code: str
    file: str | None = None
    line: int | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None
    facts: dict[str, object] = dataclasses.field(default_factory=dict[str, object])

    @property
    def level(self) -> Level:
        """`error` stops the work, `warning` does not."""
        return "warning" if catalogue()[self.code]["level"] == "warning" else "error"

    def message(self, lang: str) -> str:
        """What is wrong, in `lang` (en, fr)."""
        return _sentence(self.code, lang, self._all_facts())

    def remedy(self, lang: str) -> str:
        """What to do about it, in `lang`."""
        return _sentence(self.code, f"remedy_{lang}", self._all_facts())

    def record(self, lang: str) -> dict[str, object]:
        """The finding as `--json` prints it."""
        return {
            "code": self.code,
            "level": self.level,
            "file": self.file,
            "line": self.line,
            "row": self.row,
            "field": self.field,
            "value": self.value,
            "message": self.message(lang),
            "remedy": self.remedy(lang),
        }

    def _all_facts(self) -> dict[str, object]:
        place = {"file": self.file, "line": self.line, "row": self.row, "field": self.field, "value": self.value}
        return {key: value for key, value in place.items() if value is not None} | self.facts


def finding(
    code: str,
    *,
    file: str | None = None,
    line: int | None = None,
    row: int | None = None,
    field: str | None = None,
    value: object = None,
    **facts: object,
) -> Finding:
    """A finding with the `facts` its sentences name; unknown codes are programmer errors."""
    assert code in catalogue(), f"{code} is not in errors/*.yml"
    return Finding(code, file, line, row, field, None if value is None else str(value), facts)


def has_errors(findings: Sequence[Finding]) -> bool:
    """Whether any finding stops the work."""
    return any(item.level == "error" for item in findings)


class MaillageError(Exception):
    """A problem that ends a command; `code` is stable and is what tests assert.

    `findings` holds the single problems where there are several (all of a file, for example).
    """

    def __init__(self, code: str, *, findings: Sequence[Finding] = (), exit_code: int = 1, **facts: object) -> None:
        assert code in catalogue(), f"{code} is not in errors/*.yml"
        self.code, self.facts, self.findings, self.exit_code = code, facts, list(findings), exit_code
        super().__init__(f"{code}: {self.text('en')}")

    def record(self, lang: str) -> dict[str, object]:
        """The problem as `--json` prints it, in the shape of a finding."""
        shown: dict[str, object] = {"code": self.code, "level": "error"}
        for key in ("file", "line", "row", "field", "value"):
            fact = self.facts.get(key)
            shown[key] = fact if fact is None or isinstance(fact, int) else str(fact)
        words = {"message": _sentence(self.code, lang, self.facts)}
        return {**shown, **words, "remedy": _sentence(self.code, f"remedy_{lang}", self.facts)}

    def text(self, lang: str) -> str:
        """What happened and what to do, in `lang` (en, fr)."""
        return f"{_sentence(self.code, lang, self.facts)} {_sentence(self.code, f'remedy_{lang}', self.facts)}".strip()
