"""What the floors hand each other: the evidence of a study, its settings, and the results of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from shapely.geometry.base import BaseGeometry

from maillage import tables
from maillage.pack import Pack


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a release is for: at least `threshold` informants behind a number; `includes`: actors who read it."""

    threshold: int
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sensitive:
    """How much harm it could do to disclose a kind of data: level (low, moderate, high, severe), why, since when."""

    level: str
    reason: Mapping[str, str] = field(default_factory=dict[str, str])
    date: str = ""


@dataclass(frozen=True, slots=True)
class Care:
    """What the study does so that nobody comes to harm by it; texts are by language.

    `sensitivity`: measure or kind of statement -> level. `harm`: action -> its harm screen (who, how, mitigation:
    texts; residual: level). `terms`: language -> word that takes a side -> neutral word. `retention`: what is kept ->
    until when.
    """

    sensitivity: Mapping[str, Sensitive] = field(default_factory=dict[str, Sensitive])
    harm: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    retention: Mapping[str, str] = field(default_factory=dict[str, str])


COMPONENTS = ("methods", "coherence", "adequacy", "relevance")
CONCERNS = ("none", "minor", "moderate", "serious")


@dataclass(frozen=True, slots=True)
class Concern:
    """What analysts judge of one component of a finding (GRADE-CERQual): a level of concern, and why by language."""

    level: str
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Settings:
    """What `study.yml` says; texts are by language. `reporting`: item of a checklist -> what the study lead says.

    `cerqual`: finding -> component -> what was judged. `likelihood`: the table of likelihood words.
    """

    id: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    period: str
    pack: str
    pack_version: str
    boundary_version: str
    seed: int
    coders: tuple[str, ...]
    audiences: Mapping[str, Audience]
    zones: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    zone_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    key_findings: tuple[str, ...] = ()
    rounds: Mapping[str, str] = field(default_factory=dict[str, str])  # of repeated assessments: name -> period
    round_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    round_versions: Mapping[str, str] = field(default_factory=dict[str, str])  # of the pack, where a round states it
    published_samples: Mapping[str, int] = field(default_factory=dict[str, int])
    source_titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    sealed: str = "none"
    synthetic: bool = False
    status: str = "draft"
    notice: Mapping[str, str] = field(default_factory=dict[str, str])
    reporting: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    care: Care = field(default_factory=Care)
    cerqual: Mapping[str, Mapping[str, Concern]] = field(default_factory=dict[str, Mapping[str, Concern]])
    likelihood: str = ""
    lead: str = ""  # who signs choices and exceptions of releases: the first coder unless study.yml says otherwise
    stated_clear: bool = False  # study.yml itself says `sealed: none`: nobody real was interviewed

    @property
    def named_rounds(self) -> Mapping[str, Mapping[str, str]]:
        """The rounds in the order of time, each with its label by language, or with none."""
        return {name: self.round_labels.get(name, {}) for name in self.rounds}


@dataclass(frozen=True, slots=True)
class Card:
    """The card of one table of a study: what it is, whose it is, how its columns become ours.

    `file` is relative to the study folder; `coverage` the first and last date the data really cover; `credit` source
    and licence by language, where the card words them in each;
    `options` holds map, melt, rename, filter, precision as written.
    """

    name: str
    kind: str
    file: str
    title: Mapping[str, str]
    source: str
    licence: str
    pulled: str | None = None
    sha256: str | None = None
    coverage: tuple[str, str] | None = None
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    keep_until: str = ""
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    credit: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])

    def owner(self, lang: str) -> str:
        """Whose the data are, in a language."""
        return self.credit.get("source", {}).get(lang) or self.source

    def terms(self, lang: str) -> str:
        """The licence, in a language."""
        return self.credit.get("licence", {}).get(lang) or self.licence


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Everything the measures read.

    The tables conform to the dictionary. `observations` holds the settled codes: after retraction, supersession
    and the precedence of coders. `codings` holds the standing statements of all coders; only agreement counts them.
    `passages` to `decisions`: what coders made beside statements, all coders.
    `outlines`: place code -> polygon in degrees (longitude, latitude). `gone`: people who withdrew, who were erased.
    `guides`: of each guide that was recorded as used, pack and version, and languages.
    """

    study: Settings
    pack: Pack
    sources: pl.DataFrame
    observations: pl.DataFrame
    places: pl.DataFrame
    zones: pl.DataFrame
    plan: pl.DataFrame
    events: pl.DataFrame
    indicators: pl.DataFrame
    outlines: Mapping[str, BaseGeometry] = field(default_factory=dict[str, BaseGeometry])
    cards: tuple[Card, ...] = ()
    codings: pl.DataFrame = field(default_factory=lambda: tables.empty("observations"))
    passages: pl.DataFrame = field(default_factory=lambda: tables.empty("passages"))
    codebook: pl.DataFrame = field(default_factory=lambda: tables.empty("codebook"))
    memos: pl.DataFrame = field(default_factory=lambda: tables.empty("memos"))
    assignments: pl.DataFrame = field(default_factory=lambda: tables.empty("assignments"))
    decisions: pl.DataFrame = field(default_factory=lambda: tables.empty("decisions"))
    gone: tuple[int, int] = (0, 0)
    guides: tuple[tuple[str, tuple[str, ...]], ...] = ()
    quotes: pl.DataFrame = field(default_factory=lambda: tables.empty("quotes"))
    approvals: pl.DataFrame = field(default_factory=lambda: tables.empty("approvals"))

    @property
    def coded(self) -> pl.DataFrame:
        """Every statement that the trace of a number can name: the settled ones, then all other codings."""
        if self.codings.is_empty():
            return self.observations
        others = self.codings.filter(~pl.col("id").is_in(self.observations["id"].to_list()))
        return pl.concat([self.observations, others])


@dataclass(frozen=True, slots=True)
class Results:
    """What a run computes. `head` names the state of the log, `date` is the day of its last entry (never the clock).

    `steadiness`, `orders`: how far small counts move, and which of two places says more; `brokers`: who stands
    between others, how steadily; `contradictions`: records.
    """

    estimates: pl.DataFrame
    findings: pl.DataFrame
    priorities: pl.DataFrame
    routes: pl.DataFrame
    evidence: Evidence
    head: str
    date: str
    steadiness: pl.DataFrame = field(default_factory=lambda: tables.empty("steadiness"))
    orders: pl.DataFrame = field(default_factory=lambda: tables.empty("orders"))
    brokers: pl.DataFrame = field(default_factory=lambda: tables.empty("brokers"))
    contradictions: pl.DataFrame = field(default_factory=lambda: tables.empty("contradictions"))
