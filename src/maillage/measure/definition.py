"""An index as a checked tree of nodes with weights, and the steps from indicators to scores."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the tree; one without children is an indicator, a column of the data."""

    code: str
    parent: str | None
    weight: float = 1.0
    direction: int = 1
    denominator: str | None = None


@dataclass(frozen=True, slots=True)
class Normalise:
    """How indicators become comparable. Scales from `low` to `high`, but for zscore, rank and none."""

    method: str = "minmax"
    low: float = 0.0
    high: float = 100.0
    goalposts: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])

    def span(self) -> tuple[float, float]:
        """The scale that scores lie on: 0 to 10 is taken where the numbers come as they are."""
        return (self.low, self.high) if self.method not in ("none", "zscore", "rank") else (0.0, 10.0)


@dataclass(frozen=True, slots=True)
class Treat:
    """Outliers: winsorise at most so many values, else take logarithms (COINr, W. Becker, 2022)."""

    skew: float = 2.0
    kurtosis: float = 3.5
    winsorise_max: int = 5
    then: str | None = "log"


@dataclass(frozen=True, slots=True)
class Rounding:
    """Decimals of the scores; `each_level`: the rounded score feeds the node above."""

    decimals: int = 1
    each_level: bool = True
    mode: str = "half_up"


@dataclass(frozen=True, slots=True)
class Guard:
    """An indicator that forbids a score: no `node` for a unit whose `item`, as given, is below or above a limit."""

    item: str
    node: str
    below: float | None = None
    above: float | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A checked definition. `order`: codes of nodes with children, the deepest first; `leaves` in their given order."""

    unit: str
    nodes: Mapping[str, Node]
    children: Mapping[str, tuple[str, ...]]
    order: tuple[str, ...]
    leaves: tuple[str, ...]
    top: str
    group: str | None
    impute: str
    treat: Treat | None
    normalise: Normalise
    aggregate: Mapping[str, str]
    rounding: Rounding | None
    min_share: float
    guards: tuple[Guard, ...]


def without(told: Definition, code: str) -> Definition | None:
    """The definition without a node and all below it; a node whose last child goes, goes too. None: nothing is left."""
    gone, level = {code}, [code]
    while level:
        level = [below for each in level for below in told.children.get(each, ())]
        gone.update(level)
    for each in told.order:  # the deepest first
        if all(below in gone for below in told.children[each]):
            gone.add(each)
    if told.top in gone:
        return None
    kept = {each: tuple(one for one in below if one not in gone) for each, below in told.children.items()}
    return replace(
        told, nodes={each: node for each, node in told.nodes.items() if each not in gone},
        children={each: below for each, below in kept.items() if each not in gone},
        order=tuple(each for each in told.order if each not in gone),
        leaves=tuple(each for each in told.leaves if each not in gone),
        guards=tuple(guard for guard in told.guards if not gone & {guard.item, guard.node}),
    )  # fmt: skip


def part(told: Definition, code: str) -> Definition:
    """The definition of a node and all below it, as an index of its own."""
    kept, level = {code}, [code]
    while level:
        level = [below for each in level for below in told.children.get(each, ())]
        kept.update(level)
    nodes = {each: node for each, node in told.nodes.items() if each in kept}
    return replace(
        told, nodes=nodes | {code: replace(nodes[code], parent=None)}, top=code,
        children={each: below for each, below in told.children.items() if each in kept},
        order=tuple(each for each in told.order if each in kept),
        leaves=tuple(each for each in told.leaves if each in kept),
        aggregate={each: name for each, name in told.aggregate.items() if each in kept},
        guards=tuple(guard for guard in told.guards if {guard.item, guard.node} <= kept),
    )  # fmt: skip
