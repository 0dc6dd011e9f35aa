"""Words for how likely something is: tables of which a study uses one, with the range that each word stands for.

`likely` is 55 to 80 per cent in ICD 203 and 66 to 100 in the guidance of the IPCC: without its table it says nothing.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from maillage import shipped

TABLES = Path(__file__).parent / "wordlists" / "likelihood.yml"


@dataclass(frozen=True, slots=True)
class Word:
    """A word in both languages, and the per cents it stands for."""

    code: str
    low: int
    high: int
    en: str
    fr: str

    def said(self, lang: str) -> str:
        """The word in a language."""
        return self.fr if lang == "fr" else self.en


@cache
def tables() -> tuple[str, ...]:
    """Names of the tables."""
    return tuple(shipped.read(TABLES))


@cache
def words(table: str) -> dict[str, Word]:
    """The words of a table by code, from the least to the most likely; none for a blank or unknown name."""
    known = shipped.read(TABLES).get(table, {"words": {}})["words"]
    return {code: Word(code, **told) for code, told in known.items()}


def title(table: str, lang: str) -> str:
    """What the table is called."""
    return str(shipped.read(TABLES)[table]["title"][lang])
