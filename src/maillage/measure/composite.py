"""The indices of a pack, built for every unit: scores by node, their reference period, age, missing leaves and support.

Nothing is filled in: a node of which too few children are known has no score, a unit of which nothing is known has none
anywhere, and what a guard bars says so. Scores of different versions of a definition are never compared (`versions`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage import composites
from maillage.evidence import Evidence
from maillage.measure import choices as drawing
from maillage.measure import index_steps as steps
from maillage.measure import leaf_data
from maillage.measure.choices import Choices
from maillage.measure.definition import Definition, part
from maillage.measure.definition_reading import read
from maillage.measure.index import guarded, normalised, prepared, scored, weights_of
from maillage.measure.leaf_data import Leaf, Sources
from maillage.measure.stated import months

Floats = NDArray[np.float64]
UNIT = "unit"  # level of what is assessed and is no place
FEW = 2  # units with a score, for a rank to say anything
NO_DATA, TOO_LITTLE, VETOED, OLD = "no_data", "index_too_little", "index_vetoed", "older_than_max_age"


@dataclass(frozen=True, slots=True)
class Built:
    """One index of a study. leaves: unit -> leaf -> what is known. scores: node -> one a unit, nan where there is none.

    under: node -> the leaves below it. barred: node -> whether a guard bars the unit. chosen: what is varied.
    """

    name: str
    spec: Mapping[str, Any]
    told: Definition
    table: pl.DataFrame
    data: steps.Data
    units: Sequence[str]
    leaves: Mapping[str, Mapping[str, Leaf]]
    under: Mapping[str, tuple[str, ...]]
    scores: Mapping[str, Floats]
    barred: Mapping[str, NDArray[np.bool_]]

    @property
    def max_age(self) -> int:
        """Months from which on a score is too old for a key finding or a ranking."""
        return int(self.spec.get("max_age", composites.MAX_AGE))

    def below(self, node: str, unit: str) -> list[Leaf]:
        """The known leaves of a unit below a node, or the leaf itself."""
        return [found for code in self.codes(node) if (found := self.leaves[unit].get(code))]

    def codes(self, node: str) -> tuple[str, ...]:
        """The leaves below a node; of a leaf itself."""
        return self.under.get(node, (node,))

    def ranked(self) -> list[str]:
        """The nodes to rank units by: the top, or where it has too few scores, those parts of it that have enough."""
        enough = [node for node in (self.told.top, *self.told.children[self.told.top]) if node in self.told.children
                  and int((~np.isnan(self.scores[node])).sum()) >= FEW]  # fmt: skip
        return [self.told.top] if self.told.top in enough else enough

    def subject(self, node: str, *, without: Iterable[str] = ()) -> tuple[Definition, steps.Data, Choices]:
        """A node as an index of its own, its data, and what is varied of it but for some choices."""
        told = part(self.told, node) if node != self.told.top else self.told
        kept = [self.told.leaves.index(code) for code in told.leaves]
        data = replace(self.data, raw=self.data.raw[kept], divisors=self.data.divisors[kept])
        varied = dict(self.spec.get("choices") or {"weights": "dirichlet"})
        unsure = {code for known in self.leaves.values() for code, leaf in known.items() if leaf.error > 0}
        doubts = {code: f"error {code}" for code in told.leaves if code in unsure}
        wanted = {**varied, "data": doubts} if doubts else varied
        wanted = {name: choice for name, choice in wanted.items() if name not in set(without)}
        return told, data, drawing.read(wanted, told, self.table) if wanted else Choices()


def build(known: Sources, name: str, spec: Mapping[str, Any]) -> Built:
    """An index of the pack, scored. Raises MaillageError `index_definition` for a tree that is none."""
    told = read(composites.definition(name, spec))
    units = _units(known.evidence, str(spec.get("level", composites.LEVEL)))
    least = int(spec.get("least", composites.LEAST))
    wanted = composites.leaves(spec)
    leaves = {unit: {code: found for code, node in wanted.items()
                     if (found := leaf_data.leaf(known, unit, node, least=least))} for unit in units}  # fmt: skip
    table = leaf_data.table(units, leaves, told.leaves)
    data = steps.Data(np.stack([table[code].fill_null(np.nan).to_numpy() for code in told.leaves]),
                      np.ones((len(told.leaves), len(units))), ())  # fmt: skip
    scores = scored(told, normalised(told, prepared(told, data, data.raw)), weights_of(told))
    barred = guarded(told, data.raw)
    scores = {code: np.where(barred[code], np.nan, each) if code in barred else each for code, each in scores.items()}
    under = {node: part(told, node).leaves for node in told.children}
    return Built(name, spec, told, table, data, units, leaves, under, scores, barred)


def _units(evidence: Evidence, level: str) -> list[str]:
    """The places of a level inside the study's countries, by code; units that are no places wherever they lie."""
    parents = dict(evidence.places.select("code", "parent").iter_rows())
    countries = set(evidence.study.countries)
    found = evidence.places.filter(pl.col("level") == level)["code"].to_list()
    return sorted(code for code in found if level == UNIT or not countries or _above(code, parents) & countries)


def _above(code: str, parents: Mapping[str, str | None]) -> set[str]:
    found: set[str] = set()
    above: str | None = code
    while above is not None and above not in found:
        found.add(above)
        above = parents.get(above)
    return found


def period_of(leaves: Sequence[Leaf], study: str) -> str | None:
    """The reference period of what stands behind a score: from its first month to its last; people speak of the
    study's own period, geometry has none.
    """
    told = [one.period or (study if one.asked else None) for one in leaves]
    spans = [text for text in told if text and months(text)]
    if not spans:
        return None
    first = min(spans, key=lambda text: (months(text) or (0, 0))[0]).partition("/")[0]
    last = max(spans, key=lambda text: (months(text) or (0, 0))[1]).rpartition("/")[2]
    return first if first == last else f"{first}/{last}"


def age_of(leaves: Sequence[Leaf]) -> int | None:
    """The age of the oldest number behind a score, in months; what people say is of the study's period."""
    ages = [0 if one.asked else one.age for one in leaves]
    return max((age for age in ages if age is not None), default=None)


def trace_of(leaves: Sequence[Leaf]) -> list[str]:
    """Everything that stands behind some leaves."""
    return sorted({item for one in leaves for item in one.trace})


def weight_of(told: Definition, code: str, node: str) -> float:
    """The share that a leaf has in a node, by the weights of the definition."""
    share, at = 1.0, code
    while at != node:
        above = told.nodes[at].parent
        assert above is not None
        share *= told.nodes[at].weight / sum(told.nodes[each].weight for each in told.children[above])
        at = above
    return share


def reason_of(built: Built, node: str, unit: str) -> str | None:
    """Why a node has no score, or that the score it has is too old; None for a score without more to say."""
    at = built.units.index(unit)
    if node in built.barred and built.barred[node][at]:
        return VETOED
    leaves = built.below(node, unit)
    if np.isnan(built.scores[node][at]):
        return TOO_LITTLE if leaves else NO_DATA
    age = age_of(leaves)
    return OLD if age is not None and age > built.max_age else None
