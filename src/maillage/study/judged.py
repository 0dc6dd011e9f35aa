"""The keys of study.yml that hold what people judged and nobody computes: cerqual, likelihood.

cerqual:                    a panel a finding: all four components, each a level of concern and why
  links/EX01/cooperation:
    methods: {concern: minor, why: {en: ..., fr: ...}}
    coherence: ...          adequacy: ...          relevance: ...
likelihood: icd203          the one table of likelihood words (icd203 or ipcc)

After GRADE-CERQual (Lewin and others, 2018). Half a panel is refused: it would look thought through.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from maillage import likelihood
from maillage.evidence import COMPONENTS, CONCERNS, Concern

KEYS: dict[str, type | tuple[type, ...]] = {"cerqual": dict, "likelihood": str}


def odd(raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Entries that cannot be read, as key and value."""
    languages = {str(lang) for lang in raw.get("languages") or ()}
    for ident, panel in (raw.get("cerqual") or {}).items():
        if not isinstance(ident, str) or not isinstance(panel, dict) or panel.keys() != set(COMPONENTS):
            yield f"cerqual.{ident}", panel
            continue
        odd_ones = ((name, told) for name, told in panel.items() if not _is_concern(told, languages))
        yield from ((f"cerqual.{ident}.{name}", told) for name, told in odd_ones)
    if raw.get("likelihood") and raw["likelihood"] not in likelihood.tables():
        yield "likelihood", raw["likelihood"]


def _is_concern(told: Any, languages: set[str]) -> bool:
    """A level, and why in each language of the study; no concern needs its reason as much as a serious one."""
    if not isinstance(told, dict) or told.keys() != {"concern", "why"} or told["concern"] not in CONCERNS:
        return False
    why = told["why"]
    texts = list(why.values()) if isinstance(why, dict) and languages <= why.keys() else [why]
    return all(isinstance(text, str) and text.strip() for text in texts)


def read(raw: Mapping[str, Any]) -> dict[str, dict[str, Concern]]:
    """The panels of a study.yml that `odd` finds nothing in, components in their order."""
    return {
        ident: {name: _concern(panel[name]) for name in COMPONENTS}
        for ident, panel in (raw.get("cerqual") or {}).items()
    }


def _concern(told: Mapping[str, Any]) -> Concern:
    why = told["why"]
    return Concern(told["concern"], {"en": why, "fr": why} if isinstance(why, str) else why)
